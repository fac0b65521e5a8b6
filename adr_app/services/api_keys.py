"""Keys for programs: somebody makes one for one company, until a day, and ends it whenever they like.

A key may do what its maker may do there at that moment, and nothing once their role is over.
"""

import secrets
from datetime import datetime, timedelta

from peewee import InternalError, OperationalError

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.api_keys import ApiKey
from adr_app.models.base import writing
from adr_app.models.people import Company, Person
from adr_app.services import people
from adr_app.services.people import Viewer
from adr_app.services.session import SEEN_EVERY, TOKEN_BYTES, token_hash

PREFIX = "adr_"
"""Begins every key, so that whoever finds one in a text or a log knows what it is."""

LONGEST_NAME = 80
MOST_KEYS = 50
LASTS = {"30": "30 days", "90": "90 days", "365": "A year"}
"""How long a key may last, in days; none lasts for ever."""

UNKNOWN = (
    "This key is not known here, has ended, or has been taken back. Make a new one on your account's page."
)


def make(person: Person, *, where: str, name: str, days: str, at: datetime) -> tuple[str, ApiKey]:
    """Make a key for the company of an address, where this person has a role.

    It is returned to be shown once, with what is kept of it.

    :raises Invalid: naming every field that cannot be saved.
    """
    problems: dict[str, str] = {}
    words = " ".join(clean_text(name).split())
    if not words:
        problems["name"] = "Say which program it is for, so that you know it again."
    elif len(words) > LONGEST_NAME:
        problems["name"] = f"Shorten this to {LONGEST_NAME} characters; it has {len(words)}."
    if days not in LASTS:
        problems["days"] = "Choose how long it lasts from the list."
    company = _company(person, where, at)
    if company is None:
        problems["where"] = "Choose a company where you have a role."
    if problems or company is None:
        raise Invalid("This cannot be saved yet.", problems)
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    with writing():
        if len(keys_of(person, at=at)) >= MOST_KEYS:
            raise Invalid(f"You have {MOST_KEYS} keys already. End one that is not needed any more.")
        made = ApiKey.create(
            token_hash=token_hash(token),
            person=person,
            company=company,
            name=words,
            created_at=at,
            expires_at=at + timedelta(days=int(days)),
        )
    return token, made


def keys_of(person: Person, *, at: datetime) -> list[ApiKey]:
    """Return the keys of a person that still open something, each with its company, the newest first."""
    return list(
        ApiKey.select(ApiKey, Company)
        .join(Company)
        .where(ApiKey.person == person.id, ApiKey.ended_at.is_null(), ApiKey.expires_at > at)
        .order_by(ApiKey.id.desc())
    )


def end(person: Person, key_id: int, *, at: datetime) -> None:
    """End one of somebody's own keys.

    :raises NotFound: when it is not theirs or has ended.
    """
    with writing():
        mine = (ApiKey.id == key_id) & (ApiKey.person == person.id)
        if not ApiKey.update(ended_at=at).where(mine, ApiKey.ended_at.is_null()).execute():
            raise NotFound("There is no such key.")


def end_all(person: Person, *, at: datetime) -> None:
    """End every key of somebody; the caller runs the transaction."""
    ApiKey.update(ended_at=at).where(ApiKey.person == person.id, ApiKey.ended_at.is_null()).execute()


def opened(token: str, slug: str, *, at: datetime) -> Viewer:
    """Return whom a key acts for, as they are at the company with this address now.

    :raises NotAllowed: when the key opens nothing: unknown, over, taken back, or its maker may not sign in.
    :raises NotFound: when it is for another company, or its maker has no role there any more.
    """
    found = (
        ApiKey.select(ApiKey, Person, Company)
        .join(Person)
        .switch(ApiKey)
        .join(Company)
        .where(
            ApiKey.token_hash == token_hash(token),
            ApiKey.ended_at.is_null(),
            ApiKey.expires_at > at,
            Person.disabled_at.is_null(),
        )
        .first()
    )
    if found is None:
        raise NotAllowed(UNKNOWN)
    if found.company.slug != slug:
        raise NotFound("There is no such address.")
    viewer = people.viewer(found.person, slug, at)
    if found.used_at is None or at - found.used_at >= SEEN_EVERY:
        _note_used(found, at)
    return viewer


def _company(person: Person, slug: str, at: datetime) -> Company | None:
    try:
        return people.viewer(person, slug, at).company
    except NotFound:
        return None


def _note_used(key: ApiKey, at: datetime) -> None:
    key.used_at = at
    try:
        with writing():
            key.save(only=[ApiKey.used_at])
    except (OperationalError, InternalError):
        # Reading goes on while the database is busy or read-only; the next request notes it.
        return
