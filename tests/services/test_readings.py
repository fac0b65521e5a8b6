"""Readings of other tools on a system: taken once, compared where they can be, taken back."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import Company, Engagement
from adr_app.models.readings import ExternalReading
from adr_app.services import debt, drafts, readings, systems
from adr_app.services.verification import verify
from adr_app.services.verified_debt_reports import check_readings
from tests.casts import cast_of, quick_passwords
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def here(database: object) -> Cast:
    """Larkspur with a system, Billing."""
    people = cast(AT)
    debt.note(people.mia, title="Slow tests", system="Billing", at=AT)
    return people


def measures(**values: str) -> bytes:
    given = [{"metric": name, "value": value} for name, value in values.items()]
    return json.dumps({"component": {"key": "billing", "measures": given}}).encode()


def take(people: Cast, on: str, version: str = "10.4", settings: str = "", **values: str) -> list[Any]:
    typed = {"version": version, "settings": settings, "on": on}
    return readings.take_file(people.mia, "billing", measures(**values), typed, at=AT)


def acts() -> list[str]:
    return [event.kind for event in Event.select().where(Event.subject_type == "system").order_by(Event.seq)]


def checked(people: Cast) -> bool:
    """Compare what is stored with the acts on it; it raises where they differ."""
    check_readings(Company.get_by_id(people.sam.company.id))
    return True


def test_a_file_is_one_act_and_no_debt_item(here: Cast) -> None:
    take(here, "2026-11-20", ncloc="1000", violations="9")
    assert acts() == ["system.readings-taken"]
    rows = list(ExternalReading.select().order_by(ExternalReading.id))
    assert [(row.metric, row.value, row.unit) for row in rows] == [
        ("ncloc", 1_000_000, "lines"),
        ("violations", 9_000, "findings"),
    ]
    event = Event.select().where(Event.kind == "system.readings-taken").get()
    assert {row.seq for row in rows} == {event.seq} and rows[0].read_on == date(2026, 11, 20)
    assert DebtItem.select().count() == 1 and checked(here)


def test_the_same_file_again_changes_nothing(here: Cast) -> None:
    assert take(here, "2026-11-20", ncloc="1000") and not take(here, "2026-11-20", ncloc="1000")
    assert take(here, "2026-11-20", ncloc="1001") and take(here, "2026-11-21", ncloc="1001")
    assert len(acts()) == 3
    sheet = readings.sheet(here.ray, "Billing")
    assert sheet.line is not None
    assert [(p.on.day, p.value) for p in sheet.line.points] == [(20, 1_001_000), (21, 1_001_000)]


def test_a_newer_value_is_compared_only_where_the_tool_did_not_change(here: Cast) -> None:
    take(here, "2026-11-01", ncloc="100", violations="7")
    take(here, "2026-11-08", ncloc="120", violations="7")
    (lines, findings) = readings.sheet(here.ray, "Billing").newest
    assert (lines.metric, lines.change, findings.change) == ("ncloc", 20_000, 0)
    take(here, "2026-11-15", version="10.5", ncloc="300")
    take(here, "2026-11-16", version="10.5", settings="Own rules", ncloc="310")
    sheet = readings.sheet(here.ray, "Billing", "SonarQube", "ncloc")
    assert sheet.line is not None
    assert [step.what for step in sheet.line.steps] == ["version 10.4 became 10.5", "its settings changed"]
    assert (sheet.newest[0].change, sheet.newest[0].broken) == (None, "its settings changed")


def test_readings_that_come_late_stand_at_their_day(here: Cast) -> None:
    take(here, "2026-11-15", ncloc="2")
    take(here, "2026-11-01", ncloc="1")
    sheet = readings.sheet(here.ray, "Billing")
    assert sheet.line is not None and [p.value for p in sheet.line.points] == [1_000, 2_000]
    assert sheet.newest[0].point.value == 2_000


def test_what_was_taken_by_mistake_is_taken_back_and_stays_in_the_record(here: Cast) -> None:
    take(here, "2026-11-01", ncloc="1", violations="1")
    take(here, "2026-11-02", ncloc="2", violations="2")
    (newest, _) = readings.sheet(here.ray, "Billing").takings
    assert (newest.count, newest.tools, newest.taken_by) == (2, ("SonarQube 10.4",), here.mia.person.id)
    readings.take_back(here.sam, "BILLING", newest.seq, at=AT)
    sheet = readings.sheet(here.ray, "Billing")
    assert sheet.line is not None and [p.value for p in sheet.line.points] == [1_000]
    assert len(sheet.takings) == 1 and ExternalReading.select().count() == 4
    for seq in (newest.seq, 0, 999):
        with pytest.raises(NotFound):
            readings.take_back(here.sam, "Billing", seq, at=AT)
    assert acts()[-1] == "system.readings-taken-back" and checked(here)
    assert take(here, "2026-11-02", ncloc="2", violations="2"), "what was taken back can be taken again"


def test_which_systems_are_inside_a_boundary_is_still_known_after_readings(database: object) -> None:
    with quick_passwords():
        people = cast_of("Larkspur", AT)
    member, vciso = people.viewer("member", AT), people.viewer("vciso", AT)
    debt.note(member, title="Slow tests", system="Billing", at=AT)
    systems.mark_boundary(vciso, "Billing", True, at=AT)
    readings.take_file(member, "Billing", measures(ncloc="1"), {"version": "1"}, at=AT)
    assert verify(Company.get_by_id(people.company.id)).broken is None


def test_a_refused_file_leaves_nothing(here: Cast) -> None:
    for content, typed in ((b"", {}), (measures(ncloc="1"), {}), (measures(ncloc="1"), {"on": "2027-01-01"})):
        with pytest.raises(Invalid):
            readings.take_file(here.mia, "Billing", content, typed, at=AT)
    assert acts() == [] and not ExternalReading.select().exists()


def test_who_only_reads_and_whose_role_ended_take_nothing_and_another_company_knows_no_system(
    here: Cast,
) -> None:
    Engagement.update(ends_at=AT).where(Engagement.person == here.mia.person).execute()
    typed = {"version": "1"}
    for who, refusal in ((here.ray, NotAllowed), (here.olga, NotFound), (here.mia, NotAllowed)):
        with pytest.raises(refusal):
            readings.take_file(who, "Billing", measures(ncloc="1"), typed, at=AT + timedelta(hours=1))
        with pytest.raises(refusal):
            readings.take_back(who, "Billing", 1, at=AT + timedelta(hours=1))
    with pytest.raises(NotFound):
        readings.sheet(here.olga, "Billing")
    assert acts() == []


def test_a_system_that_only_a_restricted_decision_names_is_hidden_with_its_readings(here: Cast) -> None:
    made = drafts.draft(here.sam, {"title": "Sale", "systems": ["Vault"]}, at=AT)
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    readings.take_file(here.sam, "Vault", measures(ncloc="1"), {"version": "1"}, at=AT)
    for act in (
        lambda: readings.sheet(here.mia, "Vault"),
        lambda: readings.take_file(here.mia, "Vault", measures(ncloc="1"), {"version": "1"}, at=AT),
        lambda: readings.take_back(here.mia, "Vault", 1, at=AT),
    ):
        with pytest.raises(NotFound):
            act()
    assert [one.name for one, _ in readings.with_days(here.mia)] == ["Billing"]
    shown = [(one.name, on) for one, on in readings.with_days(here.sam)]
    assert shown == [("Billing", None), ("Vault", date(2026, 11, 24))]


def test_a_page_asks_as_much_for_many_readings_as_for_few(here: Cast) -> None:
    take(here, "2026-11-01", ncloc="1")
    with count_queries() as few:
        readings.sheet(here.ray, "Billing")
    for day in range(2, 20):
        take(here, f"2026-11-{day:02}", ncloc=str(day), violations=str(day), coverage="80")
    with count_queries() as many:
        readings.sheet(here.ray, "Billing")
    assert many.count == few.count
