"""A vCISO with a few minutes works through the desk: by keys alone, and by touch between two meetings."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from adr_app.services import drafts, people, reviews
from tests.browser.players import Log, Player
from tests.browser.test_quick_sorting import NARROW_PHONE, tab_to

ANSWERS = {"data": "yes", "access": "no", "outside": "no", "undo": "no"}
TITLES = ("Replace the backup tool", "Text reminders to patients", "Move billing to Stripe")


@pytest.fixture
def waiting(larkspur: Log, clock) -> Log:
    """Larkspur with three reviews that wait, each asked a day after the one before it."""
    for place, title in enumerate(TITLES):
        at = clock() - timedelta(hours=9 - place)
        sam = people.viewer(larkspur.sam, larkspur.company.slug, clock())
        made = drafts.draft(sam, {"title": title, "plain_words": "One sentence."}, answers=ANSWERS, at=at)
        reviews.ask(sam, made.number, at=at)
    return larkspur


def on(player: Player) -> str:
    return player.page.evaluate("document.activeElement.textContent").strip()


def test_by_keys_alone_the_queue_is_walked_and_answered(waiting: Log, player) -> None:
    vera = player().comes_in(waiting.vera)
    keys = vera.page.keyboard
    tab_to(vera, vera.page.get_by_role("link", name=re.compile("^See all")))
    keys.press("Enter")
    vera.page.wait_for_url("**/desk")
    vera.sees()
    for key, title in (("j", TITLES[0]), ("ArrowDown", TITLES[1]), ("j", TITLES[2]), ("k", TITLES[1])):
        keys.press(key)
        assert on(vera) == title
    keys.press("?")
    vera.reads("Next row", "Open it")
    keys.press("?")
    for key in ("j", "k", "o"):
        keys.press(key)
    vera.page.wait_for_url("**/AD-0002/review")
    vera.sees()
    keys.press("4")
    expect(vera.page.get_by_label("No, because…")).to_be_checked()
    tab_to(vera, vera.page.get_by_label("Why not?"))
    keys.type("1, j and ? are letters here.")
    tab_to(vera, vera.page.get_by_role("button", name="Confirm…"))
    keys.press("Enter")
    tab_to(vera, vera.page.get_by_role("button", name="Confirm", exact=True))
    keys.press("Enter")
    vera.page.get_by_text("is saved").wait_for()
    vera.sees()
    keys.press("n")
    vera.page.wait_for_url("**/AD-0001/review")
    tab_to(vera, vera.page.locator("summary").filter(has_text="Keys"))
    keys.press("Enter")
    tab_to(vera, vera.page.get_by_role("button", name="Turn these keys off"))
    keys.press("Enter")
    keys.press("a")
    keys.press("1")
    expect(vera.page.get_by_label("OK", exact=True)).not_to_be_checked()
    tab_to(vera, vera.page.get_by_role("link", name="All your answers"))
    keys.press("Enter")
    vera.page.wait_for_url("**/desk")
    vera.reads(TITLES[0], TITLES[2])
    vera.misses(TITLES[1])


def test_on_a_phone_by_touch_what_waits_is_narrowed_answered_and_found_again(waiting: Log, player) -> None:
    vera = player(phone=True, viewport=NARROW_PHONE).comes_in(waiting.vera, "/desk")
    small = vera.page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, summary, .choice)")]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
        .filter(e => !e.closest("p, .breadcrumbs, .need > div:first-child"))
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert vera.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    vera.page.locator("summary").filter(has_text="Filters").tap()
    vera.page.get_by_text("Only what is late").tap()
    vera.page.get_by_role("button", name="Show", exact=True).tap()
    vera.reads("Nothing fits.")
    vera.page.get_by_role("link", name="Show all").tap()
    vera.page.get_by_role("link", name=re.compile("^Open.*AD-0001")).tap()
    vera.page.wait_for_url("**/review")
    vera.sees()
    vera.page.locator("#f-answer").get_by_text("OK", exact=True).tap()
    vera.page.get_by_role("button", name="Confirm…").tap()
    vera.page.get_by_role("button", name="Confirm", exact=True).tap()
    vera.page.get_by_role("link", name="All your answers").tap()
    vera.page.get_by_role("link", name=re.compile("^What you answered")).tap()
    vera.reads(TITLES[0], "You said OK on")
