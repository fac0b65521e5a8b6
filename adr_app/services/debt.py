"""Technical debt: note it, say more about it, repay it, or find that it is none."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from adr_app.domain.debt import WHAT_TO_GIVE, Move, State, needs_benefit
from adr_app.domain.debt_typed import clean
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.models.debt import DebtItem, DebtLink
from adr_app.services import decision_rows, systems
from adr_app.services.debt_rows import (
    called,
    changing,
    check_seen,
    drop_outdated,
    drop_request,
    find,
    needed,
    require_security_say,
    settle,
    system_of,
    taken_from_security,
    tell_why,
    today_of,
)
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

__all__ = ["DETAILS", "TEXT", "find", "mark_not_debt", "note", "reopen", "repay", "revise"]

TEXT = ("title", "kind", "system", "symptoms")
"""What every form that changes an item shows."""

DETAILS = ("impact", "benefit", "intent", "care", "security", "review_on", "obligation_on")
"""What may be said besides, once there is time for it."""


def note(
    viewer: Viewer,
    *,
    title: str,
    system: str = "",
    symptoms: str = "",
    kind: str = "other",
    security: bool = False,
    decision: int | None = None,
    role: str = "incurred_by",
    at: datetime,
) -> DebtItem:
    """Note a debt; the title alone is enough. `decision` is the number of one that it is linked to.

    :raises Invalid: naming every field that cannot be saved.
    :raises NotFound: when this person knows of no such decision.
    """
    viewer.require(Act.NOTE_DEBT)
    typed = {"title": title, "system": system, "symptoms": symptoms, "kind": kind}
    fields = clean(typed, needed=("title",))
    with acting_as(viewer, at=at) as ledger:
        cause = decision_rows.find(viewer, decision) if decision is not None else None
        item = DebtItem.create(
            company=ledger.company,
            number=ledger.company.next_debt,
            title=fields["title"],
            kind=fields["kind"],
            system_id=system_of(viewer, fields["system"]),
            symptoms=fields["symptoms"],
            security=security,
            noted_by=viewer.person.id,
            noted_at=ledger.at,
            changed_at=ledger.at,
        )
        ledger.company.next_debt += 1
        data: dict[str, Any] = {"number": item.number, **settle(ledger, item)}
        data |= called(item, fields["system"])
        if cause is not None:
            data |= {"decision": cause.id, "role": role}
            DebtLink.create(company=ledger.company, debt_id=item.id, decision_id=cause.id, role=role)
        also = [("decision", cause.id)] if cause is not None else []
        ledger.append("debt.noted", ("debt", item.id), data, also=also)
    return item


def revise(
    viewer: Viewer,
    number: int,
    *,
    title: str,
    kind: str,
    system: str = "",
    symptoms: str = "",
    details: Mapping[str, str] | None = None,
    seen: str | None = None,
    at: datetime,
) -> DebtItem:
    """Change what an item says; nothing is recorded where it says so already.

    `details` are of `DETAILS`, as typed; what is not among them stays as it is. `seen` is the `stamp` of what
    the form showed; None skips the look at what others did meanwhile.

    :raises Invalid: naming every field that cannot be saved.
    :raises NotAllowed: for taking from the vCISO what concerns security.
    :raises Stale: when somebody else changed the same fields meanwhile.
    """
    viewer.require(Act.NOTE_DEBT)
    details = dict(details or {})
    typed = {"title": title, "kind": kind, "system": system, "symptoms": symptoms, **details}
    fields = clean(typed, needed=("title",))
    shown = (*TEXT, *details)
    item = find(viewer, number)
    check_seen(item, shown, seen)
    _check_days(viewer, item, fields)
    _check_benefit(item, fields)
    if not _different(item, fields):
        return item
    with changing(viewer, number, at) as (ledger, item):
        check_seen(item, shown, seen)
        changed, concerned = _different(item, fields), item.concerns_security
        for name in changed:
            if name == "system":
                item.system_id = system_of(viewer, fields["system"])
            else:
                setattr(item, name, fields[name])
        told = {"fields": changed, **settle(ledger, item), **called(item, fields["system"])}
        told |= taken_from_security(viewer, item, concerned, ledger.at)
        told |= drop_outdated(ledger, item, changed, concerned=concerned)
        ledger.append("debt.revised", ("debt", item.id), told)
    return find(viewer, number)


def _check_days(viewer: Viewer, item: DebtItem, fields: Mapping[str, Any]) -> None:
    """Refuse days that lie before the item was noted, unless it has them already.

    :raises Invalid: naming each.
    """
    noted, problems = today_of(viewer, item.noted_at), {}
    for name in ("review_on", "obligation_on"):
        on: date | None = fields.get(name)
        if on is not None and on < noted and on != getattr(item, name):
            problems[name] = "This day lies before the debt was noted. Choose a later one."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)


def _check_benefit(item: DebtItem, fields: Mapping[str, Any]) -> None:
    """Refuse to forget what was gained by a debt that was taken on knowingly, once it is estimated."""
    if item.state == State.IDENTIFIED or "benefit" not in fields:
        return
    check_gained({**fields, "intent": fields.get("intent", item.intent)})


def check_gained(fields: Mapping[str, Any]) -> None:
    """Refuse a debt that was taken on knowingly and says not what for.

    :raises Invalid: under `benefit`.
    """
    if needs_benefit(fields["intent"], fields["kind"]) and not fields["benefit"]:
        raise Invalid("This cannot be saved yet.", {"benefit": WHAT_TO_GIVE["benefit"]})


def repay(
    viewer: Viewer, number: int, *, actual_days: str = "", decision: int | None = None, at: datetime
) -> DebtItem:
    """Record that an item is repaid: how many working days it took, and by which decision, where known.

    :raises Invalid: when the working days cannot be read.
    :raises WrongState: when it is closed already.
    :raises NotFound: when this person knows of no such decision.
    """
    viewer.require(Act.NOTE_DEBT)
    took = clean({"actual_days": actual_days})["actual_days"]
    with changing(viewer, number, at) as (ledger, item):
        needed(viewer, item, Move.REPAY, ledger.at)
        by = decision_rows.find(viewer, decision) if decision is not None else None
        item.state, item.closed_at, item.actual_days = State.REPAID, ledger.at, took
        if by is not None:
            link = {"company": item.company_id, "debt_id": item.id, "decision_id": by.id, "role": "repaid_by"}
            DebtLink.insert(link).on_conflict_ignore().execute()
        told = {"actual_days": took, "decision": by.id if by is not None else None}
        told |= {**settle(ledger, item), **drop_request(ledger, item)}
        also = [("decision", by.id)] if by is not None else []
        ledger.append("debt.repaid", ("debt", item.id), told, also=also)
    return find(viewer, number)


def mark_not_debt(viewer: Viewer, number: int, *, reason: str, at: datetime) -> DebtItem:
    """Close an item that turned out to be no debt, with the reason in one line.

    :raises Invalid: when the reason is missing or too long.
    :raises NotAllowed: for a debt that concerns security, to anybody but the vCISO.
    :raises WrongState: when it is closed already.
    """
    with changing(viewer, number, at) as (ledger, item):
        why = clean({"reason": reason}, needed=needed(viewer, item, Move.NOT_DEBT, ledger.at))["reason"]
        if item.concerns_security:
            require_security_say(viewer, ledger.at)
        item.state, item.closed_at = State.NOT_DEBT, ledger.at
        tell_why(ledger, "debt.not-debt", item, why, **drop_request(ledger, item))
    return find(viewer, number)


def reopen(viewer: Viewer, number: int, *, reason: str, at: datetime) -> DebtItem:
    """Open a closed item again, or take one off its plan, with the reason in one line.

    It is estimated again where its estimate is complete; what was planned, lived with or found out after a
    repayment is over, and stays in the record.

    :raises Invalid: when the reason is missing or too long.
    :raises WrongState: when it is open already and on no plan.
    """
    with changing(viewer, number, at) as (ledger, item):
        why = clean({"reason": reason}, needed=needed(viewer, item, Move.REOPEN, ledger.at))["reason"]
        estimate = (item.system_id, item.fix_days, item.monthly_loss, item.owner_id)
        item.state = State.IDENTIFIED if None in estimate else State.ANALYSED
        item.closed_at = item.actual_days = item.left_over = item.retires_on = None
        item.starts_on = item.monthly_work = item.carried_until = None
        told = drop_request(ledger, item)
        tell_why(ledger, "debt.reopened", item, why, state=item.state, **told)
    return find(viewer, number)


def _different(item: DebtItem, fields: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that say something else than the item does."""
    names = [name for name in fields if name != "system" and fields[name] != getattr(item, name)]
    moved = systems.folded(fields["system"]) != systems.folded(item.system_name or "")
    return [*names, "system"] if moved else names
