"""Declared harmless by its author: the vCISO is shown those that were chosen, and agrees with one click."""

import pytest
from flask.testing import FlaskClient

from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict
from adr_app.services import decisions, flags, reviews
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, send, sign_in

NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")


@pytest.fixture
def database_url(databases):
    """One engine will do: what is asked of it is the same on both."""
    url = databases.migrated("sqlite")
    yield url
    databases.discard(url)


def made(cast: Cast, at, title: str = "Another queue", by: str = "cto"):
    typed = {"title": title, "decided_on": at.date().isoformat(), "decided_by": [getattr(cast, by).name]}
    return decisions.record_decided(cast.viewer("cto", at), typed, answers=NO, at=at)


def standing(decision, at) -> tuple[str, str]:
    row = standings_of([decision.company_id], [decision.id], at)[decision.id]
    return row.code, row.why


def test_she_agrees_with_one_click_to_what_was_chosen_and_nobody_else_does(
    app, cast: Cast, client: FlaskClient, clock
) -> None:
    first, second = made(cast, clock()), made(cast, clock(), "Another table")
    theirs = made(cast_of("Ostara", clock()), clock(), "Their queue")
    vera = sign_in(client, cast.vciso)
    page = vera.get("/").text
    assert "Declared harmless: is it?" in page and page.count(">Agree<") == 2 and "Their queue" not in page
    assert page.count("I do not agree") == 2 and f"/{first.ref}/review" in page
    path = f"/larkspur/decisions/{first.ref}/review/agree"
    for role in ("cto", "leader", "member"):
        assert send(sign_in(app.test_client(), getattr(cast, role)), path, base=1).status_code == 403
    assert send(vera, f"/ostara/decisions/{theirs.ref}/review/agree", base=1).status_code == 404
    assert send(vera, path, base=2).status_code == 409
    assert send(vera, path, base=1).location == "/#declared"
    assert standing(first, clock()) == ("cleared", "")
    assert send(vera, path, base=1).status_code == 409
    reviews.answer(cast.viewer("vciso", clock()), second.number, "deny", base=1, text="No.", at=clock())
    assert send(vera, f"/larkspur/decisions/{second.ref}/review/agree", base=1).status_code == 409
    assert Verdict.select().count() == 2
    assert "Declared harmless: is it?" not in vera.get("/").text


def test_all_of_few_and_a_tenth_of_many_are_chosen_and_flagged_after_thirty_days(cast: Cast, clock) -> None:
    company = cast.company
    many = [made(cast, clock(), f"Queue {n}") for n in range(30)]
    chosen = [n for n, one in enumerate(many) if standing(one, clock())[1] == "chosen"]
    assert chosen[:9] == list(range(9)) and 9 <= len(chosen) < 20
    flagged = {row.subject_id for row in SpanRow.select().where(SpanRow.code == "self-cert-unverified")}
    assert flagged == {many[n].id for n in chosen}
    clock.advance(days=120)
    assert standing(made(cast, clock(), "A new quarter"), clock()) == ("self-declared", "chosen")
    now = Company.get_by_id(company.id)
    assert verify(now).broken is None and not flags.check(now).different
