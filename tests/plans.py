"""How a database reads what a query asks for."""

from typing import Any

import peewee

from adr_app.models.base import is_sqlite


def along(database: peewee.Database, query: Any) -> str:
    """Return the plan of a query in words: which indexes it is read along, and what is sorted."""
    statement, values = query.sql()
    if is_sqlite(database):
        return "\n".join(
            row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        )
    with database.atomic():  # with a few rows PostgreSQL would read them all, whatever there is
        for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
            database.execute_sql(f"SET LOCAL {setting} = off")
        return "\n".join(row[0] for row in database.execute_sql(f"EXPLAIN {statement}", values).fetchall())
