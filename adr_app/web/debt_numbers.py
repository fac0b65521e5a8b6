"""Numbers of a debt as they stand on a page: one decimal at most, because they are estimates."""

from datetime import date

from adr_app.web.filters import MONTHS, plural


def days(hundredths: float) -> str:
    """Return an effort as a number of days: `32`, `4.5`, and `0` for next to nothing; a minus where less."""
    value = round(abs(hundredths) / 100 + 1e-9, 1)
    shown = f"{value:,.1f}".removesuffix(".0")
    return f"−{shown}" if hundredths < 0 and value else shown


def working_days(hundredths: float) -> str:
    """Return an effort with its unit: `1 working day`, `4.5 working days`."""
    shown = days(hundredths)
    return f"{shown} working day{'' if shown == '1' else 's'}"


def months(value: float | None) -> str:
    """Return a length as months with one decimal at most: `8 months`, `10.3 months`, `never`."""
    if value is None:
        return "never"
    shown = f"{round(value + 1e-9, 1):,.1f}".removesuffix(".0")
    return f"{shown} month{'' if shown == '1' else 's'}"


def weeks(value: float) -> str:
    """Return a length as weeks with one decimal at most: `8.7 weeks`."""
    shown = f"{round(value + 1e-9, 1):,.1f}".removesuffix(".0")
    return f"{shown} week{'' if shown == '1' else 's'}"


def share(points: int) -> str:
    """Return basis points as per cent with one decimal at most: `15 %`, `2.5 %`."""
    return f"{round(points / 100 + 1e-9, 1):,.1f}".removesuffix(".0") + " %"


def years(horizon: int) -> str:
    """Return a number of months as people say it: `two years`, `18 months`."""
    words = {12: "a year", 24: "two years", 36: "three years", 48: "four years", 60: "five years"}
    return words.get(horizon) or plural(horizon, "month")


def short_day(day: date) -> str:
    """Return a day without its year, such as `1 Sep`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def long_day(day: date) -> str:
    """Return a day with its year, such as `1 Sep 2026`."""
    return f"{short_day(day)} {day.year}"
