"""When a decision may be accepted, what that needs, and what the record will call it.

The rule of design section 3: warn only, or the vCISO's OK first, by level; and nobody is ever stopped by
somebody's absence. A changed text of an accepted decision comes into force by the same rule.
"""

from enum import StrEnum

from adr_app.domain.reviews import VERDICTS
from adr_app.domain.values import dataclass


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
    CHANGES = "changes"
    LEADERSHIP = "leadership"


@dataclass(frozen=True, slots=True)
class Situation:
    """What acceptance depends on, at one moment, on the newest text.

    `level` is 0 to 3, or None where no question was answered; `enforced` the levels at which the company
    wants an OK first; `verdict` the newest counting answer, or "", and `on_this_text` whether it is about
    the newest text; `cleared` says that an OK holds for that text and `risk_taken` that leadership takes its
    risk; `due_passed` that the time to answer is over while it was the vCISO's turn; `cannot_wait` that the
    text says so itself: a breach, or live before security can look; `concerns` are those that block, which
    take a reason and never more.
    """

    level: int | None
    enforced: frozenset[int]
    vciso_engaged: bool
    first_answered: bool
    asked: bool
    due_passed: bool
    verdict: str
    on_this_text: bool
    cleared: bool
    risk_taken: bool
    gave_verdict: bool
    others_may_accept: bool
    cannot_wait: bool
    concerns: tuple[int, ...] = ()

    @property
    def objects(self) -> bool:
        """Return whether the vCISO's last word is against it."""
        return bool(self.verdict) and VERDICTS[self.verdict].objects


@dataclass(frozen=True, slots=True)
class Gate:
    """What one person may do now: `need` says what is missing, `way` how acceptance would be recorded.

    `against` says that it would be against the vCISO's advice, `concerns` which concerns would be open and
    `only_concerns` that nothing else takes a reason, `sole` that this person gave the security answer and
    nobody else may accept. `emergency_open` says that it may be decided now and checked after,
    `urgency_opens` that it might be, if the text said that it cannot wait.
    """

    need: Need
    way: Way
    emergency_open: bool = False
    urgency_opens: bool = False
    sole: bool = False
    against: bool = False
    concerns: tuple[int, ...] = ()
    only_concerns: bool = False

    @property
    def open(self) -> bool:
        """Return whether acceptance is possible now, perhaps with a reason."""
        return self.need in (Need.NOTHING, Need.REASON)

    @property
    def token(self) -> str:
        """Return what of this somebody has to have seen who accepts, in one word for a form.

        Whether a time has passed meanwhile is left out: it takes nothing away.
        """
        way = "unheard" if self.way in _UNHEARD else self.way
        concerns = [f"concern-{key}" for key in self.concerns]
        return ".".join([self.need, way, *(["against"] if self.against else []), *concerns])


@dataclass(frozen=True, slots=True)
class Seen:
    """How a decision stood on the page that somebody accepts from: the last answer's id, and its gate.

    `verdict` is 0 where there was no answer; `gate` is a `Gate.token`.
    """

    verdict: int
    gate: str

    def __str__(self) -> str:
        """Return it as a form carries it."""
        return f"{self.verdict}.{self.gate}"

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """Return what a form carries; None where it carries nothing. Nonsense is what nobody ever saw."""
        verdict, _, gate = text.partition(".")
        known = verdict.isascii() and verdict.isdigit() and len(verdict) < 19
        return cls(int(verdict) if known else 0, gate) if text else None


def gate(now: Situation) -> Gate:
    """Return what acceptance needs in this situation, for the person it was drawn for."""
    if now.gave_verdict and now.others_may_accept:
        return Gate(Need.SOMEBODY_ELSE, Way.PLAIN)
    need, way = _need(now)
    if now.gave_verdict and need is Need.NOTHING:
        need = Need.REASON
    outstanding = need in _MISSING or (need is Need.REASON and way in _UNHEARD)
    only_concerns = bool(now.concerns) and need is Need.NOTHING
    if only_concerns:
        need = Need.REASON
    return Gate(
        need,
        way,
        emergency_open=outstanding and now.cannot_wait,
        urgency_opens=outstanding and not now.cannot_wait,
        sole=now.gave_verdict,
        against=now.objects and not now.risk_taken,
        concerns=now.concerns,
        only_concerns=only_concerns,
    )


_MISSING = frozenset({Need.FIRST_ANSWERS, Need.SECURITY_OK, Need.CHANGES})
_UNHEARD = frozenset({Way.UNASKED, Way.NO_ANSWER})
"""What an emergency does not wait for: an OK that is needed first, or any answer at all."""


def _need(now: Situation) -> tuple[Need, Way]:
    if now.objects:
        return _against_advice(now)
    if now.cleared:
        return Need.NOTHING, Way.PLAIN
    if now.vciso_engaged and _needs_ok(now):
        if now.asked and now.due_passed:
            return Need.REASON, Way.NO_ANSWER
        if now.level is None or (now.level < 3 and not now.first_answered):
            return Need.FIRST_ANSWERS, Way.PLAIN
        return Need.SECURITY_OK, Way.PLAIN
    if now.verdict:
        return Need.NOTHING, Way.PLAIN
    if now.asked and now.due_passed:
        return Need.REASON, Way.NO_ANSWER
    if not now.vciso_engaged or (now.level == 0 and now.first_answered):
        return Need.NOTHING, Way.UNASKED
    return Need.REASON, Way.UNASKED


def _against_advice(now: Situation) -> tuple[Need, Way]:
    """Return what it takes after a no or a wish for changes: a leader's word, or at least a reason."""
    if now.risk_taken:
        return Need.NOTHING, Way.RISK_TAKEN
    if not (now.vciso_engaged and _needs_ok(now)):
        return Need.REASON, Way.PLAIN
    if now.verdict == "deny":
        return Need.LEADERSHIP, Way.RISK_TAKEN
    # The text was changed as she wished and sent again: her silence on it stops nobody.
    if now.asked and now.due_passed and not now.on_this_text:
        return Need.REASON, Way.NO_ANSWER
    return Need.CHANGES, Way.RISK_TAKEN


def _needs_ok(now: Situation) -> bool:
    if now.level is not None and now.level in now.enforced:
        return True
    # Where level 3 needs an OK, leaving the questions unanswered must not be a way around it.
    return 3 in now.enforced and not now.first_answered and not now.verdict
