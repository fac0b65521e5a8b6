"""The well-known sections of a decision record."""

from adr_app.domain.documents.structure import (
    ARGUMENTS,
    CONSEQUENCES,
    CONTEXT,
    DECISION,
    DRIVERS,
    OPTIONS,
    STATUS,
    Document,
    Section,
    is_section_name,
)


def part(document: Document, names: frozenset[str]) -> str:
    """Return the first section of such a name as written, with its sub-sections, or nothing."""
    section = find(document, names)
    return document.raw(section.start, section.end) if section else ""


def find(document: Document, names: frozenset[str]) -> Section | None:
    """Return the first section of such a name, else the first whose heading begins with one and a colon."""
    section = next((s for s in document.sections if s.heading.name in names), None)
    if section is None:
        found = (s for s in document.sections if ": " in s.heading.name and s.heading.level > 1)
        section = next((s for s in found if s.heading.name.partition(":")[0].rstrip() in names), None)
    return section


_SIDES = frozenset({"positive consequences", "negative consequences", "neutral consequences"})


def consequences(document: Document) -> str:
    """Return what follows from the decision; where good and bad stand apart, both under their headings."""
    sides = [section for section in document.sections if section.heading.name in _SIDES]
    if not sides or any(s.heading.name in CONSEQUENCES - _SIDES for s in document.sections):
        return part(document, CONSEQUENCES)
    return "\n\n".join(document.raw(section.heading.line, section.end) for section in sides)


_TAKEN = CONTEXT | DECISION | CONSEQUENCES | DRIVERS | OPTIONS | ARGUMENTS | STATUS


def extra_sections(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the outermost sections that no field holds, as (heading, text) in the file's order."""
    found: list[tuple[str, str]] = []
    taken: set[frozenset[str]] = set()
    level = _level(document)
    title = next((h.line for h in document.headings if not is_section_name(h.name)), -1)
    for section in document.sections:
        if section.heading.level != level or (level == 1 and section.heading.line == title):
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


def _level(document: Document) -> int:
    """Return the level on which a record has most of its well-known sections."""
    levels = [heading.level for heading in document.headings if is_section_name(heading.name)]
    return 3 if levels and min(levels) > 2 else max((2, 1), key=levels.count)


def signs(document: Document) -> int:
    """Return how many kinds of sections a text has that decision records are made of."""
    names = {heading.name for heading in document.headings}
    groups = (CONTEXT, DECISION, CONSEQUENCES, DRIVERS, OPTIONS, ARGUMENTS)
    return sum(bool(names & group) for group in groups)
