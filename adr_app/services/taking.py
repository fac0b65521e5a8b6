"""Where several vCISOs share a company: one of them takes a review, and another may take it over."""

from datetime import datetime

from adr_app.domain.errors import NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.reviews import Review
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as


def take(viewer: Viewer, number: int, *, at: datetime) -> Review:
    """Take the open review of a decision: the others see who did, and the due day stays. It is no input.

    :raises NotAllowed: when this person decided it, or is no vCISO here.
    :raises WrongState: when no review is open, or this person took it already.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        review = gates.open_review(decision)
        if review is None:
            raise WrongState("No security review is open on this decision.")
        if gates.has_decided(decision, viewer.person.id):
            raise NotAllowed("You decided this yourself, so somebody else gives the security answer.")
        if review.taken_at is not None and review.asked_of_id == viewer.person.id:
            raise WrongState("You took this review already.")
        review.asked_of, review.taken_at = viewer.person.id, ledger.at
        review.save(only=[Review.asked_of, Review.taken_at])
        ledger.append("review.taken", ("decision", decision.id), {"review": review.id})
    return review
