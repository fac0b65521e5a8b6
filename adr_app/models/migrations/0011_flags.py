"""Let leadership set flags aside and make them graver; have what new rules say worked in."""

from typing import Any

TABLE = """
CREATE TABLE "flag_set_aside" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "code" TEXT NOT NULL, "leader_id" INTEGER NOT NULL,
"leader_name" TEXT NOT NULL, "reason" TEXT NOT NULL, "starts_at" {instant} NOT NULL,
"until" {instant} NOT NULL, "ended_at" {instant},
FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("leader_id") REFERENCES "person" ("id"),
UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"))
"""
INDEXES = (
    'CREATE INDEX "flag_set_aside_company_id_decision_id_id" '
    'ON "flag_set_aside" ("company_id", "decision_id", "id")',
    'CREATE INDEX "flag_set_aside_company_id_until" ON "flag_set_aside" ("company_id", "until")',
)
BEHIND = (
    'UPDATE "decision" SET "stale_since" = "changed_at"',
    'UPDATE "company" SET "stale_since" = "last_event_at" '
    'WHERE EXISTS (SELECT 1 FROM "decision" WHERE "decision"."company_id" = "company"."id")',
)
SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the table and the column; what is flagged is worked out again, a batch at a time."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in (TABLE.format(**words), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
    db.execute_sql("""ALTER TABLE "company" ADD COLUMN "severities" TEXT NOT NULL DEFAULT '{}'""")
    for statement in BEHIND:
        db.execute_sql(statement)
