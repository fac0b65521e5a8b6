"""Debt items a page at a time: what a list is ordered by, and the place where the next page begins."""

from dataclasses import dataclass
from typing import Any

from peewee import SQL, Query, fn

from adr_app.models.debt import DebtItem

UNKNOWN_LAST = -1
"""Stands in for a missing monthly loss when items are put in order: below every loss there can be."""

SORTS = {
    "cost": fn.COALESCE(DebtItem.monthly_loss, SQL(str(UNKNOWN_LAST))),
    "changed": DebtItem.changed_at,
    "reference": DebtItem.number,
}
"""What a list can be ordered by, the largest first; the id decides between equals.

The number is spelled out, as it is in the index that the first is read from.
"""


@dataclass(frozen=True, slots=True)
class DebtPage:
    """One page of a list, and the places where the pages before and after it begin (empty: none)."""

    items: list[DebtItem]
    before: str
    after: str


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
