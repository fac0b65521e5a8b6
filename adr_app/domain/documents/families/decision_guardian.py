"""Decision Guardian: many records in a file, each behind a comment that names it."""

import re

from adr_app.domain.documents.family import Evidence, Family, Look, Part, names_apart, parts_of
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.structure import mask

_MARK = re.compile(r"[ \t]*<!--\s*(DECISION-[A-Z0-9][A-Z0-9-]{0,80})\s*-->[ \t]*", re.I)
_TITLE = re.compile(r"##[ \t]+Decision:[ \t]*\S")
_WORDS = {
    "active": "accepted", "enabled": "accepted", "live": "accepted", "archived": "deprecated",
    "inactive": "deprecated",
}  # fmt: skip


def _evidence(look: Look) -> Evidence | None:
    if look.part and _MARK.match(look.document.lines[0]):
        return Evidence(99, "a comment that names the decision, as Decision Guardian wants it")
    return None


def _parts(path: str, source: Source) -> list[Part]:
    if "<!-- decision-" not in source.text[source.body_at :].lower():
        return []
    lines = source.text.split("\n")
    fenced = mask([line.replace("<!--", "\x00!--") for line in lines])
    starts = [
        (i, match[1].upper())
        for i, line in enumerate(lines)
        if "<!--" in line and fenced[i] and (match := _MARK.fullmatch(line)) and _titled(lines, i + 1)
    ]
    ends = [*(line for line, _ in starts[1:]), len(lines)]
    names = names_apart(name for _, name in starts)
    return parts_of(
        lines, ((name, start, end) for (start, _), end, name in zip(starts, ends, names, strict=False))
    )


def _titled(lines: list[str], after: int) -> bool:
    following = next((line for line in lines[after : after + 4] if line.strip()), "")
    return _TITLE.match(following) is not None


FAMILIES = (Family("decision-guardian", "Decision Guardian", _evidence, words=_WORDS, parts=_parts),)
