"""The page of flags: what is on first, each count as long as its list, and every rule in plain words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.domain.flag_rules import RULES
from adr_app.models.decisions import Decision
from adr_app.services import decisions, drafts, engagements, people
from tests.casts import Cast, cast_of, quick_passwords, sign_in
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
    for number in range(7):
        decided(here, f"Not asked {number}", RISKY, START - timedelta(days=7 - number))
    decided(here, "Harmless", NONE)
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
    assert links(part) == {}
