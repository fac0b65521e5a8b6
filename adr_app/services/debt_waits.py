"""Debts that wait for somebody today: on first screens, in the order in which they began to wait."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import Query, fn

from adr_app.domain.debt_carries import WAITING
from adr_app.domain.debt_days import Days, due
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import answer_due, local_day
from adr_app.models.debt import DebtItem
from adr_app.models.debt_carries import DebtCarry
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.spelled import Spelled
from adr_app.services import homes
from adr_app.services.homes import SHOWN, Mine

DECIDE = (Role.CTO, Role.DELEGATE)


@dataclass(frozen=True, slots=True)
class Waits:
    """One debt that waits: `what` is a code of `adr_app.domain.debt_days.due`, `agree` or `take-on`.

    `on` is the day since which, or until which it is to be lived with; `carry` what was asked about that.
    """

    company: Company
    item: DebtItem
    what: str
    on: date
    carry: DebtCarry | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What waits for somebody: the first items whose day has come, how many there are, and what is asked."""

    due: list[Waits]
    due_all: int
    asked: list[Waits]


def waiting_for(me: Mine) -> Owed:
    """Return what waits for a person at all their companies.

    An item whose day has come waits for whoever answers for it; where nobody does who has a role there, for
    the CTO, and for leadership while there is none. Three queries at most.
    """
    if not me.companies:
        return Owed([], 0, [])
    rows = _DUE.rows(
        companies=list(me.companies),
        looked_after=_looked_after(me),
        person=me.person.id,
        by=(me.at.date() + timedelta(days=1)).isoformat(),
        at=int(me.at.timestamp()),
    )
    found = [wait for row in rows for wait in _due_of(me, row)]
    return Owed(found[:SHOWN], rows[0].many if rows else 0, _asked(me))


def _looked_after(me: Mine) -> list[int]:
    """Return the companies where the person sees to what nobody answers for."""
    mine = set(me.where(*DECIDE))
    led = [key for key in me.where(Role.LEADER) if key not in mine]
    if led:
        held = homes.roles_held(led, me.at)
        mine |= {key for key in led if held[key].isdisjoint(DECIDE)}
    return sorted(mine)


def _due_of(me: Mine, item: DebtItem) -> list[Waits]:
    """Return what an item asks for by today where its company is: the first of it."""
    company = me.companies[item.company_id]
    repaid = local_day(item.closed_at, company.zone) if item.closed_at else None
    days = Days(item.state, item.review_on, item.obligation_on, item.carried_until, repaid)
    found = due(days, me.today(company.id))
    return [Waits(company, item, *found[0])] if found else []


def _due(companies: Any, looked_after: Any, person: Any, by: Any, at: Any) -> Query:
    here = Engagement.running(at).where(
        Engagement.company == DebtItem.company, Engagement.person == DebtItem.owner
    )
    nobodys = DebtItem.company.in_(looked_after) & (DebtItem.owner.is_null() | ~fn.EXISTS(here))
    return (
        DebtItem.select(DebtItem, fn.COUNT(DebtItem.id).over().alias("many"))
        .where(DebtItem.company.in_(companies), DebtItem.act_by <= by)
        .where((DebtItem.owner == person) | nobodys)
        .order_by(DebtItem.act_by, DebtItem.id)
        .limit(SHOWN)
    )


_DUE = Spelled(_due)


def _asked(me: Mine) -> list[Waits]:
    ids = me.where(Role.VCISO, Role.LEADER)
    rows = _ASKED.rows(companies=ids) if ids else []
    engaged = homes.vcisos(sorted({row.company_id for row in rows}), me.at) if rows else {}
    return [wait for row in rows for wait in _asked_of(me, row, row.company_id in engaged)]


def _asked_of(me: Mine, row: DebtCarry, engaged: bool) -> list[Waits]:
    """Return that a request waits for this person, or nothing: first for the vCISO, then for leadership."""
    company, roles = me.companies[row.company_id], me.roles[row.company_id]
    hears = row.state == "asked" and row.item.concerns_security and engaged
    if hears and Role.VCISO in roles and row.asked_by_id != me.person.id:
        return [Waits(company, row.item, "agree", row.until, row)]
    late = answer_due(row.asked_at, company.zone, company.working_calendar) <= me.at
    if Role.LEADER in roles and (not hears or late):
        return [Waits(company, row.item, "take-on", row.until, row)]
    return []


_ASKED = Spelled(
    lambda companies: (
        DebtCarry.select(DebtCarry, DebtItem, Person)
        .join(
            DebtItem,
            on=(DebtItem.company == DebtCarry.company) & (DebtItem.id == DebtCarry.debt_id),
            attr="item",
        )
        .join_from(DebtCarry, Person, on=(Person.id == DebtCarry.asked_by))
        .where(DebtCarry.company.in_(companies), DebtCarry.state.in_(WAITING))
        .order_by(DebtCarry.id)
        .limit(SHOWN)
    )
)
