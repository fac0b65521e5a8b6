"""Room on disk for what a reading must remember: its memory stays the same however many files there are.

It is a database of SQLite in a temporary file of its own, which nobody else can open and which is gone with
the process; where little is kept, it never gets as far as the disk.
"""

import io
import pickle
import posixpath
import sqlite3
import threading
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from adr_app.domain.documents import Link, Note, Option, Record
from adr_app.domain.documents.dates import Day
from adr_app.domain.documents.dating import Dated
from adr_app.domain.documents.extraction import Draft
from adr_app.domain.documents.room import MANY, Index
from adr_app.domain.revisions import Draft as Text

PIECE = 32
"""Values that are written, and read, together."""

_AT_ONCE = 500
"""Paths of an index that are written at a time."""


class Disk:
    """Room in a temporary file; use it as a context, or close it."""

    def __init__(self) -> None:
        """Open an empty file."""
        self._file = sqlite3.connect("", isolation_level=None)
        # What is here is lost with the process anyway: no journal, no waiting for the disk, one transaction.
        self._file.execute("PRAGMA page_size = 16384")  # a record fills more than a page of the usual size
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("BEGIN")

    def mapping(self, name: str) -> MutableMapping[str, Any]:
        """Return an empty mapping; nothing may be put into it while it is iterated."""
        return _Mapping(self._file, name)

    def index(self, name: str) -> Index:
        """Return an empty index; once it was asked something, nothing more may be added."""
        return _Index(self._file, name)

    def close(self) -> None:
        """Forget everything."""
        self._file.close()

    def __enter__(self) -> "Disk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Mapping(MutableMapping[str, Any]):
    """What is kept by path, in pieces of some twenty records: written together, they name their kinds once.

    Mostly it is asked for in the order in which it came, so the piece that was read last is the one wanted
    next; a value is handed out of it once, so that nothing is held that somebody has already.
    """

    def __init__(self, file: sqlite3.Connection, name: str) -> None:
        file.execute(f'CREATE TABLE "{name}" (at INTEGER PRIMARY KEY, piece BLOB)')
        file.execute(f'CREATE TABLE "{name} keys" (key BLOB PRIMARY KEY, at INTEGER) WITHOUT ROWID')
        self._file = file
        self._waiting = dict[str, Any]()
        self._read = dict[str, Any]()
        self._again = dict[str, bytes | None]()
        # `name` is a word of the program, never of a file.
        self._write = f'INSERT INTO "{name}" (piece) VALUES (?)'  # noqa: S608
        self._note = f'INSERT OR IGNORE INTO "{name} keys" (key, at) VALUES (?, ?)'  # noqa: S608
        self._place = f'SELECT at FROM "{name} keys" WHERE key = ?'  # noqa: S608
        self._one = f'SELECT piece FROM "{name}" WHERE at = ?'  # noqa: S608
        self._next = f'SELECT at, piece FROM "{name}" WHERE at > ? ORDER BY at LIMIT 1'  # noqa: S608
        self._count = f'SELECT count(*) FROM "{name} keys"'  # noqa: S608

    def __setitem__(self, key: str, value: Any) -> None:
        self._read.pop(key, None)
        self._waiting[key] = value
        if len(self._waiting) >= PIECE:
            self._flush()

    def __getitem__(self, key: str) -> Any:
        if key in self._waiting:
            self._flush()
        if key in self._again:
            return self._said_again(key)
        if key not in self._read:
            at = self._at(key)
            if at is None:
                raise KeyError(key)
            self._read = pickle.loads(self._file.execute(self._one, (at,)).fetchone()[0])  # noqa: S301
        return self._read.pop(key)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._flush()
        self._again[key] = None

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        if key in self._waiting:
            return True
        return self._again.get(key, b"") is not None and (key in self._read or self._at(key) is not None)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.items())

    def items(self) -> Any:
        """Return the pairs, each read when it is reached."""
        self._flush()
        at = 0
        while row := self._file.execute(self._next, (at,)).fetchone():
            at, piece = row
            for key, value in pickle.loads(piece).items():  # noqa: S301  # written below, as all that is read
                if key not in self._again:
                    yield key, value
                elif self._again[key] is not None and self._at(key) == at:
                    yield key, self._said_again(key)

    def __len__(self) -> int:
        self._flush()
        gone = sum(said is None for said in self._again.values())
        return int(self._file.execute(self._count).fetchone()[0]) - gone

    def _at(self, key: str) -> int | None:
        row = self._file.execute(self._place, (_bytes(key),)).fetchone()
        return None if row is None else int(row[0])

    def _said_again(self, key: str) -> Any:
        said = self._again[key]
        if said is None:
            raise KeyError(key)
        return pickle.loads(said)  # noqa: S301

    def _flush(self) -> None:
        """Write what waits; what is said again stays in memory, as hardly anything ever is."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        at = self._file.execute(self._write, (_PACKER.packed(waiting),)).lastrowid
        noted = self._file.executemany(self._note, [(_bytes(key), at) for key in waiting])
        if noted.rowcount < len(waiting):
            self._again |= {
                key: _PACKER.packed(value) for key, value in waiting.items() if self._at(key) != at
            }


class _Index:
    def __init__(self, file: sqlite3.Connection, name: str) -> None:
        file.execute(f'CREATE TABLE "{name}" (at INTEGER PRIMARY KEY, key BLOB, folder BLOB, path BLOB)')
        self._file, self._waiting = file, list[tuple[bytes, bytes, bytes]]()
        # Rows are sorted once, when the first is looked for: much cheaper than keeping them in order.
        self._unsorted = {
            "folder": f'CREATE INDEX "{name} by folder" ON "{name}" (key, folder)',
            "key": f'CREATE INDEX "{name} by key" ON "{name}" (key)',
        }
        self._write = f'INSERT INTO "{name}" (key, folder, path) VALUES (?, ?, ?)'  # noqa: S608
        self._any = f'SELECT at, path FROM "{name}" WHERE key = ?'  # noqa: S608
        self._first = f'SELECT min(at), path FROM "{name}" WHERE key = ?'  # noqa: S608

    def add(self, key: str, path: str) -> None:
        place = _bytes(path)
        self._waiting.append((_bytes(key), posixpath.dirname(place), place))
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def all(self, key: str) -> list[str]:
        return self._found(self._any, _bytes(key))

    def few(self, key: str, source: str) -> list[str]:
        limited = f"{self._any} LIMIT {MANY + 1}"
        known = self._found(limited, _bytes(key))
        if len(known) <= MANY:
            return known
        beside = f"{self._any} AND folder = ? LIMIT {MANY + 1}"
        near = self._found(beside, _bytes(key), _bytes(posixpath.dirname(source)))
        return near if len(near) <= MANY else []

    def first(self, key: str) -> str | None:
        self._settle("key")
        at, path = self._file.execute(self._first, (_bytes(key),)).fetchone()
        return None if at is None else _text(path)

    def several(self, key: str) -> bool:
        return len(self._found(f"{self._any} LIMIT 2", _bytes(key))) > 1

    def _found(self, query: str, *given: bytes) -> list[str]:
        self._settle("folder")
        return [_text(path) for _, path in sorted(self._file.execute(query, given))]

    def _settle(self, by: str) -> None:
        if by in self._unsorted:
            self._flush()
            self._file.execute(self._unsorted.pop(by))

    def _flush(self) -> None:
        self._file.executemany(self._write, self._waiting)
        self._waiting.clear()


def _as_its_parts(kind: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    parts = attrgetter(*(one.name for one in fields(kind)))
    return lambda value: (kind, parts(value))


_PLAIN: dict[type, Any] = {
    kind: _as_its_parts(kind) for kind in (Record, Link, Note, Option, Draft, Text, Dated, Day)
}
"""What is kept by the ten thousand, and how to do that several times faster than by what pickle finds out."""


class _Packer(threading.local):
    """Writes values one by one; making what writes them takes as long as writing one."""

    def __init__(self) -> None:
        self._written = io.BytesIO()
        self._pickler = pickle.Pickler(self._written, pickle.HIGHEST_PROTOCOL)
        self._pickler.dispatch_table = _PLAIN

    def packed(self, value: Any) -> bytes:
        """Return a value as it is kept, which reads back by itself."""
        self._written.seek(0)
        self._written.truncate()
        try:
            self._pickler.dump(value)
        finally:
            self._pickler.clear_memo()  # or it would hold what it wrote last
        return self._written.getvalue()


_PACKER = _Packer()


def _bytes(text: str) -> bytes:
    """Return a text for the file: JSON may hold halves of characters, which UTF-8 has no place for."""
    return text.encode("utf-8", "surrogatepass")


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")
