"""Debt in relation: what is not known is never shown as zero, and no share is more than everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_ratios import (
    Accuracy,
    accuracy,
    build_effort,
    debt_to_rebuild,
    interest_share,
    job_points,
    months_to_clear,
    sonarqube_ratio,
)


def test_working_time_lost_to_debt_is_a_share_of_all_of_it() -> None:
    assert interest_share([360.0, 240.0], 4000) == 1500
    assert interest_share([], 4000) == 0


@given(st.lists(st.floats(0, 10**7), max_size=20), st.integers(1, 10**6))
def test_items_overlap_so_that_their_sum_never_takes_more_than_everything(losses, capacity) -> None:
    assert 0 <= interest_share(losses, capacity) <= 10_000


def test_what_a_company_or_a_system_has_not_said_leaves_a_ratio_unknown() -> None:
    assert interest_share([100.0], None) is None and interest_share([100.0], 0) is None
    assert months_to_clear([100.0], None) is None and debt_to_rebuild([100.0], None) is None
    assert accuracy([]) is None and accuracy([(300, 0)]) is None
    assert sonarqube_ratio(600, 0) is None and job_points(8, 5, 3, 0) is None


def test_months_to_clear_and_the_share_of_a_rebuild_add_up_all_fixes() -> None:
    assert months_to_clear([3200.0, 1600.0], 1600) == 3
    assert debt_to_rebuild([3200.0, 1800.0], 10_000) == 5000


def test_estimates_were_off_by_the_middle_ratio_and_it_says_of_how_many() -> None:
    assert accuracy([(150, 100), (100, 100), (400, 100), (7, 0)]) == Accuracy(15_000, 3)
    assert accuracy([(150, 100), (100, 100)]) == Accuracy(12_500, 2)


def test_ratios_of_others_come_out_as_their_makers_print_them() -> None:
    assert sonarqube_ratio(3000, 1000) == 1000
    assert [build_effort(10, stars) for stars in (1, 3, 5)] == [20, 10, 5]
    assert job_points(8, 5, 3, 2) == pytest.approx(8)
