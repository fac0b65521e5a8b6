"""What an estimate comes to: when a fix pays, what waiting costs, what is saved, how urgent it is.

Effort here is hundredths of a working day as a float, because everything here is a forecast and is shown with
one decimal at most; what is booked (`debt_flow`) is whole numbers. Money is effort times a day rate, made by
whoever shows it. The letters in formulas: P cost to fix, i lost a month, p chance, g and gp growth of i and P
a month, d months a fix takes, ρ share of i left over, l loss avoided a month, H horizon, r discount.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import ceil, inf

from adr_app.domain.debt_courses import Course, course
from adr_app.domain.debt_estimates import WHOLE, DebtSettings, Estimate, SystemLimits, ThreePoint
from adr_app.domain.values import dataclass

WEEKS_A_MONTH = 52 / 12
ONE_PERSON = 500 * WEEKS_A_MONTH
"""What one person does in a month who does nothing else: five days a week."""

SETTLED = 9
"""Decimals after which a float is taken for what it stands for: 12.000000000001 months are 12."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One case of an estimate, ready to reckon with: each letter of the formulas as a number.

    `cost` is P, `loss` the course of p·i, `cost_growth` gp, `cost_cap` the rebuild, `months` d, `saved` 1−ρ,
    `avoided` l in hundredths of a working day, `discount` a month, `horizon` H.
    """

    cost: float
    loss: Course
    cost_growth: float
    cost_cap: float
    months: int
    saved: float
    avoided: float
    discount: float
    horizon: int


def expected(value: ThreePoint) -> float:
    """Return the expected value of a three-point estimate.

    F1: `(low + 4·likely + high) / 6`, the mean of PERT (Malcolm et al., 1959).
    """
    return (value.low + 4 * value.likely + value.high) / 6


def spread(value: ThreePoint) -> float:
    """Return how far a three-point estimate reaches: `(high − low) / 6`, the deviation of PERT (F1)."""
    return (value.high - value.low) / 6


def reckon(estimate: Estimate, limits: SystemLimits, settings: DebtSettings, age: int = 0) -> Reckoning:
    """Return the expected case of an estimate made `age` months ago, within the limits of its system."""
    return _case(expected(estimate.fix), expected(estimate.loss), estimate, limits, settings, age)


def reckon_best(estimate: Estimate, limits: SystemLimits, settings: DebtSettings, age: int = 0) -> Reckoning:
    """Return the case in which a fix pays soonest: it costs least, and most is lost each month."""
    return _case(estimate.fix.low, estimate.loss.high, estimate, limits, settings, age)


def reckon_worst(estimate: Estimate, limits: SystemLimits, settings: DebtSettings, age: int = 0) -> Reckoning:
    """Return the case in which a fix pays latest: it costs most, and least is lost each month."""
    return _case(estimate.fix.high, estimate.loss.low, estimate, limits, settings, age)


def reckon_range(
    estimate: Estimate, limits: SystemLimits, settings: DebtSettings, age: int = 0
) -> tuple[Reckoning, Reckoning, Reckoning]:
    """Return the expected case, and the same fix with the least and with the most lost each month."""
    fix, loss = expected(estimate.fix), estimate.loss
    usual, least, most = (
        _case(fix, lost, estimate, limits, settings, age) for lost in (expected(loss), loss.low, loss.high)
    )
    return usual, least, most


def cost_after(case: Reckoning, months: int) -> float:
    """Return what a fix costs that starts after so many months.

    F3: `P(n) = min(P·(1+gp)^n, rebuild)`; nobody repays more than building anew would cost.
    """
    return min(case.cost * (1 + case.cost_growth) ** months, case.cost_cap)


def price_of_waiting(case: Reckoning, months: int) -> float:
    """Return what it costs in all to wait so many months and fix it then.

    F5: `W(n) = CI(n) + P(n)`. With growth of nothing or more it only rises.
    """
    return case.loss.total(months) + cost_after(case, months)


def breaking_point(case: Reckoning) -> float | None:
    """Return after how many months as much has been lost as a fix costs; None where it never is.

    F6: first `n` with `CI(n) ≥ P`: `P/(p·i)`, with growth `ln(1 + g·P/(p·i)) / ln(1+g)`. The concept is
    the breaking point of Chatzigeorgiou, Ampatzoglou et al. (MTD 2015); the closed form is ours.
    """
    return case.loss.reached(case.cost)


def payback(case: Reckoning) -> float | None:
    """Return after how many months a fix that starts now has paid for itself; None where it never does.

    F7: `d + ln(1 + g·P/((1−ρ)·p·i·(1+g)^d)) / ln(1+g)`, without growth `d + P/((1−ρ)·p·i)`. Where a loss
    is avoided as well, it counts each month from then on, as in F8; the sum has no closed form with growth.
    """
    if case.cost <= 0:
        return float(case.months)
    by_effort = _reached(case, case.cost / case.saved) if case.saved > 0 else None
    if not case.avoided:
        return by_effort
    return _payback_with_loss_avoided(case, case.months + case.cost / case.avoided, by_effort)


def saved_within(case: Reckoning) -> float:
    """Return what a fix that starts now has saved at the horizon, after its cost, in today's value.

    F8: `−Σ_{k=1..d} (P/d)/(1+r)^k + Σ_{k=d+1..H} ((1−ρ)·I(k) + l)/(1+r)^k`, net present value; where a fix
    takes no month, its whole cost is due at once.
    """
    spent = case.cost
    if case.months:
        spent = course(case.cost / case.months).worth(0, case.months, case.discount)
    gained = case.saved * case.loss.worth(case.months, case.horizon, case.discount)
    if case.avoided:
        gained += course(case.avoided).worth(case.months, case.horizon, case.discount)
    return gained - spent


def return_within(case: Reckoning) -> float | None:
    """Return how many times its cost a fix has brought in at the horizon, less one; None for no cost.

    F9: `(savings − P) / P`, nothing discounted: effort saved by effort spent, as SIG asks it.
    """
    if case.cost <= 0:
        return None
    months = max(case.horizon - case.months, 0)
    gained = case.loss.total(case.months + months) - case.loss.total(case.months)
    return (case.saved * gained + case.avoided * months - case.cost) / case.cost


def cost_of_delay(case: Reckoning) -> float:
    """Return what a month of waiting costs: F10 `p·i + gp·P + l` (cost of delay: Reinertsen)."""
    return case.loss.month(1) + cost_after(case, 1) - cost_after(case, 0) + case.avoided


def pace_of(case: Reckoning, settings: DebtSettings, given: int | None = None) -> float:
    """Return how much of a fix is done in a month, in hundredths of a working day.

    What was allocated counts; else the cost over the months it takes; else one person who does nothing
    else. Never more than the company has.
    """
    most = inf if not settings.capacity else float(settings.capacity)
    if given:
        return float(given)
    return min(case.cost / case.months if case.months and case.cost else ONE_PERSON, most)


def weeks_of(case: Reckoning, pace: float) -> float:
    """Return how many weeks a fix takes: `P ÷ pace × 52/12` (F11)."""
    return case.cost / pace * WEEKS_A_MONTH


def urgency(case: Reckoning, pace: float) -> float:
    """Return the cost of delay a week, for each week of work: what is fixed first saves most.

    F11: cost of delay divided by duration (CD3; Reinertsen, as SAFe quotes it). It orders and is never shown.
    """
    weeks = weeks_of(case, pace)
    delay = cost_of_delay(case) / WEEKS_A_MONTH
    if weeks:
        return delay / weeks
    return inf if delay > 0 else 0.0


def latest_start(due: date, weeks: float) -> date:
    """Return the day by which work must start to be done on a day: F17 `due − ⌈weeks⌉ × 7 days`."""
    return due - timedelta(days=min(whole(weeks) * 7, due.toordinal() - 1))


def whole(value: float) -> int:
    """Return a number of months or weeks rounded up, taking 12.000000000001 for 12."""
    return ceil(round(value, SETTLED))


def _case(
    fix: float, loss: float, estimate: Estimate, limits: SystemLimits, settings: DebtSettings, age: int
) -> Reckoning:
    cap = inf if limits.rebuild is None else float(limits.rebuild)
    rate = settings.day_rate
    growth, fix_growth = estimate.growth / WHOLE, estimate.fix_growth / WHOLE
    lost = loss * estimate.chance / WHOLE
    if age:
        fix, lost = fix * (1 + fix_growth) ** age, lost * (1 + growth) ** age
    return Reckoning(
        min(fix, cap),
        course(lost, growth, limits.effort),
        fix_growth,
        cap,
        estimate.months,
        1 - estimate.left_over / WHOLE,
        estimate.avoided / rate * 100 if estimate.avoided and rate else 0.0,
        _monthly(settings.discount),
        settings.horizon,
    )


@lru_cache(maxsize=64)
def _monthly(discount: int) -> float:
    """Return the discount of a month whose twelvefold compound is that of a year: `(1+r)^(1/12) − 1` (F8)."""
    return float((1 + discount / WHOLE) ** (1 / 12) - 1)


def _reached(case: Reckoning, amount: float) -> float | None:
    """Return after how many months so much has been lost since a fix that starts now was done."""
    return case.loss.reached(case.loss.total(case.months) + amount)


def _payback_with_loss_avoided(case: Reckoning, by_loss: float, by_effort: float | None) -> float:
    """Return the payback where each month saves effort and avoids a loss: by halving, both only add up.

    Either alone would pay later, so the earlier of the two is where to look back from.
    """
    if by_effort is None and case.saved <= 0:
        return by_loss
    before = case.loss.total(case.months)
    low, high = float(case.months), by_loss if by_effort is None else min(by_loss, by_effort)
    for _ in range(64):
        middle = (low + high) / 2
        effort = case.saved * (case.loss.total(middle) - before)
        paid = effort + case.avoided * (middle - case.months) >= case.cost
        low, high = (low, middle) if paid else (middle, high)
    return high
