"""The page of a role: what depends on it stands before its end, and a sheet for whoever takes it over."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from adr_app.domain.days import spoken_day
from adr_app.models.events import Event
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.services import drafts, engagements, reviews
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.form_fields import choices_of, unknown

PEOPLE = "/larkspur/people"


@pytest.fixture
def cast(app: Any, clock: Any) -> Any:
    with quick_passwords():
        yield cast_of("Larkspur", clock())


def role_of(cast: Cast, role: str) -> int:
    return Engagement.get(Engagement.person == getattr(cast, role).id, Engagement.role == role).id


def asked(cast: Cast, at: Any, title: str = "Move billing") -> Any:
    made = drafts.draft(cast.viewer("cto", at), {"title": title}, at=at)
    reviews.ask(cast.viewer("cto", at), made.number, of=cast.vciso.id, at=at)
    return made


def test_before_a_role_ends_its_page_says_what_depends_on_it_and_the_end_takes_it_along(
    cast, app, client, clock
):
    asked(cast, clock())
    vic = engagements.appoint(
        cast.viewer("leader", clock()), role="vciso", person_id=cast.admin.id, at=clock()
    )
    mine = role_of(cast, "vciso")
    sign_in(client, cast.leader)
    assert f"{PEOPLE}/role?of={mine}" in client.get(PEOPLE).text
    page = client.get(f"{PEOPLE}/role?of={mine}").text
    assert "1 security review waits" in page and "End this role now" in page
    assert unknown(choices_of(app, f"{PEOPLE}/role?of={mine}", page)) == set()
    typed = {"engagement": mine, "successor": vic.id, "note": "x" * 8001}
    refused = send(client, f"{PEOPLE}/end-role", **typed)
    assert refused.status_code == 422 and "x" * 8001 in refused.text
    assert re.search(rf'<option value="{vic.id}" selected', refused.text), "whom was chosen is kept"
    vera = sign_in(app.test_client(), cast.vciso)
    done = send(client, f"{PEOPLE}/end-role", **{**typed, "note": "First line\n<b>second</b>"})
    assert done.status_code == 302 and Review.get().asked_of_id == cast.admin.id
    assert vera.get(PEOPLE).status_code == 404, "who left opens nothing any more"
    told = "Leader handed the security review over to Admin."
    assert told in client.get("/larkspur/decisions/AD-0001").text
    successor = sign_in(app.test_client(), cast.admin).get(f"{PEOPLE}/roles/vciso").text
    assert "First line\n&lt;b&gt;second" in successor and "Move billing" in successor
    member = sign_in(app.test_client(), cast.member).get(f"{PEOPLE}/roles/vciso").text
    assert "First line" not in member and "Move billing" in member
    gone = client.get(f"{PEOPLE}/role?of={mine}").text
    assert "This role has ended" in gone and "End this role now" not in gone


def test_whoever_holds_a_role_hands_it_over_themselves_and_ends_nothing(cast, client, clock):
    sign_in(client, cast.vciso)
    mine = role_of(cast, "vciso")
    page = client.get(f"{PEOPLE}/role?of={mine}").text
    assert "Hand over" in page and "End this role now" not in page
    assert send(client, f"{PEOPLE}/hand-over", engagement=mine, note=" ").status_code == 422
    assert send(client, f"{PEOPLE}/hand-over", engagement=mine, note="Ask Mia.").status_code == 302
    assert send(client, f"{PEOPLE}/end-role", engagement=mine, note="Bye.").status_code == 403
    assert send(client, f"{PEOPLE}/hand-over", engagement=role_of(cast, "cto"), note="W").status_code == 403
    assert "Ask Mia." in client.get(f"{PEOPLE}/roles/vciso").text
    record = client.get("/larkspur/record").text
    assert "Vciso handed over the role of Vciso (security (vCISO))" in record and "Ask Mia." not in record


@pytest.mark.parametrize("what", ["hand-over", "end-role"])
def test_a_successor_of_another_company_or_another_role_is_nobody_here(cast, client, clock, what):
    other = cast_of("Ostara", clock())
    sign_in(client, cast.leader)
    events = Event.select().count()
    mine = role_of(cast, "vciso")
    answers = [
        send(client, f"{PEOPLE}/{what}", engagement=mine, successor=one, note="W")
        for one in (987_654, role_of(other, "vciso"), role_of(cast, "cto"), mine, "nobody")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert Event.select().count() == events


def test_a_role_named_in_the_address_is_one_of_this_company_or_missing(cast, client, clock):
    other = cast_of("Ostara", clock())
    sign_in(client, cast.reader)
    constant = client.get("/no-such-page").data
    for of in (role_of(other, "vciso"), 987_654, "", "-1", "x", "9" * 40, "\u0663"):
        answer = client.get(f"{PEOPLE}/role", query_string={"of": of})
        assert (answer.status_code, answer.data) == (404, constant), of
    assert client.get(f"{PEOPLE}/role").status_code == 302
    assert "Hand over" not in client.get(f"{PEOPLE}/role?of={role_of(cast, 'vciso')}").text


def test_what_depends_on_a_role_that_ends_soon_is_said_where_people_and_flags_are_read(cast, client, clock):
    """On the people page, the leadership's dashboard, and beside the flag: counts that lead to the page."""
    asked(cast, clock())
    leader = cast.viewer("leader", clock())
    engagements.end(leader, role_of(cast, "vciso"), at=clock())
    last = clock().date() + timedelta(days=9)
    renewed = engagements.appoint(leader, role="vciso", person_id=cast.vciso.id, ends_on=last, at=clock())
    sign_in(client, cast.leader)
    link = f'href="{PEOPLE}/role?of={renewed.id}#depends-reviews">1 security review waits</a>'
    assert f'href="{PEOPLE}/roles/vciso"' in client.get("/larkspur/flags").text
    for page in (PEOPLE, "/larkspur/dashboard", "/larkspur/flags"):
        assert link in client.get(page).text, page
    assert "#flag-mandate-ending" in client.get("/larkspur/dashboard").text
    assert f"to {spoken_day(last, clock().date())}<" in client.get(PEOPLE).text, (
        "its last day, not the one after"
    )
    begins = last + timedelta(days=1)
    engagements.appoint(leader, role="vciso", person_id=cast.vciso.id, starts_on=begins, at=clock())
    for page in (PEOPLE, "/larkspur/dashboard", "/larkspur/flags"):
        assert "#depends-" not in client.get(page).text, f"{page}: the role goes on"


def test_a_letter_is_typed_with_the_role_or_noted_later_and_only_the_web_is_a_link(cast, client, clock):
    sign_in(client, cast.leader)
    letter = {"letter_title": "Letter of appointment", "letter_place": "https://files.example/1"}
    person = {"name": "Zoë", "email": "zoe@example.com", "role": "vciso"}
    refused = send(client, f"{PEOPLE}/invite", **person, **letter)
    assert refused.status_code == 422 and "Give the date of the letter." in refused.text
    assert 'value="https://files.example/1"' in refused.text
    letter["letter_on"] = clock().date().isoformat()
    made = send(client, f"{PEOPLE}/invite", **person, **letter)
    assert '<a href="https://files.example/1" rel="noopener noreferrer"' in made.text
    cto = role_of(cast, "cto")
    bad = send(
        client, f"{PEOPLE}/letter", engagement=cto, **{**letter, "letter_place": "javascript:alert(1)"}
    )
    assert bad.status_code == 422 and 'href="javascript' not in bad.text
    where = {"letter_place": "Drawer <4>"}
    assert send(client, f"{PEOPLE}/letter", engagement=cto, **{**letter, **where}).status_code == 302
    page = client.get(f"{PEOPLE}/role?of={cto}").text
    assert "Drawer &lt;4&gt;" in page
    given = {"engagement": role_of(cast, "member"), "role": "reader", **letter, "letter_on": "someday"}
    assert send(client, f"{PEOPLE}/give-role", **given).status_code == 422


def test_who_would_decide_and_check_is_weighed_before_the_role_is_given_and_named_where_it_matters(
    cast, client, clock
):
    made = asked(cast, clock())
    sign_in(client, cast.leader)
    sam = {"engagement": role_of(cast, "cto"), "role": "vciso"}
    words = "decides as CTO and answers for security here"
    asked_first = send(client, f"{PEOPLE}/give-role", **sam)
    assert asked_first.status_code == 422 and words in asked_first.text
    assert "Give this role all the same" in asked_first.text
    pages = (PEOPLE, "/larkspur/dashboard", f"/larkspur/decisions/{made.ref}")
    for page in pages:
        assert "decides as CTO" not in client.get(page).text
    assert send(client, f"{PEOPLE}/give-role", **sam, both="yes").status_code == 302
    for page in pages:
        assert f"{cast.cto.name} decides as CTO" in client.get(page).text, page


def test_the_letter_and_the_end_are_for_who_may_give_the_role(cast, client, clock):
    sign_in(client, cast.admin)
    mine = role_of(cast, "vciso")
    day = date(2026, 1, 2).isoformat()
    letter = {"letter_title": "L", "letter_place": "P", "letter_on": day}
    assert send(client, f"{PEOPLE}/letter", engagement=mine, **letter).status_code == 403
    assert send(client, f"{PEOPLE}/end-role", engagement=mine).status_code == 403
    assert send(client, f"{PEOPLE}/letter", engagement=role_of(cast, "reader"), **letter).status_code == 302
