"""The vCISO's first screen: what waits for an answer, by due time, and what was decided without one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, Query, fn

from adr_app.domain.conditions import GONE
from adr_app.domain.permissions import Role
from adr_app.domain.plain_words import WORDS_A_MINUTE
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Claim, Condition, RiskAcceptance, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import asked_reviews, exception_rows, homes, people, sampling
from adr_app.services.dashboard_queries import STANDING, WITHOUT_INPUT
from adr_app.services.homes import SHOWN, Mine, Row
from adr_app.services.older import OLDER

NEWLY_ENGAGED = timedelta(days=30)
"""For so long after a vCISO came, what was decided before stands higher on the screen."""

DUE_WITHIN = timedelta(days=30)
QUIET_AFTER = timedelta(days=30)
MINUTES_TO_JUDGE = 3


@dataclass
class VcisoHome:
    """The vCISO's first screen; lists hold a handful, and each count beside them is whole.

    `newly` are the ids of companies where the vCISO is new and something is older than the log.
    """

    answers: list[Row] = field(default_factory=list)
    answers_all: int = 0
    minutes: int = 0
    claims: list[Row] = field(default_factory=list)
    claims_all: int = 0
    requested: list[Row] = field(default_factory=list)
    discussed: list[Row] = field(default_factory=list)
    declared: list[Row] = field(default_factory=list)
    declared_all: int = 0
    decided: list[tuple[Company, int, Row | None]] = field(default_factory=list)
    older: list[tuple[Company, int]] = field(default_factory=list)
    newly: frozenset[int] = frozenset()
    waiting: list[Row] = field(default_factory=list)
    waiting_all: int = 0
    due: list[Row] = field(default_factory=list)
    due_all: int = 0
    quiet: list[tuple[Company, int]] = field(default_factory=list)


def vciso_home(me: Mine) -> VcisoHome:
    """Return what waits for a vCISO, by due time, and what was decided without them."""
    ids = me.where(Role.VCISO)
    waiting, waiting_all = asked_reviews.reviews_in(ids, "waiting", {}, me)
    questions, questions_all = asked_reviews.reviews_in(ids, "question", {}, me)
    said = asked_reviews.questions_said(questions)
    claims, claims_all = _claims(me, ids)
    put = homes.open_questions(ids, {})
    discussed = homes.discussed(me, ids, {})
    requested = exception_rows.to_recommend(ids, me.person.id)
    todos, todos_all = _due_todos(me, ids)
    risks, risks_all = _ending_risks(me, ids)
    flags = homes.known_in(me, {}, ids, "flag", [WITHOUT_INPUT, OLDER])
    names = people.names({review.asked_by_id for review in questions})
    reviews = [("review", review, review.decision_id) for review in waiting]
    answers = homes.rows_of(me, ids, reviews, texts=True)
    pairs: list[tuple[str, Any, int]] = [("claim", claim, claim.decision_id) for claim in claims]
    pairs += [("requested", request, request.decision_id) for request in requested]
    pairs += [("discussion", comment, comment.decision_id) for comment in discussed]
    pairs += [("question", (r, names[r.asked_by_id], said.get(r.id)), r.decision_id) for r in questions]
    pairs += [("leadership", q, q.decision_id) for q in put]
    pairs += [("todo", c, c.decision_id) for c in todos]
    pairs += [("risk", r, r.decision_id) for r in risks]
    declared, declared_all = sampling.to_check(ids, me.at, SHOWN)
    pairs += [("declared", span, span.subject_id) for span in declared]
    rows = homes.rows_of(me, ids, pairs)
    older = _by_company(me, {key: homes.total(flags[key], OLDER) for key in ids})
    return VcisoHome(
        answers=[Row(r.company, r.decision, r.what, (r.about, r.decision.newest)) for r in answers],
        answers_all=waiting_all,
        minutes=sum(minutes_to_judge(row.decision.newest) for row in answers),
        claims=[row for row in rows if row.what == "claim"],
        claims_all=claims_all,
        requested=[row for row in rows if row.what == "requested"],
        discussed=[row for row in rows if row.what == "discussion"],
        declared=[row for row in rows if row.what == "declared"],
        declared_all=declared_all,
        decided=_decided_without(me, ids, {key: homes.total(flags[key], WITHOUT_INPUT) for key in ids}),
        older=older,
        newly=_newly_engaged(me, [company.id for company, _ in older]),
        waiting=[row for row in rows if row.what in ("question", "leadership")][:SHOWN],
        waiting_all=questions_all + len(put),
        due=[row for row in rows if row.what in ("todo", "risk")],
        due_all=todos_all + risks_all,
        quiet=_quiet(me, ids),
    )


def next_answer(me: Mine, *, besides: int) -> Row | None:
    """Return the first review by due time that waits for a vCISO, at any of their companies, but one.

    `besides` is the id of the decision it is not: the one that was just looked at.
    """
    ids = me.where(Role.VCISO)
    waiting, _ = asked_reviews.reviews_in(ids, "waiting", {}, me)
    others = [("review", review, review.decision_id) for review in waiting if review.decision_id != besides]
    return next(iter(homes.rows_of(me, ids, others)), None)


def minutes_to_judge(newest: Revision | None) -> int:
    """Return about how many minutes a plain answer takes: reading, and a moment to think."""
    return MINUTES_TO_JUDGE + round((newest.words if newest else 0) / WORDS_A_MINUTE)


def _by_company(me: Mine, counts: dict[int, int]) -> list[tuple[Company, int]]:
    """Return the companies that count something, the most first."""
    some = sorted((key for key in counts if counts[key] > 0), key=lambda key: -counts[key])
    return [(me.companies[key], counts[key]) for key in some]


def _newly_engaged(me: Mine, ids: list[int]) -> frozenset[int]:
    """Return at which of some companies somebody first became vCISO within the last 30 days."""
    if not ids:
        return frozenset()
    since = int((me.at - NEWLY_ENGAGED).timestamp())
    rows = (
        Engagement.select(Engagement.company)
        .where(Engagement.person == me.person.id, Engagement.role == Role.VCISO, Engagement.company.in_(ids))
        .group_by(Engagement.company)
        .having(fn.MIN(Engagement.starts_at) > since)
    )
    return frozenset(key for (key,) in rows.tuples())


def _claims(me: Mine, ids: list[int]) -> tuple[list[Claim], int]:
    rows = _CLAIMS.rows(person=me.person.id, companies=ids)
    return rows, rows[0].many if rows else 0


_CLAIMS = Spelled(
    lambda person, companies: (
        Claim.select(Claim, Person, fn.COUNT(Claim.id).over().alias("many"))
        .join(Person, on=(Claim.claimed_by == Person.id))
        .where(Claim.of == person, Claim.answered_at.is_null(), Claim.company.in_(companies))
        .order_by(Claim.claimed_at, Claim.id)
        .limit(SHOWN)
    )
)


def _due_todos(me: Mine, ids: list[int]) -> tuple[list[Condition], int]:
    """Return to-dos due soon or overdue, of answers that stand, on decisions in force or about to be."""
    rows = _DUE_TODOS.rows(companies=ids, until=(me.at + DUE_WITHIN).date().isoformat())
    return rows, rows[0].many if rows else 0


def _todos_due(companies: Any, until: Any) -> Query:
    taken_back = (VerdictTakenBack.company == Condition.company) & (
        VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    return (
        Condition.select(Condition, fn.COUNT(Condition.id).over().alias("many"))
        .join(Decision, on=(Decision.id == Condition.decision_id))
        .switch(Condition)
        .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=taken_back)
        .where(
            Condition.company.in_(companies),
            Condition.done_at.is_null(),
            Condition.state.not_in(sorted(GONE)),
            Condition.due_on <= until,
            Decision.status.in_(STANDING),
            VerdictTakenBack.id.is_null(),
        )
        .order_by(Condition.due_on, Condition.id)
        .limit(SHOWN)
    )


_DUE_TODOS = Spelled(_todos_due)


def _ending_risks(me: Mine, ids: list[int]) -> tuple[list[RiskAcceptance], int]:
    """Return risks taken that end soon, on decisions in force or about to be."""
    moments = {"at": int(me.at.timestamp()), "until": int((me.at + DUE_WITHIN).timestamp())}
    rows = _ENDING_RISKS.rows(companies=ids, **moments)
    return rows, rows[0].many if rows else 0


_ENDING_RISKS = Spelled(
    lambda companies, at, until: (
        RiskAcceptance.select(RiskAcceptance, fn.COUNT(RiskAcceptance.id).over().alias("many"))
        .join(Decision, on=(Decision.id == RiskAcceptance.decision_id))
        .where(
            RiskAcceptance.company.in_(companies),
            RiskAcceptance.ended_at.is_null(),
            RiskAcceptance.until > at,
            RiskAcceptance.until <= until,
            Decision.status.in_(STANDING),
        )
        .order_by(RiskAcceptance.until, RiskAcceptance.id)
        .limit(SHOWN)
    )
)


def _decided_without(
    me: Mine, ids: list[int], counts: dict[int, int]
) -> list[tuple[Company, int, Row | None]]:
    spans = homes.without_input(ids, counts, WITHOUT_INPUT, me.at, 1)
    rows = homes.rows_of(me, ids, [("ask", span, span.subject_id) for span in spans])
    newest = {row.company.id: row for row in rows}
    return [(company, count, newest.get(company.id)) for company, count in _by_company(me, counts)]


def _quiet(me: Mine, ids: list[int]) -> list[tuple[Company, int]]:
    """Return the companies where no decision was recorded for long, and for how many days.

    Only a decision that is written down breaks the silence: other acts of the company do not.
    """
    last = {key: me.companies[key].created_at for key in ids} | newest(ids)
    found: list[tuple[Company, datetime]] = [(me.companies[key], at) for key, at in last.items()]
    return [(company, (me.at - at).days) for company, at in found if me.at - at >= QUIET_AFTER]


def newest(ids: list[int]) -> dict[int, datetime]:
    """Return when the newest decision of each of some companies was written down, where there is one."""
    return {row.company_id: row.created_at for row in _NEWEST.rows(companies=ids)} if ids else {}


_NEWEST = Spelled(
    lambda companies: (
        Decision.select(Decision.company, Decision.created_at)
        .join(Company, on=(Company.id == Decision.company) & (Decision.number == Company.next_decision - 1))
        .where(Company.id.in_(companies))
    )
)
