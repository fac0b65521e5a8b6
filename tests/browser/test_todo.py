"""A to-do from the vCISO's answer, on telephones: agreed to, done, and checked off by somebody else."""

from datetime import timedelta

from tests.browser.players import Log


def test_a_to_do_goes_from_the_vcisos_answer_to_checked_by_another(larkspur: Log, player, clock) -> None:
    review = f"{larkspur.path}/decisions/AD-0001/review"
    sam, vera = player(phone=True, taps=True), player(phone=True, taps=True)
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Keep backups abroad")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    vera.comes_in(larkspur.vera, sam.page.get_by_label("Link for Vera").input_value())
    vera.chooses("OK, with to-dos…")
    first = vera.page.get_by_role("group", name="To-do 1")
    vera.types("What has to be done?", "Encrypt the backups", first)
    vera.types("Which risk does it reduce?", "A lost disk can be read", first)
    vera.types("By which day?", (clock() + timedelta(days=20)).date().isoformat(), first)
    vera.presses("Confirm…")
    vera.presses("Confirm")

    clock.advance(hours=1)
    sam.goes_to(review)
    sam.reads("Encrypt the backups", "Reduces: A lost disk can be read")
    sam.presses_what_begins("Agree to: Encrypt")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.presses("Accept")
    sam.stands("Checked, to-dos open")
    clock.advance(days=3)
    sam.goes_to(review)
    sam.opens("Done…")
    sam.presses("It is done")
    sam.reads("Say what shows it")
    sam.types("What shows it?", "The key is in the safe, ticket 12")
    sam.presses("It is done")
    sam.reads("Shown by: The key is in the safe, ticket 12")
    sam.misses("Check it off")

    clock.advance(days=1)
    vera.goes_to(review)
    vera.reads("Shown by: The key is in the safe, ticket 12")
    vera.presses_what_begins("Check it off")
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.stands("Checked")
    assert "to-dos open" not in sam.main.locator(".standing").first.inner_text()
