"""Nobody learns of another company, of what is missing or of what is hidden: every address, every visitor.

Addresses come from the application itself, so a page added tomorrow is tried too; what fills them is in
`tests/tenancy.py`, and an argument that nobody taught it fails here by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from adr_app.config import load_config
from adr_app.domain.permissions import Public
from adr_app.models.base import database
from adr_app.models.people import Engagement
from tests import form_fields, tenancy
from tests.applications import own_application
from tests.casts import quick_passwords, send
from tests.conftest import Clock, connected
from tests.databases import Databases
from tests.tenancy import SECRET, SEES_RESTRICTED, THEIRS, VISITORS, World

Answer = tuple[int, bytes, list[tuple[str, str]]]


@dataclass
class Built:
    """Both companies in a database of their own, with the product running on it."""

    url: str
    world: World
    app: Flask


class Builder:
    """Makes each world once for each engine: the tests of this module change none."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases, self._folder = databases, folder
        self._kept: dict[tuple[str, bool], Built] = {}

    def built(self, engine: str, *, hiding: bool = True) -> Built:
        """Return the companies on an engine, with restricted decisions or without."""
        if (engine, hiding) not in self._kept:
            url, clock = self._databases.migrated(engine), Clock()
            with connected(url), quick_passwords():
                world = tenancy.build(clock(), hiding=hiding)
                clock.advance(minutes=5)
                self._kept[engine, hiding] = Built(url, world, self._application(url, clock))
        return self._kept[engine, hiding]

    def spoilt(self, engine: str) -> None:
        """Forget a world that a test has changed."""
        self._databases.discard(self._kept.pop((engine, True)).url)

    def close(self) -> None:
        """Take every database down."""
        for one in self._kept.values():
            self._databases.discard(one.url)

    def _application(self, url: str, clock: Clock) -> Flask:
        config = {
            "ADR_DATABASE_URL": url,
            "ADR_DATA_DIR": str(self._folder),
            "ADR_SECRET_KEY": "a key for the tests only, forty characters",
        }
        return own_application(load_config(config), clock)


@pytest.fixture(scope="module")
def builder(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    made = Builder(databases, tmp_path_factory.mktemp("tenancy"))
    yield made
    made.close()


@pytest.fixture
def app(builder: Builder, engine: str) -> Iterator[Flask]:
    built = builder.built(engine)
    with connected(built.url):
        yield built.app


@pytest.fixture
def world(app: Flask, builder: Builder, engine: str) -> Iterator[World]:
    """The two companies; a test that changed them fails, and the next one gets new ones."""
    before = tenancy.snapshot()
    yield builder.built(engine).world
    if wrong := tenancy.changed(before):
        database.close()
        builder.spoilt(engine)
        pytest.fail(f"this test changed {', '.join(wrong)}")


def seen(answer: TestResponse) -> Answer:
    """Return all that the asker can see of an answer."""
    headers = sorted((k, v) for k, v in answer.headers if k != "Date")
    return answer.status_code, answer.data, headers


def ask(client: FlaskClient, method: str, path: str, **fields: Any) -> TestResponse:
    return client.get(path) if method == "GET" else send(client, path, **fields)


@pytest.mark.parametrize("visitor", VISITORS)
def test_what_is_foreign_missing_or_hidden_answers_alike_at_every_address(
    world: World, app: Flask, visitor: str
) -> None:
    with tenancy.visiting(app, world, visitor) as client:
        constant = seen(client.get("/no-such-page-at-all"))
        wrong = []
        for rule in tenancy.rules(app):
            for method in tenancy.methods(rule):
                for what, path in tenancy.strange_addresses(app, world, visitor, rule):
                    expected = _expected(app, rule, visitor, what, method, constant)
                    answer = seen(ask(client, method, path))
                    if (answer != expected) if isinstance(expected, tuple) else (answer[0] != expected):
                        wrong.append(f"{method} {rule.rule} with {what}: {answer[0]}")
        assert wrong == []


def _expected(app: Flask, rule: Rule, visitor: str, what: str, method: str, constant: Answer) -> Answer | int:
    """Return the constant page; or, where this visitor may not even open the page, its refusal."""
    if visitor == tenancy.SIGNED_OUT:
        return 302 if method == "GET" else 403
    if what.startswith("slug=") or visitor == tenancy.STRANGER or tenancy.allowed(app, rule, visitor):
        return constant
    return 403


@pytest.mark.parametrize("visitor", VISITORS)
def test_opening_every_address_changes_nothing_and_shows_nothing_of_others(
    world: World, app: Flask, visitor: str
) -> None:
    """A mail scanner that fetches every link signs nothing; `world` compares every table afterwards."""
    forbidden = [THEIRS] if visitor in SEES_RESTRICTED else [THEIRS, SECRET]
    if visitor == tenancy.STRANGER:
        forbidden = [SECRET, "Larkspur"]  # and the words of Ostara are their own
    with tenancy.visiting(app, world, visitor) as client:
        shown = {rule.rule for rule in tenancy.rules(app) if "GET" in tenancy.methods(rule)}
        for rule in tenancy.rules(app):
            may_open = tenancy.allowed(app, rule, visitor)
            expected = {200, 302, 404, 409} if may_open else {302, 403, 404}
            path = tenancy.own_address(app, world, visitor, rule)
            for address in (path, *_variants(path, rule.endpoint)):
                answer = client.get(address)
                status = answer.status_code
                assert status in (expected if rule.rule in shown else {405}), f"{address}: {status}"
                if getattr(app.view_functions[rule.endpoint], "needs", None) is not Public.ANYBODY:
                    # What somebody typed into an address is shown to them again.
                    page = re.sub("zanzibar[ -](vault|tag)", "", tenancy.words(answer).casefold())
                    told = [word for word in forbidden if word.casefold() in page]
                    assert not told or visitor == tenancy.SIGNED_OUT, f"{address} shows {told}"


def _variants(path: str, endpoint: str) -> list[str]:
    """Return the same page asked for with what somebody might know or guess."""
    if endpoint == "decisions.index":
        asked = ("system", "tag", "status", "mark", "order")
        values = (f"x {SECRET} vault", f"{SECRET}-tag", "accepted", "without-input", "changed")
        return [f"{path}?{name}={value}" for name, value in zip(asked, values, strict=True)]
    if endpoint == "vendors.show":
        return [f"{path}?firm={name}" for name in ("Paywell", f"{SECRET} bank", f"{THEIRS} Paywell")]
    if endpoint == "readings.show":
        return [f"{path}?system={name}" for name in ("Billing", f"{SECRET} vault", f"{THEIRS} Billing")]
    if endpoint == "debt_reports.choose":
        return [f"{path}?item=TD-0001"]
    if endpoint == "older.index":
        return [f"{path}?closely=yes", f"{path}?page=9.9999-12-31.1"]
    if endpoint == "debt.index":
        return [f"{path}?state=all", f"{path}?sort=changed"]
    return []


WITHOUT_TRACE = ("/", "/larkspur/dashboard", "/larkspur/decisions", "/larkspur/debt", "/larkspur/debt/new",
                 "/larkspur/debt/TD-0001", "/larkspur/decisions/AD-0001", "/larkspur/decisions/AD-0004",
                 "/larkspur/decisions?status=accepted", "/larkspur/decisions?mark=without-input",
                 "/larkspur/decisions/AD-0001/edit", "/larkspur/flags", "/larkspur/record",
                 "/larkspur/older", "/larkspur/older?closely=yes", "/larkspur/vendors",
                 "/larkspur/vendors/firm?firm=paywell", "/larkspur/debt/report", "/larkspur/systems/readings",
                 "/larkspur/systems/readings/of?system=billing",
                 "/larkspur/settings",
                 "/larkspur/pressures", "/larkspur/duties", "/larkspur/which-role",
                 "/larkspur/profile")  # fmt: skip
"""Pages that must look to somebody as if what is hidden from them did not exist."""


@pytest.mark.parametrize("visitor", [one for one in tenancy.ROLES if one not in SEES_RESTRICTED])
def test_pages_count_and_show_as_if_hidden_decisions_did_not_exist(
    world: World, app: Flask, builder: Builder, engine: str, visitor: str
) -> None:
    with tenancy.visiting(app, world, visitor) as client:
        with_hidden = {path: _without_tokens(client.get(path).text) for path in WITHOUT_TRACE}
    bare = builder.built(engine, hiding=False)
    with connected(bare.url), tenancy.visiting(bare.app, bare.world, visitor) as client:
        for path in WITHOUT_TRACE:
            assert with_hidden[path] == _without_tokens(client.get(path).text), path


def _without_tokens(page: str) -> str:
    """Return a page without what differs by browser, and without the proof of the record.

    The record is one for everybody, so its numbers have gaps where an act is hidden, as the page says.
    """
    page = re.sub(r'<details class="fold">\s*<summary><span>Proof</span>.*?</details>', "", page, flags=re.S)
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page)


@pytest.mark.parametrize("visitor", ["leader", "cto", "vciso", "admin"])
def test_every_field_of_every_form_is_known_to_name_something_or_nothing(
    world: World, app: Flask, visitor: str
) -> None:
    found: set[form_fields.Field] = set()
    with tenancy.visiting(app, world, visitor) as client, tenancy.visiting(app, world, visitor):
        for rule in tenancy.rules(app):
            if "GET" in tenancy.methods(rule) and tenancy.allowed(app, rule, visitor):
                for path in _with_forms(app, world, visitor, rule):
                    answer = client.get(path)
                    if answer.mimetype == "text/html":
                        found |= form_fields.choices_of(app, path, answer.text)
    assert {("account.end_session", "session"), ("account.change_password", "email")} <= found
    if visitor in world.own.copies:
        assert ("drafts.draft", "copy") in found and ("debt.analyse", "owner") in found
    found = {field for field in found if not field[0].startswith("#")}  # the patterns lead nowhere
    assert form_fields.unknown(found) == set(), "teach tests/form_fields.py what these name"


def _with_forms(app: Flask, world: World, visitor: str, rule: Rule) -> list[str]:
    """Return a page about each of one's own things, in whatever state: each has other forms."""
    own = {name: kinds[tenancy.OWN] for name, kinds in tenancy.fillings(world, visitor, rule).items()}
    paths = [tenancy.build_address(app, rule, own)]
    if "number" in own:
        debts = type(rule._converters["number"]).__name__ == "DebtReference"
        numbers = (world.own.debts if debts else world.own.numbers).values()
        paths += [tenancy.build_address(app, rule, {**own, "number": number}) for number in numbers]
    if rule.endpoint == "readings.show":
        paths = [f"{paths[0]}?system=Billing"]
    if rule.endpoint == "vendors.show":
        paths = [f"{paths[0]}?firm=Paywell"]
    if rule.endpoint in ("drafts.undecided", "drafts.decided"):
        paths += [f"{paths[0]}?copy={world.own.copies.get(visitor, 0)}"]
    return paths


def test_each_kind_of_id_is_one_of_a_thing_that_exists(world: World, app: Flask) -> None:
    for rule in tenancy.rules(app):
        for name, kinds in tenancy.fillings(world, "cto", rule).items():
            assert len(set(kinds.values())) == len(kinds), f"<{name}> of {rule.rule}: {kinds}"
    assert Engagement.select().where(Engagement.company == world.foreign.company.id).exists()
