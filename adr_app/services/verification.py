"""Verify a company's record: every event and root, and every row that people read, against the acts."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Tuple

from adr_app.domain.errors import Invalid
from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import Company
from adr_app.services.bound_rows import PAGE, Break, Broken, in_order
from adr_app.services.record import VERSION
from adr_app.services.verified_company import check_company
from adr_app.services.verified_controls import check_controls
from adr_app.services.verified_debt_reports import check_debt_reports, check_readings
from adr_app.services.verified_decisions import DecisionWalk
from adr_app.services.verified_parts import check_standings
from adr_app.services.verified_pressures import check_pressures
from adr_app.services.verified_receipts import check_receipts
from adr_app.services.verified_vendors import check_vendors

LIMITS = (
    "This shows changes to what was recorded. It does not show that what was recorded is true. Entries cut "
    "off the end, and a whole record written anew from its start, show only against a root that was kept "
    "outside this database: keep the one printed here, and give it to “adr-app verify --root” later."
)

WHAT_FOR = (
    "This one line stands for every entry so far. Keep it where nobody can change it, in a mail or on paper: "
    "“adr-app verify --root” then shows whether the record still begins with these entries."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A root that was kept elsewhere: how many entries it stands for, and the root in hexadecimal."""

    entries: int
    root: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.root}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified: counts, the last root in hexadecimal, and the first break or None.

    `kept` says whether the record begins with the root that was given; None where none was, or where it
    could not be told.
    """

    company: str
    events: int
    revisions: int
    verdicts: int
    root: str
    broken: Break | None
    kept: bool | None = None

    @property
    def to_keep(self) -> Kept:
        """Return what to keep elsewhere."""
        return Kept(self.events, self.root)


def kept_root(text: str, entries: int | None = None) -> Kept:
    """Return a kept root as typed: `ENTRIES:ROOT`, or the root alone beside the number of `entries`.

    :raises Invalid: when it is neither.
    """
    number, colon, root = text.strip().partition(":")
    if not colon:
        number, root = str(entries or ""), number
    root = root.strip().lower()
    whole = number.isascii() and number.isdigit() and 0 < int(number[:19]) < 2**31
    if not whole or len(root) != 64 or not set(root) <= set("0123456789abcdef"):
        message = "A kept root is the number of entries, a colon and 64 hexadecimal digits."
        raise Invalid(message, {"root": message})
    if colon and entries is not None and entries != int(number):
        message = "Two numbers of entries were given, and they differ."
        raise Invalid(message, {"entries": message})
    return Kept(int(number), root)


def current(company: Company) -> Kept:
    """Return where a company's record stands now, as its last entry says."""
    last = Event.select(Event.root).where(Event.company == company.id, Event.seq == company.last_seq)
    return Kept(company.last_seq, bytes(last.scalar() or b"").hex())


def verify(company: Company, kept: Kept | None = None) -> Report:
    """Recompute every hash of a company's record in order, then its rows; stop at the first that differs.

    `kept` is a root that was kept elsewhere: the record must begin with it.
    """
    walk = _Walk(company, kept)
    decisions = DecisionWalk(company.id)
    broken = None
    try:
        walk.run()
        check_company(company)
        check_debt_reports(company)
        check_readings(company)
        check_vendors(company)
        check_controls(company)
        check_pressures(company)
        check_receipts(company)
        decisions.run()
        check_standings(company)
    except Broken as error:
        broken = error.found
    return Report(
        company=company.slug,
        events=walk.events,
        revisions=decisions.revisions,
        verdicts=decisions.verdicts,
        root=walk.tree.root().hex(),
        broken=broken,
        kept=walk.begins_with,
    )


class _Walk:
    """One pass over a company's events, some hundreds at a time."""

    def __init__(self, company: Company, kept: Kept | None) -> None:
        self.company = company
        self.kept = kept
        self.begins_with: bool | None = None
        self.tree = CompactRange()
        self.events = 0
        self.at: datetime | None = None
        self.earlier: int | None = None
        self.subjects = 0

    def run(self) -> None:
        """Check the events, their roots, and the index of what they are about."""
        for event in in_order(Event, Event.seq, self.company.id):
            self._event(event)
        if self.events != self.company.last_seq:
            raise Broken(
                self.events + 1,
                "missing",
                f"The record should hold {self.company.last_seq} entries; "
                f"entry {self.events + 1} is missing.",
            )
        if self.tree.to_json() != self.company.tree or self.at != self.company.last_event_at:
            raise Broken(
                self.events,
                "root",
                f"The tree kept with the company does not fit its {self.events} entries.",
            )
        if self.kept is not None and self.kept.entries > self.events:
            self._not_kept(f"there are only {self.events} entries; the end was cut off")
        self._subjects()
        if self.earlier is not None:
            raise Broken(
                self.earlier,
                "earlier program",
                f"Entry {self.earlier} was written by a program before its first release, which did not yet "
                "bind every row, so the rows cannot be checked. Begin a new log.",
            )

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
        self.events, self.at = seq, event.at
        if self.kept is not None and self.kept.entries == seq:
            self.begins_with = self.tree.root().hex() == self.kept.root
            if not self.begins_with:
                self._not_kept("it was written anew, or the root is another record's")
        if told.version < VERSION and self.earlier is None:
            self.earlier = seq
        for name, key in told.subjects:
            self.subjects ^= _mark(name, key, seq)

    def _not_kept(self, why: str) -> None:
        kept = self.kept.entries if self.kept else 0
        self.begins_with = False
        raise Broken(
            kept, "not as kept", f"The record does not begin with the root kept after entry {kept}: {why}."
        )

    def _columns(self, event: Event) -> tuple[Any, ...]:
        return (
            self.company.id,
            event.seq,
            int(event.at.timestamp()),
            event.actor_id,
            event.kind,
            [event.subject_type, event.subject_id],
        )

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


@dataclass(frozen=True, slots=True)
class _Told:
    """What the recorded bytes of an entry say."""

    version: int
    columns: tuple[Any, ...]
    subjects: list[tuple[str, int]]


def _told(body: bytes) -> _Told | None:
    """Read an entry's bytes, or return None where this product never wrote such."""
    try:
        told = json.loads(body)
        columns = (told["company"], told["seq"], told["at"], told["actor"], told["kind"], told["subject"])
        subjects = [(name, key) for name, key in (told["subject"], *told["also"])]
        return _Told(int(told["v"]), columns, subjects)
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
