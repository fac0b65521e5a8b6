"""Calendar arithmetic of the product: working days, local days, due times and validity.

Working days are those of a company's `Calendar`: Monday to Friday without holidays unless it says otherwise.
Instants are aware UTC in whole seconds; `zone` is the name of a time zone, such as `Europe/Lisbon`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ANSWER_WORKING_DAYS = 5
"""How many working days a vCISO has to answer."""

EMERGENCY_ANSWER = timedelta(hours=48)
"""How long a vCISO has for an emergency at the highest level."""

ASKED_SHORTLY_BEFORE = timedelta(hours=24)
"""Asking less than this before accepting gave nobody time to answer."""


class Calendar(NamedTuple):
    """The days on which a company works: some weekdays (Monday is 0, at least one), less its holidays."""

    week: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: frozenset[date] = frozenset()


USUAL = Calendar()
"""Monday to Friday, without holidays."""


def is_working_day(day: date, calendar: Calendar = USUAL) -> bool:
    """Return whether a company works on `day`."""
    return day.weekday() in calendar.week and day not in calendar.holidays


@lru_cache(maxsize=4096)
def add_working_days(day: date, n: int, calendar: Calendar = USUAL) -> date:
    """Return the working day that is `n` (0 or more) working days after `day`.

    A day off counts from the working day before, so one working day after a Sunday is Monday. With `n` zero
    the day itself comes back.
    """
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day, calendar)
    return day


def working_days_between(a: date, b: date, calendar: Calendar = USUAL) -> int:
    """Return how many working days lie after `a` up to and including `b`; zero when `b` is not later."""
    if b <= a:
        return 0
    weeks, rest = divmod((b - a).days, 7)
    last = (b - timedelta(days=back) for back in range(rest))
    off = sum(a < day <= b and day.weekday() in calendar.week for day in calendar.holidays)
    return weeks * len(calendar.week) + sum(day.weekday() in calendar.week for day in last) - off


@lru_cache(maxsize=4096)
def end_of_day(day: date, zone: str) -> datetime:
    """Return the moment, in UTC, at which `day` is over in `zone`: the next local midnight.

    Where clocks jump over midnight the moment of the jump is the end; where midnight comes twice, the first.
    """
    following = day + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day of an instant in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=4096)
def clock_of(due_at: datetime, zone: str) -> str:
    """Return the local time of a due moment that does not end a day, such as “14:05”; else nothing.

    Only a check after an emergency is due by the clock.
    """
    if end_of_day(last_day(due_at, zone), zone) == due_at:
        return ""
    return f"{due_at.astimezone(ZoneInfo(zone)):%H:%M}"


@lru_cache(maxsize=4096)
def last_day(due_at: datetime, zone: str) -> date:
    """Return the local day that ends with a due moment: what people call the due day."""
    return local_day(due_at - timedelta(seconds=1), zone)


def answer_due(
    asked_at: datetime, zone: str, calendar: Calendar = USUAL, *, emergency_r3: bool = False
) -> datetime:
    """Return when an answer asked for at `asked_at` is due.

    The end of the fifth working day after the local day of asking; 48 hours, by the clock, for an emergency
    at level 3.
    """
    if emergency_r3:
        return asked_at + EMERGENCY_ANSWER
    return end_of_day(add_working_days(local_day(asked_at, zone), ANSWER_WORKING_DAYS, calendar), zone)


def due_after_turn(
    due_at: datetime,
    began: datetime,
    ended: datetime,
    zone: str,
    calendar: Calendar = USUAL,
    *,
    by_the_clock: bool = False,
) -> datetime:
    """Return when an answer is due once the author's turn, from `began` to `ended`, is not counted.

    The due day moves by as many working days as the turn took; `by_the_clock` (an emergency) moves the
    moment itself.
    """
    if by_the_clock:
        return due_at + (ended - began)
    turn = working_days_between(local_day(began, zone), local_day(ended, zone), calendar)
    return end_of_day(add_working_days(last_day(due_at, zone), turn, calendar), zone) if turn else due_at


def due_after_change(due_at: datetime, at: datetime, zone: str, was: Calendar, now: Calendar) -> datetime:
    """Return when an answer is due once the calendar changed at `at`.

    As many working days are left as before; what was due already stays as it was.
    """
    today, last = local_day(at, zone), last_day(due_at, zone)
    if due_at <= at:
        return due_at
    left = working_days_between(today, last, was)
    moved = add_working_days(today, left, now)
    return end_of_day(moved, zone) if moved != last and left else due_at


def same_date_next_year(at: datetime, zone: str, years: int = 1) -> date:
    """Return the local date of `at`, `years` years on; 29 February becomes 28 where there is none."""
    day = local_day(at, zone)
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def instant(value: int | str | None, zone: str) -> datetime | None:
    """Return the moment that a recorded end means: epoch seconds as they are, an ISO day as its local end."""
    if value is None:
        return None
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    return end_of_day(date.fromisoformat(value), zone)


def day_of(value: str | None) -> date | None:
    """Return the calendar day of a recorded ISO date, or None when none was recorded."""
    return None if value is None else date.fromisoformat(value)


def calendar_of(data: Mapping[str, Any]) -> Calendar:
    """Return the calendar that an act, or what is stored of it, describes; without one it is the usual."""
    days = frozenset(date.fromisoformat(day) for day in data.get("holidays", ()))
    return Calendar(tuple(data.get("week", USUAL.week)), days)
