"""Guessing slows down: failed tries are counted in the database, so that every worker sees them."""

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from peewee import Case

from adr_app.models.base import writing
from adr_app.models.people import Attempt

WINDOW = timedelta(minutes=15)
PER_PAIR = 10
PER_EMAIL = 100
PER_ADDRESS = 40
"""How many tries in one window: few for one e-mail from one network, more for a network, behind which an
office may sit, and many for one e-mail from anywhere, so that a stranger's guesses elsewhere do not shut
somebody out."""


def count(email: str, address: str, at: datetime, *, what: str = "") -> bool:
    """Count one try before it is made; return whether it may be made.

    Tries of another kind, named by `what`, are counted apart and shut nobody out of signing in.
    Counting first, in a transaction of its own, means that parallel guesses and crashes are counted too.
    A try that turns out right is forgotten by `forget`.
    """
    pair, who, where = _keys(email, address, what)
    with writing():
        # What is refused for its network counts no further, or one network alone could use up the e-mail.
        return _add(where, at) <= PER_ADDRESS and _add(pair, at) <= PER_PAIR and _add(who, at) <= PER_EMAIL


def forget(email: str, address: str, at: datetime) -> None:
    """Take back one try that turned out right, the failed ones before it here, and windows that are over."""
    pair, who, where = _keys(email, address)
    with writing():
        Attempt.delete().where((Attempt.key == pair) | (Attempt.window_at <= at - WINDOW)).execute()
        # What others tried from elsewhere, and for others from here, still counts.
        right = Attempt.key.in_((who, where)) & (Attempt.count > 0)
        Attempt.update(count=Attempt.count - 1).where(right).execute()


def _keys(email: str, address: str, what: str = "") -> tuple[str, str, str]:
    # Hashed: whatever was typed as an e-mail fits, and the table lists nobody's address.
    who = hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()
    where = _network(address)
    return f"{what}pair:{who} {where}", f"{what}email:{who}", f"{what}address:{where}"


def _network(address: str) -> str:
    """Return the address, or the /64 of an IPv6 one, which is what one subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ip_network(f"{parsed}/64", strict=False))


def _add(key: str, at: datetime) -> int:
    over = Attempt.window_at <= at - WINDOW
    Attempt.insert(key=key, count=1, window_at=at).on_conflict(
        conflict_target=[Attempt.key],
        update={
            Attempt.count: Case(None, [(over, 1)], Attempt.count + 1),
            Attempt.window_at: Case(None, [(over, int(at.timestamp()))], Attempt.window_at),
        },
    ).execute()
    return Attempt.select(Attempt.count).where(Attempt.key == key).scalar()
