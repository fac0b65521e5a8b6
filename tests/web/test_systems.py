"""Systems on the settings page: anybody who drafts asks for more review, only the vCISO for less."""

import pytest
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import System
from adr_app.services import debt, drafts
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in

NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")


@pytest.fixture
def cast(app, clock):
    """Larkspur with a system that a debt item names, and Ostara with one of its own."""
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
        ostara = cast_of("Ostara", clock())
        debt.note(cast.viewer("member", clock()), title="Slow", system="Billing", at=clock())
        debt.note(ostara.viewer("member", clock()), title="Slow", system="Payroll", at=clock())
        yield cast


def inside() -> set[str]:
    return {row.name for row in System.select().where(System.inside_boundary)}


def test_a_decision_about_a_system_inside_is_told_to_the_vciso(
    cast: Cast, client: FlaskClient, clock
) -> None:
    typed = {"title": "New colours", "systems": ["Billing"]}
    drafts.draft(cast.viewer("member", clock()), typed, answers=NO, at=clock())
    page = sign_in(client, cast.member).get("/larkspur/settings").text
    assert "Billing" in page and "Put inside" in page and "Payroll" not in page
    answer = send(client, "/larkspur/systems/inside", system="Billing")
    assert answer.location.endswith("/larkspur/settings#systems") and inside() == {"Billing"}
    assert "Billing is inside what an auditor looks at." in client.get("/larkspur/settings").text
    typed["title"] = "Newer colours"
    drafts.draft(cast.viewer("member", clock()), typed, answers=NO, at=clock())
    assert {row.title: row.level for row in Decision.select()} == {"New colours": 0, "Newer colours": 1}


@pytest.mark.parametrize("role", ["member", "cto", "leader", "delegate"])
def test_who_drafts_puts_a_system_inside_and_does_not_take_it_out(
    cast: Cast, client: FlaskClient, role: str
) -> None:
    sign_in(client, getattr(cast, role))
    assert send(client, "/larkspur/systems/inside", system="billing").status_code == 302
    assert "Take out" not in client.get("/larkspur/settings").text
    assert send(client, "/larkspur/systems/outside", system="Billing").status_code == 403
    assert inside() == {"Billing"}


def test_the_vciso_takes_a_system_out_and_the_record_says_both(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.vciso)
    send(client, "/larkspur/systems/inside", system="Billing")
    assert "Take out" in client.get("/larkspur/settings").text
    assert send(client, "/larkspur/systems/outside", system="Billing").status_code == 302
    assert inside() == set()
    page = client.get("/larkspur/record").text
    assert "put a system inside what an auditor looks at" in page
    assert "took a system out of what an auditor looks at" in page and "Billing" in page


@pytest.mark.parametrize("role", ["reader", "admin"])
def test_everybody_else_only_reads_it(cast: Cast, client: FlaskClient, role: str) -> None:
    page = sign_in(client, getattr(cast, role)).get("/larkspur/settings").text
    assert "Billing" in page and "Put inside" not in page
    assert send(client, "/larkspur/systems/inside", system="Billing").status_code == 403
    assert inside() == set()


def test_a_system_that_is_hidden_anothers_or_missing_answers_alike(
    cast: Cast, client: FlaskClient, clock
) -> None:
    typed = {"title": "Merger", "systems": ["Vault"]}
    secret = drafts.draft(cast.viewer("leader", clock()), typed, at=clock())
    Decision.update(restricted=True).where(Decision.id == secret.id).execute()
    sign_in(client, cast.member)
    assert "Vault" not in client.get("/larkspur/settings").text
    before = Event.select().count()
    answers = [
        send(client, "/larkspur/systems/inside", system=name) for name in ("Vault", "Payroll", "None", "")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert Event.select().count() == before and inside() == set()
    sign_in(client, cast.leader)
    assert send(client, "/larkspur/systems/inside", system="Vault").status_code == 302
    assert "Vault" in client.get("/larkspur/record").text
    sign_in(client, cast.member)
    page = client.get("/larkspur/record").text
    assert "Vault" not in page and "put a system inside" not in page


def test_without_systems_the_page_says_where_they_come_from(cast: Cast, client: FlaskClient, clock) -> None:
    with quick_passwords():
        hale = cast_of("Hale", clock())
    page = sign_in(client, hale.member).get("/hale/settings").text
    assert "once a decision or a debt item names it" in page
