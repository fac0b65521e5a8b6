"""Calendar months, as debt is reckoned in: which month a day is in, and the same day some months later."""

from calendar import monthrange
from datetime import date


def month_of(day: date) -> date:
    """Return the first day of the month a day is in."""
    return day.replace(day=1)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month where it has no such day.

    :raises ValueError: beyond the year 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("there is no such year")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """Return the last day of the month a day is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_between(first: date, last: date) -> int:
    """Return how many months lie from the month of one day to the month of another."""
    return (last.year - first.year) * 12 + last.month - first.month
