"""What every command shares: the configuration, the open database, and how failures are told."""

import functools
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click
import peewee

from adr_app.config import Config, ConfigError, load_config
from adr_app.domain.errors import Invalid, NotFound, Refused
from adr_app.domain.permissions import Role
from adr_app.models import schema
from adr_app.models.base import database, open_database
from adr_app.models.people import Company, Person
from adr_app.services import people
from adr_app.services.people import Viewer

Command = TypeVar("Command", bound=Callable[..., Any])

FAILED, WRONG_USE = 1, 2
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)


class WrongUse(click.ClickException):
    """The command was used wrongly: exit code 2."""

    exit_code = WRONG_USE


@contextmanager
def uncollected() -> Iterator[None]:
    """Run the body without Python's search for objects that only hold each other.

    Reading and storing thousands of files leaves hardly any, and a search goes through all that is held.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def telling(command: Command) -> Command:
    """Turn refusals and trouble of the database into one line and exit code 1 or 2, never a traceback."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            raise WrongUse("\n".join(error.problems)) from error
        except Invalid as error:
            details = "".join(f"\n  {name}: {problem}" for name, problem in error.fields.items())
            raise click.ClickException(f"{error}{details}") from error
        except BrokenPipeError:
            raise  # whoever read the output has enough: no trouble of ours
        except (Refused, OSError) as error:
            raise click.ClickException(str(error)) from error
        except peewee.PeeweeException as error:
            raise click.ClickException(trouble(error)) from error

    return told  # type: ignore[return-value]


def trouble(error: peewee.PeeweeException) -> str:
    """Return what to do about an error of the database, in one sentence."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    known = {
        "readonly": "The database is read-only. Make its file and folder writable. Nothing was changed.",
        "read-only": "The database is read-only. Make it writable. Nothing was changed.",
        "full": "The disk is full. Nothing was changed.",
        "locked": "The database is in use by another process. Try again. Nothing was changed.",
        "unable to open": "The database file cannot be opened. Check ADR_DATABASE_URL and its rights.",
        "not a database": "The file ADR_DATABASE_URL names is no SQLite database. Nothing was changed.",
    }
    lower = text.lower()
    return next((said for word, said in known.items() if word in lower), f"The database refused: {text}")


def configured() -> Config:
    """Return the configuration of this process's environment.

    :raises ConfigError: naming everything that is wrong.
    """
    return load_config(os.environ)


def clock() -> datetime:
    """Return now in UTC, in whole seconds: commands read the clock once."""
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def opened(config: Config, *, current: bool = True) -> Iterator[peewee.Database]:
    """Bind and connect the database that the configuration names while the body runs.

    :raises Unavailable: with `current`, when its schema is missing, older or newer.
    """
    db = open_database(config.database_url)
    database.initialize(db)
    db.connect()
    try:
        if current:
            schema.require_current(db)
        yield db
    finally:
        if not db.is_closed():
            db.close()


def chosen(slug: str | None) -> list[Company]:
    """Return the company with this address, or every company where none is named.

    :raises WrongUse: naming the companies there are.
    """
    companies = list(Company.select().order_by(Company.slug))
    if slug is None:
        return companies
    found = [company for company in companies if company.slug == slug]
    if not found:
        known = ", ".join(company.slug for company in companies) or "none yet"
        raise WrongUse(f"There is no company “{slug}”. Known are: {known}.")
    return found


def only(slug: str | None) -> Company:
    """Return the company named, or the only one there is.

    :raises WrongUse: when none is named and there are several, or none.
    """
    companies = chosen(slug)
    if len(companies) != 1:
        known = ", ".join(company.slug for company in companies)
        raise WrongUse(
            f"Say which company with --company; there are: {known}."
            if companies
            else "There is no company yet. Start the product and set up the first one."
        )
    return companies[0]


def of_company(does: str) -> Callable[[Command], Command]:
    """Give a command the options for which company it is about and who `does` it: `slug` and `email`."""

    def optioned(command: Command) -> Command:
        which = "Which company, such as larkspur-dental; “adr-app companies” lists them."
        who = f"E-mail of the person who {does} (the company's CTO by default)."
        return click.option("--company", "slug", help=which)(click.option("--as", "email", help=who)(command))

    return optioned


def acting_as(company: Company, email: str | None, at: datetime) -> Viewer:
    """Return who acts by a command: the person named, else the company's CTO, else its leadership.

    :raises NotFound: when there is nobody, or the person named has no role here.
    """
    if email:
        person = people.by_email(email)
    else:
        engaged = people.holder(company.id, Role.CTO, at) or people.holder(company.id, Role.LEADER, at)
        person = Person.get_by_id(engaged.person_id) if engaged else None
    if person is None:
        raise NotFound("Nobody with that e-mail may do this here. Name somebody with --as.")
    return people.viewer(person, company.slug, at)


def a_day(text: str) -> date:
    """Return a day that was typed as year-month-day.

    :raises WrongUse: when it is none, or none that anybody can mean.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if len(text) != len("2026-09-30") or not EARLIEST <= day <= LATEST:
        raise WrongUse(f"“{text}” is no day. Give it as year-month-day, such as 2026-09-30.")
    return day


def say(text: str = "") -> None:
    """Print a line for the person at the terminal."""
    click.echo(text)


def as_json(value: Any) -> None:
    """Print a report as one JSON value, each row of a list on a line of its own."""
    sys.stdout.writelines(_pieces(value, ""))
    sys.stdout.write("\n")


def _pieces(value: Any, indent: str) -> Iterator[str]:
    # Python spells with an indent some ten times slower, which shows where rows are ten thousands.
    deeper = indent + "  "
    if isinstance(value, dict) and value and not indent:
        for place, (key, part) in enumerate(value.items()):
            yield f"{',' if place else '{'}\n{deeper}{_line(str(key))}: "
            yield from _pieces(part, deeper)
        yield "\n}"
    elif isinstance(value, Sequence) and not isinstance(value, str) and value and len(indent) <= 2:
        for place, row in enumerate(value):
            yield f"{',' if place else '['}\n{deeper}{_line(row)}"
        yield f"\n{indent}]"
    else:
        yield _line(value)


def _other(value: object) -> object:
    return list(value) if isinstance(value, Sequence) else str(value)


_line = json.JSONEncoder(ensure_ascii=False, default=_other).encode
