"""What to do about a debt: the verdicts in their order, and that more interest never means later."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_estimates import Estimate, SystemLimits, ThreePoint
from adr_app.domain.debt_verdicts import Code, Owed, is_too_wide, judge, pays_on
from tests.domain.test_debt_formulas import COMPANY, NO_LIMITS, WORKED, companies, estimates, limits

TODAY = date(2026, 11, 27)


def plain(fix: float, loss: float, **more: int) -> Estimate:
    return Estimate(ThreePoint.of(int(fix * 100)), ThreePoint.of(int(loss * 100)), **more)


def code_of(estimate: Estimate | None, bounds: SystemLimits = NO_LIMITS, **more) -> Code:
    return judge(Owed(7, estimate, bounds, **more), COMPANY, TODAY).code


def test_the_worked_item_is_too_wide_and_says_its_numbers() -> None:
    verdict = judge(Owed(7, WORKED, NO_LIMITS, pace=1600), COMPANY, TODAY)
    assert verdict.code is Code.TOO_WIDE
    told = (verdict.pays_first, verdict.pays_after, verdict.pays_last, verdict.weeks)
    assert [round(number or 0, 1) for number in told] == [4.8, 10.3, 25.8, 8.7]
    assert verdict.cost == 3200 and round(verdict.delay) == 392 and round(verdict.saved) == 6191


@pytest.mark.parametrize(
    ("estimate", "bounds", "more", "code"),
    [
        (plain(40, 0.5, months=2), NO_LIMITS, {}, Code.CARRY),
        (plain(10, 1), NO_LIMITS, {}, Code.REPAY),
        (plain(12, 1), NO_LIMITS, {}, Code.REPAY),
        (plain(12.01, 1), NO_LIMITS, {}, Code.SCHEDULE),
        (plain(30, 1), NO_LIMITS, {}, Code.CARRY),
        (plain(10, 0), NO_LIMITS, {}, Code.CARRY),
        (None, NO_LIMITS, {}, Code.UNKNOWN),
        (None, NO_LIMITS, {"due": date(2027, 1, 1)}, Code.OBLIGATION),
        (plain(40, 0), SystemLimits(retires_on=TODAY), {"due": date(2027, 1, 1)}, Code.OBLIGATION),
        (plain(10, 1), SystemLimits(retires_on=date(2027, 9, 26)), {}, Code.WRITE_OFF),
        (plain(10, 1), SystemLimits(retires_on=date(2027, 9, 27)), {}, Code.REPAY),
        (plain(10, 1), SystemLimits(retires_on=TODAY - timedelta(1)), {}, Code.WRITE_OFF),
        (plain(10, 0), SystemLimits(retires_on=date(2099, 1, 1)), {}, Code.WRITE_OFF),
        (WORKED, SystemLimits(retires_on=date(2027, 3, 1)), {}, Code.WRITE_OFF),
        (plain(5, 0, avoided=300_000), NO_LIMITS, {}, Code.REPAY),
    ],
)
def test_the_first_verdict_that_holds_is_given(estimate, bounds, more, code) -> None:
    assert code_of(estimate, bounds, **more) is code


def test_a_duty_says_by_when_work_must_start_and_how_late_that_is() -> None:
    due = date(2027, 3, 1)
    verdict = judge(Owed(7, WORKED, NO_LIMITS, due=due, pace=1600), COMPANY, TODAY)
    assert (verdict.must_start, verdict.days_late) == (date(2026, 12, 28), 0)
    late = judge(Owed(7, WORKED, NO_LIMITS, due=due, pace=1600), COMPANY, date(2027, 1, 4))
    assert late.days_late == 7
    unknown = judge(Owed(7, None, NO_LIMITS, due=due), COMPANY, date(2027, 3, 3))
    assert (unknown.must_start, unknown.days_late) == (due, 2)


def test_an_estimate_of_two_numbers_is_never_too_wide() -> None:
    assert not is_too_wide(12, 12, COMPANY) and not is_too_wide(None, None, COMPANY)
    assert is_too_wide(12, 24.1, COMPANY) and is_too_wide(3, None, COMPANY)
    assert not is_too_wide(12.1, None, COMPANY) and not is_too_wide(3, 24, COMPANY)


def test_the_day_a_fix_has_paid_for_itself_is_whole_months_away() -> None:
    assert pays_on(10.3, TODAY) == date(2027, 10, 27)
    assert pays_on(3.0000000000001, date(2026, 11, 30)) == date(2027, 2, 28)
    assert pays_on(None, TODAY) is None and pays_on(10**6, TODAY) is None


@given(estimates(st.integers(-500, 1000)), limits, companies, st.one_of(st.none(), st.integers(0, 4000)))
def test_every_estimate_has_a_verdict_and_its_numbers_bear_it_out(estimate, bounds, company, days) -> None:
    bounds = SystemLimits(
        bounds.rebuild, bounds.effort, TODAY + timedelta(days) if days is not None else None
    )
    verdict = judge(Owed(1, estimate, bounds), company, TODAY)
    code = verdict.code
    if code in (Code.REPAY, Code.SCHEDULE):
        assert verdict.saved > 0
    if code is Code.REPAY:
        assert verdict.pays_after is not None and verdict.pays_after <= company.payback_limit + 1e-6
    if code is Code.CARRY:
        assert verdict.saved <= 1e-6
    if code is Code.WRITE_OFF:
        paid = pays_on(verdict.pays_after, TODAY)
        assert bounds.retires_on and (paid is None or bounds.retires_on < paid or bounds.retires_on <= TODAY)
    if code is Code.TOO_WIDE:
        assert not estimate.plain


RANK = [Code.WRITE_OFF, Code.CARRY, Code.SCHEDULE, Code.REPAY]


@given(
    estimates(), limits, companies, st.integers(0, 1000), st.integers(0, 3000), st.integers(0, 1000),
    st.one_of(st.none(), st.integers(0, 1500)),
)  # fmt: skip
def test_more_interest_never_postpones(estimate, bounds, company, more, chance, growth, days) -> None:
    """A verdict of one case only moves towards fixing it, when more is lost, oftener, or growing faster."""
    bounds = SystemLimits(
        bounds.rebuild, bounds.effort, TODAY + timedelta(days) if days is not None else None
    )

    def one_case(loss: int, p: int, g: int) -> Estimate:
        fix = ThreePoint.of(estimate.fix.likely)
        return Estimate(
            fix, ThreePoint.of(loss), p, g, estimate.fix_growth, estimate.months, estimate.left_over
        )

    less = one_case(estimate.loss.likely, estimate.chance, estimate.growth)
    worse = one_case(
        estimate.loss.likely + more,
        min(estimate.chance + chance, 10_000),
        min(estimate.growth + growth, 1000),
    )
    before, after = (judge(Owed(1, each, bounds), company, TODAY) for each in (less, worse))
    assert RANK.index(after.code) >= RANK.index(before.code)
    assert after.urgency >= before.urgency
