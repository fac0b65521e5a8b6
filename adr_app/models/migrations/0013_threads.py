"""Let comments be answered, resolved, about words of the text, and concerns that block."""

from typing import Any

COLUMNS = """
"reply_to" INTEGER, "passage" TEXT NOT NULL{blank}, "version" INTEGER, "part" TEXT NOT NULL{blank},
"section" TEXT NOT NULL{blank}, "concern" TEXT NOT NULL{blank}, "resolved_at" {instant},
"resolved_by_id" INTEGER
"""
KINDS = "CHECK (\"kind\" IN ('comment', 'question', 'concern', 'reply', 'reason'))"
KEYS = (
    'FOREIGN KEY ("company_id", "reply_to") REFERENCES "comment" ("company_id", "id")',
    'FOREIGN KEY ("resolved_by_id") REFERENCES "person" ("id")',
)
REPLIES = 'CREATE INDEX "comment_company_id_reply_to_id" ON "comment" ("company_id", "reply_to", "id")'

WIDER = f"""
CREATE TABLE "comment_wider" ("id" INTEGER NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "text" TEXT NOT NULL,
"at" INTEGER NOT NULL, {COLUMNS.format(blank="", instant="INTEGER")},
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("person_id") REFERENCES "person" ("id"), {KEYS[1]}, UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), {KEYS[0]}, {KINDS})
"""
KEPT = '"id", "company_id", "decision_id", "person_id", "kind", "text", "at"'
SQLITE = (
    WIDER,
    f'INSERT INTO "comment_wider" ({KEPT}, "passage", "part", "section", "concern") '  # noqa: S608 - our own
    f"SELECT {KEPT}, '', '', '', '' FROM \"comment\"",
    'DROP TABLE "comment"',
    'ALTER TABLE "comment_wider" RENAME TO "comment"',
    'CREATE INDEX "comment_company_id_decision_id_id" ON "comment" ("company_id", "decision_id", "id")',
    'CREATE INDEX "comment_company_id_kind_id" ON "comment" ("company_id", "kind", "id")',
    REPLIES,
)
"""SQLite changes neither a check nor keys of a table that is there; nothing points at this one."""

BLANK = ("passage", "part", "section", "concern")
POSTGRESQL = (
    *(
        f'ALTER TABLE "comment" ADD COLUMN {column.strip()}'
        for column in COLUMNS.format(blank=" DEFAULT ''", instant="BIGINT").split(",")
    ),
    *(f'ALTER TABLE "comment" ALTER COLUMN "{name}" DROP DEFAULT' for name in BLANK),
    *(f'ALTER TABLE "comment" ADD {key}' for key in KEYS),
    'ALTER TABLE "comment" DROP CONSTRAINT "comment_kind_check"',
    f'ALTER TABLE "comment" ADD CONSTRAINT "comment_kind_check" {KINDS}',
    REPLIES,
)


def up(migrator: Any, db: Any) -> None:
    """Widen the table of comments; what was said before is about nothing in particular, and open."""
    for statement in SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL:
        db.execute_sql(" ".join(statement.split()))
