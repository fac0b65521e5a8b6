"""What programs may report of lost time, by a key, in JSON."""

import pytest

from adr_app.domain.permissions import Role
from adr_app.models.debt_reports import DebtReport
from adr_app.models.people import Engagement
from adr_app.services import api_keys, debt
from tests.casts import cast_of
from tests.conftest import START


@pytest.fixture
def key(cast):
    debt.note(cast.viewer("member", START), title="Slow tests", at=START)
    token, _ = api_keys.make(cast.member, where=cast.company.slug, name="CI", days="90", at=START)
    return {"Authorization": f"Bearer {token}"}


def address(cast, item="TD-0001"):
    return f"/api/v1/companies/{cast.company.slug}/debt/{item}/reports"


@pytest.mark.parametrize(("lost", "minutes"), [(2, 120), (0.5, 30), ("45 min", 45)])
def test_a_program_reports_lost_time_in_its_makers_name(cast, client, key, lost, minutes):
    answer = client.post(address(cast), json={"lost": lost, "text": "Waited", "fault": True}, headers=key)
    assert answer.status_code == 201
    assert answer.json == {"item": "TD-0001", "minutes": minutes, "on": str(START.date()), "fault": True}
    row = DebtReport.get()
    assert (row.reported_by_id, row.text, row.minutes) == (cast.member.id, "Waited", minutes)


@pytest.mark.parametrize(
    ("sent", "fields"),
    [({}, {"lost"}), ({"lost": -1}, {"lost"}), ({"lost": 1, "on": "x"}, {"on"}), ({"hours": 1}, {"hours"})],
)
def test_what_cannot_be_saved_is_answered_by_field(cast, client, key, sent, fields):
    answer = client.post(address(cast), json=sent, headers=key)
    assert answer.status_code == 422 and set(answer.json["error"]["fields"]) == fields
    assert not DebtReport.select().exists()


def test_a_missing_item_and_another_company_are_missing_and_a_reader_may_not(cast, client, key):
    other = cast_of("Harbour Freight", START)
    debt.note(other.viewer("member", START), title="Theirs", at=START)
    said = {"json": {"lost": 1}, "headers": key}
    answers = [
        client.post(address(cast, item), **said) for item in ("TD-0002", "TD-0", f"TD-{2**80}", "AD-0001")
    ]
    answers.append(client.post(address(other), **said))
    assert {answer.status_code for answer in answers} == {404}
    Engagement.update(role=Role.READER).where(Engagement.person == cast.member.id).execute()
    assert client.post(address(cast), **said).status_code == 403
    assert not DebtReport.select().exists()


@pytest.mark.parametrize(
    ("name", "value"), [("fault", "false"), ("fault", 1), ("text", True), ("lost", True)]
)
def test_a_yes_is_never_read_out_of_a_text_or_a_number(cast, client, key, name, value):
    answer = client.post(address(cast), json={"lost": 1, name: value}, headers=key)
    assert answer.status_code == 422 and set(answer.json["error"]["fields"]) == {name}
    assert not DebtReport.select().exists()
