"""One file for all decisions: a heading with a number for each, and a status below every one of them."""

import re
from bisect import bisect_left, bisect_right

from adr_app.domain.documents.family import Evidence, Family, Look, Part, names_apart, parts_of
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.structure import STATUS, Document, Heading

_NUMBERED = re.compile(
    r"[*_\[ ]*((?:ADR|AD|DR|Decision)[-_ #]{0,2}(?-i:[A-Z][A-Z0-9]{1,11}-)?\d{1,5})\b[*_\] ]*"
    r"\s*[:.–—-]+\s*\S",
    re.I,
)
_WORDS = sorted(STATUS)
_STATED = re.compile(rf"^[ \t>*_-]*(?:{'|'.join(_WORDS)})[*_ \t]*[:：][*_ \t]*\w", re.I | re.M)
_FEWEST = 2


def _evidence(look: Look) -> Evidence | None:
    if look.part and _NUMBERED.match(look.document.lines[0].lstrip("# ")):
        return Evidence(65, "a numbered heading with a status below it, among others in one file")
    return None


def _parts(path: str, source: Source) -> list[Part]:
    text = source.text[source.body_at :]
    lowered = text.lower()
    words = ("status",) if text.isascii() else _WORDS
    if sum(map(lowered.count, words)) < _FEWEST:  # a page of one decision, which is cheap to tell
        return []
    if len(_STATED.findall(text)) + sum(lowered.count(f"# {word}") for word in words) < _FEWEST:
        return []
    document = Document(source.text, source.text.count("\n", 0, source.body_at))
    found = [(h, match[1]) for h in document.headings if (match := _NUMBERED.match(h.text))]
    level = found[0][0].level if found else 0
    same = [(h, name) for h, name in found if h.level == level]
    if len(same) < _FEWEST or (level == 1 and len(same) == 1):
        return []
    lines = [h.line for h in document.headings]
    ends = [*(h.line for h in document.headings if h.level <= level), len(document.lines)]
    places: list[tuple[str, int, int]] = []
    marks = names_apart(re.sub(r"[-_ #]+", "-", name).upper() for _, name in same)
    for (heading, _), mark in zip(same, marks, strict=True):
        end = ends[bisect_right(ends, heading.line)]
        below = document.headings[bisect_right(lines, heading.line) : bisect_left(lines, end)]
        if not _states(document, heading, below, end):
            return []
        places.append((mark, heading.line, end))
    return parts_of(document.lines, places)


def _states(document: Document, heading: Heading, below: list[Heading], end: int) -> bool:
    """Return whether a status is stated between two lines."""
    return any(h.name in STATUS for h in below) or (
        _STATED.search("\n".join(document.shown[heading.line : end])) is not None
    )


FAMILIES = (Family("decision-log", "One file of numbered decisions", _evidence, parts=_parts),)
