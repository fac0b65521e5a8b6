"""Where what goes with a role is found: one query for each kind of thing, by whose it is."""

from dataclasses import dataclass
from datetime import datetime

from peewee import JOIN, SQL, Expression, Field, Query, fn

from adr_app.domain.conditions import GONE, State
from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.exceptions import State as Asked
from adr_app.domain.permissions import Role
from adr_app.domain.reviews import VERDICTS
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.flags import FlagSetAside
from adr_app.models.people import Engagement, Person
from adr_app.models.reviews import (
    Claim,
    Condition,
    Review,
    RiskAcceptance,
    RiskQuestion,
    Verdict,
    VerdictTakenBack,
)
from adr_app.models.standing_rules import EndedRule, StandingRule
from adr_app.services import people
from adr_app.services.dashboard_queries import STANDING
from adr_app.services.exception_rows import is_still_open
from adr_app.services.successors import OPEN

_CLEARING = sorted(kind.code for kind in VERDICTS.values() if kind.clears)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when is looked, and which decisions are hidden from who looks."""

    company: int
    at: datetime
    hidden: list[int]

    def may_know(self, column: Field) -> Expression | bool:
        """Return the condition that a column names no hidden decision."""
        return column.not_in(self.hidden) if self.hidden else True


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one part: the query, whose each is (a person), which decision it is about, and its date.

    `title` is read where there is no decision.
    """

    query: Query
    whose: Field
    about: Field | None
    when: Field
    title: Field | None = None


def reviews(scope: Scope) -> Source:
    """Return security reviews that lie with somebody."""
    query = Review.select().where(
        Review.company == scope.company, Review.state.in_(OPEN), scope.may_know(Review.decision_id)
    )
    return Source(query, Review.asked_of, Review.decision_id, Review.due_at)


def questions_to_author(scope: Scope) -> Source:
    """Return questions by the vCISO that wait for who asked."""
    found = reviews(scope)
    return Source(found.query.where(Review.state == "question"), Review.asked_by, found.about, found.when)


def claims(scope: Scope) -> Source:
    """Return meetings that somebody is said to have taken part in."""
    query = Claim.select().where(
        Claim.company == scope.company, Claim.answered_at.is_null(), scope.may_know(Claim.decision_id)
    )
    return Source(query, Claim.of, Claim.decision_id, Claim.claimed_at)


def recommendations(scope: Scope) -> Source:
    """Return exceptions that wait for a recommendation, by the vCISO without whom nobody could give it.

    Where two could, it goes with neither of them; whoever asked is none who could.
    """
    vcisos = sorted({one.person_id for one in people.holders(scope.company, Role.VCISO, scope.at)})
    alone = Person.id.in_(vcisos) & (Person.id != ExceptionRequest.asked_by)
    if len(vcisos) > 1:
        alone &= ExceptionRequest.asked_by.in_(vcisos) if len(vcisos) == 2 else Person.id.is_null()
    query = (
        ExceptionRequest.select()
        .join(Person, JOIN.LEFT_OUTER, on=alone)
        .where(ExceptionRequest.company == scope.company, ExceptionRequest.state == Asked.ASKED)
        .where(is_still_open(), scope.may_know(ExceptionRequest.decision_id))
    )
    return Source(query, Person.id, ExceptionRequest.decision_id, ExceptionRequest.asked_at)


def _todos(scope: Scope) -> Query:
    back = VerdictTakenBack.select(SQL("1")).where(
        VerdictTakenBack.company == Condition.company, VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    given = (Verdict.company == Condition.company) & (Verdict.id == Condition.verdict_id)
    return (
        Condition.select()
        .join(Verdict, on=given)
        .where(Condition.company == scope.company, Condition.state.not_in(sorted(GONE)), ~fn.EXISTS(back))
        .where(scope.may_know(Condition.decision_id))
    )


def todos_to_check(scope: Scope) -> Source:
    """Return to-dos that are done and not checked, by whose OK they came with."""
    done = _todos(scope).where(Condition.done_at.is_null(False), Condition.verified_at.is_null())
    return Source(done, Verdict.person, Condition.decision_id, Condition.done_at)


def todos_open(scope: Scope) -> Source:
    """Return to-dos that are not done, by whose OK they came with."""
    still = (Decision.company == Condition.company) & (Decision.id == Condition.decision_id)
    query = _todos(scope).switch(Condition).join(Decision, on=still)
    query = query.where(Condition.done_at.is_null(), Decision.status.in_(STANDING))
    return Source(query, Verdict.person, Condition.decision_id, Condition.due_on)


def todos_to_agree(scope: Scope) -> Source:
    """Return to-dos that the CTO has not spoken on, by whose OK they came with."""
    query = _todos(scope).where(
        Condition.state == State.PROPOSED, Condition.binds_at > scope.at, Condition.done_at.is_null()
    )
    return Source(query, Verdict.person, Condition.decision_id, Condition.binds_at)


def oks(scope: Scope) -> Source:
    """Return security OKs that hold, by who gave them."""
    back = VerdictTakenBack.select(SQL("1")).where(
        VerdictTakenBack.company == Verdict.company, VerdictTakenBack.verdict_id == Verdict.id
    )
    on = (Decision.company == Verdict.company) & (Decision.id == Verdict.decision_id)
    query = (
        Verdict.select()
        .join(Decision, on=on)
        .where(Verdict.company == scope.company, Verdict.code.in_(_CLEARING), ~fn.EXISTS(back))
        .where(Verdict.valid_until.is_null() | (Verdict.valid_until > scope.at))
        .where(Verdict.number == fn.COALESCE(Decision.in_force, Decision.latest))
        .where(Decision.status.in_(STANDING), scope.may_know(Verdict.decision_id))
    )
    return Source(query, Verdict.person, Verdict.decision_id, Verdict.valid_until)


def rules(scope: Scope) -> Source:
    """Return rules that allow decisions in advance, by who signed them."""
    newer = StandingRule.alias("newer")
    replaced = newer.select(SQL("1")).where(
        newer.company == StandingRule.company, newer.replaces_id == StandingRule.id
    )
    ended = EndedRule.select(SQL("1")).where(
        EndedRule.company == StandingRule.company, EndedRule.rule_id == StandingRule.id
    )
    query = StandingRule.select().where(
        StandingRule.company == scope.company,
        StandingRule.until > scope.at,
        ~fn.EXISTS(ended),
        ~fn.EXISTS(replaced),
    )
    return Source(query, StandingRule.person, None, StandingRule.until, StandingRule.title)


def absences(scope: Scope) -> Source:
    """Return absences, by who stands in."""
    query = Engagement.running(scope.at).where(
        Engagement.company == scope.company,
        Engagement.role == Role.VCISO,
        Engagement.away_until > scope.at.date(),
    )
    return Source(query, Engagement.deputy, None, Engagement.away_until, Engagement.role)


def risk_questions(scope: Scope) -> Source:
    """Return questions about a risk, by who is asked."""
    query = RiskQuestion.select().where(
        RiskQuestion.company == scope.company,
        RiskQuestion.state == "open",
        scope.may_know(RiskQuestion.decision_id),
    )
    return Source(query, RiskQuestion.asked_of, RiskQuestion.decision_id, RiskQuestion.answer_by)


def risks(scope: Scope) -> Source:
    """Return risks that are taken, by who took them."""
    on = (Decision.company == RiskAcceptance.company) & (Decision.id == RiskAcceptance.decision_id)
    query = (
        RiskAcceptance.select()
        .join(Decision, on=on)
        .where(RiskAcceptance.company == scope.company, RiskAcceptance.ended_at.is_null())
        .where(RiskAcceptance.until > scope.at, Decision.status.in_(STANDING))
        .where(scope.may_know(RiskAcceptance.decision_id))
    )
    return Source(query, RiskAcceptance.leader, RiskAcceptance.decision_id, RiskAcceptance.until)


def set_aside(scope: Scope) -> Source:
    """Return flags that are set aside, by who did it."""
    query = FlagSetAside.select().where(
        FlagSetAside.company == scope.company,
        FlagSetAside.ended_at.is_null(),
        FlagSetAside.until > scope.at,
        scope.may_know(FlagSetAside.decision_id),
    )
    return Source(query, FlagSetAside.leader, FlagSetAside.decision_id, FlagSetAside.until)


def undecided(scope: Scope) -> Source:
    """Return decisions that are not made yet, by who wrote them."""
    query = Decision.select().where(
        Decision.company == scope.company,
        Decision.status.in_(sorted(UNDECIDED)),
        scope.may_know(Decision.id),
    )
    return Source(query, Decision.author, Decision.id, Decision.decide_by)
