"""Importing a folder of decision records: new, updated, diverged, unchanged; nothing lost, nothing twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from adr_app.domain.decisions import Status, reference
from adr_app.domain.documents import Record
from adr_app.domain.documents.record import READER_VERSION
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import MAX_LINE, MAX_TITLE, Draft, clean
from adr_app.models.decisions import Decision, ImportedFile, ImportRun, Link, Revision
from adr_app.services import gitdates, reading
from adr_app.services.drafts import begin, put_in_force, summary, write
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting

BATCH = 200
"""How many files one transaction takes; each has its own event."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass
class Outcome:
    """What an import did, by path, and the report it gives."""

    report: dict[str, Any]
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    diverged: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def finish(self) -> dict[str, Any]:
        """Return the report with the counts of what happened."""
        for name in ("created", "updated", "diverged", "unchanged"):
            self.report[name] = len(getattr(self, name))
        return self.report


@dataclass(frozen=True, slots=True)
class _Plan:
    """One record to store: what the file says, its fingerprint, and the decision it already is, if any."""

    record: Record
    fingerprint: str
    known: ImportedFile | None
    decided_on: date | None
    date_source: str


def run(viewer: Viewer, root: Path, *, source: str = "", at: datetime) -> dict[str, Any]:
    """Import every record at or below `root` and return the report.

    `source` names where the files come from, so that the same paths elsewhere are other decisions; the
    folder's own name by default. A decision changed here and in its file is reported as diverged and
    left as it is.

    :raises NotAllowed: when this person may not import.
    """
    viewer.require(Act.IMPORT)
    source = " ".join((source or root.resolve().name).split())[:200]
    signature = reading.signature(root)
    again = _unchanged_run(viewer, source, signature)
    if again is not None:
        return again
    folder = reading.read_folder(root)
    outcome = Outcome(reading.report(folder.reading))
    known = {
        row.path: row
        for row in ImportedFile.select().where(
            ImportedFile.company == viewer.company.id, ImportedFile.source == source
        )
    }
    plans = _plans(viewer, folder, known, gitdates.first_commits(root), outcome)
    older = _older_ends(folder.reading.records)
    ids = {path: row.decision_id for path, row in known.items()}
    ordered = _older_first(plans, older)
    for start in range(0, len(ordered), BATCH):
        _store(viewer, ordered[start : start + BATCH], source, older, ids, at)
    _unresolved(viewer, folder.reading.records, ids, set(outcome.created + outcome.updated))
    _remember(viewer, source, signature, outcome, ids, at)
    return outcome.report


def _unchanged_run(viewer: Viewer, source: str, signature: str) -> dict[str, Any] | None:
    """Return the report of a folder that is byte for byte what the last import read, or None."""
    last = (
        ImportRun.select()
        .where(
            ImportRun.company == viewer.company.id,
            ImportRun.source == source,
            ImportRun.signature == signature,
            ImportRun.reader_version == READER_VERSION,
        )
        .first()
    )
    return None if last is None else last.report


def _plans(
    viewer: Viewer,
    folder: reading.Folder,
    known: Mapping[str, ImportedFile],
    committed: Mapping[str, date],
    outcome: Outcome,
) -> dict[str, _Plan]:
    latest = dict(
        Decision.select(Decision.id, Decision.latest)
        .where(Decision.company == viewer.company.id, Decision.imported == True)  # noqa: E712
        .tuples()
    )
    plans = {}
    for record in folder.reading.records:
        row = known.get(record.path)
        fingerprint = folder.fingerprints[record.path]
        if row is not None and row.fingerprint == fingerprint:
            outcome.unchanged.append(record.path)
            continue
        if row is not None and latest.get(row.decision_id) != row.revision:
            outcome.diverged.append(record.path)
            outcome.report["warnings"].append(
                {
                    "path": record.path,
                    "line": 1,
                    "code": "diverged",
                    "message": "Changed here and in the file; the decision was left as it is.",
                }
            )
            continue
        (outcome.created if row is None else outcome.updated).append(record.path)
        stated = date.fromisoformat(record.date) if record.date else committed.get(record.path)
        origin = record.date_source if record.date else ("from git" if stated else "")
        plans[record.path] = _Plan(record, fingerprint, row, stated, origin)
    return plans


def _older_ends(records: tuple[Record, ...]) -> dict[str, dict[str, bool]]:
    """Return, for each record's path, the paths it replaces and whether only in part.

    A replacement may be stated at either end; whole wins over part.
    """
    edges: dict[str, dict[str, bool]] = {}
    for record in records:
        for link in record.links:
            if link.kind != "supersedes" or link.path is None or link.path == record.path:
                continue
            newer, older = (link.path, record.path) if link.inward else (record.path, link.path)
            ends = edges.setdefault(newer, {})
            ends[older] = link.part and ends.get(older, True)
    return edges


def _older_first(plans: dict[str, _Plan], older: dict[str, dict[str, bool]]) -> list[_Plan]:
    """Return the plans so that what is replaced comes before what replaces it; a circle is cut."""
    ordered: list[_Plan] = []
    done: set[str] = set()
    for path in sorted(plans):
        stack = [(path, iter(sorted(older.get(path, ()))))]
        visiting = {path}
        while stack:
            top, ends = stack[-1]
            following = next((e for e in ends if e in plans and e not in done and e not in visiting), None)
            if following is not None:
                visiting.add(following)
                stack.append((following, iter(sorted(older.get(following, ())))))
                continue
            stack.pop()
            if top not in done:
                done.add(top)
                ordered.append(plans[top])
    return ordered


def _store(
    viewer: Viewer,
    plans: list[_Plan],
    source: str,
    older: dict[str, dict[str, bool]],
    ids: dict[str, int],
    at: datetime,
) -> None:
    with acting(viewer.company.id, at=at, actor=viewer.person.id, many=True) as ledger:
        for plan in plans:
            decision, written = _store_one(ledger, viewer, plan, source)
            ids[plan.record.path] = decision.id
            edges = list(_link(ledger, decision, older.get(plan.record.path, {}), ids))
            ledger.append(
                "decision.imported" if plan.known is None else "decision.reimported",
                ("decision", decision.id),
                {
                    **summary(written),
                    "status": decision.status,
                    "decided_on": plan.decided_on.isoformat() if plan.decided_on else None,
                    "supersedes": edges,
                },
                also=[("decision", edge["decision"]) for edge in edges],
            )


def _store_one(ledger: Ledger, viewer: Viewer, plan: _Plan, source: str) -> tuple[Decision, Revision]:
    record = plan.record
    text = _text(record, plan.decided_on)
    status = Status(record.status) if record.status else Status.UNSTATED
    if plan.known is None:
        decision = begin(ledger, text, author=viewer.person.id, status=status, imported=True)
    else:
        decision = Decision.get(Decision.company == ledger.company.id, Decision.id == plan.known.decision_id)
        decision.status = status if record.status else decision.status
    written = write(ledger, decision, text, by=viewer.person.id, note="imported")
    if decision.status in (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED):
        put_in_force(decision, written)
        decision.accepted_at = decision.accepted_at or ledger.at
    decision.save(only=decision.dirty_fields)
    facts = {
        "format": record.format,
        "number_text": (record.number or "")[:100],
        "status_raw": _printable(record.status_raw)[:500],
        "date_source": plan.date_source[:100],
        "fingerprint": plan.fingerprint,
        "revision": written.number,
        "extracted": {
            "date_raw": _printable(record.date_raw)[:200],
            "front_matter": _printable(record.front_matter),
        },
        "reader_version": READER_VERSION,
        "read_at": ledger.at,
    }
    if plan.known is None:
        ImportedFile.create(
            company=ledger.company.id, decision_id=decision.id, source=source, path=record.path, **facts
        )
    else:
        ImportedFile.update(facts).where(
            ImportedFile.company == ledger.company.id, ImportedFile.id == plan.known.id
        ).execute()
    return decision, written


def _text(record: Record, decided_on: date | None) -> Draft:
    """Return what the file says as the text of a decision: its whole body, and an index beside it."""
    title = " ".join(_printable(record.title or Path(record.path).stem).split())
    fields = {
        "title": title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…",
        "decided_on": decided_on or "",
        "decided_by": _lines(record.deciders),
        "consulted": _lines(record.consulted),
        "informed": _lines(record.informed),
        "tags": _lines(record.tags),
    }
    return clean(fields, {}, _printable(record.body))


def _lines(names: tuple[str, ...]) -> list[str]:
    return [" ".join(_printable(name).split())[:MAX_LINE] for name in names][:40]


def _printable(text: str) -> str:
    """Return text with what no database and no page can hold replaced by the replacement character."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _link(
    ledger: Ledger, decision: Decision, older: dict[str, bool], ids: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """Store the replacements of an imported decision; what it replaces whole leaves force with it."""
    in_force = decision.status in (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)
    mine = (Link.company == ledger.company.id) & (Link.from_id == decision.id) & (Link.kind == "supersedes")
    Link.delete().where(mine).execute()
    for path, part in sorted(older.items()):
        if path not in ids or ids[path] == decision.id:
            continue
        Link.create(
            company=ledger.company.id,
            from_id=decision.id,
            to_id=ids[path],
            kind="supersedes",
            part=part,
            effective=in_force,
        )
        if in_force and not part:
            Decision.update(status=Status.SUPERSEDED, changed_at=ledger.at).where(
                Decision.company == ledger.company.id,
                Decision.id == ids[path],
                Decision.status == Status.ACCEPTED,
            ).execute()
        yield {"decision": ids[path], "part": part}


def _unresolved(viewer: Viewer, records: tuple[Record, ...], ids: dict[str, int], stored: set[str]) -> None:
    """Keep the text of relations whose other end is no record here."""
    rows = []
    for record in records:
        if record.path not in stored:
            continue
        for link in record.links:
            if link.kind != "supersedes" or link.path is not None or not link.target:
                continue
            own, other = ("to_id", "from_text") if link.inward else ("from_id", "to_text")
            rows.append(
                {
                    "company": viewer.company.id,
                    "from_id": None,
                    "to_id": None,
                    "from_text": "",
                    "to_text": "",
                    "kind": "supersedes",
                    "part": link.part,
                    own: ids[record.path],
                    other: _printable(link.target)[:500],
                }
            )
    for start in range(0, len(rows), BATCH):
        Link.insert_many(rows[start : start + BATCH]).execute()


def _remember(
    viewer: Viewer, source: str, signature: str, outcome: Outcome, ids: dict[str, int], at: datetime
) -> None:
    """Finish the report and keep the one that an unchanged folder will get."""
    numbers = dict(
        Decision.select(Decision.id, Decision.number)
        .where(Decision.company == viewer.company.id, Decision.imported == True)  # noqa: E712
        .tuples()
    )
    report = outcome.finish()
    for row in report["decisions"]:
        number = numbers.get(ids.get(row["path"], 0))
        row["ref"] = reference(number) if number else None
    if outcome.diverged:
        return  # what diverged is looked at again next time
    later = {**report, "created": 0, "updated": 0, "unchanged": len(report["decisions"])}
    values = {"signature": signature, "reader_version": READER_VERSION, "report": later, "at": at}
    ImportRun.insert(company=viewer.company.id, source=source, **values).on_conflict(
        conflict_target=[ImportRun.company, ImportRun.source],
        preserve=[ImportRun.signature, ImportRun.reader_version, ImportRun.report, ImportRun.at],
    ).execute()
