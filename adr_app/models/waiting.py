"""What waits for a vCISO at many companies, listed and counted from indexes, however much was answered."""

from peewee import SQL, fn

from adr_app.domain.security import UNKNOWN_LEVEL
from adr_app.models.decisions import Decision
from adr_app.models.reviews import Review

OPEN = ("waiting", "question")
"""States in which somebody's answer is awaited."""

_WAITS = (Review.company, Review.state, Review.due_at, Review.id, Review.asked_of, Review.taken_at)
Review.add_index(Review.index(*_WAITS, name="review_waits"))
# The level stands before the state, so that nothing but a question about one level is read from here.
_BY_LEVEL = (Review.company, Review.level, *_WAITS[1:])
Review.add_index(Review.index(*_BY_LEVEL, name="review_levels"))
_TAKEN = (Review.company, Review.state, Review.asked_of)
Review.add_index(Review.index(*_TAKEN, name="review_taken", where=SQL('"taken_at" IS NOT NULL')))


def keep_levels(company_id: int, decision_ids: list[int]) -> None:
    """Give the open reviews of some decisions the level that each decision has now.

    Every act ends with this for the decisions it touches, so that one level's reviews are read from an index.
    """
    of_decision = Decision.select(fn.COALESCE(Decision.level, UNKNOWN_LEVEL)).where(
        Decision.company == Review.company, Decision.id == Review.decision_id
    )
    Review.update(level=of_decision).where(
        Review.company == company_id,
        Review.decision_id.in_(decision_ids),
        Review.state.in_(OPEN),
        Review.level != of_decision,
    ).execute()
