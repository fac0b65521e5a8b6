"""The pages of exceptions: asked for by the team, recommended on, answered, and refused with what to do."""

import pytest

from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.people import Engagement
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import decisions, engagements
from tests.casts import cast_of, quick_passwords, send, sign_in
from tests.services.security_company import drafted
from tests.services.test_exceptions import DEVIATES
from tests.web.reading import links, rows, section, words

PAGE = "/larkspur/decisions/AD-0001/risk"
REGISTER = "/larkspur/exceptions"
ASKED = {
    "question": "May we keep codes?",
    "technology_says": "The launch.",
    "protects": "Alarms.",
    "until": "2026-12-20",
    "answer_by": "2026-11-27",
}
TAKE = {"choice": "take", "reason-take": "We know.", "until": "2026-12-20"}


@pytest.fixture
def cast(app, clock):
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    made = drafted(cast, clock(), DEVIATES)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    return cast


@pytest.fixture
def as_(cast, app):
    """Return the browser of somebody in a role."""
    return lambda role: sign_in(app.test_client(), getattr(cast, role))


def test_an_exception_goes_from_the_team_over_the_vciso_to_a_leader_and_into_the_register(as_):
    mia, vera, priya = as_("member"), as_("vciso"), as_("leader")
    assert "Ask for an exception" in mia.get("/larkspur/decisions/AD-0001").text
    assert "The vCISO recommends on it first" in mia.get(PAGE).text
    assert send(mia, f"{PAGE}/put", **ASKED).location == PAGE
    assert "Exceptions asked for" in vera.get("/").text and "May we keep codes?" not in priya.get("/").text
    assert "Yes: we take this risk…" not in priya.get(PAGE).text
    assert "What do you recommend?" in vera.get(PAGE).text
    assert send(vera, f"{PAGE}/recommend", advice="no", advice_text="They can be stolen.").status_code == 302
    assert "They can be stolen." in priya.get("/").text
    shown = priya.get(PAGE).text
    assert "Vera" not in shown and "They can be stolen." in shown and "Alarms." in shown
    assert 'value="2026-12-20"' in shown, "the day that was asked for stands there already"
    assert send(priya, f"{PAGE}/take", **TAKE).status_code == 302
    listed = words(mia.get(REGISTER).text)
    for said in ("Allowed", "Sun 20 Dec", "Alarms.", "recommended no", "Leader allowed it", "Member asked"):
        assert said in listed, said
    assert "Allowed exceptions" in mia.get("/larkspur/decisions/AD-0001").text
    assert "recommended no on an exception" in words(mia.get("/larkspur/decisions/AD-0001").text)
    for unsaid in ({}, {"how": "somehow"}):
        refused = send(priya, f"{PAGE}/end", **unsaid)
        assert refused.status_code == 422 and "Choose whether it is fixed or just ends." in refused.text
    assert send(priya, f"{PAGE}/end", how="fixed").status_code == 302
    assert "No exception is in force" in mia.get(REGISTER).text
    assert "May we keep codes? Move billing Fixed Sun 20 Dec" in words(mia.get(f"{REGISTER}?show=ended").text)
    assert "ended the acceptance of the risk: fixed." in mia.get("/larkspur/decisions/AD-0001").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"until": "2026-11-23"}, "every exception has an end"),
        ({"until": "2028-01-01"}, "every exception has an end"),
        ({"until": "soon"}, "year-month-day"),
        ({"technology_says": " "}, "what you recommend and why"),
        ({"answer_by": ""}, "Choose the day by which you need the answer."),
    ],
)
def test_a_request_that_is_not_complete_is_kept_as_typed_and_says_what_to_do(as_, more, said):
    refused = send(as_("member"), f"{PAGE}/put", **ASKED | more)
    assert refused.status_code == 422 and said in refused.text
    assert 'value="May we keep codes?"' in refused.text and 'value="Alarms."' in refused.text
    assert not ExceptionRequest.select().exists()


def test_what_is_out_of_turn_or_not_theirs_is_refused_on_every_route_and_changes_nothing(as_, clock):
    mia, vera, priya, sam = as_("member"), as_("vciso"), as_("leader"), as_("cto")
    assert send(vera, f"{PAGE}/recommend", advice="no", advice_text="No.").status_code == 409
    assert send(priya, f"{PAGE}/take", **TAKE).status_code == 409, "nobody asked, and she said no to nothing"
    send(mia, f"{PAGE}/put", **ASKED)
    assert send(sam, f"{PAGE}/put", **ASKED).status_code == 409, "one at a time"
    assert send(priya, f"{PAGE}/take", **TAKE).status_code == 409, "the vCISO is heard first"
    assert send(sam, f"{PAGE}/put-on").status_code == 409, "her time is not over"
    assert send(sam, f"{PAGE}/withdraw").status_code == 403
    assert send(mia, f"{PAGE}/recommend", advice="yes", advice_text="I say so.").status_code == 403
    refused = send(vera, f"{PAGE}/recommend", advice="no", advice_text=" ")
    assert refused.status_code == 422 and "Say why, in one sentence" in refused.text
    assert not RiskQuestion.select().exists()
    send(vera, f"{PAGE}/recommend", advice="no", advice_text="No.")
    assert send(vera, f"{PAGE}/recommend", advice="yes", advice_text="Yes.").status_code == 409, "once"
    for role in ("member", "cto", "vciso"):
        assert send(as_(role), f"{PAGE}/take", **TAKE).status_code == 403
    too_long = send(priya, f"{PAGE}/take", **TAKE | {"until": "2026-12-25"})
    assert too_long.status_code == 422 and "usually ends by Thu 24 Dec 2026" in too_long.text
    assert "We know." in too_long.text and not RiskAcceptance.select().exists()
    assert send(priya, f"{PAGE}/take", **TAKE).status_code == 302
    for path in ("take", "refuse"):
        again = send(priya, f"{PAGE}/{path}", **TAKE, **{"reason-refuse": "No."})
        assert again.status_code == 409, path
    assert send(mia, f"{PAGE}/withdraw").status_code == 409
    assert send(mia, f"{PAGE}/protect", protects_now=" ").status_code == 422
    assert send(mia, f"{PAGE}/protect", protects_now="A guard.").status_code == 302
    assert "A guard." in mia.get(REGISTER).text
    assert RiskAcceptance.select().count() == 1


def test_a_request_stands_on_the_desk_and_beside_the_text_until_the_vciso_has_recommended(as_, clock):
    judged, vera = PAGE.replace("risk", "review"), as_("vciso")
    assert "Exceptions asked for" not in vera.get("/desk").text and "exceptions" not in vera.get(judged).text
    send(as_("member"), f"{PAGE}/put", **ASKED)
    assert "Exceptions asked for 1" in words(vera.get("/desk").text)
    (row,) = rows(vera.get("/desk?what=requested").text)
    assert row == (
        "AD-0001 Move billing Until Sun 20 Dec, asked today Member asks: May we keep codes? Recommend"
    )
    assert links(vera.get("/desk?what=requested").text)["Recommend"] == f"{PAGE}#request"
    beside = vera.get(judged).text.partition('id="exceptions" open')[2].partition("</details>")[0]
    assert "May we keep codes? Waits for the vCISO's recommendation" in words(beside)
    assert "Alarms." in beside and links(beside)["Recommend"] == f"{PAGE}#request"
    for role in ("member", "cto", "leader"):
        assert "May we keep codes?" in (page := as_(role).get(judged).text), "told, and not asked"
        assert 'id="exceptions"' in page and f"{PAGE}#request" not in page
    send(vera, f"{PAGE}/recommend", advice="no", advice_text="They can be stolen.")
    assert "Exceptions asked for" not in vera.get("/desk").text
    shown = vera.get(judged).text
    assert "They can be stolen." in shown and f"{PAGE}#request" not in shown
    assert 'id="exceptions">' in shown, "what waits for somebody else is folded"


def test_whoever_asked_and_the_cto_read_whom_it_waits_for_until_leadership_is_asked(as_, clock):
    mia, sam = as_("member"), as_("cto")
    assert "Waiting for others" not in mia.get("/").text
    send(mia, f"{PAGE}/put", **ASKED)
    for asking in (mia, sam):
        (row,) = rows(section(asking.get("/").text, "Waiting for others"))
        assert row.startswith(
            "AD-0001 Move billing With Vciso, due Tue 1 Dec "
            "An exception is asked for: May we keep codes? Remind"
        )
    assert "Waiting for others" not in as_("vciso").get("/").text
    clock.advance(days=8)
    for asking in (as_("member"), as_("cto")):
        (row,) = rows(section(asking.get("/").text, "Waiting for others"))
        assert "No recommendation, was due Tue 1 Dec" in row and row.endswith("Put it to leadership")
    Decision.update(restricted=True).execute()
    assert "Waiting for others" not in as_("member").get("/").text, "and nothing of it is counted"
    send(as_("vciso"), f"{PAGE}/recommend", advice="yes", advice_text="So.")
    (row,) = rows(section(as_("cto").get("/").text, "Waiting for others"))
    assert "With Leader, answer by" in row, "it is there once, as the question it is now"
    Decision.update(restricted=False).execute()
    (row,) = rows(section(as_("member").get("/").text, "Waiting for others"))
    assert "With leadership, answer by Fri 27 Nov" in row


@pytest.mark.parametrize("asker_leads", [True, False])
def test_where_no_leader_is_there_it_says_who_appoints_one_and_whoever_comes_is_told(
    as_, cast, clock, asker_leads
):
    leader = cast.viewer("leader", clock())
    for role, person in (("leader", cast.member), ("leader", cast.admin))[: 1 if asker_leads else 2]:
        engagements.appoint(leader, role=role, email=person.email, at=clock())
    clock.advance(hours=1)
    send(as_("member" if asker_leads else "cto"), f"{PAGE}/put", **ASKED)
    leads = Engagement.role == "leader"
    Engagement.update(ends_at=clock()).where(leads, Engagement.person == cast.leader).execute()
    if not asker_leads:
        Engagement.update(ends_at=clock()).where(leads).execute()
    vera = as_("vciso")
    send(vera, f"{PAGE}/recommend", advice="no", advice_text="They can be stolen.")
    names_it = (
        "Member has to give somebody else that role under People." if asker_leads
        else "Only leadership gives that role: tell whoever set this company up."
    )  # fmt: skip
    page = words(vera.get(PAGE).text)
    assert page.count(names_it) == 2, "said to her as she is thanked, and to everybody on the page"
    assert "Put it to leadership now" not in as_("cto").get(PAGE).text
    refused = send(as_("cto"), f"{PAGE}/put-on")
    assert refused.status_code == 409 and names_it in words(refused.text)
    (row,) = rows(section(as_("cto").get("/").text, "Waiting for others"))
    assert "No leader is there to answer" in row and row.endswith("Look")
    Engagement.update(ends_at=None).where(leads, Engagement.person == cast.member).execute()
    engagements.appoint(cast.viewer("member", clock()), role="leader", email=cast.reader.email, at=clock())
    (row,) = rows(section(as_("cto").get("/").text, "Waiting for others"))
    assert "Not put to leadership yet" in row and row.endswith("Put it to leadership")
    ray = as_("reader")
    (row,) = rows(section(ray.get("/").text, "Needs you"))
    assert "May we keep codes?" in row and "Vciso, security: No. They can be stolen." in row
    assert "Answer it now" in ray.get(PAGE).text
    assert send(ray, f"{PAGE}/put-on").location == PAGE
    page = ray.get(PAGE).text
    assert "It is put to you: answer it below." in page and "Yes: we take this risk…" in page
    assert RiskQuestion.get().asked_of_id == cast.reader.id


def test_a_request_the_vciso_lets_lie_is_put_on_and_an_exception_that_is_over_is_asked_for_anew(as_, clock):
    send(as_("member"), f"{PAGE}/put", **ASKED)
    clock.advance(days=8)
    assert "Put it to leadership now" in as_("cto").get(PAGE).text
    assert send(as_("cto"), f"{PAGE}/put-on").location == f"{PAGE}#link"
    send(as_("leader"), f"{PAGE}/take", **TAKE)
    assert "Ask for a longer time…" in as_("member").get(PAGE).text
    clock.advance(days=30)
    page = as_("leader").get(PAGE).text
    assert "Yes: we take this risk…" not in page, "it is extended by a new request only"
    assert "let somebody on the team ask" in page and "Your question to leadership" not in page
    assert "A longer time is asked for anew" in as_("member").get(PAGE).text


def test_who_may_not_know_of_a_decision_learns_nothing_of_its_exceptions(as_):
    mia, ray = as_("member"), as_("reader")
    blank = {show: ray.get(f"{REGISTER}?show={show}").text for show in ("in-force", "asked", "ended")}
    send(mia, f"{PAGE}/put", **ASKED)
    for step in ("asked", "in-force", "ended"):
        if step == "in-force":
            send(as_("vciso"), f"{PAGE}/recommend", advice="yes", advice_text="So.")
            send(as_("leader"), f"{PAGE}/take", **TAKE)
        elif step == "ended":
            send(as_("leader"), f"{PAGE}/end", how="ended")
        Decision.update(restricted=False).execute()
        assert "May we keep codes?" in ray.get(f"{REGISTER}?show={step}").text
        Decision.update(restricted=True).execute()
        for show, page in blank.items():
            assert ray.get(f"{REGISTER}?show={show}").text == page
        assert send(ray, f"{PAGE}/withdraw").status_code in (403, 404) and ray.get(PAGE).status_code == 404
