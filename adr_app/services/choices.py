"""The CTO's first screen: what is to be decided, answered or asked, and what others have to do first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from peewee import SQL, Query, fn

from adr_app.domain.decisions import Status
from adr_app.domain.permissions import Act, Role, permits
from adr_app.models import tallies
from adr_app.models.decisions import Decision, WorkingCopy
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Company, Person
from adr_app.models.reviews import Review, RiskQuestion
from adr_app.models.spelled import Spelled
from adr_app.services import asked_reviews, debt_costs, homes, overhead
from adr_app.services.dashboard_queries import WITHOUT_INPUT
from adr_app.services.homes import SHOWN, Mine, Row

WITH_HER = ["asked", "question"]
"""Standings of a proposal that waits for an answer, the vCISO's or the author's."""

CLAIMED = "claimed"
"""Why it has no input, where the vCISO has been asked about a meeting: nobody else has to do anything."""


@dataclass
class CtoHome:
    """The CTO's first screen; lists hold a handful, and each count beside them is whole."""

    needs: list[Row] = field(default_factory=list)
    needs_all: int = 0
    to_decide: dict[int, int] = field(default_factory=dict)
    waiting: list[Row] = field(default_factory=list)
    waiting_all: int = 0
    unfinished: list[tuple[Company, WorkingCopy]] = field(default_factory=list)
    unfinished_all: int = 0
    table: list[dict[str, Any]] = field(default_factory=list)
    vcisos: dict[int, Person] = field(default_factory=dict)
    next: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Here:
    """What every part of the screen is drawn from: companies, what is hidden there, what is counted."""

    me: Mine
    ids: list[int]
    hidden: dict[int, list[int]]
    without: homes.Counts
    statuses: homes.Counts


def cto_home(me: Mine) -> CtoHome:
    """Return what needs a CTO: questions to answer, proposals to decide, what was not asked; and the rest."""
    ids = me.where(Role.CTO, Role.DELEGATE)
    hidden = homes.hidden_from(me, ids)
    here = _Here(
        me,
        ids,
        hidden,
        homes.known_in(me, hidden, ids, "flag", [WITHOUT_INPUT]),
        homes.known_in(me, hidden, ids, "status", [Status.PROPOSED, Status.DRAFT]),
    )
    vcisos = homes.vcisos(ids, me.at)
    questions, questions_all = asked_reviews.reviews_in(ids, "question", hidden)
    waiting, waiting_all = asked_reviews.reviews_in(ids, "waiting", hidden)
    put = homes.open_questions(ids, hidden)
    proposals, to_decide = _proposals(here, put)
    unasked, unasked_all = _unasked(here)
    said = asked_reviews.questions_said(questions)
    standings = standings_of(ids, proposals + unasked, me.at)
    discussed = homes.discussed(me, ids, hidden)
    words = _words(here)
    pairs: list[tuple[str, Any, int]] = [("answer", (r, said.get(r.id)), r.decision_id) for r in questions]
    pairs += [("discussion", comment, comment.decision_id) for comment in discussed]
    pairs += [("word", about, key) for key, about in words.items()]
    pairs += [("decide", standings.get(key), key) for key in proposals]
    pairs += [("ask", standings.get(key), key) for key in unasked]
    others: list[tuple[str, Any, int]] = [("review", review, review.decision_id) for review in waiting]
    others += [("leadership", question, question.decision_id) for question in put]
    rows = homes.rows_of(me, ids, pairs + others)
    copies, copies_all = homes.unfinished(me)
    return CtoHome(
        needs=[_step(me, row, vcisos) for row in rows if row.what not in ("review", "leadership")][:SHOWN],
        needs_all=questions_all + len(discussed) + len(words) + sum(to_decide.values()) + unasked_all,
        to_decide=to_decide,
        waiting=[row for row in rows if row.what in ("review", "leadership")][:SHOWN],
        waiting_all=waiting_all + len(put),
        unfinished=copies,
        unfinished_all=copies_all,
        table=_table(here),
        vcisos=vcisos,
        next=homes.next_to_decide(me, ids),
    )


def needs_by_company(me: Mine, without: homes.Counts) -> Counter[int]:
    """Return, for each company where somebody is CTO, how much their first screen lists as needing them.

    `without` is what stands without vCISO input at those companies, less what is hidden there.
    """
    ids = me.where(Role.CTO)
    if not ids:
        return Counter()
    kinds = {"status": [str(Status.PROPOSED)], "standing": WITH_HER}
    totals = tallies.running_of(ids, kinds, me.at)
    here = _Here(me, ids, {}, without, totals["status"])
    found = Counter(_to_decide(here, homes.open_questions(ids, {}), totals["standing"]))
    found.update(dict(_QUESTIONS.rows(companies=ids)))
    found.update(homes.discussed_by_company(me, ids, {}))
    found.update(todo.company_id for todo, _ in _words(here).values())
    for key in ids:
        found[key] += homes.total(without[key], WITHOUT_INPUT) - without[key][(WITHOUT_INPUT, CLAIMED)]
    found.subtract(dict(_HOW_MANY_SINCE.rows(companies=ids, at=int(me.at.timestamp()))))
    return found


_QUESTIONS = Spelled(
    lambda companies: (
        Review.select(Review.company, fn.COUNT(Review.id))
        .where(Review.company.in_(companies), Review.state == "question")
        .group_by(Review.company)
        .tuples()
    )
)


def _words(here: _Here) -> dict[int, tuple[Any, int]]:
    """Return, by decision in force, the first to-do that waits for this person's word, and how many there do.

    What is to be decided stands on the screen already, and shows its to-dos.
    """
    unknown = {key for found in here.hidden.values() for key in found}
    found: dict[int, tuple[Any, int]] = {}
    for todo in overhead.awaited(here.ids, here.me.at):
        if todo.decided != Status.ACCEPTED or todo.decision_id in unknown:
            continue
        if todo.asked_by != here.me.person.id:
            first, many = found.get(todo.decision_id, (todo, 0))
            found[todo.decision_id] = (first, many + 1)
    return found


def _step(me: Mine, row: Row, vcisos: dict[int, Person]) -> Row:
    """Return a row with the act that comes next: the vCISO is asked first, where that makes sense."""
    decision, engaged = row.decision, row.company.id in vcisos
    is_author = decision.author_id == me.person.id
    may_ask = permits(Act.ASK_REVIEW, me.roles[row.company.id], is_author=is_author, cto_engaged=True)
    what = row.what
    if what == "decide":
        code = row.about.code if row.about is not None else "not-asked"
        harmless = decision.level == 0 and not decision.raised_level
        if code == "refused":
            what = "stuck"
        elif code == "not-asked" and engaged and may_ask and not harmless:
            what = "send"
    elif what == "ask" and not engaged:
        what = "nobody"
    elif what == "ask" and not may_ask:
        what = "look"
    return Row(row.company, decision, what, row.about)


def _proposals(here: _Here, put: list[RiskQuestion]) -> tuple[list[int], dict[int, int]]:
    """Return the first proposals that wait for nobody else, by the day to decide by, and how many by company.

    Counted by running totals: what is proposed, less what the vCISO or the author has to answer, less what
    is put to leadership besides.
    """
    me, ids = here.me, here.ids
    with_her = homes.known_in(me, here.hidden, ids, "standing", WITH_HER)
    counts, asked = _to_decide(here, put, with_her), [question.decision_id for question in put]
    each = [
        _waiting_for_nobody([key], me.at)
        .where(homes.but(Decision.id, here.hidden), Decision.id.not_in(asked) if asked else True)
        .order_by(Decision.decide_by_key, Decision.id)
        .limit(SHOWN)
        for key in ids
        if counts[key] > 0
    ]
    found = list(reduce(add, [_whole(query) for query in each])) if each else []
    found.sort(key=lambda row: (row.decide_by_key, row.id))
    return [row.id for row in found[:SHOWN]], counts


def _to_decide(here: _Here, put: list[RiskQuestion], with_her: homes.Counts) -> dict[int, int]:
    """Return, for each company, how many proposals wait for nobody else."""
    me, ids = here.me, here.ids
    counts = {
        key: homes.total(here.statuses[key], Status.PROPOSED) - homes.total(with_her[key], *WITH_HER)
        for key in ids
    }
    if put:
        besides = _waiting_for_nobody(ids, me.at).where(Decision.id.in_([one.decision_id for one in put]))
        for row in besides:
            counts[row.company_id] -= 1
    return counts


def _waiting_for_nobody(ids: list[int], at: datetime) -> Query:
    standing = SpanRow.select(SQL("1")).where(
        SpanRow.company == Decision.company,
        SpanRow.subject_type == "decision",
        SpanRow.subject_id == Decision.id,
        SpanRow.kind == "standing",
        SpanRow.code.in_(WITH_HER),
        SpanRow.starts <= at,
        SpanRow.ends > at,
    )
    of = Decision.company == ids[0] if len(ids) == 1 else Decision.company.in_(ids)
    return Decision.select(Decision.id, Decision.company, Decision.decide_by_key).where(
        of, Decision.status == Status.PROPOSED, ~fn.EXISTS(standing)
    )


def _whole(query: Query) -> Query:
    """Return a query that ends within itself, so that several can be put together in one statement."""
    return query.select_from(query.c.id, query.c.company_id, query.c.decide_by_key)


def _unasked(here: _Here) -> tuple[list[int], int]:
    """Return the newest decisions without vCISO input that nobody was asked about since, and how many."""
    ids, at = here.ids, here.me.at
    asked = _asked_since(here)
    counts = {key: homes.total(here.without[key], WITHOUT_INPUT) for key in ids}
    claimed = sum(here.without[key][(WITHOUT_INPUT, CLAIMED)] for key in ids)
    unknown = {key for found in here.hidden.values() for key in found}
    # So many more are read that those left out cannot hide one that counts.
    limit = SHOWN + len(asked) + claimed + len(unknown)
    spans = homes.without_input(ids, counts, WITHOUT_INPUT, at, limit)
    left_out = asked.keys() | unknown
    found = [s.subject_id for s in spans if s.subject_id not in left_out and s.why != CLAIMED]
    return found[:SHOWN], sum(counts.values()) - claimed - len(asked)


def _asked_since(here: _Here) -> dict[int, int]:
    """Return what was decided without vCISO input and asked about since: the company of each decision."""
    hidden, at = homes.all_of(here.hidden), int(here.me.at.timestamp())
    return dict(_ASKED_SINCE.rows(companies=here.ids, hidden=hidden, at=at))


def _reviews_since(companies: Any, hidden: Any, at: Any) -> Query:
    flag = SpanRow.select(SQL("1")).where(
        SpanRow.company == Review.company,
        SpanRow.subject_type == "decision",
        SpanRow.subject_id == Review.decision_id,
        SpanRow.kind == "flag",
        SpanRow.code == WITHOUT_INPUT,
        SpanRow.why != CLAIMED,
        SpanRow.starts <= at,
        SpanRow.ends > at,
    )
    return (
        Review.select(Review.decision_id, Review.company)
        .where(Review.company.in_(companies), Review.state.in_(("waiting", "question")), fn.EXISTS(flag))
        .where(Review.decision_id.not_in(hidden) if hidden else True)
        .tuples()
    )


_ASKED_SINCE = Spelled(_reviews_since)
_HOW_MANY_SINCE = Spelled(
    lambda companies, at: (
        _reviews_since(companies, [], at)
        .select(Review.company, fn.COUNT(Review.decision_id.distinct()))
        .group_by(Review.company)
        .tuples()
    )
)


def _table(here: _Here) -> list[dict[str, Any]]:
    """Return one row per company: undecided and how old, without input, what debt costs a month."""
    me, ids = here.me, here.ids
    oldest: dict[int, datetime] = {}
    for status in (Status.PROPOSED, Status.DRAFT):
        some = [key for key in ids if homes.total(here.statuses[key], status)]
        for company_id, created in _oldest(some, status, here.hidden):
            oldest[company_id] = min(created, oldest.get(company_id, created))
    debt = debt_costs.by_company(ids)
    return [
        {
            "company": me.companies[key],
            "undecided": homes.total(here.statuses[key], Status.PROPOSED, Status.DRAFT),
            "oldest": (me.at - oldest[key]).days if key in oldest else None,
            "without": homes.total(here.without[key], WITHOUT_INPUT),
            "debt": debt.get(key),
        }
        for key in sorted(ids, key=lambda key: me.companies[key].name)
    ]


def _oldest(ids: Iterable[int], status: str, hidden: dict[int, list[int]]) -> list[tuple[int, datetime]]:
    """Return when the oldest known decision with a status was written at each company, in one query."""
    listed = list(ids)
    if not listed:
        return []
    first = (
        Decision.select(fn.MIN(Decision.id))
        .where(Decision.company.in_(listed), Decision.status == status, homes.but(Decision.id, hidden))
        .group_by(Decision.company)
    )
    rows = Decision.select(Decision.company, Decision.created_at).where(Decision.id.in_(first))
    return [(row.company_id, row.created_at) for row in rows]
