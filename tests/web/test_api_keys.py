"""Keys for programs on a page: made, shown once, ended."""

import re

from adr_app.models.api_keys import ApiKey
from tests.casts import send


def test_a_key_is_shown_once_and_then_never_again(cast, sam):
    made = send(sam, "/account/keys", name="Build <server>", where=cast.company.slug, days="30")
    token = re.search(r'value="(adr_[\w-]+)"', made.text)[1]
    assert "Build &lt;server&gt;" in made.text and made.headers["Cache-Control"] == "no-store"
    later = sam.get("/account/keys").text
    assert token not in later and "Build &lt;server&gt;" in later and "Never" in later
    address = f"/api/v1/companies/{cast.company.slug}/debt"
    assert sam.get(address, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_an_ended_key_is_gone_from_the_page(cast, sam):
    send(sam, "/account/keys", name="CI", where=cast.company.slug, days="30")
    answer = send(sam, "/account/keys/end", key=str(ApiKey.get().id))
    assert answer.status_code == 302
    assert "No program acts for you." in sam.get("/account/keys").text


def test_what_was_typed_stays_where_a_key_could_not_be_made(cast, sam):
    answer = send(sam, "/account/keys", name="CI", where="elsewhere", days="365")
    assert answer.status_code == 422 and not ApiKey.select().exists()
    assert 'value="CI"' in answer.text and '<option value="365" selected>' in answer.text
    assert "Choose a company where you have a role." in answer.text
