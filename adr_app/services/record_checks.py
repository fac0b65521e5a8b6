"""Checks of a company's record: run, kept with how they came out, and told where one was not well."""

from datetime import datetime, timedelta

import peewee
from peewee import fn

from adr_app.domain.errors import Refused
from adr_app.domain.permissions import Act
from adr_app.models.base import snapshot, writing
from adr_app.models.people import Company, Person
from adr_app.models.record_checks import RecordCheck
from adr_app.services import queue
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting
from adr_app.services.verification import Kept, Report, verify

EVERY = timedelta(days=1)
"""How often each record is checked by itself while the product is served."""

UNREADABLE = "The check could not be finished ({}), so nobody can say whether the record is whole."
BEYOND = (peewee.PeeweeException, LookupError, ValueError, TypeError, ArithmeticError)
"""What reading or writing a record may raise whose rows hold what this product never wrote."""

OF_THE_ROOT = "not as kept"
"""The fault of a root that was given, which may be another record's; it says nothing that is kept."""


def look(company_id: int, kept: Kept | None = None) -> Report:
    """Check a company's whole record in one state of the database, whoever acts meanwhile."""
    with snapshot():
        return verify(Company.get_by_id(company_id), kept)


def run(company_id: int, *, way: str, person: int | None = None, at: datetime) -> RecordCheck:
    """Check a company's whole record and keep how it came out.

    What cannot be read is an error, never a record that verifies. Where it came out otherwise than the last
    time, keeping it is an act.
    """
    try:
        report = look(company_id)
    except BEYOND as error:
        said = UNREADABLE.format(type(error).__name__)
        made = RecordCheck(result="error", entries=0, root="", kind="error", message=said)
        return _kept(made, company_id, way, person, at)
    return keep(report, company_id, way=way, person=person, at=at)


def keep(
    report: Report, company_id: int, *, way: str, person: int | None = None, at: datetime
) -> RecordCheck:
    """Keep how a check came out that was just made."""
    made = RecordCheck(result="whole", entries=report.events, root=report.root)
    if report.broken is not None:
        made.result, made.fault = "broken", report.broken.seq
        made.kind, made.message = report.broken.kind, report.broken.message
    return _kept(made, company_id, way, person, at)


def _kept(made: RecordCheck, company_id: int, way: str, person: int | None, at: datetime) -> RecordCheck:
    made.company, made.way, made.person, made.at = company_id, way, person, at.replace(microsecond=0)
    last = latest(company_id)
    if (last.result if last else "whole") != made.result:
        try:
            with acting(company_id, at=at, actor=person) as ledger:
                _note(ledger, made)
            return made
        except (*BEYOND, Refused):
            made.id = None  # a record may be too broken to take an act: then it is kept beside it
    with writing():
        made.save(force_insert=True)
    return made


def _note(ledger: Ledger, made: RecordCheck) -> None:
    made.at = ledger.at
    made.save(force_insert=True)
    told = {"check": made.id, "result": made.result, "fault": made.fault, "row": made.row_digest}
    ledger.append("record.checked", ("company", ledger.company.id), told)


def latest(company_id: int) -> RecordCheck | None:
    """Return how the last check of a company's record came out, or None before the first."""
    rows = RecordCheck.select(RecordCheck, Person).join(Person, peewee.JOIN.LEFT_OUTER)
    mine = rows.where(RecordCheck.company == company_id).order_by(RecordCheck.id.desc())
    found: RecordCheck | None = mine.limit(1).first()
    return found


def not_well(company_ids: list[int]) -> list[RecordCheck]:
    """Return the last check of each of some companies whose record did not come out well, in one query."""
    if not company_ids:
        return []
    last = (
        RecordCheck.select(fn.MAX(RecordCheck.id))
        .where(RecordCheck.company.in_(company_ids))
        .group_by(RecordCheck.company)
    )
    return list(
        RecordCheck.select()
        .where(RecordCheck.id.in_(last), RecordCheck.result != "whole")
        .order_by(RecordCheck.company)
    )


def ask(viewer: Viewer, *, at: datetime) -> None:
    """Have the record checked in the background, now."""
    viewer.require(Act.CHECK_RECORD)
    with writing():
        queue.later(queue.check_record, viewer.company.id, viewer.person.id)


def due(at: datetime) -> list[int]:
    """Return the companies whose record was not checked within a day, longest ago first."""
    checked = fn.MAX(RecordCheck.at)
    rows = (
        Company.select(Company.id)
        .join(RecordCheck, peewee.JOIN.LEFT_OUTER, on=(RecordCheck.company == Company.id))
        .group_by(Company.id)
        .having(checked.is_null() | (checked <= int((at - EVERY).timestamp())))
        .order_by(Company.id)
    )
    return [row.id for row in rows]


def run_due(*, at: datetime) -> int:
    """Check every record that is due, and return how many that were."""
    found = due(at)
    for company_id in found:
        run(company_id, way="daily", at=at)
    return len(found)
