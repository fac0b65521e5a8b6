"""What becomes of an estimated debt: planned, begun, checked after it was repaid, or written off."""

from datetime import date, datetime

from adr_app.domain.debt import WHAT_TO_GIVE, Move, State
from adr_app.domain.debt_days import may_be_checked_from
from adr_app.domain.debt_estimates import WHOLE
from adr_app.domain.debt_typed import clean
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.debt import DebtItem
from adr_app.models.people import System
from adr_app.services.debt_rows import (
    changing,
    drop_request,
    find,
    needed,
    require_security_say,
    settle,
    today_of,
)
from adr_app.services.people import Viewer

YEARS_AHEAD = 10
"""How far ahead work may be planned, and a system's end be known."""


def schedule(viewer: Viewer, number: int, *, starts_on: str, monthly_work: str, at: datetime) -> DebtItem:
    """Plan an item: the month in which work begins, and how many working days a month are set aside.

    :raises Invalid: naming what is missing, a month that is over, or one in which its system is gone.
    :raises WrongState: when it is not estimated, or begun already.
    """
    with changing(viewer, number, at) as (ledger, item):
        wanted = needed(viewer, item, Move.SCHEDULE, ledger.at)
        fields = clean({"starts_on": starts_on, "monthly_work": monthly_work}, needed=wanted)
        _check_plan(item, fields["starts_on"], fields["monthly_work"], today_of(viewer, ledger.at))
        item.state, item.carried_until = State.SCHEDULED, None
        item.starts_on, item.monthly_work = fields["starts_on"], fields["monthly_work"]
        told = {"starts_on": item.starts_on.isoformat(), "monthly_work": item.monthly_work}
        told |= {**settle(ledger, item), **drop_request(ledger, item)}
        ledger.append("debt.scheduled", ("debt", item.id), told)
    return find(viewer, number)


def _check_plan(item: DebtItem, starts_on: date, monthly_work: int, today: date) -> None:
    """Refuse a plan that nobody can follow.

    :raises Invalid: naming what will not do.
    """
    problems = {}
    if monthly_work == 0:
        problems["monthly_work"] = "Set aside more than nothing, or live with it until a day."
    if starts_on < today.replace(day=1):
        problems["starts_on"] = "This month is over. Choose this month or a later one."
    elif starts_on.year > today.year + YEARS_AHEAD:
        problems["starts_on"] = f"Choose a month within the next {YEARS_AHEAD} years."
    ends = _system(item)
    if ends is not None and ends.retires_on is not None and starts_on > ends.retires_on:
        problems["starts_on"] = (
            f"{ends.name} is switched off on {ends.retires_on.isoformat()}, before that. "
            "Choose an earlier month, or write the debt off."
        )
    if problems:
        raise Invalid("This cannot be saved yet.", problems)


def _system(item: DebtItem) -> System | None:
    found: System | None = (
        System.select().where(System.company == item.company_id, System.id == item.system_id).first()
    )
    return found


def start(viewer: Viewer, number: int, *, at: datetime) -> DebtItem:
    """Record that work on a planned item has begun.

    :raises WrongState: when it is not planned.
    """
    with changing(viewer, number, at) as (ledger, item):
        needed(viewer, item, Move.START, ledger.at)
        item.state = State.IN_PROGRESS
        ledger.append("debt.started", ("debt", item.id), settle(ledger, item))
    return find(viewer, number)


def verify(viewer: Viewer, number: int, *, gone: str, left_over: str = "", at: datetime) -> DebtItem:
    """Record whether the loss has gone, thirty days or more after a repayment, and what share is left.

    :raises Invalid: when it is not said, or no share is given where a part is left.
    :raises WrongState: when it is not repaid, or too early; or the loss has not gone, so that it is still
        owed: then it is opened again.
    """
    with changing(viewer, number, at) as (ledger, item):
        wanted = needed(viewer, item, Move.VERIFY, ledger.at)
        fields = clean({"gone": gone, "left_over": left_over}, needed=wanted)
        first = may_be_checked_from(local_day(item.closed_at, viewer.company.zone))
        if today_of(viewer, ledger.at) < first:
            raise WrongState(
                "It was repaid less than thirty days ago. "
                f"From {first.isoformat()} on it can be said whether the loss has gone."
            )
        item.state, item.left_over = State.VERIFIED, _share_left(fields["gone"], fields["left_over"])
        told = {"left_over": item.left_over, **settle(ledger, item)}
        ledger.append("debt.verified", ("debt", item.id), told)
    return find(viewer, number)


def _share_left(gone: str, left_over: int | None) -> int:
    """Return the share of the loss that is left, in basis points."""
    if gone == "yes":
        return 0
    if gone == "no" or left_over == WHOLE:
        message = "Then it is still owed. Open it again instead, with a word on what was found."
        raise Invalid("This cannot be saved yet.", {"gone": message})
    if not left_over:
        raise Invalid("This cannot be saved yet.", {"left_over": WHAT_TO_GIVE["left_over"]})
    return left_over


def write_off(viewer: Viewer, number: int, *, retires_on: str, at: datetime) -> DebtItem:
    """Close an item that is not worth fixing, as its system is switched off on a day.

    :raises Invalid: when the day is missing or nobody can mean it, or its system is not named yet.
    :raises NotAllowed: for a debt that concerns security, to anybody but the vCISO.
    :raises WrongState: when it is closed already.
    """
    with changing(viewer, number, at, Act.WRITE_OFF_DEBT) as (ledger, item):
        wanted = needed(viewer, item, Move.WRITE_OFF, ledger.at)
        fields = clean({"system": item.system_name or "", "retires_on": retires_on}, needed=wanted)
        on, today = fields["retires_on"], today_of(viewer, ledger.at)
        if on.year > today.year + YEARS_AHEAD or on < today_of(viewer, item.noted_at):
            message = f"Choose a day after the debt was noted, within the next {YEARS_AHEAD} years."
            raise Invalid("This cannot be saved yet.", {"retires_on": message})
        if item.concerns_security:
            require_security_say(viewer, ledger.at)
        item.state, item.closed_at, item.retires_on = State.WRITTEN_OFF, ledger.at, on
        told = {"on": on.isoformat(), **settle(ledger, item), **drop_request(ledger, item)}
        ledger.append("debt.written-off", ("debt", item.id), told)
    return find(viewer, number)
