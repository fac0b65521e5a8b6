"""How a security review changes a decision's state: answers, claims, to-dos, risks taken, levels."""

from collections.abc import Mapping
from typing import Any

from adr_app.domain.answers import counting_answers, open_conditions, security_ok
from adr_app.domain.decisions import LIVE, TAKE_BACK_WITHIN, Status
from adr_app.domain.events import Happening
from adr_app.domain.levels import ANSWER, LOWERED, RAISED, LevelAct
from adr_app.domain.reviews import verdict_counts
from adr_app.domain.timeline_life import Step
from adr_app.domain.timeline_states import Asked, Claim, CompanyState, Condition, DecisionState, Given, Risk
from adr_app.domain.timeline_texts import named, sent
from adr_app.domain.worktime import answer_due, due_after_turn, instant


def _asked(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data = act.data
    emergency = bool(data.get("emergency"))
    before = state.open_ask
    due = instant(data.get("due_at"), company.zone) or answer_due(
        act.at, company.zone, company.calendar, emergency_r3=emergency and state.level >= 3
    )
    first = act.at if before is None else before.asked_at
    emergency = emergency or (before is not None and before.emergency)
    asked = Asked(act.seq, first, due, data.get("of"), emergency, data.get("review") or 0)
    # Asking with one button proposes a draft: one act, one event.
    status = Status.PROPOSED if state.status is Status.DRAFT else state.status
    return sent(state)._replace(asked=asked, replied_seq=act.seq, status=status)


def _taken(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    asked = state.asked
    if asked is None or asked.review != act.data["review"]:
        return state
    return state._replace(asked=asked._replace(of=act.actor))


def _replied(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """End the author's turn: the answer is due later by as long as the question lay with the author."""
    asked, began = state.asked, state.turn_began
    if asked is None or began is None:
        return state._replace(replied_seq=act.seq)
    due = due_after_turn(
        asked.due_at, began, act.at, company.zone, company.calendar, by_the_clock=asked.emergency
    )
    return state._replace(asked=asked._replace(due_at=due), replied_seq=act.seq)


def _verdict(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data = act.data
    revision = named(state, data)
    level = data.get("level")
    given = Given(
        act.seq,
        act.at,
        data.get("verdict") or 0,
        act.actor,
        data["code"],
        revision.number if data.get("number") is None else data["number"],
        data.get("digest") or revision.digest,
        state.level if level is None else level,
        data.get("engagement"),
        instant(data.get("valid_until"), company.zone),
    )
    conditions = tuple(_put(c, given.id, company) for c in data.get("conditions") or ())
    counts = verdict_counts(given.code, given.engagement, state.may_not_judge(act.actor))
    state = state._replace(
        given=(*state.given, given),
        conditions=state.conditions + conditions,
    )
    if counts and level is not None:
        state = state.leveled((*state.level_acts, LevelAct(ANSWER, level, given.id)))
    in_force = state.in_force
    if counts and given.verdict.clears and state.holds and in_force and revision.number > in_force.number:
        return state._replace(in_force=revision, text_from=revision.number)
    return state


def _verdict_taken_back(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    which = act.data.get("verdict")
    gone = {c.id for c in state.conditions if c.verdict == which}
    state = state._replace(
        given=tuple(g for g in state.given if g.id != which),
        conditions=tuple(c for c in state.conditions if c.verdict != which),
        live_early=tuple(key for key in state.live_early if key not in gone),
    )
    return state.leveled(tuple(a for a in state.level_acts if a.kind != ANSWER or a.verdict != which))


def _same_meaning(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data = act.data
    if data.get("engagement") is None or state.may_not_judge(act.actor):
        return state
    revision = named(state, data)
    extended = (data.get("verdict") or 0, data.get("digest") or revision.digest)
    state = state._replace(same=(*state.same, extended))
    return state._replace(in_force=revision) if state.holds else state


def _claimed(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    if state.claim is not None and state.claim.yes:
        return state
    return state._replace(claim=Claim(act.data.get("claim") or 0, act.at))


def _claim_answered(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    claim = state.claim
    if claim is None or claim.id != (act.data.get("claim") or 0):
        return state
    yes, engagement = bool(act.data.get("yes")), act.data.get("engagement")
    return state._replace(claim=Claim(claim.id, claim.at, yes, act.at, act.actor, engagement))


def _declared(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(declared=True)


def _condition(state: DecisionState, which: int, /, **change: Any) -> DecisionState:
    changed = tuple(c._replace(**change) if c.id == which else c for c in state.conditions)
    return state._replace(conditions=changed)


def _put(told: Mapping[str, Any], verdict: int, company: CompanyState) -> Condition:
    """Return a to-do as the act that puts it to the CTO tells of it."""
    return Condition(
        told["condition"],
        verdict,
        instant(told.get("due_on"), company.zone),
        bool(told.get("before_go_live")),
        binds_at=instant(told.get("binds_at"), company.zone),
        owned=told.get("owned") is not False,
    )


def _condition_done(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    check_by = instant(act.data.get("check_by"), company.zone)
    return _condition(state, act.data["condition"], done=True, check_by=check_by)


def _condition_verified(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _condition(state, act.data["condition"], done=True, verified=True)


def _condition_moved(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _condition(state, act.data["condition"], overdue_at=instant(act.data.get("due_on"), company.zone))


def _condition_said(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _condition(state, act.data["condition"], state=act.kind.removeprefix("condition."))


def _condition_changed(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Let a new to-do take the place of one, under the same answer."""
    old = next((c for c in state.conditions if c.id == act.data["condition"]), None)
    state = _condition_said(state, company, act)
    if old is None:
        return state
    return state._replace(conditions=(*state.conditions, _put(act.data["newer"], old.verdict, company)))


def _condition_assigned(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _condition(state, act.data["condition"], owned=True)


def _implementation_set(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Note what was to be done before go-live and was not; a slip mended within ten minutes was none."""
    now = act.data["state"]
    if now == state.implementation:
        return state
    signoff = security_ok(counting_answers(state))
    if now == LIVE:
        todos = open_conditions(state, signoff) if signoff else []
        waited = tuple(c.id for c in todos if c.before_go_live and not c.done)
        if state.live_early or not waited:
            return state._replace(implementation=now)
        return state._replace(implementation=now, live_at=act.at, live_early=waited)
    if state.live_at is not None and act.at - state.live_at <= TAKE_BACK_WITHIN:
        return state._replace(implementation=now, live_at=None, live_early=())
    return state._replace(implementation=now)


def _risk_accepted(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data = act.data
    digest = data.get("digest") or named(state, data).digest
    risk = Risk(
        data.get("acceptance") or 0,
        act.at,
        instant(data.get("until"), company.zone),
        digest,
        protected=data.get("protects") is not None,
        extends=data.get("extends") or 0,
        seq=act.seq,
    )
    over = data.get("replaces") or ()
    before = tuple(r._replace(ended_at=act.at) if r.id in over else r for r in state.risks)
    return state._replace(risks=(*before, risk))


def _risk_protected(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    which, named_now = act.data["acceptance"], act.data["protects"] is not None
    risks = tuple(r._replace(protected=named_now) if r.id == which else r for r in state.risks)
    return state._replace(risks=risks)


def _risk_ended(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    which = act.data.get("acceptance") or 0
    risks = tuple(r._replace(ended_at=act.at) if r.id == which else r for r in state.risks)
    return state._replace(risks=risks)


def _level_set(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Set the level: raised stays so over later versions, lowered (by the vCISO) ends that."""
    kind = RAISED if act.kind == "level.raised" else LOWERED
    return state.leveled((*state.level_acts, LevelAct(kind, act.data["level"], by=act.actor)))


REVIEW_STEPS: dict[str, Step] = {
    "review.asked": _asked,
    "review.taken": _taken,
    "review.replied": _replied,
    "review.verdict": _verdict,
    "review.verdict-taken-back": _verdict_taken_back,
    "review.same-meaning": _same_meaning,
    "review.claimed": _claimed,
    "review.claim-answered": _claim_answered,
    "review.declared-harmless": _declared,
    "condition.done": _condition_done,
    "condition.verified": _condition_verified,
    "condition.moved": _condition_moved,
    "condition.agreed": _condition_said,
    "condition.contested": _condition_said,
    "condition.kept": _condition_said,
    "condition.dropped": _condition_said,
    "condition.changed": _condition_changed,
    "condition.assigned": _condition_assigned,
    "decision.implementation-set": _implementation_set,
    "risk.accepted": _risk_accepted,
    "risk.ended": _risk_ended,
    "risk.protected": _risk_protected,
    "level.raised": _level_set,
    "level.lowered": _level_set,
}
