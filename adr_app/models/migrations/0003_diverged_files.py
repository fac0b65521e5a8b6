"""Keep the newer text of a file whose decision changed here too, until somebody chooses."""

from typing import Any

TABLE = """
CREATE TABLE "diverged_file" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"decision_id" INTEGER NOT NULL, "source" TEXT NOT NULL, "path" TEXT NOT NULL, "fingerprint" TEXT NOT NULL,
"base" INTEGER NOT NULL, "status" TEXT NOT NULL, "size" INTEGER NOT NULL, "content" {bytes} NOT NULL,
"read" {bytes} NOT NULL, "kept" {boolean} NOT NULL, "found_at" {instant} NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"))
"""
INDEXES = (
    'CREATE UNIQUE INDEX "diverged_file_company_id_source_path" '
    'ON "diverged_file" ("company_id", "source", "path")',
    'CREATE INDEX "diverged_file_company_id_decision_id" ON "diverged_file" ("company_id", "decision_id")',
)
SQLITE = {"key": "INTEGER", "bytes": "BLOB", "boolean": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "bytes": "BYTEA", "boolean": "BOOLEAN", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the table; what an earlier import left is found again by the next one."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in (TABLE.format(**words), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
