"""Keep a register of outside firms, filled with those that the newest texts name."""

import json
from typing import Any

TABLES = (
    """
    CREATE TABLE "vendor" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL, "folded" TEXT NOT NULL, "does" TEXT NOT NULL, "data" TEXT NOT NULL,
    "listed" {boolean} NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    UNIQUE (company_id, id))
    """,
    """
    CREATE TABLE "decision_vendor" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "decision_id" INTEGER NOT NULL, "vendor_id" INTEGER NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
    FOREIGN KEY ("company_id", "vendor_id") REFERENCES "vendor" ("company_id", "id"))
    """,
    """
    CREATE TABLE "vendor_agreement" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "vendor_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "reference" TEXT NOT NULL, "signed_on" TEXT,
    "ends_on" TEXT, "ended_at" {instant}, FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
    UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "vendor_id") REFERENCES "vendor" ("company_id", "id"),
    CHECK ("kind" IN ('health', 'data', 'service', 'secrecy', 'other')))
    """,
    """
    CREATE TABLE "vendor_assessment" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
    "vendor_id" INTEGER NOT NULL, "risk" TEXT NOT NULL, "text" TEXT NOT NULL, "assessed_on" TEXT NOT NULL,
    "valid_until" TEXT NOT NULL, "person_name" TEXT NOT NULL,
    FOREIGN KEY ("company_id") REFERENCES "company" ("id"), UNIQUE (company_id, id),
    FOREIGN KEY ("company_id", "vendor_id") REFERENCES "vendor" ("company_id", "id"),
    CHECK ("risk" IN ('low', 'medium', 'high')))
    """,
)
INDEXES = (
    ("UNIQUE ", "vendor", ("folded",)),
    ("UNIQUE ", "decision_vendor", ("decision_id", "vendor_id")),
    ("", "decision_vendor", ("vendor_id", "decision_id")),
    ("", "vendor_agreement", ("vendor_id", "id")),
    ("", "vendor_assessment", ("vendor_id", "id")),
)
SQLITE = {"key": "INTEGER", "boolean": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "boolean": "BOOLEAN", "instant": "BIGINT"}
BATCH = 500


def up(migrator: Any, db: Any) -> None:
    """Add the tables; of the firms that texts name nothing is known yet but the name."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    for statement in TABLES:
        db.execute_sql(" ".join(statement.format(**words).split()))
    for unique, table, columns in INDEXES:
        name, listed = "_".join((table, "company_id", *columns)), '", "'.join(("company_id", *columns))
        db.execute_sql(f'CREATE {unique}INDEX "{name}" ON "{table}" ("{listed}")')
    _fill(db)


def _fill(db: Any) -> None:
    last, found = 0, {}
    add = (
        _insert(db, "vendor", ("company_id", "name", "folded", "does", "data", "listed")) + ' RETURNING "id"'
    )
    link = _insert(db, "decision_vendor", ("company_id", "decision_id", "vendor_id"))
    while rows := db.execute_sql(_texts(db.param), [last]).fetchall():
        for company, decision, fields in rows:
            names = {" ".join(n.casefold().split()): n for n in json.loads(fields).get("vendors") or ()}
            for folded, name in names.items():
                if (company, folded) not in found:
                    values = [company, name, folded, "", "[]", False]
                    found[company, folded] = db.execute_sql(add, values).fetchone()[0]
                db.execute_sql(link, [company, decision, found[company, folded]])
        last = rows[-1][1]


def _insert(db: Any, table: str, columns: tuple[str, ...]) -> str:
    listed, marks = '", "'.join(columns), ", ".join([db.param] * len(columns))
    return f'INSERT INTO "{table}" ("{listed}") VALUES ({marks})'  # noqa: S608 - our own names


def _texts(mark: str) -> str:
    return (
        'SELECT d."company_id", d."id", r."fields" FROM "decision" AS d JOIN "revision" AS r '  # noqa: S608
        'ON r."company_id" = d."company_id" AND r."decision_id" = d."id" AND r."number" = d."latest" '
        f'WHERE d."id" > {mark} ORDER BY d."id" LIMIT {BATCH}'
    )
