"""Dates, sizes and counts as people say them; each filter is a plain function that a test can call."""

from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from flask import Flask, g

from adr_app.domain.days import MONTHS, spoken_day
from adr_app.domain.money import minor_digits
from adr_app.domain.plain_words import WORDS_A_MINUTE
from adr_app.domain.worktime import clock_of, last_day
from adr_app.web.access import now

TENTH = 10
"""Hundredths of a working day in a tenth of one."""

CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def day(value: date | datetime | None, today: date | None = None, zone: str | None = None) -> str:
    """Return a calendar day such as “Fri 27 Nov”, with its year when that is not `today`'s.

    A moment is first read in `zone` (this company's by default); nothing reads as an empty text.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or _zone())).date()
    return spoken_day(value, today or _today())


def due_day(value: datetime | None, zone: str | None = None, today: date | None = None) -> str:
    """Return the day that ends with a due moment, as `day` writes it, and its time where it ends no day."""
    if value is None:
        return ""
    where = zone or _zone()
    words, clock = day(last_day(value, where), today, zone), clock_of(value, where)
    return f"{words}, {clock}" if clock else words


def moment(value: datetime | None, zone: str | None = None, today: date | None = None) -> str:
    """Return a moment such as “Fri 27 Nov, 14:05” in `zone`, this company's by default."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone or _zone()))
    return f"{day(local.date(), today)}, {local:%H:%M}"


def ago_days(value: date | datetime | None, today: date | None = None, zone: str | None = None) -> str:
    """Return how far a day is from `today`: “yesterday”, “12 days ago”, “in 5 days”."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or _zone())).date()
    days = (value - (today or _today())).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def month(value: date) -> str:
    """Return a month such as “Nov 2026”."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def days_effort(hundredths: int | None) -> str:
    """Return an effort in hundredths of a working day as days: 600 as “6”, 650 as “6.5”."""
    if hundredths is None:
        return ""
    sign = "−" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    fraction = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}{fraction}"


def about_days(hundredths: int | None) -> str:
    """Return an effort that was reckoned, to a tenth of a day at most: nobody estimates closer than that."""
    if hundredths is not None and 0 < hundredths < TENTH // 2:
        return "under 0.1"
    return days_effort(None if hundredths is None else (hundredths + TENTH // 2) // TENTH * TENTH)


def money(minor: int | None, currency: str = "EUR") -> str:
    """Return an amount in minor units of `currency` (ISO 4217): 140000 as “€1,400”, 140050 as “€1,400.50”."""
    if minor is None:
        return ""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    fraction = f".{rest:0{digits}d}" if rest else ""
    sign = CURRENCY_SIGNS.get(currency, f"{currency} ")
    return f"{'−' if minor < 0 else ''}{sign}{whole:,}{fraction}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: “1 day”, “3 days”, “1,200 decisions”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(words: str) -> str:
    """Return words as a sentence begins: the first letter large, every other as it is (“Fractional CTO”)."""
    return f"{words[:1].upper()}{words[1:]}"


def minutes_to_read(text: str | None) -> str:
    """Return how long a text takes to read, such as “about 4 minutes to read”."""
    minutes = max(1, ceil(len((text or "").split()) / WORDS_A_MINUTE))
    return f"about {plural(minutes, 'minute')} to read"


FILTERS = {
    "day": day,
    "moment": moment,
    "ago_days": ago_days,
    "month": month,
    "due_day": due_day,
    "days_effort": days_effort,
    "about_days": about_days,
    "money": money,
    "plural": plural,
    "sentence": sentence,
    "minutes_to_read": minutes_to_read,
}


def _zone() -> str:
    viewer = g.get("viewer")
    return str(viewer.company.zone) if viewer else "UTC"


def _today() -> date:
    return now().astimezone(ZoneInfo(_zone())).date()


def init_app(app: Flask) -> None:
    """Offer the filters to every template."""
    app.jinja_env.filters.update(FILTERS)
