"""What goes wrong on an ordinary day: no script, no mouse, a session that ended, two people at once."""

import re

from playwright.sync_api import expect

from tests.browser.players import Log


def test_without_scripts_a_decision_goes_the_whole_way(larkspur: Log, player, clock):
    sam, vera = player(java_script_enabled=False), player(java_script_enabled=False)
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Staff sign in through one provider")
    sam.opens("More:")
    sam.types("What we decide", "One provider for everybody.")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    vera.comes_in(larkspur.vera, sam.page.get_by_label("Link for Vera").input_value())
    vera.chooses("OK")
    vera.presses("Confirm…")
    vera.presses("Confirm")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.presses("Accept")
    sam.reads("AD-0001 is accepted", "Checked")
    sam.goes_to(f"{larkspur.path}/debt/new")
    sam.types("What is owed?", "Two old accounts remain")
    sam.presses("Note it")
    sam.reads("Two old accounts remain")
    sam.goes_to(f"{larkspur.path}/decisions?q=provider")
    assert "Checked" in sam.row("Staff sign in").inner_text()
    sam.page.get_by_role("group").filter(has_text="Sam Okafor").locator("summary").click()
    sam.presses("Sign out")
    expect(sam.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_with_the_keyboard_alone_a_decision_is_recorded(larkspur: Log, player):
    sam = player().comes_in(larkspur.sam)
    press = sam.page.keyboard.press
    sam.goes_to(f"{larkspur.path}/decisions")
    press("Tab")
    skip = sam.page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press("Enter")
    expect(sam.main).to_be_focused()
    _reached_by_tab(sam, "link", "Record a decision", back=True)
    press("Enter")
    sam.page.wait_for_url("**/decisions/new")
    _reached_by_tab(sam, "link", re.compile("^Not decided yet"))
    press("Enter")
    _reached_by_tab(sam, "textbox", re.compile("^What is to be decided"))
    sam.page.keyboard.type("Backups are tried every month")
    press("Enter")
    sam.reads("AD-0001 is noted as a draft", "Backups are tried every month")


def _reached_by_tab(player, role: str, name, *, back: bool = False) -> None:
    """Move on (or back) by Tab until something has the focus, and check that one sees that it has."""
    wanted = player.page.get_by_role(role, name=name, exact=isinstance(name, str)).first
    for _ in range(40):
        player.page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    ring = wanted.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow]")
    assert ring != ["none", "none"], f"nothing shows that {name} has the focus"


def test_two_people_edit_at_once_and_the_second_loses_nothing(larkspur: Log, player, clock):
    sam, vera = player(), player()
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "One calendar for all clinics")
    sam.types("What is the situation?", "Every clinic keeps its own calendar.")
    sam.presses("Save as draft")
    clock.advance(minutes=1)
    vera.comes_in(larkspur.vera, f"{larkspur.path}/decisions/AD-0001/edit")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001/edit")
    vera.types("What is the situation?", "Every clinic keeps its own secret calendar.")
    vera.presses("Save version 2")
    clock.advance(minutes=1)
    sam.types("Title", "One calendar for all clinics and labs")
    sam.presses("Save version 2")
    sam.reads("Vera Lindqvist saved version 2 while you were writing. Nothing of yours is lost")
    expect(sam.main.locator("ins").first).to_have_text(re.compile("secret"))
    expect(sam.page.get_by_label("Title")).to_have_value("One calendar for all clinics and labs")
    sam.presses("Save mine on top")
    sam.reads("One calendar for all clinics and labs", "Every clinic keeps its own secret calendar.")


def test_a_session_that_ends_while_somebody_writes_keeps_every_word(larkspur: Log, player, clock):
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Leave the old data centre")
    sam.types("What is the situation?", 'Line one.\n\nLine <two> & "three", 2 < 3.')
    clock.advance(days=60)
    sam.presses("Save as draft")
    sam.page.get_by_text("You were signed out meanwhile. Your text is kept").wait_for()
    sam.types("E-mail", larkspur.sam.email)
    sam.types("Password", "four words make one")
    sam.presses("Sign in")
    sam.page.get_by_role("heading", name="Your text was kept").wait_for()
    sam.presses("Send it again")
    sam.reads("AD-0001 is noted as a draft", "Leave the old data centre", "Line one.")
    sam.follows("Edit")
    kept = sam.page.get_by_label("What is the situation?")
    expect(kept).to_have_value('Line one.\n\nLine <two> & "three", 2 < 3.')


def test_words_typed_on_a_phone_survive_leaving_the_page(larkspur: Log, player):
    sam = player(phone=True).comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Written on a train")
    sam.goes_to(f"{larkspur.path}/decisions")
    sam.goes_to(f"{larkspur.path}/decisions/new/undecided")
    expect(sam.page.get_by_label("What is to be decided?")).to_have_value("Written on a train")
