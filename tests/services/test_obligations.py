"""Duties by law or contract: they come back and press by their dates, with no job that writes them."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.obligations import Duty, after_months, recurrence
from adr_app.services import obligations, role_inputs
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.services.pressing import DUTY

LATER = datetime(2027, 1, 20, 9, 0, tzinfo=START.tzinfo)


def pressing(viewer: Viewer, at: datetime) -> list[tuple[str, date | None]]:
    return [(one.name, one.bites_on) for one in role_inputs.of_company(viewer.company, at).pressures]


def test_a_duty_presses_from_a_year_before_its_day_and_again_once_it_was_met(cto: Viewer) -> None:
    row = obligations.add(cto, DUTY, at=START)
    assert pressing(cto, START) == [("Yearly risk analysis", date(2027, 1, 31))]
    obligations.meet(cto, row.id, due_on="2027-01-31", met_on="2027-01-20", evidence="Report 4", at=LATER)
    assert pressing(cto, LATER) == []  # the next day is more than a year ahead
    assert pressing(cto, LATER + timedelta(days=30)) == [("Yearly risk analysis", date(2028, 1, 31))]
    assert [one.evidence for one in obligations.line(cto, row.id).met] == ["Report 4"]


def test_who_sends_the_form_twice_meets_a_duty_once(cto: Viewer) -> None:
    row = obligations.add(cto, DUTY | {"months": "1"}, at=START)
    meet = {"due_on": "2027-01-31", "met_on": "2027-01-20", "evidence": "x"}
    obligations.meet(cto, row.id, **meet, at=LATER)
    with pytest.raises(WrongState, match="already"):
        obligations.meet(cto, row.id, **meet, at=LATER)
    assert obligations.line(cto, row.id).duty.due_on == date(2027, 2, 28)


def test_a_duty_of_one_day_is_over_once_it_was_met(cto: Viewer) -> None:
    row = obligations.add(cto, DUTY | {"months": ""}, at=START)
    obligations.meet(cto, row.id, due_on="2027-01-31", met_on="2026-11-24", evidence="x", at=START)
    assert obligations.line(cto, row.id).duty.due_on is None and pressing(cto, START) == []
    with pytest.raises(WrongState):
        obligations.meet(cto, row.id, due_on="2027-01-31", met_on="2026-11-24", evidence="x", at=START)


def test_an_overdue_duty_presses_until_it_is_met_or_ends(cto: Viewer) -> None:
    row = obligations.add(cto, DUTY | {"first_on": "2026-11-01"}, at=START)
    (one,) = role_inputs.of_company(cto.company, START).pressures
    assert one.hurts_already(START.date())
    obligations.end(cto, row.id, why="We gave up the data.", at=START)
    assert pressing(cto, START) == [] and [each.id for each in obligations.ended(cto.company.id)] == [row.id]
    for act in (
        lambda: obligations.end(cto, row.id, why="x", at=START),
        lambda: obligations.change(cto, row.id, DUTY, at=START),
        lambda: obligations.meet(
            cto, row.id, due_on="2026-11-01", met_on="2026-11-02", evidence="x", at=START
        ),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_change_of_the_day_moves_what_presses(cto: Viewer) -> None:
    row = obligations.add(cto, DUTY, at=START)
    assert obligations.change(cto, row.id, DUTY, at=START) is None
    assert obligations.change(cto, row.id, DUTY | {"first_on": "2026-12-01"}, at=START) is not None
    assert pressing(cto, START) == [("Yearly risk analysis", date(2026, 12, 1))]


@pytest.mark.parametrize(
    "field", ["name", "source", "reference", "asks", "kind", "consequence", "loses", "level", "first_on"]
)
def test_a_duty_says_what_it_asks_where_it_is_written_and_when_it_is_due(cto: Viewer, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        obligations.add(cto, DUTY | {field: ""}, at=START)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("months", ["0", "121", "-1", "often"])
def test_a_duty_comes_back_every_month_to_every_ten_years_or_not_at_all(cto: Viewer, months: str) -> None:
    with pytest.raises(Invalid):
        obligations.add(cto, DUTY | {"months": months}, at=START)


@pytest.mark.parametrize("met_on", ["", "2026-11-25", "x"])
def test_a_duty_is_met_on_a_day_that_has_come(cto: Viewer, met_on: str) -> None:
    row = obligations.add(cto, DUTY, at=START)
    with pytest.raises(Invalid) as refused:
        obligations.meet(cto, row.id, due_on="2027-01-31", met_on=met_on, evidence="x", at=START)
    assert list(refused.value.fields) == ["met_on"]


def test_the_team_reads_duties_and_others_are_of_other_companies(cast: Cast, cto: Viewer) -> None:
    with pytest.raises(NotAllowed):
        obligations.add(cast.viewer("member", START), DUTY, at=START)
    row = obligations.add(cast.viewer("admin", START), DUTY, at=START)
    with quick_passwords():
        other = cast_of("Ostara", START).viewer("cto", START)
    for act in (
        lambda: obligations.line(other, row.id),
        lambda: obligations.end(other, row.id, why="x", at=START),
        lambda: obligations.change(other, row.id, DUTY | {"level": "4"}, at=START),
        lambda: obligations.meet(
            other, row.id, due_on="2027-01-31", met_on="2026-11-24", evidence="x", at=START
        ),
    ):
        with pytest.raises(NotFound):
            act()


days = st.dates(date(2001, 1, 1), date(2090, 1, 1))


@given(days, st.integers(1, 120), st.integers(0, 30))
def test_the_next_day_is_the_first_of_the_series_that_was_not_met(first: date, months: int, met: int) -> None:
    series = [after_months(first, n * months) for n in range(met + 2)]
    duty = Duty(1, "A", "customer_audit", "x", 3, "r", first, first, months, series[met])
    assert duty.due_on == series[met + 1]
    assert all(a < b for a, b in pairwise(series))


@given(days, st.integers(-600, 600))
def test_so_many_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = after_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_how_often_is_said_in_words() -> None:
    words = [recurrence(n) for n in (None, 1, 3, 12, 18)]
    assert words == ["once", "every month", "every quarter", "every year", "every 18 months"]
