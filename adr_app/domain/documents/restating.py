"""Take a record that was read apart for writing it in another format: nothing of its text is lost.

What the new file's metadata says in full is taken out of the text: the title, and a status, date or name that
stands alone on its line. Everything else stays where and as it is, headings and unknown keys included.
"""

import re
from dataclasses import replace
from typing import Any

from adr_app.domain.documents import people, titles
from adr_app.domain.documents.extraction import Source
from adr_app.domain.documents.header import Field, read_header
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.places import STATUS_KEYS, status_section
from adr_app.domain.documents.record import Record
from adr_app.domain.documents.status import understand
from adr_app.domain.documents.structure import Document, Heading
from adr_app.domain.documents.writers.fields import Fields
from adr_app.domain.documents.writers.madr4 import scalar
from adr_app.domain.values import dataclass

_KEY = re.compile(r"[\"']?([^\W\d_][\w .()/-]{0,60}?)[\"']?[ \t]*:(?:\s|$)")
_LINE = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(\*\*|__)?([^\W\d_][\w ()/-]{1,40}?)(\*\*|__)?:(\*\*|__)?[ \t]*(.*)"
)
_PEOPLE = people.DECIDERS | people.CONSULTED | people.INFORMED | people.TAGS
_RESTATED = STATUS_KEYS | _PEOPLE | {"date", "title", "full title"}
_EARLIER = "Earlier Status"
_ELSEWHERE = ("file name", "change log", "from git", "")
"""Sources of a date that no field of the file states, so that none shall."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a record: its text, its lines of YAML, and those as pairs for formats without YAML.

    `states_itself` tells that the text still has a section that states the status.
    """

    body: str
    front_matter: str
    flat: tuple[tuple[str, str], ...]
    states_itself: bool


def rest_of(record: Record, source: Source, *, status: str | None) -> Rest:
    """Return what is left of a record that was read from `source` once its metadata is written anew.

    `status` is the one that will be written: where the text states another, that is kept as an earlier one.
    """
    text = record.front_matter + record.body
    hidden = record.front_matter.count("\n")
    document = Document(text, hidden)
    lines: list[str | None] = list(document.lines)
    _take_title(document, record, lines)
    states = _take_status(document, record, lines, status)
    for field in read_header(document):
        _take_field(document, field, record, lines, status)
    body = "\n".join(line for line in lines[hidden:] if line is not None)
    yaml = source.kind == "yaml" and not any(note.code == "metadata" for note in source.warnings)
    flat = tuple((key, value) for key, value in record.extra_metadata.items() if _free(key) and value)
    return Rest(
        re.sub(r"\n{4,}", "\n\n\n", body).strip("\n").rstrip(),
        _yaml_lines(record.front_matter) if yaml else _as_yaml(flat),
        flat,
        states,
    )


def _free(key: str) -> bool:
    """Return whether a key of metadata is not written anew."""
    return key.strip().casefold().replace("_", " ").replace("-", " ") not in _spaced(_RESTATED)


def _spaced(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key.replace("-", " ") for key in keys)


def _yaml_lines(block: str) -> str:
    """Return the lines of a block of YAML that are not written anew, without its fences."""
    kept: list[str] = []
    wanted = True
    for line in block.strip("\n").split("\n")[1:-1]:
        match = _KEY.match(line)
        if match:
            wanted = _free(match[1])
        if wanted or line.startswith("#"):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _as_yaml(flat: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{key}: {scalar(value)}" for key, value in flat)


def _take_title(document: Document, record: Record, lines: list[str | None]) -> None:
    """Take the heading out that says the title, and nothing more."""
    for heading in document.headings[:4]:
        said = titles.tidy(plain(heading.text), (record.number or "").split(".")[0] or None)[0]
        if heading.level <= 2 and said and said == record.title:
            _take_heading(document, heading, lines)
            return


def _take_heading(document: Document, heading: Heading, lines: list[str | None]) -> None:
    lines[heading.line] = None
    if not document.shown[heading.line].lstrip().startswith("#"):
        lines[heading.line + 1] = None


def _take_status(document: Document, record: Record, lines: list[str | None], status: str | None) -> bool:
    """Take a section out that states the status in one word; return whether one stays that states it."""
    section = status_section(document)
    if section is None:
        return False
    said = [line.strip() for line in document.lines[section.start : section.own] if line.strip()]
    if len(said) == 1 and _is_word(said[0], record.status):
        for i in range(section.heading.line, section.own):
            lines[i] = None
        return False
    if status != record.status and understand("\n".join(said)).status is not None:
        _rename(document, section.heading, lines)
        return False
    return True


def _rename(document: Document, heading: Heading, lines: list[str | None]) -> None:
    underlined = not document.shown[heading.line].lstrip().startswith("#")
    lines[heading.line] = _EARLIER if underlined else f"{'#' * heading.level} {_EARLIER}"


def _is_word(text: str, status: str | None) -> bool:
    """Return whether a text is one word that says this status, and nothing besides."""
    bare = text.strip("*_`. ").casefold()
    return status is not None and bare.isalpha() and understand(text).status == status


def _take_field(
    document: Document, field: Field, record: Record, lines: list[str | None], status: str | None
) -> None:
    """Take a line out whose one field the metadata says in full."""
    line = document.lines[field.line]
    match = _LINE.fullmatch(line)
    if match is None or lines[field.line] is None or match[5].strip() != field.value:
        return
    value = field.value
    if field.key in STATUS_KEYS:
        # A link on the next lines is part of what the status says: there the line stays with them.
        alone = not any("](" in below for below in document.shown[field.line + 1 : field.line + 4])
        same = status == record.status and value == record.status_raw
        if _is_word(value, record.status) or (same and alone):
            lines[field.line] = None
        elif status != record.status and understand(value).status is not None:
            lines[field.line] = line.replace(match[2], _EARLIER, 1)
    elif field.key == "date":
        if value == record.date:
            lines[field.line] = None
    elif field.key in _PEOPLE and value and ", ".join(people.names(value)) == value:
        known = (record.deciders, record.consulted, record.informed, record.tags)
        if people.names(value) in known:
            lines[field.line] = None


def _status_words(record: Record) -> str:
    """Return the status as its line puts it, where that says more than the word."""
    raw = " ".join(record.status_raw.split())
    on_a_line = record.status_source in ("front matter", "header")
    partly = understand(record.status_raw).partly and "[" not in raw
    return raw if (on_a_line or partly) and not _is_word(raw, record.status) else ""


def fields_of(record: Record, source: Source, **changes: Any) -> Fields:
    """Return a record that was read from `source` as it is written in another format.

    `changes` are fields that are otherwise by now, such as its status.
    """
    status = changes.get("status", record.status)
    rest = rest_of(record, source, status=status)
    found = _fields(record, rest)
    return replace(found, status_words=found.status_words if status == record.status else "", **changes)


def _fields(record: Record, rest: Rest) -> Fields:
    return Fields(
        title=record.fallback_title,
        number=record.number_value,
        status=record.status,
        status_words=_status_words(record),
        date=None if record.date_source in _ELSEWHERE else record.date,
        deciders=record.deciders,
        consulted=record.consulted,
        informed=record.informed,
        tags=record.tags,
        context=record.context,
        drivers=record.drivers,
        options=record.options or (),
        decision=record.decision,
        consequences=record.consequences,
        sections=record.extra_sections,
        body=rest.body,
        states_itself=rest.states_itself,
        front_matter=rest.front_matter,
        flat=rest.flat,
    )
