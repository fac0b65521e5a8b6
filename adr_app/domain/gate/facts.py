"""What the gate keeps of each record once it is read: little, so that many records take little room."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import unquote

from adr_app.domain.documents import Record
from adr_app.domain.documents.places import section_text
from adr_app.domain.documents.status import understand
from adr_app.domain.documents.structure import STATUS, Document, comparable, mask
from adr_app.domain.values import dataclass

_LINK = re.compile(r"\]\((?:<([^<>\n]{1,300})>|([^()\s<>]{1,300}(?:\([^()\s]{0,80}\)[^()\s]{0,80})?))")
_CODE = re.compile(r"(`{1,3})(?!`).{1,300}?(?<!`)\1(?!`)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\{|\$")
_KEY = re.compile(r"[\"']?([^\W\d_][\w .()/-]{0,60}?)[\"']?[ \t]*[:=](?:[ \t]|$)", re.M)
_OWN_KEY = re.compile(rf"^([ \t]*){_KEY.pattern}", re.M)
_TEMPLATE = re.compile(r"(?:[-*][ \t]*)?(?:\{[^{}]*\}|\[[^\[\]]*\]|<[^<>]*>|…|\.{3}|tbd|todo)\.?", re.I)
_MOST_LINKS = 200
_STATUS = re.compile(r"^(?: {0,3}#{1,2}[ \t]*(?:\d+\.?[ \t]*)?status\b|status[ \t]*\n[-=]{3})", re.I | re.M)
_SAID = re.compile(r"^[ \t>*_|+-]*status[ \t*_]*[:|][ \t*_]*(?:accepted|approved)[ \t*_.|]*$", re.I | re.M)

MORE_NAMES = {
    "drivers": "drivers",
    "decision drivers": "drivers",
    "context": "context",
    "context and problem statement": "context",
    "decision": "decision",
    "decision outcome": "decision",
    "consequences": "consequences",
}
"""What the settings may call the parts that the reader knows, by the name of the part."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A record without its texts, and what was looked up in them while they were there.

    `missing` are the required parts it lacks, `twice` the front-matter keys it states twice, `links` the
    local addresses it links to with their lines, `elsewhere` the line and words of a status that a person
    may read in its text and the reader does not believe.
    """

    record: Record
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    links: tuple[tuple[int, str], ...] = ()
    elsewhere: tuple[int, str] | None = None


def facts_of(record: Record, required: Iterable[str]) -> Facts:
    """Return what the gate keeps of a record that was just read."""
    return Facts(
        slim(record),
        tuple(name for name in required if not _has(record, name)),
        _twice(record) if record.front_matter else (),
        local_links(record),
        _elsewhere(record),
    )


def slim(record: Record) -> Record:
    """Return a record without its texts, and without what nobody asks of it here."""
    return replace(
        record,
        status_raw="",
        options=None,
        deciders=(),
        consulted=(),
        informed=(),
        tags=(),
        drivers="",
        context="",
        decision="",
        consequences="",
        extra_sections=(),
        extra_metadata={},
        format_reason="",
        front_matter="",
        body="",
    )


def _has(record: Record, name: str) -> bool:
    """Return whether a record has a required part, and something written in it."""
    part = MORE_NAMES.get(name)
    if part:
        return _is_written(getattr(record, part))
    other: dict[str, Callable[[], bool]] = {
        "title": lambda: bool(record.title),
        "status": lambda: record.status is not None,
        "date": lambda: bool(record.date_raw),  # the day itself is settled once all records are read
        "deciders": lambda: bool(record.deciders),
        "decision-makers": lambda: bool(record.deciders),
        "options": lambda: bool(record.options),
        "considered options": lambda: bool(record.options),
    }
    if name in other:
        return other[name]()
    wanted = comparable(name)
    return any(comparable(head) == wanted and _is_written(text) for head, text in record.extra_sections)


def _is_written(text: str) -> bool:
    """Return whether a part says anything but what a template has in its place."""
    lines = _uncommented(text).split("\n")
    said = (line.strip() for line in lines)
    return any(line and line[0] != "#" and not _TEMPLATE.fullmatch(line) for line in said)


def _uncommented(text: str) -> str:
    """Return a text without its comments; one that is never closed hides nothing."""
    kept, at = [], 0
    while (opening := text.find("<!--", at)) >= 0 and (close := text.find("-->", opening)) >= 0:
        kept.append(text[at:opening])
        at = close + 3
    return "".join([*kept, text[at:]])


def _twice(record: Record) -> tuple[str, ...]:
    """Return the keys stated twice: of the block itself, as entries of lists have the same keys each.

    Where the block is broken nobody knows what belongs to what, so that any key counts.
    """
    text = record.front_matter
    found = _KEY.findall(text)
    if len({key.casefold() for key in found}) == len(found):
        return ()
    if not any(note.code == "metadata" for note in record.warnings):
        own = _OWN_KEY.findall(text)
        least = min((len(indent.expandtabs()) for indent, _ in own), default=0)
        found = [key for indent, key in own if len(indent.expandtabs()) == least]
    keys = Counter(key.casefold() for key in found)
    return tuple(key for key, count in keys.items() if count > 1)[:20]


def _elsewhere(record: Record) -> tuple[int, str] | None:
    """Return another status than the record's, in a second section of that name or on a line of its own."""
    if len(_STATUS.findall(record.body)) < 2 and not (
        _SAID.search(record.body) and record.status != "accepted"
    ):
        return None
    document = Document(record.body)
    before = record.front_matter.count("\n") + 1
    for section in document.sections:
        if section.heading.level <= 2 and section.heading.name in STATUS:
            said = understand(section_text(document, section)).status
            if said is not None and said != record.status and record.status != "superseded":
                return before + section.heading.line, said
    for at, line in enumerate(document.shown):
        if record.status not in ("accepted", "superseded") and _SAID.match(line):
            return before + at, "accepted"
    return None


def local_links(record: Record) -> tuple[tuple[int, str], ...]:
    """Return the relative addresses that a record's text links to, outside code, with lines from 1."""
    body = record.body
    if "](" not in body:
        return ()
    if "```" in body or "~~~" in body or "<!--" in body:
        body = "\n".join(mask(body.split("\n")))
    found: list[tuple[int, str]] = []
    line, counted = record.front_matter.count("\n") + 1, 0
    if "`" in body:
        body = _CODE.sub(lambda match: " " * len(match[0]), body)
    for match in _LINK.finditer(body):
        address = match[1] or match[2]
        if _SCHEME.match(address):
            continue
        line += body.count("\n", counted, match.start())
        counted = match.start()
        path = unquote(re.split(r"[#?]", address, maxsplit=1)[0])
        if path and "\0" not in path:
            found.append((line, path))
            if len(found) == _MOST_LINKS:
                break
    return tuple(found)
