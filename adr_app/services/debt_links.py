"""Which decisions incurred a debt, repay, showed or accept it, as far as somebody may know of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.debt import LINK_ROLES, State
from adr_app.domain.decisions import reference
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Act
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem, DebtLink, MonthlyCost
from adr_app.models.decisions import Decision
from adr_app.models.spelled import Spelled
from adr_app.services import debt, decision_rows
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

_TYPED = re.compile(r"\s*(?:AD-)?0*([0-9]{1,9})(?![0-9])", re.IGNORECASE)


OFFERED = 200
"""Decisions to choose from; an older one is typed by its reference."""


def link(viewer: Viewer, number: int, decision_number: int, role: str, *, at: datetime) -> None:
    """Link an item to a decision, in one of the four roles of `LINK_ROLES`.

    :raises Invalid: when the role is none of them, or they are linked so already.
    :raises NotFound: when this person knows of no such item or decision.
    """
    viewer.require(Act.NOTE_DEBT)
    if role not in LINK_ROLES:
        raise Invalid("This cannot be saved yet.", {"role": "Choose how they belong together."})
    with acting_as(viewer, at=at) as ledger:
        item, decision = debt.find(viewer, number), decision_rows.find(viewer, decision_number)
        row = {"company": viewer.company.id, "debt_id": item.id, "decision_id": decision.id, "role": role}
        if not DebtLink.insert(row).on_conflict_ignore().as_rowcount().execute():
            raise Invalid("This cannot be saved yet.", {"decision": f"{decision.ref} is linked so already."})
        _tell(ledger, item, decision, role, "debt.linked")


def unlink(viewer: Viewer, number: int, decision_number: int, role: str, *, at: datetime) -> None:
    """Remove a link between an item and a decision.

    :raises NotFound: when there is no such link, or this person does not know of the decision.
    """
    viewer.require(Act.NOTE_DEBT)
    with acting_as(viewer, at=at) as ledger:
        item, decision = debt.find(viewer, number), decision_rows.find(viewer, decision_number)
        between = (DebtLink.debt_id == item.id) & (DebtLink.decision_id == decision.id)
        mine = (DebtLink.company == viewer.company.id) & between & (DebtLink.role == role)
        if not DebtLink.delete().where(mine).execute():
            raise NotFound("There is no such link.")
        _tell(ledger, item, decision, role, "debt.unlinked")


def typed_decision(viewer: Viewer, typed: str, field: str = "decision") -> int | None:
    """Return the number of a decision typed as `AD-0012`, `12` or `AD-0012 Its title`; None for nothing.

    :raises Invalid: under `field`, in the same words when it cannot be read, is missing or hidden.
    """
    if not typed.strip():
        return None
    found = _TYPED.match(typed)
    try:
        return decision_rows.find(viewer, int(found[1]) if found else 0).number
    except NotFound:
        message = f"There is no such decision here. Type its reference, such as {reference(12)}."
        raise Invalid("This cannot be saved yet.", {field: message}) from None


def offered(viewer: Viewer) -> list[str]:
    """Return the newest decisions this person knows of, as `typed_decision` reads them back."""
    newest = decision_rows.visible(viewer).order_by(Decision.number.desc()).limit(OFFERED)
    return [f"{decision.ref} {decision.title}" for decision in newest]


def worded(viewer: Viewer, typed: str) -> str:
    """Return a typed decision with its title, or the text as it is where it names none."""
    found = _TYPED.match(typed)
    try:
        decision = decision_rows.find(viewer, int(found[1]) if found else 0)
    except NotFound:
        return typed
    return f"{decision.ref} {decision.title}"


def decisions_of(viewer: Viewer, item: DebtItem) -> list[tuple[str, Decision]]:
    """Return the decisions linked to an item that this person may know of, each after its role."""
    rows = (
        decision_rows.visible(viewer)
        .select_extend(DebtLink.role.alias("role"))
        .join(
            DebtLink,
            on=(DebtLink.company == Decision.company) & (DebtLink.decision_id == Decision.id),
        )
        .where(DebtLink.debt_id == item.id)
        .order_by(DebtLink.role, Decision.number)
        .objects()
    )
    return [(decision.role, decision) for decision in rows]


def for_decision(company_id: int, decision_id: int) -> list[tuple[str, DebtItem]]:
    """Return the items a decision incurred or repays, each after its role; the caller sees the decision."""
    return [(item.role, item) for item in _OF_DECISION.rows(company=company_id, decision=decision_id)]


_OF_DECISION = Spelled(
    lambda company, decision: (
        tables.named(company)
        .select_extend(DebtLink.role.alias("role"))
        .join_from(
            DebtItem, DebtLink, on=(DebtLink.company == DebtItem.company) & (DebtLink.debt_id == DebtItem.id)
        )
        .where(DebtLink.decision_id == decision)
        .order_by(DebtLink.role, DebtItem.number)
    )
)


def caused_by(company_id: int, decision_id: int) -> MonthlyCost:
    """Return what the open items that a decision incurred cost each month."""
    incurred = DebtLink.select(DebtLink.debt_id).where(
        DebtLink.company == company_id,
        DebtLink.decision_id == decision_id,
        DebtLink.role == "incurred_by",
    )
    return tables.monthly_cost(company_id, incurred)


@dataclass(frozen=True, slots=True)
class Caused:
    """What a decision cost in debt: what is still owed of it, and what repaying the rest took where known.

    Efforts are hundredths of a working day; items overlap, so they are upper figures.
    """

    still_owed: int
    unestimated: int
    fix_days: int
    monthly_loss: int
    repaid: int
    repaid_days: int


def caused(linked: Iterable[tuple[str, DebtItem]]) -> Caused | None:
    """Return what a decision cost in debt, from `for_decision`; None where it caused none."""
    items = [item for role, item in linked if role == "incurred_by"]
    if not items:
        return None
    owed = [item for item in items if item.is_open]
    repaid = [item for item in items if item.state in (State.REPAID, State.VERIFIED)]
    return Caused(
        len(owed),
        sum(item.monthly_loss is None for item in owed),
        sum(item.fix_days or 0 for item in owed),
        sum(item.monthly_loss or 0 for item in owed),
        len(repaid),
        sum(item.actual_days or 0 for item in repaid),
    )


def _tell(ledger: Ledger, item: DebtItem, decision: Decision, role: str, kind: str) -> None:
    DebtItem.update(changed_at=ledger.at).where(
        DebtItem.company == item.company_id, DebtItem.id == item.id
    ).execute()
    told = {"decision": decision.id, "role": role}
    ledger.append(kind, ("debt", item.id), told, also=[("decision", decision.id)])
