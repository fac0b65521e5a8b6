"""A vCISO's desk: everything that waits, and everything they answered, over all of their companies.

One queue for each thing that waits, in the order in which it should be looked at. A page begins after a key,
never at an offset, and the number of queries is the same for one company and for fifty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any

from peewee import SQL, EnclosedNodeList, Expression, Field, Query, Select, fn

from adr_app.domain.permissions import Role
from adr_app.domain.sampling import CHOSEN
from adr_app.domain.security import LEVEL_NAMES
from adr_app.models.base import database
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import Claim, Condition, Review, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import desk_about as about
from adr_app.services import exception_rows
from adr_app.services.asked_reviews import is_for, is_with_another
from adr_app.services.homes import Mine, Row
from adr_app.services.sampling import DECLARED

PAGE = 20
"""Rows of one page: a sitting of two or three hours."""

MANY = 500
"""A queue is counted so far: whether more wait changes nothing, and to count on takes ever longer."""

_PLACE = re.compile(r"(\d{1,11})\.(\d{1,10})(\.back)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see: which queue, of which company, how close the review, only what is late."""

    what: str = "waiting"
    company: str = ""
    level: int | None = None
    late: bool = False
    place: str = ""

    @property
    def filters(self) -> int:
        """Return how many filters are in use."""
        return sum((self.company != "", self.level is not None, self.late))


@dataclass(slots=True)
class Page:
    """Some rows, with the places of the pages before and after them, empty where there is none."""

    rows: list[Row] = field(default_factory=list)
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: the key of its order, what it holds for a person now, and what its rows are about.

    `holds` takes what `Mine.asks` returns.
    """

    code: str
    table: Any
    key: Field
    newest_first: bool
    holds: Callable[..., Expression]
    rows: Callable[[Mine, list[int], list[Any]], list[Row]]
    by_level: bool = False


def companies_of(me: Mine, wanted: Wanted) -> list[int]:
    """Return the companies that are looked at: where the person is vCISO, or the one that is wanted."""
    ids = me.where(Role.VCISO)
    return [key for key in ids if wanted.company in ("", me.companies[key].slug)]


def check(me: Mine, wanted: Wanted) -> Wanted:
    """Return what is wanted, less what there is not: an address typed wrongly shows more."""
    slugs = {me.companies[key].slug for key in me.where(Role.VCISO)}
    what = wanted.what if wanted.what in QUEUES else "waiting"
    narrows = QUEUES[what].by_level
    return Wanted(
        what,
        wanted.company if wanted.company in slugs else "",
        wanted.level if narrows and wanted.level in LEVEL_NAMES else None,
        wanted.late and narrows,
        wanted.place,
    )


def counts(me: Mine, wanted: Wanted) -> dict[str, int]:
    """Return how much each queue holds at the companies looked at, narrowed as the one looked at is.

    Nothing is counted further than to one more than `MANY`.
    """
    ids = companies_of(me, wanted)
    if not ids:
        return dict.fromkeys(QUEUES, 0)
    (found,) = _COUNTS[wanted.what].rows(companies=ids, **me.asks(), **_narrows(wanted))
    return dict(zip(QUEUES, found, strict=True))


def needs_by_company(me: Mine) -> dict[int, int]:
    """Return, for each company where somebody is vCISO, how much of the desk waits for them."""
    ids = me.where(Role.VCISO)
    return {key: int(held) for key, held in _NEEDS.rows(companies=ids, **me.asks())} if ids else {}


def page(me: Mine, wanted: Wanted) -> Page:
    """Return one page of a queue; a place that is none is the beginning."""
    ids = companies_of(me, wanted)
    if not ids:
        return Page()
    queue, place = QUEUES[wanted.what], _PLACE.fullmatch(wanted.place)
    back = place is not None and place[3] is not None
    begins = {"beyond": place is not None, "descending": queue.newest_first != back}
    key, last = (int(place[1]), int(place[2])) if place else (0, 0)
    asks: dict[str, Any] = {"companies": ids, **me.asks(), **_narrows(wanted)}
    found = _PAGES[queue.code].rows(**asks, **begins, key=key, id=last)
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    shown = Page(queue.rows(me, ids, found))
    if found:
        shown.newer = f"{_place(queue, found[0])}.back" if (more if back else place is not None) else ""
        shown.older = _place(queue, found[-1]) if (more or back) else ""
    return shown


def _place(queue: Queue, row: Any) -> str:
    return f"{int(getattr(row, queue.key.name).timestamp())}.{row.id}"


def _narrows(wanted: Wanted) -> dict[str, Any]:
    """Return how a queue is narrowed, as its queries take it."""
    if not QUEUES[wanted.what].by_level:
        return {"late": False, "of_level": False, "level": 0}
    return {"late": wanted.late, "of_level": wanted.level is not None, "level": wanted.level or 0}


def _held(query: Query, queue: Queue, companies: Any, person: Any, at: Any, today: Any) -> Query:
    return query.where(queue.table.company.in_(companies), queue.holds(person, at, today))


def _narrowed(query: Query, at: Any, late: bool, of_level: bool, level: Any) -> Query:
    if late:
        query = query.where(Review.due_at <= at)
    return query.where(Review.level == level) if of_level else query


def _one_page(
    queue: Queue, companies: Any, person: Any, at: Any, today: Any, late: bool, of_level: bool, level: Any,
    beyond: bool, descending: bool, key: Any, id: Any,
) -> Query:  # fmt: skip
    query = _held(queue.table.select(queue.table.id), queue, companies, person, at, today)
    query = _narrowed(query, at, late, of_level, level)
    if beyond:
        keys = EnclosedNodeList([queue.key, queue.table.id])
        query = query.where(Expression(keys, "<" if descending else ">", EnclosedNodeList([key, id])))
    order = [c.desc() if descending else c.asc() for c in (queue.key, queue.table.id)]
    first = query.order_by(*order).limit(PAGE + 1)
    # Which ones they are is read from an index alone; only those are then read whole.
    return queue.table.select().where(queue.table.id.in_(first)).order_by(*order)


def _counted(query: Query) -> Query:
    some = query.limit(MANY + 1).alias("some")
    return Select([some], [fn.COUNT(SQL("1"))])


def _numbers(
    what: str, companies: Any, person: Any, at: Any, today: Any, late: bool, of_level: bool, level: Any
) -> Query:
    counts = []
    for code, queue in QUEUES.items():
        query = _held(queue.table.select(SQL("1")), queue, companies, person, at, today)
        counts.append(_counted(_narrowed(query, at, late, of_level, level) if code == what else query))
    return Select(columns=counts).bind(database).tuples()


def _needs(companies: Any, person: Any, at: Any, today: Any) -> Query:
    each = [
        _held(queue.table.select(queue.table.company, fn.COUNT(SQL("1")).alias("held")), queue, companies,
              person, at, today).group_by(queue.table.company)
        for code, queue in QUEUES.items()
        if code not in OTHERS_TURN
    ]  # fmt: skip
    some = reduce(lambda one, other: one.union_all(other), each).alias("each")
    columns = [some.c.company_id, fn.SUM(some.c.held)]
    return Select([some], columns).group_by(some.c.company_id).bind(database).tuples()


def _mine_in(state: str) -> Callable[..., Expression]:
    return lambda person, at, today: (Review.state == state) & is_for(person, at, today)


def _taken_in_waiting(person: Any, at: Any, today: Any) -> Expression:
    return (Review.state == "waiting") & is_with_another(person, at, today)


def _to_check(person: Any, at: Any, today: Any) -> Expression:
    back = VerdictTakenBack.select(SQL("1")).where(
        VerdictTakenBack.company == Condition.company, VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    by_others = Condition.done_by.is_null() | (Condition.done_by != person)
    done = Condition.done_at.is_null(False) & Condition.verified_at.is_null()
    return done & by_others & ~fn.EXISTS(back)


def _declared_now(person: Any, at: Any, today: Any) -> Expression:
    running = (SpanRow.starts <= at) & (SpanRow.ends > at)
    return (SpanRow.kind == "standing") & (SpanRow.code == DECLARED) & (SpanRow.why == CHOSEN) & running


def _claimed(person: Any, at: Any, today: Any) -> Expression:
    return (Claim.of == person) & Claim.answered_at.is_null()


def _requested(person: Any, at: Any, today: Any) -> Expression:
    return exception_rows.is_to_recommend(person)


def _by_me(person: Any, at: Any, today: Any) -> Expression:
    return Verdict.person == person


QUEUES = {
    queue.code: queue
    for queue in (
        Queue("waiting", Review, Review.due_at, False, _mine_in("waiting"), about.waiting, by_level=True),
        Queue("taken", Review, Review.due_at, False, _taken_in_waiting, about.waiting, by_level=True),
        Queue("them", Review, Review.due_at, False, _mine_in("question"), about.questions, by_level=True),
        Queue("claims", Claim, Claim.claimed_at, False, _claimed, about.claims),
        Queue("requested", ExceptionRequest, ExceptionRequest.asked_at, False, _requested, about.requested),
        Queue("check", Condition, Condition.done_at, False, _to_check, about.todos),
        Queue("harmless", SpanRow, SpanRow.starts, False, _declared_now, about.declared),
        Queue("answered", Verdict, Verdict.at, True, _by_me, about.given),
    )
}
"""Every queue of the desk by its code, in the order in which the page names them."""

OTHERS_TURN = ("taken", "them", "answered")
"""Queues in which somebody else has the next word, or nobody."""

_PAGES = {code: Spelled(partial(_one_page, queue)) for code, queue in QUEUES.items()}
_NEEDS = Spelled(_needs)
_COUNTS = {code: Spelled(partial(_numbers, code)) for code in QUEUES}
