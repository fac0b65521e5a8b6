"""How acts say which safeguards a decision supports, weakens or changes."""

from adr_app.domain.events import Happening
from adr_app.domain.timeline_life import Step
from adr_app.domain.timeline_states import CompanyState, DecisionState


def _mapped(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    data, state = act.data, _unmapped(state, company, act)
    return state._replace(controls=(*state.controls, (data["framework"], data["control"])))


def _unmapped(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    gone = (act.data["framework"], act.data["control"])
    return state._replace(controls=tuple(pair for pair in state.controls if pair != gone))


CONTROL_STEPS: dict[str, Step] = {"decision.mapped": _mapped, "decision.unmapped": _unmapped}
