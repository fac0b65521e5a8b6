"""Pages of outside firms: the list, one firm, what the review shows, and what only some may do."""

from flask.testing import FlaskClient

from adr_app.services import decisions, drafts
from tests.casts import Cast, send, sign_in

AT = "/larkspur/vendors"


def test_a_firm_is_followed_from_the_decision_that_names_it_to_its_contract(
    cast: Cast, sam: FlaskClient, clock
) -> None:
    cto = cast.viewer("cto", clock())
    typed = {"title": "Move billing", "vendors": ["Pay <b>well"], "decided_on": "2026-01-05"}
    typed["decided_on"] = clock().date().isoformat()
    number = decisions.record_decided(cto, typed, at=clock()).number
    page = f"{AT}/firm?firm=Pay+%3Cb%3Ewell"
    assert f'href="{page}"' in sam.get(f"/larkspur/decisions/AD-{number:04}").text
    assert "Nobody has assessed it yet." in sam.get(page).text
    firm = {"firm": "Pay <b>well"}
    assert send(sam, f"{AT}/describe", **firm, does="Takes cards", data=["health"]).status_code == 302
    review = sam.get(f"/larkspur/decisions/AD-{number:04}/review").text
    assert "No health-data contract recorded" in review and "Data: health." in review
    assert "No health-data contract recorded" in sam.get(AT).text and "<b>well" not in sam.get(AT).text
    assert "Outside firm with patient data" in sam.get("/larkspur/flags").text
    refused = send(sam, f"{AT}/agree", **firm, kind="health", signed_on="tomorrow")
    assert refused.status_code == 422 and 'value="tomorrow"' in refused.text
    assert send(sam, f"{AT}/agree", **firm, kind="health", reference="Drawer 4").status_code == 302
    assert "Health-data contract: Drawer 4" in sam.get(page).text
    assert "No health-data contract" not in sam.get(page).text
    refused = send(sam, f"{AT}/assess", **firm, risk="low", text="Read their report")
    assert refused.status_code == 422 and "grows old unseen" in refused.text
    day = (clock().date()).replace(year=clock().year + 1).isoformat()
    send(sam, f"{AT}/assess", **firm, risk="low", text="Read their report", valid_until=day)
    assert "Low risk" in sam.get(page).text
    clock.advance(days=400)
    sam = sign_in(sam, cast.cto)
    assert "It has to be looked at again." in sam.get(page).text
    record = sam.get("/larkspur/record").text
    assert "assessed an outside firm" in record and f'href="{page}"' in record


def test_who_only_reads_sees_no_forms_and_a_missing_firm_is_the_constant_page(
    cast: Cast, client: FlaskClient, clock
) -> None:
    drafts.draft(cast.viewer("cto", clock()), {"title": "A", "vendors": ["Paywell"]}, at=clock())
    sign_in(client, cast.reader)
    page = client.get(f"{AT}/firm?firm=paywell")
    assert page.status_code == 200 and "<form" not in page.text.split("<main")[1]
    assert client.get(f"{AT}/firm?firm=Nobody").data == client.get("/no-such-page").data
    assert send(client, f"{AT}/agree", firm="Paywell", kind="data", reference="D").status_code == 403
    sign_in(client, cast.admin)
    assert send(client, f"{AT}/add", name="Cloud").status_code == 302
    assert send(client, f"{AT}/add", name="Cloud").status_code == 422
    assert "Cloud" in client.get(AT).text and "2</span>" in client.get("/larkspur/settings").text
