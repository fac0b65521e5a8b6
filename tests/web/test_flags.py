"""The page of flags: what is on first, each count as long as its list, and every rule in plain words."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.domain.flag_rules import RULES
from adr_app.models.decisions import Decision
from adr_app.services import decisions, drafts, engagements, people
from adr_app.services.record import acting
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import START
from tests.services.security_company import NONE
from tests.web.reading import count, links, listed, section, words

FLAGS = "/larkspur/flags"
RISKY = {**NONE, "data": "yes"}


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with somebody in every role, since a month."""
    with quick_passwords():
        yield cast_of("Larkspur", START - timedelta(days=30), zone="Europe/Berlin")


def browser(app: Flask, here: Cast, role: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(here, role))


def decided(here: Cast, title: str, answers: dict[str, str], at: datetime = START) -> Decision:
    """Let the CTO decide without asking the vCISO."""
    cto = here.viewer("cto", at)
    made = drafts.draft(cto, {"title": title}, answers=answers, at=at)
    decisions.propose(cto, made.number, at=at)
    return decisions.accept(cto, made.number, base=1, reason="It could not wait.", at=at)


def test_every_rule_is_on_the_page_with_its_sentence_and_what_ends_it(app: Flask, here: Cast) -> None:
    page = words(browser(app, here, "reader").get(FLAGS).text)
    assert "Nothing is flagged now." in page
    for rule in RULES.values():
        for said in (rule.title, rule.sentence, rule.clears_by, rule.grounding):
            assert said in page


@pytest.mark.parametrize("role", ["cto", "reader"])
def test_what_is_on_stands_first_and_its_count_is_its_list(app: Flask, here: Cast, role: str) -> None:
    decided(here, "Harmless", NONE, START - timedelta(days=30))
    for number in range(7):
        decided(here, f"Not asked {number}", RISKY, START - timedelta(days=7 - number))
    Decision.update(restricted=True).where(Decision.title == "Not asked 6").execute()
    client = browser(app, here, role)
    page = client.get(FLAGS).text
    assert page.index("Made without vCISO input") < page.index("Not on now")
    known = 7 if role == "cto" else 6
    part = section(page, "Made without vCISO input")
    to = links(part)
    assert count(part) == listed(client, to[f"See all {known}"]) == known
    assert sum(title.startswith("Not asked") for title in to) == 5
    declared = section(page, "Declared harmless, not verified")
    assert count(declared) == listed(client, links(declared)["See it"]) == 1
    assert ("Not asked 6" in page) == (role == "cto")


def test_a_company_without_a_vciso_is_flagged_without_a_list(app: Flask, here: Cast) -> None:
    leader = here.viewer("leader", START)
    held = next(e for e in people.engaged(here.company.id, START) if e.role == "vciso")
    engagements.end(leader, held.id, at=START)
    part = section(browser(app, here, "leader").get(FLAGS).text, "Nobody is engaged as vCISO")
    assert count(part) == 1
    assert set(links(part).values()) == {"/larkspur/people/roles/vciso"}, (
        "what waits, and no list of decisions"
    )


def test_leadership_makes_a_flag_graver_and_sets_one_aside_from_the_decision(app: Flask, here: Cast) -> None:
    one = decided(here, "Harmless", NONE, START - timedelta(days=30))
    client, cto = browser(app, here, "leader"), browser(app, here, "cto")
    page, code = f"/larkspur/decisions/{one.ref}", "self-cert-unverified"
    form = f"{page}/flags/{code}"
    assert form in links(client.get(page).text).values()
    assert form not in links(cto.get(page).text).values()
    sent = send(client, form, reason="", until="2036-01-01")
    assert sent.status_code == 422 and "within the next twelve months" in sent.text and "Say why" in sent.text
    until = (START + timedelta(days=30)).date().isoformat()
    kept = send(client, form, reason="We look in spring.", until=until)
    assert kept.status_code == 302
    shown = words(client.get(page).text)
    assert "Declared harmless, not verified: set aside by" in shown and "“We look in spring.”" in shown
    assert "We look in spring." in words(cto.get("/larkspur/flags/set-aside").text)
    assert count(section(cto.get(FLAGS).text, "Set aside by leadership")) == 1
    assert send(cto, form, reason="So.", until=until).status_code == 403
    aside = re.search(r'name="aside" value="([0-9]+)"', client.get(page).text)
    assert aside is not None
    taken = send(client, f"{page}/flags-taken-up", aside=aside[1])
    assert taken.status_code == 302 and "Nothing is set aside." in cto.get("/larkspur/flags/set-aside").text

    for severity, status in (("S9", 422), ("S2", 302)):
        chosen = {f"severity-{code}": severity}
        assert send(client, f"{FLAGS}/{code}/severity", **chosen).status_code == status
    assert "A warning, made graver here" in words(section(cto.get(FLAGS).text, "Declared harmless"))
    assert send(cto, f"{FLAGS}/{code}/severity").status_code == 403
    assert send(client, f"{FLAGS}/no-such/severity").status_code == 404


def test_what_could_not_be_checked_is_said_beside_the_number_and_is_no_good_news(
    app: Flask, here: Cast
) -> None:
    one = decided(here, "Unreadable", NONE)
    with acting(here.company.id, at=START, actor=here.vciso.id) as ledger:
        ledger.append("review.verdict", ("decision", one.id), {"code": "a-newer-kind"})
    client = browser(app, here, "leader")
    board = client.get("/larkspur/dashboard").text
    assert listed(client, links(board)["1 could not be checked"]) == 1
    assert "had vCISO input" not in words(board) and "every one was checked" not in words(board)
    admin = browser(app, here, "admin").get("/larkspur/settings").text
    assert listed(client, links(admin)["See which"]) == 1
    assert "Could not be checked" in words(client.get(f"/larkspur/decisions/{one.ref}").text)
