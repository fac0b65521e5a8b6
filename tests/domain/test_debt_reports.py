"""Reports of lost time: how long is read, what is refused, and what reports together say of the cost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_reports import (
    MOST_MINUTES,
    Observed,
    clean_report,
    counted_from,
    minutes_of,
    observed_interest,
    tenths_text,
    time_text,
)
from adr_app.domain.errors import Invalid

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        *(("2", 120), ("0.5", 30), ("0,25", 15), ("1.5 h", 90), ("2hours", 120), ("1.33", 80)),
        *(("45 min", 45), ("45m", 45), ("1 minute", 1), ("1h 30", 90), ("1h30min", 90), ("1:05", 65)),
        (" 1000 ", MOST_MINUTES),
    ],
)
def test_lost_time_is_typed_as_people_say_it(typed: str, minutes: int) -> None:
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "how much time"),
        ("a while", "how much time"),
        ("1.000", "how much time"),
        ("1e3", "how much time"),
        ("٣", "how much time"),
        ("0", "no time lost"),
        ("0 min", "no time lost"),
        ("-2", "less than zero"),
        ("−2", "less than zero"),
        ("1:75", "60 minutes"),
        ("1001", "at most 1,000 hours"),
        ("9" * 5000, "how much time"),
    ],
)
def test_what_is_no_length_of_time_is_refused_with_what_to_type(typed: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        minutes_of(typed)


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        clean_report({"lost": "no", "text": "x" * 281, "on": "2026-11-28"}, TODAY)
    assert set(refusal.value.fields) == {"lost", "text", "on"}
    for on in ("27.11.2026", "2025-11-25", "0000-00-00"):
        with pytest.raises(Invalid) as refusal:
            clean_report({"lost": "1", "on": on}, TODAY)
        assert set(refusal.value.fields) == {"on"}


def test_without_a_day_it_was_today() -> None:
    told = clean_report({"lost": "2", "text": " Waited \n again ", "fault": ""}, TODAY)
    assert (told.on, told.text, told.fault) == (TODAY, "Waited again", False)


def test_no_report_is_not_zero() -> None:
    assert observed_interest(0, 0) == Observed(0, None)


def test_twenty_four_hours_in_ninety_days_are_a_working_day_a_month() -> None:
    assert observed_interest(24 * 60, 3) == Observed(3, 100)
    assert observed_interest(24 * 60, 3, hours_a_day=6) == Observed(3, 133)
    assert counted_from(TODAY) == TODAY - timedelta(days=89)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 24))
def test_what_it_costs_is_the_sum_of_what_was_reported_to_half_a_hundredth(
    a: int, b: int, hours: int
) -> None:
    def monthly(minutes: int) -> int:
        return observed_interest(minutes, 1, hours_a_day=hours).monthly or 0

    assert abs(monthly(a) * 60 * hours * 3 - a * 100) * 2 <= 60 * hours * 3
    assert monthly(a) <= monthly(a + b) <= monthly(a) + monthly(b) + 1


def test_a_seen_cost_is_never_more_exact_than_a_tenth_of_a_day() -> None:
    shown = [tenths_text(one) for one in (0, 4, 5, 100, 131, 249, 250_000)]
    assert shown == ["0", "less than 0.1", "0.1", "1", "1.3", "2.5", "2,500"]


@given(st.integers(1, MOST_MINUTES))
def test_a_length_of_time_reads_as_what_it_is(minutes: int) -> None:
    words = time_text(minutes).replace(",", "").split()
    units = {word.removesuffix("s"): int(n) for n, word in zip(words[::2], words[1::2], strict=True)}
    assert units.get("hour", 0) * 60 + units.get("minute", 0) == minutes
