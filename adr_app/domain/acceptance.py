"""When a decision may be accepted, what that needs, and what the record will call it.

The rule of design section 3: warn only, or the vCISO's OK first, by level; and nobody is ever stopped by
somebody's absence.
"""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How an acceptance came about, as its event says."""

    PLAIN = "plain"
    UNASKED = "unasked"
    NO_ANSWER = "no-answer"
    EMERGENCY = "emergency"
    RISK_TAKEN = "risk-taken"
    RECORDED = "recorded"


class Need(StrEnum):
    """What stands between a proposed decision and its acceptance."""

    NOTHING = "nothing"
    REASON = "reason"
    SOMEBODY_ELSE = "somebody-else"
    FIRST_ANSWERS = "first-answers"
    SECURITY_OK = "security-ok"
    LEADERSHIP = "leadership"


@dataclass(frozen=True, slots=True)
class Situation:
    """What acceptance depends on, at one moment, on the newest proposed text.

    `level` is 0 to 3, or None where no question was answered; `enforced` the levels at which the company
    wants an OK first; `verdict` the newest counting answer on this text (or an earlier text), or "".
    """

    level: int | None
    enforced: frozenset[int]
    vciso_engaged: bool
    first_answered: bool
    asked: bool
    due_passed: bool
    verdict: str
    cleared: bool
    risk_taken: bool
    gave_verdict: bool
    others_may_accept: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What one person may do now: `need` says what is missing, `way` how acceptance would be recorded."""

    need: Need
    way: Way
    emergency_open: bool = False
    sole: bool = False

    @property
    def open(self) -> bool:
        """Return whether acceptance is possible now, perhaps with a reason."""
        return self.need in (Need.NOTHING, Need.REASON)


def gate(now: Situation) -> Gate:
    """Return what acceptance needs in this situation, for the person it was drawn for."""
    if now.gave_verdict and now.others_may_accept:
        return Gate(Need.SOMEBODY_ELSE, Way.PLAIN)
    sole = now.gave_verdict
    need, way = _need(now)
    if sole and need is Need.NOTHING:
        need = Need.REASON
    return Gate(need, way, emergency_open=need in _EMERGENCY_OPENS, sole=sole)


_EMERGENCY_OPENS = frozenset({Need.FIRST_ANSWERS, Need.SECURITY_OK})


def _need(now: Situation) -> tuple[Need, Way]:
    if now.risk_taken:
        return Need.NOTHING, Way.RISK_TAKEN
    if now.cleared and not now.gave_verdict:
        return Need.NOTHING, Way.PLAIN
    enforcing = now.vciso_engaged and _needs_ok(now)
    if enforcing:
        if now.verdict == "deny":
            return Need.LEADERSHIP, Way.RISK_TAKEN
        if now.asked and now.due_passed:
            return Need.REASON, Way.NO_ANSWER
        if now.level is None or (now.level < 3 and not now.first_answered):
            return Need.FIRST_ANSWERS, Way.PLAIN
        return Need.SECURITY_OK, Way.PLAIN
    if now.verdict == "deny":
        return Need.REASON, Way.PLAIN
    if now.verdict:
        return Need.NOTHING, Way.PLAIN
    if now.asked and now.due_passed:
        return Need.REASON, Way.NO_ANSWER
    if not now.vciso_engaged or (now.level == 0 and now.first_answered):
        return Need.NOTHING, Way.UNASKED
    return Need.REASON, Way.UNASKED


def _needs_ok(now: Situation) -> bool:
    if now.level is not None and now.level in now.enforced:
        return True
    # Where level 3 needs an OK, leaving the questions unanswered must not be a way around it.
    return 3 in now.enforced and not now.first_answered and not now.verdict
