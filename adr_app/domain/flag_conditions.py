"""When each flag is on: one test per rule, over a stretch of time in which nothing changes.

A test answers None while its flag is off, else why it is on and the plain values its sentence needs. It is
only asked while the decision is in force, unless its rule says otherwise.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from adr_app.domain.answers import Reading, digest_in_force, lapsed_risk, open_conditions
from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.sampling import CHECKED_WITHIN, CHOSEN
from adr_app.domain.security import OK_NEEDED_FROM
from adr_app.domain.standing import StandingAt
from adr_app.domain.standing_words import IN_ADVANCE
from adr_app.domain.timeline_states import CLOSED, CompanyState, Condition, DecisionState

WRITTEN_DOWN_WITHIN = timedelta(days=3)
"""Recording a decision later than this after it was made is written down late."""


class Stretch(NamedTuple):
    """A time `[starts, ends)` in which nothing changes, with what holds in it.

    `known` is set while there is an acceptance, `holds` says whether the decision is in force.
    """

    starts: datetime
    ends: datetime | None
    state: DecisionState
    company: CompanyState
    standing: StandingAt
    known: Reading | None
    holds: bool


On = tuple[str, dict[str, Any]] | None
"""Why a flag is on, with plain values for its sentence; None while it is off."""

Test = Callable[[Stretch], On]


def while_standing(*codes: str) -> Test:
    """Return a test that is on while the decision is in force with one of these standings."""
    wanted = frozenset(codes)

    def test(stretch: Stretch) -> On:
        if stretch.standing.code not in wanted:
            return None
        return stretch.standing.why, stretch.standing.detail

    return test


def no_signoff(stretch: Stretch) -> On:
    """Input was given and an OK needed, none held for the accepted text, and none was given since."""
    state, known = stretch.state, stretch.known
    if known is None or known.fact != "no-ok" or known.objection is not None:
        return None
    if any(g.verdict.clears for g in known.late):
        return None
    acceptance = state.acceptance
    if (
        acceptance is not None
        and known.signoff is not None
        and (known.signoff.id, acceptance.digest) in state.same
    ):
        return None
    return "", {}


def exception_expired(stretch: Stretch) -> On:
    """A risk that leadership took for a time is past its end, and nothing dealt with it."""
    state, known = stretch.state, stretch.known
    if known is None:
        return None
    risk = lapsed_risk(state, stretch.starts, digest_in_force(state))
    if risk is None or any(g.verdict.clears and g.at > risk.at for g in known.late):
        return None
    return "", {"acceptance": risk.id, "until": _epoch(risk.until)}


def no_mandate(stretch: Stretch) -> On:
    """An answer was given without a vCISO role, and nobody with one answered since."""
    state = stretch.state
    if state.status in CLOSED:
        return None
    without = None
    for given in state.given:
        if not given.verdict.is_input:
            continue
        if given.engagement is not None:
            without = None
        elif without is None:
            without = given
    return None if without is None else ("", {"verdict": without.id})


def changed(stretch: Stretch) -> On:
    """The text in force is not the one with the security OK."""
    known = stretch.known
    if known is None or not known.changed:
        return None
    if known.signoff is None:
        return (IN_ADVANCE, {"rule": known.allowed.rule}) if known.allowed else None
    return "", {"verdict": known.signoff.id}


def signoff_expired(stretch: Stretch) -> On:
    """The security OK that stands is past its end."""
    known = stretch.known
    if known is None or known.signoff is None:
        return None
    until = known.signoff.until
    if until is None or stretch.starts < until:
        return None
    return "", {"verdict": known.signoff.id, "until": _epoch(until)}


def condition_overdue(stretch: Stretch) -> On:
    """A to-do of the security OK that binds is neither done nor moved, and its due day is over."""
    at = stretch.starts
    return _on_some(
        stretch,
        lambda c: not c.done and c.overdue_at is not None and c.overdue_at <= at and c.binds(at),
    )


def condition_no_owner(stretch: Stretch) -> On:
    """A to-do that binds names nobody who does it."""
    return _on_some(stretch, lambda c: not c.done and not c.owned and c.binds(stretch.starts))


def condition_self_closed(stretch: Stretch) -> On:
    """A to-do is said to be done, and the time for somebody else to check that is over."""
    at = stretch.starts
    return _on_some(stretch, lambda c: c.done and c.check_by is not None and c.check_by <= at)


def implemented_before_condition(stretch: Stretch) -> On:
    """It went live while something was not done that was to be done before."""
    early = stretch.state.live_early
    return ("", {"conditions": list(early)}) if early else None


def _on_some(stretch: Stretch, holds: Callable[[Condition], bool]) -> On:
    """Return that a flag is on for the open to-dos of the security OK of which something holds."""
    known = stretch.known
    if known is None or known.signoff is None:
        return None
    found = [c.id for c in open_conditions(stretch.state, known.signoff) if holds(c)]
    return ("", {"conditions": found}) if found else None


def review_waiting(stretch: Stretch) -> On:
    """An answer is due: before acceptance once it is late, in an emergency from acceptance until it is."""
    state = stretch.state
    if stretch.holds:
        waiting = stretch.standing.code == "review-waiting"
        return ("emergency", stretch.standing.detail) if waiting else None
    ask = state.open_ask
    if state.status not in UNDECIDED or ask is None or state.is_question_open or stretch.starts < ask.due_at:
        return None
    return "overdue", {"asked": _epoch(ask.asked_at), "due": _epoch(ask.due_at)}


def emergency_unreviewed(stretch: Stretch) -> On:
    """The time for the check afterwards is over and no answer counts, whoever was engaged."""
    state, known = stretch.state, stretch.known
    acceptance = state.acceptance
    if known is None or acceptance is None or known.older or known.is_answered:
        return None
    due = acceptance.emergency_due
    return None if due is None or stretch.starts < due else ("", {"due": _epoch(due)})


def self_cert_unverified(stretch: Stretch) -> On:
    """Declared harmless by its author, chosen to be checked, and nobody looked within 30 days."""
    acceptance, standing = stretch.state.acceptance, stretch.standing
    if acceptance is None or (standing.code, standing.why) != ("self-declared", CHOSEN):
        return None
    return ("", standing.detail) if stretch.starts >= acceptance.at + CHECKED_WITHIN else None


def written_down_late(stretch: Stretch) -> On:
    """The decision was made more than three days before it was recorded; imports are exempt."""
    acceptance = stretch.state.acceptance
    if acceptance is None or acceptance.imported or acceptance.decided_on is None:
        return None
    late = acceptance.recorded_on - acceptance.decided_on
    if late <= WRITTEN_DOWN_WITHIN:
        return None
    return "", {"days": late.days, "decided_on": acceptance.decided_on.isoformat()}


def vendor_no_agreement(stretch: Stretch) -> On:
    """An outside firm that the text in force names touches patient data, and no contract allows it."""
    state = stretch.state
    if not state.firms or state.in_force is None:
        return None
    named = {key for number, ids in state.naming if number == state.in_force.number for key in ids}
    bare = [firm.id for firm in state.firms if firm.id in named and not firm.covered(stretch.starts)]
    return ("", {"vendors": bare}) if bare else None


def control_unmapped(stretch: Stretch) -> On:
    """The company follows a standard, and a decision that needs a review names none of its safeguards."""
    state, followed = stretch.state, stretch.company.frameworks
    if not followed or state.level < OK_NEEDED_FROM or stretch.known is None or stretch.known.older:
        return None
    return None if any(key in followed for key, _ in state.controls) else ("", {})


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
