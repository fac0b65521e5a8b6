"""The decision page where it is to be looked at again: what happened, and one button or one line for it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import controls, decisions, frameworks, links
from tests.casts import Cast, send, sign_in
from tests.conftest import START
from tests.services.test_looking_again import FOUR, decided
from tests.web.reading import words

PAGE = "/larkspur/decisions/AD-0002"


@pytest.fixture
def vera(app: Flask, cast: Cast) -> FlaskClient:
    """The vCISO's browser, two decisions in force and the second of them resting on the first."""
    decided(cast, "Run our own servers", cleared=False)
    decided(cast, "Keep bills")
    links.link(cast.viewer("cto", START), 2, 1, "depends", at=START)
    return sign_in(app.test_client(), cast.vciso)


def test_the_page_says_what_changed_and_one_click_says_that_the_ok_still_holds(
    app: Flask, cast: Cast, vera: FlaskClient, clock
) -> None:
    decisions.deprecate(cast.viewer("cto", START), 1, at=START + timedelta(minutes=1))
    clock.advance(minutes=2)
    said = "ended the use of AD-0001, which this one rests on"
    page = vera.get(PAGE).text
    assert said in words(page) and "The OK still holds" in page
    after = page.split('name="after" value="')[1].split('"')[0]
    sam = sign_in(app.test_client(), cast.cto).get(PAGE).text
    assert said in words(sam) and "The OK still holds" not in sam
    Decision.update(restricted=True).where(Decision.number == 1).execute()
    page = words(sign_in(app.test_client(), cast.reader).get(PAGE).text)
    assert "AD-0001" not in page and "Something that only others may see." in page
    assert send(vera, f"{PAGE}/still-holds", after="1").status_code == 409
    answer = send(vera, f"{PAGE}/still-holds", after=after)
    assert answer.location.endswith("AD-0002")
    page = words(vera.get(PAGE).text)
    assert "said that the security OK still holds" in page and "Good: nothing is flagged here." in page


def test_the_page_shows_the_day_and_takes_what_was_found_once_it_has_passed(
    app: Flask, cast: Cast, vera: FlaskClient, clock
) -> None:
    day = START.date() + timedelta(days=30)
    refused = send(vera, f"{PAGE}/again-on", again_on="2020-01-01")
    assert refused.status_code == 422 and "Choose a day that is still to come." in refused.text
    send(vera, f"{PAGE}/again-on", again_on=day.isoformat())
    assert "Look at it again" in vera.get(PAGE).text
    clock.advance(days=32)
    vera = sign_in(app.test_client(), cast.vciso)
    page = vera.get(PAGE).text
    assert (
        "The day on which this was to be looked at again has passed." in page and 'href="#look-again"' in page
    )
    assert 'id="look-again"' not in sign_in(app.test_client(), cast.reader).get(PAGE).text
    assert send(vera, f"{PAGE}/looked-again", found_again=" ").status_code == 422
    send(vera, f"{PAGE}/looked-again", found_again="The bills are still here.")
    page = words(vera.get(PAGE).text)
    assert "looked at it again" in page and "The bills are still here." in page


def test_the_page_asks_where_the_description_is_only_where_a_standard_wants_it(
    app: Flask, cast: Cast, vera: FlaskClient, clock
) -> None:
    answers = {**FOUR, "access": "yes", "q5": "internet", "q13": "yes"}
    number = decided(cast, "Open a port", answers=answers)
    page = f"/larkspur/decisions/AD-{number:04}"
    decisions.set_implementation(cast.viewer("cto", START), number, "implemented", at=START)
    assert "The description for the auditor" not in vera.get(page).text
    frameworks.follow(cast.viewer("leader", START), "soc-2", at=START)
    assert "The description for the auditor is up to date" in vera.get(page).text
    clock.advance(days=31)
    vera = sign_in(app.test_client(), cast.vciso)
    assert "Description for the auditor not brought up to date" in vera.get(page).text
    assert send(vera, f"{page}/described", described="").status_code == 422
    send(vera, f"{page}/described", described="Page 4 of the description.")
    shown = words(vera.get(page).text)
    assert "Page 4 of the description." in shown and "The description for the auditor is up" not in shown


def test_the_page_takes_the_name_of_an_approved_module_where_government_data_is_encrypted(
    app: Flask, cast: Cast, vera: FlaskClient
) -> None:
    frameworks.follow(cast.viewer("leader", START), "800-171-r2", at=START)
    number = decided(cast, "Encrypt drawings", data=["government"])
    page, offered = f"/larkspur/decisions/AD-{number:04}", "An approved encryption module is used"
    assert offered not in vera.get(page).text
    controls.map_to(cast.viewer("cto", START), number, "800-171-r2 3.13.11", "changes", at=START)
    assert offered in vera.get(page).text
    assert send(vera, f"{page}/module", module=" ").status_code == 422
    send(vera, f"{page}/module", module="Certificate 4711")
    shown = words(vera.get(page).text)
    assert "Certificate 4711" in shown and offered not in shown
