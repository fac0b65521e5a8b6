"""Was security asked? Exactly one standing of a decision at any moment, computed from its acts.

Readings that the code rests on:

- A standing before acceptance has its own code (`cleared-before`), so that a list can tell the undecided.
- Level 0 comes only from four times no, said by the author: without any vCISO input such a decision is
  *declared harmless* (`sampling` says which are to be checked), at any other level *made without input*.
  Declaring a higher level harmless changes nothing, or everybody would.
- “No” and “change this first” weigh against acceptance until another answer is given, on whichever version:
  changing a word does not answer an objection. A late no counts too, as the decision stays in force; a no to
  a draft beside the text in force counts once that draft, or a later one, comes into force.
- A risk that leadership takes covers the text it was taken on, and what the vCISO says means the same.
- What was a fact at acceptance (no input, objection, no OK where one was needed, own review) turns into
  *reviewed late* once it is answered, and never into a plain *checked*.
- An advice in a meeting, confirmed in time, stands as such at every level; it is counted apart.
- What a rule of the vCISO's cleared in advance at acceptance counts as her OK for that exact text, for good:
  levels 0 and 1 have no end. What she says on the decision itself comes before any rule.
- A decision older than the log takes the standing of the answer it gets.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from adr_app.domain.answers import (
    Reading,
    counting_answers,
    covers,
    digest_in_force,
    lapsed_risk,
    open_conditions,
    read,
    risk_after,
    security_ok,
)
from adr_app.domain.in_advance import allowed_by, turning_points
from adr_app.domain.sampling import CHECKED_WITHIN, CHOSEN, is_chosen
from adr_app.domain.security import OK_NEEDED_FROM
from adr_app.domain.standing_words import HEADLINE, IN_ADVANCE, MARKS, STANDINGS, Standing, words_of
from adr_app.domain.timeline_states import OUT_OF_FORCE, Acceptance, CompanyState, DecisionState, Given
from adr_app.domain.worktime import (
    ASKED_SHORTLY_BEFORE,
    local_day,
)

__all__ = [
    "HEADLINE",
    "IN_ADVANCE",
    "MARKS",
    "STANDINGS",
    "Standing",
    "StandingAt",
    "Window",
    "standing_at",
    "standing_windows",
    "words_of",
]


class StandingAt(NamedTuple):
    """A standing that holds: its code, the finer reason, and plain values for its words."""

    code: str
    why: str = ""
    detail: dict[str, Any] = {}


UNREAD = StandingAt("unread")
"""The standing where an act could not be read: never a good one, and not counted as bad."""


class Window(NamedTuple):
    """A stretch `[starts, ends)` with one standing; `ends` None is for ever."""

    starts: datetime
    ends: datetime | None
    standing: StandingAt


def standing_at(
    state: DecisionState, company: CompanyState, at: datetime, known: Reading | None = None
) -> StandingAt:
    """Return the one standing that holds at `at`, a moment within the time this state lasts.

    `known` spares reading the answers of an accepted decision a second time.
    """
    if state.unread or company.unread:
        return UNREAD
    if state.left is not None:
        return standing_at(state.left.state, state.left.company, state.left.starts)
    if state.acceptance is None:
        if state.imported and state.status in OUT_OF_FORCE:
            return StandingAt("inherited")
        return _before_acceptance(state, company, at)
    return _after_acceptance(state, company, known or read(state, company), at)


def _before_acceptance(state: DecisionState, company: CompanyState, at: datetime) -> StandingAt:
    if state.is_question_open:
        return StandingAt("question", "", {"asked_at": _epoch(state.given[-1].at)})
    ask = state.open_ask
    if ask is not None:
        detail = {"asked": _epoch(ask.asked_at), "due": _epoch(ask.due_at)}
        return StandingAt("asked", "", detail if ask.of is None else {**detail, "of": ask.of})
    counting = counting_answers(state)
    last = counting[-1] if counting else None
    if last is None:
        rule = allowed_by(state, company, state.latest, at)
        return StandingAt("not-asked") if rule is None else StandingAt("cleared-before", *_by(rule.id))
    if last.verdict.objects:
        return StandingAt("refused", last.code if last.code != "deny" else "")
    signoff = security_ok(counting)
    if signoff is None:
        needed = state.level >= OK_NEEDED_FROM
        return StandingAt("not-asked", "ok-needed") if needed else StandingAt("advised-before")
    if state.latest is not None and not covers(state, signoff, state.latest.digest):
        return StandingAt("not-asked", "new-text")
    if open_conditions(state, signoff):
        return StandingAt("cleared-with-conditions-before")
    return StandingAt("cleared-before")


def _after_acceptance(
    state: DecisionState, company: CompanyState, known: Reading, at: datetime
) -> StandingAt:
    acceptance = known.acceptance
    if not known.is_answered:
        return _unanswered(state, company, known, at)
    if known.objection is not None:
        return _objection(state, acceptance, known.objection, at)
    signoff = known.signoff
    if known.changed:
        return StandingAt("changed")
    if signoff is not None and signoff.until is not None and signoff.until <= at:
        return StandingAt("expired", "", {"until": _epoch(signoff.until)})
    if signoff is None and known.allowed is not None:
        held = [one for one in state.allowed if one.digest == digest_in_force(state)]
        return StandingAt("cleared", *_by(held[-1].rule))
    if signoff is None and known.before and acceptance.required and not known.older:
        return StandingAt("ok-not-given")
    if known.fact and known.late_at is not None:
        return _late(company, acceptance, known)
    if signoff is None:
        claim = state.claim
        if known.meeting and not known.before and claim is not None and claim.answered_at is not None:
            return StandingAt("advised-meeting", "", {"on": _epoch(claim.answered_at)})
        return StandingAt("advised")
    return StandingAt("cleared-with-conditions" if open_conditions(state, signoff) else "cleared")


def _by(rule: int) -> tuple[str, dict[str, Any]]:
    return IN_ADVANCE, {"rule": rule}


def _unanswered(state: DecisionState, company: CompanyState, known: Reading, at: datetime) -> StandingAt:
    """Return the standing of an accepted decision on which no answer counts."""
    acceptance = known.acceptance
    if known.older:
        return StandingAt(known.older)
    accepted = {"accepted": _epoch(acceptance.at)}
    due = acceptance.emergency_due
    if due is not None and at < due:
        return StandingAt("review-waiting", "", {**accepted, "due": _epoch(due)})
    if known.self_review:
        return StandingAt("self-reviewed")
    if acceptance.level == 0 and due is None:
        return StandingAt("self-declared", CHOSEN if is_chosen(state.lot) else "", accepted)
    if not acceptance.engaged:
        return StandingAt("nobody-engaged", "nobody-engaged", accepted)
    if due is not None:
        return StandingAt("no-input", "emergency", {**accepted, "due": _epoch(due)})
    if state.claim is not None:
        denied = state.claim.yes is False
        return StandingAt("no-input", "claim-denied" if denied else "claimed", accepted)
    ask = acceptance.asked
    if ask is None:
        return StandingAt("no-input", "not-asked", accepted)
    asked = {**accepted, "asked": _epoch(ask.asked_at)}
    if acceptance.question:
        return StandingAt("no-input", "question-open", asked)
    waited = acceptance.at - ask.asked_at
    if waited < ASKED_SHORTLY_BEFORE:
        minutes = int(waited / timedelta(minutes=1))
        return StandingAt("no-input", "asked-shortly-before", {**asked, "minutes": minutes})
    return StandingAt("no-input", "no-answer", {**asked, "working_days": acceptance.asked_days})


def _objection(state: DecisionState, acceptance: Acceptance, objection: Given, at: datetime) -> StandingAt:
    digest = digest_in_force(state)
    running = risk_after(state, at, digest, objection)
    if running is not None:
        detail = {} if running.until is None else {"until": _epoch(running.until)}
        return StandingAt("risk-accepted", "", detail)
    if lapsed_risk(state, at, digest) is not None:
        return StandingAt("against-advice", "expired")
    return StandingAt("against-advice", "late" if objection.seq > acceptance.seq else "")


def _late(company: CompanyState, acceptance: Acceptance, known: Reading) -> StandingAt:
    answered = known.late_at or acceptance.at
    days = (local_day(answered, company.zone) - acceptance.recorded_on).days
    detail = {"days": days, "accepted": _epoch(acceptance.at), "on": _epoch(answered)}
    if known.fact == "emergency":
        return StandingAt("reviewed-late", "emergency", detail)
    return StandingAt("reviewed-late", "same-day" if days <= 0 else known.fact, detail)


def thresholds(state: DecisionState, company: CompanyState) -> list[datetime]:
    """Return the moments at which this state, left alone, could turn into another standing or flag."""
    if state.left is not None:
        return []
    if state.acceptance is None and company.rules:
        return _own_thresholds(state) + turning_points(company)
    return _own_thresholds(state)


def _own_thresholds(state: DecisionState) -> list[datetime]:
    found = [g.until for g in state.given if g.until is not None]
    for todo in state.conditions:
        found += [t for t in (todo.overdue_at, todo.binds_at, todo.check_by) if t is not None]
    found += [r.until for r in state.risks if r.until is not None]
    found += [datetime.fromtimestamp(f.until, UTC) for f in state.firms if f.until is not None]
    if state.asked is not None:
        found.append(state.asked.due_at)
    if state.acceptance is not None and state.acceptance.emergency_due is not None:
        found.append(state.acceptance.emergency_due)
    if state.acceptance is not None and state.lot is not None:
        found.append(state.acceptance.at + CHECKED_WITHIN)
    return found


def cuts(
    state: DecisionState,
    company: CompanyState,
    start: datetime,
    end: datetime | None,
    further: Iterable[datetime] = (),
) -> list[tuple[datetime, datetime | None]]:
    """Return `[start, end)` cut at the state's thresholds, and at `further` ones: nothing changes between."""
    turns = (*thresholds(state, company), *further)
    inner = sorted({t for t in turns if t > start and (end is None or t < end)})
    edges = [start, *inner]
    return list(zip(edges, [*inner, end], strict=True))


def standing_windows(
    state: DecisionState, company: CompanyState, start: datetime, end: datetime | None
) -> list[Window]:
    """Return the standings over `[start, end)`, in order, without gap or overlap.

    `state` and `company` are those that last over that time; thresholds that lie ahead give windows that
    begin in the future. Neighbours with the same standing are one.
    """
    windows: list[Window] = []
    for starts, ends in cuts(state, company, start, end):
        standing = standing_at(state, company, starts)
        if windows and windows[-1].standing == standing:
            windows[-1] = windows[-1]._replace(ends=ends)
        else:
            windows.append(Window(starts, ends, standing))
    return windows


def input_class(state: DecisionState, company: CompanyState, known: Reading | None = None) -> str | None:
    """Return when the vCISO's input came, for a decision that was accepted, else None.

    One of `older`, `before`, `meeting`, `after`, `not-needed` (declared harmless, level 0), `none-engaged`,
    `none` and `unread` (nobody can tell). A decision that left force keeps the class it had.
    """
    if state.unread or company.unread:
        return "unread"
    if state.left is not None:
        return input_class(state.left.state, state.left.company)
    acceptance = state.acceptance
    if acceptance is None:
        return None
    known = known or read(state, company)
    if known.older:
        return "older"
    if known.before or known.allowed:
        return "before"
    if known.meeting:
        return "meeting"
    if known.is_answered:
        return "after"
    if known.self_review:
        return "none"
    if acceptance.level == 0 and acceptance.emergency_due is None:
        return "not-needed"
    return "none" if acceptance.engaged else "none-engaged"


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
