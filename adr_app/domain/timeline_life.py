"""How the acts of a decision's own life change its state: from its first draft to the day it leaves force."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from adr_app.domain.decisions import UNDECIDED, Status
from adr_app.domain.events import Happening
from adr_app.domain.in_advance import noted
from adr_app.domain.permissions import Role
from adr_app.domain.sampling import Lot
from adr_app.domain.security import OK_NEEDED_FROM
from adr_app.domain.timeline_states import (
    CLOSED,
    OUT_OF_FORCE,
    Acceptance,
    Asked,
    Claim,
    CompanyState,
    DecisionState,
    Moment,
)
from adr_app.domain.timeline_texts import named, sent, with_text
from adr_app.domain.worktime import answer_due, day_of, local_day

Step = Callable[[DecisionState, CompanyState, Happening], DecisionState]
"""What one kind of act does: the state before, the company then, the act -> the state after."""


def close(state: DecisionState, company: CompanyState, act: Happening, status: Status) -> DecisionState:
    """Take the decision out of force, or close it undecided, remembering how it stood at that moment."""
    left = state.left or Moment(act.at, None, state, company)
    return _no_longer_asked(state._replace(status=status, left=left), act)


def _reopen(state: DecisionState, status: Status) -> DecisionState:
    none: dict[str, Any] = {"left": None, "acceptance": None, "in_force": None, "deciders": (), "allowed": ()}
    return state._replace(status=status, **none)


def _deciders(act: Happening, *, imported: bool) -> tuple[tuple[int, int], ...]:
    """Return who decided: whoever accepted, or those whom the act that wrote it down names as deciders."""
    who = set(act.data.get("deciders") or ())
    if not who and not imported and act.actor is not None:
        who = {act.actor}
    return tuple((person, 0) for person in sorted(who))


def _emergency_due(
    state: DecisionState, company: CompanyState, act: Happening, asked: Asked | None
) -> datetime | None:
    if act.data.get("way") != "emergency":
        return None
    if asked is not None and asked.emergency:
        return asked.due_at
    return answer_due(act.at, company.zone, company.calendar, emergency_r3=state.level >= 3)


def _accept(
    state: DecisionState,
    company: CompanyState,
    act: Happening,
    *,
    imported: bool,
    not_before: date | None = None,
) -> DecisionState:
    """Accept the version an act names; a day before `not_before`, or none, gives way to that of the act."""
    data, zone = act.data, company.zone
    state = sent(with_text(state, act))
    revision = named(state, data)
    today = local_day(act.at, zone)
    decided = day_of(data.get("decided_on")) or (None if imported else today)
    if not_before is not None and (decided is None or decided < not_before):
        decided = today
    asked = state.open_ask
    acceptance = Acceptance(
        seq=act.seq,
        at=act.at,
        number=revision.number,
        digest=revision.digest,
        level=state.level,
        required=bool(data.get("required")) or state.level >= OK_NEEDED_FROM,
        way=data.get("way") or "plain",
        sole=bool(data.get("sole")),
        decided_on=decided,
        recorded_on=today,
        month=f"{today.year:04d}-{today.month:02d}",
        imported=imported,
        engaged=company.engaged(Role.VCISO, act.at),
        asked=asked,
        question=state.is_question_open,
        asked_days=company.working_days(asked.asked_at, today) if asked else 0,
        confirm_by=answer_due(act.at, zone, company.calendar),
        emergency_due=_emergency_due(state, company, act, asked),
        waited=(state.asked, state.replied_seq),
        built_first=state.built_at is not None and data.get("way") != "emergency",
        concerns=state.concerns,
    )
    state = state._replace(
        status=Status.ACCEPTED,
        left=None,
        acceptance=acceptance,
        in_force=revision,
        text_from=revision.number,
        deciders=_deciders(act, imported=imported),
    )
    if not imported:
        lot = Lot(data.get("nth"), act.root) if state.level == 0 else None
        state = noted(state._replace(lot=state.lot or lot), company, act, decided)
    if acceptance.emergency_due is not None:
        state = _asked_afterwards(state, company, act, acceptance.emergency_due)
    elif acceptance.way not in _LEAVES_THE_QUESTION:
        state = _no_longer_asked(state, act)
    return close(state, company, act, Status.SUPERSEDED) if state.superseded_by else state


_LEAVES_THE_QUESTION = frozenset({"no-answer", "unasked"})
"""Ways to accept after which a review that was asked for is still awaited."""


def _asked_afterwards(
    state: DecisionState, company: CompanyState, act: Happening, due: datetime
) -> DecisionState:
    """Ask for the check that comes after an emergency, or hurry the review that waits already."""
    if not company.engaged(Role.VCISO, act.at):
        return state
    waiting = state.open_ask
    if waiting is not None:
        return state._replace(asked=waiting._replace(due_at=due, emergency=True))
    asked = Asked(act.seq, act.at, due, None, True, act.data.get("review") or 0)
    return state._replace(asked=asked, replied_seq=act.seq)


def _recorded(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = _accept(state, company, act, imported=False)
    claim = act.data.get("claim")
    return state._replace(claim=Claim(claim["claim"], act.at)) if claim else state


def _drafted(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return with_text(state, act)


def _revised(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = with_text(state, act)
    if act.data.get("in_force") and state.acceptance is not None:
        return _text_in_force(state, act)
    return state


def _proposed(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = with_text(state, act)
    state = sent(state)
    if state.holds:  # a draft beside the text in force is sent for review: the decision stays accepted
        return state
    return state._replace(status=Status.PROPOSED, left=None)


def _accepted(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = _accept(state, company, act, imported=False)
    claimed = act.data.get("claim")  # what was decided in a meeting is recorded and claimed in one act
    return state._replace(claim=Claim(claimed["claim"], act.at)) if claimed else state


def _text_in_force(state: DecisionState, act: Happening) -> DecisionState:
    """Let a version come into force beside an acceptance that stands; its level can only add to what was."""
    acceptance = state.acceptance
    if acceptance is None:
        return state
    revision = named(state, act.data)
    if state.in_force is not None and state.in_force.digest == revision.digest:
        return state._replace(in_force=revision)
    level = max(acceptance.level, state.level if revision == state.latest else revision.level)
    return state._replace(
        in_force=revision, text_from=revision.number, acceptance=acceptance._replace(level=level)
    )


def _text_accepted(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = _text_in_force(with_text(state, act), act)
    if act.data.get("way") == "emergency":
        due = answer_due(act.at, company.zone, company.calendar, emergency_r3=state.level >= 3)
        state = _asked_afterwards(state, company, act, due)
    if act.actor is not None:
        state = state._replace(deciders=(*state.deciders, (act.actor, act.seq)))
    return noted(state, company, act)


def _no_longer_asked(state: DecisionState, act: Happening) -> DecisionState:
    return state._replace(asked=None, replied_seq=act.seq)


def _closing(status: Status) -> Step:
    return lambda state, company, act: close(state, company, act, status)


def _back_to_draft(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _reopen(_no_longer_asked(state, act), Status.DRAFT)


def _taken_back(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Undo an acceptance; what it closed, or asked for, is as it was before it."""
    acceptance, asked = state.acceptance, state.asked
    state = _reopen(state, Status.PROPOSED)
    if acceptance is None or (asked is not None and asked.seq > acceptance.seq):
        return state
    before, replied_seq = acceptance.waited
    if asked is None or acceptance.emergency_due is not None:
        state = state._replace(asked=before)
    return state._replace(replied_seq=replied_seq) if state.replied_seq == acceptance.seq else state


_NOT_DECIDED_FOR = UNDECIDED | {Status.REJECTED, Status.WITHDRAWN}
"""Statuses that say nobody had decided for it by then; a file that states none says nothing of the kind."""


def _stated(state: DecisionState, company: CompanyState, act: Happening, *, imported: bool) -> DecisionState:
    """Follow a status that a file or a person states about a decision that came from a file."""
    status = Status(act.data.get("status") or Status.UNSTATED)
    if status == Status.ACCEPTED:
        if state.acceptance is None:
            # What the log knew as open was not decided before the log knew it, whatever day its file states.
            known = state.born if state.revisions and state.status in _NOT_DECIDED_FOR else None
            since = None if known is None else local_day(known, company.zone)
            return _accept(state, company, act, imported=True, not_before=since)
        return _accepted_again(with_text(state, act), act)
    state = with_text(state, act)
    if status in CLOSED:
        if status in OUT_OF_FORCE or state.acceptance is None:
            return close(state, company, act, status)
        return close(_reopen(state, status), company, act, status)
    return _reopen(state, status)


def _accepted_again(state: DecisionState, act: Happening) -> DecisionState:
    """Accept the new text of a file that was accepted before.

    The moment of the first acceptance stays, so that importing again cannot make a late answer an early one.
    """
    if not state.superseded_by:  # what a newer decision replaced stays replaced, whatever its own file says
        state = state._replace(status=Status.ACCEPTED, left=None)
    state = _text_in_force(state, act)
    decided = day_of(act.data.get("decided_on"))
    held = state.acceptance
    if decided is not None and held is not None and (held.decided_on is None or decided >= held.decided_on):
        # An earlier day in the file would make the decision older than the log that knew it already.
        state = state._replace(acceptance=held._replace(decided_on=decided))
    return state


def _imported(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = _stated(state._replace(imported=True), company, act, imported=True)
    if act.data.get("status") in OUT_OF_FORCE:
        return state._replace(left=None)
    return state


def _reimported(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    return _stated(state, company, act, imported=True)


def _status_stated(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    state = _stated(state, company, act, imported=True)
    if act.actor is None or state.acceptance is None:
        return state
    return state._replace(deciders=(*state.deciders, (act.actor, 0)))


LIFE_STEPS: dict[str, Step] = {
    "decision.drafted": _drafted,
    "decision.recorded": _recorded,
    "decision.revised": _revised,
    "decision.proposed": _proposed,
    "decision.accepted": _accepted,
    "decision.text-accepted": _text_accepted,
    "decision.rejected": _closing(Status.REJECTED),
    "decision.withdrawn": _closing(Status.WITHDRAWN),
    "decision.reopened": _back_to_draft,
    "decision.taken-back": _taken_back,
    "decision.deprecated": _closing(Status.DEPRECATED),
    "decision.imported": _imported,
    "decision.reimported": _reimported,
    "decision.status-stated": _status_stated,
}
