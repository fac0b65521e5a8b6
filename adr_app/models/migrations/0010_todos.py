"""Keep what a to-do costs, whether it binds, who was named later, and what both advisers say of it."""

from typing import Any

COLUMNS = (
    '"build_days" INTEGER',
    '"run_days" INTEGER',
    '"binds_at" {instant}',
    "\"state\" TEXT NOT NULL DEFAULT 'proposed'",
    "\"assigned_name\" TEXT NOT NULL DEFAULT ''",
)
WORDS = """
CREATE TABLE "condition_word" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "condition_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "why" TEXT NOT NULL,
"text" TEXT NOT NULL, "person_id" INTEGER NOT NULL, "at" {instant} NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
FOREIGN KEY ("company_id", "condition_id") REFERENCES "condition" ("company_id", "id"),
CHECK ("kind" IN ('agreed', 'contested', 'kept', 'changed', 'dropped', 'moved')),
CHECK ("why" IN ('', 'too-dear', 'does-not-fit', 'other-way')))
"""
INDEXES = (
    'CREATE INDEX "condition_word_company_id_decision_id_id" '
    'ON "condition_word" ("company_id", "decision_id", "id")',
    'CREATE INDEX "condition_proposed" ON "condition" ("company_id", "binds_at") '
    "WHERE \"state\" = 'proposed'",
    'CREATE INDEX "condition_contested" ON "condition" ("company_id") WHERE "state" = \'contested\'',
)
LIVE_EARLY = (
    'UPDATE "decision" SET "stale_since" = (SELECT "last_event_at" FROM "company" AS p '
    'WHERE p."id" = "decision"."company_id") WHERE EXISTS (SELECT 1 FROM "condition" AS c '
    'WHERE c."company_id" = "decision"."company_id" AND c."decision_id" = "decision"."id" '
    'AND c."before_go_live") AND EXISTS (SELECT 1 FROM "event" AS e '
    'WHERE e."company_id" = "decision"."company_id" AND e."subject_type" = \'decision\' '
    'AND e."subject_id" = "decision"."id" AND e."kind" = \'decision.implementation-set\')',
    'UPDATE "company" SET "stale_since" = "last_event_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "decision" AS d WHERE d."company_id" = "company"."id" AND d."stale_since" IS NOT NULL)',
)
"""What went live before a to-do was done is a fact that was not looked for before."""

SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the columns and the table; what was asked for before was asked without the CTO, and binds."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    columns = [f'ALTER TABLE "condition" ADD COLUMN {column}' for column in COLUMNS]
    for statement in (*columns, WORDS, *INDEXES, *LIVE_EARLY):
        db.execute_sql(" ".join(statement.format(**words).split()))
