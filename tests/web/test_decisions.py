"""The list, the page of a decision and its acts, as each person meets them in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.domain.permissions import Role
from adr_app.models.base import database as bound
from adr_app.models.decisions import Decision, Link
from adr_app.models.people import Engagement
from adr_app.services import decisions, drafts, engagements, imports, people, reviews
from adr_app.web.filters import day
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import START, Clock
from tests.repositories import record, repository

LIST = "/larkspur-dental/decisions"
NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")
PERSONAL = {**NO, "data": "yes", "q3": "personal", "q9": "limited", "q10": "limited", "q13": "no"}
RISKY = {**NO, "access": "yes", "q2": "changes", "q5": "no", "q7": "no"}


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur Dental with somebody in every role."""
    with quick_passwords():
        yield cast_of("Larkspur Dental", START)


@pytest.fixture
def cto(app: Flask, here: Cast) -> FlaskClient:
    """The CTO's browser."""
    return sign_in(app.test_client(), here.cto)


def browser(app: Flask, here: Cast, role: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(here, role))


def proposed(here: Cast, answers: dict[str, str] | None = None, **fields: Any) -> Decision:
    viewer = here.viewer("cto", START)
    made = drafts.draft(viewer, {"title": "Move billing", **fields}, answers=answers or NO, at=START)
    return decisions.propose(viewer, made.number, at=START)


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect the statements that reading a page sends to the database."""
    seen: list[str] = []
    kind: type[peewee.Database] = type(bound.obj)
    usual = kind.execute_sql

    def counted(self: peewee.Database, sql: str, params: Any = None, **more: Any) -> Any:
        seen.append(sql)
        return usual(self, sql, params, **more)

    kind.execute_sql = counted
    try:
        yield seen
    finally:
        kind.execute_sql = usual


def read(seen: list[str]) -> list[str]:
    return [sql for sql in seen if sql.lstrip().upper().startswith("SELECT")]


def test_an_empty_list_says_how_to_begin(cto: FlaskClient) -> None:
    page = cto.get(LIST).text
    assert "No decisions yet" in page
    assert f'href="{LIST}/new"' in page


def test_the_list_shows_each_decision_with_mark_and_exact_standing(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, PERSONAL)
    decisions.accept(here.viewer("cto", START), made.number, base=1, reason="now", at=START)
    page = cto.get(LIST).text
    assert "AD-0001" in page and "Move billing" in page
    assert "Made without vCISO input" in page and "not asked" in page
    assert "No decision fits" in cto.get(f"{LIST}?mark=waiting").text


def test_a_reference_in_the_search_box_leads_to_the_decision(here: Cast, cto: FlaskClient) -> None:
    proposed(here)
    for typed in ("AD-0001", "ad-1", " 1 "):
        assert cto.get(LIST, query_string={"q": typed}).headers["Location"] == f"{LIST}/AD-0001"
    assert cto.get(LIST, query_string={"q": "AD-0099"}).status_code == 200


def test_a_page_of_fifty_costs_as_many_queries_as_a_page_of_five(here: Cast, cto: FlaskClient) -> None:
    viewer = here.viewer("cto", START)
    counts = []
    for wanted in (5, 50):
        for place in range(Decision.select().count(), wanted):
            drafts.draft(viewer, {"title": f"Decision {place}", "systems": "Billing"}, at=START)
        with queries() as seen:
            page = cto.get(LIST).text
        assert page.count("title-link") == wanted
        counts.append(len(read(seen)))
    assert counts[0] == counts[1] <= 6


def test_the_next_page_is_reached_and_left_again(here: Cast, cto: FlaskClient) -> None:
    viewer = here.viewer("cto", START)
    for place in range(53):
        drafts.draft(viewer, {"title": f"Decision {place}"}, at=START)
    older = re.search(r'rel="next" href="([^"]+)"', cto.get(f"{LIST}?status=draft").text)
    assert older
    second = cto.get(older[1].replace("&amp;", "&")).text
    assert second.count("title-link") == 3 and "status=draft" in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    assert cto.get(newer[1].replace("&amp;", "&")).text.count("title-link") == 50


@pytest.mark.parametrize(
    "reference", ["AD-0002", "AD-00001", "AD-1", "ad-0001", "AD-9999999999", "TD-0001", "1"]
)
def test_an_address_that_is_no_decisions_is_missing(here: Cast, cto: FlaskClient, reference: str) -> None:
    proposed(here)
    assert cto.get(f"{LIST}/{reference}").status_code == 404
    assert cto.get(f"{LIST}/AD-0001").status_code == 200


def test_a_hidden_decision_answers_as_a_missing_one(app: Flask, here: Cast) -> None:
    proposed(here)
    Decision.update(restricted=True).execute()
    member = browser(app, here, "member")
    hidden, missing = member.get(f"{LIST}/AD-0001"), member.get(f"{LIST}/AD-0077")
    assert (hidden.status_code, hidden.data) == (404, missing.data)
    assert "Move billing" not in member.get(LIST).text


@pytest.mark.parametrize("role", ["cto", "vciso", "leader", "member", "reader", "admin", "delegate"])
def test_everybody_reads_the_same_text_and_is_offered_only_what_they_may_do(
    app: Flask, here: Cast, role: str
) -> None:
    proposed(here, PERSONAL, decision="We *move* it.", plain_words="Patients pay elsewhere.")
    page = browser(app, here, role).get(f"{LIST}/AD-0001").text
    assert "We <em>move</em> it." in page and "Patients pay elsewhere." in page
    assert ("Send to Vciso for security review" in page) == (role in ("cto", "delegate"))
    assert ("Accept without asking" in page) == (role in ("cto", "delegate"))
    assert (f'href="{LIST}/AD-0001/edit"' in page) == (role not in ("reader", "admin"))
    assert ("Give your answer" in page) == (role == "vciso")


def test_typed_markup_is_shown_and_never_run(here: Cast, cto: FlaskClient) -> None:
    proposed(
        here,
        context="<script>alert(1)</script> [x](javascript:alert(1))",
        title="<b>Bold</b>",
        systems="<i>x</i>",
        options=[{"title": "<u>o</u>", "pros": "<script>1</script>", "cons": "", "chosen": True}],
    )
    for path in (
        "",
        "/AD-0001",
        "/AD-0001/edit",
        "/AD-0001/versions",
        "/AD-0001/versions/1",
        "/AD-0001/accept",
    ):
        page = cto.get(LIST + path).text
        assert "<script>" not in page and "javascript:alert" not in page.replace("](javascript:alert", "")
        assert "<b>Bold</b>" not in page and "<u>o</u>" not in page and "<i>x</i>" not in page


def test_accepting_unasked_says_what_it_means_and_stays_said(here: Cast, cto: FlaskClient) -> None:
    proposed(here, PERSONAL)
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert "Vciso has not been asked." in page
    assert "this decision will always say <em>Made without vCISO input</em>" in page
    assert page.index("Send to Vciso first") < page.index("Accept without asking")
    refused = send(cto, f"{LIST}/AD-0001/accept", base="1", reason=" ")
    assert refused.status_code == 422 and "Say why now, in one line." in refused.text
    assert send(cto, f"{LIST}/AD-0001/accept", base="1", reason="the contract ends").status_code == 302
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Made without vCISO input · not asked" in page
    assert "the contract ends" in page
    assert "Made without vCISO input: this was decided before the vCISO was heard." in page


def test_what_the_vciso_allowed_is_accepted_with_one_button(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, RISKY)
    reviews.ask(here.viewer("cto", START), made.number, at=START)
    assert "This company wants the vCISO" in cto.get(f"{LIST}/AD-0001").text
    reviews.answer(here.viewer("vciso", START), made.number, "approve", base=1, at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert '<button class="button button-primary">Accept' in page
    answer = send(cto, f"{LIST}/AD-0001/accept", base="1")
    assert answer.status_code == 302
    assert "You can take that back for ten minutes" in cto.get(answer.headers["Location"]).text


def test_a_no_leads_on_to_leadership_and_to_no_dead_end(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, RISKY)
    reviews.ask(here.viewer("cto", START), made.number, at=START)
    reviews.answer(here.viewer("vciso", START), made.number, "deny", base=1, text="Codes leak.", at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Ask leadership" in page and "Codes leak." in page
    assert send(cto, f"{LIST}/AD-0001/accept", base="1", reason="x").status_code == 409


@pytest.mark.parametrize(
    ("code", "words"),
    [("deny", "The vCISO said no."), ("changes-requested", "The vCISO asked for changes first.")],
)
def test_accepting_against_advice_is_warned_of_and_needs_a_reason(
    here: Cast, cto: FlaskClient, code: str, words: str
) -> None:
    made = proposed(here, PERSONAL)
    viewer = here.viewer("vciso", START)
    reviews.answer(viewer, made.number, code, base=1, text="Codes leak.", at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Accept against the advice" in page and "Ask leadership" in page
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert words in page and "Decided against the vCISO’s advice" in page and "Codes leak." in page
    assert send(cto, f"{LIST}/AD-0001/accept", base="1").status_code == 422
    assert send(cto, f"{LIST}/AD-0001/accept", base="1", reason="the launch").status_code == 302
    assert "Decided against the vCISO&#39;s advice" in cto.get(f"{LIST}/AD-0001").text


@pytest.mark.parametrize(("answers", "way"), [(PERSONAL, "Accept without asking"), (RISKY, "cannot wait")])
def test_what_cannot_wait_says_so_in_the_security_questions_wherever_nobody_was_heard(
    here: Cast, cto: FlaskClient, answers: dict[str, str], way: str
) -> None:
    proposed(here, answers)
    page = cto.get(f"{LIST}/AD-0001").text
    assert way in page and "Decide now, checked after" not in page
    page = cto.get(f"{LIST}/AD-0001/accept?emergency=yes").text
    assert "Decide now, checked after" not in page
    assert (
        "If this cannot wait for Vciso, say so in the security questions: yes to “Is it hard to undo" in page
    )
    assert "/decisions/AD-0001/edit#security" in page
    refused = send(cto, f"{LIST}/AD-0001/accept", base="1", emergency="yes", reason="attack")
    assert refused.status_code == 409 and "say so in the security questions" in refused.text
    assert "attack" in refused.text, "what was typed is kept"
    said = {f"answer-{code}": given for code, given in {**answers, "undo": "yes", "q14": "yes"}.items()}
    assert (
        send(cto, f"{LIST}/AD-0001/edit", base="1", title="Move billing", whole="yes", **said).status_code
        == 302
    )
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert "<h2>Decide now, checked after</h2>" in page
    answer = send(cto, f"{LIST}/AD-0001/accept", base="2", emergency="yes", reason="attack")
    assert answer.status_code == 302
    assert "Decided now, checked after; answer due" in cto.get(f"{LIST}/AD-0001").text


def test_accepting_while_a_question_waits_says_so_and_offers_to_answer_it_first(
    here: Cast, cto: FlaskClient, clock: Any
) -> None:
    proposed(here, PERSONAL)
    reviews.ask(here.viewer("cto", clock()), 1, at=clock())
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert "has not answered yet." in page and "has not been asked" not in page
    reviews.answer(here.viewer("vciso", clock()), 1, "question", base=1, text="Where?", at=clock())
    page = cto.get(f"{LIST}/AD-0001").text
    assert re.search(r'<a class="button button-primary"[^>]*>Answer the question', page)
    assert re.search(r'<a class="button button-quiet"[^>]*>Accept without the answer', page)
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert "asks a question." in page and "Answer the question" in page and "Send to" not in page


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        (PERSONAL, {"kind": "incident"}),
        ({**PERSONAL, "undo": "yes", "q8": "no", "q11": "days", "q12": "yes", "q14": "yes"}, {}),
    ],
)
def test_a_breach_or_what_is_live_already_begins_with_the_emergency_path(
    here: Cast, cto: FlaskClient, answers: dict[str, str], fields: dict[str, str]
) -> None:
    proposed(here, answers, **fields)
    page = cto.get(f"{LIST}/AD-0001").text
    assert re.search(r'<a class="button button-primary"[^>]*>Decide now, checked after', page)
    assert 'name="emergency" value="yes"' in page, "asking first is asking in an emergency"
    assert "Accept without asking" not in page
    page = cto.get(f"{LIST}/AD-0001/accept").text
    assert re.search(r'<button class="button button-primary"[^>]*>Decide now, checked after', page)
    assert "Accept without asking" in page
    page = cto.get(f"{LIST}/AD-0001/accept?emergency=no").text
    assert "has not been asked." in page and "Decide now, checked after" in page


def test_while_her_question_is_open_the_page_leads_to_answering_it(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, RISKY)
    reviews.ask(here.viewer("cto", START), made.number, at=START)
    viewer = here.viewer("vciso", START)
    reviews.answer(viewer, made.number, "question", base=1, text="Where?", at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Answer the vCISO&#39;s question, and the review goes on." in page
    assert "Decide without the answer" not in page


def test_who_put_a_changed_text_in_force_is_not_offered_to_answer_on_it(
    app: Flask, here: Cast, cto: FlaskClient
) -> None:
    made = proposed(here, PERSONAL)
    engagements.appoint(here.viewer("leader", START), role="vciso", email=here.cto.email, at=START)
    decisions.accept(here.viewer("delegate", START), made.number, base=1, reason="now", at=START)
    page = f"{LIST}/AD-0001"
    assert "Give your answer" in cto.get(page).text
    drafts.revise(here.viewer("cto", START), made.number, {"decision": "Else"}, base=1, at=START)
    decisions.accept_text(here.viewer("cto", START), made.number, base=2, reason="now", at=START)
    assert "Give your answer" not in cto.get(page).text
    assert "Give your answer" in browser(app, here, "vciso").get(page).text


def test_a_changed_text_says_what_it_needs_and_what_cannot_wait_may_hold_at_once(
    here: Cast, cto: FlaskClient
) -> None:
    made = proposed(here, RISKY)
    viewer = here.viewer("cto", START)
    reviews.answer(here.viewer("vciso", START), made.number, "approve", base=1, at=START)
    decisions.accept(viewer, made.number, base=1, at=START)
    drafts.revise(viewer, made.number, {"decision": "Else"}, base=1, at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "This company wants the vCISO&#39;s OK first." in page
    assert "Accept version 2" not in page
    assert send(cto, f"{LIST}/AD-0001/accept-text", base="2", reason="now").status_code == 409
    assert "If this cannot wait for Vciso, say so in the security questions" in page
    answer = send(cto, f"{LIST}/AD-0001/accept-text", base="2", reason="attack", emergency="yes")
    assert answer.status_code == 409 and "attack" in answer.text
    drafts.revise(viewer, made.number, {"kind": "incident"}, base=2, at=START)
    assert "Decide on the new text now, checked after" in cto.get(f"{LIST}/AD-0001").text
    answer = send(cto, f"{LIST}/AD-0001/accept-text", base="3", reason="attack", emergency="yes")
    assert answer.status_code == 302
    page = cto.get(f"{LIST}/AD-0001").text
    assert "1 change waiting" not in page and "Changed since the security OK" in page


def test_a_changed_text_she_refused_leads_to_leadership(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, RISKY)
    viewer, vciso = here.viewer("cto", START), here.viewer("vciso", START)
    reviews.answer(vciso, made.number, "approve", base=1, at=START)
    decisions.accept(viewer, made.number, base=1, at=START)
    drafts.revise(viewer, made.number, {"decision": "Else"}, base=1, at=START)
    reviews.answer(vciso, made.number, "deny", base=2, text="Not so.", at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "The vCISO said no. Leadership may take the risk" in page and "Ask leadership" in page


def test_an_acceptance_is_taken_back_within_ten_minutes(here: Cast, cto: FlaskClient, clock: Clock) -> None:
    proposed(here, PERSONAL)
    send(cto, f"{LIST}/AD-0001/accept", base="1", reason="now")
    assert "/AD-0001/take-back" in cto.get(f"{LIST}/AD-0001").text
    clock.advance(minutes=11)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "/AD-0001/take-back" not in page
    assert send(cto, f"{LIST}/AD-0001/take-back").status_code == 409


def test_an_acceptance_of_a_version_that_was_not_shown_changes_nothing(here: Cast, cto: FlaskClient) -> None:
    proposed(here, PERSONAL)
    for base in ("2", "", "x", "9" * 30, "-1"):
        assert send(cto, f"{LIST}/AD-0001/accept", base=base, reason="now").status_code in (409, 422)
    assert Decision.get().status == "proposed"


@pytest.mark.parametrize(
    ("act", "words"), [("reject", "Rejected"), ("withdraw", "Withdrawn"), ("reopen", "Draft")]
)
def test_the_other_ends_of_a_proposal_are_one_button_each(
    here: Cast, cto: FlaskClient, act: str, words: str
) -> None:
    proposed(here)
    assert f"{LIST}/AD-0001/{act}" in cto.get(f"{LIST}/AD-0001").text
    assert send(cto, f"{LIST}/AD-0001/{act}").status_code == 302
    assert words in cto.get(f"{LIST}/AD-0001").text
    assert send(cto, f"{LIST}/AD-0001/{act}").status_code == 409


def test_a_replaced_decision_names_what_replaced_it(here: Cast, cto: FlaskClient) -> None:
    viewer = here.viewer("cto", START)
    decisions.record_decided(viewer, {"title": "Old", "decided_on": "2026-11-20"}, at=START)
    proposed(here, PERSONAL)
    assert send(cto, f"{LIST}/AD-0002/links", kind="supersedes", to="ad-1").status_code == 302
    send(cto, f"{LIST}/AD-0002/accept", base="1", reason="better")
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Replaced by AD-0002" in page
    assert "accepted AD-0002, which replaces this one" in page


def test_a_link_is_added_and_removed_and_a_wrong_one_keeps_the_page(here: Cast, cto: FlaskClient) -> None:
    proposed(here), proposed(here, title="Other")
    for to in ("", "AD-0099", "nonsense", "9" * 40):
        assert send(cto, f"{LIST}/AD-0001/links", kind="relates", to=to).status_code == 422
    assert send(cto, f"{LIST}/AD-0001/links", kind="relates", to="AD-0002").status_code == 302
    assert "Belongs with" in cto.get(f"{LIST}/AD-0002").text
    assert send(cto, f"{LIST}/AD-0001/links/remove", link=str(Link.get().id)).status_code == 302
    assert send(cto, f"{LIST}/AD-0001/links/remove", link="9" * 30).status_code == 404


def test_without_a_vciso_accepting_is_plain_and_nobody_is_named(
    app: Flask, here: Cast, cto: FlaskClient
) -> None:
    held = Engagement.get(Engagement.role == Role.VCISO)
    engagements.end(people.viewer(here.leader, "larkspur-dental", START), held.id, at=START)
    proposed(here, RISKY)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "security review</button>" not in page
    assert send(cto, f"{LIST}/AD-0001/accept", base="1").status_code == 302
    assert "nobody was engaged" in cto.get(f"{LIST}/AD-0001").text


def test_the_line_to_copy_names_who_has_it_and_until_when(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here)
    reviews.ask(here.viewer("cto", START), made.number, at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    assert (
        "AD-0001 Move billing – with Vciso, due Tue 1 Dec – http://localhost/larkspur-dental/decisions/AD-0001"
        in page
    )


def test_the_page_costs_the_same_however_much_has_happened(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here)
    viewer = here.viewer("cto", START)
    with queries() as few:
        cto.get(f"{LIST}/AD-0001")
    for place in range(2, 12):
        drafts.revise(viewer, made.number, {"context": f"text {place}"}, base=place - 1, at=START)
    with queries() as many:
        cto.get(f"{LIST}/AD-0001")
    assert len(read(many)) == len(read(few))


def test_a_change_beside_the_text_in_force_waits_with_its_difference(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, PERSONAL, decision="Renew for one year.")
    viewer = here.viewer("cto", START)
    decisions.accept(viewer, made.number, base=1, reason="now", at=START)
    later = START + timedelta(hours=1)
    drafts.revise(viewer, made.number, {"decision": "Renew for two years."}, base=1, at=later)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "1 change waiting" in page and re.search(r"<del>\s*one", page) and re.search(r"<ins>\s*two", page)
    assert send(cto, f"{LIST}/AD-0001/accept-text", base="2", reason="").status_code == 422
    assert "1 change waiting" in cto.get(f"{LIST}/AD-0001").text
    send(cto, f"{LIST}/AD-0001/accept-text", base="2", reason="agreed with finance")
    page = cto.get(f"{LIST}/AD-0001").text
    assert "1 change waiting" not in page and "Renew for two years." in page


def test_how_far_the_work_is_and_what_an_import_did_not_say(here: Cast, cto: FlaskClient) -> None:
    proposed(here)
    assert send(cto, f"{LIST}/AD-0001/implementation", implementation="in-progress").status_code == 302
    assert send(cto, f"{LIST}/AD-0001/implementation", implementation="odd").status_code == 422
    assert send(cto, f"{LIST}/AD-0001/status", status="accepted").status_code == 409
    assert send(cto, f"{LIST}/AD-0001/status", status="odd").status_code == 422


def test_plain_words_changed_after_acceptance_say_when_and_by_whom_and_are_not_the_teams_to_change(
    app: Flask, here: Cast, cto: FlaskClient, clock: Clock
) -> None:
    made = proposed(here, PERSONAL, plain_words="Patients pay elsewhere.", decided_by=["Cto"])
    decisions.accept(here.viewer("cto", START), made.number, base=1, reason="now", at=START)
    assert "Changed on" not in cto.get(f"{LIST}/AD-0001").text
    clock.advance(days=1)
    member, cto = browser(app, here, "member"), browser(app, here, "cto")
    typed = {"title": "Move billing", "plain_words": "Nothing changes.", "base": "1"}
    answer = send(member, f"{LIST}/AD-0001/edit", **typed)
    assert answer.status_code == 422
    assert "Cto or Delegate changes this" in answer.text and "Nothing changes." in answer.text
    assert send(cto, f"{LIST}/AD-0001/edit", **typed, decided_by="Leader").status_code == 302
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Changed on Wed 25 Nov by Cto, after it was accepted." in page
    assert "Leader · changed on Wed 25 Nov by Cto" in page


@pytest.mark.parametrize("code", ["deny", "advise", "question"])
def test_an_answer_that_came_while_the_page_was_open_is_read_before_the_decision(
    here: Cast, cto: FlaskClient, code: str
) -> None:
    made = proposed(here, PERSONAL)
    page = cto.get(f"{LIST}/AD-0001/accept").text
    reviews.answer(here.viewer("vciso", START), made.number, code, base=1, text="Codes leak.", at=START)
    late = send(cto, f"{LIST}/AD-0001/accept", base="1", reason="the launch", seen=seen(page))
    assert late.status_code == 409 and Decision.get().status == "proposed"
    assert "Vciso answered while this page was open" in late.text and "Codes leak." in late.text
    assert code == "advise" or 'value="the launch"' in late.text, "what was typed is kept"
    again = send(cto, f"{LIST}/AD-0001/accept", base="1", reason="the launch", seen=seen(late.text))
    assert again.status_code == 302


def test_the_one_click_on_the_page_itself_is_no_way_past_an_answer_either(
    here: Cast, cto: FlaskClient
) -> None:
    made = proposed(here)
    page = cto.get(f"{LIST}/AD-0001").text
    assert "/AD-0001/accept" in page
    reviews.answer(here.viewer("vciso", START), made.number, "deny", base=1, text="Codes leak.", at=START)
    late = send(cto, f"{LIST}/AD-0001/accept", base="1", seen=seen(page))
    assert late.status_code == 409 and "Accept against the advice" in late.text
    assert Decision.get().status == "proposed"


def test_where_a_no_closes_the_way_what_was_typed_is_still_shown(here: Cast, cto: FlaskClient) -> None:
    made = proposed(here, RISKY, kind="incident")
    page = cto.get(f"{LIST}/AD-0001/accept").text
    reviews.answer(here.viewer("vciso", START), made.number, "deny", base=1, text="Codes leak.", at=START)
    late = send(cto, f"{LIST}/AD-0001/accept", base="1", reason="attack", emergency="yes", seen=seen(page))
    assert late.status_code == 409
    assert "You typed: “attack”" in late.text and "Ask leadership" in late.text


def test_a_no_to_a_new_text_that_came_while_the_page_was_open_is_read_first(
    here: Cast, cto: FlaskClient
) -> None:
    made = proposed(here, PERSONAL)
    decisions.accept(here.viewer("cto", START), made.number, base=1, reason="now", at=START)
    drafts.revise(here.viewer("cto", START), made.number, {"decision": "Else"}, base=1, at=START)
    page = cto.get(f"{LIST}/AD-0001").text
    reviews.answer(here.viewer("vciso", START), made.number, "deny", base=2, text="Not so.", at=START)
    typed = {"base": "2", "reason": "agreed"}
    late = send(cto, f"{LIST}/AD-0001/accept-text", **typed, seen=seen(page))
    assert late.status_code == 409 and Decision.get().in_force == 1
    assert "Vciso answered while this page was open" in late.text and 'value="agreed"' in late.text
    assert send(cto, f"{LIST}/AD-0001/accept-text", **typed, seen=seen(late.text)).status_code == 302


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, "the form carries what it shows"
    return found[1]


def test_a_day_that_only_git_knew_is_shown_as_from_git_until_somebody_states_another(
    here: Cast, cto: FlaskClient, tmp_path: Path
) -> None:
    made = repository(tmp_path / "product")
    made.write("0001-a.md", "# 1. Use a\n\n## Context\n\nA text of its own.\n\n## Decision\n\nWe use a.\n")
    made.write("0002-b.md", record(2))
    made.commit()
    imports.run(here.viewer("cto", START), made.adr, at=START)
    assert send(cto, f"{LIST}/AD-0001/status", status="accepted").status_code == 302
    committed = Decision.get(Decision.number == 1).decided_on
    assert committed is not None
    assert f"{day(committed, START.date())}, from git" in cto.get(f"{LIST}/AD-0001").text
    assert "from git" not in cto.get(f"{LIST}/AD-0002").text
    Decision.update(decided_on=committed - timedelta(days=1)).where(Decision.number == 1).execute()
    assert ", from git" not in cto.get(f"{LIST}/AD-0001").text
