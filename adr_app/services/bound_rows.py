"""Rows against the acts on them: what each must hold, by a digest in an act or by what later acts say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from adr_app.models.events import EventSubject
from adr_app.services.bound_tables import BOUND

PAGE = 200
"""How many rows are read at a time."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not verify: its number (0 for none), its kind and a sentence."""

    seq: int
    kind: str
    message: str


class Broken(Exception):
    """Something does not verify; `found` says what."""

    def __init__(self, seq: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.found = Break(seq, kind, message)


@dataclass(slots=True)
class Promise:
    """What the record says of one row: the last entry about it and what it must hold.

    `digest` is that of what no later act changes (None: all of it is in `columns`), `columns` the rest by
    name, `owner` the decision or item it belongs to.
    """

    seq: int
    digest: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    owner: int = 0

    def later(self, seq: int, **changed: Any) -> None:
        """Take in that a later entry changed columns."""
        self.seq = seq
        self.columns.update(changed)


def check_rows(kind: str, rows: Iterable[Any], promises: Mapping[int, Promise]) -> None:
    """Compare rows with what was promised of them, by id.

    :raises Broken: as `compared` does.
    """
    for _ in compared(kind, rows, promises):
        pass


def compared(kind: str, rows: Iterable[Any], promises: Mapping[int, Promise]) -> Iterator[Any]:
    """Yield each row that is as was promised of it, by id.

    :raises Broken: naming the last entry about the first row that differs, is gone, or was never made.
    """
    bound, left = BOUND[kind], dict(promises)
    for row in rows:
        promise = left.pop(row.id, None)
        if promise is None:
            raise Broken(0, f"{kind} added", f"There is {bound.what} that no entry of the record made.")
        check_row(kind, row, promise)
        yield row
    if left:
        raise missing(kind, min(promise.seq for promise in left.values()))


def check_row(kind: str, row: Any, promise: Promise, named: str = "") -> None:
    """Compare one row with what was promised of it; `named` is what a sentence calls it.

    :raises Broken: naming the last entry about it, and the column where one is promised by itself.
    """
    bound, seq = BOUND[kind], promise.seq
    what = named or bound.what
    for column, value in promise.columns.items():
        if _read(row, column) != plain(value):
            said = f"The {bound.words.get(column, column)} of {what} is not the one that was recorded"
            raise Broken(seq, f"{kind} changed", f"{said} (entry {seq})." if seq else f"{said}.")
    if promise.digest is not None and _read(row, "row_digest") != promise.digest:
        raise Broken(seq, f"{kind} changed", f"What entry {seq} recorded, {what}, was changed afterwards.")


def missing(kind: str, seq: int, named: str = "") -> Broken:
    """Return the break for a row that is gone."""
    what = named or BOUND[kind].what
    return Broken(seq, f"{kind} missing", f"What entry {seq} recorded, {what}, is no longer there.")


def plain(value: Any) -> Any:
    """Return a value as it is compared: moments as seconds, days as ISO text."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    return value.isoformat() if isinstance(value, date) else value


class _Unreadable:
    """What a column holds that this product could never have written: it equals nothing."""


def _read(row: Any, column: str) -> Any:
    try:
        return plain(getattr(row, column))
    except (AttributeError, TypeError, ValueError, OverflowError):
        return _Unreadable()


def in_order(model: Any, key: Any, company_id: int, *where: Any) -> Iterator[Any]:
    """Yield a company's rows (only those `where`) by `key`, reading `PAGE` at a time.

    A driver may fetch a whole answer at once, so pages are what keeps a long record out of memory. A row
    that cannot even be decoded has lost what it held: it comes with its key alone.
    """
    last = -(2**31)
    while True:
        page = (model.company == company_id, key > last, *where)
        keys = [row[0] for row in model.select(key).where(*page).order_by(key).limit(PAGE).tuples()]
        if not keys:
            return
        try:
            rows = list(model.select().where(*page, key <= keys[-1]).order_by(key))
        except (ValueError, OverflowError):
            rows = [_one(model, key, company_id, value) for value in keys]
        yield from rows
        last = keys[-1]


def _one(model: Any, key: Any, company_id: int, value: int) -> Any:
    try:
        return model.get(model.company == company_id, key == value)
    except (ValueError, OverflowError):
        return model(**{key.name: value})


def keys_in_pages(company_id: int, about: str, table: Any) -> Iterator[list[int]]:
    """Yield the ids that entries are about, or that `table` holds, `PAGE` at a time in order."""
    last = -(2**31)
    told = EventSubject.select(EventSubject.subject_id).distinct()
    told = told.where(EventSubject.company == company_id, EventSubject.subject_type == about)
    held = table.select(table.id).where(table.company == company_id)
    while True:
        found: set[int] = set()
        for query, key in ((told, EventSubject.subject_id), (held, table.id)):
            found |= {row[0] for row in query.where(key > last).order_by(key).limit(PAGE).tuples()}
        if not found:
            return
        keys = sorted(found)[:PAGE]
        yield keys
        last = keys[-1]
