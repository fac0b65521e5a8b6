"""Reviews that wait, as first screens and the desk list them: for whom, and what was asked back."""

from typing import Any

from peewee import JOIN, SQL, Expression, Query, Select, fn

from adr_app.domain.permissions import Role
from adr_app.models.people import Engagement, Person
from adr_app.models.reviews import Review, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import homes
from adr_app.services.homes import SHOWN, Mine


def reviews_in(
    ids: list[int], state: str, hidden: dict[int, list[int]], whose: Mine | None = None
) -> tuple[list[Review], int]:
    """Return the first reviews in a state by due time, each with whom was asked, and how many there are.

    With `whose`, those are left out that another vCISO took who is still engaged.
    """
    asks: dict[str, Any] = {"companies": ids, "state": state, "hidden": homes.all_of(hidden)}
    rows = _REVIEWS_FOR.rows(**asks, **whose.asks()) if whose is not None else _REVIEWS.rows(**asks)
    return rows, rows[0].many if rows else 0


def _reviews(companies: Any, state: Any, hidden: Any, holds: Any = True) -> Query:
    some = Review.select(Review.id).where(
        *(Review.company.in_(companies), Review.state == state, holds),
        Review.decision_id.not_in(hidden) if hidden else True,
    )
    # Which ones they are, and how many, is read from an index alone; only those shown are read whole.
    many = Select([some.alias("all")], [fn.COUNT(SQL("1"))])
    return (
        Review.select(Review, Person, many.alias("many"))
        .join(Person, on=(Review.asked_of == Person.id))
        .where(Review.id.in_(some.order_by(Review.due_at, Review.id).limit(SHOWN)))
        .order_by(Review.due_at, Review.id)
    )


def is_for(person: Any, at: Any, today: Any) -> Expression:
    """Return the condition that a review waits for a vCISO: nobody else who is here still has taken it.

    What is given is what `Mine.asks` returns.
    """
    return (
        (Review.asked_of == person) | Review.taken_at.is_null() | Review.asked_of.not_in(_engaged(at, today))
    )


def is_with_another(person: Any, at: Any, today: Any) -> Expression:
    """Return the condition that another vCISO took a review, who is engaged there still."""
    taken = (Review.asked_of != person) & Review.taken_at.is_null(False)
    return taken & Review.asked_of.in_(_engaged(at, today))


_REVIEWS = Spelled(_reviews)
_REVIEWS_FOR = Spelled(
    lambda companies, state, hidden, person, at, today: _reviews(
        companies, state, hidden, is_for(person, at, today)
    )
)


def _engaged(at: Any, today: Any) -> Query:
    """Return whoever is engaged as vCISO at a review's company, and not away."""
    return (
        Engagement.running(at)
        .select(Engagement.person)
        .where(
            Engagement.company == Review.company,
            Engagement.role == Role.VCISO,
            Engagement.away_until.is_null() | (Engagement.away_until <= today),
        )
    )


def questions_said(reviews: list[Review]) -> dict[int, Verdict]:
    """Return the newest question of the vCISO in each of some reviews, by the review's id."""
    if not reviews:
        return {}
    rows = _SAID.rows(
        companies=sorted({review.company_id for review in reviews}),
        decisions=[review.decision_id for review in reviews],
        reviews=[review.id for review in reviews],
    )
    return {row.review_id: row for row in rows}


def _taken_back() -> Expression:
    return (VerdictTakenBack.company == Verdict.company) & (VerdictTakenBack.verdict_id == Verdict.id)


_SAID = Spelled(
    lambda companies, decisions, reviews: (
        Verdict.select(Verdict.review_id, Verdict.text, Verdict.at)
        .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=_taken_back())
        .where(
            Verdict.company.in_(companies),
            Verdict.decision_id.in_(decisions),
            Verdict.review_id.in_(reviews),
            Verdict.code == "question",
            VerdictTakenBack.id.is_null(),
        )
        .order_by(Verdict.id)
    )
)
