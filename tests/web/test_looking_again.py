"""The decision page where it is to be looked at again: what happened, and one button or one line for it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import decisions, links
from tests.casts import Cast, send, sign_in
from tests.conftest import START
from tests.services.test_looking_again import decided
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
