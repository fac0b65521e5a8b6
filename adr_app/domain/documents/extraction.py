"""Read one file: everything that can be told without the others."""

import html
import posixpath
import re
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import is_normalized, normalize

from adr_app.domain.documents import formats, people, places, titles
from adr_app.domain.documents.dating import Dated, find_date
from adr_app.domain.documents.families import recognise
from adr_app.domain.documents.family import Evidence, Family, Look, Part
from adr_app.domain.documents.header import Field, read_header
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.links import find_links, mentions
from adr_app.domain.documents.numbers import Name, Number, find_number, read_name
from adr_app.domain.documents.options import read_options
from adr_app.domain.documents.record import Link, Record, file_of
from adr_app.domain.documents.remarks import remarks
from adr_app.domain.documents.selection import by_name, by_text
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.structure import CONTEXT, DECISION, DRIVERS, Document
from adr_app.domain.documents.surroundings import Surroundings, is_read_me

_MANAGED_TAGS = re.compile(r"<!--\s*adr-manager-tags:\s*\[([^\]]{0,2000})\]")
_USED = (
    places.STATUS_KEYS
    | people.DECIDERS
    | people.CONSULTED
    | people.INFORMED
    | people.TAGS
    | {"date", "title", "full-title", "name", "links"}
)


@dataclass(slots=True)
class Draft:
    """A record whose date and links are still to be settled among all; `partly` superseded, as it says.

    `day_first` is the order of a date's numbers where the format fixes it. The record's lines count from 1 in
    its own text, which stands `before` lines down its file, or on that `one_line` as a whole.
    """

    record: Record
    dated: Dated | None
    partly: bool
    mentions: tuple[str, ...]
    day_first: bool | None = None
    before: int = 0
    one_line: bool = False


def extract(path: str, source: Source, around: Surroundings, *, brief: bool = False) -> Draft | str:
    """Return what one file says, or why it is no record; where it is to be `brief` without its sections."""
    folder, _, base = path.rpartition("/")
    stem = base.rsplit(".", 1)[0]
    in_folder = folder in around.records
    name = read_name(posixpath.basename(folder) if in_folder and is_read_me(path) else stem)
    reason = by_name(stem, folder, read_name(stem), in_folder)
    if reason:
        return reason
    look = _look(path, source, name, around)
    facts = _facts(look)
    reason = by_text(
        look.document, look.home is not None, path, name, facts.raw_title, facts.status, facts.unfilled
    )
    return reason or _draft(look, facts, around, brief)


def extract_part(path: str, part: Part, around: Surroundings, *, brief: bool = False) -> Draft:
    """Return what one of several records in the file at `path` says."""
    look = _look(f"{path}#{part.name}", part.source, read_name(part.name), around)
    look.part = True
    draft = _draft(look, _facts(look), around, brief)
    draft.record = replace(draft.record, span=part.span)
    return draft


def extract_alone(path: str, source: Source) -> Draft | str:
    """Return what a text says that is known to be a record, without the files that stood around it."""
    folder, file = posixpath.dirname(path), file_of(path)
    around = Surroundings({}, {}, {folder})
    if file == path:
        return extract(path, source, around)
    return extract_part(file, Part(path[len(file) + 1 :], source, (0, len(source.text))), around)


def _look(path: str, source: Source, name: Name, around: Surroundings) -> Look:
    text = source.text
    if not is_normalized("NFC", text):
        at = len(normalize("NFC", text[: source.body_at]))
        source = replace(source, text=normalize("NFC", text), body_at=at)
    document = Document(source.text, source.text.count("\n", 0, source.body_at))
    matter = {_key(key): value for key, value in source.metadata.items()}
    folder = path.rpartition("/")[0]
    return Look(
        path, document, source, matter, read_header(document), name,
        around.home(folder), around.beside(folder),
    )  # fmt: skip


@dataclass(slots=True)
class _Facts:
    """What is told of a file before it is known to be a record."""

    family: Family
    why: Evidence
    flat: dict[str, str]
    heading: str
    title: str | None
    raw_title: str
    found: list[places.Place]
    place: places.Place | None
    status: str | None
    disagree: bool
    unfilled: bool


def _facts(look: Look) -> _Facts:
    family, why = recognise(look)
    document = look.document
    if family.metadata is not None:
        look.matter = family.metadata(look)
    if family.headings is not None:
        document.rename(family.headings(document))
    flat = {key: value if isinstance(value, str) else ", ".join(value) for key, value in look.matter.items()}
    heading = titles.heading_text(document)
    if look.part and not heading and document.headings:
        heading = plain(document.headings[0].text)
    title, prefix = titles.tidy(_title(flat, look.header, heading), look.name.number)
    title = _full_title(flat, look.header) or title
    heading_said = titles.tidy(titles.heading_markup(document))[1]
    prefix = prefix if prefix.status else heading_said
    found = places.places(document, flat, look.header, prefix, look.path)
    if family.words:
        found = [places.in_words(place, family.words) for place in found]
    place, status, disagree = places.decide(found)
    return _Facts(
        family, why, flat, heading, title, flat.get("title") or heading, found, place, status, disagree,
        any(p.stated.template for p in found),
    )  # fmt: skip


def _draft(look: Look, facts: _Facts, around: Surroundings, brief: bool) -> Draft:
    document, source, place, flat = look.document, look.source, facts.place, facts.flat
    dated = find_date(document, flat, look.header, place, look.name)
    number = find_number(look.name, facts.heading or flat.get("title", ""), flat)
    links = find_links(document, look.matter, look.header, _status_lines(document, facts.found))
    if facts.family.links is not None:
        links += facts.family.links(look)
    record = _record(look, facts, number, dated, links, around.scope(look.path), brief)
    return Draft(
        record, dated, bool(place and place.stated.partly), mentions(document), facts.family.day_first,
        source.before, source.kind == "json",
    )  # fmt: skip


def _key(key: str) -> str:
    return key.strip().casefold().replace("_", "-")


def _title(flat: dict[str, str], header: list[Field], heading: str) -> str:
    given = flat.get("title") or ""
    if given and not titles.is_placeholder(given):
        return plain(given)
    if heading and not titles.is_placeholder(heading):
        return heading
    for field in header:
        if field.key in ("title", "name", "titel", "titre") and field.value:
            return plain(field.value)
    return plain(flat.get("name", ""))


def _full_title(flat: dict[str, str], header: list[Field]) -> str:
    """Return the title that our own files state beside a heading that would not be taken for it."""
    said = flat.get("full-title") or next((f.value for f in header if f.key == "full title"), "")
    return " ".join(html.unescape(said).split())


def _status_lines(document: Document, found: list[places.Place]) -> range:
    """Return the lines (from 0) that are about the record itself: its header or its status section."""
    section = places.status_section(document)
    if section:
        return range(section.heading.line, min(section.own, section.start + 40))
    lines = [p.line for p in found if p.source in ("header", "heading", "banner", "change log")]
    return range(min(lines), max(lines) + 3) if lines else range(0)


def _sections(document: Document) -> dict[str, Any]:
    return {
        "drivers": formats.part(document, DRIVERS),
        "context": formats.part(document, CONTEXT),
        "decision": formats.part(document, DECISION),
        "consequences": formats.consequences(document),
        "extra_sections": formats.extra_sections(document),
    }


def _record(
    look: Look,
    facts: _Facts,
    number: Number | None,
    dated: Dated | None,
    links: list[Link],
    scope: str,
    brief: bool,
) -> Record:
    document, matter, header, place = look.document, look.matter, look.header, facts.place
    text, body_at = look.source.text, look.source.body_at
    tags = people.names(matter.get("tags", "")) or people.people(document, matter, header, people.TAGS)
    managed = _MANAGED_TAGS.search(text) if "adr-manager-tags" in text else None
    spelled = {_key(key): key for key in look.source.metadata}
    extra = {
        spelled.get(key, key): value if isinstance(value, str) else ", ".join(value)
        for key, value in matter.items()
        if key not in _USED
    }
    return Record(
        path=look.path,
        title=facts.title,
        number=number.text if number else None,
        number_value=number.value if number else None,
        number_source=number.source if number else "",
        status=facts.status,
        status_raw=place.raw if place else "",
        status_source=place.source if place else "",
        date=dated.day.text if dated else None,
        date_raw=dated.raw if dated else "",
        date_source=dated.source if dated else "",
        links=tuple(links),
        options=read_options(document, brief=brief),
        deciders=people.people(document, matter, header, people.DECIDERS)
        or (people.approvers(place.raw) if place else ()),
        consulted=people.people(document, matter, header, people.CONSULTED),
        informed=people.people(document, matter, header, people.INFORMED),
        tags=people.names(managed[1]) if managed else tags,
        **({} if brief else _sections(document)),
        extra_metadata=extra,
        front_matter=text[:body_at],
        body=text[body_at:],
        format=facts.family.name,
        format_reason=facts.why.reason,
        scope=scope,
        warnings=(*look.source.warnings, *remarks(look, facts.found, place, facts.status, facts.disagree)),
    )
