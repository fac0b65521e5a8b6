"""The vCISO is silent: after the due day the decision is made, and it is told apart from not asking."""

from tests.browser.players import Log


def test_after_six_working_days_of_silence_the_cto_decides_and_it_does_not_count_as_not_asked(
    larkspur: Log, player, clock
):
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Replace the backup tool")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    sam.stands("Waiting", "due Tue 1 Dec")
    clock.advance(days=8)
    sam.goes_to("/")
    sam.reads("no answer, was due Tue 1 Dec")
    sam.clicks(sam.page.get_by_role("link", name="Decide without the answer").first)
    sam.follows("Decide without the answer")
    sam.reads("Vera has not answered.", "It is counted apart from not asking.")
    sam.types("Why now?", "The old tool stops on Friday")
    sam.presses("Decide without the answer")
    sam.stands("Made without vCISO input", "Asked Tue 24 Nov, no answer in 6 working days")
    priya = player(phone=True).comes_in(larkspur.priya, f"{larkspur.path}/dashboard")
    told = priya.main.inner_text()
    assert "no answer" in told
    assert "not asked" not in told
