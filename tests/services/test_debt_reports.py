"""Time lost to a debt, and its tickets, on both engines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.debt_reports import Observed
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.debt_reports import DebtReport, DebtTicket
from adr_app.models.events import Event
from adr_app.models.people import Company, Engagement
from adr_app.services import debt, debt_history, debt_reports, debt_tickets
from adr_app.services.verified_debt_reports import check_debt_reports
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
TICKET = "https://github.com/larkspur/billing/issues/12"


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur, where one debt is noted, and at Ostara."""
    people = cast(AT)
    debt.note(people.mia, title="Backups were never tried", at=AT)
    return people


def kinds() -> list[str]:
    return [event.kind for event in Event.select().where(Event.subject_type == "debt").order_by(Event.seq)]


def checked(people: Cast) -> bool:
    """Compare what is stored with the acts on it; it raises where they differ."""
    check_debt_reports(Company.get_by_id(people.sam.company.id))
    return True


def test_anybody_of_the_team_reports_lost_time_and_it_is_an_act(here: Cast) -> None:
    for who in (here.mia, here.vera, here.sam):
        debt_reports.report(who, 1, {"lost": "2", "text": "Restored by hand"}, at=LATER)
    assert kinds() == ["debt.noted", *["debt.reported"] * 3]
    found = debt_reports.observed(here.ray, [1], LATER)
    assert found == {1: Observed(3, 25)}
    assert debt.find(here.mia, 1).changed_at == LATER
    told = debt_history.entries(here.ray, debt.find(here.ray, 1))[0]
    assert (told.sentence, told.detail) == ("Sam lost time to it.", "2 hours, on Tue 24 Nov.")
    assert checked(here)


def test_an_item_without_reports_was_not_seen_to_cost_nothing(here: Cast) -> None:
    assert debt_reports.observed(here.mia, [1], AT) == {1: Observed(0, None)}
    assert debt_reports.observed(here.mia, [], AT) == {}


def test_reports_count_for_ninety_days_of_the_companys_own_calendar(here: Cast) -> None:
    debt_reports.report(here.mia, 1, {"lost": "24", "on": "2026-10-01"}, at=LATER)
    last = datetime(2026, 12, 29, 12, 0, tzinfo=UTC)
    assert debt_reports.observed(here.mia, [1], last)[1].monthly == 100
    assert debt_reports.observed(here.mia, [1], last + timedelta(days=1))[1].reports == 0
    (row,) = debt_reports.newest(here.mia, debt.find(here.mia, 1))
    assert debt_reports.counts_now(row, date(2026, 12, 29))
    assert not debt_reports.counts_now(row, date(2026, 12, 30))


def test_a_refused_report_leaves_nothing(here: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        debt_reports.report(here.mia, 1, {"lost": "", "on": "2026-12-24"}, at=LATER)
    assert set(refusal.value.fields) == {"lost", "on"}
    assert kinds() == ["debt.noted"] and not DebtReport.select().exists()


def test_who_only_reads_another_company_and_whose_role_ended_report_nothing(here: Cast) -> None:
    acts = (
        lambda who: debt_reports.report(who, 1, {"lost": "1"}, at=LATER),
        lambda who: debt_reports.take_back(who, 1, 1, at=LATER),
        lambda who: debt_tickets.link(who, 1, TICKET, at=LATER),
        lambda who: debt_tickets.unlink(who, 1, 1, at=LATER),
    )
    Engagement.update(ends_at=AT).where(Engagement.person == here.mia.person).execute()
    for act in acts:
        for who, refusal in ((here.ray, NotAllowed), (here.olga, NotFound), (here.mia, NotAllowed)):
            with pytest.raises(refusal):
                act(who)
    assert kinds() == ["debt.noted"]


def test_what_was_closed_as_no_debt_takes_no_report_and_what_was_repaid_does(here: Cast) -> None:
    debt.repay(here.mia, 1, at=LATER)
    debt_reports.report(here.mia, 1, {"lost": "1"}, at=LATER)
    debt.reopen(here.mia, 1, reason="It is back.", at=LATER)
    debt.mark_not_debt(here.mia, 1, reason="A wish.", at=LATER)
    with pytest.raises(WrongState, match="Open it again"):
        debt_reports.report(here.mia, 1, {"lost": "1"}, at=LATER)


def test_a_mistyped_report_is_taken_back_by_its_author_or_who_may_correct_others(here: Cast) -> None:
    mine = debt_reports.report(here.mia, 1, {"lost": "800"}, at=LATER)
    other = debt_reports.report(here.sam, 1, {"lost": "1"}, at=LATER)
    third = debt_reports.report(here.mia, 1, {"lost": "2"}, at=LATER)
    assert [debt_reports.may_take_back(here.mia, row) for row in (mine, other)] == [True, False]
    with pytest.raises(NotAllowed):
        debt_reports.take_back(here.mia, 1, other.id, at=LATER)
    debt_reports.take_back(here.mia, 1, mine.id, at=LATER)
    debt_reports.take_back(here.sam, 1, third.id, at=LATER)
    assert debt_reports.observed(here.mia, [1], LATER)[1] == Observed(1, 4)
    assert [row.id for row in debt_reports.newest(here.mia, debt.find(here.mia, 1))] == [other.id]
    with pytest.raises(WrongState, match="already"):
        debt_reports.take_back(here.mia, 1, mine.id, at=LATER)
    with pytest.raises(NotFound):
        debt_reports.take_back(here.mia, 1, 999, at=LATER)
    assert kinds()[-2:] == ["debt.report-taken-back"] * 2 and checked(here)


def test_a_list_asks_once_for_what_all_its_items_were_seen_to_cost(here: Cast) -> None:
    for number in range(2, 22):
        debt.note(here.mia, title=f"Old {number}", at=AT)
        debt_reports.report(here.mia, number, {"lost": "8"}, at=LATER)
    with count_queries() as asked:
        found = debt_reports.observed(here.mia, range(1, 22), LATER)
    assert asked.count == 1
    assert found[1].monthly is None and {found[n].monthly for n in range(2, 22)} == {33}


def test_items_to_choose_from_are_open_ones_and_a_strange_number_is_none(here: Cast) -> None:
    debt.note(here.mia, title="Slow tests", at=LATER)
    debt.repay(here.mia, 1, at=LATER)
    assert debt_reports.offered(here.ray) == ["TD-0002 Slow tests"]
    assert debt_reports.item(here.olga, 1) is None and debt_reports.item(here.mia, 0) is None


def test_a_ticket_is_linked_once_and_shown_short(here: Cast) -> None:
    made = debt_tickets.link(here.mia, 1, f"{TICKET}?secret=1#x", at=LATER)
    assert (made.address, debt_tickets.shown(made)) == (TICKET, "GitHub larkspur/billing#12")
    with pytest.raises(Invalid, match="cannot be saved") as refusal:
        debt_tickets.link(here.sam, 1, f"{TICKET}/", at=LATER)
    assert refusal.value.fields == {"address": "larkspur/billing#12 is linked already."}
    debt_tickets.unlink(here.sam, 1, made.id, at=LATER)
    assert debt_tickets.of(here.mia, debt.find(here.mia, 1)) == []
    with pytest.raises(NotFound):
        debt_tickets.unlink(here.sam, 1, made.id, at=LATER)
    assert kinds() == ["debt.noted", "debt.ticket-linked", "debt.ticket-unlinked"] and checked(here)


def test_an_item_has_a_bounded_number_of_tickets(here: Cast) -> None:
    for number in range(1, debt_tickets.MOST + 1):
        debt_tickets.link(here.mia, 1, f"https://github.com/a/b/issues/{number}", at=LATER)
    with pytest.raises(Invalid) as refusal:
        debt_tickets.link(here.mia, 1, TICKET, at=LATER)
    assert "second item" in refusal.value.fields["address"]
    assert DebtTicket.select().count() == debt_tickets.MOST
