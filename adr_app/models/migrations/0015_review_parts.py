"""Keep what a vCISO says beside an answer: what is exposed, what is needed, which duty, how ready."""

from typing import Any

PARTS = """
CREATE TABLE "review_parts" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "verdict_id" INTEGER NOT NULL, "exposed" TEXT NOT NULL,
"needed" TEXT NOT NULL, "duty" TEXT NOT NULL, "ready" TEXT NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
FOREIGN KEY ("company_id", "verdict_id") REFERENCES "verdict" ("company_id", "id"))
"""
INDEXES = (
    'CREATE UNIQUE INDEX "review_parts_company_id_verdict_id" ON "review_parts" ("company_id", "verdict_id")',
    'CREATE INDEX "review_parts_company_id_decision_id" ON "review_parts" ("company_id", "decision_id")',
)
REFUSAL = "this record is append-only: nothing in it is ever changed or removed"
THERE = "(id = NEW.id) OR (company_id = NEW.company_id AND verdict_id = NEW.verdict_id)"


def up(migrator: Any, db: Any) -> None:
    """Add the table, sealed; answers given before have no parts."""
    sqlite = "Sqlite" in type(db).__name__
    for statement in (PARTS.format(key="INTEGER" if sqlite else "SERIAL"), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
    for statement in _sqlite() if sqlite else _postgresql():
        db.execute_sql(statement)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER review_parts_no_update BEFORE UPDATE ON review_parts {refuse}",
        f"CREATE TRIGGER review_parts_no_delete BEFORE DELETE ON review_parts {refuse}",
        "CREATE TRIGGER review_parts_no_replace BEFORE INSERT ON review_parts "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM review_parts WHERE {THERE}) {refuse}",
    ]


def _postgresql() -> list[str]:
    return [
        "CREATE TRIGGER review_parts_no_change BEFORE UPDATE OR DELETE ON review_parts "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER review_parts_no_truncate BEFORE TRUNCATE ON review_parts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
