"""Whom a file means that names people in words: by their full name, or by their e-mail."""

import re
from collections.abc import Iterable
from unicodedata import normalize

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_AROUND = " \t\"'`*_.,;:()[]<>{}-"


def is_named(entries: Iterable[str], name: str, email: str) -> bool:
    """Return whether one of the entries is a person: the whole name or the e-mail, however it is spelled.

    “Vera Voss”, “vera@example.org” and “Vera Voss <vera@example.org>” are; “Vera” and “Vera Vossberg” are
    not. Where an entry has an address, that alone tells who is meant.
    """
    wanted_name, wanted_email = _folded(name), _folded(email)
    for entry in entries:
        addresses = [_folded(found) for found in _ADDRESS.findall(entry)]
        if wanted_email in addresses if addresses else _folded(entry) == wanted_name:
            return True
    return False


def _folded(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split()).strip(_AROUND)
