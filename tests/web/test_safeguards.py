"""Pages of safeguards: a standard is chosen, a safeguard named in two clicks, and every number leads on."""

import csv
import io
import re

from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import controls, decisions, frameworks
from tests.casts import Cast, csrf_token, send, sign_in
from tests.services.test_controls import catalog

AT = "/larkspur/safeguards"


def load(client: FlaskClient, content: bytes) -> str:
    data = {"csrf_token": csrf_token(client), "file": (io.BytesIO(content), "catalog.json")}
    answer = client.post(f"{AT}/load", data=data, content_type="multipart/form-data", follow_redirects=True)
    return answer.text


def test_a_safeguard_is_named_and_found_from_every_number(cast: Cast, client: FlaskClient, clock) -> None:
    cto, page = cast.viewer("cto", clock()), "/larkspur/decisions/AD-0001"
    typed = {"title": "Log everything", "decided_on": clock().date().isoformat()}
    decisions.record_decided(cto, typed, answers={"data": "yes"}, at=clock())
    sign_in(client, cast.cto)
    assert "afeguard" not in client.get(page).text and "afeguard" not in client.get(f"{page}/review").text
    assert send(client, f"{AT}/follow", framework="hipaa").status_code == 403
    sign_in(client, cast.leader)
    assert send(client, f"{AT}/follow", framework="hipaa").status_code == 302
    assert send(client, f"{AT}/follow", framework="no-such").status_code == 404
    sign_in(client, cast.cto)
    assert "No safeguard is named yet." in client.get(f"{page}/review").text
    assert "No safeguard named" in client.get("/larkspur/flags").text
    found = client.get(f"{page}/safeguards?q=logged").text
    assert "164.312(b)" in found and "164.308(a)(8)" not in found
    assert "No safeguard fits" in client.get(f"{page}/safeguards?q=%3Cb%3E").text
    named = {"safeguard": "hipaa 164.312(b)", "effect": "supports"}
    assert send(client, f"{page}/safeguards/map", **named).status_code == 302
    assert (
        send(client, f"{page}/safeguards/map", safeguard="hipaa AC-5", effect="supports").status_code == 404
    )
    assert send(client, f"{page}/safeguards/map", safeguard="hipaa 164.312(b)", effect="?").status_code == 422
    assert "What is done with patient data is logged" in client.get(page).text
    assert "said that it supports safeguard 164.312(b)" in client.get(page).text
    index = client.get(AT).text
    for part, count in (("supported", 1), ("weakened", 0), ("untouched", 16)):
        (told,) = re.findall(rf'show={part}">(\d+)</a>', index)
        rows = client.get(f"{AT}/of/hipaa?show={part}").text.count('<th scope="row"')
        assert int(told) == count == rows
    assert "Log everything" in client.get(f"{AT}/of/hipaa?code=164.312(b)").text
    assert client.get(f"{AT}/of/soc-2").status_code == 404
    send(client, f"{page}/safeguards/unmap", safeguard="hipaa 164.312(b)")
    assert "No safeguard is named yet." in client.get(page).text


def test_a_catalog_is_sent_in_the_browser_and_shown_as_text(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.admin)
    assert "not an OSCAL catalog" in load(client, b"<xml/>") and "Choose the catalog" in load(client, b"")
    said = load(client, catalog("X-1", "X-2", title="<b>Ours</b>", word="<i>Lock</i>"))
    assert "2 safeguards, 2 new" in said and "<b>Ours" not in said
    assert "nothing is new" in load(client, catalog("X-1", "X-2", title="<b>Ours</b>", word="<i>Lock</i>"))
    sign_in(client, cast.leader)
    send(client, f"{AT}/follow", framework="catalog-b-ours-b")
    page = client.get(f"{AT}/of/catalog-b-ours-b").text
    assert "&lt;i&gt;Lock&lt;/i&gt; X-1" in page and "<i>Lock" not in page
    sign_in(client, cast.member)
    assert client.get(AT).status_code == 200 and "not an OSCAL" not in load(client, b"<xml/>")


def test_what_is_covered_is_taken_along_as_a_table_without_what_one_may_not_know(
    cast: Cast, client: FlaskClient, clock
) -> None:
    cto, leader = cast.viewer("cto", clock()), cast.viewer("leader", clock())
    frameworks.follow(leader, "hipaa", at=clock())
    for number, title in ((1, "=Log, everything"), (2, "A merger")):
        typed = {"title": title, "decided_on": clock().date().isoformat()}
        decisions.record_decided(cto, typed, answers={"data": "yes"}, at=clock())
        controls.map_to(cto, number, "hipaa 164.312(b)", ("supports", "weakens")[number - 1], at=clock())
    Decision.update(restricted=True).where(Decision.number == 2).execute()
    rows = {}
    for role in ("cto", "reader"):
        sign_in(client, getattr(cast, role))
        page = client.get(f"{AT}/of/hipaa").text
        assert f"{AT}/of/hipaa.csv" in page
        told = client.get(f"{AT}/of/hipaa.csv")
        assert told.mimetype == "text/csv" and "attachment" in told.headers["Content-Disposition"]
        rows[role] = list(csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff"))))
        send(client, "/sign-out")
    first = {
        "Safeguard": "164.312(b)",
        "Label": "What is done with patient data is logged",
        "Coverage": "Supported",
        "Decision": "AD-0001",
        "Title": "'=Log, everything",
        "What it does": "supports",
        "Status": "Decided",
        "Decided on": clock().date().isoformat(),
    }
    mine = [row for row in rows["reader"] if row["Decision"]]
    assert [{**row, "Status": "Decided"} for row in mine] == [first]
    both = [row for row in rows["cto"] if row["Decision"]]
    assert [(row["Decision"], row["Coverage"]) for row in both] == [
        ("AD-0001", "Supported, Weakened"),
        ("AD-0002", "Supported, Weakened"),
    ]
    none = [row for row in rows["reader"] if not row["Decision"]]
    assert len(none) == 16 and {row["Coverage"] for row in none} == {"Touched by no decision in force"}
    sign_in(client, cast.cto)
    assert client.get(f"{AT}/of/soc-2.csv").status_code == 404
