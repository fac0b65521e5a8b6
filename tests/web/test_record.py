"""The record as its people read it: in sentences, newest first, page by page, without what is not theirs."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.services import company_log, debt, drafts, reviews
from adr_app.services import links as edges
from adr_app.services.verification import WHAT_FOR, verify
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START
from tests.services.security_company import PLAIN
from tests.web.reading import links, words

RECORD = "/larkspur/record"


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with Sam and Vera in it."""
    with quick_passwords():
        made = cast_of("Larkspur", START - timedelta(days=30), zone="Europe/Berlin")
        for role, name in (("cto", "Sam Okafor"), ("vciso", "Vera Lindqvist")):
            person = getattr(made, role)
            person.name = name
            person.save()
        yield made


def browser(app: Flask, here: Cast, role: str = "reader") -> FlaskClient:
    return sign_in(app.test_client(), getattr(here, role))


def lines(page: str) -> list[str]:
    """Return what each line of the record says, its day left out."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    rows = [row.split('<td data-label="When"')[0] for row in body.split("<tr>")[1:]]
    return [words(row) for row in rows]


def test_acts_are_told_in_sentences_newest_first_with_what_they_are_about(app: Flask, here: Cast) -> None:
    cto, vciso = here.viewer("cto", START), here.viewer("vciso", START)
    made = drafts.draft(cto, {"title": "Move billing"}, answers=PLAIN, at=START)
    reviews.ask(cto, made.number, at=START)
    reviews.answer(vciso, made.number, "approve", base=1, at=START)
    debt.note(here.viewer("member", START), title="Slow tests", at=START)
    page = browser(app, here).get(RECORD).text
    assert lines(page)[:4] == [
        "Member noted it TD-0001 Slow tests",
        "Vera Lindqvist said OK on version 1 AD-0001 Move billing",
        "Sam Okafor asked Vera Lindqvist for a security review, due Tue 1 Dec AD-0001 Move billing",
        "Sam Okafor wrote the first draft AD-0001 Move billing",
    ]
    assert links(page)["Move billing"] == "/larkspur/decisions/AD-0001"
    assert links(page)["Slow tests"] == "/larkspur/debt/TD-0001"
    assert "The company" in lines(page)[-1]


def test_every_act_is_on_exactly_one_page(app: Flask, here: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(company_log.PAGE + 5):
        debt.note(here.viewer("member", START), title=f"Debt {number}", at=START)
    client = browser(app, here)
    address, told, pages = RECORD, [], 0
    while address:
        page = client.get(address).text
        told += lines(page)
        pages += 1
        address = links(page).get("Older", "")
    assert pages == 2
    assert len(told) == Company.get_by_id(here.company.id).last_seq
    assert len([line for line in told if "TD-" in line]) == len(set(told) & {t for t in told if "TD-" in t})
    assert "Newest" in links(page)


def test_what_is_not_open_to_somebody_is_left_out_and_the_gap_is_said(app: Flask, here: Cast) -> None:
    made = drafts.draft(here.viewer("cto", START), {"title": "Buy a rival"}, at=START)
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    gap = "the numbers may have gaps"
    reader, vciso = browser(app, here).get(RECORD).text, browser(app, here, "vciso").get(RECORD).text
    assert "Buy a rival" not in reader and gap in reader
    assert "Buy a rival" in vciso and gap not in vciso


def test_how_many_acts_a_page_shows_tells_nothing_of_what_is_hidden(
    app: Flask, here: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company_log.page, "__kwdefaults__", {"before": None, "size": 6})
    cto = here.viewer("cto", START)
    open_one = drafts.draft(cto, {"title": "Open to all"}, at=START)
    for number in range(4):
        made = drafts.draft(cto, {"title": f"Buy rival {number}"}, at=START)
        Decision.update(restricted=True).where(Decision.id == made.id).execute()
        edges.link(cto, open_one.number, made.number, "relates", at=START)
    page = browser(app, here).get(RECORD).text
    assert len(lines(page)) == 6 and "rival" not in page
    assert len(lines(browser(app, here, "vciso").get(RECORD).text)) == 6


def test_the_proof_of_each_entry_is_folded_at_the_foot(app: Flask, here: Cast) -> None:
    page = browser(app, here).get(RECORD).text
    entries = Company.get_by_id(here.company.id).last_seq
    assert f"{entries} entries in all" in page
    proof = page.split("Proof")[1]
    assert "adr-app verify --company larkspur" in proof
    kept = verify(Company.get_by_id(here.company.id)).to_keep
    assert f'To keep: <code class="wrap-anywhere">{kept}</code>' in proof and WHAT_FOR in proof
    assert len(re.findall(r"<code class=\"wrap-anywhere\">[0-9a-f]{16}…</code>", proof)) == 2 * entries


@pytest.mark.parametrize("before", ["x", "0", "-1", "1e9", "²", "9" * 40])
def test_a_place_that_is_none_is_refused_with_the_way_back(app: Flask, here: Cast, before: str) -> None:
    answer = browser(app, here).get(RECORD, query_string={"before": before})
    assert answer.status_code == 422
    assert "Open the record from its first page." in answer.text
