"""What becomes of an estimated debt: planned, begun, repaid, checked; lived with; written off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adr_app.domain.debt import State
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem
from adr_app.models.debt_carries import DebtCarry
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.events import Event
from adr_app.models.people import Engagement
from adr_app.services import debt, debt_carries, debt_estimates, debt_history, debt_steps, systems
from adr_app.services.people import Viewer
from adr_app.services.verified_debt import check_debt
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
SIX_WORKING_DAYS = timedelta(days=9)


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def estimated(by: Viewer, *, security: bool = False, **typed: str) -> DebtItem:
    item = debt.note(by, title="Slow tests", security=security, at=AT)
    asked = {"fix_days": "12", "monthly_loss": "1.5", "system": "Billing", "owner": str(by.person.id)}
    asked |= {"intent": "inadvertent", "care": "prudent"}
    return debt_estimates.analyse(by, item.number, at=AT, **{**asked, **typed})


def planned(by: Viewer) -> DebtItem:
    item = estimated(by)
    return debt_steps.schedule(by, item.number, starts_on="2027-03", monthly_work="4", at=LATER)


def check_whole(here: Cast) -> None:
    """Check that every row of the ledger is as its acts say."""
    check_debt(here.sam.company.id)


def fields_of(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return refused.value.fields


def test_a_debt_is_planned_begun_repaid_and_checked_a_month_later(here: Cast) -> None:
    item = planned(here.mia)
    assert (item.state, item.starts_on, item.monthly_work) == (State.SCHEDULED, date(2027, 3, 1), 400)
    assert debt_steps.start(here.mia, item.number, at=LATER).state == State.IN_PROGRESS
    repaid = debt.repay(here.mia, item.number, actual_days="14", at=LATER)
    assert repaid.act_by == LATER.date() + timedelta(days=30)
    done = debt_steps.verify(
        here.mia, item.number, gone="partly", left_over="12.5", at=LATER + timedelta(days=30)
    )
    assert (done.state, done.left_over, done.act_by, done.closed_at) == (State.VERIFIED, 1250, None, LATER)
    check_whole(here)
    told = [entry.detail for entry in debt_history.entries(here.ray, item)]
    assert told[0] == "12.5 % of the loss is left."
    assert "From Mar 2027 on, 4 working days a month." in told


def test_nobody_can_say_within_a_month_whether_the_loss_has_gone(here: Cast) -> None:
    item = estimated(here.mia)
    debt.repay(here.mia, item.number, at=LATER)
    with pytest.raises(WrongState, match="From 2026-12-24 on"):
        debt_steps.verify(here.mia, item.number, gone="yes", at=LATER + timedelta(days=29))
    assert debt_steps.verify(here.mia, item.number, gone="yes", at=LATER + timedelta(days=30)).left_over == 0


@pytest.mark.parametrize(
    ("gone", "left", "field"),
    [("", "", "gone"), ("no", "", "gone"), ("partly", "", "left_over"), ("partly", "0", "left_over"),
     ("partly", "100", "gone"), ("partly", "101", "left_over"), ("partly", "a lot", "left_over"),
     ("maybe", "5", "gone")],
)  # fmt: skip
def test_what_was_found_is_a_share_or_the_debt_is_still_owed(
    here: Cast, gone: str, left: str, field: str
) -> None:
    item = estimated(here.mia)
    debt.repay(here.mia, item.number, at=LATER)
    with pytest.raises(Invalid) as refused:
        debt_steps.verify(here.mia, item.number, gone=gone, left_over=left, at=LATER + timedelta(days=40))
    assert list(fields_of(refused)) == [field]
    assert debt.find(here.mia, item.number).state == State.REPAID


@pytest.mark.parametrize(
    ("month", "work", "fields"),
    [
        ("", "", {"starts_on", "monthly_work"}),
        ("2026-10", "2", {"starts_on"}),
        ("2037-01", "2", {"starts_on"}),
        ("soon", "2", {"starts_on"}),
        ("2027-01", "0", {"monthly_work"}),
        ("2027-01", "-3", {"monthly_work"}),
    ],
)
def test_a_plan_that_nobody_can_follow_is_refused(
    here: Cast, month: str, work: str, fields: set[str]
) -> None:
    item = estimated(here.mia)
    with pytest.raises(Invalid) as refused:
        debt_steps.schedule(here.mia, item.number, starts_on=month, monthly_work=work, at=LATER)
    assert set(fields_of(refused)) == fields


def test_work_is_not_planned_for_when_the_system_is_gone(here: Cast) -> None:
    item = estimated(here.mia)
    systems.describe(here.mia, "Billing", {"retires_on": "2027-02-28"}, at=LATER)
    with pytest.raises(Invalid, match="saved yet") as refused:
        debt_steps.schedule(here.mia, item.number, starts_on="2027-03", monthly_work="2", at=LATER)
    assert "switched off on 2027-02-28" in fields_of(refused)["starts_on"]
    assert debt_steps.schedule(here.mia, item.number, starts_on="2027-02", monthly_work="2", at=LATER)


def test_only_what_is_estimated_is_planned_and_only_what_is_planned_is_begun(here: Cast) -> None:
    item = debt.note(here.mia, title="Slow tests", at=AT)
    with pytest.raises(WrongState):
        debt_steps.schedule(here.mia, item.number, starts_on="2027-03", monthly_work="2", at=LATER)
    with pytest.raises(WrongState):
        debt_steps.start(here.mia, item.number, at=LATER)


def test_a_plan_is_taken_back_with_a_reason_and_leaves_nothing(here: Cast) -> None:
    item = planned(here.mia)
    back = debt.reopen(here.mia, item.number, reason="The move comes first.", at=LATER)
    assert (back.state, back.starts_on, back.monthly_work) == (State.ANALYSED, None, None)


def test_an_estimate_anew_leaves_a_plan_as_it_is(here: Cast) -> None:
    item = planned(here.mia)
    again = {"fix_days": "20", "monthly_loss": "3", "system": "Billing", "owner": str(here.mia.person.id)}
    assert debt_estimates.analyse(here.mia, item.number, at=LATER, **again).state == State.SCHEDULED


def test_a_leader_lives_with_a_debt_until_a_day_and_it_comes_back_by_itself(here: Cast) -> None:
    item = estimated(here.mia)
    kept = debt_carries.carry(here.sam, item.number, reason="The move is near.", until="2027-03-31", at=LATER)
    assert (kept.state, kept.carried_until, kept.act_by) == (
        State.CARRIED,
        date(2027, 3, 31),
        date(2027, 4, 1),
    )
    company = here.sam.company.id
    for day, standing in ((date(2027, 3, 31), State.CARRIED), (date(2027, 4, 1), State.ANALYSED)):
        found = debt.find(here.mia, item.number)
        assert found.standing(day) is standing
        assert tables.counts(company, day)[standing] == 1
        assert tables.counts(company, day)[State.CARRIED] == (standing is State.CARRIED)
        for state in (State.CARRIED, State.ANALYSED):
            listed = tables.listed(company, states={state}, today=day)
            assert [row.ref for row in listed] == ([item.ref] if state is standing else [])
    assert tables.monthly_cost(company).total == 150
    after = datetime(2027, 4, 1, 9, tzinfo=UTC)
    assert debt_steps.schedule(here.mia, item.number, starts_on="2027-05", monthly_work="2", at=after)
    check_whole(here)


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("2026-11-23", "today or a later"),
        ("2027-11-25", "twelve months"),
        ("", "last day"),
        ("soon", "year-month"),
    ],
)  # fmt: skip
def test_a_debt_is_lived_with_for_twelve_months_at_most(here: Cast, until: str, says: str) -> None:
    item = estimated(here.mia)
    for act in (debt_carries.ask, debt_carries.carry):
        with pytest.raises(Invalid) as refused:
            act(here.sam, item.number, reason="Later.", until=until, at=LATER)
        assert says in fields_of(refused)["until"]
    debt_carries.carry(here.sam, item.number, reason="Later.", until="2027-11-24", at=LATER)


def test_only_leadership_takes_it_on_and_everybody_of_the_team_may_ask(here: Cast) -> None:
    item = estimated(here.mia)
    with pytest.raises(NotAllowed):
        debt_carries.carry(here.vera, item.number, reason="Later.", until="2027-03-31", at=LATER)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    with pytest.raises(WrongState, match="already"):
        debt_carries.ask(here.vera, item.number, reason="Later.", until="2027-03-31", at=LATER)
    kept = debt_carries.carry(here.sam, item.number, reason="Mine.", until="2027-02-28", at=LATER)
    row = DebtCarry.get()
    assert (kept.carried_until, row.state, row.reason) == (date(2027, 2, 28), "carried", "Later.")
    check_whole(here)


def test_a_request_is_declined_or_withdrawn_by_whoever_may(here: Cast) -> None:
    item = estimated(here.mia)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    with pytest.raises(NotAllowed, match="whoever asked"):
        debt_carries.withdraw(here.vera, item.number, at=LATER)
    assert debt_carries.withdraw(here.mia, item.number, at=LATER).state == "withdrawn"
    with pytest.raises(WrongState, match="Nobody asks"):
        debt_carries.decline(here.sam, item.number, at=LATER)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    assert debt_carries.decline(here.sam, item.number, at=LATER).state == "declined"
    assert debt.find(here.mia, item.number).state == State.ANALYSED
    check_whole(here)


def test_the_vciso_agrees_before_a_security_debt_is_lived_with(here: Cast) -> None:
    item = estimated(here.mia, security=True)
    until = {"reason": "Later.", "until": "2027-03-31"}
    with pytest.raises(WrongState, match="vCISO has to agree first"):
        debt_carries.carry(here.sam, item.number, **until, at=LATER)
    debt_carries.ask(here.mia, item.number, **until, at=LATER)
    with pytest.raises(WrongState, match="vCISO has to agree first"):
        debt_carries.carry(here.sam, item.number, at=LATER)
    with pytest.raises(Invalid):
        debt_carries.answer_for_security(here.vera, item.number, agrees=True, words=" ", at=LATER)
    debt_carries.answer_for_security(here.vera, item.number, agrees=True, words="It is inside.", at=LATER)
    with pytest.raises(Invalid) as refused:
        debt_carries.carry(here.sam, item.number, until="2027-04-01", at=LATER)
    assert "agreed until 2027-03-31" in fields_of(refused)["until"]
    assert debt_carries.carry(here.sam, item.number, at=LATER).state == State.CARRIED
    check_whole(here)


def test_what_the_vciso_does_not_agree_to_is_not_lived_with(here: Cast) -> None:
    item = estimated(here.mia, kind="security")
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    debt_carries.answer_for_security(here.vera, item.number, agrees=False, words="Keys leak.", at=LATER)
    for act in (debt_carries.carry, debt_carries.decline):
        with pytest.raises((WrongState, Invalid)):
            act(here.sam, item.number, at=LATER)
    assert debt.find(here.mia, item.number).state == State.ANALYSED


def test_nobodys_absence_stops_a_leader(here: Cast) -> None:
    item = estimated(here.mia, security=True)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    with pytest.raises(WrongState):
        debt_carries.carry(here.sam, item.number, at=LATER + timedelta(days=2))
    assert debt_carries.carry(here.sam, item.number, at=LATER + SIX_WORKING_DAYS).state == State.CARRIED
    other = estimated(here.mia, security=True)
    Engagement.update(ends_at=LATER).where(Engagement.person == here.vera.person.id).execute()
    alone = {"reason": "Later.", "until": "2027-03-31", "at": LATER + SIX_WORKING_DAYS}
    assert debt_carries.carry(here.sam, other.number, **alone).state == State.CARRIED


def test_whoever_asked_does_not_agree_for_security(here: Cast) -> None:
    item = estimated(here.mia, security=True)
    debt_carries.ask(here.vera, item.number, reason="Later.", until="2027-03-31", at=LATER)
    with pytest.raises(NotAllowed, match="another vCISO"):
        debt_carries.answer_for_security(here.vera, item.number, agrees=True, words="Fine.", at=LATER)


def test_a_request_ends_with_the_debt_it_is_about(here: Cast) -> None:
    item = estimated(here.mia)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=LATER)
    debt.repay(here.mia, item.number, at=LATER)
    assert DebtCarry.get().state == "withdrawn"
    check_whole(here)


def test_a_debt_in_what_is_going_away_is_written_off_by_who_decides(here: Cast) -> None:
    item = estimated(here.mia)
    with pytest.raises(NotAllowed):
        debt_steps.write_off(here.mia, item.number, retires_on="2027-06-30", at=LATER)
    for wrong in ("", "2001-01-01", "2099-01-01", "soon"):
        with pytest.raises(Invalid) as refused:
            debt_steps.write_off(here.sam, item.number, retires_on=wrong, at=LATER)
        assert set(fields_of(refused)) == {"retires_on"}
    gone = debt_steps.write_off(here.sam, item.number, retires_on="2027-06-30", at=LATER)
    assert (gone.state, gone.is_open, gone.retires_on) == (State.WRITTEN_OFF, False, date(2027, 6, 30))
    assert debt.reopen(here.mia, item.number, reason="It stays.", at=LATER).retires_on is None
    unnamed = debt.note(here.mia, title="Somewhere", at=AT)
    with pytest.raises(Invalid) as refused:
        debt_steps.write_off(here.sam, unnamed.number, retires_on="2027-06-30", at=LATER)
    assert set(fields_of(refused)) == {"system"}


def test_what_concerns_security_is_taken_out_of_sight_by_the_vciso_alone(here: Cast) -> None:
    item = estimated(here.mia, security=True)
    with pytest.raises(NotAllowed, match="for the vCISO to say"):
        debt.mark_not_debt(here.sam, item.number, reason="A wish.", at=LATER)
    with pytest.raises(NotAllowed, match="for the vCISO to say"):
        debt_steps.write_off(here.sam, item.number, retires_on="2027-06-30", at=LATER)
    plain = {"title": "Slow tests", "kind": "other", "system": "Billing", "details": {"security": ""}}
    with pytest.raises(Invalid):
        debt.revise(here.sam, item.number, **plain, at=LATER)
    assert not debt.revise(here.vera, item.number, **plain, at=LATER).concerns_security
    assert Event.select().order_by(Event.seq.desc()).first().data["security"] is None
    assert debt.mark_not_debt(here.sam, item.number, reason="A wish.", at=LATER)


def test_more_is_said_of_a_debt_and_each_field_is_told(here: Cast) -> None:
    item = estimated(here.mia)
    details = {"impact": "Clinics wait.", "review_on": "2027-01-15", "obligation_on": "2027-02-01"}
    said = debt.revise(
        here.mia, item.number, title=item.title, kind="code", system="Billing", details=details, at=LATER
    )
    assert (said.impact, said.review_on, said.act_by) == (
        "Clinics wait.",
        date(2027, 1, 15),
        date(2027, 1, 15),
    )
    last = debt_history.entries(here.ray, item)[0]
    assert last.detail == (
        "Changed: kind, what it does to the business, day to look at it again, day by which it must be fixed."
    )
    check_whole(here)


def test_a_day_before_the_debt_was_noted_is_refused(here: Cast) -> None:
    item = estimated(here.mia)
    early = {"review_on": "2026-11-23", "obligation_on": "1999-01-01"}
    with pytest.raises(Invalid) as refused:
        debt.revise(here.mia, item.number, title="x", kind="code", system="Billing", details=early, at=LATER)
    assert set(fields_of(refused)) == {"review_on", "obligation_on"}


@pytest.mark.parametrize(
    ("typed", "is_asked"),
    [
        ({"intent": "deliberate"}, True),
        ({"intent": "deliberate", "kind": "mess"}, False),
        ({"intent": "deliberate", "benefit": "The date was met."}, False),
        ({"intent": "inadvertent"}, False),
    ],
)
def test_what_was_taken_on_knowingly_names_what_was_gained_or_is_a_mess(
    here: Cast, typed: dict[str, str], is_asked: bool
) -> None:
    if is_asked:
        with pytest.raises(Invalid) as refused:
            estimated(here.mia, **typed)
        assert set(fields_of(refused)) == {"benefit"}
    else:
        assert estimated(here.mia, **typed).state == State.ANALYSED


def test_every_estimate_is_kept_and_the_newest_counts(here: Cast) -> None:
    item = estimated(here.mia)
    detail: dict[str, Any] = {
        "fix_low": "20", "fix_high": "52", "loss_low": "2", "loss_high": "9", "chance": "80",
        "growth": "spreads", "growth_reason": "New code copies it.", "fix_growth": "1", "months": "2",
        "left_over": "10", "avoided": "500", "avoided_reason": "A breach once in ten years.",
        "confidence": "some", "note": "From the time sheets.",
    }  # fmt: skip
    typed = {"fix_days": "30", "monthly_loss": "4", "system": "Billing", "owner": str(here.sam.person.id)}
    again = debt_estimates.analyse(here.sam, item.number, detail=detail, at=LATER, **typed)
    assert (again.fix_days, again.monthly_loss) == (3200, 360)
    rows = debt_estimates.history(item)
    assert [row.person.name for row in rows] == ["Sam", "Mia"]
    newest, first = rows[0].estimate, rows[1].estimate
    assert first.plain and not newest.plain
    assert (newest.growth, newest.fix_growth, newest.months, newest.left_over) == (300, 100, 2, 1000)
    assert (newest.avoided, rows[0].currency, rows[0].confidence) == (50_000, "EUR", "some")
    check_whole(here)


def test_a_wrong_number_in_detail_changes_nothing(here: Cast) -> None:
    item = estimated(here.mia)
    detail = {"fix_low": "40", "fix_high": "50", "growth": "spreads", "chance": "180", "left_over": "-3"}
    typed = {"fix_days": "30", "monthly_loss": "4", "system": "Billing", "owner": "9" * 30}
    with pytest.raises(Invalid) as refused:
        debt_estimates.analyse(here.mia, item.number, detail=detail, at=LATER, **typed)
    assert set(fields_of(refused)) == {"fix_low", "growth_reason", "chance", "left_over", "owner"}
    assert DebtEstimate.select().count() == 1


def test_a_role_that_ended_meanwhile_acts_no_more(here: Cast) -> None:
    item = planned(here.mia)
    Engagement.update(ends_at=LATER).where(Engagement.person == here.mia.person.id).execute()
    with pytest.raises(NotAllowed, match="ended meanwhile"):
        debt_steps.start(here.mia, item.number, at=LATER + timedelta(minutes=1))


def test_a_system_is_described_and_said_again_it_is_no_act(here: Cast) -> None:
    estimated(here.mia)
    typed = {
        "rebuild": "90",
        "effort": "12.5",
        "retires_on": "2028-01-01",
        "criticality": "high",
        "goal": "hold",
    }
    system = systems.describe(here.mia, " billing ", typed, at=LATER)
    assert (system.limits.rebuild, system.limits.effort, system.limits.retires_on) == (
        9000, 1250, date(2028, 1, 1),
    )  # fmt: skip
    count = Event.select().count()
    systems.describe(here.sam, "Billing", typed, at=LATER)
    assert Event.select().count() == count
    check_whole(here)


def test_a_system_is_described_in_numbers_and_words_that_mean_something(here: Cast) -> None:
    estimated(here.mia)
    typed = {
        "rebuild": "0",
        "effort": "-1",
        "retires_on": "1901-01-01",
        "criticality": "very",
        "goal": "sell",
    }
    with pytest.raises(Invalid) as refused:
        systems.describe(here.mia, "Billing", typed, at=LATER)
    assert set(fields_of(refused)) == set(typed)
