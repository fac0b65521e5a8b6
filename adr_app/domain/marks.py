"""Marks piled up on one letter: putting thousands in order takes time that grows with their square."""

import re
from functools import cache
from unicodedata import combining

MOST_MARKS = 30
"""Marks that may follow a letter (Unicode's stream-safe format, UAX #15); no language comes near it."""

_LAST = 0x20000
"""Behind the last character that combines; the few tags far above it do not reorder."""


def piled_up(text: str) -> int | None:
    """Return the line, from 1, on which more than `MOST_MARKS` marks follow one another, or None."""
    if text.isascii():
        return None
    found = _piles().search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


@cache
def _piles() -> re.Pattern[str]:
    marks = "".join(chr(code) for code in range(0x300, _LAST) if combining(chr(code)))
    return re.compile(f"[{re.escape(marks)}]{{{MOST_MARKS + 1}}}")
