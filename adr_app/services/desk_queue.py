"""A vCISO's desk: everything that waits, and everything they answered, over all of their companies.

One queue for each thing that waits, in the order in which it should be looked at. A page begins after a key,
never at an offset, and the number of queries is the same for one company and for fifty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from peewee import SQL, EnclosedNodeList, Expression, Field, Query, Value, fn

from adr_app.domain.permissions import Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.sampling import CHOSEN
from adr_app.domain.security import LEVEL_NAMES, UNKNOWN_LEVEL
from adr_app.models.decisions import Decision, Revision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Person
from adr_app.models.reviews import Claim, Condition, Review, Verdict, VerdictTakenBack
from adr_app.services import desk, exception_rows, homes
from adr_app.services.homes import Mine, Row
from adr_app.services.sampling import DECLARED

PAGE = 30
"""Rows of one page: a sitting."""

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
    """One queue: what it holds at some companies, the key of its order, and what its rows are about."""

    code: str
    table: Any
    key: Field
    newest_first: bool
    holds: Callable[[Mine, list[int]], Expression]
    about: Callable[[Mine, list[Any]], list[tuple[str, Any, int]]]
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
    """Return how much each queue holds at the companies looked at, narrowed as the one looked at is."""
    ids = companies_of(me, wanted)
    found = {}
    for queue in QUEUES.values():
        narrowed = wanted if queue.code == wanted.what else Wanted(queue.code)
        found[queue.code] = _held(queue, me, ids, narrowed).count() if ids else 0
    return found


def page(me: Mine, wanted: Wanted) -> Page:
    """Return one page of a queue; a place that is none is the beginning."""
    ids = companies_of(me, wanted)
    if not ids:
        return Page()
    queue, place = QUEUES[wanted.what], _PLACE.fullmatch(wanted.place)
    back = place is not None and place[3] is not None
    descending = queue.newest_first != back
    query = _held(queue, me, ids, wanted)
    if place is not None:
        keys = EnclosedNodeList([queue.key, queue.table.id])
        beyond = EnclosedNodeList([Value(int(place[n]), converter=False) for n in (1, 2)])
        query = query.where(Expression(keys, "<" if descending else ">", beyond))
    order = [c.desc() if descending else c.asc() for c in (queue.key, queue.table.id)]
    found = list(query.order_by(*order).limit(PAGE + 1))
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    shown = Page(homes.rows_of(me, ids, queue.about(me, found)))
    if found:
        shown.newer = f"{_place(queue, found[0])}.back" if (more if back else place is not None) else ""
        shown.older = _place(queue, found[-1]) if (more or back) else ""
    return shown


def _place(queue: Queue, row: Any) -> str:
    return f"{int(getattr(row, queue.key.name).timestamp())}.{row.id}"


def _held(queue: Queue, me: Mine, ids: list[int], wanted: Wanted) -> Query:
    table = queue.table
    query = table.select().where(table.company.in_(ids), queue.holds(me, ids))
    if queue.by_level and wanted.late:
        query = query.where(Review.due_at <= me.at)
    if queue.by_level and wanted.level is not None:
        level = fn.COALESCE(Decision.level, UNKNOWN_LEVEL)
        one = (Decision.company == table.company) & (Decision.id == table.decision_id)
        query = query.join(Decision, on=one).where(level == wanted.level).switch(table)
    return query


def _waiting(me: Mine, reviews: list[Review]) -> list[tuple[str, Any, int]]:
    texts = newest_texts(reviews)
    asked = Person.select().where(Person.id.in_({one.asked_of_id for one in reviews})) if reviews else []
    by_id = {person.id: person for person in asked}
    for one in reviews:
        one.asked_of = by_id[one.asked_of_id]
    return [("review", (one, texts.get(one.decision_id)), one.decision_id) for one in reviews]


def newest_texts(reviews: list[Review]) -> dict[int, Revision]:
    """Return the newest text of each decision that some reviews are about, in one query."""
    if not reviews:
        return {}
    rows = (
        Revision.select(Revision)
        .join(Decision, on=(Decision.id == Revision.decision_id) & (Decision.latest == Revision.number))
        .where(
            Revision.company.in_({one.company_id for one in reviews}),
            Revision.decision_id.in_([one.decision_id for one in reviews]),
        )
    )
    return {row.decision_id: row for row in rows}


def _questions(me: Mine, reviews: list[Review]) -> list[tuple[str, Any, int]]:
    said, names = homes.questions_said(reviews), desk.names_of({one.asked_by_id for one in reviews})
    return [("question", (r, names[r.asked_by_id], said.get(r.id)), r.decision_id) for r in reviews]


def _claims(me: Mine, claims: list[Claim]) -> list[tuple[str, Any, int]]:
    people = {row.id: row for row in Person.select().where(Person.id.in_([c.claimed_by_id for c in claims]))}
    for claim in claims:
        claim.claimed_by = people[claim.claimed_by_id]
    return [("claim", claim, claim.decision_id) for claim in claims]


def _todos(me: Mine, todos: list[Condition]) -> list[tuple[str, Any, int]]:
    names = desk.names_of({todo.done_by_id for todo in todos if todo.done_by_id})
    return [("check", (todo, names.get(todo.done_by_id, "")), todo.decision_id) for todo in todos]


def _declared(me: Mine, spans: list[SpanRow]) -> list[tuple[str, Any, int]]:
    return [("declared", span, span.subject_id) for span in spans]


def _requests(me: Mine, requests: list[ExceptionRequest]) -> list[tuple[str, Any, int]]:
    people = {row.id: row for row in Person.select().where(Person.id.in_([r.asked_by_id for r in requests]))}
    for request in requests:
        request.asked_by = people[request.asked_by_id]
    return [("requested", request, request.decision_id) for request in requests]


def _given(me: Mine, given: list[Verdict]) -> list[tuple[str, Any, int]]:
    ids = [one.decision_id for one in given]
    became = standings_of(sorted({one.company_id for one in given}), ids, me.at)
    gone = VerdictTakenBack.select(VerdictTakenBack.verdict_id).where(
        VerdictTakenBack.company.in_({one.company_id for one in given}),
        VerdictTakenBack.verdict_id.in_([one.id for one in given]),
    )
    back = {key for (key,) in gone.tuples()} if given else set()
    return [
        ("answered", (one, VERDICTS[one.code], became.get(one.decision_id), one.id in back), one.decision_id)
        for one in given
    ]


def _mine_in(state: str) -> Callable[[Mine, list[int]], Expression]:
    return lambda me, ids: (Review.state == state) & homes.is_for(me)


def _taken_in_waiting(me: Mine, ids: list[int]) -> Expression:
    return (Review.state == "waiting") & homes.is_with_another(me)


def _to_check(me: Mine, ids: list[int]) -> Expression:
    back = VerdictTakenBack.select(SQL("1")).where(
        VerdictTakenBack.company == Condition.company, VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    by_others = Condition.done_by.is_null() | (Condition.done_by != me.person.id)
    done = Condition.done_at.is_null(False) & Condition.verified_at.is_null()
    return done & by_others & ~fn.EXISTS(back)


def _declared_now(me: Mine, ids: list[int]) -> Expression:
    running = (SpanRow.starts <= me.at) & (SpanRow.ends > me.at)
    return (SpanRow.kind == "standing") & (SpanRow.code == DECLARED) & (SpanRow.why == CHOSEN) & running


def _claimed(me: Mine, ids: list[int]) -> Expression:
    return (Claim.of == me.person.id) & Claim.answered_at.is_null()


def _requested(me: Mine, ids: list[int]) -> Expression:
    return exception_rows.is_to_recommend(me.person.id)


def _by_me(me: Mine, ids: list[int]) -> Expression:
    return Verdict.person == me.person.id


QUEUES = {
    queue.code: queue
    for queue in (
        Queue("waiting", Review, Review.due_at, False, _mine_in("waiting"), _waiting, by_level=True),
        Queue("taken", Review, Review.due_at, False, _taken_in_waiting, _waiting, by_level=True),
        Queue("them", Review, Review.due_at, False, _mine_in("question"), _questions, by_level=True),
        Queue("claims", Claim, Claim.claimed_at, False, _claimed, _claims),
        Queue("requested", ExceptionRequest, ExceptionRequest.asked_at, False, _requested, _requests),
        Queue("check", Condition, Condition.done_at, False, _to_check, _todos),
        Queue("harmless", SpanRow, SpanRow.starts, False, _declared_now, _declared),
        Queue("answered", Verdict, Verdict.at, True, _by_me, _given),
    )
}
"""Every queue of the desk by its code, in the order in which the page names them."""
