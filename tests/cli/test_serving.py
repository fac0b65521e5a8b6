"""`start` and `serve`: what they print, whom they let in, and what they refuse to serve where."""

import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from adr_app.domain.errors import NotFound
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Installation, Person
from adr_app.services import companies, company_settings, demonstration, drafts, flags
from tests.casts import Cast
from tests.cli.conftest import AT, Commands
from tests.conftest import connected

NOT_LOOPBACK = "0.0.0.0"


@contextmanager
def serving(adr: Commands, *words: str, **settings: str) -> Iterator[list[str]]:
    """Run a serving command until the body ends, and give what it printed up to its address."""
    process = adr.start(*words, ADR_PORT="0", **settings)
    try:
        yield list(_lines(process))
    finally:
        process.terminate()
        _, err = process.communicate()
    assert process.returncode == 0 and "Traceback" not in err, err


def _lines(process: "subprocess.Popen[str]") -> Iterator[str]:
    """Yield lines up to the address."""
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        yield line.rstrip("\n")
        if "answers at" in line:
            return
    raise AssertionError(process.stderr.read())


def address(lines: list[str]) -> str:
    return lines[-1].partition("answers at ")[2].split()[0]


@pytest.fixture
def empty(settings: dict[str, str], empty_url: str) -> Commands:
    """The command line on a database without a schema."""
    return Commands(settings | {"ADR_DATABASE_URL": empty_url})


def test_start_on_an_empty_database_serves_the_demonstration_and_seeds_it_once(
    empty: Commands, empty_url: str
) -> None:
    with serving(empty, "start") as lines:
        assert "demonstration" in lines[0]
        with urlopen(f"{address(lines)}/sign-in") as answer:
            page = answer.read().decode()
    assert all(member.name in page for member in demonstration.CAST)
    with connected(empty_url):
        assert Company.select().count() == 4 and Installation.get_by_id(1).demonstration
        imported = Decision.select().where(Decision.imported).count()
        assert imported >= 10  # the project's own decisions
    with serving(empty, "start") as lines:
        assert "demonstration" not in lines[0]
    with connected(empty_url):
        assert Company.select().count() == 4


@pytest.mark.parametrize("command", ["start", "serve"])
def test_a_demonstration_is_refused_elsewhere_than_on_this_machine(
    adr: Commands, database_url: str, command: str
) -> None:
    with connected(database_url):
        companies.mark_demonstration(at=AT)
    ran = adr(command, ADR_HOST=NOT_LOOPBACK, ADR_PORT="0")
    assert ran.code == 1 and "127.0.0.1 only" in ran.err and "answers at" not in ran.out


def test_an_empty_database_is_not_made_a_demonstration_where_it_could_not_be_served(
    empty: Commands, empty_url: str
) -> None:
    ran = empty("start", ADR_HOST=NOT_LOOPBACK, ADR_PORT="0")
    assert ran.code == 1 and "--empty" in ran.err
    with connected(empty_url):
        assert not Installation.select().exists() and not Person.select().exists()


@pytest.mark.parametrize("words", [("start", "--empty"), ("serve",)])
def test_without_a_company_a_code_opens_the_set_up(
    adr: Commands, database_url: str, words: tuple[str, ...]
) -> None:
    process = adr.start(*words, ADR_PORT="0")
    assert process.stdout is not None
    line = process.stdout.readline()
    where, _, code = process.stdout.readline().strip().rpartition(" with the code ")
    with urlopen(where.rpartition(" at ")[2]) as page:
        assert "Code from the terminal" in page.read().decode()
    process.terminate()
    process.communicate()
    assert "answers at" in line and process.returncode == 0
    with connected(database_url):
        assert companies.awaits_set_up() and not Company.select().exists()
        with pytest.raises(NotFound):
            made = set_up(code)
            set_up(code)
        assert made and Company.get().name == "Larkspur"


def set_up(code: str) -> object:
    words = "four words make one"
    return companies.set_up(
        code, at=AT, email="priya@example.com", name="Priya", password=words, again=words,
        company="Larkspur", roles=["leader"], zone="UTC",
    )  # fmt: skip


def test_behind_another_address_it_names_that_and_the_one_where_it_listens(adr: Commands, cast: Cast) -> None:
    process = adr.start("serve", ADR_PORT="0", ADR_PUBLIC_URL="https://decisions.example.com")
    assert process.stdout is not None
    public, listens = process.stdout.readline(), process.stdout.readline()
    where = listens.partition("listens at ")[2].partition(",")[0]
    with urlopen(Request(f"{where}/sign-in", headers={"Host": "decisions.example.com"})) as answer:
        assert answer.status == 200
    process.terminate()
    process.communicate()
    assert "answers at https://decisions.example.com" in public and where.startswith("http://127.0.0.1:")


def test_a_database_in_use_is_never_seeded(adr: Commands, cast: Cast) -> None:
    with serving(adr, "start") as lines:
        assert len(lines) == 1
    assert [company.slug for company in Company.select()] == ["larkspur"]


def test_a_running_server_works_in_what_a_company_wide_act_left_behind(
    adr: Commands, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts.draft(cast.viewer("cto", AT), {"title": "Queue or table"}, at=AT)
    monkeypatch.setattr(flags, "AT_ONCE", 0)
    company_settings.set_policy(cast.viewer("leader", AT), 2, "enforce", at=AT)
    behind: Callable[[], object] = lambda: Company.get_by_id(cast.company.id).stale_since  # noqa: E731
    assert behind()
    with serving(adr, "serve"):
        while behind():
            pass
    assert flags.check(Company.get_by_id(cast.company.id)).different == []


def test_a_port_that_is_taken_is_named(adr: Commands, cast: Cast) -> None:
    with serving(adr, "serve") as lines:
        port = address(lines).rpartition(":")[2]
        second = adr.start("serve", ADR_PORT=port)
        _, err = second.communicate()
    assert second.returncode == 1 and "is taken" in err and "ADR_PORT" in err and "Traceback" not in err


def test_with_postgresql_a_key_is_asked_for_and_with_a_file_one_is_made(
    adr: Commands, engine: str, database_url: str
) -> None:
    adr.settings = adr.settings | {"ADR_SECRET_KEY": ""}
    if engine == "postgresql":
        ran = adr("serve", ADR_PORT="0")
        assert ran.code == 2 and "ADR_SECRET_KEY" in ran.err
        return
    with serving(adr, "serve"):
        key = Path(urlsplit(database_url).path).with_name("secret.key")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
