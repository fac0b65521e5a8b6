"""Which debts wait for whom today, across companies."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from adr_app.models.debt import DebtItem
from adr_app.models.people import Engagement
from adr_app.services import debt, debt_carries, debt_estimates, debt_waits, homes, people
from adr_app.services.people import Viewer
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NEXT = {"review_on": "2026-12-10"}


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def owned(by: Viewer, owner: Viewer, **details: str) -> DebtItem:
    item = debt.note(by, title="Slow tests", security=details.pop("security", "") == "yes", at=AT)
    typed = {
        "fix_days": "3",
        "monthly_loss": "1",
        "system": "Build",
        "intent": "inadvertent",
        "care": "prudent",
    }
    debt_estimates.analyse(by, item.number, owner=str(owner.person.id), at=AT, **typed)
    said = {"title": item.title, "kind": "other", "system": "Build", "details": details}
    return debt.revise(by, item.number, **said, at=AT)


def waiting(who: Viewer, at: datetime) -> debt_waits.Owed:
    return debt_waits.waiting_for(homes.mine(who.person, people.companies_of(who.person.id, at), at))


def said(who: Viewer, at: datetime) -> list[tuple[str, date]]:
    return [(wait.what, wait.on) for wait in waiting(who, at).due]


def at_day(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+00:00")


def test_a_review_day_waits_from_that_day_on_for_whoever_answers_for_the_item(here: Cast) -> None:
    owned(here.sam, here.mia, **NEXT)
    assert said(here.mia, at_day("2026-12-09")) == []
    assert said(here.mia, at_day("2026-12-10")) == [("review", date(2026, 12, 10))]
    assert said(here.sam, at_day("2026-12-10")) == said(here.vera, at_day("2026-12-10")) == []


def test_what_nobody_answers_for_waits_for_the_cto(here: Cast) -> None:
    owned(here.sam, here.mia, **NEXT)
    unowned = debt.note(here.mia, title="No owner", at=AT)
    debt.revise(here.mia, unowned.number, title="No owner", kind="other", details=NEXT, at=AT)
    assert [wait.item.title for wait in waiting(here.sam, at_day("2026-12-11")).due] == ["No owner"]
    Engagement.update(ends_at=at_day("2026-12-01")).where(Engagement.person == here.mia.person.id).execute()
    assert waiting(here.sam, at_day("2026-12-11")).due_all == 2
    cto = (Engagement.person == here.sam.person.id) & (Engagement.role == "cto")
    Engagement.update(ends_at=at_day("2026-12-01")).where(cto).execute()
    assert waiting(here.sam, at_day("2026-12-11")).due_all == 2  # as leader, while there is no CTO


def test_a_duty_whose_day_has_come_stands_before_a_review(here: Cast) -> None:
    owned(here.sam, here.mia, review_on="2026-12-10", obligation_on="2026-12-05")
    assert said(here.mia, at_day("2026-12-11")) == [("obligation", date(2026, 12, 5))]


def test_what_was_lived_with_waits_the_day_after_its_last_day(here: Cast) -> None:
    item = owned(here.sam, here.mia)
    debt_carries.carry(here.sam, item.number, reason="Later.", until="2026-12-31", at=AT)
    assert said(here.mia, at_day("2026-12-31")) == []
    assert said(here.mia, at_day("2027-01-01")) == [("carried", date(2027, 1, 1))]


def test_a_month_after_a_repayment_somebody_is_asked_whether_the_loss_has_gone(here: Cast) -> None:
    item = owned(here.sam, here.mia, **NEXT)
    debt.repay(here.mia, item.number, at=AT)
    assert said(here.mia, AT + timedelta(days=29)) == []
    assert said(here.mia, AT + timedelta(days=30)) == [("check", date(2026, 12, 24))]


def asked(who: Viewer, at: datetime) -> list[str]:
    return [wait.what for wait in waiting(who, at).asked]


def test_living_with_a_security_debt_waits_for_the_vciso_and_then_for_leadership(here: Cast) -> None:
    item = owned(here.sam, here.mia, security="yes")
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=AT)
    assert (asked(here.vera, AT), asked(here.sam, AT), asked(here.mia, AT)) == (["agree"], [], [])
    assert asked(here.sam, AT + timedelta(days=9)) == ["take-on"]
    debt_carries.answer_for_security(here.vera, item.number, agrees=True, words="Fine.", at=AT)
    assert (asked(here.vera, AT), asked(here.sam, AT)) == ([], ["take-on"])
    debt_carries.carry(here.sam, item.number, at=AT)
    assert asked(here.sam, AT) == []


def test_living_with_any_other_debt_waits_for_leadership_alone(here: Cast) -> None:
    item = owned(here.sam, here.mia)
    debt_carries.ask(here.mia, item.number, reason="Later.", until="2027-03-31", at=AT)
    assert (asked(here.vera, AT), asked(here.sam, AT), asked(here.olga, AT)) == ([], ["take-on"], [])


def test_many_debts_ask_no_more_queries_than_one(here: Cast) -> None:
    def cost() -> int:
        with count_queries() as counted:
            assert waiting(here.sam, at_day("2027-01-01")).due
        return int(counted.count)

    owned(here.sam, here.sam, **NEXT)
    one = cost()
    for _ in range(10):
        owned(here.sam, here.sam, **NEXT)
    assert cost() == one
    found = waiting(here.sam, at_day("2027-01-01"))
    assert (len(found.due), found.due_all) == (homes.SHOWN, 11)
