"""Every address, for every role: who may open it, and that nobody learns what is not theirs.

The addresses are taken from the application itself, so that a page added tomorrow is tried too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from adr_app.config import load_config
from adr_app.domain.permissions import Act, Public, Role, permits
from adr_app.models.controls import Catalog, CompanyFramework, Control
from adr_app.models.decisions import Decision, Link, WorkingCopy
from adr_app.models.people import Engagement
from adr_app.models.readings import ExternalReading
from adr_app.models.schema import TABLES
from adr_app.models.vendors import VendorAgreement
from adr_app.services import (
    api_keys,
    companies,
    debt,
    debt_reports,
    debt_tickets,
    drafts,
    links,
    readings,
    session,
    standing_rules,
    vendor_acts,
    working_copies,
)
from tests.applications import own_application
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import Clock, connected
from tests.form_fields import IDS_IN_FORMS
from tests.remembered import remembered
from tests.tenancy import sarif

DECISIONS_NAMED = ("to", "decision", "repaid_by")
"""Fields that hold the reference of a decision."""

ROLES = tuple(role for role in Role)
SEE_ALL = (Role.LEADER, Role.CTO, Role.VCISO)
MISSING = 987_654
Answer = tuple[int, bytes, list[tuple[str, str]]]


@dataclass
class World:
    """Two companies that must not learn of each other, and the numbers of things in the first."""

    own: Cast
    foreign: Cast
    at: datetime

    OWN, HIDDEN, FOREIGN = 1, 2, 3
    """Decisions (and debts) by number: 3 exists at the other company only."""


@pytest.fixture
def world(app: Flask, clock: Clock) -> Iterator[World]:
    with quick_passwords():
        yield remembered("two companies and what they decided", lambda: _world(clock()))


def _world(at: datetime) -> World:
    world = World(cast_of("Larkspur", at), cast_of("Ostara", at), at)
    for cast, count in ((world.own, 2), (world.foreign, 3)):
        leader = cast.viewer("leader", at)
        for number in range(1, count + 1):
            system = {World.HIDDEN: "Vault", World.FOREIGN: "Payroll"}.get(number, "Billing")
            firm = {World.HIDDEN: "Bank", World.FOREIGN: "Ledger Ltd"}.get(number, "Paywell")
            typed = {"title": f"Decision {number} of {cast.company.name}", "systems": [system]}
            typed["vendors"] = [firm]
            drafts.draft(leader, typed, at=at)
            debt.note(leader, title=f"Debt {number} of {cast.company.name}", at=at)
        links.link(leader, 1, 2, "relates", at=at)
        CompanyFramework.create(company=cast.company.id, framework="hipaa")
        vendor_acts.agree(leader, firm, kind="health", reference="Drawer", at=at)
    Decision.update(restricted=True).where(
        Decision.company == world.own.company.id, Decision.number == World.HIDDEN
    ).execute()
    return world


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def needed(app: Flask, rule: Rule) -> Act | Public | None:
    return getattr(app.view_functions[rule.endpoint], "needs", None)


def methods(rule: Rule) -> list[str]:
    return [method for method in ("GET", "POST") if method in (rule.methods or ())]


def address(app: Flask, rule: Rule, slug: str, number: int) -> str:
    """Return the address of a page about the thing with this number at a company."""
    values: dict[str, Any] = dict.fromkeys(rule.arguments, number)
    values |= dict.fromkeys(rule.arguments & {"token"}, "a-token-nobody-has")
    values |= dict.fromkeys(rule.arguments & {"slug"}, slug)
    with app.test_request_context():
        return str(
            app.url_map.bind("localhost").build(rule.endpoint, values, rule.methods and methods(rule)[0])
        )


def has_numbers(rule: Rule) -> bool:
    return bool(rule.arguments - {"slug", "token"})


def ask(client: FlaskClient, method: str, path: str, **fields: Any) -> TestResponse:
    return client.get(path) if method == "GET" else send(client, path, **fields)


def seen(answer: TestResponse) -> Answer:
    """Return all that the asker can see of an answer."""
    return answer.status_code, answer.data, sorted((k, v) for k, v in answer.headers if k != "Date")


def everything() -> list[list[dict[str, Any]]]:
    """Return every row of every table."""
    return [list(table.select().dicts()) for table in TABLES]


def test_every_page_declares_who_may_open_it(app: Flask) -> None:
    undeclared = [r.endpoint for r in rules(app) if not isinstance(needed(app, r), Act | Public)]
    assert undeclared == [], "decorate these views with @needs(...)"


def test_a_page_of_a_company_asks_for_an_act_and_others_do_not(app: Flask) -> None:
    wrong = [r.endpoint for r in rules(app) if isinstance(needed(app, r), Act) != ("slug" in r.arguments)]
    assert wrong == [], "a page below /<slug> needs an Act; only there is there a company to ask"


def test_a_page_that_declares_nothing_is_refused_to_everybody(settings: dict[str, str], clock: Clock) -> None:
    app = own_application(load_config(settings), clock)
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    with connected(settings["ADR_DATABASE_URL"]):
        answer = app.test_client().get("/undeclared")
    assert answer.status_code == 403 and "secret" not in answer.text


def test_addresses_are_written_with_small_letters_and_hyphens(app: Flask) -> None:
    fixed = {r.endpoint: re.sub(r"<[^>]+>", "", r.rule) for r in rules(app)}
    assert {e: path for e, path in fixed.items() if not re.fullmatch(r"[a-z0-9/.-]*", path)} == {}


def test_no_company_can_stand_in_the_way_of_a_page_of_ours(app: Flask) -> None:
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    fixed = {part for part in first if part and "<" not in part}
    assert fixed <= companies.RESERVED, "add these to RESERVED in adr_app/services/companies.py"


def test_a_change_never_happens_by_opening_an_address(app: Flask) -> None:
    assert {m for rule in rules(app) for m in rule.methods or ()} <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_form_without_our_token_is_refused_and_changes_nothing(world: World, app: Flask) -> None:
    client = sign_in(app.test_client(), world.own.leader)
    before = everything()
    # An address that is itself signed for one purpose, which mail readers send a form to by themselves.
    keyed = {r.endpoint for r in rules(app) if getattr(app.view_functions[r.endpoint], "keyed", False)}
    assert keyed == {"mail.stop"}
    for rule in rules(app):
        if "POST" in methods(rule) and rule.endpoint not in keyed:
            for fields in (
                {},
                {"csrf_token": ""},
                {"csrf_token": "made up"},
                {"csrf_token": b"\xed\xa0\x80"},
            ):
                answer = client.post(address(app, rule, "larkspur", World.OWN), data=fields)
                assert answer.status_code == 403, rule.endpoint
    assert everything() == before


def test_every_page_sends_somebody_unknown_to_sign_in_whatever_the_company(world: World, app: Flask) -> None:
    client = app.test_client()
    for rule in rules(app):
        if needed(app, rule) is Public.ANYBODY:
            continue
        for method in methods(rule):
            answers = set()
            for slug in ("larkspur", "ostara", "no-such-company"):
                answer = ask(client, method, address(app, rule, slug, World.OWN))
                answers.add((answer.status_code, answer.headers.get("Location", "").partition("?")[0]))
            assert answers == {(302, "/sign-in") if method == "GET" else (403, "")}, rule.endpoint


@pytest.mark.parametrize("role", ROLES)
def test_another_company_and_a_missing_one_answer_alike_to_every_role(
    world: World, app: Flask, role: Role
) -> None:
    client = sign_in(app.test_client(), getattr(world.own, role))
    constant = seen(client.get("/no-such-page-at-all"))
    before = everything()
    for rule in rules(app):
        if "slug" not in rule.arguments:
            continue
        for method in methods(rule):
            for slug in ("ostara", "no-such-company"):
                answer = ask(client, method, address(app, rule, slug, World.OWN))
                assert seen(answer) == constant, f"{method} {rule.rule} at {slug}"
    assert everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_a_foreign_and_a_hidden_thing_answer_alike_to_every_role(
    world: World, app: Flask, role: Role
) -> None:
    client = sign_in(app.test_client(), getattr(world.own, role))
    constant = seen(client.get("/no-such-page-at-all"))
    hidden = [] if role in SEE_ALL else [World.HIDDEN]
    before = everything()
    for rule in rules(app):
        act = needed(app, rule)
        if not has_numbers(rule) or not isinstance(act, Act):
            continue
        allowed = permits(act, {role}) or permits(act, {role}, is_author=True)
        is_decision = "<ref:" in rule.rule
        for method in methods(rule):
            numbers = [MISSING, World.FOREIGN, *(hidden if is_decision else [])]
            answers = [seen(ask(client, method, address(app, rule, "larkspur", n))) for n in numbers]
            assert all(answer == answers[0] for answer in answers), f"{method} {rule.rule}"
            assert (answers[0] == constant) if allowed else (answers[0][0] == 403), f"{method} {rule.rule}"
    assert everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_the_roles_that_may_and_for_no_other(
    world: World, app: Flask, role: Role
) -> None:
    client = sign_in(app.test_client(), getattr(world.own, role))
    for rule in rules(app):
        act = needed(app, rule)
        if "GET" not in methods(rule) or not isinstance(act, Act):
            continue
        allowed = permits(act, {role}) or permits(act, {role}, is_author=True)
        status = client.get(address(app, rule, "larkspur", World.OWN)).status_code
        assert (status != 403) if allowed else (status == 403), f"{rule.rule}: {status}"
        assert status < 500, rule.rule


@pytest.mark.parametrize("role", ROLES)
def test_a_name_inside_a_form_never_reaches_what_is_anothers_or_hidden(
    world: World, app: Flask, role: Role
) -> None:
    client = sign_in(app.test_client(), getattr(world.own, role))
    theirs = world.foreign.reader
    decided = dict.fromkeys(DECISIONS_NAMED, "AD-0003")
    foreign = {
        "person": theirs.id,
        "of": theirs.id,
        "owner": theirs.id,
        "system": "Payroll",
        "firm": "Ledger Ltd",
        "framework": "catalog-theirs",
        "safeguard": "catalog-theirs X-1",
        **decided,
    }
    foreign |= {
        "engagement": Engagement.get(Engagement.person == theirs.id).id,
        "link": Link.get(Link.company == world.foreign.company.id).id,
        "agreement": VendorAgreement.get(VendorAgreement.company == world.foreign.company.id).id,
        "rule": standing_rules.sign(
            world.foreign.viewer("vciso", world.at),
            {"data": ["no"]},
            title="Theirs",
            reason="Small",
            until=world.at.date().isoformat(),
            at=world.at,
        ).id,
        "session": session.start(theirs, at=world.at)[1].id,
        "key": api_keys.make(theirs, where="ostara", name="CI", days="30", at=world.at)[1].id,
        "company": world.foreign.company.id,
        "where": "ostara",
    }
    theirs_too = world.foreign.viewer("leader", world.at)
    foreign |= {
        "item": "TD-0003",
        "report": debt_reports.report(theirs_too, 1, {"lost": "2"}, at=world.at).id,
        "ticket": debt_tickets.link(theirs_too, 1, "https://github.com/a/b/issues/1", at=world.at).id,
    }
    readings.take_file(theirs_too, "Payroll", sarif("Lint"), {}, at=world.at)
    foreign["taking"] = ExternalReading.select().get().seq
    hidden = (
        {}
        if role in SEE_ALL
        else {**dict.fromkeys(DECISIONS_NAMED, "AD-0002"), "system": "Vault", "firm": "Bank"}
    )
    theirs_only = {"company": world.foreign.company.id, "framework": "catalog-theirs"}
    CompanyFramework.create(**theirs_only)
    Catalog.create(**theirs_only, title="Theirs", version="1")
    Control.create(**theirs_only, code="X-1", title="Lock it", text="", withdrawn=False, place=0)
    before = everything()
    for rule in rules(app):
        if rule.endpoint not in IDS_IN_FORMS:
            continue
        field, others = IDS_IN_FORMS[rule.endpoint]
        path = address(app, rule, "larkspur", World.OWN)
        missing = f"AD-{MISSING}" if field in DECISIONS_NAMED else MISSING
        missing = f"TD-{MISSING}" if field == "item" else missing
        names = [missing, foreign[field], *([hidden[field]] if field in hidden else [])]
        answers = [send(client, path, **others, **{field: name}) for name in names]
        pages = [plain(answer.text, name) for name, answer in zip(names, answers, strict=True)]
        assert {answer.status_code for answer in answers} <= {403, 404, 422}, rule.endpoint
        assert len({answer.status_code for answer in answers}) == 1, rule.endpoint
        assert all(page == pages[0] for page in pages), rule.endpoint
        assert everything() == before, rule.endpoint


@pytest.mark.parametrize("endpoint", ["drafts.draft", "drafts.record"])
def test_a_form_that_goes_on_from_what_somebody_else_kept_drops_nothing(
    world: World, app: Flask, endpoint: str
) -> None:
    typed = {"title": "Noted"}
    foreign, hidden = (
        working_copies.keep(cast.viewer(role, world.at), typed, at=world.at).id
        for cast, role in ((world.foreign, "cto"), (world.own, "leader"))
    )
    own = working_copies.keep(world.own.viewer("cto", world.at), typed, at=world.at).id
    client = sign_in(app.test_client(), world.own.cto)
    (rule,) = (one for one in rules(app) if one.endpoint == endpoint)
    path = address(app, rule, "larkspur", World.OWN)
    text = {"title": "Queue or table", "decided_on": "2026-11-23"}
    answers = [send(client, path, **text, copy=copy) for copy in (MISSING, foreign, hidden)]
    assert {answer.status_code for answer in answers} == {302}
    assert {row.id for row in WorkingCopy.select()} == {foreign, hidden, own}
    send(client, path, **text, copy=own)
    assert {row.id for row in WorkingCopy.select()} == {foreign, hidden}


def test_the_forms_tried_for_names_of_others_are_forms_of_ours(app: Flask) -> None:
    assert set(IDS_IN_FORMS) <= {rule.endpoint for rule in rules(app)}


def plain(page: str, typed: object) -> str:
    """Return a page without its forms' token and without what was typed, which it may show again."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return page.replace(typed, "") if isinstance(typed, str) else page


@pytest.mark.parametrize("nonsense", ["0", "-1", "9" * 30, "x", "", "１", "1.0"])
def test_what_is_no_id_names_nothing(world: World, app: Flask, nonsense: str) -> None:
    client = sign_in(app.test_client(), world.own.leader)
    constant = seen(client.get("/no-such-page-at-all"))
    for path, field in (("end-role", "engagement"), ("give-role", "person"), ("invite-again", "person")):
        answer = send(client, f"/larkspur/people/{path}", **{field: nonsense, "role": "reader"})
        assert seen(answer) == constant, path


def test_what_is_missing_is_the_same_page_signed_in_or_not_and_after_a_notice(
    world: World, app: Flask
) -> None:
    client = app.test_client()
    constant = seen(client.get("/no-such-page-at-all"))
    sign_in(client, world.own.leader)
    send(client, "/larkspur/settings/first-day", go_live_on="2026-01-01")  # leaves a notice to be shown
    assert seen(client.get("/no-such-page-at-all")) == constant
    assert seen(client.get("/ostara/people")) == constant
    assert "Saved." in client.get("/larkspur/settings").text
    assert not any(name == "Set-Cookie" for name, _ in constant[2])


def test_a_page_that_does_not_exist_says_nothing_about_the_address(app: Flask, client: FlaskClient) -> None:
    page = client.get("/a-very-special-address?q=word").text
    assert "special" not in page and "word" not in page


def test_a_body_that_is_too_large_is_refused_in_words(world: World, app: Flask) -> None:
    client = sign_in(app.test_client(), world.own.leader)
    answer = send(client, "/larkspur/people/invite", name="x" * (5 * 1024 * 1024))
    assert answer.status_code == 413 and "Nothing was saved" in answer.text


def test_a_request_for_another_host_is_refused(app: Flask, client: FlaskClient) -> None:
    assert client.get("/sign-in", base_url="http://evil.example").status_code == 400


def test_every_answer_forbids_foreign_scripts_and_frames(world: World, client: FlaskClient) -> None:
    for path in ("/sign-in", "/no-such-page-at-all", "/static/app.css"):
        with client.get(path) as answer:
            headers = answer.headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
