"""A database's schema as its engine describes it, so that two of them can be compared line by line."""

import re
from collections.abc import Iterator

import peewee

from adr_app.models.base import is_sqlite
from adr_app.models.schema import HISTORY

# Everything that decides what a database takes and refuses, each with the name it has.
POSTGRESQL = f"""
SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity,
                 is_generated, collation_name)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '{HISTORY}'
UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated,
                           pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '{HISTORY}'
UNION ALL SELECT concat_ws(' ', 'index', indexdef)
  FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '{HISTORY}'
UNION ALL SELECT concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(oid))
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(oid))
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT concat_ws(' ', 'relation', relkind, relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^{HISTORY}'
"""


def schema_of(db: peewee.Database) -> list[str]:
    """Return what a connected database is made of, sorted, apart from the history of migrations.

    A table stands in several lines, one for each column and constraint: a migration adds a column behind
    the others, where a fresh database has it in its place, and that is no difference.
    """
    if not is_sqlite(db):
        return sorted(row[0] for row in db.execute_sql(POSTGRESQL).fetchall())
    rows = db.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return sorted(line for row in rows if row[2] != HISTORY for line in _lines(*row))


def _lines(kind: str, name: str, table: str, sql: str | None) -> Iterator[str]:
    yield f"{kind} {name} on {table}"
    for part in _parts(sql or "") if kind == "table" and "VIRTUAL" not in (sql or "") else [sql or ""]:
        yield f"{kind} {name}: {' '.join(part.split())}"


def _parts(sql: str) -> list[str]:
    """Return the columns and constraints between the outer brackets of a CREATE TABLE statement."""
    body, _, options = sql.partition("(")[2].rpartition(")")
    parts, depth = [""], 0
    for piece in re.split(r"([(),])", body):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [*parts, options]
