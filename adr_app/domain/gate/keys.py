"""The public key of an installation as one line that a repository pins, and the short name it goes by."""

import base64
import binascii
import hashlib

PREFIX = "ed25519:"
LENGTH = 32
"""Bytes of an Ed25519 public key."""


def key_line(public: bytes) -> str:
    """Return a public key as the line to pin."""
    return PREFIX + base64.b64encode(public).decode("ascii")


def read_key(line: str) -> bytes:
    """Return the public key that a pinned line holds.

    :raises ValueError: saying what the line should look like.
    """
    try:
        public = base64.b64decode(line.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if not line.startswith(PREFIX) or len(public) != LENGTH:
        raise ValueError("is no key; it looks like “ed25519:…”, as `adr-app key` prints it")
    return public


def key_id(public: bytes) -> str:
    """Return the 16 hexadecimal digits by which a statement names its key; they prove nothing."""
    return hashlib.sha256(b"adr-app ed25519\0" + public).hexdigest()[:16]
