"""A leader who has never signed in answers one risk question from a mail, with a mailed code."""

from urllib.parse import urlsplit

from adr_app.domain.plain_words import WORDS_A_MINUTE
from adr_app.services import drafts, invitations, people, queue, reviews
from tests.browser.players import Log, Player
from tests.mailbox import Mailbox, links_in, sending, text_of

MOST_WORDS = WORDS_A_MINUTE
"""One minute to read, so that the other is left to think and to type one line."""


def words_on(player: Player) -> int:
    """Return how many words there are to read on a page."""
    return len(player.main.inner_text().split())


def test_a_leader_who_never_signed_in_answers_from_a_mail(larkspur: Log, player, clock):
    at, slug = clock(), larkspur.company.slug
    sam, vera = people.viewer(larkspur.sam, slug, at), people.viewer(larkspur.vera, slug, at)
    leads = people.viewer(larkspur.priya, slug, at)
    invitations.invite(leads, role="leader", email="ada@example.com", name="Ada Bell", at=at)
    made = drafts.draft(sam, {"title": "Keep text-message login codes"}, at=at)
    reviews.ask(sam, made.number, at=at)
    reviews.answer(vera, made.number, "deny", base=1, text="Codes can be stolen.", level=3, at=at)
    with Mailbox() as mailbox, sending(mailbox):
        desk = player().comes_in(larkspur.sam, f"{larkspur.path}/decisions/AD-0001/risk")
        desk.types("Your question to leadership", "May we keep text-message login codes?")
        desk.types("What technology says", "Yes. The launch moves 3 weeks.")
        desk.types("Until when?", "2027-03-31")
        desk.types("What protects us meanwhile", "Alarms on every sign-in")
        desk.page.get_by_label("Who is asked?").select_option(label="ada@example.com")
        desk.clicks(desk.page.get_by_role("button", name="Ask leadership"))
        desk.reads("It goes to them by mail.")
        queue.work_off(clock)
        (letter,) = mailbox.to("ada@example.com")
        assert (
            letter["Subject"]
            == "[Larkspur Dental] Your answer by Tue 1 Dec: May we keep text-message login codes?"
        )

        ada = player(phone=True).goes_to(urlsplit(links_in(letter)[0]).path)
        ada.reads(
            "May we keep text-message login codes?", "Codes can be stolen.", "The launch moves 3 weeks."
        )
        ada.reads("Alarms on every sign-in", "Wed 31 Mar")
        met = words_on(ada)
        ada.chooses("Yes: we take this risk…")
        ada.types("Until", "2027-03-31")
        ada.types("Why?", "The launch comes first")
        ada.types("Why longer than usual?", "It launches in spring")
        ada.presses("Mail me a code…")
        ada.reads("Confirm your answer", "The launch comes first")
        met += words_on(ada)
        code = str(mailbox.to("ada@example.com")[1]["Subject"]).split("] ")[1].split()[0]
        assert code in text_of(mailbox.letters[-1])
        ada.types("The six digits", code)
        ada.presses("Confirm")
        ada.reads("Thank you", "We take this risk")
        met += words_on(ada)
        assert ada.pages <= 3, "she came through more pages than two minutes allow"
        assert met <= MOST_WORDS, "and had more to read than two minutes allow"
        ada.goes_to(f"{larkspur.path}/decisions")
        assert "/sign-in" in ada.page.url, "she answered one question and is let in nowhere by it"
        desk.goes_to(f"{larkspur.path}/decisions/AD-0001/risk")
        desk.reads("We take this risk until Wed 31 Mar", "Confirmed by a code that was mailed to them.")
