"""The command line as its users type it, on a database of the test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from adr_app.cli import cli
from adr_app.models.base import database
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import connected

AT = datetime(2025, 1, 6, 9, tzinfo=UTC)
"""A Monday long ago: commands read the machine's clock, which is later."""


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)


class Commands:
    """Runs `adr-app` with these settings and no others of ours."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings

    def __call__(self, *words: str, **settings: str) -> Ran:
        """Run a command in this process."""
        bound = database.obj
        ours: dict[str, str | None] = {name: None for name in os.environ if name.startswith("ADR_")}
        try:
            ended = CliRunner().invoke(cli, words, env=ours | self.settings | settings, prog_name="adr-app")
        finally:
            database.initialize(bound)
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Ran(ended.exit_code, ended.stdout, ended.stderr)

    def start(self, *words: str, stderr: int = subprocess.PIPE, **settings: str) -> "subprocess.Popen[str]":
        """Start a command as a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ADR_")}
        return subprocess.Popen(
            [sys.executable, "-m", "adr_app", *words],
            env=kept | self.settings | settings,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )


@pytest.fixture
def adr(settings: dict[str, str]) -> Commands:
    """The command line on a migrated database."""
    return Commands(settings)


@pytest.fixture
def cast(database_url: str) -> Iterator[Cast]:
    """Larkspur with somebody in every role since long ago; the test is connected to the database."""
    with connected(database_url), quick_passwords():
        yield cast_of("Larkspur", AT)
