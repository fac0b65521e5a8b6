"""The append-only record of each company: its events, and what each of them is about."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from peewee import (
    BlobField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Query,
    TextField,
    fn,
)

from adr_app.domain.events import Happening
from adr_app.domain.timeline import company_states
from adr_app.domain.timeline_states import CompanyState
from adr_app.models.base import InstantField, Table
from adr_app.models.people import Company
from adr_app.models.spelled import Spelled


class Event(Table):
    """One act: its canonical bytes, their leaf hash, and the tree's root once it was added."""

    company = ForeignKeyField(Company, index=False)
    seq = IntegerField()
    at = InstantField()
    actor_id = IntegerField(null=True)
    kind = TextField()
    subject_type = TextField()
    subject_id = IntegerField()
    body = BlobField()
    leaf = BlobField()
    root = BlobField()

    class Meta:
        primary_key = CompositeKey("company", "seq")

    @property
    def data(self) -> dict[str, Any]:
        """Return what the act carried: ids, codes, dates, digests."""
        return json.loads(bytes(self.body))["data"]

    @property
    def leaf_hex(self) -> str:
        """Return the leaf hash in hexadecimal."""
        return bytes(self.leaf).hex()

    @property
    def root_hex(self) -> str:
        """Return the tree's root after this event in hexadecimal."""
        return bytes(self.root).hex()

    def happening(self) -> Happening:
        """Return the event as rules read it."""
        return Happening(
            *(self.seq, self.at, self.actor_id, self.kind, (self.subject_type, self.subject_id)),
            *(self.data, self.root_hex),
        )


class EventSubject(Table):
    """Every thing an event touches, its main subject included."""

    company = ForeignKeyField(Company, index=False)
    subject_type = TextField()
    subject_id = IntegerField()
    seq = IntegerField()

    class Meta:
        primary_key = CompositeKey("company", "subject_type", "subject_id", "seq")


def about(company_id: int, subject_type: str, subject_id: int) -> Query:
    """Return the events that touch one thing, in order."""
    return _about(company_id, subject_type, subject_id).order_by(Event.seq)


def newest_about(company_id: int, subject_type: str, subject_id: int) -> "list[Event]":
    """Return the newest events that touch one thing, newest first: at most one more than `NEWEST`."""
    return _NEWEST.rows(company=company_id, type=subject_type, id=subject_id)


def _about(company_id: Any, subject_type: Any, subject_id: Any) -> Query:
    return (
        Event.select()
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company_id == company_id,
            EventSubject.subject_type == subject_type,
            EventSubject.subject_id == subject_id,
        )
    )


NEWEST = 200
"""How many acts a page shows."""

_NEWEST = Spelled(
    lambda company, type, id: _about(company, type, id).order_by(Event.seq.desc()).limit(NEWEST + 1)
)


def last_about(company_id: int, subject_type: str, subject_id: int) -> int:
    """Return the number of the last event that touches one thing, 0 where none does."""
    found = EventSubject.select(fn.MAX(EventSubject.seq)).where(
        EventSubject.company == company_id,
        EventSubject.subject_type == subject_type,
        EventSubject.subject_id == subject_id,
    )
    return found.scalar() or 0


def happenings(company_id: int, decision_id: int, until: datetime | None = None) -> list[Happening]:
    """Return what rules need to judge a decision: its own acts and the company's, in order."""
    return merged(about(company_id, "decision", decision_id), company_happenings(company_id), until)


def company_happenings(company_id: int) -> list[Happening]:
    """Return the company-wide acts, in order."""
    return [event.happening() for event in about(company_id, "company", company_id)]


class CompanyActs:
    """The company-wide acts, for judging many of its decisions."""

    def __init__(self, acts: list[Happening]) -> None:
        """Take the acts, in order."""
        self.acts = acts
        self._places = [act.seq for act in acts]
        self._states = company_states(acts)

    def around(self, own: Sequence[Event]) -> tuple[list[Happening], CompanyState]:
        """Return what rules need to judge a decision by its `own` acts, in order, and the company before it.

        A company's acts are as many as its years make them, and what they amount to is worked out once.
        """
        place = bisect_left(self._places, own[0].seq) if own else 0
        return merged(own, self.acts[place:]), self._states[place]


def merged(own: Iterable[Event], company: list[Happening], until: datetime | None = None) -> list[Happening]:
    """Return both lists as one in record order, each act once, up to and including `until`."""
    by_seq = {act.seq: act for act in company}
    by_seq.update((event.seq, event.happening()) for event in own)
    acts = [by_seq[seq] for seq in sorted(by_seq)]
    return [act for act in acts if act.at <= until] if until else acts
