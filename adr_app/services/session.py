"""Signing in and out: sessions that can be seen and revoked, of which only hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from peewee import InternalError, OperationalError

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.base import writing
from adr_app.models.people import Person, Session
from adr_app.models.spelled import Spelled
from adr_app.services import passwords, people, throttle

REMEMBERED_DAYS = 30
UNREMEMBERED = timedelta(hours=12)
SEEN_EVERY = timedelta(hours=1)
TOKEN_BYTES = 32
LONGEST_DEVICE = 120

WRONG = "That e-mail and password do not belong together. Check both, or ask for a new-password link."
TOO_MANY = "Too many tries. Wait fifteen minutes, then try again, or ask for a new-password link."


_HELD = Spelled(
    lambda token_hash, at: (
        Session.select(Session, Person)
        .join(Person)
        .where(
            Session.token_hash == token_hash,
            Session.revoked_at.is_null(),
            Session.expires_at > at,
            Person.disabled_at.is_null(),
        )
    )
)


def sign_in(
    email: str,
    password: str,
    *,
    at: datetime,
    device: str = "",
    address: str = "",
    remember: bool = False,
    days: int = REMEMBERED_DAYS,
) -> tuple[str, Session]:
    """Open a session for whoever knows this e-mail's password; return its token, shown once, and itself.

    `days` is how long a remembered device stays signed in; others stay twelve hours.

    :raises NotAllowed: in the same words and after the same work whether the e-mail is known or not.
    """
    email = people.folded_email(email)
    if not throttle.count(email, address, at):
        raise NotAllowed(TOO_MANY)
    person = people.by_email(email)
    kept = person.password_hash if person else None
    if not passwords.matches(kept, password) or person is None or kept is None or person.disabled_at:
        raise NotAllowed(WRONG)
    throttle.forget(email, address, at)
    if passwords.is_outdated(kept):
        set_password(person, password)
    return start(person, at=at, device=device, remember=remember, days=days)


def start(
    person: Person, *, at: datetime, device: str = "", remember: bool = False, days: int = REMEMBERED_DAYS
) -> tuple[str, Session]:
    """Open a session for somebody already known to be that person; return its token and itself."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing():
        opened = Session.create(
            token_hash=token_hash(token),
            person=person,
            created_at=at,
            seen_at=at,
            expires_at=at + (timedelta(days=days) if remember else UNREMEMBERED),
            device=_device(device),
        )
    return token, opened


def open_session(token: str, *, at: datetime) -> Session | None:
    """Return the session of a token with its person, in one query; None when it does not hold now.

    It does not hold when unknown, expired, revoked, or when the person may no longer sign in.
    """
    held = _HELD.rows(token_hash=token_hash(token), at=int(at.timestamp()))
    found: Session | None = held[0] if held else None
    if found is not None and at - found.seen_at >= SEEN_EVERY:
        _note_seen(found, at)
    return found


def owner_of(token: str) -> int | None:
    """Return whose session a token was, be it over or not; it opens nothing."""
    found = Session.get_or_none(Session.token_hash == token_hash(token)) if token else None
    return None if found is None else found.person_id


def sign_out(token: str, *, at: datetime) -> None:
    """End the session of a token; an unknown one is as good as ended."""
    with writing():
        _end(Session.token_hash == token_hash(token), at)


def sessions_of(person: Person, *, at: datetime) -> list[Session]:
    """Return the sessions that somebody has open, last used first."""
    return list(
        Session.select()
        .where(Session.person == person.id, Session.revoked_at.is_null(), Session.expires_at > at)
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )


def revoke(person: Person, session_id: int, *, at: datetime) -> None:
    """End one of somebody's own sessions.

    :raises NotFound: when it is not theirs or no longer open.
    """
    with writing():
        if not _end((Session.id == session_id) & (Session.person == person.id), at):
            raise NotFound("There is no such session.")


def revoke_all(person: Person, *, at: datetime, but: int | None = None) -> int:
    """End all of somebody's sessions, save perhaps one, and return how many."""
    condition = Session.person == person.id
    with writing():
        return _end(condition if but is None else condition & (Session.id != but), at)


def change_password(
    current: Session, old: str, new: str, again: str, *, at: datetime, address: str = ""
) -> None:
    """Change the password of whoever is signed in and end their other sessions.

    :raises Invalid: when the old one is wrong or the new one will not do.
    :raises NotAllowed: after too many wrong tries.
    """
    person = current.person
    if not throttle.count(person.email, address, at):
        raise NotAllowed(TOO_MANY)
    if not passwords.matches(person.password_hash, old):
        message = "That is not your password of today."
        raise Invalid(message, {"old": message})
    passwords.check_new(new, again, field="new")
    throttle.forget(person.email, address, at)
    with writing():
        set_password(person, new)
        revoke_all(person, at=at, but=current.id)


def set_password(person: Person, password: str) -> None:
    """Keep a new password; the caller has checked who asks, and runs the transaction."""
    person.password_hash = passwords.hashed(password)
    person.save(only=[Person.password_hash])


def token_hash(token: str) -> str:
    """Return what is kept of a token: without the token, the database opens no door."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _end(condition: object, at: datetime) -> int:
    return Session.update(revoked_at=at).where(condition, Session.revoked_at.is_null()).execute()


def _note_seen(opened: Session, at: datetime) -> None:
    opened.seen_at = at
    try:
        with writing():
            opened.save(only=[Session.seen_at])
    except (OperationalError, InternalError):
        # Reading goes on while the database is busy or read-only; the next request notes it.
        return


def _device(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:LONGEST_DEVICE]
