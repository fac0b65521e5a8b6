"""Dates, sizes and counts read as people say them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.web import filters

TODAY = date(2026, 11, 24)


def test_a_day_of_this_year_needs_no_year() -> None:
    assert filters.day(date(2026, 11, 27), TODAY) == "Fri 27 Nov"
    assert filters.day(date(2026, 1, 1), TODAY) == "Thu 1 Jan"


def test_a_day_of_another_year_says_which() -> None:
    assert filters.day(date(2025, 12, 31), TODAY) == "Wed 31 Dec 2025"
    assert filters.day(date(2027, 1, 1), TODAY) == "Fri 1 Jan 2027"


def test_a_moment_is_read_on_the_clock_of_the_company() -> None:
    at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert filters.moment(at, "Europe/Berlin", TODAY) == "Wed 25 Nov, 00:30"
    assert filters.moment(at, "America/New_York", TODAY) == "Tue 24 Nov, 18:30"
    assert filters.day(at, TODAY, "Europe/Berlin") == "Wed 25 Nov"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 25), "tomorrow"),
        (date(2026, 11, 23), "yesterday"),
        (date(2026, 11, 12), "12 days ago"),
        (date(2026, 11, 29), "in 5 days"),
    ],
)
def test_how_long_ago_is_said_in_days(value: date, words: str) -> None:
    assert filters.ago_days(value, TODAY) == words


def test_yesterday_evening_is_yesterday_where_the_company_is() -> None:
    assert filters.ago_days(datetime(2026, 11, 23, 22, 59, tzinfo=UTC), TODAY, "Europe/Berlin") == "yesterday"
    assert filters.ago_days(datetime(2026, 11, 23, 23, 0, tzinfo=UTC), TODAY, "Europe/Berlin") == "today"


@pytest.mark.parametrize("say", [filters.day, filters.moment, filters.ago_days])
def test_a_missing_date_reads_as_nothing(say: object) -> None:
    assert callable(say)
    assert say(None) == ""


@pytest.mark.parametrize(
    ("hundredths", "words"), [(600, "6"), (650, "6.5"), (625, "6.25"), (5, "0.05"), (0, "0"), (-150, "−1.5")]
)
def test_effort_is_said_in_days_without_needless_digits(hundredths: int, words: str) -> None:
    assert filters.days_effort(hundredths) == words


@given(st.integers(-(10**9), 10**9))
def test_no_effort_is_rounded(hundredths: int) -> None:
    words = filters.days_effort(hundredths).replace("−", "-").replace(",", "")
    assert Decimal(words) * 100 == hundredths


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (140000, "EUR", "€1,400"),
        (140050, "USD", "$1,400.50"),
        (1400, "JPY", "¥1,400"),
        (1_234_500, "KWD", "KWD 1,234.500"),
        (-5, "GBP", "−£0.05"),
        (None, "EUR", ""),
    ],
)
def test_money_is_written_in_the_units_of_its_currency(minor: int | None, currency: str, words: str) -> None:
    assert filters.money(minor, currency) == words


def test_a_sentence_begins_large_and_keeps_the_letters_of_names() -> None:
    assert [filters.sentence(words) for words in ("fractional CTO", "security (vCISO)", "")] == [
        "Fractional CTO", "Security (vCISO)", "",
    ]  # fmt: skip


def test_counts_agree_with_their_nouns() -> None:
    assert filters.plural(1, "day") == "1 day"
    assert filters.plural(0, "day") == "0 days"
    assert filters.plural(2, "company", "companies") == "2 companies"
    assert filters.plural(1200, "decision") == "1,200 decisions"


@pytest.mark.parametrize(("words", "minutes"), [(0, "1 minute"), (220, "1 minute"), (221, "2 minutes")])
def test_reading_time_is_rounded_up(words: int, minutes: str) -> None:
    assert filters.minutes_to_read("word " * words) == f"about {minutes} to read"
