"""The page of checks and receipts, and where a record that does not verify is told."""

import peewee
import pytest
from flask import Flask

from adr_app.models.record_checks import Receipt
from adr_app.services import drafts, record_checks
from tests.casts import Cast, send, sign_in
from tests.conftest import START, Clock
from tests.web.reading import words

PAGE = "/larkspur/record/checks"


@pytest.fixture
def made(cast: Cast) -> Cast:
    drafts.draft(cast.viewer("cto", START), {"title": "Hosted search"}, at=START)
    return cast


def test_a_broken_record_is_told_to_the_admin_and_the_vciso_where_they_look(
    app: Flask, made: Cast, database: peewee.Database
) -> None:
    places = {"admin": ("/", "/larkspur/settings", PAGE, "/larkspur/record"), "vciso": ("/", PAGE)}
    alarms = ("The record does not verify", "does not verify")
    for role, pages in places.items():
        browser = sign_in(app.test_client(), getattr(made, role))
        assert not any(alarm in words(browser.get(page).text) for page in pages for alarm in alarms)
    database.execute_sql("UPDATE decision SET title = 'Another'")
    record_checks.run(made.company.id, way="daily", at=START)
    for role, pages in places.items():
        browser = sign_in(app.test_client(), getattr(made, role))
        for page in pages:
            assert "the record does not verify" in words(browser.get(page).text).lower(), (role, page)
        assert "The record does not verify" in words(browser.get("/larkspur/flags").text)
        told = "The product found that the record does not verify The company"
        assert told in words(browser.get("/larkspur/record").text)
    reader = sign_in(app.test_client(), made.reader)
    assert "does not verify" not in words(reader.get("/").text)
    told = words(reader.get(PAGE).text)
    assert "Something was changed" in told and "title" not in told


def test_a_receipt_is_given_shown_downloaded_and_compared(app: Flask, made: Cast, clock: Clock) -> None:
    browser = sign_in(app.test_client(), made.admin)
    refused = send(browser, "/larkspur/record/receipts", keeper=" ")
    assert refused.status_code == 422 and "Say who keeps it" in refused.text
    answer = send(browser, "/larkspur/record/receipts", keeper="Ida <Auditor>")
    page = browser.get(answer.location).text
    receipt = Receipt.get()
    line = f"{receipt.entries}:{receipt.root}"
    assert line in page and "Ida &lt;Auditor&gt;" in page
    told = browser.get(f"/larkspur/record/receipts/{receipt.entries}.txt")
    assert told.headers["Content-Disposition"].startswith("attachment") and line in told.text
    reader = sign_in(app.test_client(), made.reader)
    found = words(reader.get(PAGE, query_string={"receipt": told.text}).text)
    assert f"holds: the first {receipt.entries} entries are the ones it stands for" in found
    assert "for Ida <Auditor>" in found
    wrong = reader.get(PAGE, query_string={"receipt": f"{receipt.entries}:{'0' * 64}"})
    assert "does not fit this record" in wrong.text and wrong.status_code == 200
    nonsense = reader.get(PAGE, query_string={"receipt": "nonsense"})
    assert nonsense.status_code == 422 and "Paste one receipt" in nonsense.text
    assert "nonsense</textarea>" in nonsense.text, "what was typed is kept"
    assert "Give out a receipt" not in reader.get(PAGE).text
    assert send(reader, "/larkspur/record/receipts", keeper="Me").status_code == 403
    assert browser.get("/larkspur/record/receipts/9999").status_code == 404


def test_an_address_with_a_number_that_no_record_comes_to_is_answered_as_missing(
    app: Flask, made: Cast
) -> None:
    client = sign_in(app.test_client(), made.leader)
    for entries in (2**31, 2**63, 10**30):
        for end in ("", ".txt"):
            assert client.get(f"/larkspur/record/receipts/{entries}{end}").status_code == 404


def test_the_settings_say_when_a_receipt_is_due_and_a_check_is_asked_for(
    app: Flask, made: Cast, clock: Clock
) -> None:
    said = "nobody outside was given a receipt"
    assert said not in sign_in(app.test_client(), made.admin).get("/larkspur/settings").text
    clock.advance(days=31)
    browser = sign_in(app.test_client(), made.admin)
    assert said in browser.get("/larkspur/settings").text and said in browser.get(PAGE).text
    assert said not in sign_in(app.test_client(), made.reader).get(PAGE).text
    answer = send(browser, "/larkspur/record/check")
    assert "is being checked" in browser.get(answer.location).text
    assert send(sign_in(app.test_client(), made.member), "/larkspur/record/check").status_code == 403
