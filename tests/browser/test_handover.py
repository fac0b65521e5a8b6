"""A vCISO leaves: leadership sees what depends on the role, ends it, and the next one reads one sheet."""

from adr_app.services import drafts, engagements, people, reviews
from tests.browser.players import Log
from tests.casts import somebody


def test_what_waits_goes_to_the_next_vciso_with_a_note_as_the_role_ends(larkspur: Log, player, clock):
    at, slug = clock(), larkspur.company.slug
    sam, leads = (people.viewer(one, slug, at) for one in (larkspur.sam, larkspur.priya))
    vic = somebody("vic@example.com", at, "Vic Moreau")
    engagements.appoint(leads, role="vciso", email=vic.email, at=at)
    made = drafts.draft(sam, {"title": "Move billing"}, at=at)
    reviews.ask(sam, made.number, of=larkspur.vera.id, at=at)
    priya = player().comes_in(larkspur.priya, f"{larkspur.path}/people")
    line = priya.row("Vera Lindqvist")
    priya.clicks(line.get_by_role("link", name="Letter, handover, end…"))
    priya.reads("1 security review waits", "To the successor you name")
    priya.page.get_by_label("Who takes over?").select_option(label="Vic Moreau")
    priya.types("A note for whoever takes over", "The keys are in the safe.\nAsk Sam for the second one.")
    priya.presses("End this role now")
    assert priya.row("Vera Lindqvist").count() == 0
    phone = player(phone=True).comes_in(vic, f"{larkspur.path}/people/roles/vciso")
    phone.reads("Held now by Vic Moreau.", "Ask Sam for the second one.", "1 security review waits")
    phone.follows("Move billing")
    phone.stands("Waiting", "With Vic")
