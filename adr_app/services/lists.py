"""The list of decisions: four orders, search, and pages that cost the same however deep they are.

A page begins after a key, never at an offset. Each order has an index led by the company; what is filtered
is in `adr_app.services.list_filters`.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from peewee import EnclosedNodeList, Expression, Field, Query, Value

from adr_app.domain.decisions import KINDS, Status
from adr_app.domain.digest import printable
from adr_app.models import search
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.spelled import Spelled
from adr_app.services.decision_rows import seen, whose
from adr_app.services.list_filters import (
    HEARD,
    UNDECIDED_YET,
    Wanted,
    codes_of,
    filtered,
    flag_of,
    months_of,
)
from adr_app.services.people import Viewer

PAGE = 50
"""Decisions on one page."""

SEARCH_STEP, SEARCH_STEPS = 400, 10
"""How many found texts are looked at together, and how often, before a page of a filtered search ends."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the list: its code, its column, its direction, its words."""

    code: str
    column: Field
    newest_first: bool
    words: str


ORDERS = {
    order.code: order
    for order in (
        Order("reference", Decision.number, True, "Newest first"),
        Order("changed", Decision.changed_at, True, "Last changed first"),
        Order("decided", Decision.decided_key, True, "Last decided first"),
        Order("decide-by", Decision.decide_by_key, False, "Decide by, soonest first"),
    )
}
"""Every order by its code; what has no day stands last."""


SHOWN = (
    Decision.id,
    Decision.number,
    Decision.title,
    Decision.kind,
    Decision.status,
    Decision.decided_on,
    Decision.decide_by,
    Decision.changed_at,
    Decision.decided_key,
    Decision.decide_by_key,
)
"""What a list reads of a decision: what it shows, and what the next page begins after."""


@dataclass(slots=True)
class Page:
    """One page: the decisions as far as a list shows them, the standing of each now by its id, and the
    cursors of its neighbours.
    """

    rows: list[Decision]
    standings: dict[int, SpanRow] = field(default_factory=dict)
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place between two decisions: the key and id before it, and whether one reads backwards."""

    key: int | str
    id: int
    back: bool


def page(viewer: Viewer, wanted: Wanted, at: datetime, size: int = PAGE) -> Page:
    """Return the page of decisions that this person may see and wants to."""
    searching = any(char.isalnum() for char in wanted.q)
    result = (_found if searching else _listed)(viewer, wanted, at, size)
    result.standings = standings(viewer.company.id, [row.id for row in result.rows], at)
    return result


def standings(company_id: int, ids: list[int], at: datetime) -> dict[int, SpanRow]:
    """Return the standing of each of some decisions at a moment, by the decision's id."""
    return standings_of([company_id], ids, at)


def _listed(viewer: Viewer, wanted: Wanted, at: datetime, size: int) -> Page:
    order = ORDERS.get(wanted.order, ORDERS["reference"])
    place = _place(wanted.cursor, order.code)
    back = place is not None and place.back
    descending = order.newest_first != back
    beyond = None if place is None else (Value(place.key, converter=False), Value(place.id, converter=False))
    if wanted.filters or size != PAGE:
        query = filtered(viewer, wanted, at, leads=order.column)
        rows = list(_in_order(query, order, descending, beyond).limit(size + 1))
    elif place is None:
        rows = _FIRST_PAGE[order.code].rows(**whose(viewer))
    else:
        after = {"key": place.key, "id": place.id, "descending": descending}
        rows = _LATER_PAGE[order.code].rows(**whose(viewer), **after)
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    shown = Page(rows)
    if rows:
        shown.newer = _cursor(order, rows[0], back=True) if (more if back else place is not None) else ""
        shown.older = _cursor(order, rows[-1], back=False) if (more or back) else ""
    return shown


def _in_order(query: Query, order: Order, descending: bool, beyond: tuple[Value, Value] | None) -> Query:
    """Return what a list reads of decisions, in order, from the place after a key and an id on."""
    if beyond is not None:
        keys = EnclosedNodeList([order.column, Decision.id])
        query = query.where(Expression(keys, "<" if descending else ">", EnclosedNodeList(list(beyond))))
    sort = [column.desc() if descending else column.asc() for column in (order.column, Decision.id)]
    return query.select(*SHOWN).order_by(*sort)


def _first_page(order: Order, company: Value, person: Value, everything: bool) -> Query:
    query = seen(company, person, everything)
    return _in_order(query, order, order.newest_first, None).limit(PAGE + 1)


def _later_page(
    order: Order,
    company: Value,
    person: Value,
    everything: bool,
    key: Value,
    id: Value,
    descending: bool,
) -> Query:
    query = seen(company, person, everything)
    return _in_order(query, order, descending, (key, id)).limit(PAGE + 1)


_FIRST_PAGE = {code: Spelled(partial(_first_page, order)) for code, order in ORDERS.items()}
_LATER_PAGE = {code: Spelled(partial(_later_page, order)) for code, order in ORDERS.items()}


def _found(viewer: Viewer, wanted: Wanted, at: datetime, size: int) -> Page:
    """Return a page of a search, newest first; a filtered one looks at found texts in bounded steps."""
    place = _place(wanted.cursor, "search")
    below = place.id if place is not None else None
    plain = not wanted.filters and viewer.sees_restricted
    step = size + 1 if plain else SEARCH_STEP
    rows: list[Decision] = []
    for _ in range(SEARCH_STEPS):
        ids = search.found(viewer.company.id, wanted.q, below=below, limit=step) or []
        if ids:
            matching = filtered(viewer, wanted, at, leads=Decision.id).where(Decision.id.in_(ids))
            rows += sorted(matching.select(*SHOWN), key=lambda row: -row.id)
            below = ids[-1]
        if len(ids) < step:
            below = None
        if below is None or len(rows) > size or plain:
            break
    shown = Page(rows[:size], newer=_FIRST if place is not None else "")
    if len(rows) > size:
        shown.older = _encoded(["search", 0, rows[size - 1].id, False])
    elif below is not None:
        shown.older = _encoded(["search", 0, below, False])
    return shown


_FIRST = "first"


def _cursor(order: Order, row: Decision, *, back: bool) -> str:
    key = order.column.db_value(getattr(row, order.column.name))
    return _encoded([order.code, key, row.id, back])


def _encoded(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def _place(cursor: str, order: str) -> _Place | None:
    """Return the place that a cursor names; what is no cursor of this order is the beginning."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor[:200] + "=" * (-len(cursor[:200]) % 4)))
        code, key, id, back = parts
    except (binascii.Error, ValueError, TypeError):
        return None
    if order in ("decided", "decide-by"):
        fits = isinstance(key, str) and len(key) == 10 and key.isascii()
    else:
        fits = _is_whole(key) and abs(key) < 2**62
    if code != order or not fits or not isinstance(back, bool) or not _is_whole(id):
        return None
    return _Place(key, id, back) if 0 <= id < 2**31 else None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # to Python, True is a number too


def check(wanted: Wanted) -> Wanted:
    """Return what is wanted, less what this list does not know; an address typed wrongly shows more."""
    known: dict[str, Any] = {
        "status": wanted.status if wanted.status in {*Status, UNDECIDED_YET} else "",
        "mark": wanted.mark if codes_of(wanted.mark) else "",
        "kind": wanted.kind if wanted.kind in KINDS else "",
        "made": wanted.made if months_of(wanted.made) else "",
        "heard": wanted.heard if wanted.heard in HEARD else "",
        "flag": wanted.flag if flag_of(wanted.flag) else "",
        "order": wanted.order if wanted.order in ORDERS else "reference",
    }
    words: dict[str, Any] = {
        name: printable(getattr(wanted, name)) for name in ("q", "system", "tag", "cursor")
    }
    return replace(wanted, **known, **words)
