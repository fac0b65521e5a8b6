"""In which order debts are fixed, and the plan by month: nothing beyond what can be done, no item twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_estimates import DebtSettings
from adr_app.domain.debt_formulas import cost_after, whole
from adr_app.domain.debt_order import held, in_order, plan, planned
from adr_app.domain.debt_verdicts import Code, Owed, Verdict, judge
from tests.domain.test_debt_formulas import COMPANY, NO_LIMITS, estimates
from tests.domain.test_debt_verdicts import plain

FIRST = date(2026, 11, 1)


def judged(number: int, estimate, **more) -> Verdict:
    return judge(Owed(number, estimate, NO_LIMITS, **more), COMPANY, FIRST)


def test_duties_come_first_by_their_start_then_what_saves_most_for_its_work_then_what_is_shorter() -> None:
    verdicts = [
        judged(1, plain(10, 1)),
        judged(2, plain(10, 2)),
        judged(3, plain(5, 1)),
        judged(4, plain(20, 4)),
        judged(5, plain(40, 0), due=date(2027, 6, 1)),
        judged(6, plain(5, 0), due=date(2027, 4, 1)),
        judged(7, plain(5, 0), due=date(2027, 6, 1)),
    ]
    assert [each.number for each in in_order(verdicts)] == [6, 5, 7, 3, 2, 4, 1]


def test_a_plan_has_what_is_to_be_fixed_and_neither_what_is_carried_nor_what_is_unclear() -> None:
    verdicts = [
        judged(1, plain(10, 1)),
        judged(2, plain(13, 1)),
        judged(3, plain(100, 1)),
        judged(4, None),
        judged(5, None, due=date(2027, 1, 1)),
        judged(6, plain(10, 0), due=date(2027, 1, 1)),
    ]
    assert [each.number for each in planned(verdicts)] == [1, 2, 6]


def test_work_is_spread_over_months_by_pace_and_room_and_the_rest_is_said() -> None:
    verdicts = [judged(1, plain(20, 5), pace=800), judged(2, plain(10, 1)), judged(3, plain(30, 3))]
    made = plan(verdicts, 1000, FIRST, 4)
    assert [(row.number, row.start, row.work, row.done) for row in made.placed] == [
        (1, 0, (800, 800, 400), True),
        (2, 0, (200, 200, 600), True),
        (3, 3, (1000,), False),
    ]
    assert made.used == made.room == (1000,) * 4 and made.left == ()
    assert plan([*verdicts, judged(9, plain(1, 1))], 1000, FIRST, 4).left == (9,)


def test_of_the_first_month_only_what_is_left_of_it_can_be_used() -> None:
    made = plan([judged(1, plain(20, 5), pace=600)], 1500, date(2026, 11, 28), 4)
    assert made.room == (150, 1500, 1500, 1500)
    assert made.placed[0].work == (60, 600, 600, 600)
    assert made.months == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


def test_an_item_moved_by_hand_goes_where_it_was_put_and_the_plan_costs_what_was_lost_meanwhile() -> None:
    verdicts = [judged(1, plain(10, 5)), judged(2, plain(10, 1))]
    without = plan(verdicts, 1000, FIRST, 6)
    moved = plan(verdicts, 1000, FIRST, 6, {1: 3})
    assert [(row.number, row.start, row.by_hand) for row in moved.placed] == [(1, 3, True), (2, 0, False)]
    assert without.cost == 5 * 100 + 2 * 100
    assert moved.cost == 5 * 400 + 1 * 100
    out = plan(verdicts, 1000, FIRST, 6, {1: None})
    assert out.left == (1,) and out.cost == 5 * 600 + 1 * 100


def test_a_fix_that_becomes_dearer_is_planned_with_what_it_costs_when_it_begins() -> None:
    dear = judged(1, plain(10, 1, fix_growth=1000))
    made = plan([dear], 1000, FIRST, 6, {1: 2})
    assert sum(made.placed[0].work) == 1210
    assert dear.case is not None
    assert made.cost == pytest.approx(held(dear.case, 2, 4)) == pytest.approx(4 * 100 + 210)


hands = st.dictionaries(st.integers(1, 12), st.one_of(st.none(), st.integers(0, 30)), max_size=6)


@given(
    st.lists(st.tuples(estimates(), st.one_of(st.none(), st.integers(1, 3000))), max_size=12),
    st.integers(1, 60_00), st.integers(1, 24), st.integers(1, 30), hands,
)  # fmt: skip
def test_no_plan_holds_more_than_can_be_done_or_loses_an_item(items, capacity, months, day, by_hand) -> None:
    today = date(2026, 11, day)
    verdicts = [
        judge(Owed(number, estimate, NO_LIMITS, pace=pace), COMPANY, today)
        for number, (estimate, pace) in enumerate(items, 1)
    ]
    ordered = in_order(verdicts)
    made = plan(ordered, capacity, today, months, by_hand)
    assert len(made.room) == len(made.used) == months
    assert all(0 <= used <= room for used, room in zip(made.used, made.room, strict=True))
    numbers = [row.number for row in made.placed] + list(made.left)
    assert sorted(numbers) == sorted(verdict.number for verdict in verdicts)
    by_month = [0] * months
    for row in made.placed:
        case = next(v.case for v in verdicts if v.number == row.number)
        assert case is not None and row.end < months
        for at, work in enumerate(row.work, row.start):
            by_month[at] += work
        if row.done:
            assert sum(row.work) == max(whole(cost_after(case, row.start)), 1)
        assert row.by_hand == (by_hand.get(row.number) is not None)
        assert not row.by_hand or row.start >= (by_hand[row.number] or 0)
    assert tuple(by_month) == made.used
    assert all(number not in by_hand or by_hand[number] is not None for number in map(_number, made.placed))


def _number(row) -> int:
    return row.number


def test_a_company_that_can_do_nothing_has_a_plan_of_nothing() -> None:
    made = plan([judged(1, plain(10, 5))], 0, FIRST, 3)
    assert made.placed == () and made.left == (1,) and made.used == (0, 0, 0)
    assert judge(Owed(1, plain(1, 1), NO_LIMITS), DebtSettings(), FIRST).code is Code.REPAY
