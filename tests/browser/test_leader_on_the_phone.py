"""A leader who has never signed in answers the one question she is asked, from a link on her phone."""

from datetime import datetime

import pytest

from adr_app.services import companies, engagements, invitations, people
from tests.browser.players import Log, Player
from tests.casts import PASSWORD, quick_passwords, somebody


@pytest.fixture
def fenwick(app, clock):
    """A company with two leaders; one of them was never here. The log, and the link that lets her in."""
    with quick_passwords():
        yield _set_up("Fenwick Clinic", clock())


def _set_up(name: str, at: datetime) -> tuple[Log, str]:
    tom = somebody("tom@example.com", at, "Tom Reyes")
    sam = somebody("sam@example.com", at, "Sam Okafor")
    vera = somebody("vera@example.com", at, "Vera Lindqvist")
    made = companies.found(name, at=at, first=tom, roles=["leader"], zone="Europe/Berlin")
    leader = people.viewer(tom, made.slug, at)
    engagements.appoint(leader, role="cto", email=sam.email, at=at)
    engagements.appoint(leader, role="vciso", email=vera.email, at=at)
    token, engaged = invitations.invite(
        leader, role="leader", email="priya@example.com", name="Priya Nair", at=at
    )
    return Log(made, sam, engaged.person, vera), f"/join/{token}"


def test_a_leader_who_never_signed_in_answers_one_question_in_a_few_steps(fenwick, player, clock):
    log, invitation = fenwick
    sam = player()
    _vera_says_no(sam, player(phone=True), log)
    question = _sam_asks_leadership(sam)
    clock.advance(days=1)
    priya = player(phone=True).goes_to(invitation)
    priya.types("Password", PASSWORD)
    priya.presses("Come in")
    priya.goes_to(question)
    priya.reads("May we keep text-message login codes?", "Codes can be stolen.", "The launch moves 3 weeks.")
    priya.chooses("Yes: we take this risk…")
    priya.types("Until", "2027-03-31")
    priya.types("Why?", "The launch comes first")
    priya.types("Why longer than usual?", "It launches in spring")
    priya.presses("Confirm…")
    priya.reads("Confirm your answer", "The launch comes first")
    priya.presses("Confirm")
    priya.reads("We take this risk until Wed 31 Mar")
    assert priya.pages <= 6, "she came through more pages than two minutes allow"
    sam.goes_to(f"{log.path}/decisions/AD-0001")
    sam.reads("Priya Nair took this risk for the company")
    sam.presses("Accept")
    sam.stands("Needs another look", "Leadership takes this risk until Wed 31 Mar")


def _vera_says_no(sam: Player, vera: Player, fenwick: Log) -> None:
    sam.comes_in(fenwick.sam, f"{fenwick.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "Keep text-message login codes")
    sam.presses("Save as draft")
    sam.presses("Send to Vera for security review")
    vera.comes_in(fenwick.vera, sam.page.get_by_label("Link for Vera").input_value())
    vera.chooses("No, because…")
    vera.types("Why not?", "Codes can be stolen.")
    vera.opens("How closely must security look?")
    vera.page.get_by_label("Set it with this answer").select_option(label="vCISO's OK, full review")
    vera.presses("Confirm…")
    vera.presses("Confirm")
    sam.goes_to(f"{fenwick.path}/decisions/AD-0001")
    sam.stands("Needs another look", "The vCISO said no")


def _sam_asks_leadership(sam: Player) -> str:
    sam.follows("Ask leadership")
    sam.types("Your question to leadership", "May we keep text-message login codes?")
    sam.types("What technology says", "Yes. The launch moves 3 weeks.")
    sam.types("Until when?", "2027-03-31")
    sam.page.get_by_label("Who is asked?").select_option(label="priya@example.com")
    sam.clicks(sam.page.get_by_role("button", name="Ask leadership"))
    return sam.page.get_by_label("Link for priya@example.com").input_value()
