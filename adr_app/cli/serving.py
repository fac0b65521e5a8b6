"""`adr-app start`, `serve`, `migrate` and `settings`: getting the product to answer."""

import signal
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import click
import peewee
from flask import Flask

from adr_app.app import create_app, system_clock
from adr_app.cli.mail import post_of
from adr_app.cli.running import as_json, clock, configured, opened, say, telling
from adr_app.config import Config
from adr_app.domain.errors import Refused
from adr_app.models import schema
from adr_app.models.base import database, is_sqlite, open_database
from adr_app.models.people import Company, Installation
from adr_app.secret_key import secret_key_for
from adr_app.server import serve
from adr_app.services import companies, demonstration, flags, post, queue
from adr_app.settings import SETTINGS

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NotHere(Refused):
    """The product must not be served like this."""


@click.command("start")
@click.option(
    "--empty", is_flag=True, help="Begin with the set-up of your first company, not the demonstration."
)
@telling
def start_command(empty: bool) -> None:
    """Serve the product; on an empty database, fill it with a demonstration first.

    \b
    Examples:
      adr-app start
      adr-app start --empty
      ADR_PORT=9000 adr-app start
    """
    config = configured()
    _make_room(config)
    key = secret_key_for(config)
    with opened(config, current=False) as db:
        if is_sqlite(db) or schema.state(db) is schema.State.EMPTY:
            schema.upgrade(db)
        schema.require_current(db)
        fresh = not Installation.select().exists() and not Company.select().exists()
        if empty and companies.is_demonstration({}):
            raise NotHere(
                "This database holds the demonstration already, so it is not empty. "
                "Name another folder: ADR_DATA_DIR=my-log."
            )
        if fresh and not empty:
            if config.host not in LOOPBACK:
                raise NotHere(
                    "A demonstration is served on 127.0.0.1 only, because anybody may enter it as anybody. "
                    f"To serve your own log on {config.host}, start with --empty."
                )
            say("Filling an empty database with the demonstration …")
            demonstration.seed(at=clock(), decisions=own_decisions())
    _serve(config, key)


@click.command("serve")
@telling
def serve_command() -> None:
    """Serve the product for real use; requests in flight are finished when it is stopped.

    An SQLite database is brought up to date first, after a copy; with PostgreSQL run “adr-app migrate”.

    \b
    Example:
      ADR_HOST=0.0.0.0 ADR_PUBLIC_URL=https://decisions.example.com adr-app serve
    """
    config = configured()
    _make_room(config)
    key = secret_key_for(config)
    with opened(config, current=False) as db:
        if is_sqlite(db):
            schema.upgrade(db)
        schema.require_current(db)
    _serve(config, key)


@click.command("migrate")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was applied as JSON.")
@telling
def migrate_command(json_wanted: bool) -> None:
    """Bring the database up to date; an SQLite file is copied beside itself first.

    \b
    Examples:
      adr-app migrate
      ADR_DATABASE_URL=postgresql://adr@db/adr adr-app migrate
    """
    config = configured()
    _make_room(config)
    with opened(config, current=False) as db:
        applied = schema.upgrade(db)
    if json_wanted:
        as_json({"applied": applied})
        return
    for name in applied:
        say(f"applied {name}")
    say("The database is up to date.")


@click.command("settings")
@click.option("--json", "json_wanted", is_flag=True, help="Print the list as JSON.")
def settings_command(json_wanted: bool) -> None:
    """List every setting with its default and what it does.

    \b
    Example:
      adr-app settings
    """
    if json_wanted:
        as_json([{"name": s.name, "default": s.default, "help": s.help} for s in SETTINGS])
        return
    for setting in SETTINGS:
        default = f" (default: {setting.default})" if setting.default else ""
        say(f"{setting.name}{default}\n    {setting.help}")


def own_decisions() -> Path | None:
    """Return the folder of this project's own decisions, where the product runs from its checkout."""
    folder = Path(__file__).resolve().parents[2] / "decisions"
    return folder if folder.is_dir() else None


def _make_room(config: Config) -> None:
    """Make the folder of an SQLite database where it is missing.

    :raises OSError: when that is not possible.
    """
    if config.database_file is not None:
        config.database_file.absolute().parent.mkdir(parents=True, exist_ok=True)


def _serve(config: Config, key: str) -> None:
    app = create_app(config, clock=system_clock, secret_key=key)
    with database.connection_context():
        made_up = companies.is_demonstration(app.config)  # nobody is there to read what its people are mailed
    post.set_up(None if made_up else post_of(config, key))
    try:
        _answer(app, config)
    finally:
        database.close_all()


def _answer(app: Flask, config: Config) -> None:
    with database.connection_context():
        marked = companies.is_demonstration(app.config)
        code = companies.new_setup_code(at=clock()) if not Company.select().exists() else ""
        cast = demonstration.CAST if marked else ()
    if marked and config.host not in LOOPBACK:
        raise NotHere(
            "This database holds the demonstration, where anybody may enter as anybody, so it is served on "
            "127.0.0.1 only. Start with another database to serve elsewhere."
        )

    def announce(address: str) -> None:
        shown = config.public_url or address
        say(f"adr_app answers at {shown}  (stop with Ctrl-C)")
        if config.public_url:
            say(f"It listens at {address}, for whatever passes {config.public_url} (ADR_PUBLIC_URL) on to it")
        for member in cast:
            say(f"  {member.name}, {member.what}: {member.email}  password {demonstration.PASSWORD}")
        if code:
            say(f"Set up your first company at {shown}/set-up with the code {code}")
        if config.smtp_url is not None and config.mail_is_off:
            say(config.mail_is_off)

    with Keeper(), _working(1):
        serve(app, config.host, config.port, announce=announce)


def _working(workers: int) -> AbstractContextManager[Any]:
    """Return what does background work while a body runs: it sends mail, and checks records daily."""
    return queue.Worker(system_clock, workers)


@click.command("work")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 16), help="How many at once.")
@telling
def work_command(threads: int) -> None:
    """Send the mails that wait, until it is stopped; “serve” does so too, in one thread.

    For bigger installations: any number of these may run beside each other, on any machine.

    \b
    Example:
      adr-app work --threads 4
    """
    config = configured()
    post.set_up(post_of(config, secret_key_for(config)))
    if post.current() is None:
        raise NotHere(config.mail_is_off)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    database.initialize(open_database(config.database_url, pooled=True))
    try:
        with database.connection_context():
            schema.require_current(database)
        with _working(threads):
            say("Sending what waits  (stop with Ctrl-C)")
            over.wait()
    finally:
        database.close_all()


class Keeper:
    """A thread that re-evaluates, while the server runs, what company-wide acts left behind."""

    SECONDS = 2.0

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self.SECONDS):
            try:
                with database.connection_context():
                    behind = Company.select(Company.id).where(Company.stale_since.is_null(False)).limit(5)
                    for company in list(behind):
                        flags.refresh(company.id, limit=200)
            except peewee.PeeweeException:
                continue  # busy or away: the pages say “updating” until the next round succeeds


COMMANDS = (start_command, serve_command, work_command, migrate_command, settings_command)
