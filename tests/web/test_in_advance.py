"""Allowed in advance, by page and by act: signed by the vCISO alone, named where it clears, never changed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from adr_app.domain.errors import NotAllowed, NotFound, Refused, WrongState
from adr_app.models.base import database
from adr_app.models.decisions import Decision
from adr_app.models.flags import standings_of
from adr_app.models.people import Company
from adr_app.models.standing_rules import EndedRule, StandingRule
from adr_app.services import decisions, drafts, engagements, flags, people, reviews, standing_rules, systems
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in

PAGE = "/larkspur/in-advance"
NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")
RULE = {"title": "Internal tools", "reason": "Nothing leaves the house.", "until": "2027-03-01"}
LOOKS = {"data": ["no"], "access": ["no"]}
TICKED = {"allow-data": "no", "allow-access": "no"}


@pytest.fixture
def database_url(databases):
    """One engine will do: what is asked of it is the same on both, and the schema's test holds them equal."""
    url = databases.migrated("sqlite")
    yield url
    databases.discard(url)


@pytest.fixture
def cast(app, clock):
    """Larkspur, and Ostara beside it."""
    with quick_passwords():
        yield cast_of("Larkspur", clock())


def note(cast: Cast, at, title: str = "Another queue", answers: dict[str, str] = NO, by="member", **text):
    return drafts.draft(cast.viewer(by, at), {"title": title, **text}, answers=answers, at=at)


def require_sound(cast: Cast) -> None:
    """Check that rows and spans are what the record says."""
    company = Company.get_by_id(cast.company.id)
    assert verify(company).broken is None and not flags.check(company).different


def standing(decision: Decision, at) -> tuple[str, str]:
    row = standings_of([decision.company_id], [decision.id], at)[decision.id]
    return row.code, row.why


def test_she_signs_a_rule_and_the_decision_it_clears_names_it(cast: Cast, client: FlaskClient, clock) -> None:
    asked = note(cast, clock())
    sign_in(client, cast.vciso)
    page = client.get(f"{PAGE}?like={asked.ref}").text
    assert f"Filled in as {asked.ref} is answered" in page and page.count(" checked") == 4
    tried = send(client, f"{PAGE}/sign", **TICKED, **RULE, **{"try": "yes"})
    assert "It would have covered 1 of the last 1 decision" in tried.text and asked.title in tried.text
    assert StandingRule.select().count() == 0
    assert send(client, f"{PAGE}/sign", **TICKED, **RULE).location == PAGE
    assert standing(asked, clock()) == ("cleared-before", "in-advance")
    sign_in(client, cast.cto)
    page = client.get(f"/larkspur/decisions/{asked.ref}").text
    assert "declared harmless" not in page.casefold()
    decisions.propose(cast.viewer("cto", clock()), asked.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), asked.number, base=1, at=clock())
    assert standing(asked, clock()) == ("cleared", "in-advance")
    page = client.get(f"/larkspur/decisions/{asked.ref}").text
    name = cast.vciso.name
    assert f"Allowed in advance by {name}: Internal tools" in page and RULE["reason"] in page
    assert "1 Mar 2027" in page and "Allow such decisions" not in page
    listed = client.get(PAGE).text
    assert "Internal tools" in listed and "Sign it</button>" not in listed and "End it" not in listed
    require_sound(cast)


def test_what_is_wrong_is_said_beside_what_was_typed(cast: Cast, client: FlaskClient, clock) -> None:
    sign_in(client, cast.vciso)
    for typed, words in (
        (RULE, "Choose at least one question"),
        ({**RULE, **TICKED, "until": ""}, "up to which day"),
        ({**RULE, **TICKED, "until": "2027-11-25"}, "a year from now"),
        ({**RULE, **TICKED, "until": "2026-11-22"}, "a year from now"),
        ({**RULE, **TICKED, "reason": " "}, "Say why such decisions"),
        ({**RULE, **TICKED, "title": ""}, "in a few words"),
        ({**RULE, "allow-data": "unknown"}, "answers offered"),
        ({**RULE, "allow-q9": "severe"}, "answers offered"),
    ):
        answer = send(client, f"{PAGE}/sign", **typed)
        assert answer.status_code == 422 and words in answer.text, typed
        assert "Internal tools" in answer.text or "title" in words or not typed["title"]
    assert StandingRule.select().count() == 0


@pytest.mark.parametrize("role", ["cto", "leader", "member", "reader", "admin", "delegate"])
def test_nobody_else_signs_or_ends_by_page_or_act(cast: Cast, client: FlaskClient, clock, role: str) -> None:
    rule = standing_rules.sign(cast.viewer("vciso", clock()), LOOKS, **RULE, at=clock())
    sign_in(client, getattr(cast, role))
    assert client.get(PAGE).status_code == 200
    assert send(client, f"{PAGE}/sign", **TICKED, **RULE).status_code == 403
    assert send(client, f"{PAGE}/end", rule=rule.id, reason="No").status_code == 403
    viewer = cast.viewer(role, clock())
    for act in (
        lambda: standing_rules.sign(viewer, LOOKS, **RULE, at=clock()),
        lambda: standing_rules.end(viewer, rule.id, reason="No", at=clock()),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (StandingRule.select().count(), EndedRule.select().count()) == (1, 0)


def test_a_neighbours_rule_is_as_missing_as_none(cast: Cast, client: FlaskClient, clock) -> None:
    ostara = cast_of("Ostara", clock())
    theirs = standing_rules.sign(ostara.viewer("vciso", clock()), LOOKS, **RULE, at=clock())
    made = note(cast, clock())
    assert standing(made, clock()) == ("not-asked", "")
    sign_in(client, cast.vciso)
    missing = send(client, f"{PAGE}/end", rule=987_654, reason="No")
    for answer in (
        send(client, f"{PAGE}/end", rule=theirs.id, reason="No"),
        send(client, f"{PAGE}/sign", **TICKED, **RULE, replaces=theirs.id),
        client.get(f"{PAGE}?again={theirs.id}"),
        client.get("/ostara/in-advance"),
        send(client, "/ostara/in-advance/sign", **TICKED, **RULE),
    ):
        assert (answer.status_code, answer.data) == (404, missing.data)
    mine = cast.viewer("vciso", clock())
    with pytest.raises(NotFound):
        standing_rules.sign(mine, LOOKS, **RULE, replaces=theirs.id, at=clock())
    assert (StandingRule.select().count(), EndedRule.select().count()) == (1, 0)
    assert RULE["reason"] not in client.get(PAGE).text


def test_a_rule_is_ended_or_replaced_once_and_covers_nothing_from_then_on(cast: Cast, client, clock) -> None:
    hers = cast.viewer("vciso", clock())
    first = standing_rules.sign(hers, LOOKS, **RULE, at=clock())
    waiting = note(cast, clock())
    clock.advance(days=1)
    second = standing_rules.sign(hers, {"outside": ["no"]}, **RULE, replaces=first.id, at=clock())
    assert [one.state for one in standing_rules.all_of(hers, clock())] == ["holds", "replaced"]
    with pytest.raises(WrongState):
        standing_rules.end(hers, first.id, reason="Late", at=clock())
    sign_in(client, cast.vciso)
    assert send(client, f"{PAGE}/end", rule=second.id, reason="").status_code == 422
    assert standing(waiting, clock()) == ("cleared-before", "in-advance")
    clock.advance(hours=1)
    assert send(client, f"{PAGE}/end", rule=second.id, reason="We changed host.").status_code == 302
    assert standing(waiting, clock()) == ("not-asked", "")
    assert "We changed host." in client.get(PAGE).text
    with pytest.raises(WrongState):
        standing_rules.end(hers, second.id, reason="Again", at=clock())
    require_sound(cast)


def test_a_rule_ends_with_the_role_it_was_signed_under(cast: Cast, client: FlaskClient, clock) -> None:
    hers = cast.viewer("vciso", clock())
    standing_rules.sign(hers, LOOKS, **RULE, at=clock())
    waiting = note(cast, clock())
    clock.advance(days=1)
    engagements.end(cast.viewer("leader", clock()), hers.vciso_engagement, at=clock())
    assert standing(waiting, clock()) == ("not-asked", "")
    assert [one.state for one in standing_rules.all_of(cast.viewer("cto", clock()), clock())] == ["role"]
    sign_in(client, cast.vciso)
    assert send(client, f"{PAGE}/sign", **TICKED, **RULE).status_code in (403, 404)


def test_her_own_decisions_and_what_a_boundary_touches_are_not_cleared(cast: Cast, clock) -> None:
    hers, at = cast.viewer("vciso", clock()), clock()
    note(cast, at, systems=["Billing"])
    systems.mark_boundary(hers, "Billing", True, at=at)
    standing_rules.sign(hers, {"data": ["no"], "q13": ["no"]}, **RULE, at=at)
    wanted = {
        "another's": note(cast, at),
        "hers": note(cast, at, by="vciso"),
        "owned": note(cast, at, accountable=cast.vciso.name),
        "decided": note(cast, at, decided_by=[cast.vciso.name]),
        "inside": note(cast, at, systems=["Billing"]),
        "open": note(cast, at, answers=NO | {"undo": "unknown"}),
        "unanswered": note(cast, at, answers={"data": "no"}),
        "closer": note(cast, at, answers=NO | {"q1": "yes"}),
    }
    cleared = {why for why, made in wanted.items() if standing(made, at)[1] == "in-advance"}
    assert cleared == {"another's"}
    drafts.revise(hers, wanted["another's"].number, {"context": "Mine now"}, base=1, at=at)
    assert standing(wanted["another's"], at) == ("not-asked", "")


def test_a_review_is_enforced_past_no_rule_and_a_record_of_yesterday_is_not_covered(cast, clock) -> None:
    hers, cto = cast.viewer("vciso", clock()), cast.viewer("cto", clock())
    clock.advance(days=2)
    standing_rules.sign(hers, LOOKS, **RULE, at=clock())
    days = [(clock() - timedelta(days=back)).date().isoformat() for back in (2, 0)]
    before, since = (
        decisions.record_decided(
            cto, {"title": "Done", "decided_on": day, "decided_by": [cto.person.name]}, answers=NO, at=clock()
        )
        for day in days
    )
    assert standing(before, clock()) == ("self-declared", "chosen")
    assert standing(since, clock()) == ("cleared", "in-advance")
    risky = note(cast, clock(), answers=NO | {"q1": "yes"})
    decisions.propose(cto, risky.number, at=clock())
    with pytest.raises(Refused):
        decisions.accept(cto, risky.number, base=1, at=clock())
    reviews.answer(hers, since.number, "deny", base=1, text="Not this one.", at=clock())
    assert standing(since, clock()) == ("against-advice", "late")


@pytest.mark.parametrize("table", ["standing_rule", "ended_rule"])
def test_the_record_tells_what_was_done_to_a_rule(cast: Cast, clock, table: str) -> None:
    hers = cast.viewer("vciso", clock())
    rule = standing_rules.sign(hers, LOOKS, **RULE, at=clock())
    standing_rules.end(hers, rule.id, reason="Over", at=clock())
    require_sound(cast)
    for trigger in ("update", "delete"):
        database.execute_sql(f"DROP TRIGGER {table}_no_{trigger}")
    database.execute_sql(f"UPDATE {table} SET reason = 'Another'")
    broken = verify(Company.get_by_id(cast.company.id)).broken
    assert broken is not None and "rule" in broken.kind


def test_the_way_to_it_is_hidden_where_nobody_is_engaged(cast: Cast, client: FlaskClient, clock) -> None:
    sign_in(client, cast.leader)
    assert PAGE in client.get("/larkspur/settings").text
    hers = people.viewer(cast.vciso, "larkspur", clock())
    engagements.end(cast.viewer("leader", clock()), hers.vciso_engagement, at=clock())
    assert PAGE not in client.get("/larkspur/settings").text
    assert "Nothing is allowed in advance here." in client.get(PAGE).text
