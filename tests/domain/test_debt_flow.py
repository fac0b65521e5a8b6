"""The books of debts: every number of a bridge from its own acts, exact to the hundredth of a day."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_estimates import DebtSettings, Estimate, SystemLimits, ThreePoint
from adr_app.domain.debt_flow import (
    Change,
    DebtAct,
    Flow,
    booked,
    flow,
    flow_of_all,
    losses_on,
    months_grown,
    owed_on,
)
from adr_app.domain.debt_formulas import expected, reckon
from adr_app.domain.debt_months import month_end, months_between, months_later
from tests.domain.test_debt_formulas import any_growths, companies, estimates, limits, points

BEGIN = date(2026, 1, 10)


def day(after: int) -> date:
    return BEGIN + timedelta(after)


def estimated(after: int, fix: float, growth: int = 0) -> DebtAct:
    each = ThreePoint.of(round(fix * 100))
    return DebtAct(day(after), Change.ESTIMATED, Estimate(each, ThreePoint.of(100), fix_growth=growth))


def test_a_bridge_adds_up_from_what_was_owed_to_what_is_owed() -> None:
    items = [
        [estimated(0, 210)],
        [estimated(100, 46)],
        [estimated(0, 100, growth=100), DebtAct(day(115), Change.REPAID)],
        [estimated(0, 20), estimated(101, 24)],
        [estimated(0, 12), DebtAct(day(102), Change.WRITTEN_OFF)],
        [estimated(0, 7), DebtAct(day(103), Change.NOT_DEBT)],
    ]
    found = flow_of_all(items, date(2026, 4, 1), date(2026, 5, 31))
    assert found == Flow(
        opening=350_00 + 101, incurred=46_00, grown=102, re_estimated=4_00 - 7_00,
        repaid=103_03, written_off=12_00, closing=280_00,
    )  # fmt: skip
    assert found.closing == (
        found.opening + found.incurred + found.grown + found.re_estimated - found.repaid - found.written_off
    )


def test_growth_is_booked_at_the_end_of_each_month_after_the_one_of_the_estimate() -> None:
    acts = [estimated(0, 100, growth=100)]
    ends = [date(2026, 1, 31), date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert [owed_on(acts, end) for end in ends] == [100_00, 100_00, 101_00, 102_01, 103_03]
    assert [months_grown(BEGIN, end) for end in ends] == [0, 0, 1, 2, 3]
    assert flow(acts, date(2026, 2, 28), date(2026, 2, 28)).grown == 1_00


def test_an_item_grows_no_further_than_building_its_system_anew_costs() -> None:
    bound = DebtAct(day(0), Change.BOUNDED, limits=SystemLimits(rebuild=100_50))
    acts = [bound, estimated(0, 100, growth=100)]
    assert flow(acts, BEGIN, date(2026, 12, 31)) == Flow(incurred=100_00, grown=50, closing=100_50)
    tighter = [*acts, DebtAct(day(200), Change.BOUNDED, limits=SystemLimits(rebuild=80_00))]
    found = flow(tighter, BEGIN, date(2026, 12, 31))
    assert (found.re_estimated, found.closing) == (-20_50, 80_00)


def test_what_is_closed_does_not_grow_and_comes_in_again_as_it_left_when_it_is_opened() -> None:
    acts = [
        estimated(0, 100, growth=100),
        DebtAct(day(60), Change.REPAID),
        DebtAct(day(120), Change.REOPENED),
    ]
    assert owed_on(acts, day(119)) == 0
    assert flow(acts, day(61), day(125)) == Flow(incurred=101_00, closing=101_00)
    assert owed_on(acts, date(2026, 6, 30)) == 102_01


def test_what_is_not_estimated_is_not_in_the_books() -> None:
    acts = [DebtAct(day(0), Change.NOT_DEBT), DebtAct(day(1), Change.REOPENED)]
    assert flow(acts, BEGIN, day(90)) == Flow()
    assert losses_on(acts, [day(5)], DebtSettings()) == [0.0]


@given(points())
def test_an_expected_value_is_booked_to_the_nearest_hundredth(value: ThreePoint) -> None:
    assert abs(booked(value) - expected(value)) <= 0.5


@st.composite
def histories(draw: st.DrawFn) -> list[DebtAct]:
    """Draw what may happen to an item over three years, in any order."""
    days = sorted(draw(st.lists(st.integers(0, 1000), max_size=12)))
    acts = []
    for after in days:
        change = draw(st.sampled_from(Change))
        acts.append(
            DebtAct(
                day(after),
                change,
                draw(estimates(any_growths)) if change is Change.ESTIMATED else None,
                draw(limits) if change is Change.BOUNDED else None,
            )
        )
    return acts


def kept_by_hand(acts: list[DebtAct], first: date, last: date) -> Flow:
    """Keep the books day by day, as somebody with a pencil would: what is owed, and a sum for each column."""
    owed, left, is_owed, growth, cap, fresh = 0, 0, False, 0, None, date.min
    sums: Counter[str] = Counter()
    today, opening = BEGIN, 0
    estimate = None

    def post(column: str, amount: int) -> None:
        sums[column] += amount if today >= first else 0

    while today <= last:
        if today == first:
            opening = owed
        for act in (each for each in acts if each.on == today):
            was = owed
            if act.change is Change.ESTIMATED:
                estimate = act.estimate
                growth, fresh = estimate.fix_growth, today
                owed = int(
                    Fraction(estimate.fix.low + 4 * estimate.fix.likely + estimate.fix.high, 6)
                    + Fraction(1, 2)
                )
                owed = owed if cap is None else min(owed, cap)
                post("re-estimated" if is_owed else "incurred", owed - was)
                is_owed = True
            elif act.change is Change.BOUNDED:
                cap = act.limits.rebuild
                owed = owed if cap is None else min(owed, cap)
                post("re-estimated", owed - was)
            elif act.change is Change.REOPENED:
                if not is_owed and estimate is not None:
                    owed, is_owed, fresh = (left if cap is None else min(left, cap)), True, today
                    post("incurred", owed)
            elif is_owed:
                left, owed, is_owed = owed, 0, False
                post({"repaid": "repaid", "written-off": "written-off"}.get(act.change, "re-estimated"), -was)
        if today == month_end(today) and is_owed and (fresh.year, fresh.month) != (today.year, today.month):
            was = owed
            grown = was + (Fraction(was * growth, 10_000) + Fraction(1, 2)).__floor__()
            grown = max(grown, 0)
            owed = grown if cap is None or growth <= 0 else max(min(grown, cap), was)
            post("grown", owed - was)
        today += timedelta(1)
    if first > last:
        opening = owed
    return Flow(
        opening,
        sums["incurred"],
        sums["grown"],
        sums["re-estimated"],
        -sums["repaid"],
        -sums["written-off"],
        owed,
    )


@given(histories(), st.integers(0, 1100), st.integers(0, 1100))
def test_a_bridge_is_what_keeping_the_books_by_hand_shows(acts, one, other) -> None:
    first, last = day(min(one, other)), day(max(one, other))
    found = flow(acts, first, last)
    assert found == kept_by_hand(acts, first, last)
    assert found.closing == (
        found.opening + found.incurred + found.grown + found.re_estimated - found.repaid - found.written_off
    )
    assert min(found.opening, found.closing, found.repaid, found.written_off, found.incurred) >= 0


@given(histories(), st.lists(st.integers(0, 1100), min_size=3, max_size=3).map(sorted))
def test_two_periods_after_another_add_up_to_both_together(acts, days) -> None:
    first, middle, last = map(day, days)
    earlier, later = flow(acts, first, middle), flow(acts, middle + timedelta(1), last)
    both = flow(acts, first, last)
    assert earlier.closing == later.opening or middle == last
    if middle < last:
        terms = ("incurred", "grown", "re_estimated", "repaid", "written_off")
        for term in terms:
            assert getattr(both, term) == getattr(earlier, term) + getattr(later, term)


@given(histories(), histories(), st.integers(0, 1000))
def test_what_happens_later_changes_no_bridge_of_before(acts, more, until) -> None:
    end = day(until)
    later = [act for act in more if act.on > end]
    kept = [act for act in acts if act.on <= end]
    assert flow(acts, BEGIN, end) == flow(kept, BEGIN, end) == flow([*kept, *later], BEGIN, end)


@given(histories(), companies, st.lists(st.integers(0, 1100), max_size=6).map(sorted))
def test_what_was_lost_each_month_is_what_the_estimate_of_then_says(acts, company, days) -> None:
    for after, loss in zip(days, losses_on(acts, [day(each) for each in days], company), strict=True):
        past = [act for act in acts if act.on <= day(after)]
        made = [act for act in past if act.change is Change.ESTIMATED]
        if not owed_on(acts, day(after)) and not loss:
            continue
        bounds = [act.limits for act in past if act.change is Change.BOUNDED] or [SystemLimits()]
        age = months_grown(made[-1].on, day(after))
        assert loss == pytest.approx(reckon(made[-1].estimate, bounds[-1], company, age).loss.month(1))


@given(st.dates(date(1999, 1, 1), date(2090, 1, 1)), st.integers(-240, 240))
def test_months_later_is_that_many_months_away_and_never_skips_one(start: date, months: int) -> None:
    later = months_later(start, months)
    assert months_between(start, later) == months
    assert later.day == min(start.day, month_end(later).day)
