"""Considered options with their arguments, where a record lists them."""

import re

from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.record import Option
from adr_app.domain.documents.structure import ARGUMENTS, DECISION, OPTIONS, Document, Section
from adr_app.domain.documents.vocabulary import choices

_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(.*)")
_BOLD = re.compile(r"[ \t]*(?:\*\*|__)([^*_\n][^\n]{0,200}?)(?:\*\*|__)(.*)")
_NUMBERED = re.compile(r"(?:option|alternative|approach|solution|variante?)\s+(?:\d{1,2}|[a-f])\b", re.I)
_CHOSEN = re.compile(
    r"chosen (?:option|alternative)s?\s*:?\s*(.+)|we (?:decided|chose)\s+(?:for|to use|to go with)?\s*(.+)",
    re.I,
)
_BECAUSE = re.compile(r",?\s+(?:because|since|as it|weil|car|parce que)\b", re.I)
_TAIL = re.compile(r"\s+[-–—|]\s.*|,\s*e\.g\..*|\s*\([^()]*\)\s*$|:.*$")
_ROW = re.compile(r"[ \t]*\|(.*)")
_SIDE = re.compile(
    r"(good|bad|neutral|pro|con|\+|-|✅|❌|👍|👎|🟢|🔴)[\s,:*`]+(?:because\b[\s,:]*)?(.*)", re.I | re.S
)
_PROS = frozenset({"good", "pro", "+", "✅", "👍", "🟢"})
_CONS = frozenset({"bad", "con", "-", "❌", "👎", "🔴"})
_PRO_LABEL = re.compile(r"[\W_]*(?:pros?|advantages?|positives?|benefits|vorteile|avantages)\W*$", re.I)
_CON_LABEL = re.compile(
    r"[\W_]*(?:cons?|disadvantages?|negatives?|drawbacks|nachteile|inconvénients)\W*$", re.I
)
_PLACEHOLDER = re.compile(
    r"[\[{<(]\s*(?:option|alternative)\s*\d*\s*[\]}>)]|\.\.\.|…|[\[{].*[\]}]\W{0,40}", re.I
)
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


def read_options(document: Document) -> tuple[Option, ...] | None:
    """Return the options a record lists, with the arguments it gives for them, or None without a list."""
    section = next((s for s in document.sections if s.heading.name in OPTIONS and s.heading.level <= 4), None)
    arguments = next((s for s in document.sections if s.heading.name in ARGUMENTS), None)
    listed = _entries(document, section) if section else []
    if not listed and arguments:
        listed = _under_headings(document, arguments)
    if not listed:
        listed = _numbered_headings(document)
    listed = [(title, text) for title, text in listed if title and not _PLACEHOLDER.fullmatch(title)]
    if not listed:
        return None
    sides = _arguments(document, arguments, section, [title for title, _ in listed])
    chosen = _chosen(document)
    marks = [title.casefold() == chosen.casefold() for title, _ in listed]
    if marks.count(True) != 1:
        marks = [_same(title, chosen) for title, _ in listed]
    return tuple(
        Option(title, text, *sides.get(i, ((), (), ())), chosen=marks[i] and marks.count(True) == 1)
        for i, (title, text) in enumerate(listed)
    )


def _entries(document: Document, section: Section) -> list[tuple[str, str]]:
    """Return an options section's entries: list items, else sub-headings, bold paragraphs or table rows."""
    inner = next((s for s in _below(document, section) if _INNER.search(s.heading.name)), None)
    if inner and (found := _entries(document, inner)):
        return found
    below = _under_headings(document, section)
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
    first = next((i for i, line in enumerate(lines) if _ITEM.fullmatch(line)), None)
    return first is not None and first <= 2 and not _BOLD.fullmatch(lines[0])


def _below(document: Document, section: Section) -> list[Section]:
    return [s for s in document.sections if section.start <= s.heading.line < section.end]


def _under_headings(document: Document, section: Section) -> list[tuple[str, str]]:
    below = _below(document, section)
    level = min((s.heading.level for s in below), default=0)
    return [
        (plain(s.heading.text), document.raw(s.start, s.own))
        for s in below
        if s.heading.level == level and s.heading.name not in _NOT_OPTIONS
    ]


def _numbered_headings(document: Document) -> list[tuple[str, str]]:
    found = [s for s in document.sections if _NUMBERED.match(s.heading.name)]
    level = min((s.heading.level for s in found), default=0)
    same = [s for s in found if s.heading.level == level]
    return [(plain(s.heading.text), document.raw(s.start, s.own)) for s in same] if len(same) > 1 else []


def _items(lines: list[str]) -> list[tuple[str, str]]:
    """Return the outermost list items, the indented lines below each as its text."""
    found: list[tuple[str, list[str]]] = []
    outer = 99
    gap = False
    for line in lines:
        match = _ITEM.fullmatch(line) if len(line) < 4000 else None
        if match and len(match[1].expandtabs()) <= outer:
            outer = min(outer, len(match[1].expandtabs()) + 1)
            found.append((match[2], []))
            gap = False
        elif found and line.strip():
            if gap and not line[0].isspace():
                if match is None and _TABLE_OR_QUOTE.match(line):
                    break
                gap = True
                continue
            title, text = found[-1]
            if not text and not match and not gap:
                found[-1] = (f"{title} {line.strip()}", text)
            else:
                text.append(line.strip())
        elif not line.strip():
            gap = True
    return [(plain(title), "\n".join(text)) for title, text in found]


_TABLE_OR_QUOTE = re.compile(r"\s*[|>]")


def _bold(lines: list[str]) -> list[tuple[str, str]]:
    found = []
    for i, line in enumerate(lines):
        if i and lines[i - 1].strip():
            continue
        match = _BOLD.fullmatch(line)
        if match and not _PRO_LABEL.match(match[1]) and not _CON_LABEL.match(match[1]):
            title = plain(match[1]).rstrip(":. ")
            if title.casefold() not in _NOT_OPTIONS and title.casefold() != "note":
                found.append((title, match[2].strip(" :.")))
    return found


def _rows(document: Document, section: Section) -> list[tuple[str, str]]:
    rows = []
    for line in document.shown[section.start : section.own]:
        match = _ROW.fullmatch(line)
        if match:
            rows.append([cell.strip() for cell in match[1].rstrip().removesuffix("|").split("|")])
        elif rows:
            break
    if len(rows) < 3 or not set("".join(rows[1])) <= set("-: "):
        return []
    return [(plain(cells[0]), " | ".join(cells[1:])) for cells in rows[2:] if cells[0]]


def _key(title: str) -> str:
    short = _TAIL.sub("", plain(title)) or plain(title)
    return re.sub(r"[\W_]+", " ", short).strip().casefold()


def _same(title: str, other: str) -> bool:
    a, b = _key(title), _key(other)
    return bool(a and b) and (
        a == b or a.startswith(b + " ") or b.startswith(a + " ") or (len(a) > 6 and a in b)
    )


def _chosen(document: Document) -> str:
    """Return the option that the outcome names, without quotes and reasons."""
    for section in document.sections:
        if section.heading.name in DECISION:
            text = " ".join(line.strip() for line in document.shown[section.start : section.own][:12])
            match = _CHOSEN.search(plain(text))
            if match:
                name = _BECAUSE.split(match[1] or match[2], maxsplit=1)[0]
                return name.strip(" \"'“”‘’*`.")[:200]
    return ""


Sides = dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]


def _arguments(
    document: Document, arguments: Section | None, section: Section | None, titles: list[str]
) -> Sides:
    """Return what speaks for, against and neither way, by the number of the option in the list."""
    found: Sides = {}
    parents = [s for s in (arguments, section) if s is not None]
    below = [s for s in document.sections if any(p.start <= s.heading.line < p.end for p in parents)]
    level = min((s.heading.level for s in below), default=0)
    level_ones = [s for s in below if s.heading.level == level and s.heading.name not in _NOT_OPTIONS]
    for order, one in enumerate(level_ones):
        match = next(
            (i for i, title in enumerate(titles) if i not in found and _same(title, plain(one.heading.text))),
            None,
        )
        if match is None and len(level_ones) == len(titles) and order not in found:
            match = order
        if match is not None:
            found[match] = _sides(document.shown[one.start : one.end])
    return found


def _sides(lines: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    pros: list[str] = []
    cons: list[str] = []
    neutral: list[str] = []
    under: list[str] | None = None
    for line in lines:
        bare = line.strip().strip("#").strip()
        if _PRO_LABEL.match(bare):
            under = pros
        elif _CON_LABEL.match(bare):
            under = cons
        elif match := _ITEM.fullmatch(line):
            text = plain(match[2])
            said = _SIDE.match(text)
            if said:
                word = said[1].casefold()
                (pros if word in _PROS else cons if word in _CONS else neutral).append(said[2] or text)
            elif under is not None:
                under.append(text)
    return tuple(pros), tuple(cons), tuple(neutral)
