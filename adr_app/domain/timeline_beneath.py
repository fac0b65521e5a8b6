"""What a decision rests on and what happens to it: systems and firms it names, decisions it leans on.

Such an act is about something else. It is told to every decision that rests on that, and changes there
nothing but what is known beneath it.
"""

from adr_app.domain.answers import counting_answers
from adr_app.domain.decisions import Status
from adr_app.domain.events import Happening
from adr_app.domain.timeline_states import CLOSED, Beneath, CompanyState, DecisionState

_CLOSING = frozenset({"decision.rejected", "decision.deprecated"})
_STATING = frozenset({"decision.status-stated", "decision.reimported"})
_REPLACES_FROM = frozenset({Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED})


def firm_changed(state: DecisionState, act: Happening) -> DecisionState:
    """Note that a firm it names touches other data than before, or that an agreement with it ended."""
    if act.kind == "vendor.agreement-ended" or (act.kind == "vendor.described" and act.data.get("anew")):
        return _noted(state, act)
    return state


def system_changed(state: DecisionState, act: Happening) -> DecisionState:
    """Note that a system it names was put inside the boundary, or taken out."""
    return _noted(state, act)


def decision_changed(state: DecisionState, act: Happening) -> DecisionState:
    """Note that a decision it leans on no longer holds; an acceptance that was taken back changed nothing.

    An act that brings another decision into force and does not name this one replaces what this one leans on.
    """
    if act.kind == "decision.taken-back":
        left = tuple(one for one in state.beneath if (one.what, one.id) != act.subject)
        return state if len(left) == len(state.beneath) else state._replace(beneath=left)
    status = act.data.get("status", Status.ACCEPTED)
    if act.kind in _CLOSING or (act.kind in _STATING and status in CLOSED):
        return _noted(state, act)
    edges = act.data.get("supersedes") or ()
    if edges and status in _REPLACES_FROM and all(edge.get("decision") != state.id for edge in edges):
        return _noted(state, act)
    return state


def still_holds(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Follow the vCISO's word that what changed up to an act takes nothing from the OK."""
    if state.may_not_judge(act.actor):
        return state
    return state._replace(still_holds=max(state.still_holds, act.data["after"]))


def changed_since_answered(state: DecisionState) -> tuple[Beneath, ...]:
    """Return what changed beneath a decision since the vCISO last answered, or said that it still holds.

    A firm counts that the text in force names.
    """
    counting = counting_answers(state)
    since = max(state.still_holds, counting[-1].seq if counting else 0)
    number = state.in_force.number if state.in_force else 0
    firms = {key for version, ids in state.naming if version == number for key in ids}
    return tuple(
        one for one in state.beneath if one.seq > since and (one.what != "vendor" or one.id in firms)
    )


def _noted(state: DecisionState, act: Happening) -> DecisionState:
    if state.born is None:
        return state
    return state._replace(beneath=(*state.beneath, Beneath(act.seq, *act.subject)))
