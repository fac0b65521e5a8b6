"""What cannot wait, on telephones: decided at once with a reason, checked after, counted where it was not."""

import re

from tests.browser.players import Log, Player

FIRST_NO = (
    "Is data about people, money or health involved?",
    "Does it change who gets in, or what keeps others out?",
    "Does an outside firm or service come in?",
)


def test_what_cannot_wait_is_decided_now_and_checked_after(larkspur: Log, player, clock) -> None:
    sam, vera = player(phone=True, taps=True), player(phone=True, taps=True)
    sam.comes_in(larkspur.sam)
    for number, title in ((1, "Switch the stolen keys off"), (2, "Close the open port")):
        _decides_at_once(sam, larkspur, number, title)
    sam.stands("Waiting")
    clock.advance(hours=5)
    vera.comes_in(larkspur.vera)
    vera.reads("Switch the stolen keys off")
    vera.goes_to(f"{larkspur.path}/decisions/AD-0001/review")
    vera.chooses("OK")
    vera.presses("Confirm…")
    vera.presses("Confirm")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.stands("Checked")

    clock.advance(days=15)
    sam.goes_to(f"{larkspur.path}/decisions/AD-0002")
    sam.stands("Made without vCISO input")
    priya = player(phone=True, taps=True).comes_in(larkspur.priya, f"{larkspur.path}/flags")
    priya.reads("Decided in an emergency and not checked", "Close the open port")
    priya.misses("Switch the stolen keys off")


def _decides_at_once(sam: Player, larkspur: Log, number: int, title: str) -> None:
    sam.goes_to(f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", title)
    sam.presses("Save as draft")
    sam.goes_to(f"{larkspur.path}/decisions/AD-{number:04}/edit")
    for question in FIRST_NO:
        sam.answers(question, "No")
    sam.answers("Is it hard to undo, or would a failure hurt soon?", "Yes")
    sam.answers("Is it live already, or must it be before security can look?", "Yes")
    sam.clicks(sam.page.get_by_role("button", name=re.compile("^Save version")))
    sam.presses("Propose without asking")
    sam.follows("Decide now, checked after")
    sam.reads("Decided now, checked after", "Made without vCISO input")
    sam.types("Why now?", "They are in use against us")
    sam.presses("Decide now, checked after")
    sam.reads(f"AD-{number:04} is accepted")
