"""Let a company keep its own working days and holidays, a review say who took it, and a vCISO be away."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the columns; nothing in the first means Monday to Friday without holidays."""
    db.execute_sql('ALTER TABLE "company" ADD COLUMN "calendar" TEXT NOT NULL DEFAULT \'{}\'')
    instant = "INTEGER" if "Sqlite" in type(db).__name__ else "BIGINT"
    db.execute_sql(f'ALTER TABLE "review" ADD COLUMN "taken_at" {instant}')
    db.execute_sql('ALTER TABLE "engagement" ADD COLUMN "away_until" TEXT')
    db.execute_sql('ALTER TABLE "engagement" ADD COLUMN "deputy" INTEGER REFERENCES "person" ("id")')
