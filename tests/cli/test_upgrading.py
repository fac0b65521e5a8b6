"""Who brings a database up to date, and who refuses one that is older or newer: design's upgrade rules."""

import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import urlsplit

import peewee
import pytest

from adr_app.cli.running import trouble
from adr_app.domain.errors import Unavailable
from adr_app.models import schema
from adr_app.models.base import open_database
from adr_app.models.schema import ADVISORY_LOCK, HISTORY, MIGRATIONS, State
from tests.casts import Cast
from tests.cli.conftest import Commands
from tests.cli.releases import FAILING, LATER, SLOW, Release
from tests.conftest import connected

ADD = "companies add X --leader a@example.com --name A"
EVERY_COMMAND = (
    *("start", "start --empty", "serve", "migrate", "run", "shell"),
    *("companies", ADD, "people reset a@example.com", "import ."),
    *("flags", "flags --check", "flags --rebuild", "verify"),
)
THIS = [migration.stem for migration in sorted(MIGRATIONS.glob("[0-9]*.py"))]


def file_of(url: str) -> Path:
    return Path(urlsplit(url).path)


def applied(url: str) -> list[str]:
    db = open_database(url)
    with db.connection_context():
        return [row[0] for row in db.execute_sql(f"SELECT name FROM {HISTORY} ORDER BY name").fetchall()]


def notes(url: str) -> list[str]:
    db = open_database(url)
    with db.connection_context():
        return [row[0] for row in db.execute_sql("SELECT text FROM note").fetchall()]


@pytest.mark.parametrize("words", EVERY_COMMAND)
def test_a_database_of_a_newer_version_is_refused_by_every_command(
    adr: Commands, database_url: str, words: str
) -> None:
    with connected(database_url) as db:
        db.execute_sql(f"INSERT INTO {HISTORY} (name, applied) VALUES ('9001_notes', '2030-01-01 00:00:00')")
        before = {table: rows_in(db, table) for table in db.get_tables()}
    ran = adr(*words.split(), ADR_PORT="0")
    assert ran.code == 1 and "made by a newer version" in ran.err and "nothing was changed" in ran.err
    with connected(database_url) as db:
        assert {table: rows_in(db, table) for table in db.get_tables()} == before


def rows_in(db: peewee.Database, table: str) -> int:
    return db.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0]


NOT_UPGRADING = [words for words in EVERY_COMMAND if words.split()[0] not in ("start", "serve", "migrate")]


@pytest.mark.parametrize("words", NOT_UPGRADING)
def test_a_database_without_a_schema_is_refused_with_the_command_that_helps(
    settings: dict[str, str], empty_url: str, words: str
) -> None:
    ran = Commands(settings | {"ADR_DATABASE_URL": empty_url})(*words.split())
    assert ran.code == 1 and "adr-app migrate" in ran.err
    with connected(empty_url) as db:
        assert db.get_tables() == []


def test_migrate_makes_the_schema_once(settings: dict[str, str], empty_url: str) -> None:
    adr = Commands(settings | {"ADR_DATABASE_URL": empty_url})
    assert adr("migrate", "--json").report == {"applied": THIS}
    assert applied(empty_url) == THIS
    assert adr("migrate", "--json").report == {"applied": []}
    assert "up to date" in adr("migrate").out


def test_an_older_database_is_upgraded_by_migrate_and_then_refused_by_the_older_version(
    settings: dict[str, str], database_url: str, cast: Cast, tmp_path: Path
) -> None:
    later = Release(tmp_path)
    code, out, err = later.run(settings, "migrate", "--json")
    assert (code, err) == (0, "") and LATER in out
    assert notes(database_url) == ["from the later version"]
    ran = Commands(settings)("serve", ADR_PORT="0")
    assert ran.code == 1 and "newer version" in ran.err
    assert later.run(settings, "companies", "--json")[0] == 0


@pytest.mark.parametrize("command", ["serve", "start", "flags"])
def test_on_postgresql_an_older_database_is_upgraded_by_migrate_only(
    settings: dict[str, str], engine: str, database_url: str, cast: Cast, tmp_path: Path, command: str
) -> None:
    if engine != "postgresql":
        return
    code, _, err = Release(tmp_path).run(settings | {"ADR_PORT": "0"}, command)
    assert code == 1 and "adr-app migrate" in err and "Traceback" not in err
    assert applied(database_url) == THIS


def test_on_postgresql_serve_does_not_make_the_schema(
    settings: dict[str, str], engine: str, empty_url: str
) -> None:
    if engine != "postgresql":
        return
    ran = Commands(settings | {"ADR_DATABASE_URL": empty_url})("serve", ADR_PORT="0")
    assert ran.code == 1 and "adr-app migrate" in ran.err


@pytest.mark.parametrize("command", ["serve", "start", "migrate"])
def test_on_sqlite_the_file_is_copied_before_it_is_upgraded(
    settings: dict[str, str], engine: str, database_url: str, cast: Cast, tmp_path: Path, command: str
) -> None:
    if engine != "sqlite":
        return
    file = file_of(database_url)
    file.chmod(0o600)
    process = Release(tmp_path).start(settings | {"ADR_PORT": "0"}, command)
    assert process.stdout is not None
    process.stdout.readline()  # it answers, or says what it applied
    process.terminate()
    process.communicate()
    assert notes(database_url) == ["from the later version"]
    copy = file.with_name(f"{file.name}.{THIS[-1]}.bak")
    assert applied(f"sqlite:///{copy}") == THIS
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT slug FROM company").fetchall() == [("larkspur",)]
    kept.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_new_file_is_not_copied(settings: dict[str, str], engine: str, empty_url: str) -> None:
    Commands(settings | {"ADR_DATABASE_URL": empty_url})("migrate")
    if engine == "sqlite":
        assert list(file_of(empty_url).parent.glob(f"{file_of(empty_url).name}*.bak")) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    settings: dict[str, str], database_url: str, cast: Cast, tmp_path: Path
) -> None:
    code, _, err = Release(tmp_path, FAILING).run(settings, "migrate")
    assert code == 1 and "the migration is wrong" in err
    assert applied(database_url) == THIS
    with connected(database_url) as db:
        assert "note" not in db.get_tables() and schema.state(db) is State.CURRENT


def test_two_upgrades_at_once_end_well(
    settings: dict[str, str], database_url: str, cast: Cast, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    release = Release(tmp_path, SLOW)
    first = release.start(settings | {"HELD_BY": str(tmp_path / "pipe")}, "migrate")
    assert first.stdout is not None and first.stdout.readline() == "begun\n"
    second = release.start(settings, "migrate")
    third = release.start(settings, "migrate")
    if database_url.startswith("postgresql"):
        wait_for_waiting(database_url, 2)
    (tmp_path / "pipe").write_text("go on")
    ends = [(*process.communicate(), process.returncode) for process in (first, second, third)]
    assert [code for _, _, code in ends] == [0, 0, 0], ends
    assert sum(f"applied {LATER}" in out for out, _, _ in ends) == 1
    assert all("up to date" in out for out, _, _ in ends)
    assert applied(database_url) == [*THIS, LATER]


def wait_for_waiting(url: str, processes: int) -> None:
    """Ask the server until so many of its processes wait for the lock."""
    db = open_database(url)
    with db.connection_context():
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"
        while db.execute_sql(waiting, (ADVISORY_LOCK,)).fetchone()[0] < processes:
            pass


def test_an_upgrade_that_cannot_have_the_lock_is_refused_in_words(
    database_url: str, engine: str, cast: Cast
) -> None:
    if engine != "sqlite":
        return
    holder = sqlite3.connect(file_of(database_url), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    db = open_database(database_url)
    db.connect()
    db.execute_sql("PRAGMA busy_timeout = 0")
    with pytest.raises(peewee.OperationalError) as refusal:
        schema.upgrade(db)
    assert "in use by another process" in trouble(refusal.value)
    holder.execute("ROLLBACK")
    holder.close()
    assert schema.upgrade(db) == []
    db.close()


def test_an_upgrade_never_touches_a_database_of_a_newer_version(database: peewee.Database) -> None:
    database.execute_sql(
        f"INSERT INTO {HISTORY} (name, applied) VALUES ('9001_notes', '2030-01-01 00:00:00')"
    )
    with pytest.raises(Unavailable, match="newer version"):
        schema.upgrade(database)
