"""The ground the other tests stand on: databases that are really fresh, and no test left out in silence."""

import os
import subprocess
import sys
from pathlib import Path

import peewee
import psycopg
import pytest

from adr_app.models.base import open_database
from adr_app.models.schema import HISTORY
from tests.databases import Databases

ROOT = Path(__file__).resolve().parent.parent


def rows(url: str) -> dict[str, int]:
    """Return how many rows each table holds, without the history of migrations."""
    opened = open_database(url)
    with opened.connection_context():
        return {
            table: opened.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for table in opened.get_tables()
            if table != HISTORY
        }


def execute(url: str, statement: str) -> None:
    opened: peewee.Database = open_database(url)
    with opened.connection_context():
        opened.execute_sql(statement)


def test_each_test_gets_a_database_without_rows(databases: Databases, engine: str) -> None:
    url = databases.migrated(engine)
    pristine = rows(url)  # a full-text index has rows of its own from the start
    assert not any(pristine[table] for table in ("attempt", "company", "decision", "event"))
    execute(url, "INSERT INTO attempt (key, count, window_at) VALUES ('x', 1, 1)")
    assert rows(url) != pristine
    databases.discard(url)
    again = databases.migrated(engine)
    assert rows(again) == pristine
    databases.discard(again)


@pytest.mark.postgresql
def test_a_database_whose_schema_was_changed_is_never_handed_out_again(databases: Databases) -> None:
    url = databases.migrated("postgresql")
    execute(url, "DROP TRIGGER event_no_change ON event")
    databases.discard(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"), psycopg.connect(url):
        pass


@pytest.mark.postgresql
def test_the_server_answers_only_in_its_private_folder_and_never_as_root(databases: Databases) -> None:
    folder = databases.server.folder
    assert folder.stat().st_mode & 0o077 == 0
    assert folder.stat().st_uid != 0
    url = databases.migrated("postgresql")
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert superuser.fetchone() == (False,)
    databases.discard(url)


def suite(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a machine where no program can be found by name, so no browser either."""
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "ADR_CHROMIUM"}}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | {"PATH": "/nowhere"} | environment, capture_output=True, text=True
    )


def test_a_run_without_a_browser_says_loudly_what_it_left_out() -> None:
    ran = suite("--collect-only", "tests/test_run_script.py")
    assert ran.returncode == 0, ran.stdout
    assert "LEFT OUT" in ran.stdout
    assert "apt-get install chromium" in ran.stdout


def test_a_run_without_a_browser_fails_in_ci() -> None:
    ran = suite("--collect-only", "tests/test_run_script.py", CI="true")
    assert ran.returncode == 4
    assert "no test may be left out" in ran.stderr
