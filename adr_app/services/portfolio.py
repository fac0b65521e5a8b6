"""An adviser's companies side by side: one line for each, those that need the adviser most first.

Every number is of one company, and is read for all of them at once: the number of queries does not grow. Of
people nothing is told but the adviser's own roles.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from peewee import JOIN, Query, fn

from adr_app.domain.conditions import GONE
from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.permissions import Role
from adr_app.domain.values import dataclass
from adr_app.domain.worktime import last_day
from adr_app.models import tallies
from adr_app.models.base import NO_DAY_LAST
from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.models.reviews import Condition, Review, RiskAcceptance, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import choices, debt_costs, desk, desk_queue, homes
from adr_app.services.dashboard_queries import STANDING, WITHOUT_INPUT
from adr_app.services.homes import Mine

ADVISERS = (Role.CTO, Role.VCISO)
"""Roles that somebody may hold at many companies at once, and is paid for by each."""

PAGE = 25
"""Companies of one page."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next day that something is to happen on, by its code: `decide`, `risk` or `todo`."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Client:
    """One company as its adviser sees it beside the others.

    `needs` is what waits for the adviser; `to_answer` of it waits on the vCISO's desk. `waiting_until` is
    when the oldest review there was or is due, whoever answers it. `debt` is in hundredths of a working day
    a month; None where nothing is estimated. `recorded` is when the newest decision was written down.
    """

    company: Company
    roles: tuple[Role, ...]
    needs: int
    to_answer: int
    without_input: int
    waiting_until: datetime | None
    is_late: bool
    next: NextDate | None
    debt: int | None
    recorded: datetime | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One page of somebody's companies, and how many there are; `place` counts pages from one."""

    clients: list[Client]
    companies: int
    in_need: int
    place: int
    pages: int


def advised(companies: Iterable[tuple[Company, frozenset[Role]]]) -> list[int]:
    """Return the ids of those of somebody's companies that they advise as CTO or vCISO."""
    return [company.id for company, held in companies if not held.isdisjoint(ADVISERS)]


def portfolio(me: Mine, place: int = 1) -> Portfolio:
    """Return one page of the companies that somebody advises, those first that need them most.

    A page that is none is the nearest one.
    """
    ids = me.where(*ADVISERS)
    if not ids:
        return Portfolio([], 0, 0, 1, 1)
    waiting: dict[int, datetime] = dict(_WAITING.rows(companies=ids))
    to_answer = desk_queue.needs_by_company(me)
    flags = tallies.running_in(ids, "flag", me.at, [WITHOUT_INPUT])
    needs = choices.needs_by_company(me, flags) + Counter(to_answer)
    without = {key: homes.total(flags[key], WITHOUT_INPUT) for key in ids}
    ranked = sorted(ids, key=partial(_rank, me, needs, without, waiting))
    pages = -(-len(ids) // PAGE)
    place = min(max(place, 1), pages)
    shown = ranked[(place - 1) * PAGE : place * PAGE]
    dates = _next_dates(me, shown)
    debt, newest = debt_costs.by_company(shown), desk.newest(shown)
    clients = [
        Client(
            company=me.companies[key],
            roles=tuple(role for role in ADVISERS if role in me.roles[key]),
            needs=needs[key],
            to_answer=to_answer.get(key, 0),
            without_input=without[key],
            waiting_until=waiting.get(key),
            is_late=key in waiting and waiting[key] <= me.at,
            next=dates.get(key),
            debt=debt.get(key),
            recorded=newest.get(key),
        )
        for key in shown
    ]
    return Portfolio(clients, len(ids), sum(needs[key] > 0 for key in ids), place, pages)


def _rank(
    me: Mine, needs: Counter[int], without: dict[int, int], waiting: dict[int, datetime], key: int
) -> tuple[Any, ...]:
    """Return by what a company is ranked: an answer that is late, what needs the adviser, the rest."""
    late = key in waiting and waiting[key] <= me.at
    return (not late, -needs[key], -without[key], me.companies[key].name, key)


def _next_dates(me: Mine, ids: list[int]) -> dict[int, NextDate]:
    """Return the next date of each company that has one, of every kind of date in `DATES`."""
    asks: dict[str, Any] = {"companies": ids, "at": int(me.at.timestamp()), "today": me.at.date().isoformat()}
    found: dict[int, NextDate] = {}
    for what, spelled in DATES.items():
        for key, value in spelled.rows(**asks):
            on = last_day(value, me.companies[key].zone) if isinstance(value, datetime) else value
            if key not in found or on < found[key].on:
                found[key] = NextDate(on, what)
    return found


_WAITING = Spelled(
    lambda companies: (
        Review.select(Review.company, fn.MIN(Review.due_at))
        .where(Review.company.in_(companies), Review.state == "waiting")
        .group_by(Review.company)
        .tuples()
    )
)


def _to_decide(companies: Any, at: Any, today: Any) -> Query:
    return (
        Decision.select(Decision.company, fn.MIN(Decision.decide_by_key))
        .where(Decision.company.in_(companies), Decision.status.in_(sorted(UNDECIDED)))
        .where(Decision.decide_by_key >= today, Decision.decide_by_key < NO_DAY_LAST)
        .group_by(Decision.company)
        .tuples()
    )


def _ending_risks(companies: Any, at: Any, today: Any) -> Query:
    return (
        RiskAcceptance.select(RiskAcceptance.company, fn.MIN(RiskAcceptance.until))
        .join(Decision, on=(Decision.id == RiskAcceptance.decision_id))
        .where(RiskAcceptance.company.in_(companies), RiskAcceptance.ended_at.is_null())
        .where(RiskAcceptance.until > at, Decision.status.in_(STANDING))
        .group_by(RiskAcceptance.company)
        .tuples()
    )


def _due_todos(companies: Any, at: Any, today: Any) -> Query:
    taken_back = (VerdictTakenBack.company == Condition.company) & (
        VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    return (
        Condition.select(Condition.company, fn.MIN(Condition.due_on))
        .join(Decision, on=(Decision.id == Condition.decision_id))
        .switch(Condition)
        .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=taken_back)
        .where(VerdictTakenBack.id.is_null())
        .where(Condition.company.in_(companies), Condition.done_at.is_null(), Condition.due_on >= today)
        .where(Condition.state.not_in(sorted(GONE)), Decision.status.in_(STANDING))
        .group_by(Condition.company)
        .tuples()
    )


DATES = {
    "decide": Spelled(_to_decide),
    "risk": Spelled(_ending_risks),
    "todo": Spelled(_due_todos),
}
"""Every kind of day that something is to happen on: the first of each company, as a local day or a moment."""
