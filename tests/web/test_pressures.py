"""Pages of what presses a company: both sides beside one another, sales that wait, everybody's order."""

from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from adr_app.models.pressures import PressureOrder, PressureRow
from adr_app.services import obligations, pressures
from tests.casts import Cast, send, sign_in
from tests.services.pressing import AUDIT, DUTY, FIRM, SALE
from tests.web import reading

AT = "/larkspur/pressures"


def test_what_presses_is_written_down_changed_and_ended(cast: Cast, sam: FlaskClient) -> None:
    assert send(sam, f"{AT}/new", **FIRM).status_code == 302
    page = sam.get(AT).text
    technology = reading.section(page, "Technology")
    assert "Move off the old host" in technology and "in 30 days" in technology
    assert reading.count(technology) == 1 and reading.count(reading.section(page, "Security")) == 0
    shown = sam.get(f"{AT}/1").text
    assert "host&#39;s letter" in shown and "Thu 24 Dec" in shown
    assert send(sam, f"{AT}/1/change", **FIRM | {"level": "4"}).status_code == 302
    assert "Threatens the business" in reading.section(sam.get(AT).text, "Technology")
    send(sam, f"{AT}/1/change", **FIRM | {"level": "4"})
    assert "Nothing was different" in sam.get(AT).text
    assert send(sam, f"{AT}/1/close", how="dealt", why="We moved.").status_code == 302
    page = sam.get(AT).text
    assert "dealt with" in page and reading.count(reading.section(page, "Technology")) == 0
    assert "<form" not in sam.get(f"{AT}/1").text.split("<main")[1]


def test_a_refused_form_keeps_what_was_typed_and_opens_where_it_has_to_be_mended(
    cast: Cast, sam: FlaskClient
) -> None:
    typed = FIRM | {"evidence": "", "money_low": "9", "money_likely": "3", "interest": "He sells hosts"}
    refused = send(sam, f"{AT}/new", **typed)
    assert refused.status_code == 422 and PressureRow.select().count() == 0
    for words in (
        'value="Move off the old host"',
        'value="He sells hosts"',
        "Say what shows it",
        "The low amount",
    ):
        assert words in refused.text, words
    assert 'value="platform_migration" selected' in refused.text
    send(sam, f"{AT}/new", **FIRM)
    refused = send(sam, f"{AT}/1/close", how="", why="We moved.")
    assert refused.status_code == 422 and 'value="We moved."' in refused.text
    refused = send(sam, f"{AT}/1/change", **FIRM | {"loses": "", "name": "Another name"})
    assert refused.status_code == 422 and 'value="Another name"' in refused.text


def test_what_is_odd_is_taken_and_said(cast: Cast, sam: FlaskClient) -> None:
    send(sam, f"{AT}/new", **FIRM)
    send(sam, f"{AT}/new", **FIRM)
    assert "Something of the same name was there already" in sam.get(AT).text
    send(sam, f"{AT}/new", **AUDIT | {"bites_on": "2026-01-02"})
    page = sam.get(AT).text
    assert "Its day is past" in page and "Hurts already" in reading.section(page, "Security")


def test_a_sale_that_waits_shows_its_deal_its_worth_and_its_days(cast: Cast, sam: FlaskClient) -> None:
    send(sam, f"{AT}/new", **SALE)
    part = reading.words(reading.section(sam.get(AT).text, "Sales that wait"))
    assert "Brightwater, 40 seats €120,000 21 days" in part
    assert "120000" in sam.get(f"{AT}/1").text  # as it was typed, to change it


def test_a_duty_presses_beside_the_rest_and_leads_to_its_own_page(
    cast: Cast, sam: FlaskClient, clock
) -> None:
    obligations.add(cast.viewer("cto", clock()), DUTY, at=clock())
    security = reading.section(sam.get(AT).text, "Security")
    assert reading.links(security)["Yearly risk analysis"] == "/larkspur/duties/1"
    assert "duty" in reading.words(security)


def test_everybody_puts_it_in_order_and_the_page_says_where_they_disagree(
    cast: Cast, sam: FlaskClient, app, clock
) -> None:
    for typed in (FIRM, AUDIT):
        pressures.note(cast.viewer("cto", clock()), typed, at=clock())
    one, two = "place-pressure-1", "place-pressure-2"
    assert send(sam, f"{AT}/order", **{one: "1", two: "2"}).status_code == 302
    page = reading.words(reading.section(sam.get(AT).text, "What presses most?"))
    assert "First comes Cto: “Move off the old host”" in page
    vera = sign_in(app.test_client(), cast.vciso)
    send(vera, f"{AT}/order", **{one: "2", two: "1"})
    page = reading.words(reading.section(vera.get(AT).text, "What presses most?"))
    assert "You do not agree on what comes first." in page and "Vciso: “Audit by the clinics”" in page
    for wrong in (
        {one: "1", two: "1"},
        {one: "1"},
        {one: "1", two: "x"},
        {one: "1", two: "2", "place-duty-9": "3"},
    ):
        refused = send(sam, f"{AT}/order", **wrong)
        assert refused.status_code == 422 and "Give each its own place" in refused.text
    assert PressureOrder.select().count() == 2


def test_who_only_reads_sees_what_presses_and_no_forms(cast: Cast, client: FlaskClient, clock) -> None:
    for typed in (FIRM, AUDIT):
        pressures.note(cast.viewer("cto", clock()), typed, at=clock())
    sign_in(client, cast.reader)
    for path in (AT, f"{AT}/1"):
        page = client.get(path)
        assert "Move off the old host" in page.text and "<form" not in page.text.split("<main")[1]
    assert client.get(f"{AT}/new").status_code == 403


def test_the_register_reads_as_many_rows_in_as_many_queries(cast: Cast, sam: FlaskClient, clock) -> None:
    def asked() -> int:
        with count_queries() as counter:
            assert sam.get(AT).status_code == 200
        return int(counter.count)

    cto = cast.viewer("cto", clock())
    pressures.note(cto, SALE, at=clock())
    obligations.add(cto, DUTY, at=clock())
    few = asked()
    for _ in range(10):
        for typed in (FIRM, AUDIT, SALE):
            pressures.note(cto, typed, at=clock())
        obligations.add(cto, DUTY, at=clock())
    assert asked() == few <= 20


def test_the_record_tells_what_was_done_by_its_name(cast: Cast, sam: FlaskClient, clock) -> None:
    cto = cast.viewer("cto", clock())
    pressures.note(cto, FIRM, at=clock())
    obligations.add(cto, DUTY, at=clock())
    told = reading.words(sam.get("/larkspur/record").text)
    assert "Cto wrote down what presses Move off the old host" in told
    assert "Cto wrote down a duty Yearly risk analysis" in told
