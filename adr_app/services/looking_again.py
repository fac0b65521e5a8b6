"""Looking at a decision again once time or its surroundings moved on: the OK still holds."""

from datetime import datetime

from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.timeline_beneath import changed_since_answered
from adr_app.models.decisions import Decision
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting


def changed_beneath(decision: Decision) -> list[int]:
    """Return the acts that changed what a decision rests on since the vCISO last answered, in order."""
    return [one.seq for one in changed_since_answered(gates.state_of(decision))]


def still_holds(viewer: Viewer, number: int, after: int, *, at: datetime) -> Decision:
    """Say that what changed beneath a decision takes nothing from its security OK.

    `after` is the last of these changes that the page showed.

    :raises WrongState: when nothing changed, something more did, or this person decided it.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        if gates.has_decided(decision, viewer.person.id):
            raise WrongState("You decided this, so another vCISO says whether the OK still holds.")
        changed = changed_beneath(decision) if decision.in_force else []
        if not changed:
            raise WrongState("Nothing that this rests on has changed since the last answer.")
        if changed[-1] != after:
            raise WrongState("Something more has changed since you opened the page. Read that first.")
        ledger.append("review.still-holds", ("decision", decision.id), {"after": after})
    return decision
