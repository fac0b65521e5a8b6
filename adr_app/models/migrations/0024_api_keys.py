"""Keep keys with which programs act for people."""

from typing import Any

TABLE = """
    CREATE TABLE "api_key" ("id" {key} NOT NULL PRIMARY KEY, "token_hash" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL, "company_id" INTEGER NOT NULL, "name" TEXT NOT NULL,
    "created_at" {instant} NOT NULL, "used_at" {instant}, "expires_at" {instant} NOT NULL,
    "ended_at" {instant}, FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"))
    """
INDEXES = (
    'CREATE UNIQUE INDEX "api_key_token_hash" ON "api_key" ("token_hash")',
    'CREATE INDEX "api_key_person_id" ON "api_key" ("person_id")',
    'CREATE INDEX "api_key_company_id" ON "api_key" ("company_id")',
)
SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the table; there were no keys before."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in (TABLE.format(**words), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
