"""Technical-debt items, the decisions that incurred or repay them, and the lists they are read in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, SQL, AutoField, ForeignKeyField, IntegerField, Query, TextField, fn

from adr_app.domain.debt import KINDS, LINK_ROLES, OPEN, State
from adr_app.domain.decisions import debt_reference
from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, Table, links, one_of, scoped
from adr_app.models.people import Company, Person, System
from adr_app.models.spelled import Spelled


class DebtItem(Table):
    """Something owed in a structure: what it costs to fix, and what it costs each month."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    number = IntegerField()
    title = TextField()
    kind = TextField(default="other")
    state = TextField(default="identified")
    system_id = IntegerField(null=True)
    symptoms = TextField(default="")
    fix_days = IntegerField(null=True)
    monthly_loss = IntegerField(null=True)
    owner = ForeignKeyField(Person, null=True, index=False, backref="debt_owned")
    noted_by = ForeignKeyField(Person, index=False)
    noted_at = InstantField()
    changed_at = InstantField()
    closed_at = InstantField(null=True)
    actual_days = IntegerField(null=True)

    system_name: str | None = None
    owner_name: str | None = None

    class Meta:
        constraints = [
            *scoped(system_id="system"),
            SQL("UNIQUE (company_id, number)"),
            one_of("state", State),
            one_of("kind", KINDS),
            SQL("CHECK (fix_days IS NULL OR fix_days >= 0)"),
            SQL("CHECK (monthly_loss IS NULL OR monthly_loss >= 0)"),
        ]
        indexes = (
            (("company", "changed_at", "id"), False),
            (("company", "state", "monthly_loss", "id"), False),
        )

    @property
    def ref(self) -> str:
        """Return the item's address within its company."""
        return debt_reference(self.number)

    @property
    def is_open(self) -> bool:
        """Return whether it is still owed."""
        return self.state in OPEN

    @property
    def row_digest(self) -> str:
        """Return the digest over what is owed, what it costs, who noted it and how far it is."""
        return digest(
            canonical_json(
                [
                    *(self.number, self.title, self.kind, self.state, self.system_id, self.symptoms),
                    *(self.fix_days, self.monthly_loss, self.owner_id, self.noted_by_id),
                    *(_seconds(self.noted_at), _seconds(self.closed_at), self.actual_days),
                ]
            )
        )


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None


class DebtLink(Table):
    """Which decision incurred a debt item, and which repays it."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    decision_id = IntegerField()
    role = TextField()

    class Meta:
        constraints = [
            *links(debt_id="debt_item", decision_id="decision"),
            one_of("role", LINK_ROLES),
        ]
        indexes = (
            (("company", "debt_id", "decision_id", "role"), True),
            (("company", "decision_id"), False),
        )


class DebtRemark(Table):
    """Why an item was closed or opened again, in somebody's words, beside the event of that act."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    seq = IntegerField()
    text = TextField()

    class Meta:
        constraints = links(debt_id="debt_item")
        indexes = ((("company", "debt_id", "seq"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest of the words; of which item and act they are, the act says."""
        return digest(canonical_json([self.text]))


class MonthlyCost(NamedTuple):
    """What open items cost each month, in hundredths of a working day, and how many are (not) estimated."""

    total: int
    estimated: int
    unestimated: int


UNKNOWN_LAST = -1
"""Stands in for a missing monthly loss when items are put in order: below every loss there can be."""

SORTS = {
    "cost": fn.COALESCE(DebtItem.monthly_loss, UNKNOWN_LAST),
    "changed": DebtItem.changed_at,
    "reference": DebtItem.number,
}
"""What a list can be ordered by, the largest first; the id decides between equals."""


@dataclass(frozen=True, slots=True)
class DebtPage:
    """One page of a list, and the places where the pages before and after it begin (empty: none)."""

    items: list[DebtItem]
    before: str
    after: str


def named(company_id: int) -> Query:
    """Return a company's items, each with the names of its system and of who answers for it."""
    return (
        DebtItem.select(DebtItem, System.name.alias("system_name"), Person.name.alias("owner_name"))
        .join(
            System,
            JOIN.LEFT_OUTER,
            on=(System.company == DebtItem.company) & (System.id == DebtItem.system_id),
        )
        .join_from(DebtItem, Person, JOIN.LEFT_OUTER, on=(Person.id == DebtItem.owner))
        .where(DebtItem.company == company_id)
        .objects()
    )


def listed(
    company_id: int, *, states: Collection[State], system: str = "", owner: int | None = None
) -> Query:
    """Return a company's items in some states; only of the system with this folded name, or this owner."""
    query = named(company_id).where(DebtItem.state.in_(sorted(states)))
    if system:
        query = query.where(System.folded == system)
    return query.where(DebtItem.owner == owner) if owner is not None else query


def page_of(query: Query, *, sort: str, before: str = "", after: str = "", size: int = 50) -> DebtPage:
    """Return one page of `named(…)`, ordered by `sort`, right after or before a place.

    A place that cannot be read is the start of the list: it is part of an address people may cut.
    """
    key = SORTS[sort]
    place = _place(before or after)
    backwards = bool(before) and place is not None
    if place is not None:
        query = query.where(_beyond(key, place, backwards))
    order = (key.asc(), DebtItem.id.asc()) if backwards else (key.desc(), DebtItem.id.desc())
    found = list(query.order_by(*order).limit(size + 1))
    more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    more_before = more if backwards else place is not None
    more_after = backwards or more
    return DebtPage(
        items,
        _place_of(items[0], sort) if items and more_before else "",
        _place_of(items[-1], sort) if items and more_after else "",
    )


def monthly_cost(company_id: int, among: Query | None = None) -> MonthlyCost:
    """Return what a company's open items cost each month; only of `among`, a query of ids, where given."""
    if among is None:
        [(total, estimated, items)] = _MONTHLY.rows(company=company_id)
    else:
        total, estimated, items = _monthly(company_id).where(DebtItem.id.in_(among)).get()
    return MonthlyCost(int(total), estimated, items - estimated)


def _monthly(company: Any) -> Query:
    total = fn.COALESCE(fn.SUM(DebtItem.monthly_loss), 0)
    return (
        DebtItem.select(total, fn.COUNT(DebtItem.monthly_loss), fn.COUNT(DebtItem.id))
        .where(DebtItem.company == company, DebtItem.state.in_(sorted(OPEN)))
        .tuples()
    )


_MONTHLY = Spelled(_monthly)


def counts(company_id: int) -> dict[State, int]:
    """Return how many items of a company are in each state, states without items included."""
    rows = (
        DebtItem.select(DebtItem.state, fn.COUNT(DebtItem.id))
        .where(DebtItem.company == company_id)
        .group_by(DebtItem.state)
        .tuples()
    )
    return {**dict.fromkeys(State, 0), **{State(state): count for state, count in rows}}


def _beyond(key: Any, place: tuple[int, int], backwards: bool) -> Any:
    value, row = place
    if backwards:
        return (key > value) | ((key == value) & (DebtItem.id > row))
    return (key < value) | ((key == value) & (DebtItem.id < row))


def _place(text: str) -> tuple[int, int] | None:
    value, dot, row = text.partition(".")
    numbers = (value.removeprefix("-"), row)
    if not dot or not all(part.isascii() and part.isdigit() and len(part) < 11 for part in numbers):
        return None
    return (int(value), int(row)) if int(row) < 2**31 else None


def _place_of(item: DebtItem, sort: str) -> str:
    if sort == "changed":
        return f"{int(item.changed_at.timestamp())}.{item.id}"
    key = item.number if sort == "reference" else item.monthly_loss
    return f"{UNKNOWN_LAST if key is None else key}.{item.id}"
