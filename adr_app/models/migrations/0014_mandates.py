"""Keep references to letters of appointment, and what was handed over with a role."""

from typing import Any

TABLES = (
    """
    CREATE TABLE "appointment_letter" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "engagement_id" INTEGER NOT NULL, "title" TEXT NOT NULL, "place" TEXT NOT NULL, "dated_on" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL, "at" {instant} NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "engagement_id") REFERENCES "engagement" ("company_id", "id"))
    """,
    """
    CREATE TABLE "handover" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "engagement_id" INTEGER NOT NULL, "successor_id" INTEGER, "note" TEXT NOT NULL,
    "person_id" INTEGER NOT NULL, "at" {instant} NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "engagement_id") REFERENCES "engagement" ("company_id", "id"),
    FOREIGN KEY ("company_id", "successor_id") REFERENCES "engagement" ("company_id", "id"))
    """,
)
INDEXES = (
    'CREATE INDEX "appointment_letter_company_id_engagement_id_id" '
    'ON "appointment_letter" ("company_id", "engagement_id", "id")',
    'CREATE INDEX "handover_company_id_engagement_id_id" ON "handover" ("company_id", "engagement_id", "id")',
)
SQLITE = {"key": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the tables; nothing was kept of letters or handovers before."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in (*(table.format(**words) for table in TABLES), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
