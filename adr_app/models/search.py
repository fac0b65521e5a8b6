"""Full-text search over decisions: FTS5 on SQLite, a text vector on PostgreSQL.

The company is a word of the index, so that a search never reads another company's texts.
"""

import re
import unicodedata
from collections.abc import Iterable

import peewee

from adr_app.models.base import database, execute_many, is_sqlite

MAX_WORDS = 12
_WORD = re.compile(r"\w+", re.UNICODE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def definition(db: peewee.Database) -> list[str]:
    """Return the statements that create the index."""
    if is_sqlite(db):
        return [
            "CREATE VIRTUAL TABLE decision_search USING fts5("
            "company, title, body, tokenize = 'unicode61 remove_diacritics 2')"
        ]
    return [
        "CREATE TABLE decision_search (rowid INTEGER NOT NULL PRIMARY KEY, document TSVECTOR NOT NULL)",
        "CREATE INDEX decision_search_document ON decision_search USING GIN (document)",
    ]


def folded(text: str) -> str:
    """Return text without accents and case, as both engines index and look for it."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _BEYOND_ASCII.sub(_without_accents, decomposed)


def _without_accents(found: re.Match[str]) -> str:
    return "".join(char for char in found.group() if not unicodedata.combining(char))


def store(company_id: int, decision_id: int, title: str, body: str, *, replace: bool = True) -> None:
    """Index the newest text of a decision; `replace` is False where it was never indexed before."""
    if replace and is_sqlite(database):
        database.execute_sql("DELETE FROM decision_search WHERE rowid = ?", (decision_id,))
    store_new(company_id, [(decision_id, title, body)])


def store_new(company_id: int, texts: Iterable[tuple[int, str, str]]) -> None:
    """Index texts by the id of their decision, title and body, none of which SQLite has indexed before."""
    sqlite, tenant = is_sqlite(database), _tenant(company_id)
    most = None if sqlite else _MOST_LETTERS
    rows = [(key, tenant, folded(title), folded(body[:most])) for key, title, body in texts]
    execute_many(_INSERT_SQLITE if sqlite else _INSERT_POSTGRESQL, rows)


_MOST_LETTERS = 200_000
"""PostgreSQL's vectors hold no more than a megabyte."""

_INSERT_SQLITE = "INSERT INTO decision_search (rowid, company, title, body) VALUES (?, ?, ?, ?)"
_INSERT_POSTGRESQL = (
    "INSERT INTO decision_search (rowid, document) VALUES (%s, "
    "array_to_tsvector(ARRAY[%s]) || setweight(to_tsvector('simple', %s), 'A') "
    "|| to_tsvector('simple', %s)) "
    "ON CONFLICT (rowid) DO UPDATE SET document = EXCLUDED.document"
)


def found(company_id: int, query: str, *, below: int | None, limit: int) -> list[int] | None:
    """Return ids of matching decisions, newest first, below an id; None where nothing was asked."""
    words = _WORD.findall(folded(query))[:MAX_WORDS]
    if not words:
        return None
    if is_sqlite(database):
        quoted = " AND ".join(f'"{word}"' for word in words) + " *"
        sql = "SELECT rowid FROM decision_search WHERE decision_search MATCH ?"
        values: list[object] = [f"company : {_tenant(company_id)} AND {{title body}} : ({quoted})"]
        mark = "?"
    else:
        sql = "SELECT rowid FROM decision_search WHERE document @@ to_tsquery('simple', %s)"
        values = [" & ".join([_tenant(company_id), *(f"'{word}'" for word in words)]) + ":*"]
        mark = "%s"
    if below is not None:
        sql += f" AND rowid < {mark}"
        values.append(below)
    sql += f" ORDER BY rowid DESC LIMIT {mark}"
    values.append(limit)
    return [row[0] for row in database.execute_sql(sql, values).fetchall()]


def _tenant(company_id: int) -> str:
    return f"tenant{company_id}x"
