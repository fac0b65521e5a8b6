"""The schema: a migrated database is a fresh one, and after every migration the record refuses to change."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from adr_app.models import schema
from adr_app.models.base import is_sqlite
from adr_app.models.schema import MIGRATIONS, REFUSAL, SEALED
from tests.conftest import connected
from tests.databases import Databases
from tests.models.catalogue import schema_of

COMPANY = (
    "INSERT INTO company (id, slug, name, zone, currency, go_live_on, policy, created_at, next_decision, "
    "next_debt, last_seq, last_event_at, tree) "
    "VALUES (1, 'larkspur', 'Larkspur', 'UTC', 'EUR', '2026-01-01', '{}', 1, 1, 1, 1, 1, '{}')"
)
EVENT = (
    "INSERT INTO event (company_id, seq, at, actor_id, kind, subject_type, subject_id, body, leaf, root) "
    "VALUES (1, 1, 1, NULL, 'company.founded', 'company', 1, '{}', '00', '01')"
)
SUBJECT = "INSERT INTO event_subject (company_id, subject_type, subject_id, seq) VALUES (1, 'company', 1, 1)"
"""A company and its first entry as the first migration knows them; later ones fill what they add."""

CHANGES = (
    "UPDATE event SET kind = 'company.renamed'",
    "UPDATE event SET seq = 2",
    "DELETE FROM event",
    "UPDATE event_subject SET subject_id = 2",
    "DELETE FROM event_subject",
)
SQLITE_CHANGES = (
    EVENT.replace("INSERT", "REPLACE").replace("founded", "renamed"),
    EVENT.replace("INSERT", "INSERT OR REPLACE").replace("founded", "renamed"),
    SUBJECT.replace("INSERT", "REPLACE"),
)
POSTGRESQL_CHANGES = ("TRUNCATE event", "TRUNCATE event, event_subject", "TRUNCATE company CASCADE")


@pytest.fixture
def empty(empty_url: str) -> Iterator[peewee.Database]:
    """A connected database without a schema."""
    with connected(empty_url) as db:
        yield db


def steps(db: peewee.Database, directory: Path = MIGRATIONS) -> Iterator[str]:
    """Apply one migration after the other, and say after each which it was."""
    runner = schema._runner(db, directory)
    for migration in runner.migrations():
        runner.up(migration.name)
        yield migration.name


def begin_record(db: peewee.Database) -> None:
    for statement in (COMPANY, EVENT, SUBJECT):
        db.execute_sql(statement)


def accepted(db: peewee.Database) -> list[str]:
    """Return the changes to the record that a database lets through, which it is left without."""
    engine = SQLITE_CHANGES if is_sqlite(db) else POSTGRESQL_CHANGES
    let_through = []
    for recursive in (1, 0) if is_sqlite(db) else (1,):
        if is_sqlite(db):  # REPLACE is refused whatever the connection has set
            db.execute_sql(f"PRAGMA recursive_triggers = {recursive}")
        for change in (*CHANGES, *engine):
            with db.atomic() as attempt:
                try:
                    db.execute_sql(change)
                except peewee.PeeweeException as refusal:
                    assert REFUSAL in str(refusal), change
                else:
                    let_through.append(change)
                attempt.rollback()
    return let_through


def test_a_migrated_database_is_a_fresh_one(databases: Databases, engine: str, database_url: str) -> None:
    with connected(database_url) as db:
        migrated = schema_of(db)
    url = databases.empty(engine)
    with connected(url) as db:
        schema.create_fresh(db)
        fresh = schema_of(db)
    databases.discard(url)
    assert migrated == fresh
    assert len(migrated) > 200


def test_after_every_migration_a_change_to_the_record_is_refused(empty: peewee.Database) -> None:
    for number, _ in enumerate(steps(empty)):
        if number == 0:
            begin_record(empty)
        assert accepted(empty) == []
        kept = empty.execute_sql("SELECT company_id, seq, kind, body, leaf, root FROM event").fetchall()
        assert [(*row[:3], *map(bytes_of, row[3:])) for row in kept] == [
            (1, 1, "company.founded", b"{}", b"00", b"01")
        ]


def bytes_of(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("table", SEALED)
def test_every_sealed_table_has_its_refusals_in_a_migrated_database(
    database: peewee.Database, table: str
) -> None:
    where = f" ON {table} " if is_sqlite(database) else f" ON public.{table} "
    on = [line for line in schema_of(database) if line.startswith("trigger ") and where in line]
    assert len(on) == (3 if is_sqlite(database) else 2)


BOTH = ("sqlite", "postgresql")
SEARCH = "CREATE VIRTUAL TABLE decision_search USING fts5(company, title, body)"
FUNCTION = "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
HARMLESS = FUNCTION + "$$ BEGIN RETURN NULL; END $$"
FORGETFUL = {
    "a trigger": {
        "sqlite": "DROP TRIGGER verdict_no_delete",
        "postgresql": "DROP TRIGGER verdict_no_change ON verdict",
    },
    "a trigger that is off": {"postgresql": "ALTER TABLE verdict DISABLE TRIGGER verdict_no_change"},
    "an index": dict.fromkeys(BOTH, "DROP INDEX link_company_id_to_id"),
    "a column": dict.fromkeys(BOTH, "ALTER TABLE system ADD COLUMN note TEXT"),
    "a check": {
        "sqlite": "DROP TABLE debt_link;; CREATE TABLE debt_link (role TEXT)",
        "postgresql": "ALTER TABLE debt_link DROP CONSTRAINT debt_link_role_check",
    },
    "the search": {
        "sqlite": f"DROP TABLE decision_search;; {SEARCH}",
        "postgresql": "DROP INDEX decision_search_document",
    },
    "a function": {"postgresql": HARMLESS},
}
"""Migrations that leave something out, by what they forget, on the engines where that can be forgotten."""


@pytest.mark.parametrize("forgotten", FORGETFUL)
def test_a_migration_that_forgets_something_is_noticed(
    empty: peewee.Database, engine: str, tmp_path: Path, forgotten: str
) -> None:
    if engine not in FORGETFUL[forgotten]:
        return  # there is no such thing on this engine
    list(steps(empty))
    right = schema_of(empty)
    list(steps(empty, and_then(tmp_path, FORGETFUL[forgotten][engine])))
    assert schema_of(empty) != right


@pytest.mark.parametrize("trigger", ["no_update", "no_replace", "no_change ON event", "no_truncate ON event"])
def test_a_migration_that_opens_the_record_is_noticed(
    empty: peewee.Database, engine: str, tmp_path: Path, trigger: str
) -> None:
    if (" ON " in trigger) != (engine == "postgresql"):
        return  # a trigger of the other engine
    list(steps(empty))
    begin_record(empty)
    list(steps(empty, and_then(tmp_path, f"DROP TRIGGER event_{trigger}")))
    assert accepted(empty) != []


def and_then(folder: Path, statements: str) -> Path:
    """Return a folder of all migrations and one more that runs these statements."""
    directory = folder / "migrations"
    shutil.copytree(MIGRATIONS, directory)
    body = "def up(migrator, db):\n    for statement in %r:\n        db.execute_sql(statement)\n"
    (directory / "9000_forgetful.py").write_text(body % (statements.split(";; "),))
    return directory
