"""The page of a company's people: invitations, roles, links, and what each role sees of it."""

import re
from dataclasses import replace

import pytest

from adr_app.models.people import Engagement, Person
from adr_app.services import engagements, forgotten, invitations
from tests.casts import PASSWORD, cast_of, send, sign_in


def link_in(page: str) -> str:
    found = re.search(r"http://localhost(/[a-z-]+/[\w-]{43})", page)
    assert found, page
    return found.group(1)


def role_of(person: Person) -> int:
    return Engagement.get(Engagement.person == person.id).id


def test_an_invitation_is_made_handed_over_and_used(cast, app, client):
    sign_in(client, cast.leader)
    answer = send(client, "/larkspur/people/invite", name="Zoë", email="zoe@example.com", role="member")
    path = link_in(answer.text)
    assert "invited, not here yet" in answer.text

    zoe = app.test_client()
    assert "Larkspur invites you" in zoe.get(path).text
    assert send(zoe, path, password="a fine long password").status_code == 302
    page = client.get("/larkspur/people").text
    assert "Zoë" in page and "not here yet" not in page
    assert path not in page


def test_until_they_come_in_only_the_e_mail_that_was_typed_is_shown(cast, app, client, clock):
    other = cast_of("Ostara", clock())
    Person.update(name="A name known elsewhere").where(Person.id == other.vciso.id).execute()
    sign_in(client, cast.leader)
    answer = send(client, "/larkspur/people/invite", name="V.", email=other.vciso.email, role="vciso")
    assert other.vciso.email in answer.text and "A name known elsewhere" not in answer.text
    path = link_in(answer.text)
    assert send(app.test_client(), path, password=PASSWORD).status_code == 302
    assert "A name known elsewhere" in client.get("/larkspur/people").text


def test_no_page_tells_whom_another_company_knows_until_they_come_in(cast, app, client, clock):
    other = cast_of("Ostara", clock())
    known = other.vciso
    Person.update(name="A name known elsewhere").where(Person.id == known.id).execute()
    forgotten.ask_new_password(known.email, at=clock())
    sign_in(client, cast.leader)
    invited = send(client, "/larkspur/people/invite", name="V.", email=known.email, role="vciso")
    row = Engagement.get(Engagement.person == known.id, Engagement.company == cast.company.id)
    assert (
        send(client, "/larkspur/people/give-role", engagement=row.id, role="cto", both="yes").status_code
        == 302
    )
    pages = [
        client.get(f"/larkspur/{page}").text for page in ("people", "people/give-role", "record", "debt")
    ]
    for page in (invited.text, *pages):
        assert "A name known elsewhere" not in page and "forgot the password" not in page
        assert "decides as CTO" not in page
        assert f'value="{known.id}"' not in page or known.id in ids_of_roles(cast)
    assert f"invited {known.email}" in pages[2]
    assert send(app.test_client(), link_in(invited.text), password=PASSWORD).status_code == 302
    assert "A name known elsewhere decides as CTO" in client.get("/larkspur/people").text
    assert "invited A name known elsewhere" in client.get("/larkspur/record").text


def ids_of_roles(cast) -> set[int]:
    return {row.id for row in Engagement.select().where(Engagement.company == cast.company.id)}


def test_an_invitation_that_is_refused_keeps_what_was_typed(cast, client):
    sign_in(client, cast.leader)
    typed = {"name": "Zoë <b>", "email": "zoe", "role": "member", "starts_on": "2027-01-02"}
    answer = send(client, "/larkspur/people/invite", **typed)
    assert answer.status_code == 422
    assert 'value="Zoë &lt;b&gt;"' in answer.text and 'value="2027-01-02"' in answer.text
    assert 'href="#f-email"' in answer.text


def test_an_admin_is_offered_only_the_roles_an_admin_gives(cast, client):
    sign_in(client, cast.admin)
    page = client.get("/larkspur/people/invite").text
    offered = set(re.findall(r'<option value="(\w+)"', page))
    assert offered == {"member", "reader", "admin"}
    answer = send(client, "/larkspur/people/invite", name="V", email="v@example.com", role="vciso")
    assert answer.status_code == 403


def test_somebody_here_is_given_another_role_and_it_ends_again(cast, client, clock):
    sign_in(client, cast.leader)
    given = send(client, "/larkspur/people/give-role", engagement=role_of(cast.member), role="reader")
    assert given.status_code == 302
    twice = send(client, "/larkspur/people/give-role", engagement=role_of(cast.member), role="reader")
    assert twice.status_code == 422 and "already has the role" in twice.text
    row = Engagement.get(Engagement.person == cast.member.id, Engagement.role == "reader")
    assert send(client, "/larkspur/people/end-role", engagement=row.id).status_code == 302
    assert send(client, "/larkspur/people/end-role", engagement=row.id).status_code == 409
    assert "has ended" in client.get("/larkspur/people").text


def test_who_left_is_still_named_with_their_time(cast, client, clock):
    row = Engagement.get(Engagement.person == cast.reader.id)
    clock.advance(days=40)
    engagements.end(cast.viewer("leader", clock()), row.id, at=clock())
    sign_in(client, cast.cto)
    page = client.get("/larkspur/people").text
    assert "No longer here" in page and "Tue 24 Nov 2026 to Sun 3 Jan" in page


def test_the_page_warns_where_one_person_decides_and_checks(cast, client, clock):
    leader = cast.viewer("leader", clock())
    engagements.appoint(leader, role="vciso", person_id=cast.cto.id, at=clock())
    sign_in(client, cast.reader)
    assert "decides as CTO and answers for security" in client.get("/larkspur/people").text


def test_a_forgotten_password_is_seen_and_helped(cast, app, client, clock):
    forgotten.ask_new_password(cast.member.email, at=clock())
    sign_in(client, cast.admin)
    assert "forgot the password" in client.get("/larkspur/people").text
    path = link_in(send(client, "/larkspur/people/new-password-link", engagement=role_of(cast.member)).text)
    assert "forgot the password" not in client.get("/larkspur/people").text
    member = app.test_client()
    new = "a fine long password"
    assert send(member, path, password=new, again=new).status_code == 302


def test_an_invitation_link_can_be_made_again(cast, client, clock):
    _, row = invitations.invite(
        cast.viewer("leader", clock()), email="z@example.com", name="Z", role="reader", at=clock()
    )
    sign_in(client, cast.admin)
    assert link_in(send(client, "/larkspur/people/invite-again", engagement=row.id).text)
    assert send(client, "/larkspur/people/invite-again", engagement=role_of(cast.member)).status_code == 409


@pytest.mark.parametrize("role", ["cto", "vciso", "member", "reader", "delegate"])
def test_everybody_sees_who_is_here_and_nobody_else_changes_it(cast, client, role):
    sign_in(client, getattr(cast, role))
    page = client.get("/larkspur/people").text
    assert cast.leader.name in page and "<form" in page
    assert not re.search(r'action="/larkspur/people', page)
    for path in ("invite", "give-role"):
        assert client.get(f"/larkspur/people/{path}").status_code == 403


def test_links_carry_the_public_address_where_one_is_set(cast, app, client):
    app.config["ADR"] = replace(app.config["ADR"], public_url="https://log.example.com")
    sign_in(client, cast.leader)
    page = send(client, "/larkspur/people/invite", name="Z", email="z@example.com", role="member").text
    assert "https://log.example.com/join/" in page
