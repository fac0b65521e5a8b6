"""Answered for a system once: the next decision that names it offers those answers, one click to keep."""

import re

import pytest
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import decision_rows, decisions, drafts, remembered
from tests.casts import Cast, cast_of, send, sign_in

NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")
PERSONAL = {**NO, "data": "yes", "q3": "personal", "q9": "limited", "q10": "limited", "q13": "no"}


@pytest.fixture
def database_url(databases):
    """One engine will do: what is asked of it is the same on both."""
    url = databases.migrated("sqlite")
    yield url
    databases.discard(url)


def note(cast: Cast, at, answers: dict[str, str], *systems: str, by: str = "member") -> Decision:
    typed = {"title": f"About {' and '.join(systems)}", "systems": list(systems)}
    return drafts.draft(cast.viewer(by, at), typed, answers=answers, at=at)


def test_answers_for_a_system_are_kept_with_one_click(cast: Cast, client: FlaskClient, clock) -> None:
    note(cast, clock(), PERSONAL, "Billing")
    note(cast_of("Ostara", clock()), clock(), {**NO, "access": "yes"}, "billing")
    note(cast, clock(), {**NO, "access": "unknown"}, "Rota")
    made = note(cast, clock(), {}, "billing", "Rota")
    sign_in(client, cast.member)
    path = f"/larkspur/decisions/{made.ref}"
    page = client.get(path).text
    assert "As answered for Billing in AD-0001 on Tue 24 Nov; for Rota in AD-0002 on Tue 24 Nov:" in page
    assert page.count("Keep these answers") == 1
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None
    for wrong in ({"base": 2, "seen": seen[1]}, {"base": 1, "seen": "0" * 64}):
        assert send(client, f"{path}/keep-answers", **wrong).status_code == 409
    assert send(client, f"{path}/keep-answers", base=1, seen=seen[1]).status_code == 302
    kept = decision_rows.revision(Decision.get_by_id(made.id))
    assert kept.answers == {k: v for k, v in PERSONAL.items() if k != "access"} and kept.level == 2
    assert "Keep these answers" not in client.get(path).text
    assert send(client, f"{path}/keep-answers", base=2, seen=seen[1]).status_code == 409
    reader = sign_in(client, cast.reader)
    assert send(reader, f"{path}/keep-answers", base=2, seen=seen[1]).status_code == 403


def test_an_answer_is_never_put_in_lower_unseen_and_a_lower_one_is_shown(cast: Cast, client, clock) -> None:
    note(cast, clock(), PERSONAL, "Billing")
    lower = note(cast, clock(), NO, "Billing")
    viewer = cast.viewer("vciso", clock())
    found = remembered.of(viewer, lower, decision_rows.revision(lower))
    assert (found.facts, [fact.question for fact in found.lower]) == ([], ["data"])
    page = sign_in(client, cast.vciso).get(f"/larkspur/decisions/{lower.ref}").text
    assert "Answered less risky than before" in page and "for Billing in AD-0001" in page
    open_still = note(cast, clock(), {"access": "yes"}, "Billing")
    found = remembered.of(viewer, open_still, decision_rows.revision(open_still))
    assert "access" not in found.answers and found.answers["data"] == "no"  # the newest of that system


def test_of_an_outside_firm_is_remembered_what_is_true_of_the_firm(cast: Cast, client, clock) -> None:
    firm = {**NO, "outside": "yes", "q4": "new-sensitive", "q6": "sensitive"}
    elsewhere = {**firm, "data": "yes", "q3": "sensitive", "q6": "data"}
    for where, answers in ((cast, firm), (cast_of("Ostara", clock()), elsewhere)):
        named = {"title": "Take cards", "vendors": ["Stripe"]}
        drafts.draft(where.viewer("cto", clock()), named, answers=answers, at=clock())
    typed = {"title": "Refunds", "vendors": ["stripe"], "systems": ["Billing"]}
    made = drafts.draft(cast.viewer("member", clock()), typed, at=clock())
    page = sign_in(client, cast.member).get(f"/larkspur/decisions/{made.ref}").text
    assert "As answered for Stripe in AD-0001 on Tue 24 Nov:" in page
    found = remembered.of(cast.viewer("member", clock()), made, decision_rows.revision(made))
    assert found.answers == {"outside": "yes", "q6": "sensitive"}
    note(cast, clock(), {**NO, "outside": "unknown"}, "Billing")
    later = drafts.draft(cast.viewer("member", clock()), typed, at=clock())
    found = remembered.of(cast.viewer("member", clock()), later, decision_rows.revision(later))
    assert "outside" not in found.answers, "what nobody knew of the system stays open"


def test_what_is_hidden_or_given_up_is_not_remembered(cast: Cast, clock) -> None:
    hidden, withdrawn = (note(cast, clock(), PERSONAL, "Billing", by="leader") for _ in range(2))
    decisions.withdraw(cast.viewer("leader", clock()), withdrawn.number, at=clock())
    made = note(cast, clock(), {}, "Billing")
    text = decision_rows.revision(made)
    assert remembered.of(cast.viewer("member", clock()), made, text).facts != []
    Decision.update(restricted=True).where(Decision.id == hidden.id).execute()
    assert remembered.of(cast.viewer("member", clock()), made, text).facts == []
    assert remembered.of(cast.viewer("cto", clock()), made, text).facts != []
