"""One debt item as acts work on it: found, read under the company's lock, changed, bound and told of."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from adr_app.domain.debt import Move, State, needs
from adr_app.domain.debt_carries import is_outdated
from adr_app.domain.debt_days import Days, act_by
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Stale
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import local_day
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem, DebtRemark
from adr_app.models.debt_carries import DebtCarry, waiting_on
from adr_app.models.people import Engagement, Person
from adr_app.services import people, systems
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

COLUMNS = {"system": "system_id", "owner": "owner_id"}
"""Columns of what forms call otherwise."""


def find(viewer: Viewer, number: int) -> DebtItem:
    """Return the company's item with this number, with the names of its system and owner.

    :raises NotFound: when there is none here.
    """
    query = tables.named(viewer.company.id).where(DebtItem.number == number)
    item = query.first() if 0 < number < 2**31 else None
    if item is None:
        raise NotFound("There is no such item.")
    return item


def today_of(viewer: Viewer, at: datetime) -> date:
    """Return the day it is at the company."""
    return local_day(at, viewer.company.zone)


def needed(viewer: Viewer, item: DebtItem, move: Move, at: datetime) -> tuple[str, ...]:
    """Return what must be given to make a move on an item as it stands now.

    :raises WrongState: when the move is not possible from there.
    """
    return needs(item.standing(today_of(viewer, at)), move)


def owners(viewer: Viewer, at: datetime) -> list[tuple[int, str]]:
    """Return who may answer for an item, by name: everybody who holds a role at the company now."""
    rows = (
        Engagement.running(at)
        .select(Person.id, Person.name)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == viewer.company.id)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return list(rows.tuples())


def is_vciso_engaged(company_id: int, at: datetime) -> bool:
    """Return whether anybody holds the security role at a company now."""
    return bool(people.holders(company_id, Role.VCISO, at))


def may_take_from_security(viewer: Viewer, at: datetime) -> bool:
    """Return whether somebody may say that a debt does not concern security, or is none after all.

    That is the vCISO's to say, and leadership's while none is engaged.
    """
    if viewer.may(Act.LOWER_LEVEL):
        return True
    return viewer.may(Act.ACCEPT_RISK) and not is_vciso_engaged(viewer.company.id, at)


def require_security_say(viewer: Viewer, at: datetime) -> None:
    """Refuse what takes a debt out of the vCISO's sight to whoever may not.

    :raises NotAllowed: saying who may.
    """
    if not may_take_from_security(viewer, at):
        raise NotAllowed("This debt concerns security, so that is for the vCISO to say.")


def taken_from_security(viewer: Viewer, item: DebtItem, concerned: bool, at: datetime) -> dict[str, Any]:
    """Return what an act tells that says of a debt that concerned security that it does not; else nothing.

    :raises Invalid: for anybody who may not say so, under the field that says it.
    """
    if not concerned or item.concerns_security:
        return {}
    if not may_take_from_security(viewer, at):
        message = "That it concerns no security is for the vCISO to say. Everything else can be saved."
        raise Invalid("This cannot be saved yet.", {"kind": message})
    return {"security": None}


def stamp(item: DebtItem, names: Sequence[str], seq: int = 0) -> str:
    """Return what some fields of an item say now, as one short text that a form carries and sends back.

    `seq` is the number of the last act on what stands beside the item, such as its newest estimate.
    """
    values = {name: getattr(item, COLUMNS.get(name, name)) for name in names}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return digest(canonical_json([plain, seq] if seq else plain))[:16]


def check_seen(item: DebtItem, names: Sequence[str], seen: str | None, seq: int = 0) -> None:
    """Refuse to overwrite what somebody else saved since a form was shown.

    :raises Stale: when the fields say something else than the form showed.
    """
    if seen is not None and seen != stamp(item, names, seq):
        raise Stale("Somebody else changed this while you were writing. Nothing is saved yet.")


@contextmanager
def changing(
    viewer: Viewer, number: int, at: datetime, act: Act = Act.NOTE_DEBT
) -> Iterator[tuple[Ledger, DebtItem]]:
    """Run one act on one item: read it under the company's lock, save what the body changed.

    :raises NotAllowed: when the person may not, or holds a role no longer that they came with.
    """
    viewer.require(act)
    with acting_as(viewer, at=at) as ledger:
        item = find(viewer, number)
        yield ledger, item
        item.changed_at = ledger.at
        item.save(only=item.dirty_fields)


def system_of(viewer: Viewer, name: str) -> int | None:
    """Return the id of a system by its name, made where it is new; None for no name."""
    found = systems.named(viewer.company.id, [name])
    return found[0].id if found else None


def remember_days(item: DebtItem, zone: str) -> None:
    """Set the first day on which somebody has to act on an item, from what is said of it now."""
    repaid = local_day(item.closed_at, zone) if item.closed_at else None
    days = Days(item.state, item.review_on, item.obligation_on, item.carried_until, repaid)
    item.act_by = act_by(days)


def settle(ledger: Ledger, item: DebtItem) -> dict[str, Any]:
    """Work out what follows from an item's fields, and return what every act on it binds and tells."""
    remember_days(item, ledger.company.zone)
    return {"row": item.row_digest, **told_of_plan(item)}


def told_of_plan(item: DebtItem) -> dict[str, Any]:
    """Return what an act on a debt that concerns security tells of its plan; nothing for any other.

    That is what the rule on such debts goes by: see `adr_app.domain.debt_flags`.
    """
    if not item.concerns_security:
        return {}
    on_its_way = item.state in (State.SCHEDULED, State.IN_PROGRESS)
    target = item.obligation_on or (item.starts_on if on_its_way else None)
    until = item.carried_until if item.state == State.CARRIED else None
    return {
        "security": {
            "open": item.is_open,
            "planned": item.owner_id is not None and target is not None,
            "carried": until.isoformat() if until else None,
        }
    }


def called(item: DebtItem, system: str) -> dict[str, str | None]:
    """Return what an event binds of the name of an item's system."""
    return {"called": systems.name_digest(system) if item.system_id else None}


def tell_why(ledger: Ledger, kind: str, item: DebtItem, why: str, **told: Any) -> None:
    """Append an act on an item with the reason given, which is kept beside the act's entry."""
    remark = DebtRemark(company=item.company_id, debt_id=item.id, text=why)
    told |= {**settle(ledger, item), "why": remark.row_digest}
    remark.seq = ledger.append(kind, ("debt", item.id), told)
    remark.save(force_insert=True)


def drop_outdated(
    ledger: Ledger, item: DebtItem, changed: Collection[str], *, concerned: bool
) -> dict[str, Any]:
    """Withdraw a request to live with an item that says other things now than the vCISO agreed to, or that
    concerns security only now; return what the act tells of it. `concerned` is whether it did before.
    """
    waiting = waiting_on(item.company_id, item.id)
    if waiting is None:
        return {}
    concerns = item.concerns_security
    over = is_outdated(waiting.state, changed=changed, concerns_security=concerns, concerned=concerned)
    return drop_request(ledger, item) if over else {}


def drop_request(ledger: Ledger, item: DebtItem) -> dict[str, Any]:
    """Withdraw what was asked about living with an item that moves on; return what the act tells of it."""
    waiting = waiting_on(item.company_id, item.id)
    if waiting is None:
        return {}
    waiting.state, waiting.answered_at = "withdrawn", ledger.at
    waiting.save(only=[DebtCarry.state, DebtCarry.answered_at])
    return {"carry": {"carry": waiting.id, "row": waiting.row_digest}}
