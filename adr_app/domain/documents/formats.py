"""Which family of decision records a text belongs to, and its well-known sections."""

import re

from adr_app.domain.documents.structure import (
    ARGUMENTS,
    CONSEQUENCES,
    CONTEXT,
    DECISION,
    DRIVERS,
    OPTIONS,
    STATUS,
    Document,
)

_PINNED = re.compile(r"<!--\s*adr-manager-madr-version:\s*\"?(\d)")
_GOOD = re.compile(r"^\s*[-*]\s+neutral,?\s+because", re.I | re.M)
_MADR4 = frozenset({"decision-makers", "decision makers"})


def detect(
    document: Document, text: str, kind: str | None, keys: set[str], header: set[str], dated: bool
) -> str:
    """Return the name of the format: madr4, madr3, madr2, madr1, log4brains, nygard, adg, or hand-written.

    `kind` is the front matter's, `keys` its keys, `header` those of the header fields; `dated` tells that
    the file's name starts with a day.
    """
    names = {heading.name for heading in document.headings}
    pinned = _PINNED.search(text) if "adr-manager" in text else None
    if pinned:
        return f"madr{pinned[1]}"
    if "adr_id" in keys or "adr-id" in keys:
        return "adg"
    outcome = (
        "decision outcome" in names or "considered options" in names or "considered alternatives" in names
    )
    if outcome:
        if keys & _MADR4 or "confirmation" in names:
            return "madr4"
        if dated and ("tags" in header or "status" in header):
            return "log4brains"
        if kind == "yaml" and keys & {"status", "date", "deciders"}:
            return "madr3"
        if "status" in header or "deciders" in header:
            return "madr2"
        if "considered alternatives" in names:
            return "madr1"
        return "madr4" if names & {"consequences", "more information"} or _GOOD.search(text) else "madr2"
    if names & STATUS and names & DECISION and names & (CONTEXT | CONSEQUENCES):
        return "nygard"
    if names & DECISION and names & CONTEXT:
        return "nygard"
    return "hand-written"


def part(document: Document, names: frozenset[str]) -> str:
    """Return the first section of such a name as written, with its sub-sections, or nothing."""
    section = next((s for s in document.sections if s.heading.name in names), None)
    return document.raw(section.start, section.end) if section else ""


_TAKEN = CONTEXT | DECISION | CONSEQUENCES | DRIVERS | OPTIONS | ARGUMENTS | STATUS


def extra_sections(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the top-level sections that no field holds, as (heading, text) in the file's order."""
    found: list[tuple[str, str]] = []
    taken: set[frozenset[str]] = set()
    for section in document.sections:
        if section.heading.level != 2:
            continue
        group = next(
            (g for g in (CONTEXT, DECISION, CONSEQUENCES, DRIVERS) if section.heading.name in g), None
        )
        if group is not None and group not in taken:
            taken.add(group)
            continue
        if group is None and section.heading.name in _TAKEN:
            continue
        found.append((section.heading.text, document.raw(section.start, section.end)))
    return tuple(found)


def signs(document: Document) -> int:
    """Return how many kinds of sections a text has that decision records are made of."""
    names = {heading.name for heading in document.headings}
    groups = (CONTEXT, DECISION, CONSEQUENCES, DRIVERS, OPTIONS, ARGUMENTS)
    return sum(bool(names & group) for group in groups)
