"""Lost time and tickets on an item's page: reported in ten seconds, shown beside the estimate."""

import re

import pytest
from flask.testing import FlaskClient

from adr_app.models.debt_reports import DebtReport, DebtTicket
from adr_app.services import debt, debt_estimates
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in

ITEM = "/larkspur/debt/TD-0001"


@pytest.fixture
def cast(app, clock):
    """Everybody at Larkspur, where one debt is noted and estimated."""
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    member = cast.viewer("member", clock())
    debt.note(member, title="Backups were never tried", at=clock())
    estimate = {"system": "Billing", "fix_days": "12", "monthly_loss": "1.5", "owner": str(member.person.id)}
    estimate |= {"intent": "inadvertent", "care": "prudent"}
    debt_estimates.analyse(member, 1, **estimate, at=clock())
    return cast


@pytest.fixture
def page(cast: Cast, client: FlaskClient) -> FlaskClient:
    """The browser of somebody of the team."""
    return sign_in(client, cast.member)


def seen(text: str) -> str:
    """Return what stands beside the estimate of the time really lost, as one line."""
    found = re.search(r"Time really lost, each month</p>(.*?)</div>", text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_no_report_is_said_and_is_no_zero(page):
    assert seen(page.get(ITEM).text) == "– No reports yet, which is not zero: tell when you lose time to it."


def test_one_field_is_enough_and_the_sum_stands_beside_the_estimate(page, cast, app):
    answer = send(page, f"{ITEM}/report", lost="24")
    assert (answer.status_code, answer.location) == (302, ITEM)
    shown = page.get(ITEM).text
    assert "Noted: 24 hours lost. Thank you." in shown
    assert seen(shown).startswith("1 working day By 1 report of the last 90 days")
    other = sign_in(app.test_client(), cast.vciso)
    send(other, f"{ITEM}/report", lost="45 min", text="Restored by <hand>", fault="yes", on="2026-11-02")
    shown = other.get(ITEM).text
    assert "By 2 reports" in shown and "Restored by &lt;hand&gt;" in shown and "Fault" in shown
    assert "really lost: 1, by 2 reports" in other.get("/larkspur/debt").text


def test_a_refused_report_keeps_what_was_typed(page):
    answer = send(page, f"{ITEM}/report", lost="a while", text="Waited", on="2030-01-01")
    assert answer.status_code == 422 and not DebtReport.select().exists()
    assert 'value="a while"' in answer.text and 'value="Waited"' in answer.text
    assert answer.text.count("That day has not come yet.") == 2


def test_time_can_be_reported_from_anywhere_by_naming_the_item(page):
    form = page.get("/larkspur/debt/report").text
    assert 'value="TD-0001 Backups were never tried"' in form
    answer = send(page, "/larkspur/debt/report", item="TD-0001 Backups were never tried", lost="1:30")
    assert answer.location == ITEM and DebtReport.get().minutes == 90
    for item in ("", "TD-0099", "the backups"):
        answer = send(page, "/larkspur/debt/report", item=item, lost="1:30")
        assert (
            answer.status_code == 422 and "Choose the item" in answer.text and 'value="1:30"' in answer.text
        )
    assert DebtReport.select().count() == 1


@pytest.mark.parametrize(("words", "status"), [("never TRIED", 302), ("backups", 302), ("b", 422), ("", 422)])
def test_a_word_of_one_title_alone_names_its_item(page, cast, clock, words, status):
    debt.note(cast.viewer("member", clock()), title="Restarts by hand", at=clock())
    answer = send(page, "/larkspur/debt/report", item=words, lost="1")
    assert answer.status_code == status and DebtReport.select().count() == (status == 302)


def test_a_mistyped_report_is_taken_back_on_the_page(page, cast, app):
    send(page, f"{ITEM}/report", lost="800")
    key = DebtReport.get().id
    for_others = sign_in(app.test_client(), cast.vciso)
    assert "report/take-back" not in for_others.get(ITEM).text
    assert send(for_others, f"{ITEM}/report/take-back", report=key).status_code == 403
    send(page, f"{ITEM}/report/take-back", report=key)
    assert "No reports yet" in page.get(ITEM).text


def test_who_reads_sees_the_reports_and_no_form(cast, app, page):
    send(page, f"{ITEM}/report", lost="2", text="Waited")
    reader = sign_in(app.test_client(), cast.reader)
    shown = reader.get(ITEM).text
    assert "Waited" in shown and "How long?" not in shown and "Link a ticket" not in shown
    assert send(reader, f"{ITEM}/report", lost="2").status_code == 403
    assert reader.get("/larkspur/debt/report").status_code == 403


def test_a_closed_item_shows_no_form_and_refuses_a_report(page):
    send(page, f"{ITEM}/not-debt", reason="A wish")
    assert "How long?" not in page.get(ITEM).text
    assert send(page, f"{ITEM}/report", lost="2").status_code == 409


def test_a_ticket_is_linked_by_its_address_and_removed_again(page):
    address = "https://larkspur.atlassian.net/browse/PAY-12"
    send(page, f"{ITEM}/ticket/link", address=f"{address}?secret=1")
    shown = page.get(ITEM).text
    assert f'<a href="{address}" rel="noopener noreferrer">Jira PAY-12</a>' in shown
    send(page, f"{ITEM}/ticket/unlink", ticket=DebtTicket.get().id)
    assert "No ticket is linked." in page.get(ITEM).text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "PAY-12", 'https://x"onclick="1/a/b/issues/1'])
def test_what_is_no_ticket_is_refused_and_shown_again(page, address):
    answer = send(page, f"{ITEM}/ticket/link", address=address)
    assert answer.status_code == 422 and not DebtTicket.select().exists()
    assert 'aria-invalid="true"' in answer.text and "javascript:alert" not in re.findall(
        r'href="([^"]*)', answer.text
    )
