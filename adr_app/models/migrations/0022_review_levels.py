"""Let the desk read the reviews of one level from an index, however many wait at the others."""

from typing import Any

STATEMENTS = (
    'ALTER TABLE "review" ADD COLUMN "level" INTEGER NOT NULL DEFAULT 2',
    'UPDATE "review" SET "level" = (SELECT COALESCE(d."level", 2) FROM "decision" AS d '
    'WHERE d."company_id" = "review"."company_id" AND d."id" = "review"."decision_id") '
    "WHERE \"state\" IN ('waiting', 'question')",
    'CREATE INDEX "review_levels" '
    'ON "review" ("company_id", "level", "state", "due_at", "id", "asked_of_id", "taken_at")',
)


def up(migrator: Any, db: Any) -> None:
    """Add the column as it is now on what waits, and the index."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
