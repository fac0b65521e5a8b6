"""The reviews that wait for the vCISO: what accepting a decision, or taking something back, does to them."""

from datetime import datetime

from adr_app.domain.permissions import Role
from adr_app.domain.timeline_states import DecisionState
from adr_app.domain.worktime import answer_due, local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.models.reviews import Review
from adr_app.services import away, gates
from adr_app.services.people import Viewer, holders


def check_due(company: Company, decision: Decision, at: datetime) -> datetime:
    """Return until when what is decided in an emergency has to be checked."""
    return answer_due(at, company.zone, company.working_calendar, emergency_r3=(decision.level or 0) == 3)


def ask_afterwards(viewer: Viewer, decision: Decision, at: datetime) -> dict[str, int]:
    """Put what was accepted in an emergency before the vCISO, within the act that accepts it.

    A review that waits already is hurried instead. Return what the act's event says of it: the review and of
    whom it is asked, nothing where nobody is engaged.
    """
    engaged = holders(viewer.company.id, Role.VCISO, at)
    if not engaged:
        return {}
    company = Company.get_by_id(viewer.company.id)  # as it is within the act
    due = check_due(company, decision, at)
    waiting = gates.open_review(decision)
    if waiting is None:
        asked = Review.create(
            company=viewer.company.id,
            decision_id=decision.id,
            asked_by=viewer.person.id,
            asked_of=away.whom(engaged, local_day(at, company.zone)).person_id,
            asked_at=at,
            due_at=due,
            emergency=True,
        )
        return {"review": int(asked.id), "of": int(asked.asked_of_id)}
    if not waiting.emergency:
        waiting.emergency, waiting.due_at = True, due
        waiting.save(only=waiting.dirty_fields)
    return {"review": int(waiting.id), "of": int(waiting.asked_of_id)}


def wait_as_recorded(decision: Decision, state: DecisionState, at: datetime) -> None:
    """Make the stored reviews wait as the record says, once an answer or an acceptance was taken back."""
    ask = state.open_ask
    mine = (Review.company == decision.company_id) & (Review.decision_id == decision.id)
    this = ask.review if ask else 0
    Review.update(state="closed", closed_at=at).where(
        mine, Review.id != this, Review.state.in_(("waiting", "question"))
    ).execute()
    if ask is not None:
        Review.update(
            state="question" if state.is_question_open else "waiting",
            closed_at=None,
            due_at=ask.due_at,
            emergency=ask.emergency,
        ).where(mine, Review.id == this).execute()


def close_reviews(decision: Decision, at: datetime) -> None:
    """Close the reviews that an act makes pointless."""
    Review.update(state="closed", closed_at=at).where(
        Review.company == decision.company_id,
        Review.decision_id == decision.id,
        Review.state.in_(("waiting", "question")),
    ).execute()
