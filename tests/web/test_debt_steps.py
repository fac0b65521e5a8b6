"""What becomes of a debt, through its page: offered where it is possible, refused with what was typed."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from adr_app.models.debt import DebtItem
from adr_app.models.people import Company
from adr_app.services import debt, debt_carries, debt_estimates, debt_steps, systems
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in

ITEM = "/larkspur/debt/TD-0001"
ORIGIN = {"intent": "inadvertent", "care": "prudent"}


@pytest.fixture
def cast(app, clock):
    """Everybody at Larkspur."""
    with quick_passwords():
        yield cast_of("Larkspur", clock())


@pytest.fixture
def member(cast: Cast, clock) -> Viewer:
    """Somebody of the team, for acts beside the pages."""
    return cast.viewer("member", clock())


@pytest.fixture
def item(member: Viewer, clock) -> DebtItem:
    """An estimated item of the team."""
    return estimated(member, clock)


@pytest.fixture
def page(cast: Cast, client: FlaskClient) -> FlaskClient:
    """The browser of somebody of the team."""
    return sign_in(client, cast.member)


def estimated(by: Viewer, clock, **more) -> DebtItem:
    made = debt.note(by, title="Slow tests", at=clock(), **more)
    typed = {"fix_days": "12", "monthly_loss": "1.5", "system": "Build", "owner": str(by.person.id), **ORIGIN}
    return debt_estimates.analyse(by, made.number, at=clock(), **typed)


def offered(text: str) -> set[str]:
    """Return the last words of the addresses that the page's forms lead to, but for those of every item."""
    found = {one.rsplit("/", 1)[1] for one in re.findall(rf'action="({ITEM}/[^"]+)"', text)}
    return found - {"link", "report"}


def test_a_page_offers_what_the_table_of_moves_allows_and_no_more(page, item, member, cast, clock):
    assert offered(page.get(ITEM).text) == {"schedule", "repay", "ask", "not-debt"}
    debt_steps.schedule(member, 1, starts_on=f"{clock():%Y-%m}", monthly_work="2", at=clock())
    assert offered(page.get(ITEM).text) == {"schedule", "start", "repay", "not-debt", "reopen"}
    send(page, f"{ITEM}/start")
    assert offered(page.get(ITEM).text) == {"repay", "not-debt", "reopen"}
    send(page, f"{ITEM}/repay", actual_days="3")
    shown = page.get(ITEM).text
    assert offered(shown) == {"reopen"} and "it can be said whether the loss has gone" in shown
    clock.advance(days=31)
    sign_in(page, cast.member)
    assert offered(page.get(ITEM).text) == {"verify", "reopen"}
    send(page, f"{ITEM}/verify", gone="yes")
    assert "Repaid and checked" in page.get(ITEM).text


def test_leadership_is_offered_more(client, item, cast):
    page = sign_in(client, cast.leader)
    assert offered(page.get(ITEM).text) == {"schedule", "repay", "carry", "write-off", "not-debt"}


@pytest.mark.parametrize(
    ("act", "typed", "says"),
    [
        ("schedule", {"starts_on": "2020-01", "monthly_work": "2,5"}, "This month is over."),
        ("schedule", {"starts_on": "", "monthly_work": "-1"}, "Working days cannot be less than zero."),
        ("carry/ask", {"reason": "The move comes first.", "until": "2099-01-01"}, "next twelve months"),
        ("carry/ask", {"reason": "", "until": "2026-12-24"}, "Say why, in one line."),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(page, item, act, typed, says):
    answer = send(page, f"{ITEM}/{act}", **typed)
    assert answer.status_code == 422 and says in answer.text
    for value in typed.values():
        assert not value or f'value="{value}"' in answer.text
    assert '<details class="fold fold-act" open>' in answer.text


def test_a_request_passes_from_the_team_over_the_vciso_to_leadership(client, member, cast, clock):
    estimated(member, clock, security=True)
    page = sign_in(client, cast.member)
    send(page, f"{ITEM}/carry/ask", reason="The move comes first.", until="2027-01-31")
    assert offered(page.get(ITEM).text) == {"schedule", "repay", "withdraw"}
    vera = sign_in(client, cast.vciso)
    assert "May we live with it?" in vera.get("/").text
    assert send(vera, f"{ITEM}/carry/answer", answer="yes", reason="").status_code == 422
    send(vera, f"{ITEM}/carry/answer", answer="yes", reason="It is inside.")
    priya = sign_in(client, cast.leader)
    assert "asks to live with it until" in priya.get("/").text
    assert {"carry", "decline"} <= offered(priya.get(ITEM).text)
    late = send(priya, f"{ITEM}/carry", until="2027-02-28", reason="The move comes first.")
    assert late.status_code == 422 and "Choose no later day." in late.text
    send(priya, f"{ITEM}/carry", until="2027-01-31", reason="The move comes first.")
    shown = priya.get(ITEM).text
    assert "Lived with" in shown and "It is inside." in shown
    assert "Lived with" in priya.get("/larkspur/debt?state=carried").text


def test_a_request_is_declined_or_withdrawn_on_the_page(client, item, cast):
    page = sign_in(client, cast.member)
    send(page, f"{ITEM}/carry/ask", reason="Later.", until="2027-01-31")
    send(page, f"{ITEM}/carry/withdraw")
    assert "May we live with it?" not in page.get(ITEM).text
    send(page, f"{ITEM}/carry/ask", reason="Later.", until="2027-01-31")
    send(sign_in(client, cast.leader), f"{ITEM}/carry/decline")
    assert "May we live with it?" not in client.get(ITEM).text


def test_a_system_says_how_big_it_is_and_that_its_debt_is_as_large_as_building_it_anew(
    page, item, cast, clock
):
    address = "/larkspur/systems/system?system=Build"
    assert "Say how big it is" in page.get(address).text
    wrong = send(page, "/larkspur/systems/describe", system="Build", rebuild="0", effort="lots")
    assert wrong.status_code == 422 and 'value="lots"' in wrong.text
    send(page, "/larkspur/systems/describe", system="Build", rebuild="20", retires_on="2026-01-01")
    shown = page.get(address).text
    assert "60 % of building it anew. Think about that instead." in shown
    assert "What is still owed in it can be written off." in shown
    assert page.get("/larkspur/systems/system?system=Nowhere").status_code == 404


def test_a_flagged_debt_is_listed_behind_its_count(client, member, cast, clock):
    debt.note(member, title="Shared keys", security=True, at=clock())
    debt.note(member, title="Slow tests", at=clock())
    page = sign_in(client, cast.leader)
    flags = page.get("/larkspur/flags").text
    assert "Security debt without a plan" in flags and "Shared keys" in flags
    listed = page.get("/larkspur/debt?flag=debt-security-unplanned").text
    assert "Shared keys" in listed and "Slow tests" not in listed
    assert "Slow tests" in page.get("/larkspur/debt?flag=accepted-no-input").text


def test_a_debt_of_security_cannot_be_taken_from_the_vciso_by_a_form(client, member, cast, clock):
    debt.note(member, title="Shared keys", kind="security", at=clock())
    page = sign_in(client, cast.member)
    answer = send(page, f"{ITEM}/edit", title="Shared keys", kind="code", detailed="yes")
    assert answer.status_code == 422 and "for the vCISO to say" in answer.text
    assert send(page, f"{ITEM}/not-debt", reason="A wish.").status_code == 403
    done = send(sign_in(client, cast.vciso), f"{ITEM}/edit", title="Shared keys", kind="code", detailed="yes")
    assert done.status_code == 302


def test_another_currency_wants_the_price_of_a_day_in_it(client, cast, clock):
    page = sign_in(client, cast.leader)
    Company.update(day_rate=80_000).where(Company.id == cast.company.id).execute()
    typed = {"name": "Larkspur", "currency": "JPY", "day_rate": "800", "discount": "12.5", "horizon": "36"}
    refused = send(page, "/larkspur/settings/change", **typed)
    assert refused.status_code == 422 and "Type what a working day costs in JPY" in refused.text
    assert send(page, "/larkspur/settings/change", **typed | {"day_rate": "130000"}).status_code == 302
    kept = Company.get_by_id(cast.company.id).debt_settings
    assert (kept.day_rate, kept.discount, kept.horizon, kept.payback_limit) == (130_000, 1_250, 36, 12)
    for name, wrong in (
        ("discount", "60"),
        ("horizon", "0"),
        ("payback_limit", "x"),
        ("hours_per_day", "25"),
    ):
        answer = send(page, "/larkspur/settings/change", **typed | {"day_rate": "130000", name: wrong})
        assert answer.status_code == 422 and f'href="#f-{name}"' in answer.text


def test_an_estimate_in_detail_made_meanwhile_is_not_overwritten(page, item, member, clock):
    seen = re.search(r'name="seen" value="([^"]*)"', page.get(f"{ITEM}/estimate").text)[1]
    same = {"fix_days": "12", "monthly_loss": "1.5", "system": "Build", "owner": str(member.person.id)}
    detail = {"growth": "spreads", "growth_reason": "It is copied."}
    debt_estimates.analyse(member, 1, detail=detail, at=clock(), **same)
    assert send(page, f"{ITEM}/estimate", seen=seen, **same).status_code == 409


def test_the_page_of_an_item_asks_as_many_queries_for_many_estimates(page, item, member, clock):
    def cost() -> int:
        with count_queries() as counted:
            page.get(ITEM)
        return counted.count

    page.get(ITEM)
    before = cost()
    typed = {"fix_days": "9", "monthly_loss": "1", "system": "Build", "owner": str(member.person.id)}
    for _ in range(5):
        debt_estimates.analyse(member, 1, at=clock(), **typed)
    assert cost() == before


def test_the_history_says_what_was_answered_and_until_when(page, item, member, cast, clock):
    debt_carries.ask(member, 1, reason="The move comes first.", until="2027-01-31", at=clock())
    assert "Until Sun 31 Jan 2027. The move comes first." in page.get(ITEM).text
    systems.describe(member, "Build", {"effort": "3"}, at=clock())
    assert "said how big a system is" in page.get("/larkspur/record").text


def test_a_day_that_has_come_stands_under_what_needs_whoever_answers_for_it(
    client, item, member, cast, clock
):
    text = {"title": "Slow tests", "kind": "other", "system": "Build"}
    day = (clock() + timedelta(days=5)).date().isoformat()
    debt.revise(member, 1, **text, details={"review_on": day}, at=clock())
    owner = sign_in(client, cast.member)
    assert "It was to be looked at again" not in owner.get("/").text
    clock.advance(days=5)
    owner = sign_in(client, cast.member)
    assert "It was to be looked at again" in owner.get("/").text
    assert "It was to be looked at again on" in owner.get(ITEM).text
    for somebody in (cast.cto, cast.leader, cast.vciso, cast.reader):
        assert "It was to be looked at again" not in sign_in(client, somebody).get("/").text


def test_what_nobody_answers_for_stands_under_what_needs_the_cto(client, member, cast, clock):
    debt.note(member, title="Odd", at=clock())
    day = (clock() + timedelta(days=5)).date().isoformat()
    debt.revise(member, 1, title="Odd", kind="other", details={"obligation_on": day}, at=clock())
    clock.advance(days=6)
    shown = sign_in(client, cast.cto).get("/").text
    assert "It must be fixed" in shown and 'class="need-when late"' in shown
    assert "It must be fixed" not in sign_in(client, cast.leader).get("/").text
