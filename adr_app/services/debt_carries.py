"""Living with a debt until a day: asked for, agreed to by the vCISO where it must be, taken on by a leader.

A leader may also take it on without being asked. Its end reopens the item by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adr_app.domain.debt import Move, State
from adr_app.domain.debt_carries import WAITING, check_agreed, until_problem
from adr_app.domain.debt_typed import clean
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import answer_due
from adr_app.models.debt import DebtItem
from adr_app.models.debt_carries import DebtCarry, running_on, waiting_on
from adr_app.services import people
from adr_app.services.debt_rows import changing, find, is_vciso_engaged, needed, settle, today_of
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger

NOTHING_WAITS = "Nobody asks any more to live with this. Look at the page again."


def ask(viewer: Viewer, number: int, *, reason: str, until: str, at: datetime) -> DebtCarry:
    """Ask to live with an item until a day; the vCISO hears it first where it concerns security.

    :raises Invalid: naming what is missing, or a day that is past or more than twelve months away.
    :raises WrongState: when it is not estimated, or somebody asked already.
    """
    with changing(viewer, number, at) as (ledger, item):
        fields = _read(viewer, item, Move.ASK_TO_CARRY, reason, until, ledger.at)
        row = _create(ledger, item, fields)
        told = {"carry": _bound(row), "until": row.until.isoformat(), **settle(ledger, item)}
        ledger.append("debt.carry-asked", ("debt", item.id), told)
    return row


def answer_for_security(viewer: Viewer, number: int, *, agrees: bool, words: str, at: datetime) -> DebtCarry:
    """Agree for security that an item is lived with, or not, with a sentence.

    :raises Invalid: when the sentence is missing.
    :raises NotAllowed: for whoever asked for it.
    :raises WrongState: when nothing waits for the vCISO.
    """
    with changing(viewer, number, at, Act.GIVE_VERDICT) as (ledger, item):
        row = waiting_on(item.company_id, item.id)
        if row is None or row.state != "asked" or not item.concerns_security:
            raise WrongState(NOTHING_WAITS)
        if row.asked_by_id == viewer.person.id:
            raise NotAllowed("You asked for this yourself, so another vCISO answers.")
        said = clean({"reason": words}, needed=("reason",))["reason"]
        row.state, row.security_says = "agreed" if agrees else "refused", said
        row.agreed_by, row.agreed_at = viewer.person.id, ledger.at
        row.save(only=row.dirty_fields)
        told = {"carry": _bound(row), "agrees": agrees, **settle(ledger, item)}
        ledger.append("debt.carry-answered", ("debt", item.id), told)
    return row


def carry(viewer: Viewer, number: int, *, reason: str = "", until: str = "", at: datetime) -> DebtItem:
    """Take on as leader that an item is lived with until a day, at most twelve months.

    Where somebody asked, their reason stands, as the vCISO read it, and their day holds unless another is
    given: never a later one than the vCISO agreed to.

    :raises Invalid: naming what is missing, or a day that will not do.
    :raises WrongState: when it is not estimated, or the vCISO has to agree first.
    """
    with changing(viewer, number, at, Act.ACCEPT_RISK) as (ledger, item):
        waiting = waiting_on(item.company_id, item.id)
        if waiting is not None:
            reason, until = waiting.reason, until or waiting.until.isoformat()
        fields = _read(viewer, item, Move.CARRY, reason, until, ledger.at, waits=waiting is not None)
        _check_security(viewer, item, waiting, ledger.at)
        if waiting is not None and waiting.state == "agreed" and fields["until"] > waiting.until:
            message = f"The vCISO agreed until {waiting.until.isoformat()}. Choose no later day."
            raise Invalid("This cannot be saved yet.", {"until": message})
        row = waiting or _create(ledger, item, fields)
        row.reason, row.until, row.state = fields["reason"], fields["until"], "carried"
        row.leader, row.answered_at = viewer.person.id, ledger.at
        row.save(only=row.dirty_fields)
        item.state, item.carried_until = State.CARRIED, row.until
        item.starts_on = item.monthly_work = None
        told = {"carry": _bound(row), "until": row.until.isoformat(), **settle(ledger, item)}
        ledger.append("debt.carried", ("debt", item.id), told)
    return find(viewer, number)


def _check_security(viewer: Viewer, item: DebtItem, waiting: DebtCarry | None, at: datetime) -> None:
    late = waiting is not None and is_late(viewer, waiting, at)
    check_agreed(
        waiting.state if waiting is not None else "",
        concerns_security=item.concerns_security,
        vciso_engaged=is_vciso_engaged(viewer.company.id, at),
        late=late,
    )


def is_late(viewer: Viewer, row: DebtCarry, at: datetime) -> bool:
    """Return whether the vCISO's time to answer a request is over: the same five working days as ever."""
    due = answer_due(row.asked_at, viewer.company.zone, viewer.company.working_calendar)
    return bool(row.state == "asked" and due <= at)


def decline(viewer: Viewer, number: int, *, at: datetime) -> DebtCarry:
    """Decline as leader to live with an item.

    :raises WrongState: when nobody asks for it.
    """
    return _close(viewer, number, Act.ACCEPT_RISK, "declined", "debt.carry-declined", at)


def withdraw(viewer: Viewer, number: int, *, at: datetime) -> DebtCarry:
    """Withdraw one's own request to live with an item.

    :raises NotAllowed: for anybody but whoever asked.
    :raises WrongState: when nobody asks for it.
    """
    return _close(viewer, number, Act.NOTE_DEBT, "withdrawn", "debt.carry-withdrawn", at)


def _close(viewer: Viewer, number: int, act: Act, state: str, kind: str, at: datetime) -> DebtCarry:
    with changing(viewer, number, at, act) as (ledger, item):
        row = waiting_on(item.company_id, item.id)
        if row is None:
            raise WrongState(NOTHING_WAITS)
        if state == "withdrawn" and row.asked_by_id != viewer.person.id:
            raise NotAllowed("Only whoever asked withdraws it.")
        row.state, row.answered_at = state, ledger.at
        if state == "declined":
            row.leader = viewer.person.id
        row.save(only=row.dirty_fields)
        ledger.append(kind, ("debt", item.id), {"carry": _bound(row), **settle(ledger, item)})
    return row


def _read(
    viewer: Viewer, item: DebtItem, move: Move, reason: str, until: str, at: datetime, *, waits: bool = False
) -> dict[str, Any]:
    """Return the reason and the day as typed, once they will do.

    :raises Invalid: naming each that will not.
    :raises WrongState: when the move is not possible, or somebody asked already.
    """
    wanted = needed(viewer, item, move, at)
    if not waits and waiting_on(item.company_id, item.id) is not None:
        raise WrongState("Somebody asked to live with this already. That is answered or withdrawn first.")
    problems: dict[str, str] = {}
    fields: dict[str, Any] = {"until": None}
    try:
        fields = clean({"reason": reason, "until": until}, needed=wanted)
    except Invalid as refusal:
        problems |= refusal.fields
    if fields["until"] is not None and (wrong := until_problem(fields["until"], today_of(viewer, at))):
        problems["until"] = wrong
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return fields


def _create(ledger: Ledger, item: DebtItem, fields: dict[str, Any]) -> DebtCarry:
    return DebtCarry.create(
        company=item.company_id,
        debt_id=item.id,
        asked_by=ledger.actor,
        asked_at=ledger.at,
        reason=fields["reason"],
        until=fields["until"],
        state="asked",
    )


def _bound(row: DebtCarry) -> dict[str, Any]:
    return {"carry": row.id, "row": row.row_digest}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be said on an item's page about living with it: a request, and what this person may do."""

    row: DebtCarry
    asked_by: str
    waits_for_security: bool
    late: bool
    may_answer: bool
    may_take_on: bool
    may_withdraw: bool
    answered_by: str = ""


def shown(viewer: Viewer, item: DebtItem, at: datetime) -> Shown | None:
    """Return what waits about living with an item, or on what grounds it is lived with; None for neither."""
    row = waiting_on(item.company_id, item.id)
    if row is None:
        row = running_on(item.company_id, item.id) if item.state == State.CARRIED else None
    if row is None:
        return None
    names = people.names({row.asked_by_id, row.agreed_by_id, row.leader_id} - {None})
    waits, late = row.state in WAITING, is_late(viewer, row, at)
    hears = row.state == "asked" and item.concerns_security and is_vciso_engaged(viewer.company.id, at)
    return Shown(
        row,
        names.get(row.asked_by_id, ""),
        waits_for_security=hears,
        late=late,
        may_answer=hears and viewer.may(Act.GIVE_VERDICT) and row.asked_by_id != viewer.person.id,
        may_take_on=waits and viewer.may(Act.ACCEPT_RISK) and (not hears or late),
        may_withdraw=waits and row.asked_by_id == viewer.person.id,
        answered_by=names.get(row.leader_id or row.agreed_by_id, ""),
    )
