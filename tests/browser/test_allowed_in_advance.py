"""Vera allows what she would clear every time; Sam records such a decision, and its page names her rule."""

from adr_app.domain.security_questions import FIRST
from tests.browser.players import Log


def test_what_vera_allows_in_advance_needs_no_answer_of_hers(larkspur: Log, player) -> None:
    vera, sam = player(), player()
    vera.comes_in(larkspur.vera, f"{larkspur.path}/settings")
    vera.follows("See what is allowed")
    vera.types("What do you allow?", "Tools inside the house")
    for question in FIRST:
        vera.answers(question.words, "No")
    vera.types("Why need you not look at them?", "Nothing leaves the house.")
    vera.presses("See what it would have covered")
    vera.reads("It would have covered 0 of the last 0 decisions")
    vera.presses("Sign it")
    vera.reads("Tools inside the house", "Holds until")
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions/new/decided")
    sam.types("What was decided?", "Another queue for the night jobs")
    sam.opens("Security questions")
    for question in FIRST:
        sam.answers(question.words, "No")
    sam.presses("Record the decision")
    sam.stands("Checked", "Allowed in advance by Vera Lindqvist: Tools inside the house")
    sam.reads("Nothing leaves the house.", "See what is allowed in advance")
