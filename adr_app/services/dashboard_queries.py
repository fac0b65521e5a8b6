"""What the dashboard asks of the database: each query led by an index, and composed once."""

from typing import Any

from peewee import SQL, Query, fn

from adr_app.domain.decisions import Status
from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Engagement, Person
from adr_app.models.reviews import Review, RiskAcceptance, RiskQuestion
from adr_app.models.spelled import Spelled
from adr_app.services.decision_rows import seen, visible
from adr_app.services.list_filters import WAITING_FOR, not_leading
from adr_app.services.people import Viewer

SHOWN = 5
"""How many rows of each kind the page shows; more are a click away."""

WITHOUT_INPUT = "accepted-no-input"
WAITING = WAITING_FOR["waiting-vciso"]
STANDING = (Status.PROPOSED, Status.ACCEPTED)
"""Where a decision stands whose dates still matter: in force, or about to be."""


def _but(column: Any, hidden: Any) -> Any:
    """Return the condition that leaves out what is hidden from whoever asks."""
    return column.not_in(hidden) if hidden else True


def _waiting_reviews(company: Any, hidden: Any, at: Any) -> Query:
    counted = SpanRow.running(company, "standing", at).where(
        SpanRow.subject_type == "decision", SpanRow.subject_id == Review.decision_id
    )
    return (
        Review.select(Review, Person)
        .join(Person, on=(Review.asked_of == Person.id))
        .where(Review.company == company, Review.state == "waiting")
        .where(fn.EXISTS(counted.select(SQL("1")).where(SpanRow.code.in_(WAITING))))
        .where(_but(Review.decision_id, hidden))
        .order_by(Review.due_at, Review.id)
        .limit(SHOWN)
    )


def _ending(company: Any, hidden: Any, at: Any, until: Any) -> Query:
    return (
        RiskAcceptance.select()
        .join(Decision, on=(Decision.id == RiskAcceptance.decision_id))
        .where(Decision.company == company, Decision.status.in_(STANDING))
        .where(_but(RiskAcceptance.decision_id, hidden))
        .where(
            RiskAcceptance.company == company,
            RiskAcceptance.ended_at.is_null(),
            RiskAcceptance.until > at,
            RiskAcceptance.until <= until,
        )
        .order_by(RiskAcceptance.until, RiskAcceptance.id)
        .limit(SHOWN)
    )


def _due(query: Query, until: Any) -> Query:
    return query.where(Decision.status == Status.PROPOSED, Decision.decide_by_key <= until)


def due_by(viewer: Viewer, until: str) -> Query:
    """Return the proposals to decide by a day (ISO text), as this person may see them."""
    return _due(visible(viewer), until)


OLDEST_OPEN = Spelled(
    lambda company, hidden, at: (
        SpanRow.running(company, "flag", at)
        .where(SpanRow.code == WITHOUT_INPUT, _but(SpanRow.subject_id, hidden))
        .order_by(SpanRow.starts, SpanRow.id)
        .limit(1)
    )
)
WAITING_REVIEWS = Spelled(_waiting_reviews)
ENDING = Spelled(_ending)
THESE = Spelled(
    lambda company, person, everything, ids: seen(company, person, everything).where(Decision.id.in_(ids))
)
OLDEST_WITH_STATUS = Spelled(
    lambda company, person, everything, status: (
        seen(company, person, everything).where(Decision.status == status).order_by(Decision.id).limit(1)
    )
)
DUE_SOON = Spelled(
    lambda company, person, everything, until: (
        _due(seen(company, person, everything), until)
        .order_by(Decision.decide_by_key, Decision.id)
        .limit(SHOWN)
    )
)
RECENT = Spelled(
    lambda company, person, everything: (
        seen(company, person, everything)
        .where(not_leading(Decision.status) == Status.ACCEPTED)
        .order_by(Decision.decided_key.desc(), Decision.id.desc())
        .limit(SHOWN)
    )
)


def _put_to(company: Any, leader: Any, at: Any) -> Any:
    """Return the condition that a question is for a leader: theirs, or left behind by who leads no more."""
    leading = (
        Engagement.running(at, invited=True)
        .select(Engagement.person)
        .where(Engagement.company == company, Engagement.role == Role.LEADER)
    )
    return (RiskQuestion.asked_of == leader) | RiskQuestion.asked_of.not_in(leading)


QUESTIONS = Spelled(
    lambda company, leader, alone, hidden, at: (
        RiskQuestion.select(RiskQuestion, Person)
        .join(Person, on=(RiskQuestion.asked_by == Person.id))
        .where(_put_to(company, leader, at) if alone else True, RiskQuestion.state == "open")
        .where(RiskQuestion.company == company)
        .where(_but(RiskQuestion.decision_id, hidden))
        .order_by(RiskQuestion.answer_by, RiskQuestion.id)
    )
)
