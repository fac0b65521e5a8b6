"""What the vCISO's answers on a decision amount to: which count, which OK stands, what was wanting."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from adr_app.domain.levels import LOWERED
from adr_app.domain.reviews import verdict_counts
from adr_app.domain.timeline_states import (
    Acceptance,
    Allowed,
    CompanyState,
    Condition,
    DecisionState,
    Given,
    Revision,
    Risk,
)


class Reading(NamedTuple):
    """What the answers on an accepted decision amount to.

    `before` are counting answers given before acceptance, `late` after; `signoff` is the security OK that
    stands, `late_at` the first answer after the fact, `meeting` that she confirmed in time that she took
    part, `valid_then` that an OK held for the accepted text at acceptance. `allowed` is the clearance in
    advance that held then; `changed` says that neither it nor the OK is about the text in force.
    """

    acceptance: Acceptance
    older: str
    before: tuple[Given, ...]
    late: tuple[Given, ...]
    meeting: bool
    late_at: datetime | None
    signoff: Given | None
    changed: bool
    objection: Given | None
    self_review: bool
    valid_then: bool
    fact: str
    allowed: Allowed | None = None

    @property
    def is_answered(self) -> bool:
        """Return whether the vCISO's input is there, early or late."""
        return bool(self.before or self.late or self.meeting or self.late_at or self.allowed)


def _older(acceptance: Acceptance, company: CompanyState) -> str:
    if acceptance.decided_on is None:
        return "date-unknown"
    live = company.go_live_on
    return "inherited" if live is not None and acceptance.decided_on < live else ""


def counting_answers(state: DecisionState) -> list[Given]:
    """Return the answers that count as input: under a vCISO role, by somebody who did not decide."""
    return [g for g in state.given if verdict_counts(g.code, g.engagement, state.may_not_judge(g.by, g.seq))]


def covers(state: DecisionState, signoff: Given, digest: str) -> bool:
    """Return whether a security OK is about this text, or was extended to it as meaning the same."""
    return digest == signoff.digest or (signoff.id, digest) in state.same


def same_text(state: DecisionState, one: str, other: str) -> bool:
    """Return whether two digests are of one text, or of texts that the vCISO said mean the same."""
    if one == other:
        return True
    return any(covers(state, given, one) and covers(state, given, other) for given in state.given)


def _on_a_draft(state: DecisionState, given: Given) -> bool:
    """Return whether an objection is about a draft beside the text in force, which it leaves as it was."""
    return given.verdict.objects and given.number > state.text_from


def objection_now(state: DecisionState) -> Given | None:
    """Return the objection that is the vCISO's last word, on the text in force or on a newer one."""
    counting = counting_answers(state)
    return counting[-1] if counting and counting[-1].verdict.objects else None


def text_at_risk(state: DecisionState, at: datetime) -> Revision | None:
    """Return the text that a risk taken at `at` is taken on: the newest, or the one in force.

    The one in force where the objection is about that, until a risk taken covers it. None before any text.
    """
    objection, in_force = objection_now(state), state.in_force
    if not state.holds or in_force is None or (objection is not None and _on_a_draft(state, objection)):
        return state.latest
    return in_force if risk_after(state, at, in_force.digest, objection) is None else state.latest


def security_ok(counting: Sequence[Given]) -> Given | None:
    """Return the newest security OK among answers that count."""
    return next((g for g in reversed(counting) if g.verdict.clears), None)


def read(state: DecisionState, company: CompanyState) -> Reading:
    """Return what the answers on an accepted decision amount to; `state` must have an acceptance.

    :raises ValueError: when the decision was never accepted.
    """
    acceptance = state.acceptance
    if acceptance is None:
        raise ValueError("a decision that was never accepted has no such reading")
    counting = counting_answers(state)
    before = tuple(g for g in counting if g.seq < acceptance.seq and g.number <= acceptance.number)
    late = tuple(g for g in counting if g.seq > acceptance.seq)
    meeting, confirmed_late = _claim(state, company)
    firsts = [late[0].at] if late else []
    if confirmed_late is not None:
        firsts.append(confirmed_late)
    signoff = security_ok((*before, *late))
    valid_then = _held(state, acceptance, security_ok(before))
    weighing = [*before, *(g for g in late if not _on_a_draft(state, g))]
    last = weighing[-1] if weighing else None
    allowed = next((a for a in state.allowed if a.seq == acceptance.seq), None)
    own = any(_is_own(state, g) for g in state.given if g.seq < acceptance.seq) or _lowered_own(state)
    older = _older(acceptance, company)
    return Reading(
        acceptance=acceptance,
        older=older,
        before=before,
        late=late,
        meeting=meeting,
        late_at=min(firsts) if firsts else None,
        signoff=signoff,
        changed=_is_changed(state, signoff, allowed),
        objection=last if last is not None and last.verdict.objects else None,
        self_review=own and not before and not late and not meeting and confirmed_late is None,
        valid_then=valid_then,
        fact="" if older or allowed else _fact(acceptance, before, own, meeting, valid_then),
        allowed=allowed,
    )


def _is_changed(state: DecisionState, signoff: Given | None, allowed: Allowed | None) -> bool:
    """Return whether the text in force is not the one that was cleared, by an answer or else in advance."""
    digest = digest_in_force(state)
    if signoff is not None:
        return not covers(state, signoff, digest)
    return allowed is not None and all(one.digest != digest for one in state.allowed)


def _held(state: DecisionState, acceptance: Acceptance, signoff: Given | None) -> bool:
    """Return whether a security OK held for the accepted text when it was accepted."""
    if signoff is None or not covers(state, signoff, acceptance.digest):
        return False
    return signoff.until is None or signoff.until > acceptance.at


def _is_own(state: DecisionState, given: Given) -> bool:
    """Return whether an answer would count, had its giver not decided themselves."""
    return verdict_counts(given.code, given.engagement, False) and state.may_not_judge(given.by, given.seq)


def _lowered_own(state: DecisionState) -> bool:
    """Return whether who decided had said as vCISO that it needs less review: that is no other's look."""
    return any(act.kind == LOWERED and state.may_not_judge(act.by) for act in state.level_acts)


def _claim(state: DecisionState, company: CompanyState) -> tuple[bool, datetime | None]:
    """Return whether the meeting was confirmed in time, and when it was if too late for that."""
    claim, acceptance = state.claim, state.acceptance
    if claim is None or acceptance is None or not claim.yes or claim.engagement is None:
        return False, None
    if claim.answered_at is None or state.may_not_judge(claim.answered_by):
        return False, None
    if claim.answered_at < acceptance.confirm_by:
        return True, None
    return False, claim.answered_at


def _fact(
    acceptance: Acceptance, before: tuple[Given, ...], own: bool, meeting: bool, valid_then: bool
) -> str:
    """Return what was wanting at acceptance, or an empty text; later answers do not change it."""
    if before:
        if before[-1].verdict.objects:
            return "objection"
        return "no-ok" if acceptance.required and not valid_then else ""
    if own:
        return "self-review"
    if meeting or (acceptance.level == 0 and acceptance.emergency_due is None):
        return ""
    if acceptance.emergency_due is not None:
        return "emergency"
    return "no-input" if acceptance.engaged else "nobody-engaged"


def open_conditions(state: DecisionState, signoff: Given) -> list[Condition]:
    """Return the to-dos of a security OK that stand unchecked; a newer OK replaces older to-dos."""
    return [c for c in state.conditions if c.verdict == signoff.id and c.is_open]


def running_risk(state: DecisionState, at: datetime, digest: str) -> Risk | None:
    """Return leadership's latest acceptance of the risk of this text that holds at `at`."""
    return next((risk for risk in reversed(taken_on(state, digest)) if risk.runs(at)), None)


def risk_after(state: DecisionState, at: datetime, digest: str, objection: Given | None) -> Risk | None:
    """Return the risk of this text that leadership takes at `at`, and took knowing the last objection.

    A no that came afterwards is one that leadership has not heard.
    """
    risk = running_risk(state, at, digest)
    return None if risk is None or (objection is not None and risk.seq < objection.seq) else risk


def lapsed_risk(state: DecisionState, at: datetime, digest: str) -> Risk | None:
    """Return the latest acceptance of the risk of this text, where it is past its end and none runs."""
    taken = taken_on(state, digest)
    last = taken[-1] if taken else None
    if last is None or last.ended_at is not None or last.until is None or at < last.until:
        return None
    return None if running_risk(state, at, digest) else last


def digest_in_force(state: DecisionState) -> str:
    """Return the digest of the text in force, or of the newest before one is."""
    found = state.in_force or state.latest
    return found.digest if found else ""


def taken_on(state: DecisionState, digest: str) -> list[Risk]:
    """Return every risk that leadership took of this text, oldest first, whether it still runs or not."""
    return [risk for risk in state.risks if same_text(state, risk.digest, digest)]
