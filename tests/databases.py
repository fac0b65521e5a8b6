"""Databases for the tests, on either engine: empty, or with today's schema."""

import itertools
import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from adr_app.models.base import open_database
from adr_app.models.schema import upgrade
from tests.postgresql import PostgresServer, postgresql_programs

ENGINES = ("sqlite", "postgresql")
# A PostgreSQL database is emptied and used again this often: deleted rows leave their space behind.
USES = 40


class Databases:
    """Hands out databases on either engine: empty, or migrated by copying one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = _in_memory(folder)
        self._numbers = itertools.count(1)
        self._uses: dict[str, int] = {}
        self._waiting: list[str] = []

    @cached_property
    def server(self) -> PostgresServer:
        """The PostgreSQL server, started when the first test asks for it."""
        programs = postgresql_programs()
        assert programs is not None, "tests that need PostgreSQL are deselected where there is none"
        return PostgresServer(programs)

    def empty(self, engine: str) -> str:
        """Return the URL of a new database without a schema."""
        name = f"adr_{next(self._numbers)}"
        return self.server.create(name) if engine == "postgresql" else self._file_url(name)

    def migrated(self, engine: str) -> str:
        """Return the URL of a database with today's schema and no rows."""
        if engine == "sqlite":
            name = f"adr_{next(self._numbers)}"
            shutil.copyfile(self._migrated_file, self._folder / f"{name}.db")
            return self._file_url(name)
        if self._waiting:
            return self.server.url(self._waiting.pop())
        name = f"adr_{next(self._numbers)}"
        self._uses[name] = 0
        return self.server.create(name, self._migrated_database)

    def discard(self, url: str) -> None:
        """Take back a database handed out before."""
        if url.startswith("sqlite:"):
            for file in self._folder.glob(f"{Path(urlsplit(url).path).name}*"):
                file.unlink()
            return
        name = urlsplit(url).path.lstrip("/")
        self._uses[name] = self._uses.get(name, USES) + 1
        if self._uses[name] < USES and self.server.emptied(name, self._pristine):
            self._waiting.append(name)
        else:
            self.server.drop(name)

    def close(self) -> None:
        """Stop the server, if a test had started it."""
        if "server" in self.__dict__:
            self.server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file_url(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.db"

    @cached_property
    def _migrated_database(self) -> str:
        _migrate(self.server.create("migrated"))
        return "migrated"

    @cached_property
    def _pristine(self) -> str:
        return self.server.fingerprint(self._migrated_database)

    @cached_property
    def _migrated_file(self) -> Path:
        _migrate(self._file_url("migrated"))
        return self._folder / "migrated.db"


def _in_memory(folder: Path) -> Path:
    """Return a folder in the machine's memory, where it has such a place, else the one given.

    SQLite waits for the disk at each commit. No test asks whether a disk keeps what it was told.
    """
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        return folder
    return Path(tempfile.mkdtemp(prefix="adr-app-tests-", dir=shared))


def _migrate(url: str) -> None:
    db = open_database(url)
    db.connect()
    try:
        upgrade(db)
    finally:
        db.close()
