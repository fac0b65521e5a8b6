"""The first set-up in the browser, and the settings page of each role."""

import pytest

from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.services import companies
from tests.casts import PASSWORD, cast_of, quick_passwords, send, sign_in
from tests.web.reading import words


@pytest.fixture(autouse=True)
def _quick(app):
    with quick_passwords():
        yield


@pytest.fixture
def cast(clock):
    return cast_of("Larkspur", clock())


FORM = {
    "company": "Larkspur Dental",
    "name": "Priya Raman",
    "email": "priya@example.com",
    "password": PASSWORD,
    "again": PASSWORD,
    "role": ["leader", "cto"],
    "zone": "Europe/London",
    "currency": "gbp",
    "go_live_on": "2026-09-01",
}


def test_the_first_visit_leads_to_the_set_up_and_then_into_the_company(client, clock):
    code = companies.new_setup_code(at=clock())
    assert client.get("/sign-in").location == "/set-up"
    form = client.get("/set-up").text
    assert "Code from the terminal" in form and "Fractional CTO" in form and "Security (vCISO)" in form
    assert send(client, "/set-up", code=code, **FORM).status_code == 302
    assert "In commands the company is called larkspur-dental." in client.get("/").text
    page = client.get("/larkspur-dental/people").text
    assert "Priya Raman" in page and "leadership" in page and "fractional CTO" in page
    assert "--company larkspur-dental" in words(client.get("/larkspur-dental/settings").text)
    company = Company.get()
    assert (company.currency, str(company.go_live_on), company.zone) == ("GBP", "2026-09-01", "Europe/London")
    assert client.get("/set-up").status_code == 404
    assert send(client, "/set-up", code=code, **FORM).status_code == 404


def test_without_a_code_there_is_no_set_up_page(client):
    assert client.get("/set-up").status_code == 404
    assert send(client, "/set-up", code="", **FORM).status_code == 404
    assert not Company.select().exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "AAAA-AAAA-AAAA-AAAA"}, "code"),
        ({"name": "\x07"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"again": "different"}, "password"),
        ({"company": "x" * 121}, "company"),
        ({"role": ["cto"]}, "role"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"go_live_on": "yesterday"}, "go_live_on"),
    ],
)
def test_a_set_up_that_is_refused_keeps_what_was_typed_but_no_password(client, clock, changed, field):
    code = companies.new_setup_code(at=clock())
    answer = send(client, "/set-up", **({"code": code} | FORM | changed))
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert PASSWORD not in answer.text and "Larkspur" in answer.text + "Larkspur" * ("company" in changed)
    assert not Company.select().exists()


def test_leadership_sees_and_changes_everything(cast, client):
    sign_in(client, cast.leader)
    assert "Change to" in client.get("/larkspur/settings").text
    assert send(client, "/larkspur/settings/policy", level="2", mode="enforce").status_code == 302
    assert send(client, "/larkspur/settings/first-day", go_live_on="2026-01-31").status_code == 302
    changed = {"name": "Larkspur Two", "currency": "usd", "day_rate": "650", "capacity_days": "40"}
    assert send(client, "/larkspur/settings/change", **changed, debt_limit_days="5").status_code == 302
    company = Company.get_by_id(cast.company.id)
    assert (company.policy["2"], str(company.go_live_on)) == ("enforce", "2026-01-31")
    assert (company.name, company.currency, company.day_rate) == ("Larkspur Two", "USD", 65_000)
    page = client.get("/larkspur/settings").text
    assert 'value="650"' in page and 'value="2026-01-31"' in page


def test_a_day_of_work_is_kept_whole_in_a_currency_without_cents(cast, client):
    sign_in(client, cast.leader)
    send(client, "/larkspur/settings/change", name="Larkspur", currency="JPY", day_rate="80000")
    assert Company.get_by_id(cast.company.id).day_rate == 80_000
    assert 'value="80000"' in client.get("/larkspur/settings").text


def test_an_admin_changes_the_company_but_not_its_rules(cast, client):
    sign_in(client, cast.admin)
    assert send(client, "/larkspur/settings/change", name="New", currency="EUR").status_code == 302
    assert send(client, "/larkspur/settings/policy", level="2", mode="enforce").status_code == 403
    assert send(client, "/larkspur/settings/first-day", go_live_on="2026-01-31").status_code == 403
    assert "Change to" not in client.get("/larkspur/settings").text


@pytest.mark.parametrize("role", ["cto", "vciso", "member", "reader", "delegate"])
def test_everybody_else_reads_the_settings_only(cast, client, role):
    sign_in(client, getattr(cast, role))
    page = client.get("/larkspur/settings").text
    assert "Save" not in page and "Change to" not in page and "warn only" in page
    for path in ("change", "policy", "first-day"):
        assert send(client, f"/larkspur/settings/{path}").status_code == 403


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("first-day", {"go_live_on": ""}),
        ("first-day", {"go_live_on": "31.12.2026"}),
        ("first-day", {"go_live_on": "0001-01-01"}),
        ("policy", {"level": "9", "mode": "advise"}),
        ("policy", {"level": "2", "mode": "maybe"}),
        ("change", {"name": "", "currency": "EUR"}),
        ("change", {"name": "L", "currency": "€"}),
        ("change", {"name": "L", "currency": "EUR", "day_rate": "1e9"}),
        ("change", {"name": "L", "currency": "EUR", "capacity_days": "9" * 40}),
    ],
)
def test_settings_nobody_can_mean_are_refused_and_nothing_is_recorded(cast, client, path, fields):
    sign_in(client, cast.leader)
    before = Event.select().count()
    assert send(client, f"/larkspur/settings/{path}", **fields).status_code == 422
    assert Event.select().count() == before


def test_saving_what_is_already_so_says_so(cast, client):
    sign_in(client, cast.leader)
    send(client, "/larkspur/settings/policy", level="3", mode="enforce")
    assert "Nothing was different" in client.get("/larkspur/settings").text


def test_everybody_reads_that_the_first_day_was_moved_by_whom_and_when(cast, app, client, clock):
    reader = sign_in(app.test_client(), cast.reader)
    pages = ("/larkspur/settings", "/larkspur/dashboard")
    assert not any("moved from" in reader.get(page).text for page in pages)
    for days, on in ((1, "2026-01-31"), (2, "2026-11-20")):
        clock.advance(days=days)
        sign_in(client, cast.leader)
        assert send(client, "/larkspur/settings/first-day", go_live_on=on).status_code == 302
    sign_in(reader, cast.reader)
    last = "First day of this log moved from Sat 31 Jan to Fri 20 Nov by Leader on Fri 27 Nov."
    assert all(last in reader.get(page).text for page in pages)
    assert "moved from Tue 24 Nov to Sat 31 Jan by Leader on Wed 25 Nov." in reader.get(pages[0]).text
