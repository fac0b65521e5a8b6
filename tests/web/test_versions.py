"""Versions of a decision in the browser: each as it was, and the difference between any two."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.services import drafts
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START

PAGE = "/larkspur-dental/decisions/AD-0001"


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur Dental with a decision of three versions."""
    with quick_passwords():
        cast = cast_of("Larkspur Dental", START)
        cto = cast.viewer("cto", START)
        options = [{"title": "Stripe", "pros": "Fast", "cons": "Dear", "chosen": True}]
        drafts.draft(cto, {"title": "Move", "context": "Ten people use it.", "options": options}, at=START)
        changed = [{"title": "Stripe", "pros": "Quick", "cons": "Dear", "chosen": False}]
        drafts.revise(
            cto,
            1,
            {"context": "Ten people hate it.", "options": changed, "kind": "vendor", "data": ["health"]},
            base=1,
            answers={"data": "yes"},
            at=START,
        )
        drafts.revise(cto, 1, {"tags": "<b>money</b>"}, base=2, at=START)
        yield cast


@pytest.fixture
def reader(app: Flask, here: Cast) -> FlaskClient:
    """The browser of somebody who only reads."""
    return sign_in(app.test_client(), here.reader)


def test_every_version_is_listed_newest_first(reader: FlaskClient) -> None:
    page = reader.get(f"{PAGE}/versions").text
    assert [int(n) for n in re.findall(r"Version (\d)</a>", page)] == [3, 2, 1]


def test_a_version_stays_as_it_was(reader: FlaskClient) -> None:
    assert "Ten people use it." in reader.get(f"{PAGE}/versions/1").text
    assert "Ten people hate it." in reader.get(f"{PAGE}/versions/2").text


def test_the_difference_names_fields_options_and_answers_in_words(reader: FlaskClient) -> None:
    page = reader.get(f"{PAGE}/versions/1..2").text
    assert re.search(r"<del>\s*use</del><ins>\s*hate</ins>", page)
    assert "Stripe · speaks for it" in page and "<del>Fast</del><ins>Quick</ins>" in page
    assert "Vendor relationship" in page and "<ins>Health</ins>" in page
    assert "Is data about people, money or health involved?" in page
    assert "use it" not in reader.get(f"{PAGE}/versions/2..3").text


def test_any_two_versions_compare_in_either_direction(reader: FlaskClient) -> None:
    assert re.search(r"<del>\s*hate</del><ins>\s*use</ins>", reader.get(f"{PAGE}/versions/3..1").text)
    assert "Nothing differs" in reader.get(f"{PAGE}/versions/2..2").text
    assert "&lt;b&gt;money&lt;/b&gt;" in reader.get(f"{PAGE}/versions/2..3").text


@pytest.mark.parametrize("version", ["0", "4", "9" * 12, "9" * 40, "0..1", "1..4", "1...2", "x"])
def test_a_version_that_was_never_written_is_missing(reader: FlaskClient, version: str) -> None:
    assert reader.get(f"{PAGE}/versions/{version}").status_code == 404
