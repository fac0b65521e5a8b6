"""Queries that are asked again and again: composed once, later only run with other values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Value

from adr_app.models.base import database, is_sqlite

SHAPES = 200
"""How many forms of one query are remembered: lists of about one length each have their own."""


class Spelled:
    """A query that a page asks each time it is shown.

    Composing it anew takes peewee longer than the database takes to answer it.
    """

    def __init__(self, compose: Callable[..., Any]) -> None:
        """Remember how it is composed: `compose` takes its values by keyword and returns a query.

        A whole number or a text may be another one each time, and so may those in a sequence of them, which
        are what something is among; a truth value decides what is asked, so that there is one spelling for
        each.
        """
        self._compose = compose
        self._composed: dict[tuple[Any, ...], _Spelling] = {}

    def rows(self, **values: int | str | Sequence[int] | Sequence[str]) -> list[Any]:
        """Return the rows that the query finds with these values, as it would itself.

        Moments are passed as whole seconds (UTC), days as ISO texts: as they are stored.
        """
        shape = (is_sqlite(database), *map(_shape, values.values()))
        spelling = self._composed.get(shape)
        if spelling is None:
            if len(self._composed) >= SHAPES:
                self._composed.clear()
            spelling = self._composed[shape] = _Spelling(self._compose, values)
        return spelling.rows(values)

    def first(self, **values: int | str | Sequence[int] | Sequence[str]) -> Any:
        """Return the first of the rows, or None."""
        found = self.rows(**values)
        return found[0] if found else None


def _shape(value: object) -> object:
    if isinstance(value, bool):
        return value
    return -1 if isinstance(value, (int, str)) else _length(value)


def _length(values: Any) -> int:
    """Return how many blanks a sequence has: the next power of two, as its last value may fill several."""
    return 1 << (len(values) - 1).bit_length() if values else 0


@dataclass(frozen=True, slots=True)
class _Blank:
    """Stands in a composed statement where a value comes later: the one named, or one of that sequence."""

    name: str
    place: int | None = None


class _Spelling:
    """A statement with its blanks, and what reads its rows."""

    def __init__(self, compose: Callable[..., Any], values: dict[str, Any]) -> None:
        self._query = compose(**{name: _blank(name, value) for name, value in values.items()})
        self._statement, parts = self._query.sql()
        self._parts = _runs(parts)
        self._settled: dict[str, Any] = {}

    def rows(self, values: dict[str, Any]) -> list[Any]:
        given: list[Any] = []
        for part in self._parts:
            if type(part) is list:
                given += part
            elif type(part) is _Blank:
                given.append(_filled(part, values))
            else:
                given += _all(values[part.name], part.length)
        # The query's own reader of rows, which knows its joins; it has no public name.
        cursor = database.execute_sql(self._statement, given)
        reader = self._query._get_cursor_wrapper(cursor)
        if self._settled:
            reader.__dict__.update(self._settled)
            return [reader.process_row(row) for row in cursor.fetchall()]
        fresh = set(reader.__dict__)
        found = list(reader)
        if reader.initialized:
            # What it settled with the first row, which column becomes what, holds for every later run.
            self._settled = {name: value for name, value in reader.__dict__.items() if name not in fresh}
        return found


def _blank(name: str, value: object) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, str)):
        return Value(_Blank(name), converter=False)
    return [Value(_Blank(name, place), converter=False) for place in range(_length(value))]


@dataclass(frozen=True, slots=True)
class _Whole:
    """Stands where all the blanks of a sequence follow each other: they are filled at once."""

    name: str
    length: int


def _runs(parts: Sequence[Any]) -> list[Any]:
    """Return the values of a statement as lists of fixed ones, blanks, and whole sequences of blanks."""
    found: list[Any] = []
    for part in parts:
        last = found[-1] if found else None
        if not isinstance(part, _Blank):
            if type(last) is list:
                last.append(part)
            else:
                found.append([part])
        elif part.place is None:
            found.append(part)
        elif part.place and isinstance(last, _Whole) and (last.name, last.length) == (part.name, part.place):
            found[-1] = _Whole(part.name, part.place + 1)
        elif part.place == 0:
            found.append(_Whole(part.name, 1))
        else:
            found.append(part)
    return found


def _all(values: Any, length: int) -> Sequence[Any]:
    """Return as many values as there are blanks: the last one fills those that are left."""
    return values if len(values) == length else [*values[:length], *values[-1:] * (length - len(values))]


def _filled(blank: _Blank, values: dict[str, Any]) -> Any:
    value = values[blank.name]
    if blank.place is None:
        return value
    return value[blank.place] if blank.place < len(value) else value[-1]
