"""How acts beside life and review change a decision's state: work done, looked at, set aside, concerns."""

from adr_app.domain.events import Happening
from adr_app.domain.timeline_beneath import still_holds
from adr_app.domain.timeline_life import Step
from adr_app.domain.timeline_review import REVIEW_STEPS
from adr_app.domain.timeline_states import CompanyState, DecisionState, SetAside
from adr_app.domain.worktime import day_of, instant

DONE = "implemented"


def _implementation(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Note since when the work is done; what is noted as not done after all has to be looked at again."""
    state = REVIEW_STEPS[act.kind](state, company, act)
    if act.data["state"] != DONE:
        return state._replace(built_at=None, went_live_checked=False, described=False)
    return state if state.built_at is not None else state._replace(built_at=act.at)


def _went_live_checked(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(went_live_checked=True)


def _risk_asked(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(risk_asked_at=act.at)


def _risk_advised(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """What the vCISO recommends goes on to leadership in the same act, where somebody can decide."""
    return state._replace(risk_asked_at=act.at) if act.data.get("put") else state


def _risk_refused(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(risk_refused_seq=act.seq)


def _set_aside(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data = act.data
    until = instant(data["until"], company.zone)
    return state._replace(aside=(*state.aside, SetAside(data["aside"], data["code"], until)))


def _taken_up_again(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    which = act.data["aside"]
    return state._replace(
        aside=tuple(a._replace(ended_at=act.at) if a.id == which else a for a in state.aside)
    )


def _concern_opened(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(concerns=(*state.concerns, act.data["concern"]))


def _concern_closed(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(concerns=tuple(key for key in state.concerns if key != act.data["concern"]))


def _look_again(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Note the day on which it is to be looked at again, or that there is none any more."""
    on = act.data.get("on")
    return state._replace(look_again_on=day_of(on), look_again_at=instant(on, company.zone))


def _described(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(described=True)


def _module_noted(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return state._replace(module_noted=True)


FURTHER_STEPS: dict[str, Step] = {
    "decision.implementation-set": _implementation,
    "review.went-live-checked": _went_live_checked,
    "decision.review-on-set": _look_again,
    "decision.looked-again": _look_again,
    "decision.description-updated": _described,
    "decision.module-noted": _module_noted,
    "review.still-holds": still_holds,
    "risk.asked": _risk_asked,
    "risk.advised": _risk_advised,
    "risk.declined": _risk_refused,
    "flag.set-aside": _set_aside,
    "flag.taken-up": _taken_up_again,
    "concern.raised": _concern_opened,
    "concern.reopened": _concern_opened,
    "concern.resolved": _concern_closed,
    "concern.set-aside": _concern_closed,
}
