"""Security OKs written beside the files they are about, signed, for those who have only the files.

Nothing is written that the record does not bear out: a vCISO's OK that counts, still holds, and is on exactly
the material text of the file.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from adr_app.domain.answers import counting_answers, covers, open_conditions, security_ok
from adr_app.domain.decisions import reference
from adr_app.domain.documents import Record, read_records
from adr_app.domain.errors import Refused
from adr_app.domain.events import Happening
from adr_app.domain.gate.material import digest_at, record_digest
from adr_app.domain.gate.statement import (
    Mandate,
    Statement,
    record_name,
    statement_name,
    write_statement,
)
from adr_app.domain.in_advance import allowed_by
from adr_app.domain.timeline import fold
from adr_app.domain.timeline_states import CompanyState, DecisionState, Given
from adr_app.models.decisions import Decision, ImportedFile, Revision
from adr_app.models.events import about, company_happenings, merged
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Verdict
from adr_app.services.decoding import decode
from adr_app.services.import_plans import text_of
from adr_app.services.imports import source_of
from adr_app.services.reading import Sources
from adr_app.services.signing import Signer

IN_ADVANCE = (
    "a rule of the vCISO allowed it in advance: a rule signs no text, and the gate asks for an OK on this one"
)


class NoSignOff(Refused):
    """No security OK can be written for this text; the message says why."""


def statement_for(decision: Decision, text: str, at: datetime, *, path: str, key: Signer) -> str:
    """Return the statement to be kept beside the file at `path` that holds `text` of a decision.

    Where the decision was written here as fields, `text` is what they were exported as: the version in force,
    or the newest where none is. Where it came from a file, `text` must be materially what the vCISO's OK is
    on; only its status, dates and the like may differ.

    :raises NoSignOff: when no security OK that counts and holds at `at` is on this text.
    """
    source = decode(text.encode("utf-8"))
    if isinstance(source, str):
        raise NoSignOff(f"its file is {source}")
    title = _title(next(iter(read_records({path: source}).records), None))
    asked = _Asked(path, title, digest_at(path, source.text), exported=True)
    return _statement(decision, asked, at, key, company_happenings(decision.company_id))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The text a statement is asked for; only where the log `exported` it is it taken for the fields'."""

    path: str
    title: str | None
    digest: str
    exported: bool = False


def _title(record: Record | None) -> str | None:
    return text_of(record, None).fields["title"] if record else None


def _statement(decision: Decision, asked: _Asked, at: datetime, key: Signer, company: list[Happening]) -> str:
    acts = merged(about(decision.company_id, "decision", decision.id), company)
    moment = fold(decision.id, acts)
    if moment is None:
        raise NoSignOff("the log holds nothing on it")
    if moment.state.unread or moment.company.unread:
        raise NoSignOff("an entry of its record cannot be read")
    if not counting_answers(moment.state) and _is_allowed(moment.state, moment.company, at):
        raise NoSignOff(IN_ADVANCE)
    signoff = _holding(moment.state, at)
    if not _covers(decision, moment.state, signoff, asked):
        raise NoSignOff("its text is not the one that got the security OK")
    row = Verdict.get(Verdict.company == decision.company_id, Verdict.id == signoff.id)
    to_dos = sum(condition.before_go_live for condition in open_conditions(moment.state, signoff))
    said = Statement(
        company=decision.company.slug,
        decision=reference(decision.number),
        record=record_name(asked.path),
        digest=asked.digest,
        verdict=row.code,
        signer=row.person_name,
        mandate=_mandate(row),
        given_at=row.at,
        valid_until=row.valid_until,
        open_to_dos=to_dos,
    )
    return write_statement(said, key.public, key.sign)


def _is_allowed(state: DecisionState, company: CompanyState, at: datetime) -> bool:
    """Return whether a rule cleared a decision in advance, or clears its newest text at `at`."""
    deciders = [person for person, _ in state.deciders]
    return bool(state.allowed) or allowed_by(state, company, state.latest, at, deciders) is not None


def _holding(state: DecisionState, at: datetime) -> Given:
    """Return the vCISO's OK that stands and has not run out."""
    counting = counting_answers(state)
    if not counting:
        raise NoSignOff("the vCISO has given no answer that counts")
    if counting[-1].verdict.objects:
        raise NoSignOff(f"the vCISO {counting[-1].verdict.record}")
    signoff = security_ok(counting)
    if signoff is None:
        raise NoSignOff(f"the vCISO {counting[-1].verdict.record}, which is no OK")
    if signoff.until is not None and signoff.until <= at:
        raise NoSignOff(f"the security OK ran out on {signoff.until:%Y-%m-%d}")
    return signoff


def _covers(decision: Decision, state: DecisionState, signoff: Given, asked: _Asked) -> bool:
    """Return whether the OK is on the text that is asked for, as far as that is material."""
    numbers = [r.number for r in state.revisions if covers(state, signoff, r.digest)]
    rows = list(
        Revision.select().where(
            Revision.company == decision.company_id,
            Revision.decision_id == decision.id,
            Revision.number.in_(numbers),
        )
    )
    current = decision.in_force or decision.latest
    if asked.exported and any(row.form == "fields" and row.number == current for row in rows):
        return True
    file = (
        ImportedFile.select()
        .where(ImportedFile.company == decision.company_id, ImportedFile.decision_id == decision.id)
        .first()
    )
    front = file.extracted.get("front_matter", "") if file else ""
    return any(
        row.form == "text"
        and row.title == asked.title
        and digest_at(asked.path, front + row.fields["body"]) == asked.digest
        for row in rows
    )


def _mandate(given: Verdict) -> Mandate:
    held = Engagement.get(Engagement.company == given.company_id, Engagement.id == given.engagement_id)
    appointed = Person.get_or_none(Person.id == held.appointed_by_id) if held.appointed_by_id else None
    return Mandate(given.role_name, held.starts_at, held.ends_at, appointed.name if appointed else "")


@dataclass
class Outcome:
    """What was done for the files of a folder, by path; `none` says why there is no statement."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    none: dict[str, str] = field(default_factory=dict)


def write_beside(company: Company, root: Path, key: Signer, *, source: str = "", at: datetime) -> Outcome:
    """Write a statement beside every record below a folder that has a security OK on exactly its text.

    Files are matched with decisions as the import matched them: by where they come from (`source`, by
    default the folder's place) and their path, else by their number. A statement that is there already and
    says the same is not written again.

    :raises UnreadableFolder: when there is nothing to read.
    """
    outcome, sources = Outcome(), Sources(root)
    records = read_records(sources, sources.skipped, sources.settings).records
    matches = _matches(company, source or source_of(root), records)
    acts = company_happenings(company.id)
    for record in records:
        if record.status not in ("accepted", "proposed"):
            continue
        decision = matches.get(record.path)
        try:
            if decision is None:
                raise NoSignOff("no decision of this company came from it; import it first")
            if decision.restricted:
                raise NoSignOff(f"{decision.ref} is restricted, so nothing of it is written to files")
            decision.company = company
            asked = _Asked(record.path, _title(record), record_digest(record))
            said = _statement(decision, asked, at, key, acts)
        except NoSignOff as error:
            outcome.none[record.path] = str(error)
            continue
        done = outcome.written if _write(root / statement_name(record.path), said) else outcome.unchanged
        done.append(record.path)
    return outcome


def _matches(company: Company, source: str, records: Iterable[Record]) -> dict[str, Decision]:
    """Return the decision each record is, by path: its file's own, else the only one with its number."""
    rows: list[Any] = list(
        ImportedFile.select(ImportedFile.path, ImportedFile.source, ImportedFile.number_text, Decision)
        .join(
            Decision,
            on=(Decision.company == ImportedFile.company) & (Decision.id == ImportedFile.decision_id),
            attr="decision",
        )
        .where(ImportedFile.company == company.id)
    )
    sources = {row.source for row in rows}
    if source not in sources and len(sources) == 1:
        source = sources.pop()  # a copy of the folder elsewhere than where it was imported from
    mine = {row.path: row for row in rows if row.source == source}
    found = {r.path: mine[r.path].decision for r in records if r.path in mine}
    moved = [row for path, row in mine.items() if path not in found]
    for record in records:
        same = [row for row in moved if record.number and row.number_text == record.number]
        if record.path not in found and len(same) == 1:
            found[record.path] = same[0].decision
    return found


def _write(file: Path, text: str) -> bool:
    """Put a statement in place in one step; return False where it stands there already."""
    content = text.encode("utf-8")
    if file.is_file() and not file.is_symlink() and file.read_bytes() == content:
        return False
    beside = file.with_name(f".{file.name[:100]}.{secrets.token_hex(8)}")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    return True
