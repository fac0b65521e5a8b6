"""What a record says for and against one option."""

import re

from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.structure import Document
from adr_app.domain.values import dataclass

ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(.*)")
"""A list item: its indentation and its text."""

_SIDE = re.compile(
    r"(good|bad|neutral|pro|con|\+|-|✅|❌|👍|👎|🟢|🔴)[\s,:*`]+(?:because\b[\s,:]*)?(.*)", re.I | re.S
)
_PROS = frozenset({"good", "pro", "+", "✅", "👍", "🟢"})
_CONS = frozenset({"bad", "con", "-", "❌", "👎", "🔴"})
PRO_LABEL = re.compile(
    r"[\W_]*(?:good,? because|pros?|advantages?|positives?|benefits|vorteile|avantages)\W*$", re.I
)
CON_LABEL = re.compile(
    r"[\W_]*(?:bad,? because|cons?|disadvantages?|negatives?|drawbacks|nachteile|inconvénients)\W*$", re.I
)
_INLINE = re.compile(
    r"[^\w\n]*(?:(?P<pro>pros?|advantages?|benefits|vorteile)|(?P<con>cons?|disadvantages?|drawbacks|nachteile))"
    r"[*_ ]*:[*_ ]*(?P<text>\w.*)",
    re.I,
)
_LONG = 4000


@dataclass(frozen=True, slots=True)
class Argued:
    """What is said of one option: a description, and what speaks for, against and neither way."""

    text: str
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    neutral: tuple[str, ...]


def argued_in(document: Document, start: int, end: int) -> Argued:
    """Return what is said of the option between two lines."""
    lines = document.shown[start:end]
    sides: dict[str, list[str]] = {"pro": [], "con": [], "": []}
    under: list[str] | None = None
    last: list[str] | None = None
    described = len(lines)
    for i, line in enumerate(lines):
        bare = line.strip().strip("#").strip()
        match = ITEM.fullmatch(line)
        if label := PRO_LABEL.match(bare) or CON_LABEL.match(bare):
            under, last = sides["pro" if label.re is PRO_LABEL else "con"], None
        elif inline := _INLINE.fullmatch(line):
            last, under = sides["pro" if inline["pro"] else "con"], None
            last.append(plain(inline["text"]))
        elif match:
            last = _add(plain(match[2]), sides, under)
        elif last and bare and line[0].isspace() and len(last[-1]) < _LONG:
            last[-1] = f"{last[-1]} {plain(bare)}"
            continue
        else:
            last = last if bare and i else None
            continue
        described = min(described, i)
    text = document.raw(start, start + described)
    return Argued(text, tuple(sides["pro"]), tuple(sides["con"]), tuple(sides[""]))


def _add(item: str, sides: dict[str, list[str]], under: list[str] | None) -> list[str] | None:
    """Put an argument on the side it takes, and return the list it went to."""
    said = _SIDE.match(item)
    if said:
        word = said[1].casefold()
        into = sides["pro" if word in _PROS else "con" if word in _CONS else ""]
        into.append(said[2] or item)
        return into
    if under is not None:
        under.append(item)
    return under
