"""Threads, passages and concerns on the page of a decision, with no script; and on first screens."""

import re

import pytest
from peewee import fn
from playhouse.test_utils import count_queries

from adr_app.domain.digest import digest
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict
from adr_app.services import comments, concerns, decisions, drafts, people
from adr_app.services.verification import verify
from tests.casts import send, sign_in
from tests.services.security_company import NONE, RISKY, asked

DECISION = "/larkspur/decisions/AD-0001"
SAY = f"{DECISION}/comments"
TEXT = {"decision": "We keep **copies** for 72 hours.", "context": "## Law\n\nSeven years."}


@pytest.fixture
def made(cast, clock):
    """A harmless decision that the CTO may accept at once."""
    cto = cast.viewer("cto", clock())
    made = drafts.draft(cto, {"title": "Copies", **TEXT}, answers=NONE, at=clock())
    return decisions.propose(cto, made.number, at=clock())


@pytest.fixture
def enter(app, cast):
    """Open a browser of somebody by their role."""
    return lambda role: sign_in(app.test_client(), getattr(cast, role))


def said(page, comment):
    """Return one thread of a page as its words."""
    item = re.search(rf'<li id="said-{comment.id}">.*?(?=<li id="said-|</section>)', page, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", item[0]).split())


def test_a_remark_on_pasted_words_stands_beside_them_and_leads_to_them(made, enter):
    mia = enter("member")
    assert 'name="passage"' in mia.get(DECISION).text
    send(mia, SAY, comment="Why so few?", passage="copies for\n72 hours", seen="1")
    page = enter("cto").get(DECISION).text
    assert "In What we decide, version 1." in said(page, Comment.get())
    assert "#part-decision:~:text=copies%20for%2072%20hours" in page and 'id="part-decision"' in page
    assert re.search(r'data-said="copies for 72 hours">Member on <a href="#said-1">', page)
    stored = Revision.get()
    assert "<strong>copies</strong> for 72 hours" in stored.html["decision"], "the text is not touched"
    assert digest(bytes(stored.canonical)) == stored.digest


def test_words_that_are_no_longer_there_are_said_to_be_so(cast, made, enter, clock):
    mia, cto = enter("member"), cast.viewer("cto", clock())
    send(mia, SAY, comment="Why so few?", passage="72 hours")
    drafts.revise(cto, made.number, {"title": "Copies", "decision": "We keep none."}, base=1, at=clock())
    page = mia.get(DECISION).text
    assert "About words that are no longer there (version 1)." in said(page, Comment.get())
    assert f"{DECISION}/versions/1" in page and "data-said" not in page
    decisions.accept(cto, made.number, base=2, at=clock())
    send(mia, SAY, comment="None?", passage="keep none")
    drafts.revise(cto, made.number, {"title": "Copies", "decision": "We keep all."}, base=2, at=clock())
    later = said(mia.get(DECISION).text, Comment.get_by_id(2))
    assert "no longer there (version 2)" in later and "still stand in the version in force" in later


def test_words_that_the_text_does_not_have_are_named_and_kept(made, enter):
    refused = send(enter("member"), SAY, comment="Why <so>?", passage="never & written")
    assert refused.status_code == 422 and 'href="#f-passage"' in refused.text
    assert "never &amp; written" in refused.text and "Why &lt;so&gt;?" in refused.text
    assert not Comment.select().exists()


def test_open_threads_are_counted_and_resolved_ones_lie_folded(made, enter):
    mia, sam = enter("member"), enter("cto")
    for words in ("First?", "Second?"):
        send(mia, SAY, comment=words)
    assert 'Discussion <span class="count">2</span>' in sam.get(DECISION).text
    empty = send(sam, f"{SAY}/1/reply", **{"reply-1": " "})
    assert empty.status_code == 422 and 'href="#f-reply-1"' in empty.text
    answer = send(sam, f"{SAY}/1/reply", **{"reply-1": "It **is**."})
    assert answer.location == f"{DECISION}#said-1"
    assert "Member , team" in said(sam.get(DECISION).text, Comment.get_by_id(1))
    send(sam, f"{SAY}/1/resolve")
    page = sam.get(DECISION).text
    assert 'Discussion <span class="count">1</span>' in page
    folded = page[page.index('<details class="fold" id="resolved">') :]
    assert "1 resolved" in folded and "First?" in folded and "It <strong>is</strong>." in folded
    assert f"{SAY}/1/reply" not in page and f"{SAY}/1/reopen" in page
    assert f"{SAY}/2/resolve" not in enter("vciso").get(DECISION).text
    assert send(enter("vciso"), f"{SAY}/2/resolve").status_code == 403
    send(mia, f"{SAY}/1/reopen")
    assert "1 resolved" not in sam.get(DECISION).text


def test_what_was_said_before_remarks_could_be_resolved_is_not_open_until_somebody_takes_it_up(
    cast, made, enter
):
    cto, mia = enter("cto"), enter("member")
    for words in ("Said long ago.", "Said long ago too."):
        send(mia, SAY, comment=words)
    Company.update(remarks_before=Comment.select(fn.MAX(Comment.id)).scalar()).execute()
    send(mia, SAY, comment="Said today.")
    page = cto.get(DECISION).text
    assert '<span class="count">1</span>' in page and "2 earlier remarks" in page
    earlier = page.split('id="earlier"')[1]
    assert "Said long ago." in earlier and "Said today." not in earlier
    first = Comment.select().order_by(Comment.id).first()
    send(cto, f"{SAY}/{first.id}/reply", **{f"reply-{first.id}": "Still so."})
    page = cto.get(DECISION).text
    assert '<span class="count">2</span>' in page and "1 earlier remark" in page
    second = first.id + 1
    send(mia, f"{SAY}/{second}/resolve")
    page = cto.get(DECISION).text
    assert "earlier remark" not in page and "1 resolved" in page
    assert verify(Company.get_by_id(cast.company.id)).broken is None


def test_a_concern_stands_above_the_decision_and_takes_a_reason_to_go_on(made, enter):
    mia, sam = enter("member"), enter("cto")
    assert ">Accept</button>" in sam.get(DECISION).text
    refused = send(mia, f"{SAY}/concern", concern="", reasons="The list is empty.")
    assert refused.status_code == 422 and 'href="#f-concern"' in refused.text
    assert "The list is empty." in refused.text
    send(mia, f"{SAY}/concern", concern="Nobody <at> night", reasons="The list is **empty**.")
    page = sam.get(DECISION).text
    assert "Member has a blocking concern: Nobody &lt;at&gt; night" in page
    assert "Only Member resolves it." in said(page, Comment.get()) and f"{SAY}/1/resolve" not in page
    assert "Accept with a concern open" in page and ">Accept</button>" not in page
    last_look = sam.get(f"{DECISION}/accept").text
    assert "Decide with a concern open?" in last_look and "Nobody &lt;at&gt; night" in last_look
    seen = re.search('name="seen" value="([^"]*)"', last_look)[1]
    empty = send(sam, f"{DECISION}/accept", base="1", seen=seen, reason="")
    assert empty.status_code == 422 and 'href="#f-reason"' in empty.text
    assert send(sam, f"{DECISION}/accept", base="1", seen=seen, reason="It ends today").status_code == 302
    for page in (sam.get(DECISION).text, sam.get("/larkspur/record").text):
        assert "accepted it; the vCISO was not asked (version 1), decided with a concern open" in page
    assert "Decided with a concern open. Member: Nobody" in sam.get(DECISION).text
    send(mia, f"{SAY}/1/resolve")
    page = sam.get(DECISION).text
    assert "Decided with a concern open. Member" not in page
    assert "Decided with this concern open." in said(page, Comment.get_by_id(1))


def test_a_concern_may_be_about_words_of_the_text(made, enter):
    mia = enter("member")
    typed = {"concern": "Nobody at night", "reasons": "The list is empty."}
    refused = send(mia, f"{SAY}/concern", **{**typed, "concern-passage": "not there"})
    assert refused.status_code == 422 and "These words are not in the text" in refused.text
    assert "not there</textarea>" in refused.text and "The list is empty.</textarea>" in refused.text
    send(mia, f"{SAY}/concern", **{**typed, "concern-passage": "copies for 72 hours", "seen": "1"})
    concern = Comment.get(Comment.kind == "concern")
    found = (concern.passage, concern.version, concern.concern)
    assert found == ("copies for 72 hours", 1, "Nobody at night")
    page = mia.get(DECISION).text
    assert '<blockquote class="passage"><p>copies for 72 hours</p>' in page and "Blocking concern" in page
    assert 'data-said="copies for 72 hours"' in page, "it is told beneath the part that has these words"


def test_leadership_sets_a_concern_aside_once_its_raiser_is_gone(cast, made, enter, clock):
    send(enter("member"), f"{SAY}/concern", concern="Nobody at night", reasons="No list.")
    priya = enter("leader")
    assert "set-aside" not in priya.get(DECISION).text
    for one in people.engagement_rows(cast.company.id):
        if one.person_id == cast.member.id:
            send(priya, "/larkspur/people/end-role", engagement=str(one.id))
    clock.advance(hours=1)
    assert "Member is no longer here; leadership may set it aside." in enter("cto").get(DECISION).text
    assert "Member: Nobody at night" in priya.get("/").text
    empty = send(priya, f"{SAY}/1/set-aside", **{"aside-1": ""})
    assert empty.status_code == 422 and 'href="#f-aside-1"' in empty.text
    assert send(priya, f"{SAY}/1/set-aside", **{"aside-1": "We hired."}).status_code == 302
    thread = said(priya.get(DECISION).text, Comment.get_by_id(1))
    assert "We hired." in thread and "Leader set it aside" in thread


@pytest.mark.parametrize("role", ["cto", "vciso", "leader", "member"])
def test_what_waits_for_somebody_stands_on_their_first_screen(cast, enter, clock, role):
    """Whatever their role: here it is the author who is waited for."""
    made = drafts.draft(cast.viewer(role, clock()), {"title": "Copies"}, answers=NONE, at=clock())
    raiser = "leader" if role != "leader" else "vciso"
    one = concerns.raise_one(cast.viewer(raiser, clock()), made.number, "Nobody at night", "No.", at=clock())
    browser = enter(role)
    page = browser.get("/").text
    assert "Blocking concerns" in page and page.count("Nobody at night") == 1
    assert f"{DECISION}#said-{one.id}" in page
    comments.reply(cast.viewer(role, clock()), made.number, one.id, "Two names.", at=clock())
    assert "Nobody at night" not in browser.get("/").text
    assert "Answered: Nobody at night" in enter(raiser).get("/").text


def test_advice_on_words_carries_them_into_the_answer(cast, enter, clock):
    asked(cast, clock(), RISKY, decision="We keep copies.")
    confirm = send(enter("vciso"), SAY, comment="Fewer.", passage="keep copies", advice="yes", base="1")
    assert confirm.status_code == 200 and "About “keep copies”: Fewer." in confirm.text
    assert not Verdict.select().exists() and not Comment.select().exists()


def test_the_page_costs_the_same_however_much_is_said(cast, made, enter, clock):
    browser, mia = enter("cto"), cast.viewer("member", clock())

    def talk():
        one = comments.write(mia, made.number, "Why?", passage="72 hours", at=clock())
        comments.reply(mia, made.number, one.id, "Because.", at=clock())
        concern = concerns.raise_one(mia, made.number, "Nobody at night", "No list.", at=clock())
        comments.resolve(mia, made.number, one.id, at=clock())
        return concern

    talk()
    browser.get(DECISION)
    with count_queries() as few:
        browser.get(DECISION)
    for _ in range(5):
        talk()
    with count_queries() as many:
        assert browser.get(DECISION).status_code == 200
    assert many.count == few.count


def test_what_is_said_on_a_restricted_decision_is_said_to_nobody_else(cast, made, enter, clock):
    concerns.raise_one(cast.viewer("leader", clock()), made.number, "Nobody at night", "No.", at=clock())
    Decision.update(restricted=True).execute()
    delegate = enter("delegate")
    assert "Nobody at night" not in delegate.get("/").text + delegate.get("/larkspur/record").text
    for address in (f"{SAY}/concern", f"{SAY}/1/reply", f"{SAY}/1/resolve"):
        assert send(delegate, address, concern="x", reasons="x").status_code == 404
    assert "Nobody at night" in enter("cto").get("/").text
