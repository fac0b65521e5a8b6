"""What programs may do with technical debt: note it and list it, by a key, in JSON."""

import pytest

from adr_app.domain.permissions import Role
from adr_app.models.debt import DebtItem
from adr_app.models.events import Event
from adr_app.models.people import Engagement
from adr_app.services import api_keys, debt
from tests.casts import cast_of, sign_in
from tests.conftest import START


@pytest.fixture
def key(cast):
    token, _ = api_keys.make(cast.member, where=cast.company.slug, name="CI", days="90", at=START)
    return {"Authorization": f"Bearer {token}"}


def address(cast, rest="debt"):
    return f"/api/v1/companies/{cast.company.slug}/{rest}"


def test_a_program_notes_an_item_in_its_makers_name(cast, client, key):
    said = {"title": "Nightly job fails", "system": "Billing"}
    answer = client.post(address(cast), json=said, headers=key)
    assert answer.status_code == 201
    item = DebtItem.get()
    assert (item.title, item.noted_by_id, item.ref) == ("Nightly job fails", cast.member.id, "TD-0001")
    assert Event.select().order_by(Event.seq.desc()).get().kind == "debt.noted"
    told = answer.json
    assert (told["reference"], told["system"], told["standing"]) == ("TD-0001", "Billing", "Noted")
    assert told["fix_days"] is None and told["page"].endswith(f"/{cast.company.slug}/debt/TD-0001")


def test_the_list_is_what_is_still_owed_fifty_at_a_time(cast, client, key):
    viewer = cast.viewer("member", START)
    for number in range(1, 53):
        debt.note(viewer, title=f"Item {number}", at=START)
    debt.mark_not_debt(viewer, 52, reason="It is none", at=START)
    first = client.get(address(cast), headers=key).json
    rest = client.get(address(cast), query_string={"after": first["next"]}, headers=key).json
    found = [item["title"] for item in first["items"] + rest["items"]]
    assert len(first["items"]) == 50 and rest["next"] is None
    assert found == [f"Item {number}" for number in range(51, 0, -1)]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer adr_unknown", "Basic eDp5", "adr_x"]
)
def test_without_a_key_that_opens_something_nothing_is_answered(cast, client, header):
    headers = {} if header is None else {"Authorization": header}
    for answer in (client.get(address(cast), headers=headers), client.post(address(cast), headers=headers)):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
        assert "Authorization" in answer.json["error"]["message"] or "key" in answer.json["error"]["message"]


def test_a_browsers_cookie_opens_nothing_here(cast, client):
    sign_in(client, cast.member)
    assert client.get(address(cast)).status_code == 401
    assert client.post(address(cast), json={"title": "x"}).status_code == 401
    assert not DebtItem.select().exists()


def test_another_company_a_missing_one_and_a_missing_address_are_the_same_bytes(cast, client, key):
    other = cast_of("Harbour Freight", START)
    debt.note(other.viewer("member", START), title="Theirs", at=START)
    answers = [
        client.get(address(other), headers=key),
        client.post(address(other), json={"title": "x"}, headers=key),
        client.get("/api/v1/companies/nobody-here/debt", headers=key),
        client.get(address(cast, "nothing"), headers=key),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert DebtItem.select().count() == 1


def test_a_role_that_may_only_read_reads_and_notes_nothing(cast, client):
    Engagement.update(role=Role.READER).where(Engagement.person == cast.member.id).execute()
    token, _ = api_keys.make(cast.member, where=cast.company.slug, name="CI", days="30", at=START)
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(address(cast), headers=headers).status_code == 200
    assert client.post(address(cast), json={"title": "x"}, headers=headers).status_code == 403
    assert not DebtItem.select().exists()


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"json": {"title": ""}}, {"title"}),
        ({"json": {"title": "x" * 201}}, {"title"}),
        ({"json": {"titel": "x"}}, {"titel"}),
        ({"json": {"title": ["x"]}}, {"title"}),
        ({"json": ["x"]}, set()),
        ({"data": "{", "content_type": "application/json"}, set()),
        ({"data": {"title": "x"}}, set()),
    ],
)
def test_what_cannot_be_saved_is_answered_by_field_and_nothing_is_kept(cast, client, key, sent, fields):
    answer = client.post(address(cast), headers=key, **sent)
    assert answer.status_code == 422 and answer.json["error"]["message"]
    assert set(answer.json["error"].get("fields", {})) == fields
    assert not DebtItem.select().exists()


def test_more_than_a_note_needs_is_not_taken(cast, client, key):
    answer = client.post(address(cast), json={"title": "x", "symptoms": "y" * 70_000}, headers=key)
    assert answer.status_code == 413 and "error" in answer.json


def test_an_address_that_only_lists_says_what_it_takes(cast, client, key):
    answer = client.delete(address(cast), headers=key)
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"] and "error" in answer.json


def test_no_answer_is_kept_or_shown_as_a_page(cast, client, key):
    for answer in (client.get(address(cast), headers=key), client.get(address(cast))):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in answer.headers


def test_every_address_says_what_it_asks_of_whoever_uses_it(app):
    from adr_app.api import create_api

    views = create_api(app).view_functions
    assert views and all(hasattr(view, "needs") for view in views.values())


@pytest.mark.parametrize("depth", [b"[" * 60_000, b'{"title":' * 6_000])
def test_what_lies_too_deep_in_each_other_is_refused_as_no_object(cast, client, key, depth):
    answer = client.post(address(cast), data=depth, headers=key | {"Content-Type": "application/json"})
    assert answer.status_code == 422 and "JSON object" in answer.json["error"]["message"]
    assert not DebtItem.select().exists()


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_in_json_is_not_taken_for_a_title(cast, client, key, number):
    sent = b'{"title": ' + number + b"}"
    answer = client.post(address(cast), data=sent, headers=key | {"Content-Type": "application/json"})
    assert answer.status_code == 422 and not DebtItem.select().exists()
