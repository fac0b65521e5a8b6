"""What to do about a debt: Sam tries another month for a fix and plans it so, Priya reads the pictures."""

import re

import pytest
from playwright.sync_api import expect

from adr_app.models.debt import DebtItem
from adr_app.models.people import Company
from adr_app.services import debt, debt_estimates, debt_links, drafts, people
from tests.browser.players import Log
from tests.services.test_debt_numbers import DETAIL

DEBTS = (
    ("Two booking systems that both keep patient addresses and are told of every change", "30", "4", DETAIL),
    ("Reports are put together by hand", "5", "1.5", {}),
    ("Nightly job that nobody dares to touch", "40", "0.5", {}),
)


@pytest.fixture
def indebted(larkspur: Log, clock) -> Log:
    """Larkspur with three debts, one of which a decision led to, and forty working days a month."""
    Company.update(capacity_days=40, day_rate=80_000, debt_limit_days=3).execute()
    sam = people.viewer(larkspur.sam, larkspur.company.slug, clock())
    for title, fix, loss, detail in DEBTS:
        item = debt.note(sam, title=title, security=fix == "40", at=clock())
        debt_estimates.analyse(
            sam, item.number, fix_days=fix, monthly_loss=loss, system="Booking", owner=str(larkspur.sam.id),
            intent="inadvertent", care="prudent", detail=detail, at=clock(),
        )  # fmt: skip
    made = drafts.draft(sam, {"title": "Keep the old booking system"}, at=clock())
    debt_links.link(sam, 1, made.number, "incurred_by", at=clock())
    return larkspur


def test_another_month_is_tried_and_planned_and_every_number_opens(indebted: Log, player) -> None:
    sam = player().comes_in(indebted.sam)
    sam.turns_to("Technical debt")
    sam.follows(DEBTS[0][0])
    sam.reads("Estimate too wide", "perhaps only after 25.8 months")
    sam.follows("See the numbers")
    sam.opens("A fix pays for itself after")
    sam.reads("Of that a fix saves", "90 %")
    sam.looks("a number opened")
    sam.follows("Technical debt")
    sam.follows("Plan")
    sam.reads("Reports are put together by hand", "Fix it now")
    sam.opens("Try another month")
    sam.looks("trying another month")
    sam.types("Move an item", "TD-0002 Reports are put together by hand")
    sam.page.get_by_label(re.compile("^To begin in")).select_option("2027-03")
    sam.presses("Try it")
    sam.reads("The months chosen by hand cost", "begins in Mar 2027")
    sam.clicks(sam.page.get_by_role("button", name=re.compile("^Plan it so")))
    sam.reads("TD-0002 is planned")
    expect(sam.row("Reports are put together by hand")).to_contain_text("Mar 2027")
    assert DebtItem.get(DebtItem.number == 2).starts_on.isoformat() == "2027-03-01"


def test_leadership_reads_the_pictures_on_a_telephone(indebted: Log, player) -> None:
    priya = player(phone=True).comes_in(indebted.priya)
    priya.turns_to("Technical debt")
    for link, words in (
        ("Map", "2 of 3 estimated items pay for themselves"),
        ("What changed", "What we owe rose by 77 working days to 77"),
        ("By system", "Booking"),
        ("By decision", "Keep the old booking system"),
    ):
        priya.follows(link)
        priya.reads(words)
        if link in ("Map", "What changed"):
            priya.opens("The numbers as a table")
            priya.looks(f"{link} as a table")
        priya.follows("Technical debt")
