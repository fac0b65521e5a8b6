"""A decision's life: its states, the acts that move it, its kinds."""

from datetime import timedelta
from enum import StrEnum

from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.values import dataclass


class Status(StrEnum):
    """Where a decision stands; `UNSTATED` is what an import leaves when the file states nothing."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    DEPRECATED = "deprecated"
    UNSTATED = "unstated"


class Move(StrEnum):
    """An act that changes a decision's status."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REVISE = "back-to-draft"
    TAKE_BACK = "take-back"
    DEPRECATE = "deprecate"
    SUPERSEDE = "supersede"
    STATE_PROPOSED = "state-proposed"
    STATE_ACCEPTED = "state-accepted"
    STATE_REJECTED = "state-rejected"
    STATE_DEPRECATED = "state-deprecated"


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted move: from a status, by an act, to a status, by whoever `needs` says."""

    source: Status
    move: Move
    target: Status
    needs: Act


TRANSITIONS = (
    Transition(Status.DRAFT, Move.PROPOSE, Status.PROPOSED, Act.PROPOSE),
    Transition(Status.DRAFT, Move.WITHDRAW, Status.WITHDRAWN, Act.WITHDRAW),
    Transition(Status.PROPOSED, Move.ACCEPT, Status.ACCEPTED, Act.ACCEPT),
    Transition(Status.PROPOSED, Move.REJECT, Status.REJECTED, Act.ACCEPT),
    Transition(Status.PROPOSED, Move.WITHDRAW, Status.WITHDRAWN, Act.WITHDRAW),
    Transition(Status.PROPOSED, Move.REVISE, Status.DRAFT, Act.PROPOSE),
    Transition(Status.REJECTED, Move.REVISE, Status.DRAFT, Act.PROPOSE),
    Transition(Status.WITHDRAWN, Move.REVISE, Status.DRAFT, Act.PROPOSE),
    Transition(Status.ACCEPTED, Move.TAKE_BACK, Status.PROPOSED, Act.ACCEPT),
    Transition(Status.ACCEPTED, Move.SUPERSEDE, Status.SUPERSEDED, Act.ACCEPT),
    Transition(Status.ACCEPTED, Move.DEPRECATE, Status.DEPRECATED, Act.ACCEPT),
    Transition(Status.UNSTATED, Move.STATE_PROPOSED, Status.PROPOSED, Act.ACCEPT),
    Transition(Status.UNSTATED, Move.STATE_ACCEPTED, Status.ACCEPTED, Act.ACCEPT),
    Transition(Status.UNSTATED, Move.STATE_REJECTED, Status.REJECTED, Act.ACCEPT),
    Transition(Status.UNSTATED, Move.STATE_DEPRECATED, Status.DEPRECATED, Act.ACCEPT),
)

_INDEX = {(t.source, t.move): t for t in TRANSITIONS}

TAKE_BACK_WITHIN = timedelta(minutes=10)
"""How long the same person may take back an acceptance or a verdict."""

IN_FORCE = frozenset({Status.ACCEPTED})
UNDECIDED = frozenset({Status.DRAFT, Status.PROPOSED})

STATUS_NAMES = {
    Status.DRAFT: "Draft",
    Status.PROPOSED: "Proposed",
    Status.ACCEPTED: "Accepted",
    Status.REJECTED: "Rejected",
    Status.WITHDRAWN: "Withdrawn",
    Status.SUPERSEDED: "Replaced",
    Status.DEPRECATED: "No longer used",
    Status.UNSTATED: "Status not stated",
}

KINDS = {
    "product-platform": "Product or platform",
    "infrastructure": "Infrastructure approach",
    "scaling": "Scaling infrastructure",
    "new-product": "New product",
    "platform-migration": "Platform migration",
    "vendor": "Vendor relationship",
    "build-or-buy": "Build or buy",
    "investment": "Investment",
    "team": "Team structure",
    "security": "Security or compliance",
    "incident": "Breach or incident response",
    "other": "Other",
}
"""Decision kinds by code, with the words on the screen."""

LIVE = "implemented"
"""The state of the work in which what was decided is in use."""

IMPLEMENTATION = {
    "not-started": "Not started",
    "in-progress": "In progress",
    LIVE: "Implemented",
    "abandoned": "Abandoned",
}


def transition(status: Status, move: Move) -> Transition:
    """Return the transition that `move` makes from `status`.

    :raises WrongState: when the table has no such move.
    """
    found = _INDEX.get((Status(status), Move(move)))
    if found is None:
        raise WrongState(
            f"This decision is “{STATUS_NAMES[Status(status)].lower()}” now, so that cannot be done. "
            "Look at the page again: somebody may have acted meanwhile."
        )
    return found


def moves_from(status: Status) -> tuple[Transition, ...]:
    """Return every transition that leaves `status`, in table order."""
    return tuple(t for t in TRANSITIONS if t.source == status)


def reference(number: int) -> str:
    """Return the address of a decision within its company, such as `AD-0012`."""
    return f"AD-{number:04d}"


def debt_reference(number: int) -> str:
    """Return the address of a debt item within its company, such as `TD-0007`."""
    return f"TD-{number:04d}"
