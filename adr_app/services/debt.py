"""Technical debt: note it, say more about it, estimate it, repay it, or find that it is none."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from adr_app.domain.debt import ESTIMATE, Move, State, clean, needs
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import Invalid, NotFound, Stale
from adr_app.domain.permissions import Act
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem, DebtLink, DebtRemark
from adr_app.models.people import Engagement, Person
from adr_app.services import decision_rows, systems
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

TEXT = ("title", "kind", "system", "symptoms")
"""What `revise` changes; `ESTIMATE` is what `analyse` changes."""

COLUMNS = {"system": "system_id", "owner": "owner_id"}


def find(viewer: Viewer, number: int) -> DebtItem:
    """Return the company's item with this number, with the names of its system and owner.

    :raises NotFound: when there is none here.
    """
    query = tables.named(viewer.company.id).where(DebtItem.number == number)
    item = query.first() if 0 < number < 2**31 else None
    if item is None:
        raise NotFound("There is no such item.")
    return item


def note(
    viewer: Viewer,
    *,
    title: str,
    system: str = "",
    symptoms: str = "",
    kind: str = "other",
    decision: int | None = None,
    at: datetime,
) -> DebtItem:
    """Note a debt; the title alone is enough. `decision` is the number of the one that incurred it.

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
            system_id=_system(viewer, fields["system"]),
            symptoms=fields["symptoms"],
            noted_by=viewer.person.id,
            noted_at=ledger.at,
            changed_at=ledger.at,
        )
        ledger.company.next_debt += 1
        data: dict[str, Any] = {"number": item.number, **_bound(item, fields["system"])}
        if cause is not None:
            data |= {"decision": cause.id, "role": "incurred_by"}
            DebtLink.create(company=ledger.company, debt_id=item.id, decision_id=cause.id, role="incurred_by")
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
    seen: str | None = None,
    at: datetime,
) -> DebtItem:
    """Change what an item says; nothing is recorded where it says so already.

    `seen` is the `stamp` of what the form showed; None skips the look at what others did meanwhile.

    :raises Invalid: naming every field that cannot be saved.
    :raises Stale: when somebody else changed the same fields meanwhile.
    """
    viewer.require(Act.NOTE_DEBT)
    fields = clean({"title": title, "kind": kind, "system": system, "symptoms": symptoms}, needed=("title",))
    item = find(viewer, number)
    _check_seen(item, TEXT, seen)
    if not _different(item, fields):
        return item
    with _changing(viewer, number, at) as (ledger, item):
        _check_seen(item, TEXT, seen)
        changed = _different(item, fields)
        item.title, item.kind, item.symptoms = fields["title"], fields["kind"], fields["symptoms"]
        item.system_id = _system(viewer, fields["system"])
        told = {"fields": changed, **_bound(item, fields["system"])}
        ledger.append("debt.revised", ("debt", item.id), told)
    return find(viewer, number)


def analyse(
    viewer: Viewer,
    number: int,
    *,
    system: str,
    fix_days: str,
    monthly_loss: str,
    owner: str,
    seen: str | None = None,
    at: datetime,
) -> DebtItem:
    """Estimate an item, or estimate it anew: typed working days, and the id of who answers for it.

    :raises Invalid: naming everything that is missing or cannot be saved.
    :raises WrongState: when the item is closed.
    :raises Stale: when somebody else estimated it meanwhile.
    """
    viewer.require(Act.NOTE_DEBT)
    typed = {"system": system, "fix_days": fix_days, "monthly_loss": monthly_loss, "owner": owner}
    fields = clean(typed, needed=needs(find(viewer, number).state, Move.ESTIMATE))
    if fields["owner"] not in dict(owners(viewer, at)):
        message = "Choose somebody who has a role here now."
        raise Invalid("This cannot be saved yet.", {"owner": message})
    with _changing(viewer, number, at) as (ledger, item):
        needs(item.state, Move.ESTIMATE)
        _check_seen(item, ESTIMATE, seen)
        item.state = State.ANALYSED
        item.system_id, item.owner = _system(viewer, fields["system"]), fields["owner"]
        item.fix_days, item.monthly_loss = fields["fix_days"], fields["monthly_loss"]
        told = {name: fields[name] for name in ("fix_days", "monthly_loss", "owner")}
        told |= {"system": item.system_id, **_bound(item, fields["system"])}
        ledger.append("debt.analysed", ("debt", item.id), told)
    return find(viewer, number)


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
    with _changing(viewer, number, at) as (ledger, item):
        needs(item.state, Move.REPAY)
        by = decision_rows.find(viewer, decision) if decision is not None else None
        item.state, item.closed_at, item.actual_days = State.REPAID, ledger.at, took
        if by is not None:
            link = {"company": item.company_id, "debt_id": item.id, "decision_id": by.id, "role": "repaid_by"}
            DebtLink.insert(link).on_conflict_ignore().execute()
        told = {"actual_days": took, "decision": by.id if by is not None else None, "row": item.row_digest}
        also = [("decision", by.id)] if by is not None else []
        ledger.append("debt.repaid", ("debt", item.id), told, also=also)
    return find(viewer, number)


def mark_not_debt(viewer: Viewer, number: int, *, reason: str, at: datetime) -> DebtItem:
    """Close an item that turned out to be no debt, with the reason in one line.

    :raises Invalid: when the reason is missing or too long.
    :raises WrongState: when it is closed already.
    """
    with _changing(viewer, number, at) as (ledger, item):
        why = clean({"reason": reason}, needed=needs(item.state, Move.NOT_DEBT))["reason"]
        item.state, item.closed_at = State.NOT_DEBT, ledger.at
        _tell(ledger, "debt.not-debt", item, why)
    return find(viewer, number)


def reopen(viewer: Viewer, number: int, *, reason: str, at: datetime) -> DebtItem:
    """Open a closed item again, estimated where its estimate is complete, with the reason in one line.

    :raises Invalid: when the reason is missing or too long.
    :raises WrongState: when it is open already.
    """
    with _changing(viewer, number, at) as (ledger, item):
        why = clean({"reason": reason}, needed=needs(item.state, Move.REOPEN))["reason"]
        estimate = (item.system_id, item.fix_days, item.monthly_loss, item.owner_id)
        item.state = State.IDENTIFIED if None in estimate else State.ANALYSED
        item.closed_at = item.actual_days = None
        _tell(ledger, "debt.reopened", item, why, state=item.state)
    return find(viewer, number)


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


def stamp(item: DebtItem, names: Sequence[str]) -> str:
    """Return what some fields of an item say now, as one short text that a form carries and sends back."""
    return digest(canonical_json({name: getattr(item, COLUMNS.get(name, name)) for name in names}))[:16]


@contextmanager
def _changing(viewer: Viewer, number: int, at: datetime) -> Iterator[tuple[Ledger, DebtItem]]:
    """Run one act on one item: read it under the company's lock, save what the body changed."""
    viewer.require(Act.NOTE_DEBT)
    with acting_as(viewer, at=at) as ledger:
        item = find(viewer, number)
        yield ledger, item
        item.changed_at = ledger.at
        item.save(only=item.dirty_fields)


def _check_seen(item: DebtItem, names: Sequence[str], seen: str | None) -> None:
    if seen is not None and seen != stamp(item, names):
        raise Stale("Somebody else changed this while you were writing. Nothing is saved yet.")


def _different(item: DebtItem, fields: Mapping[str, str]) -> list[str]:
    """Return the names of the fields that say something else than the item does."""
    names = [name for name in TEXT if name != "system" and fields[name] != getattr(item, name)]
    moved = systems.folded(fields["system"]) != systems.folded(item.system_name or "")
    return [*names, "system"] if moved else names


def _system(viewer: Viewer, name: str) -> int | None:
    found = systems.named(viewer.company.id, [name])
    return found[0].id if found else None


def _bound(item: DebtItem, system: str) -> dict[str, Any]:
    """Return what an event binds of an item: its row, and what its system is called."""
    return {"row": item.row_digest, "called": systems.name_digest(system) if item.system_id else None}


def _tell(ledger: Ledger, kind: str, item: DebtItem, why: str, **told: Any) -> None:
    """Append an act on an item with the reason given, which is kept beside the act's entry."""
    remark = DebtRemark(company=item.company_id, debt_id=item.id, text=why)
    told |= {"row": item.row_digest, "why": remark.row_digest}
    remark.seq = ledger.append(kind, ("debt", item.id), told)
    remark.save(force_insert=True)
