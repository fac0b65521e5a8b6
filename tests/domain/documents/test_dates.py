"""A date is a day that can be told, or no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.documents.dates import find_day, settle, usual_order, written_order


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-13, updated 2023-02-05 (minor)", "2019-05-13"),
        ("2020-06-15T20:21:00+01:00", "2020-06-15"),
        ("2023-01-9", "2023-01-09"),
        ("December 1, 2021", "2021-12-01"),
        ("May 18th, 2022", "2022-05-18"),
        ("16-Jan-2020", "2020-01-16"),
        ("2019 Aug 31", "2019-08-31"),
        ("14.11.2022", "2022-11-14"),
        ("29.04.2022", "2022-04-29"),
        ("23/10/24", "2024-10-23"),
        ("3/25/21", "2021-03-25"),
        ("1. März 2024", "2024-03-01"),
        ("2024年3月5日", "2024-03-05"),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: str) -> None:
    found = find_day(text)
    assert found is not None
    assert found.text == day


@pytest.mark.parametrize("text", ["2020-09-31", "2024-29-08", "2024-13-45", "31/02/2024", "2023-02-30"])
def test_an_impossible_day_is_no_date(text: str) -> None:
    found = find_day(text)
    assert found is not None
    assert found.impossible
    assert settle(found, day_first=True) is None


@pytest.mark.parametrize(
    "text", ["20201-02-13", "2023-07-2i", "version 1.2.3", "November 2024", "[Insert Date]", ""]
)
def test_what_is_no_day_is_not_made_into_one(text: str) -> None:
    found = find_day(text)
    assert found is None or found.text is None


def test_a_slash_date_that_can_be_read_twice_waits_for_its_neighbours() -> None:
    found = find_day("05/06/2023")
    assert found is not None
    assert found.text is None
    assert settle(found, day_first=None) is None
    assert settle(found, day_first=True) == "2023-06-05"
    assert settle(found, day_first=False) == "2023-05-06"


def order(*texts: str, names: list[str | None] | None = None) -> bool | None:
    days = [find_day(text) for text in texts]
    named = names or [None] * len(texts)
    return usual_order((i, named[i], day) for i, day in enumerate(days) if day)


def test_one_day_above_twelve_tells_the_order_for_all() -> None:
    assert order("05/06/2023", "25/06/2023") is True
    assert order("05/06/2023", "06/25/2023") is False


def test_records_written_in_order_of_their_numbers_tell_the_order() -> None:
    assert order("01/02/2023", "11/02/2023", "03/03/2023") is True


def test_a_day_in_the_file_name_tells_the_order() -> None:
    assert order("7/12/2022", names=["2022-07-13"]) is False


def test_without_evidence_the_order_stays_open() -> None:
    assert order("05/06/2023") is None


def test_a_template_tells_the_order_of_its_project() -> None:
    assert written_order(["RFC by dd/mm/YYYY"]) is True
    assert written_order(["Date: MM/DD/YYYY"]) is False
    assert written_order(["no such thing"]) is None


@given(st.dates(min_value=date(1971, 1, 1), max_value=date(2069, 12, 31)))
def test_every_day_is_found_again_in_its_iso_form(day: date) -> None:
    found = find_day(f"decided on {day.isoformat()} by all")
    assert found is not None
    assert found.text == day.isoformat()


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = find_day(text)
    assert found is None or found.text is None or date.fromisoformat(found.text)
