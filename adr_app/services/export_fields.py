"""A decision of the log as the fields that the writers of formats take."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adr_app.domain.decisions import IMPLEMENTATION, KINDS, Status
from adr_app.domain.documents import Link, Option, Record, Source
from adr_app.domain.documents.extraction import Draft, extract_alone
from adr_app.domain.documents.restating import fields_of
from adr_app.domain.documents.shelf import Shelf
from adr_app.domain.documents.writers import Fields, Relation, Security
from adr_app.domain.plain_words import plain_text
from adr_app.domain.review_parts import PARTS
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.revisions import DATA, UNDO
from adr_app.domain.security import LEVEL_NAMES
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.domain.standing_words import words_of
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Link as Edge
from adr_app.models.flags import SpanRow
from adr_app.services.decoding import decode
from adr_app.services.export_rows import Row

RELATIONS = {
    "supersedes": "supersedes",
    "amends": "amends",
    "relates": "relates to",
    "depends": "depends on",
}


SECTIONS = {"plain_words": "In Plain Words", "cost_of_not_deciding": "Cost of Not Deciding"}
"""Fields that formats have no section for, with the headings they stand under."""

LISTS = {
    "deciders": "decided_by",
    "consulted": "consulted",
    "informed": "informed",
    "tags": "tags",
}
"""What formats state of people and tags, with our field for it."""

Stated = list[tuple[Relation, str]]
"""Relations, each with the path by which the files from the same place know its other end, if any."""


def fields_of_row(row: Row, stated: Stated, zone: str, shelf: Shelf | None) -> Fields:
    """Return what is written of one decision; `stated` are the relations that the log knows of it.

    `shelf` holds the files from the same place as the decision's own, so that a relation which its text
    states already is not stated twice.
    """
    decision = row.decision
    common: dict[str, Any] = {
        "reference": decision.ref,
        "log_number": decision.number,
        "status": None if decision.status == Status.UNSTATED else str(decision.status),
        "extra": tuple(_extra(row)),
        "security": security(row, zone),
        "safeguards": tuple(row.safeguards),
    }
    if row.revision.form == "text":
        return _of_text(row, stated, common, shelf)
    said = row.revision.fields
    deciders = said["decided_by"] or ([row.accepted_by] if row.accepted_by else [])
    return Fields(
        title=row.revision.title,
        number=decision.number,
        date=decision.decided_on.isoformat() if decision.decided_on else None,
        deciders=tuple(deciders),
        consulted=tuple(said["consulted"]),
        informed=tuple(said["informed"]),
        tags=tuple(said["tags"]),
        **own_words(said),
        relations=tuple(one for one, _ in stated),
        **common,
    )


def own_words(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a decision that was written in fields, as the writers take them."""
    return {
        "context": said["context"],
        "drivers": said["drivers"],
        "options": tuple(
            Option(o["title"], "", points(o["pros"]), points(o["cons"]), chosen=o["chosen"])
            for o in said["options"]
        ),
        "decision": said["decision"],
        "consequences": said["consequences"],
        "sections": tuple((heading, said[name]) for name, heading in SECTIONS.items()),
    }


def points(text: str) -> tuple[str, ...]:
    """Return the reasons for or against an option, one for each line."""
    return tuple(words for line in text.split("\n") if (words := plain_text(line)))


def _extra(row: Row) -> list[tuple[str, str]]:
    decision, said = row.decision, row.revision.fields
    pairs = [
        ("kind", KINDS[decision.kind] if decision.kind != "other" else ""),
        ("implementation", _work(decision.implementation)),
        ("answers-for-it", said["accountable"]),
        ("decide-by", said["decide_by"]),
        ("systems", ", ".join(said["systems"])),
        ("data-touched", ", ".join(DATA[code] for code in said["data"])),
        ("outside-firms", ", ".join(said["vendors"])),
        ("undo", UNDO[said["undo"]] if said["undo"] else ""),
    ]
    if row.revision.number != decision.latest:
        pairs.append(("change-waiting", f"version {decision.latest} beside version {row.revision.number}"))
    if row.file is not None and row.file.date_source == "from git" and decision.decided_on:
        pairs.append(("first-commit", decision.decided_on.isoformat()))
    return [(key, value) for key, value in pairs if value]


def _work(implementation: str) -> str:
    return "" if implementation == "not-started" else IMPLEMENTATION[implementation]


def security(row: Row, zone: str) -> Security:
    """Return where a decision stands with security, in words, with every answer, to-do and question."""
    lines = []
    for verdict in row.verdicts:
        words = f"{verdict.person_name}, {verdict.role_name}, {VERDICTS[verdict.code].record}"
        text = f": {verdict.text}" if verdict.text else ""
        lines.append(f"{words} on version {verdict.number}, {local_day(verdict.at, zone)}{text}")
        said = row.parts.get(verdict.id, {})
        lines += [f"{PARTS[code]} {what}" for code, what in said.items()]
    for todo in row.todos:
        state = "checked" if todo.verified_at else "done" if todo.done_at else "open"
        due = f", due {todo.due_on}" if todo.due_on else ""
        lines.append(f"To-do ({state}{due}): {todo.text}")
    if row.decision.level is not None:
        lines.append(f"Review needed: {LEVEL_NAMES[row.decision.level]}")
    lines += [
        f"{QUESTIONS[c].words} {_answer(c, a)}" for c, a in row.revision.answers.items() if c in QUESTIONS
    ]
    return Security(standing_words(row.standing, zone), tuple(lines))


def _answer(code: str, answer: str) -> str:
    if answer == UNKNOWN:
        return "Don’t know"
    return next((offered.words for offered in QUESTIONS[code].answers if offered.code == answer), answer)


def standing_words(span: SpanRow | None, zone: str) -> str:
    """Return a standing as a sentence whose days have their year: the file may be read much later."""
    if span is None:
        return "Not asked yet"
    detail = dict(span.detail or {})
    say = {}
    for key in ("asked", "due", "on", "until"):
        if isinstance(detail.get(key), int):
            # A time limit ends at a midnight: the day people know it by is the one that is over then.
            is_end = key in ("due", "until") or span.code == "expired"
            say[key] = local_day(datetime.fromtimestamp(detail[key] - is_end, UTC), zone).isoformat()
    return words_of(span.code, span.why, detail, say)


def _of_text(row: Row, stated: Stated, common: dict[str, Any], shelf: Shelf | None) -> Fields:
    """Return a decision that is one whole text, taken apart by what our reader finds in it."""
    said, file = row.revision.fields, row.file
    source, found = _read(row)
    of_log = {
        "title": row.revision.title,
        "date": said["decided_on"] or None,
        **{name: tuple(said[field]) for name, field in LISTS.items()},
    }
    if isinstance(found, str) or not isinstance(source, Source):
        relations = tuple(one for one, _ in stated)
        return replace(Fields("", body=said["body"], relations=relations, **common), **of_log)
    untouched = file is not None and file.revision == row.revision.number
    # Which day an ambiguous date means was settled from all files together, when they were imported.
    record = replace(found.record, date=said["decided_on"] or None) if untouched else found.record
    # Names may have stood beside the text, in another file; the log has them from there.
    beside = {name: of_log[name] for name in LISTS if not getattr(record, name)}
    changes = {**common, **(beside if untouched else of_log)}
    return fields_of(record, source, relations=_unstated(record, stated, shelf), **changes)


def _read(row: Row) -> tuple[Source | str, Draft | str]:
    """Return a whole text as our reader takes it, and what it finds there; a text where it finds none."""
    file = row.file
    block = file.extracted.get("front_matter", "") if file is not None else ""
    path = file.path if file is not None else f"{row.decision.number:04}.md"
    source = decode((block + row.revision.fields["body"]).encode())
    return source, extract_alone(path, source) if isinstance(source, Source) else source


def links_of(row: Row) -> list[tuple[Link, str]]:
    """Return the relations that a whole text states, not yet resolved, each with the path of its file."""
    _, found = _read(row)
    return [] if isinstance(found, str) else [(link, found.record.path) for link in found.record.links]


def _unstated(record: Record, stated: Stated, shelf: Shelf | None) -> tuple[Relation, ...]:
    """Return the relations of the log that a text does not state itself."""
    # What one of several in a file says of another is said by names that only that file knows.
    known = shelf if record.file == record.path else None
    there = {(x.kind, x.inward, known.find(x.target, record.path)) for x in record.links} if known else set()
    return tuple(one for one, path in stated if not path or (one.kind, one.inward, path) not in there)


def relation(edge: Edge, row: Row, label: str, address: str, number: int) -> Relation | None:
    """Return an edge as this decision states it, or None where only its other end does.

    The other end is told by its words, the way to its file, and its number in the log.

    A replacement that has not taken effect is stated by the newer decision alone.
    """
    forward = edge.from_id == row.decision.id
    if not forward and not (edge.kind == "amends" or (edge.kind == "supersedes" and edge.effective)):
        return None
    kind = RELATIONS[edge.kind]
    return Relation(kind, label, address, inward=not forward, part=edge.part, note=edge.note, number=number)
