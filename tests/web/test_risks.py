"""The one page put to leadership: two advisers, an answer with a reason, a confirm step."""

from datetime import date

import pytest

from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import comments, drafts, gates, invitations, reviews
from tests.casts import send, sign_in
from tests.services.security_company import RISKY, again, asked

PAGE = "/larkspur/decisions/AD-0001/risk"


@pytest.fixture
def denied(cast, clock):
    made = asked(cast, clock(), RISKY)
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, 1, "deny", base=1, text="Codes can be stolen.", at=clock())
    return made


@pytest.fixture
def sam(cast, app):
    return sign_in(app.test_client(), cast.cto)


@pytest.fixture
def priya(cast, app):
    return sign_in(app.test_client(), cast.leader)


def put(sam, **more):
    return send(
        sam,
        f"{PAGE}/put",
        question="May we keep codes?",
        technology_says="Yes. The launch moves.",
        answer_by="2026-11-27",
        **more,
    )


def test_a_leader_who_has_not_come_in_yet_is_asked_by_her_e_mail(cast, denied, clock, sam):
    leader = cast.viewer("leader", clock())
    _, row = invitations.invite(leader, email="zoe@example.com", name="Zoë Vale", role="leader", at=clock())
    assert "zoe@example.com" in sam.get(PAGE).text
    put(sam, of=row.person_id)
    for page in (PAGE, "/", "/larkspur/record"):
        assert "zoe@example.com" in sam.get(page).text, page
    for page in (PAGE, "/", "/larkspur/record", "/larkspur/decisions/AD-0001"):
        assert "Zoë Vale" not in sam.get(page).text, page
    assert RiskQuestion.get().asked_of_id == row.person_id


def test_the_cto_puts_the_question_and_gets_a_link(denied, sam, priya):
    assert put(sam).location == f"{PAGE}#link"
    assert f'value="http://localhost{PAGE}"' in sam.get(PAGE).text
    shown = priya.get(PAGE).text
    for words in (
        "May we keep codes?",
        "Codes can be stolen.",
        "Yes. The launch moves.",
        "Answer by Fri 27 Nov",
    ):
        assert words in shown
    assert not RiskAcceptance.select().exists()


def test_an_unfinished_question_keeps_what_was_typed(denied, sam):
    refused = send(sam, f"{PAGE}/put", question="May we?", technology_says="", answer_by="2026-11-27")
    assert refused.status_code == 422 and 'value="May we?"' in refused.text
    assert send(sam, f"{PAGE}/put", question="May we?", answer_by="").status_code == 422
    assert not RiskQuestion.select().exists()


def test_leadership_takes_the_risk_after_a_confirm_step(cast, denied, clock, sam, priya):
    put(sam)
    typed = {"choice": "take", "reason-take": "The launch", "until": "2027-03-31"}
    asked_why = send(priya, f"{PAGE}/confirm", **typed)
    assert asked_why.status_code == 422 and "usually ends by Thu 24 Dec 2026" in asked_why.text
    typed["longer"] = "It launches in spring"
    confirm = send(priya, f"{PAGE}/confirm", **typed)
    assert "Wed 31 Mar 2027" in confirm.text and "May we keep codes?" in confirm.text
    assert not RiskAcceptance.select().exists()
    assert send(priya, f"{PAGE}/take", **typed).status_code == 302
    assert RiskAcceptance.get().reason == "The launch"
    assert gates.gate_for(cast.viewer("cto", clock()), again(denied), clock()).open
    assert "We take this risk until Wed 31 Mar 2027" in priya.get(PAGE).text
    assert send(priya, f"{PAGE}/end", how="fixed").status_code == 302
    assert gates.running_risk(denied, clock()) is None


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"choice": "take", "reason-take": "", "until": "2027-03-31"},
        {"choice": "take", "reason-take": "Why", "until": "2029-03-31"},
        {"choice": "take", "reason-take": "Why", "until": "2026-11-01"},
        {"choice": "take", "reason-take": "Why", "until": "2027-03-31", "longer": " "},
        {"choice": "take", "reason-take": "Why", "until": "soon"},
        {"choice": "refuse", "reason-refuse": " "},
        {"choice": "ask", "reason-ask": ""},
    ],
)
def test_an_answer_without_its_reason_or_end_is_not_taken(denied, sam, priya, typed):
    put(sam)
    assert send(priya, f"{PAGE}/confirm", **typed).status_code == 422
    assert RiskQuestion.get().state == "open"


def test_leadership_refuses_or_asks_back(denied, sam, priya):
    put(sam)
    assert (
        send(priya, f"{PAGE}/confirm", choice="ask", **{"reason-ask": "What would it cost?"}).status_code
        == 302
    )
    assert [one.text for one in comments.of(denied)] == ["What would it cost?"]
    assert "What would it cost?" in sam.get(PAGE).text
    assert RiskQuestion.get().state == "open"
    assert send(priya, f"{PAGE}/refuse", **{"reason-refuse": ""}).status_code == 422
    assert send(priya, f"{PAGE}/refuse", **{"reason-refuse": "Patients first"}).status_code == 302
    assert RiskQuestion.get().state == "refused"


@pytest.mark.parametrize("path", ["confirm", "take", "refuse", "end"])
def test_nobody_else_answers_for_leadership(denied, sam, path):
    put(sam)
    assert send(sam, f"{PAGE}/{path}", choice="take", until="2027-01-01").status_code == 403


def test_leadership_may_take_a_risk_it_was_not_asked_about_once_the_vciso_said_no(denied, priya):
    assert "Yes: we take this risk…" in priya.get(PAGE).text
    typed = {"choice": "take", "reason-take": "We know", "until": "2026-12-20"}
    assert send(priya, f"{PAGE}/take", **typed).status_code == 302
    assert RiskAcceptance.get().until.date() in (date(2026, 12, 20), date(2026, 12, 21))


def test_without_a_no_the_page_says_that_no_risk_remains_and_takes_none(cast, clock, sam, priya):
    asked(cast, clock(), RISKY)
    for somebody in (sam, priya):
        page = somebody.get(PAGE).text
        assert "there is no risk to take" in page
        assert "Yes: we take this risk…" not in page and "Your question to leadership" not in page
    typed = {"choice": "take", "reason-take": "We know", "until": "2026-12-20"}
    assert send(priya, f"{PAGE}/take", **typed).status_code == 409
    assert put(sam).status_code == 409
    assert not RiskAcceptance.select().exists()


def test_a_text_changed_after_the_risk_was_taken_asks_leadership_again(cast, denied, clock, sam, priya):
    typed = {"choice": "take", "reason-take": "We know", "until": "2026-12-20"}
    assert send(priya, f"{PAGE}/take", **typed).status_code == 302
    assert "Yes: we take this risk…" not in priya.get(PAGE).text
    drafts.revise(cast.viewer("cto", clock()), 1, {"decision": "Else"}, base=1, at=clock())
    assert "Yes: we take this risk…" in priya.get(PAGE).text
    assert "Ask leadership" in sam.get("/larkspur/decisions/AD-0001").text
