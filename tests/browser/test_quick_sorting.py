"""A vCISO who takes over a company sorts what was decided before her: by keyboard alone, and by touch."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from adr_app.services import decisions, drafts, people
from tests.browser.players import Log, Player

NARROW_PHONE = {"width": 390, "height": 844}
OLD = (
    {"title": "Patient files with Northfold", "undo": "hard", "data": ["health"], "vendors": ["Northfold"],
     "plain_words": "Everything we know of patients lies with one firm. We cannot take it along."},
    {"title": "One password store for all", "undo": "hard", "data": ["secrets"],
     "context": "Passwords were kept in a spreadsheet that eleven people could open."},
    {"title": "Text messages remind patients of their visit", "data": ["personal"],
     "context": "A third of our patients forgot a visit last year, and each of them cost us an hour."},
    {"title": "Records of decisions are kept with the code", "undo": "easy"},
    {"title": "Meetings are held standing", "undo": "easy", "data": ["public"],
     "context": "They took an hour. Now they take ten minutes."},
)  # fmt: skip


@pytest.fixture
def taken_over(larkspur: Log, clock) -> Log:
    """Larkspur with five decisions that are older than its log, written down in the order of the queue."""
    sam = people.viewer(larkspur.sam, larkspur.company.slug, clock())
    for place, typed in enumerate(OLD):
        day = (clock().date() - timedelta(days=900 + place)).isoformat()
        decisions.record_decided(sam, {**typed, "decided_on": day}, at=clock())
    return larkspur


def row(player: Player, title: str) -> Locator:
    return player.main.get_by_role("listitem").filter(has_text=title)


def tab_to(player: Player, wanted: Locator) -> None:
    """Move on by Tab until something has the focus, and check that one sees it and that it has it."""
    for _ in range(60):
        player.page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    expect(wanted).to_be_in_viewport(ratio=0.99)  # a part of a pixel is not missed
    ring = wanted.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow]")
    assert ring != ["none", "none"]
    covered = wanted.evaluate("""e => { const box = e.getBoundingClientRect();
      return !e.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }""")
    assert not covered, "something lies over what has the focus"


def answer_by_keys(player: Player, title: str, downs: int, reason: str) -> None:
    """Choose an answer by the arrow keys and type its reason."""
    line = row(player, title)
    tab_to(player, line.get_by_label("Leave for later"))
    for _ in range(downs):
        player.page.keyboard.press("ArrowDown")
    tab_to(player, line.get_by_role("textbox"))
    player.page.keyboard.type(reason)


def test_by_the_keyboard_alone_a_queue_is_sorted(taken_over: Log, player, clock):
    vera = player().comes_in(taken_over.vera)
    expect(vera.main.get_by_role("heading", name="Decided before you came 5")).to_be_visible()
    tab_to(vera, vera.page.get_by_role("link", name=re.compile("^Sort them")))
    vera.page.keyboard.press("Enter")
    vera.page.wait_for_url("**/older")
    vera.sees()
    titles = vera.main.locator(".sorting-title").all_inner_texts()
    assert titles == [typed["title"] for typed in OLD], "one-way doors first, then sensitive, then the newest"
    answer_by_keys(vera, "Patient files", 3, "Who holds the keys?")
    answer_by_keys(vera, "One password store", 1, "Looked at the store and who opens it")
    vera.looks("two-chosen")
    answer_by_keys(vera, "Meetings are held", 2, "Nothing but chairs")
    vera.page.keyboard.press("Enter")
    vera.page.get_by_text("3 decisions answered.").wait_for()
    vera.sees()
    titles = vera.main.locator(".sorting-title").all_inner_texts()
    assert titles == [OLD[2]["title"], OLD[3]["title"]]
    tab_to(vera, vera.page.get_by_role("link", name="Needs a closer look"))
    vera.page.keyboard.press("Enter")
    vera.page.wait_for_url("**closely=yes")
    vera.sees()
    vera.reads("Patient files with Northfold", "Who holds the keys?")
    tab_to(vera, vera.page.get_by_role("link", name=re.compile("^Open")))
    vera.page.keyboard.press("Enter")
    vera.reads("Patient files with Northfold", "full review")
    vera.goes_to(f"{taken_over.path}/decisions/AD-0002")
    vera.stands("Checked")


def test_on_a_phone_by_touch_and_without_a_script_what_is_refused_stays_typed(taken_over: Log, player, clock):
    vera = player(phone=True, viewport=NARROW_PHONE).comes_in(taken_over.vera, f"{taken_over.path}/older")
    small = vera.page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, input, .choice)")]
        .filter(e => e.checkVisibility() && e.type !== "hidden")
        .map(e => e.type === "radio" ? e.closest(".choice") : e)
        .filter(e => e.getBoundingClientRect().height < 44 && !e.closest("p, h2"))
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    sam = people.viewer(taken_over.sam, taken_over.company.slug, clock())
    drafts.revise(sam, 5, {**OLD[4], "plain_words": "We stand."}, base=1, at=clock())
    for title, answer, reason in (
        ("One password store", "OK as it is", "Looked at the store"),
        ("Meetings are held", "Not a security matter", "Chairs"),
        ("Text messages", "OK as it is", ""),
    ):
        row(vera, title).get_by_text(answer, exact=True).tap()
        if reason:
            row(vera, title).get_by_role("textbox").fill(reason)
    vera.looks("three-chosen")
    vera.page.get_by_role("button", name="Save the answers").tap()
    vera.page.get_by_role("heading", name="1 answered, 2 not:").wait_for()
    vera.sees()
    vera.reads("The text changed since you opened this page", "Say why, in one line.")
    chairs = row(vera, "Meetings are held")
    expect(chairs.get_by_role("textbox")).to_have_value("Chairs")
    expect(chairs.get_by_label("Not a security matter")).to_be_checked()
    row(vera, "Text messages").get_by_role("textbox").fill("A firm we know")
    vera.page.get_by_role("button", name="Save the answers").tap()
    vera.page.get_by_text("2 decisions answered.").wait_for()
    vera.sees()


def test_without_a_script_a_decision_is_sorted(taken_over: Log, player):
    vera = player(java_script_enabled=False).comes_in(taken_over.vera, f"{taken_over.path}/older")
    vera.chooses("Not a security matter", within=row(vera, "Meetings are held"))
    vera.types("Why, or what you looked at", "Chairs", within=row(vera, "Meetings are held"))
    vera.presses("Save the answers")
    vera.reads("1 decision answered.")
    vera.goes_to(f"{taken_over.path}/decisions/AD-0005")
    vera.stands("Checked")
