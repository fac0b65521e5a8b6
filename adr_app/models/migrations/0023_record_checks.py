"""Keep how checks of the record came out, which receipts were given out, and which remarks are older."""

from typing import Any

CHECKS = """
CREATE TABLE "record_check" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"at" {instant} NOT NULL, "way" TEXT NOT NULL, "person_id" INTEGER, "result" TEXT NOT NULL,
"entries" INTEGER NOT NULL, "root" TEXT NOT NULL, "fault" INTEGER NOT NULL, "kind" TEXT NOT NULL,
"message" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
CHECK ("way" IN ('command', 'daily', 'asked')), CHECK ("result" IN ('whole', 'broken', 'error')))
"""
RECEIPTS = """
CREATE TABLE "receipt" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"person_id" INTEGER NOT NULL, "at" {instant} NOT NULL, "entries" INTEGER NOT NULL, "root" TEXT NOT NULL,
"keeper" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id))
"""
STATEMENTS = (
    CHECKS,
    RECEIPTS,
    'CREATE INDEX "record_check_company_id_id" ON "record_check" ("company_id", "id")',
    'CREATE UNIQUE INDEX "receipt_company_id_entries" ON "receipt" ("company_id", "entries")',
    # What was said before remarks could be resolved, nobody left open on purpose.
    'ALTER TABLE "company" ADD COLUMN "remarks_before" INTEGER NOT NULL DEFAULT 0',
    'UPDATE "company" SET "remarks_before" = COALESCE((SELECT MAX("id") FROM "comment" '
    'WHERE "comment"."company_id" = "company"."id"), 0)',
    # Who decided and had lowered the review that it needs is now said to have checked it themselves.
    'UPDATE "decision" SET "stale_since" = "changed_at" WHERE "stale_since" IS NULL AND "id" IN '
    '(SELECT "subject_id" FROM "event" WHERE "kind" = \'level.lowered\')',
    'UPDATE "company" SET "stale_since" = "last_event_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "decision" AS d WHERE d."company_id" = "company"."id" AND d."stale_since" IS NOT NULL)',
)
SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add both tables and the column, and have flags worked out again where older acts bear on them."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in STATEMENTS:
        db.execute_sql(" ".join(statement.format(**words).split()))
