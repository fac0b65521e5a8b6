"""What every command promises: help with examples, exit codes, and one line instead of a traceback."""

from collections.abc import Iterator
from importlib import import_module

import click
import pytest

from adr_app.cli import WHERE, cli
from adr_app.settings import SETTINGS
from tests.cli.conftest import Commands

MODULES = [import_module(f"adr_app.cli.{module}") for module in WHERE]
FLASKS = {"run", "shell", "routes"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command of ours with the words that call it."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if name in FLASKS or command is None:
            continue
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", each) for below, each in command.commands.items())


OURS = dict(commands())
REPORTS_NOTHING = {
    "start",
    "serve",
    "work",
    "mail",
    "people",
    "people reset",
    "key",
    "controls",
    "debt",
    "readings",
}
"""They serve, print one line to copy, or only gather commands."""


@pytest.fixture
def bare() -> Commands:
    """The command line with settings that cannot be used: help must not need any."""
    return Commands({"ADR_PORT": "none", "ADR_DATABASE_URL": "nowhere"})


@pytest.mark.parametrize("words", OURS)
def test_every_command_helps_with_an_example_that_calls_it(bare: Commands, words: str) -> None:
    ran = bare(*words.split(), "--help")
    assert ran.code == 0 and "Example" in ran.out, ran.err
    assert f"adr-app {words}" in ran.out.partition("Example")[2]


def test_the_help_names_every_command_of_ours_and_of_flask(bare: Commands) -> None:
    ran = bare("--help")
    assert ran.code == 0 and ran.err == ""
    listed = [line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.strip()]
    ours = {command.name for module in MODULES for command in module.COMMANDS}
    assert {*listed} >= ours | FLASKS and ours == {name for names in WHERE.values() for name in names}


def test_every_command_that_reports_does_it_as_json_too() -> None:
    lacking = {words for words, each in OURS.items() if all("--json" not in one.opts for one in each.params)}
    assert lacking == REPORTS_NOTHING


@pytest.mark.parametrize("words", ["frobnicate", "flags --no-such-option", "people reset", "import",
                                   "import /no/such/folder", "companies add X"])  # fmt: skip
def test_wrong_use_exits_with_2_and_says_how_to_be_helped(bare: Commands, words: str) -> None:
    ran = bare(*words.split())
    assert ran.code == 2 and "--help" in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize("words", ["start", "serve", "migrate", "flags", "verify", "companies", "run",
                                   "shell", "people reset a@example.com", "import ."])  # fmt: skip
def test_settings_that_cannot_be_used_are_wrong_use_and_all_named(bare: Commands, words: str) -> None:
    ran = bare(*words.split())
    assert ran.code == 2 and "ADR_PORT" in ran.err and "ADR_DATABASE_URL" in ran.err


def test_the_settings_are_listed_with_what_they_do(bare: Commands) -> None:
    ran = bare("settings", "--json")
    assert ran.code == 0
    assert [row["name"] for row in ran.report] == [setting.name for setting in SETTINGS]
    assert all(set(row) == {"name", "default", "help"} for row in ran.report)
    assert all(setting.name in bare("settings").out for setting in SETTINGS)


def test_flasks_own_commands_know_the_pages(adr: Commands) -> None:
    ran = adr("routes")
    assert ran.code == 0 and "decisions.show" in ran.out


def test_a_command_on_a_database_that_cannot_be_reached_fails_in_one_line(tmp_path) -> None:
    adr = Commands({"ADR_DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/adr.db"})
    ran = adr("flags")
    assert ran.code == 1 and "cannot be opened" in ran.err and "Traceback" not in ran.err


def test_a_command_on_a_file_that_is_no_database_says_so_and_leaves_it(tmp_path) -> None:
    (tmp_path / "adr.db").write_text("This is a letter, not a database. " * 40)
    adr = Commands({"ADR_DATABASE_URL": f"sqlite:///{tmp_path}/adr.db"})
    for command in ("flags", "migrate", "start"):
        ran = adr(command)
        assert ran.code == 1 and "no SQLite database" in ran.err
    assert (tmp_path / "adr.db").read_text().startswith("This is a letter")
