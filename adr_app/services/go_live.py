"""After going live: the vCISO notes that somebody looked whether it was built as decided."""

from datetime import datetime

from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as


def is_live(decision: Decision) -> bool:
    """Return whether a decision is in force and its work noted as done."""
    return decision.in_force is not None and decision.implementation == "implemented"


def look_at(viewer: Viewer, number: int, found: str, *, at: datetime) -> Decision:
    """Note what was found when somebody looked at what went live.

    :raises WrongState: while the work is not noted as done, or the decision is not in force.
    :raises Invalid: when nothing was found.
    """
    viewer.require(Act.GIVE_VERDICT)
    if not found.strip():
        message = "Say in one line what you looked at."
        raise Invalid(message, {"found": message})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if not is_live(decision):
            raise WrongState("Nobody has noted yet that the work is done.")
        if gates.has_decided(decision, viewer.person.id):
            raise WrongState("You decided this, so another vCISO looks at it.")
        said = gates.keep_reason(viewer, decision, found, ledger.at)
        ledger.append("review.went-live-checked", ("decision", decision.id), said)
    return decision
