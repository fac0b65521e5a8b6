"""Keep reports of time lost to a debt, tickets elsewhere, and what other tools measured on a system."""

from typing import Any

STATEMENTS = (
    """
    CREATE TABLE "debt_report" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "debt_id" INTEGER NOT NULL, "reported_by_id" INTEGER NOT NULL, "reported_at" {large} NOT NULL,
    "lost_on" TEXT NOT NULL, "minutes" INTEGER NOT NULL, "fault" {boolean} NOT NULL, "text" TEXT NOT NULL,
    "taken_back_at" {large}, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("reported_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"))
    """,
    """
    CREATE TABLE "debt_ticket" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "debt_id" INTEGER NOT NULL, "tracker" TEXT NOT NULL, "address" TEXT NOT NULL, "label" TEXT NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"),
    CHECK ("tracker" IN ('github', 'gitlab', 'jira')))
    """,
    """
    CREATE TABLE "external_reading" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "system_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "tool" TEXT NOT NULL, "version" TEXT NOT NULL,
    "settings" TEXT NOT NULL, "metric" TEXT NOT NULL, "value" {large} NOT NULL, "unit" TEXT NOT NULL,
    "read_on" TEXT NOT NULL, "taken_by_id" INTEGER NOT NULL, "taken_at" {large} NOT NULL,
    "taken_back_at" {large}, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("taken_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "system_id") REFERENCES "system" ("company_id", "id"))
    """,
)
INDEXES = (
    ("", "debt_report", ("debt_id", "lost_on")),
    ("UNIQUE ", "debt_ticket", ("debt_id", "address")),
    ("", "external_reading", ("system_id", "tool", "metric", "read_on", "id")),
    ("", "external_reading", ("system_id", "seq")),
)
SQLITE = {"key": "INTEGER", "boolean": "INTEGER", "large": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "boolean": "BOOLEAN", "large": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the tables; nothing was reported or read yet."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in STATEMENTS:
        db.execute_sql(" ".join(statement.format(**words).split()))
    for unique, table, columns in INDEXES:
        name, listed = "_".join((table, "company_id", *columns)), '", "'.join(("company_id", *columns))
        db.execute_sql(f'CREATE {unique}INDEX "{name}" ON "{table}" ("{listed}")')
