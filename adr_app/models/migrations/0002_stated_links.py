"""Tell the links that files state from those that people made."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; what was linked before is taken as made by people, so no import removes it."""
    db.execute_sql('ALTER TABLE "link" ADD COLUMN "stated" ' + _boolean(db) + " NOT NULL DEFAULT false")


def _boolean(db: Any) -> str:
    return "INTEGER" if "Sqlite" in type(db).__name__ else "BOOLEAN"
