"""Changing rows as somebody who owns the database and has taken its triggers and references away."""

from peewee import Database

from adr_app.models.base import is_sqlite
from adr_app.models.schema import SEALED


def unseal(database: Database) -> None:
    """Take away what makes the database itself refuse a change: triggers and foreign keys."""
    for table in SEALED:
        if is_sqlite(database):
            for act in ("update", "delete", "replace"):
                database.execute_sql(f"DROP TRIGGER {table}_no_{act}")
        else:
            database.execute_sql(f"DROP TRIGGER {table}_no_change ON {table}")
    if is_sqlite(database):
        database.execute_sql("PRAGMA foreign_keys = 0")
        return
    keys = database.execute_sql("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f'")
    for table, name in keys.fetchall():
        database.execute_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
