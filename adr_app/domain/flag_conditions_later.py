"""When the flags are on that look at a decision again long after its security OK.

Written as those of `flag_conditions`: a test answers None while its flag is off.
"""

from datetime import datetime, timedelta

from adr_app.domain.answers import counting_answers, digest_in_force, running_risk
from adr_app.domain.flag_conditions import On, Stretch
from adr_app.domain.timeline_beneath import changed_since_answered
from adr_app.domain.timeline_states import DecisionState

DESCRIBED_WITHIN = timedelta(days=30)
"""How long after the work is done the description for the auditor may still say what was before."""

DESCRIBING = frozenset({"hipaa", "soc-2", "800-171-r2", "800-171-r3"})
"""Standards that want a description of the system, or an analysis of its risks, kept up to date."""

ENCRYPTING = frozenset(
    {
        *(("800-171-r2", code) for code in ("3.13.8", "3.13.10", "3.13.11", "3.13.16")),
        *(("800-171-r3", code) for code in ("03.13.08", "03.13.10", "03.13.11")),
        *(("800-53-r5", code) for code in ("SC-8", "SC-12", "SC-13", "SC-28")),
    }
)
"""Safeguards that are about encryption and its keys, of the standards that protect government data."""

_CHANGING = {
    "q2": frozenset({"like-by-like", "adds", "changes"}),
    "q5": frozenset({"internal", "internet", "internet-sensitive"}),
}
"""Answers that say that a safeguard is not only adjusted, or that a boundary moves."""


def review_date_passed(stretch: Stretch) -> On:
    """The day on which it was to be looked at again is over, and nobody did."""
    state = stretch.state
    due = state.look_again_at
    if due is None or state.look_again_on is None or stretch.starts < due:
        return None
    if any(given.at >= due for given in counting_answers(state)):
        return None
    return "", {"on": state.look_again_on.isoformat()}


def changes_what_is_described(state: DecisionState) -> bool:
    """Return whether the text in force changes a boundary or a safeguard inside what an auditor looks at."""
    text = state.in_force
    if text is None:
        return False
    answers = dict(text.answers)
    inside = text.inside or answers.get("q13") == "yes"
    return inside and any(answers.get(question) in changing for question, changing in _CHANGING.items())


def description_not_updated(stretch: Stretch) -> On:
    """What a standard wants described was changed a month ago, and nobody noted that the description was."""
    state, known = stretch.state, stretch.known
    if known is None or known.older or state.built_at is None or state.described:
        return None
    if not DESCRIBING & set(stretch.company.frameworks) or not changes_what_is_described(state):
        return None
    if stretch.starts < state.built_at + DESCRIBED_WITHIN:
        return None
    return "", {"built": int(state.built_at.timestamp())}


def concerns_government_keys(state: DecisionState) -> bool:
    """Return whether the text in force touches government data, and it is said to concern its encryption."""
    text = state.in_force
    return text is not None and text.government and any(one in ENCRYPTING for one in state.controls)


def module_not_named(stretch: Stretch) -> On:
    """Encryption of government data is concerned, no approved module is named and no exception runs."""
    state = stretch.state
    if state.module_noted or not concerns_government_keys(state):
        return None
    return None if running_risk(state, stretch.starts, digest_in_force(state)) else ("", {})


def later_edges(state: DecisionState) -> list[datetime]:
    """Return the moments at which a state, left alone, could turn one of these flags on."""
    edges = [] if state.look_again_at is None else [state.look_again_at]
    return edges if state.built_at is None else [*edges, state.built_at + DESCRIBED_WITHIN]


def context_changed(stretch: Stretch) -> On:
    """Something that the decision rests on changed since the vCISO last answered, under a security OK."""
    known = stretch.known
    if known is None or known.signoff is None:
        return None
    changed = changed_since_answered(stretch.state)
    return ("", {"entry": changed[0].seq}) if changed else None
