"""Keep requests for exceptions, what the vCISO recommends, and what protects while a risk is taken."""

from typing import Any

REQUESTS = """
CREATE TABLE "exception_request" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "asked_by_id" INTEGER NOT NULL, "asked_at" {instant} NOT NULL,
"asked_of_id" INTEGER NOT NULL, "answer_by" TEXT NOT NULL, "until" TEXT NOT NULL, "question" TEXT NOT NULL,
"technology_says" TEXT NOT NULL, "protects" TEXT NOT NULL, "if_wrong" TEXT NOT NULL, "extends_id" INTEGER,
"state" TEXT NOT NULL, "question_id" INTEGER, "acceptance_id" INTEGER, "closed_at" {instant},
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id"),
FOREIGN KEY ("asked_of_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
FOREIGN KEY ("company_id", "extends_id") REFERENCES "risk_acceptance" ("company_id", "id"),
FOREIGN KEY ("company_id", "question_id") REFERENCES "risk_question" ("company_id", "id"),
FOREIGN KEY ("company_id", "acceptance_id") REFERENCES "risk_acceptance" ("company_id", "id"),
CHECK ("state" IN ('asked', 'advised', 'put', 'active', 'refused', 'withdrawn')))
"""
ADVICE = """
CREATE TABLE "exception_advice" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "request_id" INTEGER NOT NULL, "code" TEXT NOT NULL, "text" TEXT NOT NULL,
"person_id" INTEGER NOT NULL, "person_name" TEXT NOT NULL, "role_name" TEXT NOT NULL,
"engagement_id" INTEGER NOT NULL, "at" {instant} NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
FOREIGN KEY ("company_id", "request_id") REFERENCES "exception_request" ("company_id", "id"),
FOREIGN KEY ("company_id", "engagement_id") REFERENCES "engagement" ("company_id", "id"),
CHECK ("code" IN ('yes', 'no')))
"""
STATEMENTS = (
    REQUESTS,
    ADVICE,
    'CREATE INDEX "exception_request_company_id_decision_id_id" '
    'ON "exception_request" ("company_id", "decision_id", "id")',
    'CREATE INDEX "exception_request_company_id_state_id" '
    'ON "exception_request" ("company_id", "state", "id")',
    'CREATE UNIQUE INDEX "exception_request_waiting" ON "exception_request" ("company_id", "decision_id") '
    "WHERE \"state\" IN ('asked', 'advised', 'put')",
    'CREATE UNIQUE INDEX "exception_advice_company_id_request_id" '
    'ON "exception_advice" ("company_id", "request_id")',
    'ALTER TABLE "risk_acceptance" ADD COLUMN "longer" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "risk_acceptance" ADD COLUMN "protects" TEXT NOT NULL DEFAULT \'\'',
    # New flags speak of every risk that was ever taken.
    'UPDATE "decision" SET "stale_since" = "changed_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "risk_acceptance" AS r WHERE r."company_id" = "decision"."company_id" '
    'AND r."decision_id" = "decision"."id")',
    'UPDATE "company" SET "stale_since" = "last_event_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "decision" AS d WHERE d."company_id" = "company"."id" AND d."stale_since" IS NOT NULL)',
)
SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}

REFUSAL = "this record is append-only: nothing in it is ever changed or removed"
THERE = "(id = NEW.id) OR (company_id = NEW.company_id AND request_id = NEW.request_id)"


def up(migrator: Any, db: Any) -> None:
    """Add both tables, the advice sealed; risks taken before are exceptions that nobody asked for."""
    sqlite = "Sqlite" in type(db).__name__
    words = SQLITE if sqlite else POSTGRESQL
    for statement in STATEMENTS:
        db.execute_sql(" ".join(statement.format(**words).split()))
    for statement in _sqlite() if sqlite else _postgresql():
        db.execute_sql(statement)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    table = "exception_advice"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {THERE}) {refuse}",
    ]


def _postgresql() -> list[str]:
    table = "exception_advice"
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
