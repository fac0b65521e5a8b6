"""The database: opening it, its field types, and the one way into a company's rows."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import peewee
from peewee import SQL, BigIntegerField, DatabaseProxy, Model, TextField
from playhouse.db_url import connect

from adr_app.domain.spelling import speller
from adr_app.models.rows import AS_THEY_ARE, Select

database = DatabaseProxy()
"""The one database of this process; `open_database` result is bound to it by the application."""

FOREVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The end of a span that has not ended."""

BUSY_MILLISECONDS = 10_000
"""How long a writer waits for another one on SQLite."""

UNBOUNDED: dict[str, Any] = {"max_connections": 0}
"""A pool without a bound of its own: the server's threads are the bound."""

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


_spelled_json = speller(", ", ": ")
_read_json = json.JSONDecoder().raw_decode


class JsonField(_Typed, TextField):
    """A plain value as JSON text."""

    def db_value(self, value: Any) -> str | None:
        if value == {}:  # as most details are
            return "{}"
        return None if value is None else _spelled_json(value)

    def python_value(self, value: str | None) -> Any:
        if value == "{}":
            return {}
        return None if value is None else _read_json(value)[0]


class Table(Model):
    """A row of any table."""

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def select(cls, *fields: Any) -> Select:
        """Return a query on this table, whose rows are read by `adr_app.models.rows`."""
        return Select(cls, fields or cls._meta.sorted_fields, is_default=not fields)


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


def open_database(url: str, *, pooled: bool = False) -> peewee.Database:
    """Return the database at `url`, not yet connected.

    `sqlite:///file` opens with write-ahead log, foreign keys, full synchronisation, recursive triggers
    (so that REPLACE cannot slip past a trigger) and immediate write transactions; `postgresql://…`
    through psycopg 3. With `pooled`, closing gives the connection back for the next request instead: a
    new one has to read the whole schema first, which costs more than most pages ask.
    """
    scheme, _, place = url.partition("://")
    if scheme == "sqlite":
        options: dict[str, Any] = {
            "lock_type": "IMMEDIATE",
            "pragmas": {
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "full",
                "recursive_triggers": 1,
                "cache_size": -32_000,
                "busy_timeout": BUSY_MILLISECONDS,
            },
        }
        # The pool lends a connection to one thread at a time, whichever opened it.
        return connect(
            f"sqlite+pool://{place}" if pooled else url,
            **options,
            **(UNBOUNDED | {"check_same_thread": False} if pooled else {}),
        )
    return connect(
        f"postgresql{'+pool' if pooled else ''}://{place}",
        prefer_psycopg3=True,
        unquote_password=True,
        unquote_user=True,
        **(UNBOUNDED | {"stale_timeout": 300} if pooled else {}),
    )


@contextmanager
def writing() -> Iterator[None]:
    """Run the body in one transaction that holds the write lock from its first statement on SQLite."""
    with database.atomic():
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Show the body one state of the database throughout, whoever writes meanwhile; it takes no lock."""
    if is_sqlite(database):
        with database.atomic("DEFERRED"):
            yield
        return
    with database.atomic():
        database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


Row = TypeVar("Row", bound=Table)


def fresh(table: type[Row], **values: Any) -> Row:
    """Return a new row as its class makes one, of values as columns hold them, in a fraction of the time.

    What belongs to another table is given as its id.
    """
    row = table.__new__(table)
    row.__data__ = {**table._meta.get_default_dict(), **values}
    row.__rel__, row._dirty = {}, set(row.__data__)
    return row


def insert(row: Table) -> None:
    """Insert a new row and give it its id.

    The statement is spelled once for each table: composing it anew takes longer than running it, which
    counts where one act stores hundreds of rows.
    """
    statement, columns = _insertion(type(row), tuple(row.__data__), is_sqlite(database))  # type: ignore[arg-type]
    values = _values(row.__data__.values(), columns)
    key = row._meta.primary_key
    if isinstance(key, peewee.AutoField):
        row._pk = database.execute_sql(f'{statement} RETURNING "{key.column_name}"', values).fetchone()[0]
    else:
        database.execute_sql(statement, values)
    row._dirty.clear()


def insert_rows(table: type[Table], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that name the same columns in the same order, within an act, without asking for ids."""
    given = list(rows)
    if not given:
        return
    statement, columns = _insertion(table, tuple(given[0]), is_sqlite(database))  # type: ignore[arg-type]
    execute_many(statement, [_values(row.values(), columns) for row in given])


def insert_all(rows: Sequence[Table]) -> None:
    """Insert new rows of one table that have their ids already, from `next_ids`."""
    if rows:
        table, names = type(rows[0]), tuple(field.name for field in rows[0]._meta.sorted_fields)
        statement, columns = _insertion(table, names, is_sqlite(database))  # type: ignore[arg-type]
        execute_many(statement, [_values(map(row.__data__.get, names), columns) for row in rows])
        for row in rows:
            row._dirty.clear()


def execute_many(statement: str, values: Sequence[Sequence[Any]]) -> None:
    """Run a statement once with each of some values, within an act."""
    with peewee.__exception_wrapper__:  # so that trouble is of the kind that every other statement raises
        database.cursor().executemany(statement, values)


def next_ids(table: type[Table], count: int) -> Sequence[int]:
    """Return the ids that the next new rows of a table have, within an act.

    SQLite gives the next one after the highest, and whoever acts is the only one who writes; PostgreSQL
    hands out each number of a sequence once.
    """
    name, key = table._meta.table_name, table._meta.primary_key.column_name
    if is_sqlite(database):
        highest = database.execute_sql(f'SELECT MAX("{key}") FROM "{name}"').fetchone()[0] or 0  # noqa: S608
        return range(highest + 1, highest + 1 + count)
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    return sorted(row[0] for row in database.execute_sql(sequence, (f'"{name}"', key, count)).fetchall())


def update(row: Table) -> None:
    """Store what was changed of a row that has an integer key, by a statement spelled once."""
    changed = tuple(sorted(row._dirty))
    if changed:
        statement, columns = _change(type(row), changed, is_sqlite(database))  # type: ignore[arg-type]
        values = _values((row.__data__[name] for name in changed), columns)
        database.execute_sql(statement, [*values, row._pk])
        row._dirty.clear()


Columns = tuple[tuple[type | None, Callable[[Any], Any]], ...]
"""For each column the type of values that are stored as they are, and what turns any other into one."""


def _values(given: Iterable[Any], columns: Columns) -> list[Any]:
    # peewee hands each value through three calls, and most of them come out as they went in.
    return [
        value if value is None or type(value) is plain else convert(value)
        for value, (plain, convert) in zip(given, columns, strict=True)
    ]


def _columns(fields: Iterable[peewee.Field]) -> Columns:
    return tuple((_plain_type(field), field.db_value) for field in fields)


def _plain_type(field: peewee.Field) -> type | None:
    if type(field) not in AS_THEY_ARE:
        return None
    return str if isinstance(field, TextField) else int


@cache
def _insertion(table: type[Table], names: tuple[str, ...], sqlite: bool) -> tuple[str, Columns]:
    fields = tuple(table._meta.combined[name] for name in names)
    names_there = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join(["?" if sqlite else "%s"] * len(fields))
    return f'INSERT INTO "{table._meta.table_name}" ({names_there}) VALUES ({marks})', _columns(fields)  # noqa: S608


@cache
def _change(table: type[Table], names: tuple[str, ...], sqlite: bool) -> tuple[str, Columns]:
    fields = tuple(table._meta.combined[name] for name in names)
    mark = "?" if sqlite else "%s"
    changes = ", ".join(f'"{field.column_name}" = {mark}' for field in fields)
    key = table._meta.primary_key.column_name
    statement = f'UPDATE "{table._meta.table_name}" SET {changes} WHERE "{key}" = {mark}'  # noqa: S608
    return statement, _columns(fields)
