"""In which order debts are fixed, and a plan of it by month within what a company can do.

The order: duties by the day work must start, then what saves most for each week of work, then what is
shorter. A plan fills month after month in that order. Where somebody moved an item by hand it is placed
first, and the plan says what that costs beside the one without hands.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from adr_app.domain.debt_formulas import Reckoning, cost_after, whole
from adr_app.domain.debt_months import month_end, month_of, months_later
from adr_app.domain.debt_verdicts import Code, Verdict
from adr_app.domain.values import dataclass

PLANNED = frozenset({Code.OBLIGATION, Code.REPAY, Code.SCHEDULE})
"""Verdicts whose items are put in a plan without being asked."""

LONG_WEEKS = 8
"""Work longer than this is better split: urgency by duration says little about what takes a quarter."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One item in a plan: in which months it is worked on, and how much in each, in hundredths.

    `start` counts months from the plan's first; `done` says whether it is finished within the plan. `held` is
    what was lost, and what the fix became dearer by, until it is done or the plan ends.
    """

    number: int
    start: int
    work: tuple[int, ...]
    done: bool
    held: float
    by_hand: bool = False

    @property
    def end(self) -> int:
        """Return the last month in which it is worked on, counted from the plan's first."""
        return self.start + len(self.work) - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Work by month: what fits, in order, and what does not; efforts in hundredths of a working day.

    `room` is what can be done in each month, `used` what is planned in it; `cost` is what is lost, and what
    fixes become dearer by, until everything is done or the plan ends.
    """

    first: date
    room: tuple[int, ...]
    used: tuple[int, ...]
    placed: tuple[Placed, ...]
    left: tuple[int, ...]
    cost: float

    @property
    def months(self) -> list[date]:
        """Return the first day of each month of the plan."""
        return [months_later(self.first, at) for at in range(len(self.room))]


def in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts in the order in which their items are fixed; equal ones by their numbers."""

    def place(verdict: Verdict) -> tuple[int, float, float, int]:
        if verdict.code is Code.OBLIGATION and verdict.must_start is not None:
            return 0, verdict.must_start.toordinal(), verdict.cost, verdict.number
        return 1, -verdict.urgency, verdict.cost, verdict.number

    return sorted(verdicts, key=place)


def planned(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the verdicts whose items belong in a plan: those to be fixed whose fix is estimated."""
    return [verdict for verdict in verdicts if verdict.code in PLANNED and verdict.case is not None]


def plan(
    ordered: Sequence[Verdict],
    capacity: int,
    today: date,
    months: int,
    by_hand: Mapping[int, int | None] | None = None,
) -> Plan:
    """Return a plan for items in order, from the month of today on, with so much done each month.

    `by_hand` gives the month, counted from the first, in which somebody wants an item to start; None takes
    it out. Of the first month only what is left of it can be used.
    """
    hands = by_hand or {}
    share = _left_of(today)
    room = [int(capacity * share), *([capacity] * (months - 1))][:months]
    filling = _Filling(room, share)
    moved = [verdict for verdict in ordered if hands.get(verdict.number) is not None]
    moved.sort(key=lambda verdict: hands[verdict.number] or 0)
    rows = {verdict.number: filling.place(verdict, hands[verdict.number] or 0, True) for verdict in moved}
    for verdict in ordered:
        if verdict.number not in hands:
            rows[verdict.number] = filling.place(verdict, 0, False)
    placed = tuple(row for verdict in ordered if (row := rows.get(verdict.number)) is not None)
    left = tuple(verdict.number for verdict in ordered if rows.get(verdict.number) is None)
    out = sum(held(v.case, months, months) for v in ordered if v.case and rows.get(v.number) is None)
    cost = sum(row.held for row in placed) + out
    used = tuple(was - free for was, free in zip(room, filling.free, strict=True))
    return Plan(month_of(today), tuple(room), used, placed, left, cost)


def held(case: Reckoning, start: int, until: int) -> float:
    """Return what it costs to begin a fix in a month and be done after another, beside the fix itself.

    What is lost until then, the loss not avoided, and what the fix became dearer by before it began.
    """
    dearer = cost_after(case, start) - case.cost
    return case.loss.total(until) + case.avoided * until + dearer


class _Filling:
    """Months that fill up: what is still free in each, and the first one that has anything left."""

    def __init__(self, room: Sequence[int], share: float) -> None:
        self.free = list(room)
        self._share = share
        self._first = 0

    def place(self, verdict: Verdict, earliest: int, by_hand: bool) -> Placed | None:
        """Place an item from a month on, as far as there is room; None where there is none."""
        free, months = self.free, len(self.free)
        while self._first < months and free[self._first] <= 0:
            self._first += 1
        case = verdict.case
        at = max(earliest, self._first)
        while at < months and free[at] <= 0:
            at += 1
        if case is None or at >= months:
            return None
        start, need = at, max(whole(cost_after(case, at)), 1)
        pace = max(int(verdict.pace), 1)
        work: list[int] = []
        while need > 0 and at < months:
            most = pace if at else max(int(pace * self._share), 1)
            step = min(most, free[at], need)
            work.append(step)
            free[at] -= step
            need -= step
            at += 1
        while work and work[-1] == 0:
            work.pop()
        done = need <= 0
        until = start + len(work) if done else months
        return Placed(verdict.number, start, tuple(work), done, held(case, start, until), by_hand)


def _left_of(today: date) -> float:
    """Return which share of a month is left on a day, that day counted."""
    days = month_end(today).day
    return (days - today.day + 1) / days
