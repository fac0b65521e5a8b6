"""Where a record lists its options: as items, headings, bold paragraphs or rows of a table."""

import re
from typing import NamedTuple

from adr_app.domain.documents.arguments import CON_LABEL, ITEM, PRO_LABEL
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.structure import Document, Section
from adr_app.domain.documents.vocabulary import choices

_BOLD = re.compile(r"[ \t]*(?:\*\*|__)([^*_\n][^\n]{0,200}?)(?:\*\*|__)(.*)")
_NUMBERED = re.compile(
    r"(?:option|alternative|approach|solution|variante?)\s*"
    r"(?:#?\d{1,2}\b|[a-f]\b|one\b|two\b|three\b|four\b|[:–]\s)",
    re.I,
)
_ROW = re.compile(r"[ \t]*\|(.*)")
_POINT = re.compile(r"\s*(?:;\s|<br\s*/?>|•)\s*", re.I)
_INNER = re.compile(
    r"^(?:the |list of )?(?:candidate|considered|possible|available)?\s*(?:options|alternatives|candidates)$"
)
_NOT_OPTIONS = choices(
    "pros|cons|advantages|disadvantages|comparison|summary|overview|conclusion|evaluation"
    "|decision|rationale|context"
    "|pros and cons|notes|references|recommendation|comparison table|comparison matrix"
    "|trade-offs|criteria|background"
    "|decision drivers|requirements|chosen option|benefits|drawbacks|discussion"
)


class Entry(NamedTuple):
    """An option as a record lists it: its title in plain words, its own text, the title as it is spelled.

    What speaks for and against it is there where the list itself says so, as the columns of a table do.
    """

    title: str
    text: str
    spelling: str
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


class Block(NamedTuple):
    """What is said of one option: its title as it is spelled, the first line and the one behind the last."""

    title: str
    start: int
    end: int


def under_bold_lines(document: Document, section: Section) -> list[Block]:
    """Return the parts of a section that each begin with a bold line of its own; no labels of arguments."""
    found: list[tuple[str, int]] = []
    for i in range(section.start, section.own):
        match = _BOLD.fullmatch(document.shown[i])
        if (
            match
            and not match[2].strip(" :.")
            and not (PRO_LABEL.match(match[1]) or CON_LABEL.match(match[1]))
        ):
            found.append((match[1], i))
    ends = [*(i for _, i in found), section.own][1:]
    return [Block(title, i + 1, end) for (title, i), end in zip(found, ends, strict=True)]


def entries(document: Document, section: Section) -> list[Entry]:
    """Return an options section's entries: list items, else sub-headings, bold paragraphs or table rows."""
    inner = next((s for s in _below(document, section) if _INNER.search(s.heading.name)), None)
    if inner and (found := entries(document, inner)):
        return found
    below = under_headings(document, section)
    items = _items(document.shown[section.start : section.own])
    if below and (len(items) < 2 or len(below) >= len(items) or not _alone(document, section)):
        return below if len(below) > 1 or not items else items
    if items and not below:
        bold = _bold(document.shown[section.start : section.own])
        return bold if len(bold) > 1 and not _alone(document, section) else items
    return items or _bold(document.shown[section.start : section.own]) or _rows(document, section)


def _alone(document: Document, section: Section) -> bool:
    """Return whether a section's first lines are its list, with at most one sentence before it."""
    lines = [line for line in document.shown[section.start : section.own] if line.strip()]
    first = next((i for i, line in enumerate(lines) if ITEM.fullmatch(line)), None)
    return first is not None and first <= 2 and not _BOLD.fullmatch(lines[0])


def _below(document: Document, section: Section) -> list[Section]:
    return [s for s in document.sections if section.start <= s.heading.line < section.end]


def under_headings(document: Document, section: Section) -> list[Entry]:
    """Return the sub-headings of a section that are options, each with its text."""
    found = outermost(_below(document, section))
    return [_headed(document, s) for s in found]


def _headed(document: Document, section: Section) -> Entry:
    words = section.heading.text
    return Entry(plain(words), document.raw(section.start, section.own), words)


def outermost(below: list[Section]) -> list[Section]:
    """Return the sections that are options: those numbered as such, else those of the outermost level."""
    level = min((s.heading.level for s in below), default=0)
    numbered = [s for s in below if _NUMBERED.match(s.heading.name)]
    deeper = min((s.heading.level for s in numbered), default=0)
    if len(numbered) > 1 and deeper > level:
        return [s for s in numbered if s.heading.level == deeper]
    return [s for s in below if s.heading.level == level and s.heading.name not in _NOT_OPTIONS]


def numbered_headings(document: Document) -> list[Entry]:
    """Return the headings anywhere that are numbered as options, where there are several of one level."""
    found = [s for s in document.sections if _NUMBERED.match(s.heading.name)]
    level = min((s.heading.level for s in found), default=0)
    same = [s for s in found if s.heading.level == level]
    return [_headed(document, s) for s in same] if len(same) > 1 else []


def _items(lines: list[str]) -> list[Entry]:
    """Return the outermost list items, the indented lines below each as its text."""
    found: list[tuple[list[str], list[str]]] = []
    outer = 99
    gap = False
    for line in lines:
        match = ITEM.fullmatch(line) if len(line) < 4000 else None
        if match and len(match[1].expandtabs()) <= outer:
            outer = min(outer, len(match[1].expandtabs()) + 1)
            found.append(([match[2]], []))
            gap = False
        elif found and line.strip():
            if gap and not line[0].isspace():
                if match is None and _TABLE_OR_QUOTE.match(line):
                    break
                gap = True
                continue
            title, text = found[-1]
            if not text and not match and not gap:
                title.append(line.strip())
            else:
                text.append(line.strip())
        elif not line.strip():
            gap = True
    said = [(" ".join(title), text) for title, text in found]
    return [Entry(plain(title), "\n".join(text), title) for title, text in said]


_TABLE_OR_QUOTE = re.compile(r"\s*[|>]")


def _bold(lines: list[str]) -> list[Entry]:
    found = []
    for i, line in enumerate(lines):
        if i and lines[i - 1].strip():
            continue
        match = _BOLD.fullmatch(line)
        if match and not PRO_LABEL.match(match[1]) and not CON_LABEL.match(match[1]):
            title = plain(match[1]).rstrip(":. ")
            if title.casefold() not in _NOT_OPTIONS and title.casefold() != "note":
                found.append(Entry(title, match[2].strip(" :."), match[1]))
    return found


def _rows(document: Document, section: Section) -> list[Entry]:
    rows = []
    for line in document.shown[section.start : section.own]:
        match = _ROW.fullmatch(line)
        if match:
            rows.append([cell.strip() for cell in match[1].rstrip().removesuffix("|").split("|")])
        elif rows:
            break
    if len(rows) < 3 or not set("".join(rows[1])) <= set("-: "):
        return []
    heads = [plain(cell) for cell in rows[0]]
    pro = next((i for i, head in enumerate(heads) if i and PRO_LABEL.match(head)), 0)
    con = next((i for i, head in enumerate(heads) if i and CON_LABEL.match(head)), 0)
    found = []
    for cells in (cells for cells in rows[2:] if cells[0]):
        said = [cell for i, cell in enumerate(cells) if i not in (0, pro, con)]
        entry = Entry(plain(cells[0]), " | ".join(said), cells[0])
        found.append(entry._replace(pros=_points(cells, pro), cons=_points(cells, con)))
    return found


def _points(cells: list[str], column: int) -> tuple[str, ...]:
    """Return the arguments in one cell of a row; there are none in its first, which is the title."""
    cell = cells[column] if 0 < column < len(cells) else ""
    return tuple(said for part in _POINT.split(cell) if (said := plain(part).strip(" -–—")))
