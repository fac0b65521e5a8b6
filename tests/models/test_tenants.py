"""The database itself refuses a row of one company that points at a row of another."""

import itertools
import re
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import peewee
import pytest

from adr_app.models.base import DayField, InstantField, JsonField, is_sqlite
from adr_app.models.schema import TABLES

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
LINK = re.compile(r'FOREIGN KEY \("company_id", "(\w+)"\) REFERENCES "(\w+)" \("company_id", "id"\)')
ONE_OF = r'CHECK \("{}" IN \(\'([^\']*)\''

BY_NAME = {table._meta.table_name: table for table in TABLES}
SCOPED = [
    table for table in TABLES if "company" in table._meta.fields and table._meta.table_name != "invitation"
]
"""Tables of one company; an invitation belongs to the installation, as a new-password link has no company."""


class Link(NamedTuple):
    """A composite foreign key `(company_id, column)` of a table."""

    table: str
    column: str
    parent: str


def constraints(table: type[peewee.Model]) -> str:
    return "\n".join(each.sql for each in table._meta.constraints or ())


LINKS = [
    Link(table._meta.table_name, column, parent)
    for table in SCOPED
    for column, parent in LINK.findall(constraints(table))
]


class Rows:
    """Makes rows of any table for any company, with the rows that they need and no more."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.person = self._insert("person", {})

    def company(self) -> int:
        """Return a new company."""
        return self._insert("company", {})

    def make(self, table: str, company: int, **chosen: int) -> int | None:
        """Insert a row of a company's table; every row it must point at is made too, unless `chosen`."""
        values: dict[str, Any] = {"company_id": company}
        for column, parent in LINK.findall(constraints(BY_NAME[table])):
            if column in chosen:
                values[column] = chosen[column]
            elif parent != table:  # the first row of a table that points at itself points at none
                values[column] = self.make(parent, company)
        return self._insert(table, values)

    def _insert(self, name: str, values: dict[str, Any]) -> Any:
        table = BY_NAME[name]
        given = {field: self._value(table, field) for field in table._meta.sorted_fields}
        row = {
            f: values.get(f.column_name, v)
            for f, v in given.items()
            if f.column_name in values or v is not None
        }
        return table.insert(row).execute()

    def _value(self, table: type[peewee.Model], field: peewee.Field) -> Any:
        if field.null or isinstance(field, peewee.AutoField):
            return None
        if isinstance(field, peewee.ForeignKeyField):
            return self.person
        if found := re.search(ONE_OF.format(field.column_name), constraints(table)):
            return found[1]
        number = next(self._numbers)
        kinds: list[tuple[type[peewee.Field], Any]] = [
            (InstantField, AT),
            (DayField, date(2026, 11, 24)),
            (JsonField, {}),
            (peewee.BlobField, b"x"),
            (peewee.BooleanField, False),
            (peewee.TextField, f"text {number}"),
        ]
        return next((value for kind, value in kinds if isinstance(field, kind)), number)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.table}.{link.column}")
def test_a_row_cannot_point_at_another_companys_row(database: peewee.Database, link: Link) -> None:
    rows = Rows()
    own, foreign = rows.company(), rows.company()
    mine, theirs = rows.make(link.parent, own), rows.make(link.parent, foreign)
    assert mine and theirs and mine != theirs
    with pytest.raises(peewee.IntegrityError) as refusal, database.atomic():
        rows.make(link.table, own, **{link.column: theirs})
    assert "foreign key" in str(refusal.value).lower()
    rows.make(link.table, own, **{link.column: mine})  # with the same row but for that, nothing is wrong


def test_the_database_has_exactly_these_links(database: peewee.Database) -> None:
    assert len(LINKS) > 20
    assert {key for key in keys(database) if "company_id" in key[1]} == {
        (link.table, ("company_id", link.column), link.parent) for link in LINKS
    } | {
        (table._meta.table_name, ("company_id",), "company")
        for table in TABLES
        if "company" in table._meta.fields
    }


def test_no_link_to_a_companys_row_leaves_the_company_out(database: peewee.Database) -> None:
    scoped = {table._meta.table_name for table in SCOPED}
    assert [key for key in keys(database) if key[2] in scoped and "company_id" not in key[1]] == []


WITHOUT_A_KEY = {
    ("working_copy", "decision_id"),  # 0 while there is no decision yet
    ("event", "actor_id"),  # the record must outlive what it tells of
    ("event", "subject_id"),
    ("event_subject", "subject_id"),
    ("span", "subject_id"),  # a decision or the company itself
}


def test_every_column_that_holds_an_id_is_a_key_or_says_why_not(database: peewee.Database) -> None:
    held = {(name, column) for name, columns, _ in keys(database) for column in columns}
    named = {
        (table._meta.table_name, field.column_name)
        for table in TABLES
        for field in table._meta.sorted_fields
        if field.column_name.endswith("_id")
    }
    assert named - held == WITHOUT_A_KEY


def keys(db: peewee.Database) -> set[tuple[str, tuple[str, ...], str]]:
    """Return every foreign key that a database holds: table, columns, and the table it points at."""
    if is_sqlite(db):
        found: dict[tuple[str, int], tuple[list[str], str]] = {}
        for table in BY_NAME:
            for key, _, parent, column, *_ in db.execute_sql(f"PRAGMA foreign_key_list({table})").fetchall():
                found.setdefault((table, key), ([], parent))[0].append(column)
        return {(table, tuple(columns), parent) for (table, _), (columns, parent) in found.items()}
    rows = db.execute_sql(
        "SELECT conrelid::regclass::text, array(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY "
        "AS part (number, place) JOIN pg_attribute ON attrelid = conrelid AND attnum = number "
        "ORDER BY place), "
        "confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    ).fetchall()
    return {(table, tuple(columns), parent) for table, columns, parent in rows}
