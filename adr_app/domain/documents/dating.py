"""Where a record states its date, in the order in which the places are believed."""

import re
from dataclasses import replace

from adr_app.domain.documents.dates import Day, find_day
from adr_app.domain.documents.header import Field, is_item
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.numbers import Name
from adr_app.domain.documents.places import CHANGES, Place, section_text
from adr_app.domain.documents.status import newest
from adr_app.domain.documents.structure import Document
from adr_app.domain.values import dataclass

_DATE_KEYS = (
    "date", "decided", "decision date", "date decided", "date resolved", "date of decision", "decided on",
    "datum", "data", "fecha", "дата", "日期", "日付", "決定日", "决定日期", "날짜", "결정일",
    "accepted", "accepted on", "accepted date", "approved", "approved on", "approval date",
    "date approved", "date accepted", "start date", "created", "created on", "creation date",
    "date created", "created at", "created date", "proposed", "proposed on", "date proposed",
    "first published", "published",
    "published on", "adopted", "effective date", "since", "issued", "started", "last updated",
    "last modified", "updated", "updated on", "last update", "last revised", "date updated", "modified",
    "revised", "revision date", "last updated on", "last modified on", "lastupdated", "last revision date",
)  # fmt: skip
_SECTIONS = frozenset(_DATE_KEYS[: _DATE_KEYS.index("accepted")]) - {"decided", "decided on", "data"}
_RANK = {key: i for i, key in enumerate(_DATE_KEYS)}
DATE_KEYS = frozenset(_RANK)
"""The names of fields that state a date, with spaces between their words."""

_SENTENCE_DATE = re.compile(
    r"[\s*_>(-]*(?:created|written|drafted|proposed|decided|accepted|approved|adopted"
    r"|last updated|updated|last modified)"
    r"\s+(?:on|at|in)?:?\s*(.{6,60})",
    re.I,
)
_MONTH = re.compile(r"\W*((?:19|20)\d\d)[-/.](?:0?[1-9]|1[0-2])\W*")
_BARE_DATE = re.compile(r"[\s*_>(-]*((?:[A-Za-z]{3,9},?\s)?[\dA-Za-z][\w ,./-]{5,24}?)[\s*_.)]*")


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, the text it was read from, where that stands, and its line from 0."""

    day: Day
    raw: str
    source: str
    line: int = 0


def find_date(
    document: Document, matter: dict[str, str], header: list[Field], place: Place | None, name: Name
) -> Dated | None:
    """Return the date a record states: the first place that names a day holds, even an impossible one."""
    spaced = {key.replace("-", " "): value for key, value in matter.items()}
    pairs = [(_RANK[key], value, "front matter", -1) for key, value in spaced.items() if key in _RANK]
    pairs += [(_RANK[f.key], f.value, "header", f.line) for f in header if f.key in _RANK]
    for rank, value, source, line in sorted(pairs, key=lambda pair: pair[0]):
        if dated := _dated(value, source, line):
            return dated if line >= 0 else replace(dated, line=document.matter_line(_DATE_KEYS[rank]))
    for section in document.sections:
        named = section.heading.name in _SECTIONS and section.heading.level <= 3
        if named and (dated := _dated(section_text(document, section), "section", section.heading.line)):
            return dated
    if place is not None and place.stated.status in ("accepted", "proposed", "rejected", "draft"):
        lines = plain(newest(place.raw))[:160]
        days = [d for part in re.split(r",(?=\s*[A-Z][a-z]+ (?:on|in)\b)", lines) if (d := find_day(part))]
        if days and place.source in ("section", "header", "heading", "front matter"):
            return Dated(days[-1], place.raw, "status", place.line)
    return _sentence(document) or _earliest_change(document) or _of_name(name)


def _dated(value: str, source: str, line: int) -> Dated | None:
    text = plain(value)
    day = find_day(text)
    if day is None and (month := _MONTH.fullmatch(text)):
        day = Day(None, 0, year=int(month[1]))  # a month has no day, and is none that cannot be
    elif day is None and re.match(r"\W*\d+[-/.]", text):
        day = Day(None, 0, impossible=True)
    return Dated(day, value, source, line) if day else None


def _sentence(document: Document) -> Dated | None:
    for i, line in enumerate(document.shown[: min(document.top, 40)]):
        text = line.strip()
        if not text or text[0] == "#" or len(text) > 200:
            continue
        for pattern in (_SENTENCE_DATE, _BARE_DATE):
            match = pattern.match(text) if pattern is _SENTENCE_DATE else pattern.fullmatch(text)
            day = find_day(match[1]) if match else None
            if day and day.at < 12:
                return Dated(day, text, "header", i)
    return None


def _earliest_change(document: Document) -> Dated | None:
    for section in document.sections:
        if section.heading.name not in CHANGES or section.heading.level > 3:
            continue
        days: list[Dated] = []
        for line in range(section.start, section.own):
            item = is_item(document.shown[line]) or document.shown[line].strip(" |")
            day = find_day(plain(item)[:60]) if item else None
            if day and day.at < 40:
                days.append(Dated(day, item, "change log", line))
        told = sorted((one for one in days if one.day.text), key=lambda one: one.day.text or "")
        if told or days:
            return told[0] if told else days[-1]
    return None


def _of_name(name: Name) -> Dated | None:
    return Dated(Day(name.day, 0), name.day, "file name") if name.day else None
