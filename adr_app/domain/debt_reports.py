"""Reports of time lost to a debt: what may be typed, and what they say together of what it really costs.

Time lost is whole minutes; what it comes to each month is hundredths of a working day, as every effort is.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from adr_app.domain.debt import State
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.values import dataclass

DAYS_COUNTED = 90
MONTHS_COUNTED = 3
"""Reports of the last 90 days count, as three months: older ones say what it cost, not what it costs."""

HOURS_A_DAY = 8
"""Hours of a working day, where a company has not said otherwise."""

LONGEST_WORDS = 280
MOST_MINUTES = 1_000 * 60
"""The longest loss that one report may tell of: more is many reports, or a mistyped one."""

OLDEST_DAYS = 366
"""How long ago the time may have been lost: who noted it down in a drawer may still bring it."""

TAKES_NONE = frozenset({State.NOT_DEBT, State.WRITTEN_OFF})
"""States in which an item is no longer looked at: what is lost to it then is a reason to open it again."""

_HOURS = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?\s*(?:h|hours?)?")
_MINUTES = re.compile(r"([0-9]{1,6})\s*(?:m|mins?|minutes?)")
_BOTH = re.compile(
    r"([0-9]{1,6})\s*(?:h|hours?)\s*([0-9]{1,2})\s*(?:m|mins?|minutes?)?|([0-9]{1,6}):([0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Observed:
    """What an item was seen to cost: how many reports count, and hundredths of a working day a month.

    No report is not zero: `monthly` is None then.
    """

    reports: int
    monthly: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: minutes lost, whether it caused a fault, what happened, and on which day."""

    minutes: int
    fault: bool
    text: str
    on: date


def clean_report(typed: Mapping[str, str], today: date) -> Report:
    """Return a report as it is kept, from what was typed: `lost`, `fault`, `text` and `on` (empty: today).

    :raises Invalid: naming every field that cannot be saved, and what to do.
    """
    problems: dict[str, str] = {}
    minutes, text, on = 0, "", today
    try:
        minutes = minutes_of(typed.get("lost", ""))
    except Invalid as error:
        problems["lost"] = str(error)
    try:
        text = " ".join(clean_text(typed.get("text", ""), "text").split())
    except Invalid as error:
        problems["text"] = str(error)
    if len(text) > LONGEST_WORDS:
        problems["text"] = f"Shorten this to {LONGEST_WORDS} characters; it has {len(text)}."
    try:
        on = _day(typed.get("on", ""), today)
    except Invalid as error:
        problems["on"] = str(error)
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return Report(minutes, bool(typed.get("fault")), text, on)


def minutes_of(text: str) -> int:
    """Return a typed length of time, such as `2`, `1.5`, `1,5`, `45 min`, `1h 30` or `1:30`, as minutes.

    A number alone is hours.

    :raises Invalid: for anything else, for none, and for more than `MOST_MINUTES`.
    """
    text = text.strip().lower()
    if text.startswith(("-", "\N{MINUS SIGN}")):
        raise Invalid("Lost time cannot be less than zero.")
    if found := _HOURS.fullmatch(text):
        minutes = int(found[1]) * 60 + (int((found[2] or "").ljust(2, "0")) * 60 + 50) // 100
    elif found := _MINUTES.fullmatch(text):
        minutes = int(found[1])
    elif found := _BOTH.fullmatch(text):
        hours, rest = found[1] or found[3], int(found[2] or found[4])
        if rest > 59:
            raise Invalid("An hour has 60 minutes: type 1:30 or 1.5.")
        minutes = int(hours) * 60 + rest
    else:
        raise Invalid("Say how much time was lost, in hours, such as 2 or 0.5, or as 45 min.")
    if minutes == 0:
        raise Invalid("Say how much time was lost: no time lost needs no report.")
    if minutes > MOST_MINUTES:
        raise Invalid(f"One report tells of at most {MOST_MINUTES // 60:,} hours.")
    return minutes


def time_text(minutes: int) -> str:
    """Return a length of time as somebody reads it: `45 minutes`, `2 hours`, `1 hour 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in parts if n) or "0 minutes"


def check_takes_reports(state: str) -> None:
    """Refuse a report on an item that is closed as no debt, or given up.

    A repaid one takes them: time that is lost all the same says that it is not.

    :raises WrongState: saying what to do.
    """
    if state in TAKES_NONE:
        raise WrongState("This item is closed. Open it again if time is still lost to it.")


def counted_from(today: date) -> date:
    """Return the first of the days whose reports count."""
    return today - timedelta(days=DAYS_COUNTED - 1)


def observed_interest(minutes: int, reports: int, *, hours_a_day: int = HOURS_A_DAY) -> Observed:
    """Return what an item was seen to cost each month, half a hundredth rounded up.

    `minutes` are those of the `reports` that count (see `counted_from`). Formula: the hours lost in the last
    90 days, divided by the hours of a working day and by three months.
    """
    if not reports:
        return Observed(0, None)
    whole = 60 * hours_a_day * MONTHS_COUNTED
    return Observed(reports, (minutes * 100 * 2 + whole) // (2 * whole))


def tenths_text(hundredths: int) -> str:
    """Return an effort to a tenth of a working day: what was reported is never more exact than that."""
    if 0 < hundredths < 5:
        return "less than 0.1"
    whole, part = divmod((hundredths + 5) // 10, 10)
    return f"{whole:,}.{part}" if part else f"{whole:,}"


def _day(text: str, today: date) -> date:
    text = text.strip()
    if not text:
        return today
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Type a day as year-month-day, such as 2026-11-24.") from None
    if on > today:
        raise Invalid("That day has not come yet.")
    if (today - on).days > OLDEST_DAYS:
        raise Invalid("That is more than a year ago. It says nothing of what the debt costs now.")
    return on
