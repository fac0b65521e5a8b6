"""A company that has no vCISO: nobody is stopped by somebody's absence, and the fact is told."""

from tests.browser.players import adr_app, founded
from tests.casts import quick_passwords


def test_a_cto_without_a_vciso_accepts_a_risky_decision_and_the_flag_says_nobody_was_engaged(
    app, clock, player, settings
):
    with quick_passwords():
        alone = founded("Ostara Software", clock(), vciso=False)
        sam, priya = player(), player(phone=True)
        sam.comes_in(alone.sam)
        sam.follows("Record a decision")
        sam.clicks(sam.page.get_by_role("link", name="Not decided yet"))
        sam.types("What is to be decided?", "Patient files move to a cloud drive")
        sam.opens("Security questions")
        for question in (
            "Is data about people, money or health involved?",
            "Does it change who gets in, or what keeps others out?",
            "Does an outside firm or service come in?",
            "Is it hard to undo, or would a failure hurt soon?",
        ):
            sam.answers(question, "Yes")
        files = "Patient, card or government data, passwords or keys"
        sam.chooses(files, sam.page.get_by_role("group", name="What is the most sensitive data"))
        new = "New, with patient, card or government data, passwords or keys"
        sam.chooses(new, sam.page.get_by_role("group", name="Is it something new"))
        sam.looks("questions")
        sam.presses("Save as draft")
        sam.reads("vCISO's OK, full review")
        sam.presses("Propose")
        sam.presses("Accept")
        sam.reads("AD-0001 is accepted", "Made without vCISO input", "nobody was engaged")
        priya.comes_in(alone.priya, f"{alone.path}/dashboard")
        assert "nobody was engaged" in priya.row("Patient files move").inner_text()
        for command in (["verify"], ["flags", "--check"]):
            assert adr_app(settings, *command).returncode == 0
