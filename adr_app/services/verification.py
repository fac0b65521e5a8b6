"""Verify a company's record: every event, root, revision and answer against what was recorded."""

import json
from dataclasses import dataclass
from typing import Any

from adr_app.domain.digest import digest
from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.models.decisions import Revision
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict

LIMITS = (
    "This shows changes to what was recorded. It does not show that what was recorded is true, and entries cut "
    "off the end show only against a receipt kept outside this database."
)


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not verify: its number (0 for none), its kind and a sentence."""

    seq: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified: counts, the last root in hexadecimal, and the first break or None."""

    company: str
    events: int
    revisions: int
    verdicts: int
    root: str
    broken: Break | None


class _Broken(Exception):
    def __init__(self, seq: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.found = Break(seq, kind, message)


def verify(company: Company) -> Report:
    """Recompute every hash of a company's record in order; stop at the first that differs."""
    walk = _Walk(company)
    broken = None
    try:
        walk.run()
    except _Broken as error:
        broken = error.found
    return Report(company.slug, walk.events, walk.revisions, walk.verdicts, walk.tree.root().hex(), broken)


class _Walk:
    """One pass over a company's events, and over the rows they seal."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.tree = CompactRange()
        self.events = self.revisions = self.verdicts = 0
        self.sealed: dict[str, dict[int, tuple[int, str, str]]] = {"revision": {}, "verdict": {}}

    def run(self) -> None:
        """Check the events, then the rows they seal."""
        rows = Event.select().where(Event.company == self.company.id).order_by(Event.seq).iterator()
        for event in rows:
            self._event(event)
        if self.events != self.company.last_seq:
            raise _Broken(
                self.events + 1,
                "missing",
                f"The record should hold {self.company.last_seq} entries; entry {self.events + 1} is missing.",
            )
        if self.tree.to_json() != self.company.tree:
            raise _Broken(self.events, "root", "The tree kept with the company does not fit its entries.")
        self._subjects()
        self._revisions()
        self._verdicts()

    def _event(self, event: Event) -> None:
        seq = self.events + 1
        if event.seq != seq:
            raise _Broken(seq, "missing", f"Entry {seq} is missing; the next one is {event.seq}.")
        body = bytes(event.body)
        if bytes(event.leaf) != leaf_hash(body):
            raise _Broken(seq, "content changed", f"Entry {seq} does not hold what was recorded.")
        if self._columns(event) != _told(body):
            raise _Broken(seq, "content changed", f"The columns of entry {seq} do not say what it recorded.")
        self.tree = self.tree.append(bytes(event.leaf))
        if bytes(event.root) != self.tree.root():
            raise _Broken(
                seq, "chain broken", f"Entry {seq} does not follow from those before it: one was exchanged."
            )
        self.events = seq
        self._seal(seq, event)

    def _columns(self, event: Event) -> tuple[Any, ...]:
        return (
            self.company.id,
            event.seq,
            int(event.at.timestamp()),
            event.actor_id,
            event.kind,
            [event.subject_type, event.subject_id],
        )

    def _seal(self, seq: int, event: Event) -> None:
        data = event.data
        if "row" not in data:
            return
        if event.kind == "review.verdict":
            self.sealed["verdict"].setdefault(data["verdict"], (seq, data["row"], data["digest"]))
        else:
            self.sealed["revision"].setdefault(data["revision"], (seq, data["row"], data["digest"]))

    def _subjects(self) -> None:
        listed = EventSubject.select().where(EventSubject.company == self.company.id).count()
        told = 0
        for event in Event.select(Event.body).where(Event.company == self.company.id).iterator():
            told += 1 + len(json.loads(bytes(event.body))["also"])
        if listed != told:
            raise _Broken(0, "index changed", "The list of what each entry is about was changed.")

    def _revisions(self) -> None:
        rows = Revision.select().where(Revision.company == self.company.id).order_by(Revision.id).iterator()
        for row in rows:
            self._row("revision", row.id, row.row_digest, row.digest, f"version {row.number} of a decision")
            if digest(bytes(row.canonical)) != row.digest:
                seq = self.sealed["revision"][row.id][0]
                raise _Broken(
                    seq, "revision changed", f"The signed text recorded by entry {seq} was changed."
                )
            self.revisions += 1
        self._missing("revision", self.revisions)

    def _verdicts(self) -> None:
        rows = Verdict.select().where(Verdict.company == self.company.id).order_by(Verdict.id).iterator()
        for row in rows:
            self._row("verdict", row.id, row.row_digest, row.digest, "an answer of the vCISO")
            self.verdicts += 1
        self._missing("verdict", self.verdicts)

    def _row(self, table: str, key: int, row_digest: str, signed: str, what: str) -> None:
        if key not in self.sealed[table]:
            raise _Broken(0, f"{table} added", f"There is {what} that no entry of the record made.")
        seq, recorded, recorded_signed = self.sealed[table][key]
        if row_digest != recorded or signed != recorded_signed:
            raise _Broken(
                seq, f"{table} changed", f"What entry {seq} recorded, {what}, was changed afterwards."
            )

    def _missing(self, table: str, found: int) -> None:
        if found != len(self.sealed[table]):
            present = _ids(table, self.company.id)
            seq = min(seq for key, (seq, _, _) in self.sealed[table].items() if key not in present)
            raise _Broken(seq, f"{table} missing", f"What entry {seq} recorded is no longer there.")


def _told(body: bytes) -> tuple[Any, ...]:
    told = json.loads(body)
    return (told["company"], told["seq"], told["at"], told["actor"], told["kind"], told["subject"])


def _ids(table: str, company_id: int) -> set[int]:
    model = Revision if table == "revision" else Verdict
    return {row[0] for row in model.select(model.id).where(model.company == company_id).tuples()}
