"""Founding another company on a log that serves several, and listing them."""

import re

import pytest

from adr_app.domain.errors import NotFound
from adr_app.domain.permissions import Act, Role
from adr_app.models.events import Event
from adr_app.models.people import Company, Engagement, Installation, Person
from adr_app.services import companies, engagements, people, session
from adr_app.services.verification import verify
from tests.casts import PASSWORD, Cast, csrf_token, send, sign_in
from tests.cli.conftest import AT, Commands
from tests.conftest import connected

FOUND = ("companies", "add", "Ostara Software", "--leader", "omar@example.com", "--name", "Omar Haddad")


def link_in(text: str) -> str:
    found = re.search(r"http://\S+(/join/\S+)", text)
    assert found is not None, text
    return found[1]


def test_another_company_is_founded_and_its_leader_comes_in_by_the_link(
    adr: Commands, cast: Cast, app
) -> None:
    ran = adr(*FOUND, "--zone", "Europe/Berlin", "--go-live", "2026-01-31")
    assert ran.code == 0, ran.err
    company = Company.get(Company.slug == "ostara-software")
    assert (company.name, company.zone, str(company.go_live_on)) == (
        "Ostara Software", "Europe/Berlin", "2026-01-31",
    )  # fmt: skip
    client = app.test_client()
    app.config["CLOCK"] = lambda: company.created_at
    assert client.get(link_in(ran.out)).status_code == 200
    assert send(client, link_in(ran.out), password=PASSWORD, again=PASSWORD).status_code == 302
    page = client.get("/ostara-software/people")
    assert page.status_code == 200 and "Omar Haddad" in page.text
    assert client.get("/larkspur/people").status_code == 404


def test_the_founding_stands_in_the_record_of_that_company_alone(adr: Commands, cast: Cast) -> None:
    before = Company.get_by_id(cast.company.id).last_seq
    adr(*FOUND, "--role", "cto")
    company = Company.get(Company.slug == "ostara-software")
    events = list(Event.select().where(Event.company == company.id).order_by(Event.seq))
    kinds = ["company.founded", "engagement.started", "engagement.started", "person.invited"]
    assert [event.kind for event in events] == kinds
    roles = {row.role for row in Engagement.select().where(Engagement.company == company.id)}
    assert roles == {"leader", "cto"}
    assert Company.get_by_id(cast.company.id).last_seq == before
    assert verify(company).broken is None


def test_somebody_known_leads_it_once_they_type_their_password_at_the_link(
    adr: Commands, cast: Cast, app
) -> None:
    ran = adr("companies", "add", "Fenwick", "--leader", cast.cto.email)
    assert ran.code == 0, ran.err
    company = Company.get(Company.slug == "fenwick")
    app.config["CLOCK"] = lambda: company.created_at
    client = sign_in(app.test_client(), cast.cto)
    # An account alone opens nothing: somebody at Larkspur may have made it for an e-mail not theirs.
    assert client.get("/fenwick/decisions").status_code == 404
    assert send(client, link_in(ran.out), password=PASSWORD).status_code == 302
    assert client.get("/fenwick/decisions").status_code == 200
    assert Person.get_by_id(cast.cto.id).name == cast.cto.name


def test_the_companies_are_listed(adr: Commands, cast: Cast) -> None:
    adr(*FOUND, "--go-live", "2026-01-31")
    ran = adr("companies", "--json")
    assert [row["company"] for row in ran.report] == ["larkspur", "ostara-software"]
    assert ran.report[1] == {
        "company": "ostara-software",
        "name": "Ostara Software",
        "zone": "UTC",
        "currency": "EUR",
        "go_live_on": "2026-01-31",
    }
    assert "ostara-software" in adr("companies").out


def test_what_was_founded_is_reported_as_json(adr: Commands, cast: Cast) -> None:
    report = adr(*FOUND, "--json").report
    assert (report["company"], report["leader"]) == ("ostara-software", "omar@example.com")
    assert link_in(report["link"])


WRONG = {
    "--leader": ("companies", "add", "Ostara", "--leader", "nobody", "--name", "Omar"),
    "--name": ("companies", "add", "Ostara", "--leader", "omar@example.com"),
    "NAME": ("companies", "add", " ", "--leader", "omar@example.com", "--name", "Omar"),
    "--zone": (*FOUND, "--zone", "Mars/Base"),
    "--role": (*FOUND, "--role", "king"),
    "year-month-day": (*FOUND, "--go-live", "tomorrow"),
    "year-month": (*FOUND, "--go-live", "0001-01-01"),
    "vCISO": (*FOUND, "--role", "delegate", "--role", "vciso"),
}


@pytest.mark.parametrize("named", WRONG)
def test_what_cannot_be_founded_is_wrong_use_and_leaves_nothing(
    adr: Commands, cast: Cast, named: str
) -> None:
    people_before = Person.select().count()
    ran = adr(*WRONG[named])
    assert ran.code == 2 and named in ran.err, ran.err
    assert Company.select().count() == 1 and Person.select().count() == people_before


def test_the_first_company_may_be_founded_so_too_and_closes_the_set_up(
    adr: Commands, database_url: str
) -> None:
    with connected(database_url):
        companies.new_setup_code(at=AT)
    assert adr(*FOUND).code == 0
    with connected(database_url):
        assert not companies.awaits_set_up()
        assert Installation.select().count() == 1


def test_without_a_company_the_list_says_what_to_do(adr: Commands) -> None:
    ran = adr("companies")
    assert ran.code == 0 and "set up the first" in ran.out
    assert adr("companies", "--json").report == []


def test_a_forgotten_password_is_replaced_by_the_link_of_the_operator(adr: Commands, cast: Cast, app) -> None:
    ran = adr("people", "reset", cast.member.email.upper())
    assert ran.code == 0 and ran.out.count("\n") == 1
    path = "/" + ran.out.strip().split("/", 3)[3]
    client = app.test_client()
    assert client.get(path).status_code == 200
    new = "another four words here"
    assert send(client, path, password=new, again=new).status_code == 302
    assert session.sign_in(cast.member.email, new, at=AT)
    assert people.by_email(cast.member.email) == cast.member and csrf_token(client)


def test_nobody_is_no_one_to_reset(adr: Commands, cast: Cast) -> None:
    ran = adr("people", "reset", "nobody@example.com")
    assert ran.code == 1 and "Nobody here" in ran.err and ran.out == ""


def test_the_name_of_a_new_leader_is_asked_for_in_words(adr: Commands, cast: Cast) -> None:
    ran = adr("companies", "add", "Hale Legal", "--leader", "ada@example.com")
    assert ran.code == 2 and "ada@example.com is new here" in ran.err and "--name" in ran.err
    assert not Company.select().where(Company.slug == "hale-legal").exists()
    ran = adr("companies", "add", "Hale Legal", "--leader", "ada@example.com", "--name", "Ada Berg")
    assert ran.code == 0 and "--company hale-legal" in ran.out


def leave(cast: Cast) -> None:
    """Leave a company without leadership: it was handed on for one day, which is over when commands run."""
    first = cast.viewer("leader", AT)
    engagements.appoint(first, role="leader", email=cast.admin.email, ends_on=AT.date(), at=AT)
    held = Engagement.get(Engagement.person == cast.leader, Engagement.role == Role.LEADER)
    engagements.end(people.viewer(cast.admin, cast.company.slug, AT), held.id, at=AT)


def test_a_company_that_nobody_leads_gets_a_leader_by_a_command_and_the_record_says_so(
    adr: Commands, cast: Cast
) -> None:
    slug, member = cast.company.slug, cast.member
    ran = adr("companies", "lead", slug, "--leader", member.email)
    assert ran.code == 1 and "has somebody in leadership" in ran.err
    leave(cast)
    ran = adr("companies", "lead", slug, "--leader", member.email)
    assert ran.code == 0 and f"{member.name} leads" in ran.out and "/join/" not in ran.out
    event = Event.select().where(Event.company == cast.company.id).order_by(Event.seq.desc()).get()
    assert (event.kind, event.actor_id, event.data["by"]) == ("engagement.started", None, None)
    again = people.viewer(member, slug, event.at)
    assert again.may(Act.APPOINT_ADVISER)
    assert adr("verify").code == 0


def test_a_leader_from_outside_comes_in_by_a_link_and_until_then_nobody_else_is_named(
    adr: Commands, cast: Cast
) -> None:
    slug = cast.company.slug
    leave(cast)
    ran = adr("companies", "lead", slug, "--leader", "ada@example.com")
    assert ran.code == 2 and "--name" in ran.err
    assert not Person.select().where(Person.email == "ada@example.com").exists()
    ran = adr("companies", "lead", slug, "--leader", "ada@example.com", "--name", "Ada Berg")
    assert ran.code == 0 and "/join/" in ran.out
    ada = Person.get(Person.email == "ada@example.com")
    with pytest.raises(NotFound):
        people.viewer(ada, slug, Engagement.get(Engagement.person == ada).starts_at)
    ran = adr("companies", "lead", slug, "--leader", cast.member.email)
    assert ran.code == 1 and "has somebody in leadership" in ran.err
    assert adr("companies", "lead", "no-such", "--leader", "ada@example.com").code != 0
