"""What an estimate comes to: the worked item to its printed digits, closed forms against walking months."""

from datetime import date
from math import ceil

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from adr_app.domain.debt import in_money
from adr_app.domain.debt_courses import Course, course
from adr_app.domain.debt_estimates import DebtSettings, Estimate, SystemLimits, ThreePoint
from adr_app.domain.debt_formulas import (
    Reckoning,
    breaking_point,
    cost_after,
    cost_of_delay,
    expected,
    latest_start,
    pace_of,
    payback,
    price_of_waiting,
    reckon,
    reckon_best,
    reckon_worst,
    return_within,
    saved_within,
    spread,
    urgency,
    weeks_of,
    whole,
)

COMPANY = DebtSettings(day_rate=80_000, capacity=4000)
WORKED = Estimate(
    ThreePoint(2000, 3000, 5200),
    ThreePoint(200, 400, 900),
    chance=8000, growth=300, fix_growth=100, months=2, left_over=1000,
)  # fmt: skip
"""The worked item of the specification, TD-0007."""

NO_LIMITS = SystemLimits()


def euros(effort: float) -> int:
    """Return an effort in whole euros at the company's day rate, half a euro rounded up."""
    assert COMPANY.day_rate is not None
    return round(effort * COMPANY.day_rate / 100 / 100)


@pytest.fixture
def worked() -> Reckoning:
    return reckon(WORKED, NO_LIMITS, COMPANY)


def test_the_worked_item_is_expected_to_cost_and_to_lose_what_is_printed(worked: Reckoning) -> None:
    assert expected(WORKED.fix) == 3200 and expected(WORKED.loss) == 450
    assert round(spread(WORKED.fix)) == 533
    assert round(worked.loss.month(1), 9) == 360


def test_the_worked_item_breaks_even_and_pays_back_in_the_printed_months(worked: Reckoning) -> None:
    linear = reckon(
        Estimate(WORKED.fix, WORKED.loss, chance=8000, months=2, left_over=1000), NO_LIMITS, COMPANY
    )
    assert f"{breaking_point(linear):.1f}" == "8.9" and f"{breaking_point(worked):.1f}" == "8.0"
    assert f"{payback(worked):.1f}" == "10.3"
    assert f"{payback(reckon_best(WORKED, NO_LIMITS, COMPANY)):.1f}" == "4.8"
    assert f"{payback(reckon_worst(WORKED, NO_LIMITS, COMPANY)):.1f}" == "25.8"


def test_waiting_with_the_worked_item_costs_what_is_printed(worked: Reckoning) -> None:
    prices = [price_of_waiting(worked, months) for months in (0, 6, 12, 24)]
    assert [f"{price / 100:.1f}" for price in prices] == ["32.0", "57.3", "87.1", "164.6"]
    assert [euros(price) for price in prices] == [25_600, 45_804, 69_720, 131_653]


def test_fixing_the_worked_item_saves_what_is_printed(worked: Reckoning) -> None:
    assert euros(saved_within(worked)) == 49_526
    assert f"{return_within(worked):.0%}" == "228%"


def test_the_worked_item_is_as_urgent_as_printed(worked: Reckoning) -> None:
    pace = pace_of(worked, COMPANY, 1600)
    assert pace == pace_of(worked, COMPANY) == 1600
    assert euros(cost_of_delay(worked)) == 3136 and euros(cost_of_delay(worked) * 12 / 52) == 724
    assert f"{weeks_of(worked, pace):.1f}" == "8.7"
    assert f"{urgency(worked, pace) * COMPANY.day_rate / 10_000:.1f}" == "83.5"


def test_the_case_to_carry_pays_back_after_82_months_and_saves_less_than_nothing() -> None:
    case = reckon(Estimate(ThreePoint.of(4000), ThreePoint.of(50), months=2), NO_LIMITS, COMPANY)
    assert payback(case) == 82
    assert euros(saved_within(case)) == -23_706


def test_work_on_an_obligation_starts_so_many_whole_weeks_before_its_day() -> None:
    assert latest_start(date(2027, 3, 1), 8.667) == date(2026, 12, 28)
    assert latest_start(date(2027, 3, 1), 8.0000000000001) == date(2027, 1, 4)
    assert latest_start(date(1, 1, 3), 20_000) == date(1, 1, 1)


efforts = st.integers(1, 500_00)
growths = st.one_of(st.just(0), st.integers(0, 1000))
any_growths = st.integers(-500, 1000)


@st.composite
def courses(draw: st.DrawFn, growth: st.SearchStrategy[int] = any_growths) -> Course:
    cap = draw(st.one_of(st.none(), st.integers(0, 1000_00)))
    return course(draw(st.integers(0, 500_00)) / 6, draw(growth) / 10_000, cap)


def walked(one: Course, months: int, first: int = 1) -> float:
    return sum(one.month(k) for k in range(first, months + 1))


@given(courses(), st.integers(0, 150))
@example(course(100, 0.01, 100), 12)
@example(course(100, -0.05, 60), 30)
def test_a_total_is_the_sum_of_its_months(one: Course, months: int) -> None:
    assert one.total(months) == pytest.approx(walked(one, months), rel=1e-9, abs=1e-9)


@given(courses(), st.integers(0, 40), st.integers(0, 80), st.integers(0, 3000))
def test_what_a_course_is_worth_today_is_the_sum_of_its_discounted_months(
    one, after, length, discount
) -> None:
    monthly = (1 + discount / 10_000) ** (1 / 12) - 1
    summed = sum(one.month(k) / (1 + monthly) ** k for k in range(after + 1, after + length + 1))
    assert one.worth(after, after + length, monthly) == pytest.approx(summed, rel=1e-7, abs=1e-9)


@given(courses(), st.integers(1, 2000_00))
def test_an_amount_is_reached_in_the_month_in_which_walking_reaches_it(one: Course, amount: int) -> None:
    reached = one.reached(amount)
    if reached is None:
        assert walked(one, 400) < amount
        return
    assume(reached < 400)
    last = ceil(reached - 1e-6)
    assert walked(one, last) >= amount * (1 - 1e-9)
    assert last == 0 or walked(one, last - 1) <= amount * (1 + 1e-9)
    assert one.total(reached) == pytest.approx(amount)


@st.composite
def points(draw: st.DrawFn, least: int = 0, most: int = 300_00) -> ThreePoint:
    return ThreePoint(*sorted(draw(st.tuples(*[st.integers(least, most)] * 3))))


@st.composite
def estimates(draw: st.DrawFn, growth: st.SearchStrategy[int] = growths) -> Estimate:
    return Estimate(
        draw(points(least=1)),
        draw(points(most=40_00)),
        chance=draw(st.integers(0, 10_000)),
        growth=draw(growth),
        fix_growth=draw(growth),
        months=draw(st.integers(0, 12)),
        left_over=draw(st.integers(0, 10_000)),
        avoided=draw(st.one_of(st.just(0), st.integers(0, 5_000_00))),
    )


limits = st.builds(
    SystemLimits,
    rebuild=st.one_of(st.none(), st.integers(0, 400_00)),
    effort=st.one_of(st.none(), st.integers(0, 60_00)),
)
companies = st.builds(
    DebtSettings,
    day_rate=st.one_of(st.none(), st.integers(1, 200_000)),
    capacity=st.one_of(st.none(), st.integers(1, 400_00)),
    discount=st.integers(0, 3000),
    horizon=st.integers(1, 60),
)


@given(estimates(any_growths), limits, companies)
def test_what_is_saved_is_the_sum_of_its_months(estimate, bounds, company) -> None:
    case = reckon(estimate, bounds, company)
    rate = 1 + case.discount
    value = 0.0 if case.months else -case.cost
    value -= sum(case.cost / case.months / rate**k for k in range(1, case.months + 1))
    for k in range(case.months + 1, case.horizon + 1):
        value += (case.saved * case.loss.month(k) + case.avoided) / rate**k
    assert saved_within(case) == pytest.approx(value, rel=1e-7, abs=1e-6)


@given(estimates(any_growths), limits, companies)
def test_a_fix_has_paid_for_itself_in_the_month_in_which_walking_says_so(estimate, bounds, company) -> None:
    case = reckon(estimate, bounds, company)
    months = payback(case)
    brought, month = 0.0, case.months
    while brought < case.cost * (1 - 1e-9) and month < 600:
        month += 1
        brought += case.saved * case.loss.month(month) + case.avoided
    if months is None or months > 600:
        assert brought < case.cost
    elif brought >= case.cost * (1 - 1e-9):
        assert whole(months) == month or abs(months - month) < 1e-5 or abs(months - month + 1) < 1e-5


@given(estimates(), limits, companies, st.integers(0, 60), st.integers(1, 60))
def test_waiting_never_gets_cheaper(estimate, bounds, company, months, longer) -> None:
    case = reckon(estimate, bounds, company)
    assert price_of_waiting(case, months + longer) >= price_of_waiting(case, months)


@given(estimates(any_growths), limits, companies, st.integers(0, 120))
def test_nothing_costs_more_than_building_anew_and_nothing_loses_more_than_is_spent(
    estimate, bounds, company, months
) -> None:
    case = reckon(estimate, bounds, company)
    if bounds.rebuild is not None:
        assert cost_after(case, months) <= bounds.rebuild
    if bounds.effort is not None:
        assert case.loss.month(months + 1) <= bounds.effort
        assert case.loss.total(months) <= bounds.effort * months * (1 + 1e-12) + 1e-9


@given(estimates(), limits, companies, st.integers(1, 500), st.integers(0, 400))
def test_more_lost_each_month_never_pays_later_saves_less_or_is_less_urgent(
    estimate, bounds, company, more, spread_out
) -> None:
    loss = estimate.loss
    worse = ThreePoint(loss.low + more, loss.likely + more, loss.high + more + spread_out)
    before = reckon(estimate, bounds, company)
    after = reckon(
        Estimate(
            estimate.fix, worse, estimate.chance, estimate.growth, estimate.fix_growth,
            estimate.months, estimate.left_over, estimate.avoided,
        ),
        bounds, company,
    )  # fmt: skip
    assert never_later(payback(after), payback(before))
    assert never_later(breaking_point(after), breaking_point(before))
    assert saved_within(after) >= saved_within(before) - 1e-6
    assert cost_of_delay(after) >= cost_of_delay(before)
    pace = pace_of(before, company)
    assert urgency(after, pace) >= urgency(before, pace)


def never_later(one: float | None, other: float | None) -> bool:
    return other is None or (one is not None and one <= other * (1 + 1e-9) + 1e-9)


@given(estimates(), limits, companies)
def test_the_range_of_an_estimate_holds_what_is_expected(estimate, bounds, company) -> None:
    best, usual, worst = (
        reckon_(estimate, bounds, company) for reckon_ in (reckon_best, reckon, reckon_worst)
    )
    assert never_later(payback(best), payback(usual)) and never_later(payback(usual), payback(worst))
    assert saved_within(best) >= saved_within(usual) - 1e-6 >= saved_within(worst) - 2e-6


def test_where_a_loss_is_avoided_it_counts_each_month_once_the_fix_is_done() -> None:
    def after(estimate: Estimate) -> float | None:
        return payback(reckon(estimate, NO_LIMITS, COMPANY))

    five, nothing = ThreePoint.of(500), ThreePoint.of(0)
    assert after(Estimate(five, nothing)) is None
    assert after(Estimate(five, nothing, months=1, avoided=1_000_00)) == 5
    assert after(Estimate(five, ThreePoint.of(125), months=1, avoided=1_000_00)) == pytest.approx(3)
    assert after(Estimate(five, ThreePoint.of(125), left_over=10_000, avoided=1_000_00)) == pytest.approx(4)
    no_rate = reckon(Estimate(five, nothing, avoided=1_000_00), NO_LIMITS, DebtSettings())
    assert payback(no_rate) is None


def test_a_pace_is_what_was_given_else_by_its_months_else_one_person_and_never_more_than_there_is() -> None:
    plain = reckon(Estimate(ThreePoint.of(3200), ThreePoint.of(1)), NO_LIMITS, COMPANY)
    assert round(pace_of(plain, COMPANY)) == 2167 and pace_of(plain, COMPANY, 800) == 800
    assert pace_of(plain, DebtSettings(capacity=1000)) == 1000
    assert weeks_of(plain, pace_of(plain, COMPANY)) == pytest.approx(6.4)


@given(st.integers(0, 100_000_00), st.integers(0, 10**9))
def test_money_is_effort_at_the_company_s_own_day_rate_half_a_unit_up(effort: int, rate: int) -> None:
    assert abs(in_money(effort, rate) * 100 - effort * rate) <= 50
