"""Verdicts, the plan and the books of a company's debt, from what people really did, on both engines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.debt import State
from adr_app.domain.debt_flow import Flow, Term
from adr_app.domain.debt_verdicts import Code
from adr_app.domain.errors import NotFound
from adr_app.models.debt import DebtItem
from adr_app.models.people import Company
from adr_app.services import (
    debt,
    debt_carries,
    debt_estimates,
    debt_numbers,
    debt_periods,
    debt_plan,
    debt_steps,
    people,
    systems,
)
from adr_app.services.people import Viewer
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DETAIL = {
    "fix_low": "20", "fix_high": "52", "loss_low": "2", "loss_high": "9", "chance": "80",
    "growth": "spreads", "growth_reason": "Every report copies it", "fix_growth": "1",
    "months": "2", "left_over": "10",
}  # fmt: skip


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur, which has forty working days a month of 800 euros, and at Ostara."""
    made = cast(AT - timedelta(days=200))
    Company.update(capacity_days=40, day_rate=80_000, debt_limit_days=5).execute()
    everybody = (made.sam, made.vera, made.mia, made.ray, made.olga)
    return Cast(AT, *(people.viewer(one.person, one.company.slug, AT) for one in everybody))


def owed(
    by: Viewer, fix: str, loss: str, *, at: datetime = AT, system: str = "Billing", title: str = "Old login",
    security: bool = False, **detail: str,
) -> DebtItem:  # fmt: skip
    item = debt.note(by, title=title, security=security, at=at)
    return estimated(by, item.number, fix, loss, at=at, system=system, **detail)


def estimated(
    by: Viewer, number: int, fix: str, loss: str, *, at: datetime = AT, system: str = "Billing", **detail: str
) -> DebtItem:
    return debt_estimates.analyse(
        by, number, fix_days=fix, monthly_loss=loss, system=system, owner=str(by.person.id),
        intent="inadvertent", care="prudent", detail=detail, at=at,
    )  # fmt: skip


def verdicts(by: Viewer, at: datetime = AT) -> dict[int, Code]:
    return {one.number: one.verdict.code for one in debt_numbers.judged(by, at)}


def test_each_open_item_has_the_verdict_of_its_newest_estimate(here: Cast) -> None:
    debt.note(here.mia, title="Noted only", at=AT)
    owed(here.mia, "10", "1")
    owed(here.mia, "30", "4", **DETAIL)
    owed(here.mia, "40", "0.5")
    debt.repay(here.mia, owed(here.mia, "1", "1").number, at=AT)
    owed(here.olga, "1", "1")
    assert verdicts(here.ray) == {1: Code.UNKNOWN, 2: Code.REPAY, 3: Code.TOO_WIDE, 4: Code.CARRY}
    estimated(here.sam, 2, "60", "1")
    assert verdicts(here.ray)[2] is Code.CARRY
    worked = debt_numbers.judged_one(here.ray, 3, AT)
    assert worked.verdict.cost == 3200 and round(worked.verdict.saved) == 6191


def test_a_system_that_ends_and_a_duty_with_a_day_come_before_what_pays(here: Cast) -> None:
    owed(here.mia, "10", "1")
    owed(here.mia, "10", "1", system="Wiki")
    systems.describe(here.mia, "Wiki", {"retires_on": "2027-03-01"}, at=AT)
    debt.revise(
        here.mia, 1, title="Old login", kind="other", system="Billing",
        details={"obligation_on": "2027-03-01"}, at=AT,
    )  # fmt: skip
    assert verdicts(here.mia) == {1: Code.OBLIGATION, 2: Code.WRITE_OFF}
    assert debt_numbers.judged_one(here.mia, 1, AT).verdict.must_start == date(2027, 2, 15)


def test_limits_of_a_system_and_the_age_of_an_estimate_count(here: Cast) -> None:
    owed(here.mia, "30", "4", **DETAIL)
    systems.describe(here.mia, "Billing", {"rebuild": "33", "effort": "3"}, at=AT)
    case = debt_numbers.judged_one(here.mia, 1, AT + timedelta(days=158)).verdict.case
    assert case is not None
    assert (case.cost, case.loss.month(1)) == (3300, 300)


def test_money_in_a_currency_that_is_no_longer_the_company_s_does_not_count(here: Cast) -> None:
    owed(here.mia, "10", "0", avoided="5000", avoided_reason="A fine")
    assert verdicts(here.mia) == {1: Code.REPAY}
    Company.update(currency="USD").where(Company.slug == "larkspur").execute()
    later = people.viewer(here.mia.person, "larkspur", AT)
    found = debt_numbers.judged_one(later, 1, AT)
    assert found.other_currency and found.verdict.code is Code.CARRY


def test_an_item_of_another_company_or_none_is_not_found(here: Cast) -> None:
    owed(here.mia, "10", "1")
    for by, number in ((here.olga, 1), (here.mia, 2), (here.mia, 0), (here.mia, 2**40)):
        with pytest.raises(NotFound):
            debt_numbers.judged_one(by, number, AT)


def test_the_plan_takes_its_order_from_verdicts_and_its_months_from_people(here: Cast) -> None:
    owed(here.mia, "10", "1", title="Slow")
    owed(here.mia, "10", "5", title="Fast")
    owed(here.mia, "40", "0.5", title="To be lived with")
    owed(here.mia, "6", "0.1", title="Wanted all the same")
    debt.note(here.mia, title="Noted only", at=AT)
    debt_steps.schedule(here.mia, 4, starts_on="2027-02-01", monthly_work="3", at=AT)
    debt_steps.schedule(here.mia, 1, starts_on="2027-04-01", monthly_work="10", at=AT)
    found = debt_plan.planned(here.ray, AT, capacity=1000)
    assert found is not None
    shown = [(row.number, found.plan.months[row.start], row.work) for row in found.plan.placed]
    assert shown == [
        (2, date(2026, 11, 1), (233, 767)),
        (1, date(2027, 4, 1), (1000,)),
        (4, date(2027, 2, 1), (300, 300)),
    ]
    assert {kind: [one.number for one in items] for kind, items in found.rest.items()} == {
        Code.CARRY: [3],
        Code.UNKNOWN: [5],
    }
    assert found.hands == {1: 5, 4: 3} and found.beyond > 0


def test_a_month_is_tried_without_storing_it_and_the_cost_of_it_is_told(here: Cast) -> None:
    owed(here.mia, "10", "5")
    base = debt_plan.planned(here.mia, AT)
    tried = debt_plan.planned(here.mia, AT, tried={1: date(2027, 2, 1)})
    out = debt_plan.planned(here.mia, AT, tried={1: None})
    assert base and tried and out
    assert (base.beyond, round(tried.beyond)) == (0, 4 * 500 - 2 * 500)
    assert round(out.beyond) == 24 * 500 - 2 * 500
    assert out.plan.left == (1,) and debt_plan.row_of(out, 1) is None
    placed = debt_plan.row_of(tried, 1)
    assert placed is not None and placed.by_hand
    assert debt.find(here.mia, 1).state == State.ANALYSED


def test_what_is_begun_stands_in_this_month_and_what_is_lived_with_in_none(here: Cast) -> None:
    owed(here.mia, "10", "1")
    owed(here.mia, "10", "1")
    debt_steps.schedule(here.mia, 1, starts_on="2026-11-01", monthly_work="5", at=AT)
    debt_steps.start(here.mia, 1, at=AT)
    debt_carries.carry(here.sam, 2, reason="We sell in spring", until="2027-05-01", at=AT)
    found = debt_plan.planned(here.mia, AT + timedelta(days=40))
    assert found is not None and found.hands == {1: 0}
    assert list(found.rest) == [State.CARRIED]
    over = debt_plan.planned(here.mia, datetime(2027, 5, 2, 9, tzinfo=UTC))
    assert over is not None and 2 in over.by_item


def test_a_company_that_has_not_said_what_it_can_do_has_no_plan(here: Cast) -> None:
    Company.update(capacity_days=None).execute()
    assert debt_plan.planned(people.viewer(here.mia.person, "larkspur", AT), AT) is None


def test_the_books_of_a_year_come_from_the_acts_and_add_up(here: Cast) -> None:
    begun = AT - timedelta(days=90)
    owed(here.mia, "20", "1", at=begun)
    owed(here.mia, "10", "1", at=begun, fix_growth="1", growth_reason="More tables each month")
    owed(here.mia, "7", "1", at=begun)
    owed(here.mia, "5", "1", at=begun, system="Wiki")
    estimated(here.mia, 1, "24", "1", at=AT)
    debt.repay(here.mia, 3, actual_days="9", at=AT)
    debt_steps.write_off(here.sam, 4, retires_on="2027-01-01", at=AT)
    owed(here.mia, "46", "1", at=AT)
    debt.mark_not_debt(here.mia, owed(here.mia, "3", "1", at=AT).number, reason="A feature", at=AT)
    found = debt_periods.bridge(here.ray, date(2026, 9, 1), date(2026, 11, 24))
    assert found == Flow(
        opening=42_00, incurred=49_00, grown=20, re_estimated=4_00 - 3_00,
        repaid=7_00, written_off=5_00, closing=80_20,
    )  # fmt: skip
    debt.reopen(here.mia, 3, reason="Still there", at=AT + timedelta(days=1))
    later = debt_periods.bridge(here.ray, date(2026, 11, 25), date(2026, 11, 25))
    assert later == Flow(opening=80_20, incurred=7_00, closing=87_20)
    known = debt_periods.histories(here.ray)
    rows, count = debt_periods.behind(here.ray, date(2026, 9, 1), date(2026, 11, 24), known)
    assert count == len(rows) == 8
    assert (rows[0].number, rows[0].posting.term, rows[0].posting.amount) == (5, Term.INCURRED, 46_00)
    assert sum(row.posting.amount for row in rows) == found.closing - found.opening


def test_growth_stops_at_what_building_anew_was_said_to_cost_at_that_time(here: Cast) -> None:
    begun = AT - timedelta(days=90)
    owed(here.mia, "10", "1", at=begun, fix_growth="10", growth_reason="It spreads")
    systems.describe(here.mia, "Billing", {"rebuild": "11.5"}, at=begun + timedelta(days=20))
    systems.describe(here.mia, "Billing", {"rebuild": "100"}, at=AT)
    found = debt_periods.bridge(here.mia, date(2026, 9, 1), date(2026, 11, 24))
    assert (found.grown, found.closing) == (1_50, 11_50)


def test_working_time_lost_is_told_for_a_year_as_it_was_at_each_month_s_end(here: Cast) -> None:
    owed(here.mia, "20", "4", at=AT - timedelta(days=90))
    owed(here.mia, "20", "2", at=AT - timedelta(days=40))
    debt.repay(here.mia, 1, at=AT)
    known = debt_periods.histories(here.ray)
    found = debt_periods.shares(here.ray, AT, known)
    assert found is not None
    months, shares = found
    assert (months[0], months[-1]) == (date(2025, 12, 1), date(2026, 11, 1))
    assert shares == [0] * 8 + [1000, 1000, 1500, 500]
    Company.update(capacity_days=None).execute()
    assert debt_periods.shares(people.viewer(here.ray.person, "larkspur", AT), AT, known) is None


def test_verdicts_plan_and_books_of_many_items_ask_as_few_questions_as_those_of_one(here: Cast) -> None:
    def asked() -> list[int]:
        counts = []
        for work in (
            lambda: debt_numbers.judged(here.mia, AT),
            lambda: debt_plan.planned(here.mia, AT),
            lambda: debt_periods.bridge(here.mia, AT.date(), AT.date()),
        ):
            with count_queries() as counted:
                work()
            counts.append(counted.count)
        return counts

    owed(here.mia, "10", "1")
    few = asked()
    for _ in range(5):
        owed(here.mia, "10", "1")
    assert asked() == few == [1, 1, 3]
