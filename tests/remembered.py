"""What many tests begin with: made once by the product's own acts, then put back as those left it."""

import sqlite3
from collections.abc import Callable, Hashable
from copy import deepcopy
from functools import cache
from typing import Any, TypeVar

from adr_app.models.base import database, is_sqlite
from adr_app.models.schema import TABLES

T = TypeVar("T")
NAMES = (*(table._meta.table_name for table in TABLES), "decision_search")
_kept: dict[tuple[bool, Hashable], tuple[Any, Callable[[], None]]] = {}


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` returns, with the bound database holding what it writes into an empty one.

    It runs once for each engine and `key` in this process; afterwards its rows are put back, which takes
    a tenth of the time. Where the database is not empty, it runs as always.
    """
    if database.in_transaction() or not _is_empty():
        return make()
    held = (is_sqlite(database), key)
    if held in _kept:
        returned, put_back = _kept[held]
        put_back()
    else:
        returned = make()
        _kept[held] = returned, _file() if is_sqlite(database) else _rows()
    return deepcopy(returned)


def _is_empty() -> bool:
    return not database.execute_sql(_anything()).fetchone()[0]


@cache
def _anything() -> str:
    return "SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in NAMES)


def _file() -> Callable[[], None]:
    """Return what makes the SQLite database bound then the same as the one bound now."""
    copy = sqlite3.connect(":memory:")
    database.connection().backup(copy)
    return lambda: copy.backup(database.connection())


def _rows() -> Callable[[], None]:
    """Return what puts the rows of the PostgreSQL database bound now into the one bound then."""
    rows = {name: held for name in NAMES if (held := _copied_out(name))}
    counted = database.execute_sql(
        "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    ).fetchall()
    count = "SELECT " + ", ".join("setval(%s, %s)" for _ in counted)
    numbers = [value for pair in counted for value in pair]

    def put_back() -> None:
        with database.atomic():
            for name, held in rows.items():
                with database.cursor().copy(f'COPY "{name}" FROM STDIN') as into:
                    into.write(held)
            if numbers:
                database.execute_sql(count, numbers)

    return put_back


def _copied_out(name: str) -> bytes:
    with database.cursor().copy(f'COPY "{name}" TO STDOUT') as out:
        return b"".join(bytes(part) for part in out)
