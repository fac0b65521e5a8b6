"""What to do about a debt: one verdict for each item, the first that holds, with the numbers it rests on.

A verdict is worked out from the estimate, the limits of the system and the company's settings, and never
stored or typed. Nothing here says *later*: only what a company can do at once, a retirement, or doubt about
the estimate ever does.
"""

from datetime import date
from enum import StrEnum

from adr_app.domain.debt_estimates import DebtSettings, Estimate, SystemLimits
from adr_app.domain.debt_formulas import (
    SETTLED,
    Reckoning,
    cost_of_delay,
    latest_start,
    pace_of,
    payback,
    reckon,
    reckon_best,
    reckon_worst,
    saved_within,
    urgency,
    weeks_of,
    whole,
)
from adr_app.domain.debt_months import months_later
from adr_app.domain.values import dataclass


class Code(StrEnum):
    """What a verdict says, the first that holds in this order; `UNKNOWN` where nothing was estimated."""

    OBLIGATION = "obligation"
    WRITE_OFF = "write-off"
    TOO_WIDE = "too-wide"
    REPAY = "repay-now"
    SCHEDULE = "schedule"
    CARRY = "carry"
    UNKNOWN = "unknown"


WORDS: dict[Code, str] = {
    Code.OBLIGATION: "A duty with a day",
    Code.WRITE_OFF: "Not worth fixing",
    Code.TOO_WIDE: "Estimate too wide",
    Code.REPAY: "Fix it now",
    Code.SCHEDULE: "Plan the fix",
    Code.CARRY: "Live with it",
    Code.UNKNOWN: "Not estimated yet",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A debt as a verdict sees it: its estimate, what bounds it, the day it is due and what was allotted.

    `due` is the day of a duty, a contract or a to-do from the vCISO; `pace` is hundredths of a working day
    a month that were allotted to it; both None where there is none. `age` is how many months its estimate has
    grown already.
    """

    number: int
    estimate: Estimate | None
    limits: SystemLimits
    due: date | None = None
    pace: int | None = None
    age: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a debt, and every number it rests on.

    Efforts are hundredths of a working day, lengths months or weeks. `pays_after` is the expected payback,
    `pays_first` and `pays_last` the range of it, all three None for never. `saved` is what a fix has saved
    at the horizon, `delay` the cost of a month of waiting, `urgency` orders. `must_start` and `days_late`
    are said of a duty alone. `case` is what all of it was reckoned from.
    """

    number: int
    code: Code
    case: Reckoning | None = None
    pays_after: float | None = None
    pays_first: float | None = None
    pays_last: float | None = None
    saved: float = 0.0
    delay: float = 0.0
    pace: float = 0.0
    weeks: float = 0.0
    urgency: float = 0.0
    must_start: date | None = None
    days_late: int = 0

    @property
    def cost(self) -> float:
        """Return what the fix is expected to cost, in hundredths of a working day."""
        return self.case.cost if self.case else 0.0


def judge(owed: Owed, settings: DebtSettings, today: date) -> Verdict:
    """Return the verdict on a debt as of a day, for a fix that would start on it."""
    if owed.estimate is None:
        if owed.due is None:
            return Verdict(owed.number, Code.UNKNOWN)
        late = max((today - owed.due).days, 0)
        return Verdict(owed.number, Code.OBLIGATION, must_start=owed.due, days_late=late)
    estimate = owed.estimate
    case = reckon(estimate, owed.limits, settings, owed.age)
    usual = first = last = payback(case)
    if estimate.fix.has_range or estimate.loss.has_range:
        first = payback(reckon_best(estimate, owed.limits, settings, owed.age))
        last = payback(reckon_worst(estimate, owed.limits, settings, owed.age))
    saved = saved_within(case)
    pace = pace_of(case, settings, owed.pace)
    weeks = weeks_of(case, pace)
    must_start = latest_start(owed.due, weeks) if owed.due else None
    return Verdict(
        owed.number,
        _code(owed, settings, today, (usual, first, last), saved),
        case,
        usual,
        first,
        last,
        saved,
        cost_of_delay(case),
        pace,
        weeks,
        urgency(case, pace),
        must_start,
        max((today - must_start).days, 0) if must_start else 0,
    )


def pays_on(months: float | None, start: date) -> date | None:
    """Return the day by which a fix that starts on a day has paid for itself (F7: start + ⌈n⌉ months)."""
    if months is None:
        return None
    try:
        return months_later(start, whole(months))
    except (ValueError, OverflowError):
        return None  # beyond the year 9999, which is never


def retires_before(limits: SystemLimits, months: float | None, today: date) -> bool:
    """Return whether a system is given up before a fix that starts today has paid for itself."""
    if limits.retires_on is None:
        return False
    paid = pays_on(months, today)
    return limits.retires_on <= today or paid is None or limits.retires_on < paid


def is_too_wide(first: float | None, last: float | None, settings: DebtSettings) -> bool:
    """Return whether the range of paybacks spans both the company's limit and its horizon."""
    least = min(settings.payback_limit, settings.horizon)
    most = max(settings.payback_limit, settings.horizon)
    return _within(first, least) and not _within(last, most)


def _code(
    owed: Owed,
    settings: DebtSettings,
    today: date,
    paybacks: tuple[float | None, float | None, float | None],
    saved: float,
) -> Code:
    usual, first, last = paybacks
    if owed.due is not None:
        return Code.OBLIGATION
    if retires_before(owed.limits, usual, today):
        return Code.WRITE_OFF
    if is_too_wide(first, last, settings):
        return Code.TOO_WIDE
    if round(saved, SETTLED - 3) <= 0:
        return Code.CARRY
    return Code.REPAY if _within(usual, settings.payback_limit) else Code.SCHEDULE


def _within(months: float | None, limit: int) -> bool:
    return months is not None and round(months, SETTLED) <= limit
