"""The books of a debt: what came in, grew, was estimated anew, was repaid or written off, and is owed now.

Everything here is whole hundredths of a working day. Each posting comes from one act, or from the end of one
month, and from nothing else, so that no number of a bridge is a remainder. An item is in the books from its
first estimate on, with what a fix is expected to cost; growth is booked at the end of each month after the
one in which it was estimated.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from adr_app.domain.debt_estimates import WHOLE, DebtSettings, Estimate, SystemLimits, ThreePoint
from adr_app.domain.debt_formulas import reckon
from adr_app.domain.debt_months import month_end, months_between, months_later
from adr_app.domain.values import dataclass


class Change(StrEnum):
    """What an act does to the books of an item."""

    ESTIMATED = "estimated"
    BOUNDED = "bounded"
    REPAID = "repaid"
    WRITTEN_OFF = "written-off"
    NOT_DEBT = "not-debt"
    REOPENED = "reopened"


class Term(StrEnum):
    """One column of the bridge from what was owed to what is owed."""

    INCURRED = "incurred"
    GROWN = "grown"
    RE_ESTIMATED = "re-estimated"
    REPAID = "repaid"
    WRITTEN_OFF = "written-off"


CLOSING = {
    Change.REPAID: Term.REPAID,
    Change.WRITTEN_OFF: Term.WRITTEN_OFF,
    Change.NOT_DEBT: Term.RE_ESTIMATED,
}
"""Which column what was owed leaves by; what turned out to be no debt was estimated wrongly."""


@dataclass(frozen=True, slots=True)
class DebtAct:
    """One act on the books of an item, on a day of the company's calendar.

    `estimate` goes with `ESTIMATED`; `limits` with `BOUNDED`, and are those of its system from then on.
    """

    on: date
    change: Change
    estimate: Estimate | None = None
    limits: SystemLimits | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What an act or the end of a month added to what is owed, or took from it (less than zero)."""

    on: date
    term: Term
    amount: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The bridge of a period.

    F14: `closing = opening + incurred + grown + re-estimated − repaid − written off`.
    """

    opening: int = 0
    incurred: int = 0
    grown: int = 0
    re_estimated: int = 0
    repaid: int = 0
    written_off: int = 0
    closing: int = 0

    def __add__(self, other: "Flow") -> "Flow":
        """Return the bridge of two items, or of two companies, together."""
        return Flow(
            self.opening + other.opening,
            self.incurred + other.incurred,
            self.grown + other.grown,
            self.re_estimated + other.re_estimated,
            self.repaid + other.repaid,
            self.written_off + other.written_off,
            self.closing + other.closing,
        )


def booked(value: ThreePoint) -> int:
    """Return the expected value of a three-point estimate as it is booked: whole, half rounded up (F1)."""
    return (value.low + 4 * value.likely + value.high + 3) // 6


def flow(acts: Sequence[DebtAct], first: date, last: date) -> Flow:
    """Return the bridge of an item over a period of days, both counted, from its acts in their order."""
    account = _Account()
    opening, sums = 0, dict.fromkeys(Term, 0)
    for posting in account.postings(acts, last):
        if posting.on < first:
            opening += posting.amount
        else:
            sums[posting.term] += posting.amount
    return Flow(
        opening,
        sums[Term.INCURRED],
        sums[Term.GROWN],
        sums[Term.RE_ESTIMATED],
        -sums[Term.REPAID],
        -sums[Term.WRITTEN_OFF],
        account.owed,
    )


def flow_of_all(items: Iterable[Sequence[DebtAct]], first: date, last: date) -> Flow:
    """Return the bridge of many items together."""
    return sum((flow(acts, first, last) for acts in items), Flow())


def postings(acts: Sequence[DebtAct], last: date) -> list[Posting]:
    """Return every posting on the books of an item until the end of a day, in order."""
    return list(_Account().postings(acts, last))


def owed_on(acts: Sequence[DebtAct], day: date) -> int:
    """Return what an item owes at the end of a day."""
    account = _Account()
    for _ in account.postings(acts, day):
        pass
    return account.owed


def losses_on(acts: Sequence[DebtAct], days: Sequence[date], settings: DebtSettings) -> list[float]:
    """Return what an item costs a month at the end of each of some days, the earliest first."""
    account, found, done = _Account(), [], 0
    for day in days:
        while done < len(acts) and acts[done].on <= day:
            list(account.act(acts[done]))
            done += 1
        if not account.is_owed or account.estimate is None:
            found.append(0.0)
            continue
        age = months_grown(account.since, day)
        found.append(reckon(account.estimate, account.limits, settings, age).loss.month(1))
    return found


def months_grown(estimated: date, day: date) -> int:
    """Return how many months an estimate has grown by the end of a day: those that ended after its own.

    The month in which something is estimated does not count: the estimate says how it stands in that month.
    """
    ended = months_between(estimated, day) - (0 if day == month_end(day) else 1)
    return max(ended, 0)


class _Account:
    """The books of one item while its acts are gone through."""

    def __init__(self) -> None:
        self.owed = 0
        self.is_owed = False
        self.estimate: Estimate | None = None
        self.limits = SystemLimits()
        self.since = date.min
        self._before = 0
        self._grown_until = date.min

    def postings(self, acts: Iterable[DebtAct], last: date) -> Iterator[Posting]:
        """Post what some acts, and the months that end meanwhile, do until the end of a day."""
        for act in acts:
            if act.on > last:
                break
            yield from self._grow(before=act.on)
            yield from self.act(act)
        yield from self._grow(before=last, through=True)

    def act(self, act: DebtAct) -> Iterator[Posting]:
        """Post what one act does, without the months that ended before it."""
        if act.change is Change.ESTIMATED and act.estimate is not None:
            self.estimate, self.since, self._grown_until = act.estimate, act.on, month_end(act.on)
            was, is_new = self.owed, not self.is_owed
            self.owed, self.is_owed = self._capped(booked(act.estimate.fix)), True
            term = Term.INCURRED if is_new else Term.RE_ESTIMATED
            yield from self._posted(act.on, term, self.owed - was)
        elif act.change is Change.BOUNDED and act.limits is not None:
            self.limits, was = act.limits, self.owed
            self.owed = self._capped(self.owed)
            yield from self._posted(act.on, Term.RE_ESTIMATED, self.owed - was)
        elif act.change in CLOSING and self.is_owed:
            self._before, self.owed, self.is_owed = self.owed, 0, False
            yield from self._posted(act.on, CLOSING[act.change], -self._before)
        elif act.change is Change.REOPENED and not self.is_owed and self.estimate is not None:
            self.owed, self.is_owed = self._capped(self._before), True
            self._grown_until = month_end(act.on)
            yield from self._posted(act.on, Term.INCURRED, self.owed)

    def _grow(self, *, before: date, through: bool = False) -> Iterator[Posting]:
        """Post the growth of every month that ended before a day, or with it."""
        growth = self.estimate.fix_growth if self.estimate else 0
        if not growth or not self.is_owed:
            return
        end = month_end(months_later(self._grown_until.replace(day=1), 1))
        while end < before or (through and end == before):
            was = self.owed
            more = (was * growth * 2 + WHOLE) // (2 * WHOLE)
            self.owed = max(self._capped(was + more), was) if growth > 0 else max(was + more, 0)
            self._grown_until = end
            yield from self._posted(end, Term.GROWN, self.owed - was)
            end = month_end(months_later(end.replace(day=1), 1))

    def _capped(self, cost: int) -> int:
        return cost if self.limits.rebuild is None else min(cost, self.limits.rebuild)

    @staticmethod
    def _posted(on: date, term: Term, amount: int) -> Iterator[Posting]:
        if amount:
            yield Posting(on, term, amount)
