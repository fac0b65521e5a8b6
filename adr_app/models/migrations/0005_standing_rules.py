"""Keep the rules by which a vCISO allows decisions in advance, and which of them were ended."""

from typing import Any

RULES = """
CREATE TABLE "standing_rule" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"person_id" INTEGER NOT NULL, "person_name" TEXT NOT NULL, "role_name" TEXT NOT NULL,
"engagement_id" INTEGER NOT NULL, "title" TEXT NOT NULL, "reason" TEXT NOT NULL, "allows" TEXT NOT NULL,
"at" {instant} NOT NULL, "until" {instant} NOT NULL, "replaces_id" INTEGER, "canonical" {bytes} NOT NULL,
"digest" TEXT NOT NULL, "confirmed_by" TEXT NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "engagement_id") REFERENCES "engagement" ("company_id", "id"),
FOREIGN KEY ("company_id", "replaces_id") REFERENCES "standing_rule" ("company_id", "id"))
"""
ENDED = """
CREATE TABLE "ended_rule" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"rule_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "reason" TEXT NOT NULL, "at" {instant} NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "rule_id") REFERENCES "standing_rule" ("company_id", "id"))
"""
INDEX = 'CREATE UNIQUE INDEX "ended_rule_company_id_rule_id" ON "ended_rule" ("company_id", "rule_id")'
SQLITE = {"key": "INTEGER", "bytes": "BLOB", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "bytes": "BYTEA", "instant": "BIGINT"}

REFUSAL = "this record is append-only: nothing in it is ever changed or removed"
THERE = {
    "standing_rule": "(id = NEW.id)",
    "ended_rule": "(id = NEW.id) OR (company_id = NEW.company_id AND rule_id = NEW.rule_id)",
}


DECLARED = """
SELECT DISTINCT "subject_id" FROM "span"
WHERE "subject_type" = 'decision' AND "kind" = 'standing' AND "code" = 'self-declared'
"""
BEHIND = (
    f'UPDATE "decision" SET "stale_since" = "changed_at" WHERE "id" IN ({DECLARED})',  # noqa: S608
    'UPDATE "company" SET "stale_since" = "last_event_at" WHERE "stale_since" IS NULL AND "id" IN '
    '(SELECT "company_id" FROM "decision" WHERE "stale_since" IS NOT NULL)',
)
"""What its author declared harmless is from now on flagged after thirty days: it is worked out anew."""


def up(migrator: Any, db: Any) -> None:
    """Add both tables, sealed: the database itself refuses to change what was signed."""
    sqlite = "Sqlite" in type(db).__name__
    words = SQLITE if sqlite else POSTGRESQL
    for statement in (RULES.format(**words), ENDED.format(**words), INDEX):
        db.execute_sql(" ".join(statement.split()))
    for statement in BEHIND:
        db.execute_sql(" ".join(statement.split()))
    for table, there in THERE.items():
        for statement in _sqlite(table, there) if sqlite else _postgresql(table):
            db.execute_sql(statement)


def _sqlite(table: str, there: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
