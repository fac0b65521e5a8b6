"""To-dos that come with a security OK: when each binds, what the CTO may answer, and what ends it.

A to-do is put to the CTO first. It binds once the CTO agrees or the vCISO keeps it over an objection, and
by itself once the time for an answer is over: nobody's absence holds up the other. What the CTO contests
binds nobody until the vCISO keeps it. Whether a decision may be accepted depends on none of this.
"""

from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far the two advisers are with a to-do."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CONTESTED = "contested"
    KEPT = "kept"
    CHANGED = "changed"
    DROPPED = "dropped"


GONE = frozenset({State.CHANGED, State.DROPPED})
"""States in which nobody is asked for anything any more: another took its place, or none did."""

AGREED = frozenset({State.AGREED, State.KEPT})
"""States that bind at once."""

OBJECTIONS = {
    "too-dear": "Too dear for what it saves",
    "does-not-fit": "Does not fit how this is built",
    "other-way": "There is another way",
}
"""Why the CTO contests a to-do, by code; a sentence of their own goes with it."""

SAID = ("agreed", "contested", "kept", "changed", "dropped", "moved")
"""What words on a to-do go with: an answer of the CTO, or what the vCISO did about it."""


def binds(state: str, binds_at: datetime | None, at: datetime) -> bool:
    """Return whether a to-do binds at `at`; `binds_at` is when silence does, None for from the start."""
    if state in AGREED:
        return True
    return state == State.PROPOSED and (binds_at is None or binds_at <= at)
