"""What is signed and recorded, byte for byte: clean text, bounded numbers, canonical JSON, its digest."""

import hashlib
import re
import unicodedata
from typing import Any

from adr_app.domain.errors import Invalid
from adr_app.domain.spelling import speller

LOWEST_INTEGER = -(2**63)
HIGHEST_INTEGER = 2**63 - 1
"""The whole numbers that both databases can hold: signed, 64 bits."""

_LINE_END = re.compile(r"\r\n?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_MOST_DIGITS = 19


def clean_text(text: str, field: str = "text") -> str:
    """Return `text` composed (Unicode NFC) and with line feeds as its only line ends.

    :raises Invalid: under `field`, when it holds a control character other than line end and tab, or half
        of a surrogate pair; neither can be shown, and one database or the other would refuse it.
    """
    composed = _composed(_LINE_END.sub("\n", text) if "\r" in text else text)
    found = None if is_printable(composed) else _UNPRINTABLE.search(composed)
    if found is None:
        return composed
    line = composed.count("\n", 0, found.start()) + 1
    message = (
        f"Line {line} holds a character that cannot be shown or saved (U+{ord(found.group()):04X}). "
        "Delete it, or paste the text again as plain text."
    )
    raise Invalid(message, {field: message})


def is_printable(text: str) -> bool:
    """Return whether `text` surely holds no control character other than line feed and tab, nor a surrogate.

    Many times faster than looking for one; some texts that hold none are not told by it either.
    """
    return text.replace("\n", "").replace("\t", "").isprintable()


def printable(text: str, most: int = 200) -> str:
    """Return what can be shown of the first `most` characters of `text`: what an address asks for.

    An address is nobody's work, so what cannot be shown is dropped from it instead of refused.
    """
    return "".join(char for char in text[:most] if char.isprintable()).strip()


def check_integer(
    value: int | str, field: str = "number", low: int = LOWEST_INTEGER, high: int = HIGHEST_INTEGER
) -> int:
    """Return `value`, typed or given, as a whole number from `low` to `high`, both included.

    The bounds are cut to what the databases hold, so that nothing larger reaches them.

    :raises Invalid: under `field`, when it is not a whole number or lies outside.
    """
    low, high = max(low, LOWEST_INTEGER), min(high, HIGHEST_INTEGER)
    number = value if isinstance(value, int) else _whole_number(value.strip())
    if isinstance(value, bool) or number is None or not low <= number <= high:
        message = f"Type a whole number from {low} to {high}."
        raise Invalid(message, {field: message})
    return number


def _whole_number(text: str) -> int | None:
    # Counting digits first keeps a megabyte of them away from int(), which refuses or takes seconds.
    if not _WHOLE_NUMBER.fullmatch(text) or len(text.lstrip("+-").lstrip("0")) > _MOST_DIGITS:
        return None
    sign = -1 if text[0] == "-" else 1
    return sign * int(text.lstrip("+-").lstrip("0") or "0")


def canonical_json(value: object) -> bytes:
    """Return `value` as the only JSON text this product writes for it, in UTF-8.

    Keys are sorted by code point, nothing is padded, strings and keys are NFC. Values are None, booleans,
    64-bit integers, strings, lists or tuples, and mappings with string keys.

    :raises TypeError: for anything else; a float has no single spelling, so a unit in whole numbers is
        asked for instead.
    :raises ValueError: for an integer beyond 64 bits, half of a surrogate pair, or two keys that become
        one when composed.
    """
    return _spelled(value if _is_canonical(value) else _canonical(value)).encode("utf-8")


_spelled = speller(",", ":")


_TEXT = {str}


def _is_canonical(value: object) -> bool:
    """Return whether a value surely is as `_canonical` would return it, which takes several times as long."""
    waiting: list[Any] = [value]
    for one in waiting:  # what it holds is added while it is gone through
        kind = type(one)
        if kind is str:
            if not (one.isascii() or unicodedata.is_normalized("NFC", one)):
                return False
        elif kind is list or kind is tuple:
            waiting += one
        elif kind is dict:
            if not (set(map(type, one)) <= _TEXT and all(map(str.isascii, one))):
                return False
            waiting += one.values()
        elif kind is int:
            if not LOWEST_INTEGER <= one <= HIGHEST_INTEGER:
                return False
        elif one is not None and kind is not bool:
            return False
    return True


def _canonical(value: object) -> object:
    if type(value) is str:  # most values are, and most of those are as they should be
        return _composed(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # str() drops the subclass, such as a StrEnum or a template's Markup, before it is written.
        return _composed(str(value))
    if isinstance(value, int):
        if not LOWEST_INTEGER <= value <= HIGHEST_INTEGER:
            raise ValueError("an integer beyond 64 bits cannot be stored, so it cannot be signed")
        return int(value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, dict):
        return _canonical_mapping(value)
    raise TypeError(f"{type(value).__name__} has no canonical form: use text, whole numbers, lists, mappings")


def _composed(text: str) -> str:
    # Letters of ASCII are composed as they are, and most texts hold no others.
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _canonical_mapping(mapping: dict[object, object]) -> dict[str, object]:
    composed: dict[str, object] = {}
    for key, item in mapping.items():
        if not isinstance(key, str):
            raise TypeError(f"a key must be text, not {type(key).__name__}")
        name = _composed(str(key))
        if name in composed:
            raise ValueError(f"two keys are the same once composed: {name!r}")
        composed[name] = _canonical(item)
    return composed


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
