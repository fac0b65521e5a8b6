"""Verify a company's record: every event, root and row that an event binds, against what was recorded."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Tuple

from adr_app.domain.digest import digest
from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.models.decisions import Revision
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict, VerdictTakenBack
from adr_app.services.bound_rows import PAGE, Break, Broken, Promises, in_order

LIMITS = (
    "This shows changes to what was recorded. It does not show that what was recorded is true, and entries "
    "cut off the end show only against a receipt kept outside this database."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified: counts, the last root in hexadecimal, and the first break or None."""

    company: str
    events: int
    revisions: int
    verdicts: int
    root: str
    broken: Break | None


def verify(company: Company) -> Report:
    """Recompute every hash of a company's record in order; stop at the first that differs."""
    walk = _Walk(company)
    broken = None
    try:
        walk.run()
    except Broken as error:
        broken = error.found
    return Report(company.slug, walk.events, walk.revisions, walk.verdicts, walk.tree.root().hex(), broken)


class _Walk:
    """One pass over a company's events, and over the rows they seal, some hundreds at a time."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.tree = CompactRange()
        self.events = self.revisions = self.verdicts = 0
        self.sealed: dict[str, dict[int, tuple[int, str, str]]] = {"revision": {}, "verdict": {}}
        self.taken_back: dict[int, tuple[int, int]] = {}
        self.promises = Promises()
        self.subjects = 0

    def run(self) -> None:
        """Check the events, then the rows they seal."""
        for event in in_order(Event, Event.seq, self.company.id):
            self._event(event)
        if self.events != self.company.last_seq:
            raise Broken(
                self.events + 1,
                "missing",
                f"The record should hold {self.company.last_seq} entries; "
                f"entry {self.events + 1} is missing.",
            )
        if self.tree.to_json() != self.company.tree:
            raise Broken(
                self.events,
                "root",
                f"The tree kept with the company does not fit its {self.events} entries.",
            )
        self._subjects()
        self._revisions()
        self._verdicts()
        self._taken_back()
        self.promises.check(self.company.id)

    def _event(self, event: Event) -> None:
        seq = self.events + 1
        if event.seq != seq:
            raise Broken(seq, "missing", f"Entry {seq} is missing; the next one is {event.seq}.")
        body = bytes(event.body or b"")
        if bytes(event.leaf or b"") != leaf_hash(body):
            raise Broken(seq, "content changed", f"Entry {seq} does not hold what was recorded.")
        told = _told(body)
        if told is None or self._columns(event) != told.columns:
            raise Broken(seq, "content changed", f"The columns of entry {seq} do not say what it recorded.")
        self.tree = self.tree.append(bytes(event.leaf))
        if bytes(event.root) != self.tree.root():
            raise Broken(
                seq, "chain broken", f"Entry {seq} does not follow from those before it: one was exchanged."
            )
        self.events = seq
        self._seal(seq, event, told)

    def _columns(self, event: Event) -> tuple[Any, ...]:
        return (
            self.company.id,
            event.seq,
            int(event.at.timestamp()),
            event.actor_id,
            event.kind,
            [event.subject_type, event.subject_id],
        )

    def _seal(self, seq: int, event: Event, told: "_Told") -> None:
        for name, key in told.subjects:
            self.subjects ^= _mark(name, key, seq)
        data = told.data
        if event.kind == "review.verdict-taken-back":
            self.taken_back[data["verdict"]] = (seq, int(event.at.timestamp()))
        self.promises.follow(seq, int(event.at.timestamp()), event.actor_id, event.kind, data)
        if "row" not in data or event.kind.startswith("risk."):
            return
        if event.kind == "review.verdict":
            self.sealed["verdict"].setdefault(data["verdict"], (seq, data["row"], data["digest"]))
        else:
            self.sealed["revision"].setdefault(data["revision"], (seq, data["row"], data["digest"]))

    def _subjects(self) -> None:
        """Check the index of what each entry is about: histories and flags are read through it."""
        listed = 0
        for name, key, seq in _subjects_of(self.company.id):
            listed ^= _mark(name, key, seq)
        if listed == self.subjects:
            return
        kept: dict[int, set[tuple[str, int]]] = {}
        for name, key, seq in _subjects_of(self.company.id):
            kept.setdefault(seq, set()).add((name, key))
        for event in in_order(Event, Event.seq, self.company.id):
            told = _told(bytes(event.body))
            if told is not None and kept.pop(event.seq, set()) != set(told.subjects):
                raise Broken(
                    event.seq, "index changed", f"The list of what entry {event.seq} is about was changed."
                )
        raise Broken(0, "index changed", "The list of what entries are about names entries there are not.")

    def _revisions(self) -> None:
        for row in in_order(Revision, Revision.id, self.company.id):
            self._row("revision", row, f"version {row.number} of a decision")
            if digest(bytes(row.canonical)) != row.digest:
                seq = self.sealed["revision"][row.id][0]
                raise Broken(seq, "revision changed", f"The signed text recorded by entry {seq} was changed.")
            self.revisions += 1
        self._missing("revision", Revision)

    def _verdicts(self) -> None:
        for row in in_order(Verdict, Verdict.id, self.company.id):
            self._row("verdict", row, "an answer of the vCISO")
            self.verdicts += 1
        self._missing("verdict", Verdict)

    def _row(self, table: str, row: Any, what: str) -> None:
        if row.id not in self.sealed[table]:
            raise Broken(0, f"{table} added", f"There is {what} that no entry of the record made.")
        seq, recorded, signed = self.sealed[table][row.id]
        try:
            same = row.row_digest == recorded and row.digest == signed
        except (
            AttributeError,
            TypeError,
            ValueError,
        ):  # what is no JSON, or nothing this product could have written
            same = False
        if not same:
            raise Broken(
                seq, f"{table} changed", f"What entry {seq} recorded, {what}, was changed afterwards."
            )

    def _missing(self, table: str, model: Any) -> None:
        sealed = self.sealed[table]
        present = {row[0] for row in model.select(model.id).where(model.company == self.company.id).tuples()}
        gone = [seq for key, (seq, _, _) in sealed.items() if key not in present]
        if gone:
            raise Broken(
                min(gone), f"{table} missing", f"What entry {min(gone)} recorded is no longer there."
            )

    def _taken_back(self) -> None:
        """Check which answers count as taken back: it decides what stands."""
        rows = VerdictTakenBack.select().where(VerdictTakenBack.company == self.company.id)
        stored = {row.verdict_id: int(row.at.timestamp()) for row in rows}
        for key, (seq, at) in sorted(self.taken_back.items(), key=lambda item: item[1]):
            if stored.pop(key, None) != at:
                raise Broken(
                    seq, "verdict changed", f"Entry {seq} took an answer back, and the answer stands again."
                )
        if stored:
            raise Broken(
                0, "verdict added", "An answer is marked as taken back that no entry of the record took back."
            )


@dataclass(frozen=True, slots=True)
class _Told:
    """What the recorded bytes of an entry say."""

    columns: tuple[Any, ...]
    subjects: list[tuple[str, int]]
    data: dict[str, Any]


def _told(body: bytes) -> _Told | None:
    """Read an entry's bytes, or return None where this product never wrote such."""
    try:
        told = json.loads(body)
        columns = (told["company"], told["seq"], told["at"], told["actor"], told["kind"], told["subject"])
        subjects = [(name, key) for name, key in (told["subject"], *told["also"])]
        return _Told(columns, subjects, dict(told["data"]))
    except (ValueError, TypeError, KeyError):
        return None


def _mark(name: str, key: int, seq: int) -> int:
    """Return a number for one line of the index; combined by exclusive or, the order does not matter."""
    return int.from_bytes(hashlib.sha256(f"{name} {key} {seq}".encode()).digest())


def _subjects_of(company_id: int) -> Iterator[tuple[str, int, int]]:
    """Yield the company's index of what its entries are about, `PAGE` at a time."""
    key = (EventSubject.subject_type, EventSubject.subject_id, EventSubject.seq)
    last: tuple[str, int, int] = ("", -(2**31), 0)
    while True:
        after = Tuple(*key) > Tuple(*last)
        query = EventSubject.select(*key).where(EventSubject.company == company_id, after)
        rows = list(query.order_by(*key).limit(PAGE).tuples())
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1]
