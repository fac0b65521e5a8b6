"""Pages of duties: written down, met, due again; and the vCISO reads them beside a text to judge."""

from flask.testing import FlaskClient

from adr_app.services import drafts, obligations, reviews
from tests.casts import Cast, send, sign_in
from tests.services.pressing import DUTY
from tests.web import reading

AT = "/larkspur/duties"


def test_a_duty_is_written_down_met_and_due_again(cast: Cast, sam: FlaskClient) -> None:
    assert "No duty is written down yet." in sam.get(AT).text
    assert send(sam, f"{AT}/add", **DUTY).headers["Location"] == f"{AT}/1"
    page = sam.get(f"{AT}/1").text
    assert "Sun 31 Jan 2027, in 68 days" in page and 'name="due_on" value="2027-01-31"' in page
    send(sam, f"{AT}/1/meet", due_on="2027-01-31", met_on="2026-11-20", evidence="Report 4")
    page = sam.get(f"{AT}/1").text
    assert "It is due again on Mon 31 Jan 2028." in page and "Report 4" in page
    again = send(sam, f"{AT}/1/meet", due_on="2027-01-31", met_on="2026-11-20", evidence="Report 4")
    assert again.status_code == 409
    send(sam, f"{AT}/1/change", **DUTY | {"first_on": "2026-01-31", "months": "1"})
    assert "Every month" in reading.words(sam.get(AT).text)
    send(sam, f"{AT}/1/end", why="We sold it.")
    assert "We sold it." in sam.get(AT).text and "<form" not in sam.get(f"{AT}/1").text.split("<main")[1]


def test_an_overdue_duty_stands_out(cast: Cast, sam: FlaskClient) -> None:
    send(sam, f"{AT}/add", **DUTY | {"first_on": "2026-11-01"})
    assert "It was due 23 days ago" in sam.get(f"{AT}/1").text
    assert 'tag-bad">Sun 1 Nov' in sam.get(AT).text


def test_a_refused_form_of_a_duty_keeps_what_was_typed(cast: Cast, sam: FlaskClient) -> None:
    refused = send(sam, f"{AT}/add", **DUTY | {"asks": "", "months": "often"})
    assert refused.status_code == 422
    assert 'value="Yearly risk analysis"' in refused.text and "Say in one line what it asks" in refused.text
    send(sam, f"{AT}/add", **DUTY)
    for path, typed, kept in (
        ("change", DUTY | {"loses": "", "name": "Other"}, "Other"),
        ("meet", {"due_on": "2027-01-31", "met_on": "2027-09-09", "evidence": "Report 9"}, "Report 9"),
        ("end", {"why": ""}, "Say in one line why"),
    ):
        refused = send(sam, f"{AT}/1/{path}", **typed)
        assert refused.status_code == 422 and kept in refused.text, path


def test_the_team_reads_duties_without_forms(cast: Cast, client: FlaskClient, clock) -> None:
    obligations.add(cast.viewer("cto", clock()), DUTY, at=clock())
    sign_in(client, cast.member)
    for path in (AT, f"{AT}/1"):
        page = client.get(path)
        assert "Yearly risk analysis" in page.text and "<form" not in page.text.split("<main")[1]


def test_the_vciso_reads_the_duties_beside_a_text_to_judge(cast: Cast, client: FlaskClient, clock) -> None:
    cto = cast.viewer("cto", clock())
    number = drafts.draft(cto, {"title": "Move billing"}, at=clock()).number
    reviews.ask(cto, number, at=clock())
    sign_in(client, cast.vciso)
    address = f"/larkspur/decisions/AD-{number:04}/review"
    assert "By law and contract" not in client.get(address).text
    for n in range(8):
        obligations.add(cto, DUTY | {"name": f"Duty {n}"}, at=clock())
    obligations.end(cto, 1, why="Sold.", at=clock())
    page = client.get(address).text
    assert "7 duties" in page and f'href="{AT}">All 7</a>' in page
    assert "Duty 0" not in page and "164.308(a)(1), due Sun 31 Jan 2027" in reading.words(page)
