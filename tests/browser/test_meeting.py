"""What was decided in yesterday's meeting, and what the vCISO says about having been there."""

import pytest

from tests.browser.players import Log, Player

NARROW_PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("answer", "mark", "fact"),
    [
        ("Yes, I did", "Checked", "Advised in the meeting, confirmed Wed 25 Nov"),
        ("No, I did not", "Made without vCISO input", "Claimed, and not confirmed when asked"),
    ],
)
def test_what_a_meeting_decided_counts_as_advised_only_once_the_vciso_confirms_it(
    larkspur: Log, player, clock, answer, mark, fact
):
    clock.advance(days=1)
    sam = player().comes_in(larkspur.sam)
    _records_yesterdays_decision(sam)
    sam.stands("Made without vCISO input", "Claimed, not confirmed")
    clock.advance(hours=2)
    vera = player(phone=True, viewport=NARROW_PHONE).comes_in(larkspur.vera)
    vera.reads("Were you in the meeting?", "Sam says you advised on this on Tue 24 Nov.")
    vera.clicks(vera.page.get_by_role("link", name="Did you?"))
    vera.reads("Sam says you advised on this on Tue 24 Nov.")
    vera.presses(answer)
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.stands(mark, fact)


def _records_yesterdays_decision(sam: Player) -> None:
    sam.follows("Record a decision")
    sam.clicks(sam.page.get_by_role("link", name="Already decided"))
    sam.types("What was decided?", "Keys change every quarter")
    sam.types("When?", "2026-11-24")
    sam.types("Who decided?", "Sam Okafor")
    sam.types("Why?", "Old keys are in old laptops.")
    sam.answers("Was Vera Lindqvist, security (vCISO), part of it?", "Yes")
    sam.presses("Record the decision")
