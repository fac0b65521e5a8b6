"""The list of decisions: filters, four orders, search, and pages that cost the same however deep they are.

A page begins after a key, never at an offset. Each order has an index led by the company; what a filter
costs is bounded by choosing who leads: where a running total says that few decisions match, the matching
rows are looked up and sorted; where many do, the order's own index is read until a page is full.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import SQL, EnclosedNodeList, Expression, Field, NodeList, Query, Value, fn

from adr_app.domain.decisions import KINDS, Status
from adr_app.domain.digest import printable
from adr_app.domain.standing_words import STANDINGS
from adr_app.models import search, tallies
from adr_app.models.base import database, is_sqlite
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag
from adr_app.models.flags import SpanRow
from adr_app.models.people import System
from adr_app.services import systems
from adr_app.services.drafts import visible
from adr_app.services.people import Viewer

PAGE = 50
"""Decisions on one page."""

FEW = 2000
"""Up to so many matches are looked up and sorted; beyond, the order's index leads."""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; an empty text filters nothing, and `cursor` is a page's address."""

    q: str = ""
    status: str = ""
    mark: str = ""
    kind: str = ""
    system: str = ""
    tag: str = ""
    mine: bool = False
    order: str = "reference"
    cursor: str = ""

    @property
    def filters(self) -> int:
        """Return how many filters are in use, the search apart."""
        return sum(map(bool, (self.status, self.mark, self.kind, self.system, self.tag, self.mine)))


@dataclass(slots=True)
class Page:
    """One page: the decisions, each one's standing now by its id, and the cursors of its neighbours."""

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


def codes_of(mark: str) -> list[str]:
    """Return the standings that a mark of the list stands for."""
    return [standing.code for standing in STANDINGS.values() if standing.mark == mark]


def page(viewer: Viewer, wanted: Wanted, at: datetime, size: int = PAGE) -> Page:
    """Return the page of decisions that this person may see and wants to."""
    searching = any(char.isalnum() for char in wanted.q)
    result = (_found if searching else _listed)(viewer, wanted, at, size)
    result.standings = standings(viewer.company.id, [row.id for row in result.rows], at)
    return result


def standings(company_id: int, ids: list[int], at: datetime) -> dict[int, SpanRow]:
    """Return the standing of each of some decisions at a moment, by the decision's id."""
    if not ids:
        return {}
    rows = SpanRow.running(company_id, "standing", at).where(
        SpanRow.subject_type == "decision", SpanRow.subject_id.in_(ids)
    )
    return {row.subject_id: row for row in rows}


def _listed(viewer: Viewer, wanted: Wanted, at: datetime, size: int) -> Page:
    order = ORDERS.get(wanted.order, ORDERS["reference"])
    place = _place(wanted.cursor, order.code)
    back = place is not None and place.back
    descending = order.newest_first != back
    query = _filtered(viewer, wanted, at, leads=order.column)
    if place is not None:
        edge = EnclosedNodeList([Value(place.key, converter=False), Value(place.id, converter=False)])
        keys = EnclosedNodeList([order.column, Decision.id])
        query = query.where(Expression(keys, "<" if descending else ">", edge))
    sort = [column.desc() if descending else column.asc() for column in (order.column, Decision.id)]
    rows = list(query.order_by(*sort).limit(size + 1))
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    shown = Page(rows)
    if rows:
        shown.newer = _cursor(order, rows[0], back=True) if (more if back else place is not None) else ""
        shown.older = _cursor(order, rows[-1], back=False) if (more or back) else ""
    return shown


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
            matching = _filtered(viewer, wanted, at, leads=Decision.id).where(Decision.id.in_(ids))
            rows += sorted(matching, key=lambda row: -row.id)
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


def _filtered(viewer: Viewer, wanted: Wanted, at: datetime, leads: Field) -> Query:
    company = viewer.company.id
    query = visible(viewer)
    if wanted.status:
        query = query.where(_maybe_leading(Decision.status, company, wanted.status, at, leads))
    if wanted.kind:
        led = leads is Decision.changed_at
        query = query.where((Decision.kind if led else _not_leading(Decision.kind)) == wanted.kind)
    if wanted.mark:
        query = query.where(_marked(company, codes_of(wanted.mark), at))
    if wanted.system:
        named = (System.company == company) & (System.folded == systems.folded(wanted.system))
        concerned = (
            DecisionSystem.select(DecisionSystem.decision_id)
            .join(System, on=(System.id == DecisionSystem.system_id))
            .where(DecisionSystem.company == company, named)
        )
        query = query.where(Decision.id.in_(concerned))
    if wanted.tag:
        tagged = DecisionTag.select(DecisionTag.decision_id).where(
            DecisionTag.company == company, DecisionTag.tag == wanted.tag.casefold()
        )
        query = query.where(Decision.id.in_(tagged))
    if wanted.mine:
        query = query.where(Decision.author == viewer.person.id)
    return query


def _maybe_leading(column: Field, company: int, status: str, at: datetime, leads: Field) -> Expression:
    """Return the status filter; its index leads where the order is in it too, or where few have it."""
    if leads in (Decision.changed_at, Decision.decide_by_key):
        return column == status
    having = sum(n for (code, _), n in tallies.running(company, "status", at).items() if code == status)
    return (column if having <= FEW else _not_leading(column)) == status


def _not_leading(column: Field) -> Any:
    """Return a column that SQLite will not choose an index by; PostgreSQL knows how common a value is."""
    return NodeList((SQL("+"), column), glue="") if is_sqlite(database) else column


def _marked(company: int, codes: list[str], at: datetime) -> Expression:
    """Return the condition that a decision's standing is one of `codes` at a moment."""
    spans = SpanRow.running(company, "standing", at).where(
        SpanRow.subject_type == "decision", SpanRow.code.in_(codes)
    )
    having = sum(n for (code, _), n in tallies.running(company, "standing", at).items() if code in codes)
    if having <= FEW:
        return Decision.id.in_(spans.select(SpanRow.subject_id))
    return fn.EXISTS(spans.select(SQL("1")).where(SpanRow.subject_id == Decision.id))


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
    known = {
        "status": wanted.status if wanted.status in set(Status) else "",
        "mark": wanted.mark if codes_of(wanted.mark) else "",
        "kind": wanted.kind if wanted.kind in KINDS else "",
        "order": wanted.order if wanted.order in ORDERS else "reference",
    }
    words = {name: printable(getattr(wanted, name)) for name in ("q", "system", "tag", "cursor")}
    return Wanted(mine=wanted.mine, **known, **words)
