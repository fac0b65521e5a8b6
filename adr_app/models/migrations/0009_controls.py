"""Keep which standards a company follows, catalogs it loads, and the safeguards that decisions touch."""

from typing import Any

TABLES = (
    """
    CREATE TABLE "company_framework" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "framework" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"))
    """,
    """
    CREATE TABLE "catalog" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "framework" TEXT NOT NULL, "title" TEXT NOT NULL, "version" TEXT NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id))
    """,
    """
    CREATE TABLE "control" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "framework" TEXT NOT NULL, "code" TEXT NOT NULL, "title" TEXT NOT NULL, "text" TEXT NOT NULL,
    "withdrawn" {boolean} NOT NULL, "place" INTEGER NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id))
    """,
    """
    CREATE TABLE "decision_control" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "decision_id" INTEGER NOT NULL, "framework" TEXT NOT NULL, "code" TEXT NOT NULL, "effect" TEXT NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
    CHECK ("effect" IN ('supports', 'weakens', 'changes')))
    """,
)
INDEXES = (
    ("UNIQUE ", "company_framework", ("framework",)),
    ("UNIQUE ", "catalog", ("framework",)),
    ("UNIQUE ", "control", ("framework", "code")),
    ("UNIQUE ", "decision_control", ("decision_id", "framework", "code")),
    ("", "decision_control", ("framework", "code")),
)
SQLITE = {"key": "INTEGER", "boolean": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "boolean": "BOOLEAN"}


def up(migrator: Any, db: Any) -> None:
    """Add the tables; nobody follows a standard yet."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in TABLES:
        db.execute_sql(" ".join(statement.format(**words).split()))
    for unique, table, columns in INDEXES:
        name, listed = "_".join((table, "company_id", *columns)), '", "'.join(("company_id", *columns))
        db.execute_sql(f'CREATE {unique}INDEX "{name}" ON "{table}" ("{listed}")')
