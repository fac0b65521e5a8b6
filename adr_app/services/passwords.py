"""Passwords: what a new one must be, how it is kept, and checking one in constant work."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from adr_app.domain.errors import Invalid

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""How passwords are kept: argon2id at the cost OWASP's password storage sheet names. Tests lower it."""

SHORTEST = 12
LONGEST = 200
"""Bounds of a new password, in characters; the upper one keeps hashing from being made expensive."""


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(_bytes(password))


def check_new(password: str, again: str | None = None, *, field: str = "password") -> None:
    """Refuse a new password that is too short, too long, or differs from its repetition.

    :raises Invalid: under `field`, saying what to do.
    """
    problem = ""
    if len(password) < SHORTEST:
        problem = f"Choose at least {SHORTEST} characters; a few words in a row are easy to remember."
    elif len(password) > LONGEST:
        problem = f"Choose at most {LONGEST} characters."
    elif again is not None and again != password:
        problem = "The two passwords differ. Type the same one twice."
    if problem:
        raise Invalid(problem, {field: problem})


def matches(kept: str | None, password: str) -> bool:
    """Return whether a password is the one kept; the work is the same when none is kept.

    A password longer than any we accept is cut before hashing: it cannot match, and costs no more.
    """
    try:
        right = HASHER.verify(kept or _decoy(HASHER), _bytes(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Return whether a kept password should be hashed again at today's cost."""
    return HASHER.check_needs_rehash(kept)


@cache
def _decoy(hasher: PasswordHasher) -> str:
    # What an unknown e-mail is checked against, so that the time taken tells nobody who has an account.
    return hasher.hash(b"nobody has this password")


def _bytes(password: str) -> bytes:
    # The same letters typed on another keyboard may arrive decomposed.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
