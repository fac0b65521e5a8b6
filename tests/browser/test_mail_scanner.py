"""A mail scanner opens every link it finds, signed in or not: nothing is signed by it."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from playwright.sync_api import APIRequestContext

from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.events import Event
from adr_app.models.notices import NoticeChoice, QuestionLink
from adr_app.models.people import Engagement, Invitation
from adr_app.models.reviews import Claim, Condition, RiskAcceptance, RiskQuestion, Verdict
from adr_app.services import drafts, exceptions, invitations, people, queue, reviews
from tests.browser.players import Log
from tests.mailbox import Mailbox, links_in, sending

MOST = 80
"""How many addresses the scanner opens from one link; pages lead to each other without end."""
SEVERAL = 20
"""Fewer pages than that are no scanner's work once it is signed in."""

SIGNED = (
    *(Event, Decision, Revision, Comment, Engagement),
    *(Verdict, Claim, Condition, RiskAcceptance, RiskQuestion),
    *(NoticeChoice, QuestionLink),
)
"""Tables that hold somebody's word."""


def test_a_mail_scanner_that_fetches_every_link_signs_nothing(
    app: Flask, larkspur: Log, player, clock, live_server
):
    with Mailbox() as mailbox, sending(mailbox, public_url=live_server):
        review, question, invitation = _links_in_mails(larkspur, clock, live_server)
        queue.work_off(clock)
    found = [link for letter in mailbox.letters for link in links_in(letter)]
    once, stop = (next(link for link in found if part in link) for part in ("/question/", "/mail/stop/"))
    before = _signed()
    stranger = player(phone=True)
    vera = player(phone=True).comes_in(larkspur.vera, review)
    priya = player(phone=True).comes_in(larkspur.priya, question)
    kinds: set[str] = set()
    for person, address in (
        (stranger, review),
        (stranger, question),
        (stranger, invitation),
        (stranger, once),
        (stranger, stop),
        (vera, review),
        (priya, question),
    ):
        assert person.page.context.request.head(address).ok
        pages = _opened(person.page.context.request, address)
        assert len(pages) >= 1 if person is stranger else len(pages) > SEVERAL
        assert _signed() == before
        for page in _one_of_each_kind(app, pages, kinds):
            person.goes_to(page)
    assert _signed() == before
    stranger.goes_to(once)
    stranger.reads("May we keep the old codes?", "Your answer")
    vera.goes_to(review)
    vera.reads("Move billing", "Your answer")
    priya.goes_to(question)
    priya.reads("May we keep the old codes?", "Your answer")
    stranger.goes_to(invitation)
    stranger.reads("Larkspur Dental invites you")


def _links_in_mails(larkspur: Log, clock, server: str) -> tuple[str, str, str]:
    """Return what would be mailed: a review to answer, a question to leadership, an invitation."""
    at = clock()
    sam = people.viewer(larkspur.sam, larkspur.company.slug, at)
    vera = people.viewer(larkspur.vera, larkspur.company.slug, at)
    priya = people.viewer(larkspur.priya, larkspur.company.slug, at)
    for title in ("Move billing", "Keep the old login codes"):
        made = drafts.draft(sam, {"title": title, "context": "Why we talk of it."}, at=at)
        reviews.ask(sam, made.number, at=at)
    reviews.answer(vera, 2, "deny", base=1, text="Codes can be stolen.", at=at)
    exceptions.ask(
        sam,
        2,
        question="May we keep the old codes?",
        technology_says="Yes: replacing them now costs three weeks.",
        answer_by=at.date(),
        at=at,
    )
    token, _ = invitations.invite(priya, name="Tom", email="tom@example.com", role="member", at=at)
    start = f"{server}{larkspur.path}/decisions"
    return f"{start}/AD-0001/review", f"{start}/AD-0002/risk", f"{server}/join/{token}"


def _signed() -> dict[str, list]:
    """Return every row that holds somebody's word, and whether the invitation was used."""
    rows = {table.__name__: sorted(map(str, table.select().dicts())) for table in SIGNED}
    return rows | {"used": list(Invitation.select(Invitation.used_at).dicts())}


def _opened(browser: APIRequestContext, first: str) -> list[str]:
    """Open an address and what its pages lead to, as a scanner does; return the pages that it was shown."""
    waiting, seen, pages = [first], set(), []
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.ok:
            pages.append(answer.url)
        for attribute in re.findall(r'(?:href|action|formaction)="([^"#]+)', answer.text()):
            found = urljoin(answer.url, unescape(attribute))
            if urlsplit(found).netloc == urlsplit(first).netloc:
                waiting.append(found)
    return pages


def _one_of_each_kind(app: Flask, pages: list[str], kinds: set[str]) -> list[str]:
    """Return the first page of every route that is not among `kinds`, and add those routes to it."""
    routes = app.url_map.bind("localhost")
    found = []
    for page in pages:
        endpoint, _ = routes.match(urlsplit(page).path)
        if endpoint not in kinds:
            kinds.add(endpoint)
            found.append(page)
    return found
