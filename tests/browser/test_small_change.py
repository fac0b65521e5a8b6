"""One word is changed after the security OK: the OK holds for what was signed, the change waits."""

from tests.browser.players import Log, Player


def test_a_debt_link_and_a_changed_word_leave_a_decision_checked_with_one_change_waiting(
    larkspur: Log, player, clock
):
    sam, vera = player(), player(phone=True)
    _checked_and_accepted(sam, vera, larkspur)
    sam.stands("Checked", "Vera Lindqvist")
    sam.follows("Note a debt")
    sam.types("What is owed?", "One clinic keeps the old lock")
    sam.presses("Note it")
    sam.follows("Open it")
    sam.opens("Link a decision")
    sam.types("Decision", "AD-0001")
    sam.presses("Link it")
    clock.advance(hours=1)
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001/edit")
    sam.types("What we decide", "Each door opens with a card.")
    sam.presses("Save version 2")
    sam.reads("1 change waiting", "One clinic keeps the old lock")
    sam.stands("Checked", "on version 1")
    _is_checked(sam, larkspur)
    vera.goes_to(f"{larkspur.path}/decisions/AD-0001")
    vera.presses("Same meaning")
    vera.misses("1 change waiting")
    _is_checked(sam, larkspur)


def _checked_and_accepted(sam: Player, vera: Player, larkspur: Log) -> None:
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Doors open with cards")
    sam.opens("More:")
    sam.types("What we decide", "Every door opens with a card.")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    vera.comes_in(larkspur.vera, sam.page.get_by_label("Link for Vera").input_value())
    vera.chooses("OK")
    vera.presses("Confirm…")
    vera.presses("Confirm")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.presses("Accept")


def _is_checked(sam: Player, larkspur: Log) -> None:
    sam.goes_to(f"{larkspur.path}/decisions")
    line = sam.row("Doors open with cards").inner_text()
    assert "Checked" in line
    assert "Changed since" not in line
