"""An outside firm on a phone: listed, its contract and its risk noted, then chosen by a decision."""

from datetime import timedelta

from tests.browser.players import Log


def test_a_firm_is_listed_agreed_with_assessed_and_chosen_by_a_decision(larkspur: Log, player, clock) -> None:
    sam = player(phone=True, taps=True).comes_in(larkspur.sam, f"{larkspur.path}/vendors")
    sam.opens("List a firm")
    sam.types("Name", "Northfold")
    sam.types("What it does for us", "Sends text reminders")
    sam.chooses("Health")
    sam.presses("List it")
    sam.reads("Northfold is listed.", "It touches patient data, and no health-data contract is recorded.")
    sam.opens("Record an agreement")
    sam.types("Where it is found", "Drawer 4")
    sam.presses("Record it")
    sam.reads("The agreement is recorded.", "Drawer 4")
    sam.misses("It touches patient data, and no health-data contract is recorded.")
    sam.opens("Assess it")
    sam.chooses("Low")
    sam.types("What was looked at", "Their audit report")
    sam.types("Holds until", (clock() + timedelta(days=300)).date().isoformat())
    sam.looks("assessing")
    sam.presses("Record it")
    sam.reads("Low risk", "Their audit report")

    sam.goes_to(f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Text reminders to patients")
    sam.opens("More:")
    sam.types("Outside firms", "Northfold")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    link = sam.page.get_by_label("Link for Vera").input_value()

    vera = player(phone=True, taps=True).comes_in(larkspur.vera, link)
    vera.opens("Outside firms")
    vera.reads("Northfold", "Sends text reminders")
    vera.chooses("OK")
    vera.presses("Confirm…")
    vera.presses("Confirm")

    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.presses("Accept")
    sam.stands("Checked")
    sam.follows("Northfold")
    sam.reads("Decisions that name it", "Text reminders to patients")
    assert "Checked" in sam.row("Text reminders to patients").inner_text()
