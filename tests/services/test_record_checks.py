"""Checks of the record that are kept and told, receipts given outside and compared when they come back."""

from datetime import timedelta

import peewee
import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.domain.flag_rules import RULES
from adr_app.models import base
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.record_checks import Receipt, RecordCheck
from adr_app.services import drafts, flags, queue, receipts, record_checks
from adr_app.services.verification import Kept, verify
from tests.casts import Cast
from tests.conftest import START, Clock
from tests.services.tampering import unseal

DAY = timedelta(days=1)


@pytest.fixture
def made(cast: Cast) -> Cast:
    """Larkspur with a decision, whose title somebody can change beside the record."""
    drafts.draft(cast.viewer("cto", START), {"title": "Hosted search"}, at=START)
    return cast


def tampered(database: peewee.Database, title: str = "Another") -> None:
    database.execute_sql(f"UPDATE decision SET title = '{title}'")


def checked(cast: Cast, at: object, way: str = "daily") -> RecordCheck:
    return record_checks.run(cast.company.id, way=way, at=at)


def entries(cast: Cast) -> int:
    return Company.get_by_id(cast.company.id).last_seq


def broken(cast: Cast, at: object) -> list[tuple[str, str]]:
    rows = SpanRow.running(cast.company.id, "flag", at).where(SpanRow.code == "record-broken")
    return [(row.severity, row.why) for row in rows]


def test_a_check_is_kept_with_when_and_how_it_came_out_and_is_no_act_while_all_is_well(made: Cast) -> None:
    before = entries(made)
    for day in range(3):
        row = checked(made, START + day * DAY)
    assert (row.result, row.way, row.entries, row.fault) == ("whole", "daily", before, 0)
    assert row.root == verify(Company.get_by_id(made.company.id)).root
    assert entries(made) == before, "a record does not grow by being looked at"
    assert (RecordCheck.select().count(), broken(made, START + 3 * DAY)) == (3, [])
    assert record_checks.not_well([made.company.id]) == [] == record_checks.not_well([])


def test_a_record_that_does_not_verify_is_flagged_from_the_check_on_until_one_finds_it_whole(
    made: Cast, database: peewee.Database
) -> None:
    before = entries(made)
    tampered(database)
    first = checked(made, START + DAY)
    assert (first.result, first.fault, first.kind) == ("broken", before, "decision changed")
    assert "title" in first.message
    again = checked(made, START + 2 * DAY)
    assert (again.result, entries(made)) == ("broken", before + 1), "only what changed is an act"
    assert Event.select().where(Event.kind == "record.checked").get().actor_id is None
    assert broken(made, START + DAY) == [("S1", "broken")]
    assert broken(made, START + DAY - timedelta(seconds=1)) == []
    assert [row.id for row in record_checks.not_well([made.company.id])] == [again.id]

    tampered(database, "Hosted search")
    assert checked(made, START + 3 * DAY).result == "whole"
    assert broken(made, START + 3 * DAY) == [] and broken(made, START + 2 * DAY) == [("S1", "broken")]
    (span,) = SpanRow.select().where(SpanRow.code == "record-broken")
    assert span.ended_as == "dealt with", "the fact stays in the history"
    company = Company.get_by_id(made.company.id)
    assert verify(company).broken is None and not flags.check(company).different


def test_what_cannot_be_read_is_an_error_and_never_a_record_that_verifies(
    made: Cast, database: peewee.Database
) -> None:
    before = last_entry(database)
    database.execute_sql("UPDATE company SET tree = 'nonsense'")
    row = checked(made, START + DAY)
    assert (row.result, row.kind, row.root) == ("error", "error", "")
    assert "nobody can say" in row.message
    assert last_entry(database) == before, "a record too broken to take an act took none"
    assert [one.result for one in record_checks.not_well([made.company.id])] == ["error"]
    assert RULES["record-broken"].severity == "S1"


def last_entry(database: peewee.Database) -> object:
    return database.execute_sql("SELECT last_seq FROM company").fetchone()[0]


def test_acts_while_the_record_is_checked_do_not_make_it_look_changed(
    made: Cast, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    from threading import Thread

    real, cto = record_checks.verify, made.viewer("cto", START)

    def act() -> None:
        with base.database.connection_context():
            drafts.draft(cto, {"title": "Meanwhile"}, at=START)

    def while_somebody_acts(company: Company, kept: Kept | None) -> object:
        other = Thread(target=act)
        other.start()
        other.join()
        return real(company, kept)

    monkeypatch.setattr(record_checks, "verify", while_somebody_acts)
    before = entries(made)
    row = checked(made, START + DAY)
    assert (row.result, row.entries, entries(made)) == ("whole", before, before + 1)


def test_each_record_is_checked_once_a_day_by_the_background_work(made: Cast, clock: Clock) -> None:
    assert record_checks.run_due(at=clock()) == 1
    assert record_checks.run_due(at=clock.advance(hours=23)) == 0
    assert record_checks.run_due(at=clock.advance(hours=2)) == 1
    assert {row.way for row in RecordCheck.select()} == {"daily"}
    assert "check-records" in {task.name for task in queue.huey._registry.periodic_tasks}


def test_whoever_looks_after_the_record_has_it_checked_now(made: Cast, clock: Clock) -> None:
    for role in ("reader", "member", "cto"):
        with pytest.raises(NotAllowed):
            record_checks.ask(made.viewer(role, clock()), at=clock())
    record_checks.ask(made.viewer("admin", clock()), at=clock())
    assert record_checks.latest(made.company.id) is None
    assert queue.work_off(clock) == 1
    last = record_checks.latest(made.company.id)
    assert last is not None and (last.way, last.person_id, last.result) == ("asked", made.admin.id, "whole")


def test_a_receipt_stands_for_the_entries_before_it_and_is_an_act(made: Cast) -> None:
    before, admin = entries(made), made.viewer("admin", START)
    for wrong in ("", " ", "x" * 121):
        with pytest.raises(Invalid):
            receipts.give(admin, wrong, at=START)
    for role in ("reader", "member"):
        with pytest.raises(NotAllowed):
            receipts.give(made.viewer(role, START), "Auditor", at=START)
    receipt = receipts.give(admin, "  Ida  Auditor ", at=START)
    assert (receipt.entries, receipt.keeper, entries(made)) == (before, "Ida Auditor", before + 1)
    assert receipts.find(admin, before).root == verify_root(made, before)
    with pytest.raises(NotFound):
        receipts.find(admin, before + 1)
    assert verify(Company.get_by_id(made.company.id)).broken is None


def verify_root(cast: Cast, seq: int) -> str:
    return Event.get(Event.company == cast.company.id, Event.seq == seq).root_hex


def test_a_receipt_that_comes_back_holds_while_the_record_begins_as_it_says(
    made: Cast, database: peewee.Database
) -> None:
    viewer = made.viewer("reader", START)
    receipt = receipts.give(made.viewer("admin", START), "Ida", at=START)
    line = f"{receipt.entries}:{receipt.root}"
    drafts.draft(made.viewer("cto", START), {"title": "Later"}, at=START)
    now = made.viewer("reader", START + DAY)
    for text in (line, f"Receipt of Larkspur\n\n{line.upper()}\nThank you", f"> {line}."):
        assert receipts.compare(now, text).holds
    for text in ("", "57", line[:-1], f"{line} 3:{'0' * 64}"):
        with pytest.raises(Invalid):
            receipts.compare(now, text)
    too_long = receipts.compare(now, f"{entries(made) + 1}:{receipt.root}")
    assert (too_long.holds, "has only" in too_long.why) == (False, True)
    assert not receipts.compare(viewer, f"{receipt.entries}:{'0' * 64}").holds

    unseal(database)
    database.execute_sql("UPDATE event SET body = %s WHERE seq = 2".replace("%s", database.param), [b"{}"])
    found = receipts.compare(now, line)
    assert (found.holds, found.why) == (False, "its first entries are not the ones the receipt stands for")


def test_a_receipt_is_due_after_thirty_days_in_which_something_happened(made: Cast) -> None:
    month = 30 * DAY
    company = lambda: Company.get_by_id(made.company.id)  # noqa: E731
    second = timedelta(seconds=1)
    assert not receipts.is_due(company(), START + month - second)
    assert receipts.is_due(company(), START + month), "none was ever given out"
    receipts.give(made.viewer("vciso", START + month), "Ida", at=START + month)
    assert not receipts.is_due(company(), START + 2 * month - second)
    assert not receipts.is_due(company(), START + 3 * month), "nothing happened since"
    drafts.draft(made.viewer("cto", START + 2 * month), {"title": "Later"}, at=START + 2 * month)
    assert receipts.is_due(company(), START + 2 * month)
    assert not SpanRow.select().where(SpanRow.code == "receipt-stale").exists(), "its page works it out"
    assert Receipt.select().count() == 1
