"""The whole schema: tables, triggers and full-text index, made fresh or by numbered migrations."""

import shutil
import sqlite3
from enum import StrEnum
from pathlib import Path

import peewee
from playhouse.migrations import Runner

from adr_app.domain.errors import Unavailable
from adr_app.models import (
    api_keys,
    comments,
    controls,
    debt,
    debt_carries,
    debt_estimates,
    debt_reports,
    decisions,
    diverged,
    events,
    exceptions,
    first_role,
    flags,
    mandates,
    notices,
    obligations,
    people,
    pressures,
    profiles,
    queue,
    readings,
    record_checks,
    review_parts,
    reviews,
    search,
    standing_rules,
    vendors,
    waiting,  # noqa: F401 - adds indexes to the reviews
)
from adr_app.models.base import DatabaseProxy, is_sqlite

TABLES: tuple[type[peewee.Model], ...] = (
    people.Installation,
    people.Person,
    people.Session,
    people.Attempt,
    people.Company,
    people.Invitation,
    people.Engagement,
    api_keys.ApiKey,
    mandates.AppointmentLetter,
    mandates.Handover,
    people.System,
    decisions.Decision,
    decisions.Revision,
    decisions.WorkingCopy,
    decisions.Link,
    decisions.DecisionSystem,
    decisions.DecisionTag,
    comments.Comment,
    decisions.ImportedFile,
    decisions.SourceFile,
    decisions.ImportRun,
    diverged.DivergedFile,
    reviews.Review,
    reviews.Verdict,
    reviews.VerdictTakenBack,
    review_parts.ReviewParts,
    reviews.Condition,
    reviews.ConditionWord,
    reviews.Claim,
    reviews.RiskQuestion,
    reviews.RiskAcceptance,
    exceptions.ExceptionRequest,
    exceptions.ExceptionAdvice,
    vendors.Vendor,
    vendors.DecisionVendor,
    vendors.VendorAgreement,
    vendors.VendorAssessment,
    standing_rules.StandingRule,
    standing_rules.EndedRule,
    profiles.CompanyProfile,
    pressures.PressureRow,
    pressures.PressureOrder,
    obligations.Obligation,
    obligations.ObligationMet,
    first_role.RoleAssessment,
    first_role.RoleChoice,
    controls.CompanyFramework,
    controls.Catalog,
    controls.Control,
    controls.DecisionControl,
    debt.DebtItem,
    debt.DebtLink,
    debt.DebtRemark,
    debt_reports.DebtReport,
    debt_reports.DebtTicket,
    readings.ExternalReading,
    debt_estimates.DebtEstimate,
    debt_carries.DebtCarry,
    flags.SpanRow,
    flags.FlagSetAside,
    flags.Tally,
    events.Event,
    events.EventSubject,
    record_checks.RecordCheck,
    record_checks.Receipt,
    notices.Notice,
    notices.Digest,
    notices.NoticeChoice,
    notices.QuestionLink,
    queue.QueueTask,
    queue.QueueLater,
    queue.QueueValue,
)
"""Every table, each after those it points at."""

SEALED: dict[str, tuple[tuple[str, ...], ...]] = {
    "event": (("company_id", "seq"),),
    "event_subject": (("company_id", "subject_type", "subject_id", "seq"),),
    "revision": (("id",), ("company_id", "decision_id", "number")),
    "verdict": (("id",),),
    "verdict_taken_back": (("id",), ("company_id", "verdict_id")),
    "review_parts": (("id",), ("company_id", "verdict_id")),
    "standing_rule": (("id",),),
    "ended_rule": (("id",), ("company_id", "rule_id")),
    "exception_advice": (("id",), ("company_id", "request_id")),
    "debt_estimate": (("id",), ("company_id", "debt_id", "seq")),
    "company_profile": (("id",),),
    "pressure_order": (("id",),),
    "obligation_met": (("id",), ("company_id", "obligation_id", "due_on")),
    "role_assessment": (("id",),),
    "role_choice": (("id",), ("company_id", "assessment_id")),
}
"""Tables whose rows are never changed, which triggers of the database itself enforce, and their keys."""

REFUSAL = "this record is append-only: nothing in it is ever changed or removed"
HISTORY = "schema_migration"
MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x61_64_72_5F  # "adr_": any constant that only this product uses


class State(StrEnum):
    """How a database's schema compares with this program's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def create_fresh(db: peewee.Database) -> None:
    """Create everything in an empty database straight from the models, without migrations."""
    for table in TABLES:  # in this order: create_tables() would sort by single-column keys only
        table.create_table(safe=False)
    for statement in (*search.definition(db), *refusals(db)):
        db.execute_sql(statement)


def refusals(db: peewee.Database) -> list[str]:
    """Return the statements that make the database refuse changes to sealed tables."""
    if is_sqlite(db):
        return [statement for table in SEALED for statement in _sqlite_refusals(table)]
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    return [function, *(statement for table in SEALED for statement in _postgresql_refusals(table))]


def _sqlite_refusals(table: str) -> list[str]:
    there = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in SEALED[table]
    )
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # REPLACE deletes without firing the trigger above on a connection that has not set
        # recursive_triggers, so a row that is already there, by any of its keys, is refused on its own.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ]


def _postgresql_refusals(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def _runner(db: peewee.Database, directory: Path = MIGRATIONS) -> Runner:
    actual = db.obj if isinstance(db, DatabaseProxy) else db
    return Runner(actual, directory=str(directory), table_name=HISTORY)


def state(db: peewee.Database, directory: Path = MIGRATIONS) -> State:
    """Return how the database's schema compares with this program's migrations."""
    rows = _runner(db, directory).status()
    applied = [row for row in rows if row.applied]
    if any(row.path is None for row in applied):
        return State.NEWER
    if not applied:
        return State.EMPTY
    return State.CURRENT if len(applied) == len(rows) else State.OLDER


NEWER = (
    "This database was made by a newer version of adr-app. Install that version or a later one; "
    "nothing was changed."
)


def require_current(db: peewee.Database) -> None:
    """Refuse a database that this program cannot serve, naming the command that helps.

    :raises Unavailable: when the schema is missing, older or newer.
    """
    found = state(db)
    if found is State.NEWER:
        raise Unavailable(NEWER)
    if found is not State.CURRENT:
        raise Unavailable(
            "This database is not up to date. Run “adr-app migrate” first; nothing was changed."
        )


def upgrade(db: peewee.Database, directory: Path = MIGRATIONS) -> list[str]:
    """Apply every pending migration and return their names.

    One process at a time: SQLite under an exclusive lock, after the file was copied beside itself;
    PostgreSQL under an advisory lock. The database must be connected.

    :raises Unavailable: when the database is newer than this program.
    """
    if is_sqlite(db):
        with db.atomic("EXCLUSIVE"):
            return _upgrade(db, directory)
    db.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        return _upgrade(db, directory)
    finally:
        db.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))


def _upgrade(db: peewee.Database, directory: Path) -> list[str]:
    """Apply what is pending, while the lock is held: another process may just have been here."""
    found = state(db, directory)
    if found is State.NEWER:
        raise Unavailable(NEWER)
    if found is State.CURRENT:
        return []
    if found is State.OLDER and is_sqlite(db):
        _copy(db)
    return _runner(db, directory).up()


def _copy(db: peewee.Database) -> None:
    """Copy an SQLite file beside itself before it is changed, named by its last migration."""
    name = (db.obj if isinstance(db, DatabaseProxy) else db).database
    if not name or name == ":memory:":
        return
    last = max(_runner(db).applied())
    target = Path(f"{name}.{last}.bak")
    source, copy = sqlite3.connect(name), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    shutil.copymode(name, target)  # whoever may not read the one may not read the other
