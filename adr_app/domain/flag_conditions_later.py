"""When the flags are on that look at a decision again long after its security OK.

Written as those of `flag_conditions`: a test answers None while its flag is off.
"""

from datetime import datetime

from adr_app.domain.answers import counting_answers
from adr_app.domain.flag_conditions import On, Stretch
from adr_app.domain.timeline_beneath import changed_since_answered
from adr_app.domain.timeline_states import DecisionState


def review_date_passed(stretch: Stretch) -> On:
    """The day on which it was to be looked at again is over, and nobody did."""
    state = stretch.state
    due = state.look_again_at
    if due is None or state.look_again_on is None or stretch.starts < due:
        return None
    if any(given.at >= due for given in counting_answers(state)):
        return None
    return "", {"on": state.look_again_on.isoformat()}


def later_edges(state: DecisionState) -> list[datetime]:
    """Return the moments at which a state, left alone, could turn one of these flags on."""
    return [] if state.look_again_at is None else [state.look_again_at]


def context_changed(stretch: Stretch) -> On:
    """Something that the decision rests on changed since the vCISO last answered, under a security OK."""
    known = stretch.known
    if known is None or known.signoff is None:
        return None
    changed = changed_since_answered(stretch.state)
    return ("", {"entry": changed[0].seq}) if changed else None
