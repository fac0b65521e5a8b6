"""Calendar arithmetic of the product: working days, local days, due times and validity.

Working days are Monday to Friday until a company can keep its own calendar. Instants are aware UTC in whole
seconds; `zone` is the name of a time zone, such as `Europe/Lisbon`.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ANSWER_WORKING_DAYS = 5
"""How many working days a vCISO has to answer."""

EMERGENCY_ANSWER = timedelta(hours=48)
"""How long a vCISO has for an emergency at the highest level."""

ASKED_SHORTLY_BEFORE = timedelta(hours=24)
"""Asking less than this before accepting gave nobody time to answer."""

_FRIDAY = 4
_WEEK = 5


def is_working_day(day: date) -> bool:
    """Return whether `day` is a Monday to Friday."""
    return day.weekday() <= _FRIDAY


def add_working_days(day: date, n: int) -> date:
    """Return the working day that is `n` (0 or more) working days after `day`.

    A Saturday or Sunday counts from the Friday before, so one working day after a Sunday is Monday. With
    `n` zero the day itself comes back.
    """
    if n <= 0:
        return day
    late = max(0, day.weekday() - _FRIDAY)
    start = day - timedelta(days=late)
    weeks, rest = divmod(n, _WEEK)
    if start.weekday() + rest > _FRIDAY:
        rest += 2
    return start + timedelta(days=7 * weeks + rest)


def working_days_between(a: date, b: date) -> int:
    """Return how many working days lie after `a` up to and including `b`; zero when `b` is not later."""
    if b <= a:
        return 0
    weeks, rest = divmod((b - a).days, 7)
    return weeks * _WEEK + sum(is_working_day(b - timedelta(days=back)) for back in range(rest))


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


def last_day(due_at: datetime, zone: str) -> date:
    """Return the local day that ends with a due moment: what people call the due day."""
    return local_day(due_at - timedelta(seconds=1), zone)


def answer_due(asked_at: datetime, zone: str, *, emergency_r3: bool = False) -> datetime:
    """Return when an answer asked for at `asked_at` is due.

    The end of the fifth working day after the local day of asking; 48 hours, by the clock, for an emergency
    at level 3.
    """
    if emergency_r3:
        return asked_at + EMERGENCY_ANSWER
    return end_of_day(add_working_days(local_day(asked_at, zone), ANSWER_WORKING_DAYS), zone)


def due_after_turn(
    due_at: datetime, began: datetime, ended: datetime, zone: str, *, by_the_clock: bool = False
) -> datetime:
    """Return when an answer is due once the author's turn, from `began` to `ended`, is not counted.

    The due day moves by as many working days as the turn took; `by_the_clock` (an emergency) moves the
    moment itself.
    """
    if by_the_clock:
        return due_at + (ended - began)
    turn = working_days_between(local_day(began, zone), local_day(ended, zone))
    last_day = local_day(due_at - timedelta(seconds=1), zone)
    return end_of_day(add_working_days(last_day, turn), zone) if turn else due_at


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
