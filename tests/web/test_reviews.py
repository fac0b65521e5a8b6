"""The page of a security review: looking signs nothing, and an answer is confirmed before it counts."""

import re

import pytest

from adr_app.models.events import Event
from adr_app.models.people import Installation
from adr_app.models.reviews import Claim, Review, Verdict
from adr_app.services import conditions, decisions, drafts, engagements, gates, imports, reviews
from tests.browsers import PHONE, assert_accessible
from tests.casts import PASSWORD, cast_of, send, sign_in
from tests.services.security_company import PLAIN, again, asked, drafted

PAGE = "/larkspur/decisions/AD-0001/review"


@pytest.fixture
def made(cast, clock):
    return asked(cast, clock(), PLAIN, plain_words="Patients pay elsewhere.", vendors="Stripe")


@pytest.fixture
def vera(cast, app):
    return sign_in(app.test_client(), cast.vciso)


@pytest.fixture
def sam(cast, app):
    return sign_in(app.test_client(), cast.cto)


def hidden(text):
    """Return the fields that a confirm page carries."""
    form = re.search(r'<form class="acts".*?</form>', text, re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_asking_shows_a_link_that_leads_back_after_sign_in(cast, app, clock, sam):
    drafted(cast, clock(), PLAIN)
    answer = send(sam, f"{PAGE}/ask")
    assert (answer.status_code, answer.location) == (302, f"{PAGE}#link")
    assert "Sent to Vciso for security review, answer by Tue 1 Dec" in (shown := sam.get(PAGE).text)
    assert f'value="http://localhost{PAGE}"' in shown
    stranger = app.test_client().get(PAGE)
    assert stranger.location.endswith("/sign-in?next=" + PAGE)


def another_vciso(cast, clock):
    leader = cast.viewer("leader", clock())
    engagements.appoint(leader, role="vciso", email=cast.member.email, at=clock())


def vciso_leaves(cast, clock):
    leader, vciso = cast.viewer("leader", clock()), cast.viewer("vciso", clock())
    engagements.end(leader, vciso.vciso_engagement, at=clock())


def test_where_several_are_engaged_the_form_asks_whom(cast, app, clock, sam):
    drafted(cast, clock(), PLAIN)
    page = "/larkspur/decisions/AD-0001"
    for address in (page, PAGE):
        assert "Send to Vciso for security review" in sam.get(address).text
    another_vciso(cast, clock)
    for address in (page, PAGE):
        assert f'<option value="{cast.member.id}">Member</option>' in sam.get(address).text
    for wrong in (cast.cto.id, 10**6, 10**12):
        assert send(sam, f"{PAGE}/ask", of=str(wrong)).status_code == 404
    assert send(sam, f"{PAGE}/ask", of="somebody").status_code == 404
    assert not Review.select().exists()
    assert send(sam, f"{PAGE}/ask", of=str(cast.member.id)).status_code == 302
    assert Review.get().asked_of_id == cast.member.id


def test_a_review_left_behind_says_so_and_is_asked_again_or_answered_by_the_next(cast, app, clock, made, sam):
    vciso_leaves(cast, clock)
    assert "Nobody else has been asked yet." in sam.get(PAGE).text
    another_vciso(cast, clock)
    assert "who is no longer engaged here" in sam.get("/larkspur/decisions/AD-0001").text
    shown = sam.get(PAGE).text
    assert "Vciso was asked and is no longer engaged as vCISO here" in shown
    assert "Send to Member for security review" in shown
    assert "Give the answer yourself" in sign_in(app.test_client(), cast.member).get(PAGE).text
    assert send(sam, f"{PAGE}/ask").status_code == 302
    assert gates.open_review(made).asked_of_id == cast.member.id
    assert "no longer engaged" not in sam.get(PAGE).text


def test_a_claim_goes_on_naming_whom_it_named_after_they_left(cast, clock, sam):
    typed = {"title": "Chat", "decided_on": clock().date().isoformat()}
    decisions.record_decided(cast.viewer("cto", clock()), typed, took_part=True, at=clock())
    vciso_leaves(cast, clock)
    another_vciso(cast, clock)
    page = sam.get("/larkspur/decisions/AD-0001").text
    assert "Vciso is said to have taken part" in page
    assert "Ask her to confirm" in sam.get(PAGE).text
    assert send(sam, f"{PAGE}/claim", on="2026-11-24").status_code == 302
    assert "Member is said to have taken part" in sam.get("/larkspur/decisions/AD-0001").text


def test_opening_every_link_signs_nothing(cast, clock, made, vera):
    before = Event.select().count()
    for path in (PAGE, f"{PAGE}?answer=approve", f"{PAGE}?base=1&confirm=yes"):
        assert vera.get(path).status_code == 200
    for path in ("answer", "confirm", "take-back", "same-meaning", "claim-answer"):
        assert vera.get(f"{PAGE}/{path}").status_code in (404, 405)
    assert Event.select().count() == before
    assert not Verdict.select().exists()


def test_the_page_says_in_plain_words_what_is_asked_and_why(cast, made, vera):
    shown = vera.get(PAGE).text
    for words in (
        "Patients pay elsewhere.",
        "an outside firm",
        "Version 1 ·",
        "nothing changed since it was sent",
    ):
        assert words in shown
    assert re.findall(r'type="radio" id="f-answer-([a-z-]+)"', shown)[:6] == [
        "approve",
        "approve-with-conditions",
        "question",
        "deny",
        "not-relevant",
        "look-on",
    ]


def test_an_answer_is_repeated_and_counts_only_when_confirmed(cast, made, vera):
    confirm = send(vera, f"{PAGE}/confirm", base="1", answer="deny", **{"text-deny": "Codes leak & more"})
    assert confirm.status_code == 200
    assert "AD-0001 Move billing" in confirm.text and "Codes leak &amp; more" in confirm.text
    assert not Verdict.select().exists()
    carried = hidden(confirm.text) | {"text-deny": "Codes leak & more"}
    saved = send(vera, f"{PAGE}/answer", **{k: v for k, v in carried.items() if k != "csrf_token"})
    assert (saved.status_code, saved.location) == (302, PAGE)
    verdict = Verdict.get()
    assert (verdict.code, verdict.text, verdict.number) == ("deny", "Codes leak & more", 1)
    shown = vera.get(PAGE).text
    assert "You can take it back for ten minutes." in shown
    assert send(vera, f"{PAGE}/take-back").status_code == 302
    assert "Both acts stay in the record" in vera.get(PAGE).text


def test_to_dos_travel_through_the_confirm_page(cast, made, vera):
    typed = {
        "answer": "approve-with-conditions",
        "base": "1",
        "level": "3",
        "todo-0-text": "Rotate the keys",
        "todo-0-risk": "Old keys",
        "todo-0-owner": "Mia  Berg",
        "todo-0-due_on": "2026-12-01",
        "todo-0-build_days": "2,5",
        "todo-1-text": "Sign the contract",
        "todo-1-risk": "Nobody is bound",
        "todo-1-before_go_live": "yes",
    }
    confirm = send(vera, f"{PAGE}/confirm", **typed)
    assert "Rotate the keys (Mia Berg), by Tue 1 Dec" in confirm.text and "OK, full review" in confirm.text
    carried = hidden(confirm.text)
    carried.pop("csrf_token")
    send(vera, f"{PAGE}/answer", **carried)
    assert [(t.text, t.before_go_live) for t in conditions.of(made)] == [
        ("Rotate the keys", False),
        ("Sign the contract", True),
    ]
    assert again(made).level == 3
    for address in (PAGE, "/larkspur/decisions/AD-0001"):
        assert "Mia Berg" in vera.get(address).text


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(cast, made, vera):
    refused = send(vera, f"{PAGE}/confirm", base="1", answer="deny", **{"text-deny": " "})
    assert refused.status_code == 422
    assert 'href="#f-text-deny"' in refused.text and "Say why, in one line." in refused.text
    typed = {"todo-0-text": "Rotate <b>", "todo-0-due_on": "soon"}
    refused = send(vera, f"{PAGE}/confirm", base="1", answer="approve-with-conditions", **typed)
    assert refused.status_code == 422
    assert 'value="Rotate &lt;b&gt;"' in refused.text and 'href="#f-todo-0-due_on"' in refused.text
    assert send(vera, f"{PAGE}/confirm", base="1").status_code == 422
    back = send(vera, f"{PAGE}/confirm", base="1", answer="deny", edit="yes", **{"text-deny": "Codes leak"})
    assert back.status_code == 200 and "Codes leak</textarea>" in back.text


@pytest.mark.parametrize("step", ["confirm", "answer"])
def test_a_text_that_changed_meanwhile_is_shown_and_nothing_is_signed(cast, clock, made, vera, step):
    drafts.revise(
        cast.viewer("cto", clock()), 1, {"plain_words": "Now", "context": "Quite new"}, base=1, at=clock()
    )
    answer = send(vera, f"{PAGE}/{step}", base="1", answer="question", **{"text-question": "Where is it?"})
    assert answer.status_code == 409
    assert "The text changed since you opened it" in answer.text
    assert "<ins>" in answer.text and "Quite new" in answer.text
    assert "Where is it?</textarea>" in answer.text
    assert 'name="base" value="2"' in answer.text
    assert not Verdict.select().exists()


def test_a_question_goes_to_the_author_and_back(cast, made, clock, vera, sam):
    send(vera, f"{PAGE}/answer", base="1", answer="question", **{"text-question": "Where is it kept?"})
    assert "Where is it kept?" in sam.get(PAGE).text
    assert send(sam, f"{PAGE}/reply", text=" ").status_code == 422
    assert send(sam, f"{PAGE}/reply", text="In Frankfurt.").location == PAGE
    assert "In Frankfurt." in vera.get(PAGE).text
    assert Review.get().state == "waiting"


def test_the_day_of_looking_is_no_answer(cast, made, vera, sam):
    assert send(vera, f"{PAGE}/confirm", base="1", answer="look-on", look_on="").status_code == 422
    assert send(vera, f"{PAGE}/confirm", base="1", answer="look-on", look_on="2026-11-26").status_code == 302
    assert "will look on Thu 26 Nov" in sam.get(PAGE).text
    assert not Verdict.select().exists()


@pytest.mark.parametrize(("said", "yes"), [("yes", True), ("no", False)])
def test_a_claim_is_one_question_with_two_buttons(cast, clock, vera, said, yes):
    typed = {"title": "Chat", "decided_on": "2026-11-23"}
    viewer = cast.viewer("cto", clock())
    decisions.record_decided(viewer, typed, answers=PLAIN, took_part=True, at=clock())
    assert "Cto says you advised on this on Mon 23 Nov." in vera.get(PAGE).text
    assert send(vera, f"{PAGE}/claim-answer").status_code == 409
    assert send(vera, f"{PAGE}/claim-answer", took_part=said).status_code == 302
    assert Claim.get().yes is yes
    assert "says you advised" not in vera.get(PAGE).text


def test_a_name_in_a_file_is_a_suggestion_that_one_click_turns_into_the_question(
    cast, clock, sam, vera, tmp_path
):
    text = "---\nstatus: accepted\ndate: 2026-11-24\nconsulted: Vciso\n---\n# Chat\n\n"
    body = "## Context and Problem Statement\n\nWhy.\n\n## Considered Options\n\n* Yes\n\n"
    (tmp_path / "0001-chat.md").write_text(f"{text}{body}## Decision Outcome\n\nChosen option: Yes.\n")
    imports.run(cast.viewer("cto", clock()), tmp_path, source="files", at=clock())
    assert "The file names Vciso as asked for advice" in sam.get("/larkspur/decisions/AD-0001").text
    shown = sam.get(PAGE).text
    assert "Ask Vciso to confirm" in shown
    assert "The file names" not in vera.get(PAGE).text
    assert send(sam, f"{PAGE}/claim", on="2026-11-24", of="0").status_code == 422
    carried = hidden(shown[shown.index('id="consulted"') :])
    assert send(sam, f"{PAGE}/claim", **{name: carried[name] for name in ("on", "of")}).status_code == 302
    assert "The file names" not in sam.get(PAGE).text
    assert "Cto says you advised on this" in vera.get(PAGE).text


def test_same_meaning_is_said_on_the_difference(cast, clock, made, vera):
    send(vera, f"{PAGE}/answer", base="1", answer="approve")
    decisions.accept(cast.viewer("cto", clock()), 1, base=1, at=clock.advance(hours=1))
    drafts.revise(cast.viewer("cto", clock()), 1, {"decision": "Teh words"}, base=1, at=clock())
    assert "Same meaning" in vera.get(PAGE).text
    assert send(vera, f"{PAGE}/same-meaning", base="2").status_code == 302
    assert again(made).in_force == 2


def test_to_dos_are_done_and_checked_on_the_page(cast, clock, made, vera, sam):
    todo = {"todo-0-text": "Rotate", "todo-0-risk": "Old keys", "todo-0-due_on": "2026-12-01"}
    send(vera, f"{PAGE}/answer", base="1", answer="approve-with-conditions", **todo)
    one = f"/larkspur/decisions/AD-0001/to-dos/{conditions.of(made)[0].id}"
    assert send(vera, f"{one}/move", due_on="2026-11-01", reason="Ill").status_code == 422
    assert send(vera, f"{one}/move", due_on="2026-12-04", reason="Ill").status_code == 302
    assert send(sam, f"{one}/done", evidence="Ticket 7").status_code == 302
    assert "Ticket 7" in vera.get(PAGE).text
    assert send(vera, f"{one}/check").status_code == 302
    assert conditions.of(made)[0].verified_at == clock()


def test_a_closer_or_a_lighter_review_is_asked_on_the_page(cast, made, vera, sam):
    assert send(sam, f"{PAGE}/raise", level="1").status_code == 422
    assert send(sam, f"{PAGE}/raise", level="3").status_code == 302
    assert again(made).level == 3
    assert send(sam, f"{PAGE}/lower", level="1", reason="Small").status_code == 403
    assert send(vera, f"{PAGE}/lower", level="1").status_code == 422
    assert send(vera, f"{PAGE}/lower", level="1", reason="Small").status_code == 302
    assert again(made).level == 1


def test_another_companys_review_and_a_missing_one_are_the_same_page(cast, app, clock, made):
    other = cast_of("Ostara", clock())
    theirs = sign_in(app.test_client(), other.vciso)
    foreign, missing = theirs.get(PAGE), theirs.get("/ostara/decisions/AD-0099/review")
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data) == (404, missing.data)
    assert (
        send(theirs, "/ostara/decisions/AD-0001/review/answer", base="1", answer="approve").status_code == 404
    )


@pytest.mark.parametrize("base", ["", "x", "0", "99999999999999999999"])
def test_a_base_that_is_no_version_is_refused_in_words(cast, made, vera, base):
    assert send(vera, f"{PAGE}/answer", base=base, answer="approve").status_code == 422
    assert not Verdict.select().exists()


def test_vera_answers_from_her_phone(cast, made, visit):
    phone = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto(PAGE)
    phone.get_by_label("E-mail").fill(cast.vciso.email)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    phone.get_by_role("group", name="Your answer").wait_for()
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_label("OK, with to-dos…").check()
    phone.get_by_label("What has to be done?").first.fill("Rotate the keys")
    phone.get_by_label("Which risk does it reduce?").first.fill("Old keys")
    phone.get_by_label("By which day?").first.fill("2026-12-01")
    phone.get_by_role("button", name="Confirm…").click()
    phone.get_by_role("heading", name="Confirm your answer").wait_for()
    assert_accessible(phone)
    phone.get_by_role("button", name="Confirm", exact=True).click()
    phone.get_by_text("is saved: OK, with to-dos").wait_for()
    assert_accessible(phone)
    assert Verdict.get().code == "approve-with-conditions"
    assert gates.open_review(made) is None


def test_only_what_an_answer_can_do_without_is_marked_as_optional(cast, made, vera):
    shown = vera.get(PAGE).text
    labels = dict(re.findall(r'<label for="f-([^"]+)">(.*?)</label>', shown))
    for asked_for in (
        "look_on",
        "todo-0-text",
        "todo-0-risk",
        "todo-0-due_on",
        "todo-1-due_on",
        "text-deny",
        "text-question",
    ):
        assert "optional" not in labels[asked_for], asked_for
    for spare in ("todo-0-owner", "todo-0-build_days", "todo-1-text", "text-approve", "level"):
        assert "optional" in labels[spare], spare
    typed = {"answer": "approve-with-conditions", "base": "1", "todo-0-text": "Rotate the keys"}
    typed["todo-0-risk"] = "Old keys"
    assert send(vera, f"{PAGE}/confirm", **typed).status_code == 422
    assert send(vera, f"{PAGE}/confirm", **typed, **{"todo-0-before_go_live": "yes"}).status_code == 200


def test_after_an_answer_the_page_says_how_it_stands_first_and_leads_to_the_next_review(
    cast, clock, app, made, vera
):
    elsewhere = cast_of("Ostara", clock())
    engagements.appoint(elsewhere.viewer("leader", clock()), role="vciso", email=cast.vciso.email, at=clock())
    theirs = drafted(elsewhere, clock(), PLAIN, title="AI notes")
    reviews.ask(elsewhere.viewer("cto", clock()), theirs.number, of=cast.vciso.id, at=clock())
    assert "Next:" not in vera.get(PAGE).text
    send(vera, f"{PAGE}/answer", base="1", answer="approve")
    shown = vera.get(PAGE).text
    places = [shown.index(part) for part in ("Was security asked?", 'id="again"', "Your answer</legend>")]
    assert places == sorted(places)
    assert f'href="/ostara/decisions/{theirs.ref}/review">Next: {theirs.ref} AI notes' in shown
    assert "Ostara · answer by Tue 1 Dec" in shown
    there = f"/ostara/decisions/{theirs.ref}/review"
    send(vera, f"{there}/answer", base="1", answer="approve")
    assert "Nothing else waits for your answer." in vera.get(there).text
    assert "Nothing else waits for your answer." in vera.get(PAGE).text


def test_an_answer_that_was_overtaken_or_asked_again_is_open_to_be_given(cast, clock, made, vera, sam):
    send(vera, f"{PAGE}/answer", base="1", answer="question", **{"text-question": "Where are they stored?"})
    assert 'id="again"' in vera.get(PAGE).text
    send(sam, f"{PAGE}/reply", text="With us.")
    assert 'id="again"' not in vera.get(PAGE).text
    send(vera, f"{PAGE}/answer", base="1", answer="approve")
    refused = send(vera, f"{PAGE}/confirm", base="1", answer="deny")
    assert refused.status_code == 422 and 'id="again"' not in refused.text
    typed = {"title": "Move billing", "decision": "Elsewhere altogether"}
    drafts.revise(cast.viewer("cto", clock()), made.number, typed, base=1, at=clock())
    assert 'id="again"' not in vera.get(PAGE).text


def test_what_has_arrived_is_not_offered_to_be_sent_again(cast, clock, made, visit):
    page = visit()
    page.goto(PAGE)
    page.get_by_label("E-mail").fill(cast.vciso.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("I’ll look on…").check()
    page.get_by_label("On which day?").fill("2026-12-01")
    page.reload()
    assert page.get_by_label("I’ll look on…").is_checked(), "what was not sent yet is kept"
    page.get_by_role("button", name="Confirm…").click()
    page.get_by_text("The others see when you will look").wait_for()
    assert not page.get_by_label("I’ll look on…").is_checked()


@pytest.mark.parametrize(
    ("demonstration", "words"),
    [(False, "signed in with a password"), (True, "in a demonstration, where no password is needed")],
)
def test_the_page_says_how_whoever_answered_was_known(cast, made, clock, vera, demonstration, words):
    Installation.create(id=1, created_at=clock(), demonstration=demonstration)
    confirm = send(vera, f"{PAGE}/confirm", base="1", answer="approve")
    carried = hidden(confirm.text)
    send(vera, f"{PAGE}/answer", **{k: v for k, v in carried.items() if k != "csrf_token"})
    page = vera.get("/larkspur/decisions/AD-0001").text
    assert words in page and "confirmed by password" not in page


@pytest.mark.parametrize(("remark", "said"), [("After the <release>.", True), ("  ", False)])
def test_the_cto_agrees_to_a_to_do_with_a_remark_or_without_one(cast, made, vera, sam, remark, said):
    typed = {"todo-0-text": "Rotate", "todo-0-risk": "Old keys leak", "todo-0-before_go_live": "yes"}
    send(vera, f"{PAGE}/answer", base="1", answer="approve-with-conditions", **typed)
    (todo,) = conditions.of(made)
    shown = sam.get(PAGE).text
    assert "Agree with a remark…" in shown and f'id="f-agree-text-{todo.id}"' in shown
    assert "Agree with a remark…" not in vera.get(PAGE).text
    send(sam, f"/larkspur/decisions/AD-0001/to-dos/{todo.id}/agree", text=remark)
    assert conditions.of(made)[0].state == "agreed"
    page = vera.get(PAGE).text
    assert ("Cto agreed: After the &lt;release&gt;." in page) == said
    assert "Agree with a remark…" not in sam.get(PAGE).text


def test_a_to_do_is_contested_by_the_cto_read_by_leadership_and_settled_by_the_vciso(
    app, cast, made, vera, sam
):
    typed = {"todo-0-text": "Rotate", "todo-0-risk": "Old keys leak", "todo-0-before_go_live": "yes"}
    typed |= {"todo-0-build_days": "4", "todo-0-run_days": "0,5"}
    send(vera, f"{PAGE}/answer", base="1", answer="approve-with-conditions", **typed)
    one = f"/larkspur/decisions/AD-0001/to-dos/{conditions.of(made)[0].id}"
    leader = sign_in(app.test_client(), cast.leader)
    for browser, act in ((vera, "agree"), (vera, "contest"), (sam, "keep"), (sam, "drop"), (leader, "agree")):
        assert send(browser, f"{one}/{act}", why="too-dear", text="x", reason="x").status_code == 403
    assert "Without a word from the CTO it binds after Tue 1 Dec." in sam.get(PAGE).text
    refused = send(sam, f"{one}/contest", why="other-way", text="")
    assert refused.status_code == 422 and 'value="other-way" checked' in refused.text
    assert 'aria-invalid="true"' in refused.text and conditions.of(made)[0].state == "proposed"
    assert send(sam, f"{one}/contest", why="other-way", text="Shorter <keys>.").status_code == 302
    for browser, address in ((leader, "/"), (leader, "/larkspur/dashboard"), (vera, "/")):
        page = browser.get(address).text
        assert "Rotate. Reduces: Old keys leak" in page
        assert "There is another way. Shorter &lt;keys&gt;." in page
    refused = send(vera, f"{one}/change", text="Rotate half", risk="", before_go_live="yes", reason="Right.")
    assert refused.status_code == 422 and 'value="Rotate half"' in refused.text
    assert send(vera, f"{one}/keep", reason="They leak.").status_code == 302
    page = leader.get("/larkspur/to-dos").text
    assert "Rotate" in page and "0.5" in page and "Old keys leak" in page
    assert "advisers disagree" not in leader.get("/").text
    assert send(sam, f"{one}/done", evidence="").status_code == 422
