"""The discussion on the page of a decision and of a risk: everybody concerned may ask, answer and advise."""

import re

import pytest

from adr_app.models.comments import Comment
from adr_app.models.reviews import Verdict
from tests.casts import send, sign_in
from tests.services.security_company import RISKY, asked

DECISION = "/larkspur/decisions/AD-0001"
SAY = f"{DECISION}/comments"


@pytest.fixture
def made(cast, clock):
    return asked(cast, clock(), RISKY)


@pytest.fixture
def enter(app, cast):
    """Open a browser of somebody by their role."""
    return lambda role: sign_in(app.test_client(), getattr(cast, role))


@pytest.mark.parametrize("role", ["member", "cto", "vciso", "leader", "delegate"])
def test_whoever_may_comment_finds_the_form_and_is_read_with_name_role_and_time(made, enter, role):
    browser = enter(role)
    assert 'name="comment"' in browser.get(DECISION).text
    said = send(browser, SAY, comment="It **holds**. <script>alert(1)</script>")
    assert (said.status_code, said.location) == (302, f"{DECISION}#discussion")
    page = browser.get(DECISION).text
    assert "It <strong>holds</strong>." in page and "<script>alert" not in page
    assert f"<strong>{role.title()}</strong>" in page
    assert re.search(r'<time class="soft" datetime="2026-11-24T09:00:00\+00:00">Tue 24 Nov, ', page)


@pytest.mark.parametrize("role", ["reader", "admin"])
def test_who_only_reads_sees_the_discussion_and_no_form(made, enter, role):
    send(enter("member"), SAY, comment="It holds.")
    browser = enter(role)
    page = browser.get(DECISION).text
    assert "It holds." in page and 'name="comment"' not in page
    assert send(browser, SAY, comment="Me too").status_code == 403


def test_a_question_of_leadership_stands_above_the_decision_until_somebody_answers(made, enter):
    priya, sam, vera = enter("leader"), enter("cto"), enter("vciso")
    send(priya, SAY, comment="What would *it* cost?", asks="yes")
    for browser in (sam, vera):
        page = browser.get(DECISION).text
        assert "Leader asks: What would it cost?" in page and ">Answer</a>" in page
        assert "Answer Leader" in page
    assert ">See it</a>" in priya.get(DECISION).text
    send(priya, SAY, comment="I mean each month.")
    assert "Leader asks:" in sam.get(DECISION).text
    send(vera, SAY, comment="Ten a month.")
    page = sam.get(DECISION).text
    assert "Leader asks:" not in page and page.index("each month") < page.index("Ten a month.")


def test_a_question_asked_on_the_risk_page_is_answered_there_or_on_the_decision(made, enter):
    priya, sam = enter("leader"), enter("cto")
    risk = f"{DECISION}/risk"
    send(priya, f"{risk}/confirm", choice="ask", **{"reason-ask": "What would it cost?"})
    for address in (DECISION, risk):
        assert "Leader asks: What would it cost?" in sam.get(address).text
    answer = send(sam, SAY, comment="Ten a month.", **{"from": "risk"})
    assert answer.location == f"{risk}#discussion"
    page = priya.get(risk).text
    assert "Ten a month." in page and "Leader asks:" not in page


def test_only_leadership_puts_a_question_above_everything(made, enter):
    mia = enter("member")
    assert 'name="asks"' not in mia.get(DECISION).text
    send(mia, SAY, comment="Why?", asks="yes")
    assert Comment.get().kind == "comment"


@pytest.mark.parametrize("place", ["decision", "risk"])
def test_what_cannot_be_saved_is_named_and_kept(made, enter, place):
    priya = enter("leader")
    for words in ("", "x" * 8001):
        refused = send(priya, SAY, comment=words, asks="yes", **{"from": place})
        assert refused.status_code == 422 and 'href="#f-comment"' in refused.text
        assert words in refused.text and re.search(r'name="asks" value="yes" checked', refused.text)
    assert not Comment.select().exists()


def test_advice_in_the_discussion_is_confirmed_before_it_counts(made, enter):
    vera = enter("vciso")
    assert 'name="advice"' in vera.get(DECISION).text
    typed = {"comment": "Use the vault & rotate.", "advice": "yes", "base": "1"}
    confirm = send(vera, SAY, **typed)
    assert confirm.status_code == 200 and "Use the vault &amp; rotate." in confirm.text
    assert not Verdict.select().exists() and not Comment.select().exists()
    form = re.search(r'<form class="acts".*?</form>', confirm.text, re.DOTALL)[0]
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    carried["text-advise"] = typed["comment"]
    carried.pop("csrf_token")
    assert send(vera, f"{DECISION}/review/answer", **carried).status_code == 302
    assert (Verdict.get().code, Verdict.get().text) == ("advise", "Use the vault & rotate.")


def test_advice_on_an_older_version_is_not_signed_and_nothing_is_lost(made, enter):
    sam, vera = enter("cto"), enter("vciso")
    send(sam, f"{DECISION}/edit", title="Move billing", context="Other", base="1", whole="yes")
    answer = send(vera, SAY, comment="Use the vault.", advice="yes", base="1")
    assert answer.status_code == 409 and "Use the vault." in answer.text
    assert not Verdict.select().exists()


def test_nobody_else_gives_advice_by_sending_the_tick(made, enter):
    sam = enter("cto")
    assert 'name="advice"' not in sam.get(DECISION).text
    assert send(sam, SAY, comment="My advice", advice="yes", base="1").status_code == 302
    assert (Comment.get().kind, Verdict.select().count()) == ("comment", 0)


def test_a_long_question_is_cut_above_the_page_and_whole_below(made, enter):
    send(enter("leader"), SAY, comment="word " * 200 + "end?", asks="yes")
    page = enter("cto").get(DECISION).text
    assert "word …" in page and "end?" in page
