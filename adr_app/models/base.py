"""The database: opening it, its field types, and the one way into a company's rows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import peewee
from peewee import SQL, BigIntegerField, DatabaseProxy, Model, TextField
from playhouse.db_url import connect

database = DatabaseProxy()
"""The one database of this process; `open_database` result is bound to it by the application."""

FOREVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The end of a span that has not ended."""

NO_DAY_LAST = date.max
NO_DAY_FIRST = date.min
"""Stored in place of a missing day, so that keyset pages can put it last in either direction."""


class _Typed:
    """Tells a type checker that reading a column gives its value, not the column."""

    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: Any) -> Any: ...

        def __set__(self, instance: Any, value: Any) -> None: ...


class InstantField(_Typed, BigIntegerField):
    """An instant as whole seconds since 1970 UTC: the same order, index and text on every engine."""

    def db_value(self, value: datetime | int | None) -> int | None:
        if value is None or isinstance(value, int):
            return value
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone: pass aware UTC")
        return int(value.timestamp())

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(int(value), UTC)


class DayField(_Typed, TextField):
    """A calendar day without a zone, as ISO text."""

    def db_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


class JsonField(_Typed, TextField):
    """A plain value as JSON text."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Table(Model):
    """A row of any table."""

    class Meta:
        database = database
        legacy_table_names = False


def scoped(**references: str) -> list[SQL]:
    """Return the constraints of a company's table: its key, and links that cannot cross companies.

    `references` maps a column of this table to the company table it points at.
    """
    return [SQL("UNIQUE (company_id, id)"), *links(**references)]


def links(**references: str) -> list[SQL]:
    """Return composite foreign keys `(company_id, column)` to tables of the same company."""
    return [
        SQL(f'FOREIGN KEY ("company_id", "{column}") REFERENCES "{table}" ("company_id", "id")')
        for column, table in references.items()
    ]


def one_of(column: str, values: Any) -> SQL:
    """Return a check that `column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return SQL(f'CHECK ("{column}" IN ({listed}))')


def is_sqlite(db: peewee.Database) -> bool:
    """Return whether this database is SQLite (else it is PostgreSQL)."""
    actual = db.obj if isinstance(db, DatabaseProxy) else db
    return isinstance(actual, peewee.SqliteDatabase)


def open_database(url: str) -> peewee.Database:
    """Return the database at `url`, not yet connected.

    `sqlite:///file` opens with write-ahead log, foreign keys, full synchronisation, recursive triggers
    (so that REPLACE cannot slip past a trigger) and immediate write transactions; `postgresql://…`
    through psycopg 3.
    """
    if urlsplit(url).scheme == "sqlite":
        return connect(
            url,
            lock_type="IMMEDIATE",
            timeout=10,
            pragmas={
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "full",
                "recursive_triggers": 1,
                "cache_size": -32_000,
            },
        )
    return connect(
        url.replace("postgres://", "postgresql://", 1),
        prefer_psycopg3=True,
        unquote_password=True,
        unquote_user=True,
    )


@contextmanager
def writing() -> Iterator[None]:
    """Run the body in one transaction that holds the write lock from its first statement on SQLite."""
    with database.atomic():
        yield
