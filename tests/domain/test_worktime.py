"""Working days, days that end at local midnights, due times and validity."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.worktime import (
    Calendar,
    add_working_days,
    answer_due,
    clock_of,
    due_after_change,
    due_after_turn,
    end_of_day,
    instant,
    is_working_day,
    last_day,
    local_day,
    same_date_next_year,
    working_days_between,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
ZONES = st.sampled_from(["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_asked_on_a_friday_is_due_by_the_end_of_the_next_friday() -> None:
    assert answer_due(utc("2026-11-20 15:00"), "Europe/Lisbon") == utc("2026-11-28 00:00")


def test_asked_on_a_saturday_counts_from_monday() -> None:
    assert answer_due(utc("2026-11-21 15:00"), "UTC") == utc("2026-11-28 00:00")


def test_the_day_of_asking_is_the_day_where_the_company_is() -> None:
    assert answer_due(utc("2026-11-19 12:00"), "Pacific/Auckland") == utc("2026-11-27 11:00")


def test_an_emergency_at_the_highest_level_is_due_in_48_hours_by_the_clock() -> None:
    asked = utc("2026-10-24 10:00")  # clocks change in that night
    assert answer_due(asked, "Europe/Lisbon", emergency_r3=True) == asked + timedelta(hours=48)


def test_nine_working_days_lie_between_a_wednesday_and_the_tuesday_after_next() -> None:
    assert working_days_between(date(2026, 11, 11), date(2026, 11, 24)) == 9


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2026-03-28", "2026-03-29 00:00"),
        ("2026-03-29", "2026-03-29 23:00"),  # 23 hours long
        ("2026-10-25", "2026-10-26 00:00"),  # 25 hours long
    ],
)
def test_a_day_ends_at_the_next_local_midnight_also_when_clocks_change(day: str, ends: str) -> None:
    assert end_of_day(date.fromisoformat(day), "Europe/Lisbon") == utc(ends)


def test_where_clocks_skip_midnight_the_day_ends_at_the_jump() -> None:
    # Cairo goes from 23:59:59 to 01:00 on the last Friday of April.
    ends = end_of_day(date(2024, 4, 25), "Africa/Cairo")
    assert local_day(ends, "Africa/Cairo") == date(2024, 4, 26)
    assert local_day(ends - timedelta(seconds=1), "Africa/Cairo") == date(2024, 4, 25)
    assert clock_of(ends, "Africa/Cairo") == "", "it ends a day, so nobody needs its hour"
    assert clock_of(ends + timedelta(hours=13), "Africa/Cairo") == "14:00"


def test_a_year_later_is_the_same_date_and_a_leap_day_ends_february() -> None:
    assert same_date_next_year(utc("2026-03-02 09:00"), "UTC") == date(2027, 3, 2)
    assert same_date_next_year(utc("2028-02-29 09:00"), "UTC") == date(2029, 2, 28)
    assert same_date_next_year(utc("2028-02-29 09:00"), "UTC", 4) == date(2032, 2, 29)
    assert same_date_next_year(utc("2026-12-31 23:30"), "Asia/Kathmandu") == date(2028, 1, 1)


def test_a_question_over_a_weekend_costs_the_author_only_working_days() -> None:
    due = utc("2026-03-10 00:00")
    assert due_after_turn(due, utc("2026-03-06 16:00"), utc("2026-03-09 09:00"), "UTC") == utc("2026-03-11")
    assert due_after_turn(due, utc("2026-03-06 09:00"), utc("2026-03-06 16:00"), "UTC") == due


def test_a_recorded_end_is_a_moment_or_the_end_of_a_day() -> None:
    assert instant(None, "UTC") is None
    assert instant(1_772_445_600, "UTC") == utc("2026-03-02 10:00")
    assert instant("2026-03-31", "Europe/Lisbon") == utc("2026-03-31 23:00")


def test_the_two_days_of_christmas_and_a_shop_that_works_on_saturdays_count_as_they_do_there() -> None:
    christmas = Calendar(holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    assert answer_due(utc("2026-12-21 09:00"), "UTC", christmas) == utc("2026-12-31 00:00")
    assert working_days_between(date(2026, 12, 21), date(2026, 12, 30), christmas) == 5
    shop = Calendar(week=(1, 2, 3, 4, 5))
    assert answer_due(utc("2026-11-20 15:00"), "UTC", shop) == utc("2026-11-28 00:00")
    due = due_after_turn(utc("2026-12-24"), utc("2026-12-23"), utc("2026-12-29"), "UTC", christmas)
    assert due == utc("2026-12-30 00:00"), "two working days lay with the author"


CALENDARS = st.builds(
    Calendar,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=40),
)
NEAR = st.dates(date(2025, 12, 1), date(2026, 7, 30))


@given(DAYS | NEAR, st.integers(0, 200), CALENDARS | st.just(Calendar()))
def test_adding_working_days_and_counting_them_agree(day: date, n: int, calendar: Calendar) -> None:
    later = add_working_days(day, n, calendar)
    assert working_days_between(day, later, calendar) == n
    assert n == 0 or is_working_day(later, calendar)


@given(NEAR, st.integers(0, 60), st.integers(0, 60), CALENDARS)
def test_working_days_add_up(day: date, first: int, second: int, calendar: Calendar) -> None:
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    parts = [working_days_between(*pair, calendar) for pair in ((day, middle), (middle, end))]
    assert working_days_between(day, end, calendar) == sum(parts)


@given(NEAR, st.integers(-5, 20), CALENDARS, CALENDARS, ZONES)
def test_a_new_calendar_leaves_as_many_working_days_and_moves_nothing_that_is_past(
    day: date, after: int, was: Calendar, now: Calendar, zone: str
) -> None:
    at, due = end_of_day(day, zone) - timedelta(hours=5), end_of_day(day + timedelta(days=after), zone)
    moved = due_after_change(due, at, zone, was, now)
    assert (moved > at) == (due > at)
    today = local_day(at, zone)
    left = working_days_between(today, last_day(due, zone), was)
    assert left == 0 or working_days_between(today, last_day(moved, zone), now) == left
    assert left or moved == due


@given(DAYS, ZONES)
def test_a_day_ends_exactly_when_the_next_begins(day: date, zone: str) -> None:
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert local_day(end, zone) == day + timedelta(days=1)
    assert local_day(end - timedelta(seconds=1), zone) == day
    assert end.astimezone(ZoneInfo(zone)).microsecond == 0
