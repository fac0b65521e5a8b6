"""Read one file: everything that can be told without the others."""

import html
import posixpath
import re
from dataclasses import dataclass, replace
from unicodedata import is_normalized, normalize

from adr_app.domain.documents import formats, people, places, titles
from adr_app.domain.documents.dating import Dated, find_date
from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.header import Field, read_header
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.links import find_links, mentions
from adr_app.domain.documents.numbers import Number, find_number, read_name
from adr_app.domain.documents.options import read_options
from adr_app.domain.documents.record import Note, Record
from adr_app.domain.documents.selection import by_name, by_text
from adr_app.domain.documents.structure import CONSEQUENCES, CONTEXT, DECISION, DRIVERS, Document

_MANAGED_TAGS = re.compile(r"<!--\s*adr-manager-tags:\s*\[([^\]]{0,2000})\]")
_USED = (
    places.STATUS_KEYS
    | people.DECIDERS
    | people.CONSULTED
    | people.INFORMED
    | people.TAGS
    | {"date", "title", "full-title", "name", "links"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text as read (LF line ends), its metadata, and how many characters and lines those take."""

    text: str
    metadata: Metadata
    kind: str | None = None
    body_at: int = 0
    warnings: tuple[Note, ...] = ()


@dataclass(slots=True)
class Draft:
    """A record whose date and links are still to be settled among all; `partly` superseded, as it says."""

    record: Record
    dated: Dated | None
    partly: bool
    mentions: tuple[str, ...]


def extract(path: str, source: Source, homes: set[str]) -> Draft | str:
    """Return what one file says, or why it is no record; `homes` are the folders that are each one record."""
    folder, _, base = path.rpartition("/")
    stem = base.rsplit(".", 1)[0]
    own_folder = folder in homes and stem.casefold() in ("readme", "index")
    name = read_name(posixpath.basename(folder) if own_folder else stem)
    reason = by_name(stem, folder, read_name(stem), folder in homes)
    if reason:
        return reason
    text = source.text if is_normalized("NFC", source.text) else normalize("NFC", source.text)
    body_at = source.body_at if text is source.text else len(normalize("NFC", source.text[: source.body_at]))
    document = Document(text, text.count("\n", 0, body_at))
    matter = {_key(key): value for key, value in source.metadata.items()}
    flat = {key: value if isinstance(value, str) else ", ".join(value) for key, value in matter.items()}
    header = read_header(document)
    heading = titles.heading_text(document)
    title, prefix = titles.tidy(_title(flat, header, heading), name.number)
    title = _full_title(flat, header) or title
    heading_said = titles.tidy(titles.heading_markup(document))[1]
    prefix = prefix if prefix.status else heading_said
    found = places.places(document, flat, header, prefix, path)
    place, status, disagree = places.decide(found)
    unfilled = any(p.stated.template for p in found)
    raw_title = flat.get("title") or heading
    reason = by_text(document, path, name, raw_title, status, unfilled)
    if reason:
        return reason
    dated = find_date(document, flat, header, place, name)
    number = find_number(name, heading or flat.get("title", ""), flat)
    record = _record(path, document, text, body_at, source, matter, header, title, number)
    notes = [*source.warnings, *_status_notes(found, place, status, disagree)]
    record = replace(
        record,
        status=status,
        status_raw=place.raw if place else "",
        status_source=place.source if place else "",
        deciders=record.deciders or (people.approvers(place.raw) if place else ()),
        date_raw=dated.raw if dated else "",
        date_source=dated.source if dated else "",
        links=tuple(find_links(document, matter, header, _status_lines(document, found))),
        format=formats.detect(
            document, text, source.kind, set(flat), {f.key for f in header}, name.day is not None
        ),
        warnings=tuple(notes),
    )
    return Draft(record, dated, bool(place and place.stated.partly), mentions(document))


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


def _status_notes(
    found: list[places.Place], place: places.Place | None, status: str | None, disagree: bool
) -> list[Note]:
    if place is None:
        return []
    line = place.line + 1
    if any(p.stated.template for p in found) and status is None:
        return [Note(line, "status-template", "The status is still the template's list of choices.")]
    if status is None and place.raw.strip():
        return [
            Note(line, "status-unknown", f"These words state no status we know: “{place.raw.strip()[:80]}”.")
        ]
    if disagree:
        said = "; ".join(dict.fromkeys(f"{p.source}: {p.raw.strip()[:60]}" for p in found if p.stated.status))
        return [
            Note(
                line,
                "status-disagrees",
                f"The file states more than one status ({said}); we took “{status}”.",
            )
        ]
    return []


def _record(
    path: str,
    document: Document,
    text: str,
    body_at: int,
    source: Source,
    matter: Metadata,
    header: list[Field],
    title: str | None,
    number: Number | None,
) -> Record:
    tags = people.names(matter.get("tags", "")) or people.people(document, matter, header, people.TAGS)
    managed = _MANAGED_TAGS.search(text) if "adr-manager-tags" in text else None
    extra = {k: v if isinstance(v, str) else ", ".join(v) for k, v in matter.items() if k not in _USED}
    return Record(
        path=path,
        title=title,
        number=number.text if number else None,
        number_value=number.value if number else None,
        number_source=number.source if number else "",
        options=read_options(document),
        deciders=people.people(document, matter, header, people.DECIDERS),
        consulted=people.people(document, matter, header, people.CONSULTED),
        informed=people.people(document, matter, header, people.INFORMED),
        tags=people.names(managed[1]) if managed else tags,
        drivers=formats.part(document, DRIVERS),
        context=formats.part(document, CONTEXT),
        decision=formats.part(document, DECISION),
        consequences=formats.part(document, CONSEQUENCES),
        extra_sections=formats.extra_sections(document),
        extra_metadata=extra,
        front_matter=text[:body_at],
        body=text[body_at:],
    )
