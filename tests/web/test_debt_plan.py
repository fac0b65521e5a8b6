"""The pages behind the numbers of debt: verdict, map, plan, what changed, and what decisions caused."""

import re

import pytest
from flask.testing import FlaskClient

from adr_app.models.debt import DebtItem
from adr_app.models.people import Company
from adr_app.services import debt, debt_carries, debt_estimates, debt_links, drafts, systems
from tests.casts import Cast, csrf_token, send, sign_in
from tests.services.test_debt_numbers import DETAIL

BASE = "/larkspur/debt"


@pytest.fixture
def larkspur(cast: Cast) -> Cast:
    """Larkspur, which has forty working days a month of 800 euros, five of them at most for debt."""
    Company.update(capacity_days=40, day_rate=80_000, debt_limit_days=5).execute()
    return cast


@pytest.fixture
def owed(larkspur: Cast, clock):
    """A function that notes a debt and estimates it."""

    def make(title: str, fix: str, loss: str, *, security: bool = False, **detail: str) -> DebtItem:
        member = larkspur.viewer("member", clock())
        item = debt.note(member, title=title, security=security, at=clock())
        return debt_estimates.analyse(
            member, item.number, fix_days=fix, monthly_loss=loss, system="Billing",
            owner=str(larkspur.member.id), intent="inadvertent", care="prudent", detail=detail, at=clock(),
        )  # fmt: skip

    return make


def text(page: FlaskClient, path: str) -> str:
    answer = page.get(BASE + path)
    assert answer.status_code == 200
    return answer.text


def table(html: str, caption: str) -> list[list[str]]:
    """Return the rows of the table with this caption as texts."""
    body = re.search(rf"{caption}</caption>.*?<tbody>(.*?)</tbody>", html, re.S)[1]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def test_an_item_says_what_to_do_and_its_numbers_are_one_click_away(sam, owed) -> None:
    owed("Two booking systems", "30", "4", **DETAIL)
    shown = text(sam, "/TD-0001")
    assert "Estimate too wide" in shown and "perhaps after 4.8 months" in shown
    assert f'href="{BASE}/TD-0001/numbers"' in shown
    numbers = text(sam, "/TD-0001/numbers")
    for value in ("10.3 months (from 4.8 months to 25.8 months)", "€49,526", "228 %", "€3,136", "8.7 weeks"):
        assert value in numbers
    assert table(numbers, "What waiting costs")[-1] == ["24 months", "123.9", "40.6", "164.6", "€131,653"]
    assert "After 8 months it is as much as a fix costs." in numbers


def test_an_item_without_an_estimate_has_no_numbers_but_the_way_to_them(sam, larkspur, clock) -> None:
    debt.note(larkspur.viewer("member", clock()), title="Backups were never tried", at=clock())
    shown = text(sam, "/TD-0001/numbers")
    assert "Not estimated yet" in shown and f'href="{BASE}/TD-0001/estimate"' in shown
    assert "In no plan" in text(sam, "/plan") and "Nothing is estimated yet" in text(sam, "/map")


def test_numbers_of_an_item_that_is_not_there_are_not_found(sam, larkspur) -> None:
    for path in ("/TD-0001/numbers", "/TD-9999999999/numbers", "/TD-1/numbers"):
        assert sam.get(BASE + path).status_code == 404


def test_the_map_shows_every_estimated_item_and_leads_to_it(sam, larkspur, owed, clock) -> None:
    owed("Old login", "12", "1", security=True)
    carried = owed("Nightly job", "40", "0.5")
    leader = larkspur.viewer("leader", clock())
    debt_carries.carry(leader, carried.number, reason="Spring sale", until="2027-06-01", at=clock())
    debt.note(leader, title="Noted only", at=clock())
    shown = text(sam, "/map")
    assert "1 of 2 estimated items pays for itself within 12 months" in shown
    assert "1 item without an estimate is not on the map." in shown
    assert table(shown, "What a fix costs, and what it costs not to fix") == [
        ["TD-0001 Old login", "12", "1", "12 months", "Still owed, security"],
        ["TD-0002 Nightly job", "40", "0.5", "80 months", "We live with it"],
    ]
    assert shown.count(f'href="{BASE}/TD-0002"') >= 2


def test_the_plan_puts_what_saves_most_first_and_says_what_is_in_no_plan(sam, owed) -> None:
    owed("Slow reports", "10", "1")
    owed("Release by hand", "10", "5")
    owed("Nightly job", "40", "0.5")
    shown = text(sam, "/plan")
    rows = table(shown, "Plan of fixes")
    assert [row[0] for row in rows] == [
        "TD-0002 Release by hand Fix it now",
        "TD-0001 Slow reports Fix it now",
    ]
    assert "Live with it" in shown and "Nightly job" in shown
    assert "read it as an upper figure" in shown


def test_another_month_is_tried_its_cost_is_told_and_it_is_planned_with_one_click(sam, owed) -> None:
    owed("Release by hand", "10", "5")
    shown = text(sam, "/plan?days=10&item=TD-0001+Release+by+hand&month=2027-03")
    assert re.search(r"cost €[\d,]+ more than the suggested ones", shown)
    assert "begins in Mar 2027" in shown and "Planned by hand" in shown
    assert DebtItem.get().state == "analysed"
    work = re.search(r'name="monthly_work" value="([^"]+)"', shown)[1]
    answer = send(sam, BASE + "/plan/set", item="TD-0001", month="2027-03", monthly_work=work)
    assert (answer.status_code, answer.location) == (302, BASE + "/plan")
    item = DebtItem.get()
    assert (item.state, item.starts_on.isoformat()) == ("scheduled", "2027-03-01")
    assert table(text(sam, "/plan"), "Plan of fixes")[0][2] == "Mar 2027"


def test_an_item_taken_out_is_said_to_be_out_and_comes_back(sam, owed) -> None:
    owed("Release by hand", "10", "5")
    shown = text(sam, "/plan?try=TD-0001.out")
    assert "Taken out by hand" in shown and "is not fixed in these months" in shown
    assert "Plan it so" not in shown
    back = re.search(r'href="([^"]*/plan)">Leave it as it was', shown)[1]
    assert "Taken out by hand" not in sam.get(back).text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("days=abc", "as a number"),
        ("days=-1", "less than zero"),
        ("days=0", "With no day a month nothing is fixed"),
        ("days=99999999", "at most 100,000"),
    ],
)
def test_days_that_cannot_be_meant_are_refused_and_kept(sam, owed, query, says) -> None:
    owed("Release by hand", "10", "5")
    shown = text(sam, f"/plan?{query}")
    assert says in shown and f'value="{query.removeprefix("days=")}"' in shown
    assert "Release by hand" in shown


@pytest.mark.parametrize(
    "query",
    [
        "try=TD-0001.2027-13",
        "try=TD-9.2027-01",
        "try=&try=x",
        "item=x&month=",
        "try=TD-0001.0000-01",
        "try=TD-٣.out",
    ],
)
def test_an_address_that_tries_nonsense_tries_nothing(sam, owed, query) -> None:
    owed("Release by hand", "10", "5")
    assert "What you try" not in text(sam, f"/plan?{query}")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"item": "TD-0001", "month": "2020-01", "monthly_work": "5"}, "This month is over"),
        ({"item": "TD-0001", "month": "2027-03", "monthly_work": ""}, "working days a month"),
        ({"item": "TD-0001", "month": "out", "monthly_work": "5"}, "Choose an item and a month"),
        ({"item": "", "month": "", "monthly_work": ""}, "Choose an item and a month"),
    ],
)
def test_what_cannot_be_planned_so_is_refused_with_what_to_do(sam, owed, form, says) -> None:
    owed("Release by hand", "10", "5")
    answer = send(sam, BASE + "/plan/set", **form)
    assert answer.status_code == 422 and says in answer.text
    assert DebtItem.get().state == "analysed"


def test_what_was_closed_meanwhile_cannot_be_planned(sam, larkspur, owed, clock) -> None:
    debt.repay(larkspur.viewer("cto", clock()), owed("Release by hand", "10", "5").number, at=clock())
    answer = send(sam, BASE + "/plan/set", item="TD-0001", month="2027-03", monthly_work="5")
    assert answer.status_code == 422 and "Look at the page again" in answer.text


def test_a_reader_sees_the_plan_and_changes_nothing(app, larkspur, owed) -> None:
    owed("Release by hand", "10", "5")
    reader = sign_in(app.test_client(), larkspur.reader)
    shown = reader.get(BASE + "/plan?try=TD-0001.2027-03")
    assert shown.status_code == 200 and "Plan it so" not in shown.text
    answer = reader.post(
        BASE + "/plan/set", data={"csrf_token": csrf_token(reader), "item": "TD-0001", "month": "2027-03"}
    )
    assert answer.status_code == 403 and DebtItem.get().state == "analysed"


def test_without_knowing_its_working_days_a_company_has_no_plan_and_is_told_where_to_say_it(
    sam, cast
) -> None:
    shown = text(sam, "/plan")
    assert "how many working days the company has" in shown


def test_the_bridge_says_what_changed_with_every_act_behind_it(sam, larkspur, owed, clock) -> None:
    owed("Slow reports", "10", "1")
    debt.repay(larkspur.viewer("cto", clock()), owed("Release by hand", "4", "1").number, at=clock())
    shown = text(sam, "/changes")
    assert "What we owe rose by 10 working days to 10: 14 new and 4 repaid." in shown
    assert [row[:3] for row in table(shown, "What is behind the picture")] == [
        ["TD-0001 Slow reports", "New", "+10"],
        ["TD-0002 Release by hand", "New", "+4"],
        ["TD-0002 Release by hand", "Repaid", "−4"],
    ]
    assert "Debt takes 2.5 % of our working time now" in shown and "our limit 12.5 %" in shown


def test_a_period_is_chosen_by_its_days_and_one_that_cannot_be_meant_is_the_last_quarter(sam, owed) -> None:
    owed("Slow reports", "10", "1")
    early = text(sam, "/changes?from=2025-01-01&to=2025-02-01")
    assert "Nothing with an estimate was owed between 1 Jan 2025 and 1 Feb 2025." in early
    usual = text(sam, "/changes")
    for query in ("from=x&to=y", "days=7", "from=2026-01-01", "to=9999-99-99&from=1"):
        assert re.findall(r'class="chart-sentence">([^<]+)', text(sam, f"/changes?{query}")) == re.findall(
            r'class="chart-sentence">([^<]+)', usual
        )
    turned = text(sam, "/changes?from=2030-01-01&to=2026-01-01")
    assert "10 new" in turned and 'value="2026-01-01"' in turned


def test_debt_is_told_by_decisions_and_what_is_hidden_is_in_no_count(app, sam, larkspur, owed, clock) -> None:
    cto, member = larkspur.viewer("cto", clock()), sign_in(app.test_client(), larkspur.member)
    for title, restricted, fix in (("Keep the old queue", False, "10"), ("Sell the clinic", True, "7")):
        made = drafts.draft(cto, {"title": title}, at=clock())
        if restricted:
            made.restricted = True
            made.save()
        debt_links.link(
            cto, owed(f"Debt of {title}", fix, "1").number, made.number, "incurred_by", at=clock()
        )
    seen = text(sam, "/causes")
    assert [row[0] for row in table(seen, "Decisions that caused most debt")] == [
        "AD-0001 Keep the old queue",
        "AD-0002 Sell the clinic",
    ]
    hidden = text(member, "/causes")
    assert [row[0] for row in table(hidden, "Decisions that caused most debt")] == [
        "AD-0001 Keep the old queue"
    ]
    assert "Sell the clinic" not in hidden


def test_the_list_leads_to_the_plan_and_the_pictures_once_there_is_something(sam, larkspur, owed) -> None:
    assert f'href="{BASE}/plan"' not in text(sam, "")
    owed("Slow reports", "10", "1")
    shown = text(sam, "")
    assert all(f'href="{BASE}/{name}"' in shown for name in ("plan", "map", "changes", "systems", "causes"))


def test_debt_is_told_by_system_beside_what_building_it_anew_would_cost(sam, larkspur, owed, clock) -> None:
    member = larkspur.viewer("member", clock())
    owed("Slow reports", "10", "1")
    owed("Release by hand", "8", "4")
    debt.note(member, title="Backups were never tried", at=clock())
    systems.describe(member, "Billing", {"rebuild": "36"}, at=clock())
    shown = text(sam, "/systems")
    assert "Fixing everything takes 18 working days, or 0.5 months in which nothing else is done." in shown
    assert table(shown, "Debt by system") == [
        ["Billing Half of building it anew, or more", "2", "5", "18", "50 %", "TD-0002 Release by hand"],
        ["No system named", "1 (1 not estimated)", "0", "0", "–", "–"],
    ]


def test_how_far_estimates_were_off_is_told_with_its_number(sam, larkspur, owed, clock) -> None:
    cto = larkspur.viewer("cto", clock())
    assert "repaid item" not in text(sam, "/changes")
    for took in ("15", "10", "40"):
        debt.repay(cto, owed("Slow reports", "10", "1").number, actual_days=took, at=clock())
    debt.repay(cto, owed("Not counted", "10", "1").number, at=clock())
    assert "Repaid items took 150 % of their estimates: the middle one of 3." in text(sam, "/changes")
