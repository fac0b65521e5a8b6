"""Pages of which role comes first: the answer, those kept, what leadership decided, the first run."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from adr_app.domain.first_role import Result
from adr_app.domain.permissions import Role
from adr_app.models.first_role import RoleAssessment
from adr_app.models.people import Installation
from adr_app.models.pressures import PressureRow
from adr_app.models.profiles import CompanyProfile
from adr_app.models.schema import TABLES
from adr_app.services import companies, engagements, first_role, frameworks, people, pressures
from adr_app.web.first_role import COMES
from tests.casts import Cast, quick_passwords, send, sign_in, somebody
from tests.conftest import START
from tests.services.pressing import AUDIT, FIRM, PROFILE
from tests.web import reading

AT = "/larkspur/which-role"
BLOCK = ("kind", "name", "loses", "level", "when", "bites_on", "evidence")
RUN = {f"a-{name}": FIRM[name] for name in BLOCK} | {f"b-{name}": AUDIT[name] for name in BLOCK}


@pytest.fixture
def priya(app) -> FlaskClient:
    """The browser of somebody who leads a company where neither role is held."""
    with quick_passwords():
        leader = somebody("priya@birch.example", START)
        companies.found("Birch", at=START, first=leader, roles=["leader"])
        yield sign_in(app.test_client(), leader)


def test_an_answer_is_shown_kept_and_decided_on(cast: Cast, sam: FlaskClient, app, clock) -> None:
    assert "Nothing is written down yet that presses you." in sam.get(AT).text
    for typed in (FIRM, AUDIT):
        pressures.note(cast.viewer("cto", clock()), typed, at=clock())
    page = reading.words(sam.get(AT).text)
    assert "Both roles are here" in page and "What comes first: “Move off the old host”" in page
    assert "Who answers for what is not settled." in page
    refused = send(sam, f"{AT}/keep", gains="yes", interest="")
    assert refused.status_code == 422 and "Say in one line what you gain." in refused.text
    assert send(sam, f"{AT}/keep", gains="yes", interest="I am the CTO").headers["Location"] == f"{AT}/1"
    page = sam.get(f"{AT}/1").text
    assert "I am the CTO" in page and "followed" not in page
    leader = sign_in(app.test_client(), cast.leader)
    refused = send(leader, f"{AT}/1/choose", followed="yes", why="")
    assert refused.status_code == 422 and "Say why, in one line." in refused.text
    send(leader, f"{AT}/1/choose", followed="no", why="The budget")
    page = reading.words(leader.get(f"{AT}/1").text)
    assert "We do not follow it. The budget" in page
    assert "gains by it Not followed" in reading.words(leader.get(AT).text)
    assert send(leader, f"{AT}/1/choose", followed="yes", why="x").status_code == 409


def test_an_answer_that_is_followed_leads_to_the_invitation(priya: FlaskClient) -> None:
    viewer = people.viewer(people.known("priya@birch.example", "", at=START), "birch", START)
    pressures.note(viewer, FIRM, at=START)
    first_role.assess(viewer, gains="no", interest="", at=START)
    assert "/people/invite?role=" not in priya.get("/birch/which-role/1").text
    send(priya, "/birch/which-role/1/choose", followed="yes", why="It presses")
    role = COMES[Result(RoleAssessment.get().result)]
    assert f"/birch/people/invite?role={role}" in priya.get("/birch/which-role/1").text


def test_what_changed_since_an_answer_and_its_day_are_said(priya: FlaskClient, clock) -> None:
    viewer = people.viewer(people.known("priya@birch.example", "", at=START), "birch", START)
    row = pressures.note(viewer, FIRM, at=START)
    first_role.assess(viewer, gains="no", interest="", at=START)
    assert "the rules answer otherwise today" not in priya.get("/birch/which-role").text
    clock.advance(hours=1)
    viewer = people.viewer(viewer.person, "birch", clock())
    pressures.close(viewer, row.id, how="gone", why="x", at=clock())
    page = priya.get("/birch/which-role").text
    assert "the rules answer otherwise today" in page
    old = priya.get("/birch/which-role/1").text
    assert "The fractional CTO first" in old and "Move off the old host" in old
    first_role.assess(viewer, gains="no", interest="", at=clock())
    assert "There is a newer answer" in priya.get("/birch/which-role/1").text
    assert 'name="followed"' not in priya.get("/birch/which-role/1").text


def test_a_first_run_ends_in_an_answer_with_everything_kept(priya: FlaskClient) -> None:
    typed = RUN | PROFILE | {"gains": "no", "follows": ["hipaa"]}
    answer = send(priya, "/birch/first-run", **typed)
    assert answer.headers["Location"] == "/birch/which-role/1"
    page = reading.words(priya.get("/birch/which-role/1").text)
    assert "The fractional CTO first, then the vCISO" in page and "Thu 24 Dec" in page
    assert PressureRow.select().count() == 2 and frameworks.followed(1) == ["hipaa"]
    assert CompanyProfile.get().stage == "growth"
    again = priya.get("/birch/first-run").text
    assert "Move off the old host, Audit by the clinics" in again and 'value="growth" selected' in again


def test_a_first_run_that_lacks_something_keeps_what_was_typed_and_stores_nothing(priya: FlaskClient) -> None:
    typed = RUN | PROFILE | {"b-evidence": "", "a-loses": "", "follows": ["hipaa"]}
    refused = send(priya, "/birch/first-run", **typed)
    assert refused.status_code == 422
    for words in (
        "#f-a-loses",
        "#f-b-evidence",
        "#f-gains",
        'value="Audit by the clinics"',
        'value="Colorado, EU"',
    ):
        assert words in refused.text, words
    assert RoleAssessment.select().count() == PressureRow.select().count() == 0
    assert frameworks.followed(1) == []


def test_a_block_left_empty_is_none_and_a_kind_alone_is_not_enough(priya: FlaskClient) -> None:
    send(priya, "/birch/first-run", gains="no", **{"c-kind": ""})
    assert RoleAssessment.get().result == "NO_PRESSURE"
    refused = send(priya, "/birch/first-run", gains="no", **{"c-kind": "incident"})
    assert refused.status_code == 422 and "#f-c-loses" in refused.text


def test_the_answer_is_offered_while_a_role_is_missing_and_is_never_the_first_page_otherwise(
    cast: Cast, sam: FlaskClient, priya: FlaskClient
) -> None:
    assert "Which role do you need first?" in priya.get("/").text
    send(priya, "/birch/first-run", gains="no")
    assert "See the answer" in priya.get("/").text
    assert "There is no fractional CTO and no vCISO here." in priya.get("/birch/people").text
    assert "/which-role" not in sam.get("/").text and "/which-role" not in sam.get("/larkspur/people").text


def test_only_who_advises_or_leads_asks_and_only_leadership_decides(
    cast: Cast, client: FlaskClient, clock
) -> None:
    first_role.assess(cast.viewer("cto", clock()), gains="no", interest="", at=clock())
    sign_in(client, cast.member)
    for path in (AT, f"{AT}/1"):
        assert "<form" not in client.get(path).text.split("<main")[1]
    assert client.get("/larkspur/first-run").status_code == 403
    for path in ("/larkspur/first-run", f"{AT}/keep", f"{AT}/1/choose"):
        assert send(client, path, gains="no").status_code == 403


def test_anybody_tries_it_at_a_demonstration_and_nothing_is_stored(app, client: FlaskClient, clock) -> None:
    Installation.create(id=1, created_at=clock(), demonstration=True)
    assert "/which-role-first" in client.get("/sign-in").text
    assert client.get("/which-role-first").status_code == 200
    before = {table: table.select().count() for table in TABLES}
    answer = send(client, "/which-role-first", **RUN | {"stage": "growth"})
    page = reading.words(answer.text)
    assert answer.status_code == 200 and "The fractional CTO first, then the vCISO" in page
    assert "If “Audit by the clinics” hurt before" in page and 'value="growth" selected' in answer.text
    held = send(client, "/which-role-first", here="cto", **RUN)
    assert "The vCISO next" in held.text
    open_ones = {"a-kind": "team_structure", "b-kind": "vendor_risk"}
    for prefix in ("a-", "b-"):
        open_ones |= {f"{prefix}{k}": v for k, v in (("loses", "x"), ("level", "3"), ("when", "open"))}
        open_ones[f"{prefix}evidence"] = "y"
    assert "Leadership has to choose" in send(client, "/which-role-first", **open_ones).text
    kept = send(client, "/which-role-first", follows="soc-2", **open_ones).text
    assert "The vCISO first, then the fractional CTO" in kept
    refused = send(client, "/which-role-first", **RUN | {"a-level": ""})
    assert refused.status_code == 422 and 'value="Audit by the clinics"' in refused.text
    assert {table: table.select().count() for table in TABLES} == before


def test_elsewhere_only_who_is_signed_in_tries_it(app, client: FlaskClient, sam: FlaskClient) -> None:
    missing = client.get("/no-such-page")
    assert client.get("/which-role-first").data == missing.data
    assert send(client, "/which-role-first").status_code == 404
    assert sam.get("/which-role-first").status_code == 200


def test_a_role_that_is_planned_is_no_role_that_is_held(priya: FlaskClient, clock) -> None:
    viewer = people.viewer(people.known("priya@birch.example", "", at=START), "birch", START)
    pressures.note(viewer, FIRM, at=START)
    with quick_passwords():
        sam = somebody("sam@birch.example", START)
    starts = (START + timedelta(days=9)).date()
    engagements.appoint(viewer, role=str(Role.CTO), email=sam.email, starts_on=starts, at=START)
    assert "The fractional CTO first" in priya.get("/birch/which-role").text


def test_the_company_says_what_it_is_like(cast: Cast, sam: FlaskClient, app) -> None:
    assert send(sam, "/larkspur/profile/change", **PROFILE).status_code == 302
    page = sam.get("/larkspur/profile").text
    assert 'value="Colorado, EU"' in page and "Growing: customers come" in reading.section(
        page, "How our stage"
    )
    refused = send(sam, "/larkspur/profile/change", **PROFILE | {"sector": "x", "jurisdictions": "Utah"})
    assert refused.status_code == 422 and 'value="Utah"' in refused.text
    reader = sign_in(app.test_client(), cast.reader)
    page = reader.get("/larkspur/profile").text
    assert "Healthcare" in page and "<form" not in page.split("<main")[1]
