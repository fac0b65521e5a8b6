"""The numbers behind a verdict, each with how it is worked out and what went in, for whoever opens them."""

from collections.abc import Callable
from dataclasses import dataclass

from adr_app.domain import debt_formulas as formulas
from adr_app.domain.debt_estimates import WHOLE, DebtSettings, Estimate, ThreePoint, share_text
from adr_app.domain.debt_formulas import Reckoning
from adr_app.domain.debt_verdicts import Owed, Verdict
from adr_app.web.debt_curves import Curves
from adr_app.web.debt_numbers import days, long_day, months, weeks, working_days, years
from adr_app.web.filters import plural

WAITING = (0, 6, 12, 24)
"""Months of waiting whose price is told."""

Worth = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it is called, what it is, how it is worked out in words, and what went in."""

    label: str
    value: str
    how: str
    inputs: list[tuple[str, str]]
    note: str = ""


def figures(verdict: Verdict, owed: Owed, settings: DebtSettings, worth: Worth) -> list[Figure]:
    """Return every number behind a verdict on an estimated item, in the order in which people ask."""
    case, estimate = verdict.case, owed.estimate
    if case is None or estimate is None:
        return []
    found = [
        _cost(estimate, owed, case),
        _loss(estimate, owed, case),
        _breaking(case),
        _payback(verdict, estimate, case),
        _saved(verdict, case, settings, worth),
        _returned(case, settings),
        _delay(verdict, case, estimate, worth),
        _duration(verdict, case, owed),
    ]
    return found if owed.due is None else [*found, _start(verdict, owed)]


def waiting_rows(case: Reckoning, worth: Worth) -> list[list[str]]:
    """Return the price of waiting as rows: months, days lost, days a fix costs then, both, and in money."""
    rows = []
    for wait in WAITING:
        both = formulas.price_of_waiting(case, wait)
        lost, cost = case.loss.total(wait), formulas.cost_after(case, wait)
        rows.append(
            [plural(wait, "month") if wait else "now", days(lost), days(cost), days(both), worth(both)]
        )
    return rows


def curves_of(owed: Owed, settings: DebtSettings) -> Curves | None:
    """Return what is lost month by month up to the horizon, and on to where it comes to what a fix costs."""
    if owed.estimate is None:
        return None
    case, least, most = formulas.reckon_range(owed.estimate, owed.limits, settings, owed.age)
    crossing = formulas.breaking_point(case)
    last = settings.horizon
    if crossing is not None and crossing <= 2 * last:
        last = max(last, formulas.whole(crossing) + 1)
    months_of = range(last + 1)
    lost, low, high = (tuple(each.loss.total(at) for at in months_of) for each in (case, least, most))
    return Curves(lost, low, high, case.cost, crossing)


def _cost(estimate: Estimate, owed: Owed, case: Reckoning) -> Figure:
    inputs = _points(estimate.fix)
    how = "The expected value of the estimate: the least, four times the likely and the most, divided by six."
    if not estimate.fix.has_range:
        how = "As it was estimated, in one number."
    if owed.age and estimate.fix_growth:
        inputs.append(("Months since the estimate", str(owed.age)))
    if estimate.fix_growth:
        inputs.append(("Grows each month by", _percent(estimate.fix_growth)))
    if owed.limits.rebuild is not None:
        inputs.append(("Building the system anew", working_days(owed.limits.rebuild)))
        how += " Never more than building the system anew."
    return Figure("What a fix costs", working_days(case.cost), how, inputs)


def _loss(estimate: Estimate, owed: Owed, case: Reckoning) -> Figure:
    inputs = _points(estimate.loss)
    how = "The expected value of the estimate"
    how += (
        ": the least, four times the likely and the most, divided by six" if estimate.loss.has_range else ""
    )
    if estimate.chance != WHOLE:
        inputs.append(("It is felt in so many of the months", _percent(estimate.chance)))
        how += ", times the share of months in which it is felt"
    if estimate.growth:
        inputs.append(("Grows each month by", _percent(estimate.growth)))
    if owed.age and estimate.growth:
        inputs.append(("Months since the estimate", str(owed.age)))
    how += "."
    if owed.limits.effort is not None:
        inputs.append(("Spent on the system each month", working_days(owed.limits.effort)))
        how += " Never more than is spent on the system each month."
    return Figure("What it costs, each month", working_days(case.loss.month(1)), how, inputs)


def _breaking(case: Reckoning) -> Figure:
    value = formulas.breaking_point(case)
    how = "When everything that is lost from now on adds up to what a fix costs today."
    inputs = [
        ("A fix costs", working_days(case.cost)),
        ("Lost in the first month", working_days(case.loss.month(1))),
        *_growth(case),
    ]
    return Figure("As much is lost as a fix costs after", months(value), how, inputs)


def _payback(verdict: Verdict, estimate: Estimate, case: Reckoning) -> Figure:
    how = (
        "How long a fix takes, and from then on until what it saves each month adds up to what it costs. "
        "The range: it costs least and most is lost, up to it costs most and least is lost."
    )
    inputs = [
        ("A fix costs", working_days(case.cost)),
        ("It takes", plural(case.months, "month")),
        ("Lost in the first month", working_days(case.loss.month(1))),
        ("Of that a fix saves", _percent(round(case.saved * WHOLE))),
        *_growth(case),
        *_avoided(case),
    ]
    value = months(verdict.pays_after)
    if estimate.fix.has_range or estimate.loss.has_range:
        value += f" (from {months(verdict.pays_first)} to {months(verdict.pays_last)})"
    return Figure("A fix pays for itself after", value, how, inputs)


def _saved(verdict: Verdict, case: Reckoning, settings: DebtSettings, worth: Worth) -> Figure:
    how = (
        "What a fix that starts now saves each month once it is done, less what it costs. What comes later "
        "counts less, by the yearly discount."
    )
    inputs = [
        ("A fix costs", working_days(case.cost)),
        ("Looked ahead", plural(settings.horizon, "month")),
        ("Discount a year", _percent(settings.discount)),
        ("Of what is lost a fix saves", _percent(round(case.saved * WHOLE))),
        *_avoided(case),
        *_rate(settings, worth),
    ]
    return Figure(f"Saved within {years(settings.horizon)}", worth(verdict.saved), how, inputs)


def _returned(case: Reckoning, settings: DebtSettings) -> Figure:
    value = formulas.return_within(case)
    how = "What is saved until then, less what a fix costs, divided by what it costs; nothing is discounted."
    inputs = [("A fix costs", working_days(case.cost)), ("Looked ahead", plural(settings.horizon, "month"))]
    shown = "–" if value is None else f"{round(value * 100):,} %".replace("-", "−")
    return Figure("Return on the work", shown, how, inputs)


def _delay(verdict: Verdict, case: Reckoning, estimate: Estimate, worth: Worth) -> Figure:
    how = "What is lost in a month, and what a fix becomes dearer by meanwhile."
    inputs = [
        ("Lost in the first month", working_days(case.loss.month(1))),
        ("A fix becomes dearer each month by", _percent(estimate.fix_growth)),
        *_avoided(case),
    ]
    week = worth(verdict.delay / formulas.WEEKS_A_MONTH)
    return Figure("A month of waiting costs", worth(verdict.delay), how, inputs, f"That is {week} a week.")


def _duration(verdict: Verdict, case: Reckoning, owed: Owed) -> Figure:
    how = "What a fix costs, divided by the days a month that are given to it."
    source = "planned" if owed.pace else "by the estimate" if case.months else "one person and nothing else"
    inputs = [
        ("A fix costs", working_days(case.cost)),
        (f"Days a month, {source}", days(verdict.pace)),
    ]
    note = (
        "Longer than eight weeks: split it, so that something is mended sooner." if verdict.weeks > 8 else ""
    )
    return Figure("A fix takes", weeks(verdict.weeks), how, inputs, note)


def _start(verdict: Verdict, owed: Owed) -> Figure:
    how = "The day by which it must be done, less the weeks a fix takes, rounded up."
    inputs = [("Due", long_day(owed.due) if owed.due else ""), ("A fix takes", weeks(verdict.weeks))]
    start = long_day(verdict.must_start) if verdict.must_start else "–"
    late = f"{plural(verdict.days_late, 'day')} late already." if verdict.days_late else ""
    return Figure("Work must start by", start, how, inputs, late)


def _points(value: ThreePoint) -> list[tuple[str, str]]:
    if not value.has_range:
        return [("Estimated", working_days(value.likely))]
    return [
        ("At least", working_days(value.low)),
        ("Likely", working_days(value.likely)),
        ("At most", working_days(value.high)),
    ]


def _growth(case: Reckoning) -> list[tuple[str, str]]:
    return [("Grows each month by", _percent(round(case.loss.growth * WHOLE)))] if case.loss.growth else []


def _avoided(case: Reckoning) -> list[tuple[str, str]]:
    return [("Loss avoided each month", working_days(case.avoided))] if case.avoided else []


def _rate(settings: DebtSettings, worth: Worth) -> list[tuple[str, str]]:
    return [] if settings.day_rate is None else [("A working day costs", worth(100))]


def _percent(points: int) -> str:
    return f"{share_text(points)} %".replace("-", "−")
