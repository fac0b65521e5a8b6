"""First screens: what needs a person today, across all the companies where they hold a role."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import Query, fn

from adr_app.domain.debt import OPEN
from adr_app.domain.decisions import Status
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models import tallies
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision, WorkingCopy
from adr_app.models.flags import SpanRow, newest_running
from adr_app.models.people import Company, Person
from adr_app.models.reviews import Review, RiskQuestion
from adr_app.services import restricted
from adr_app.services.dashboard import WITHOUT_INPUT

SHOWN = 8
"""Rows of one section; the rest is one click away."""

READY = ["cleared-before", "cleared-with-conditions-before", "advised-before"]
STUCK = ["refused"]
MANY = 2000
SEEING = frozenset({Role.LEADER, Role.CTO, Role.VCISO})
"""Roles that restricted decisions are not hidden from."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A person with the companies where they hold a role now, and which roles."""

    person: Person
    companies: dict[int, Company]
    roles: dict[int, frozenset[Role]]
    at: datetime

    def where(self, *roles: Role) -> list[int]:
        """Return the ids of the companies where the person holds one of some roles."""
        return [key for key, held in self.roles.items() if held & set(roles)]

    def today(self, company_id: int) -> date:
        """Return the local day at a company."""
        return local_day(self.at, self.companies[company_id].zone)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a first screen: a decision of a company, what it is about, and what goes with it."""

    company: Company
    decision: Decision
    what: str
    about: Any = None


@dataclass
class CtoHome:
    """The CTO's first screen."""

    needs: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    unfinished: list[tuple[Company, WorkingCopy]] = field(default_factory=list)
    table: list[dict[str, Any]] = field(default_factory=list)


def mine(person: Person, companies: Iterable[tuple[Company, frozenset[Role]]], at: datetime) -> Mine:
    """Return somebody with their companies, as `people.companies_of` found them."""
    pairs = list(companies)
    return Mine(person, {c.id: c for c, _ in pairs}, {c.id: held for c, held in pairs}, at)


def visible(me: Mine, company_ids: list[int]) -> Query:
    """Return the decisions of some of a person's companies, less what is restricted from them there."""
    seeing = [key for key in company_ids if me.roles[key] & SEEING]
    return Decision.select().where(
        Decision.company.in_(company_ids),
        (Decision.restricted == False)  # noqa: E712
        | Decision.company.in_(seeing)
        | (Decision.author == me.person.id),
    )


def decisions_of(me: Mine, company_ids: list[int], ids: Iterable[int]) -> dict[int, Decision]:
    """Return some decisions by id, each with its company; what the person may not see is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = {row.id: row for row in visible(me, company_ids).where(Decision.id.in_(wanted))}
    for row in found.values():
        row.company = me.companies[row.company_id]
    return found


def rows_of(me: Mine, company_ids: list[int], pairs: Iterable[tuple[str, Any, int]]) -> list[Row]:
    """Return rows from `(what, about, decision id)`, in that order."""
    listed = list(pairs)
    seen = decisions_of(me, company_ids, (key for _, _, key in listed))
    return [Row(seen[key].company, seen[key], what, about) for what, about, key in listed if key in seen]


def cto_home(me: Mine) -> CtoHome:
    """Return what needs a CTO: decisions to take, questions to answer, what was not asked; and the rest."""
    ids = me.where(Role.CTO, Role.DELEGATE)
    hidden = hidden_from(me, ids)
    without = known_in(me, hidden, ids, "flag", [WITHOUT_INPUT])
    questions = reviews_in(ids, "question")
    ready = newest_running(ids, "standing", READY + STUCK, me.at, limit=SHOWN)
    unasked = without_input(me, ids, without)
    asked_leaders = open_questions(ids)
    put = {question.decision_id for question in asked_leaders}
    waiting = reviews_in(ids, "waiting")
    asked = {review.decision_id for review in waiting}
    needs = [("answer", review, review.decision_id) for review in questions]
    needs += [
        ("stuck" if span.code in STUCK else "decide", span, span.subject_id)
        for span in ready
        if span.subject_id not in put
    ]
    needs += [
        ("ask", span, span.subject_id)
        for span in unasked
        if span.subject_id not in asked
        and span.why != "claimed"  # the vCISO has been asked about the meeting
    ]
    others = [("review", review, review.decision_id) for review in waiting]
    others += [("leadership", question, question.decision_id) for question in asked_leaders]
    rows = rows_of(me, ids, needs + others)
    waits = {"review", "leadership"}
    return CtoHome(
        needs=[row for row in rows if row.what not in waits and _still_needs(row)][:SHOWN],
        waiting=[row for row in rows if row.what in waits][:SHOWN],
        unfinished=unfinished(me),
        table=_table(me, ids, hidden, without),
    )


def _still_needs(row: Row) -> bool:
    """Return whether a row asks the CTO for an act: only what is proposed waits to be decided."""
    if row.what in ("decide", "stuck"):
        return row.decision.status == Status.PROPOSED
    return row.what != "ask" or row.decision.status == Status.ACCEPTED


def reviews_in(company_ids: list[int], state: str, asked_of: int | None = None) -> list[Review]:
    """Return the first reviews in a state by due time, each with whom it was asked of."""
    query = (
        Review.select(Review, Person)
        .join(Person, on=(Review.asked_of == Person.id))
        .where(Review.company.in_(company_ids), Review.state == state)
    )
    if asked_of is not None:
        query = query.where(Review.asked_of == asked_of)
    return list(query.order_by(Review.due_at, Review.id).limit(SHOWN))


def open_questions(company_ids: list[int]) -> list[RiskQuestion]:
    """Return the questions of risk that wait for leadership, by the day they are due."""
    return list(
        RiskQuestion.select(RiskQuestion, Person)
        .join(Person, on=(RiskQuestion.asked_of == Person.id))
        .where(RiskQuestion.company.in_(company_ids), RiskQuestion.state == "open")
        .order_by(RiskQuestion.answer_by, RiskQuestion.id)
        .limit(SHOWN)
    )


def without_input(me: Mine, ids: list[int], counts: dict[int, Counter[str]]) -> list[SpanRow]:
    """Return the newest decisions of each company that stand without vCISO input."""
    found: list[SpanRow] = []
    for many in (False, True):
        some = [
            key
            for key in ids
            if counts[key][WITHOUT_INPUT] > 0 and (counts[key][WITHOUT_INPUT] > MANY) == many
        ]
        found += newest_running(some, "flag", [WITHOUT_INPUT], me.at, limit=3, many=many)
    return sorted(found, key=lambda span: span.starts, reverse=True)


def unfinished(me: Mine) -> list[tuple[Company, WorkingCopy]]:
    """Return what the person noted and did not finish, newest first."""
    rows = (
        WorkingCopy.select()
        .where(WorkingCopy.person == me.person.id, WorkingCopy.company.in_(list(me.companies)))
        .order_by(WorkingCopy.saved_at.desc())
        .limit(SHOWN)
    )
    return [(me.companies[row.company_id], row) for row in rows]


def hidden_from(me: Mine, company_ids: list[int]) -> dict[int, list[int]]:
    """Return, for each company where some decisions are hidden from the person, the ids of those."""
    unseeing = [key for key in company_ids if not me.roles[key] & SEEING]
    found = {key: restricted.hidden_at(key, me.person.id) for key in unseeing}
    return {key: hidden for key, hidden in found.items() if hidden}


def known_in(
    me: Mine, hidden: dict[int, list[int]], ids: list[int], kind: str, codes: list[str]
) -> dict[int, Counter[str]]:
    """Return, for each company, how many spans of some codes hold now, less those on hidden decisions."""
    found = tallies.running_in(ids, kind, codes, me.at)
    for key, unknown in hidden.items():
        off = restricted.running_codes(key, unknown, kind, me.at)
        found[key].subtract({code: off[code] for code in codes})
    return found


def _table(
    me: Mine, ids: list[int], hidden: dict[int, list[int]], without: dict[int, Counter[str]]
) -> list[dict[str, Any]]:
    """Return one row per company: undecided and how old, without input, what debt costs a month."""
    undecided = known_in(me, hidden, ids, "status", [Status.PROPOSED, Status.DRAFT])
    unknown = [key for found in hidden.values() for key in found]
    oldest: dict[int, datetime] = {}
    for status in (Status.PROPOSED, Status.DRAFT):
        some = [key for key in ids if undecided[key][status]]
        for company_id, created in _oldest(some, status, unknown):
            oldest[company_id] = min(created, oldest.get(company_id, created))
    debt = {
        company_id: (int(total or 0), estimated)
        for company_id, total, estimated in DebtItem.select(
            DebtItem.company, fn.SUM(DebtItem.monthly_loss), fn.COUNT(DebtItem.monthly_loss)
        )
        .where(DebtItem.company.in_(ids), DebtItem.state.in_(sorted(OPEN)))
        .group_by(DebtItem.company)
        .tuples()
    }
    return [
        {
            "company": me.companies[key],
            "undecided": undecided[key].total(),
            "oldest": (me.at - oldest[key]).days if key in oldest else None,
            "without": without[key][WITHOUT_INPUT],
            "debt": debt[key][0] if debt.get(key, (0, 0))[1] else None,
        }
        for key in sorted(ids, key=lambda key: me.companies[key].name)
    ]


def _oldest(company_ids: list[int], status: str, hidden: list[int]) -> list[tuple[int, datetime]]:
    """Return when the oldest known decision with a status was written at each company, in one query."""
    if not company_ids:
        return []
    first = (
        Decision.select(fn.MIN(Decision.id))
        .where(Decision.company.in_(company_ids), Decision.status == status)
        .where(Decision.id.not_in(hidden) if hidden else True)
        .group_by(Decision.company)
    )
    rows = Decision.select(Decision.company, Decision.created_at).where(Decision.id.in_(first))
    return [(row.company_id, row.created_at) for row in rows]
