"""Words of a text that a comment is about: whether a text has them, and beneath which heading.

Somebody marks what a page shows, across paragraphs and lists, so blanks are no part of the comparison: what
is compared are the letters, in their order.
"""

import html
import re
from collections.abc import Iterable
from itertools import pairwise

LONGEST = 500
"""How many letters a passage may have; a longer one is a section, which has a name."""

_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<h[1-6][\s>]")
_HEADED = re.compile(r"(<h([1-6])(?:\s[^>]*)?>.*?</h\2>)", re.DOTALL)


def shown(markup: str) -> str:
    """Return what a reader sees of sanitised HTML, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def letters(text: str) -> str:
    """Return a text without its blanks."""
    return "".join(text.split())


def holds(markup: str, passage: str) -> bool:
    """Return whether sanitised HTML shows these words."""
    return letters(passage) in letters(html.unescape(_TAG.sub("", markup)))


def part_of(parts: Iterable[tuple[str, str]], passage: str) -> str | None:
    """Return the first of some parts, each a name and its HTML, that shows these words, or None."""
    return next((name for name, markup in parts if holds(markup, passage)), None)


def heading_above(markup: str, passage: str) -> str:
    """Return the last heading above these words within one part, or an empty text."""
    starts = [found.start() for found in _HEADING.finditer(markup)]
    for start, end in pairwise([*starts, len(markup)]):
        if holds(markup[start:end], passage):
            headed = _HEADED.match(markup, start)
            return shown(headed[1]) if headed else ""
    return ""
