"""What other tools say of a system, on its page: sent as a file, drawn as a line that breaks, taken back."""

import io
import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from adr_app.domain.readings import Point, steps
from adr_app.models.readings import ExternalReading
from adr_app.services import debt
from adr_app.services.readings import Line
from adr_app.web import reading_chart
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.tenancy import sarif

PAGE = "/larkspur/systems/readings/of?system=Billing"
TODAY = date(2026, 11, 27)


@pytest.fixture
def cast(app, clock):
    """Everybody at Larkspur, which has one system."""
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    debt.note(cast.viewer("member", clock()), title="Slow tests", system="Billing", at=clock())
    return cast


@pytest.fixture
def page(cast: Cast, client: FlaskClient) -> FlaskClient:
    """The browser of somebody of the team."""
    return sign_in(client, cast.member)


def upload(client: FlaskClient, content: bytes, **typed: str):
    file = (io.BytesIO(content), "results.sarif")
    return send(client, "/larkspur/systems/readings/take", system="Billing", file=file, **typed)


def measures(value: str) -> bytes:
    return json.dumps({"component": {"measures": [{"metric": "ncloc", "value": value}]}}).encode()


def test_a_system_without_readings_says_how_to_get_some(page):
    assert "none yet" in page.get("/larkspur/systems/readings").text
    assert "No reading yet." in page.get(PAGE).text
    assert page.get("/larkspur/systems/readings/of?system=Nothing").status_code == 404
    assert page.get("/larkspur/systems/readings/of").status_code == 404
    assert page.get("/larkspur/systems/readings/of?system=%00").status_code == 404
    assert send(page, "/larkspur/systems/readings/take-back", system="\0", taking=1).status_code == 404


def test_a_file_of_findings_is_counted_and_shown(page):
    answer = upload(page, sarif("Lint"))
    assert answer.status_code == 302
    shown = page.get(answer.location).text
    assert "Taken from Lint 1.0: 4 numbers." in shown
    assert "Findings it calls errors" in shown and "1 finding" in shown and "first reading" in shown
    assert "Nothing is new" in page.get(upload(page, sarif("Lint")).location).text


def test_the_line_breaks_where_the_tool_became_another(page):
    for on, version, value in (
        ("2026-11-01", "9.9", "100"),
        ("2026-11-08", "9.9", "120"),
        ("2026-11-15", "10.4", "300"),
    ):
        upload(page, measures(value), version=version, on=on)
    shown = page.get(PAGE).text
    assert shown.count('class="chart-reading"') == 1 and shown.count('class="chart-reading-break"') == 1
    assert "Between Sun 8 Nov and Sun 15 Nov: version 9.9 became 10.4." in shown
    assert "not comparable: version 9.9 became 10.4" in shown
    assert "What was read before cannot be compared" in shown
    assert shown.count('<tr><th scope="row">') == 3, "the table twin"


def test_a_refused_file_says_what_is_missing_and_keeps_what_was_typed(page):
    answer = upload(page, measures("1"), settings="Sonar way", on="2026-11-01")
    assert answer.status_code == 422 and not ExternalReading.select().exists()
    assert "which version of SonarQube" in answer.text and 'value="Sonar way"' in answer.text
    for content, told in ((b"", "empty"), (b"PK\x03\x04", "not JSON"), (b"[" * 99_999, "cannot be read")):
        answer = upload(page, content)
        assert answer.status_code == 422 and told in answer.text
    answer = send(page, "/larkspur/systems/readings/take", system="Billing")
    assert answer.status_code == 422 and "Choose a file" in answer.text


def test_what_a_tool_calls_itself_cannot_break_the_page(page):
    upload(page, sarif('<script>"&'))
    shown = page.get(PAGE).text
    assert "<script>&" not in shown and "&lt;script&gt;" in shown
    assert not re.search(r'aria-labelledby="[^"]*<', shown)


def test_readings_are_taken_back_by_the_team_and_by_nobody_who_only_reads(page, cast, app):
    upload(page, sarif("Lint"))
    seq = ExternalReading.select().first().seq
    reader = sign_in(app.test_client(), cast.reader)
    assert "Take back" not in reader.get(PAGE).text and "Take readings" not in reader.get(PAGE).text
    away = "/larkspur/systems/readings/take-back"
    assert send(reader, away, system="Billing", taking=seq).status_code == 403
    for system, taking in (("Vault", seq), ("Billing", 987_654), ("Billing", "x")):
        assert send(page, away, system=system, taking=taking).status_code == 404
    assert send(page, away, system="Billing", taking=seq).status_code == 302
    assert "No reading yet." in page.get(PAGE).text


def line(*points: Point) -> Line:
    return Line("SonarQube", "ncloc", "lines", points, tuple(steps(points)))


def test_a_single_reading_is_drawn_as_a_point_with_its_sentence():
    one = line(Point(TODAY, 1_000, "9.9", ""))
    assert reading_chart.sentence(one, TODAY) == "1 line on Fri 27 Nov."
    drawn = str(reading_chart.line_chart(one, "Lines", today=TODAY))
    assert drawn.count("<circle") == 1 and 'class="chart-reading"' not in drawn and "nan" not in drawn


def test_a_line_says_how_its_newest_piece_moved():
    rising = line(Point(date(2026, 11, 1), 0, "9.9", ""), Point(TODAY, 2_500, "9.9", ""))
    assert reading_chart.sentence(rising, TODAY) == "2.5 lines on Fri 27 Nov, up from 0 lines on Sun 1 Nov."
    still = line(Point(date(2026, 11, 1), -500, "9.9", ""), Point(TODAY, -500, "9.9", ""))
    assert reading_chart.sentence(still, TODAY).endswith("as on Sun 1 Nov.")
    assert "NaN" not in str(reading_chart.line_chart(still, "Lines", today=TODAY))
