"""When the flags are on that look at a decision again long after its security OK.

Written as those of `flag_conditions`: a test answers None while its flag is off.
"""

from adr_app.domain.flag_conditions import On, Stretch
from adr_app.domain.timeline_beneath import changed_since_answered


def context_changed(stretch: Stretch) -> On:
    """Something that the decision rests on changed since the vCISO last answered, under a security OK."""
    known = stretch.known
    if known is None or known.signoff is None:
        return None
    changed = changed_since_answered(stretch.state)
    return ("", {"entry": changed[0].seq}) if changed else None
