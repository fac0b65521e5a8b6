"""Considered options with their arguments, where a record lists them."""

import re

from adr_app.domain.documents.arguments import CON_LABEL, ITEM, PRO_LABEL, Argued, argued_in
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.record import Option
from adr_app.domain.documents.structure import ARGUMENTS, DECISION, OPTIONS, Document, Section
from adr_app.domain.documents.vocabulary import choices

_BOLD = re.compile(r"[ \t]*(?:\*\*|__)([^*_\n][^\n]{0,200}?)(?:\*\*|__)(.*)")
_NUMBERED = re.compile(
    r"(?:option|alternative|approach|solution|variante?)\s*"
    r"(?:#?\d{1,2}\b|[a-f]\b|one\b|two\b|three\b|four\b|[:–]\s)",
    re.I,
)
_CHOSEN = re.compile(
    r"(?:chosen (?:option|alternative)s?|gewählte option|option choisie|opción elegida|opção escolhida)"
    r"\s*:?\s*(.+)"
    r"|we (?:decided|chose)\s+(?:for|to use|to go with)?\s*(.+)",
    re.I,
)
_NTH = re.compile(r"(?:option|alternative|variante?)\s+#?(\d{1,2})", re.I)
_MARKED = re.compile(r"[(\[*_ -](?:chosen|selected|accepted|gewählt|choisie?)[)\]*_]*\s*$", re.I)
_COUNT = re.compile(r"^\W*\d{1,2}[.)]\s+(?=\w)")
_BOX = re.compile(r"^\[[ xX]\]\s*")
_TICKED = re.compile(r"\[[xX]\]")
_BECAUSE = re.compile(r",?\s+(?:because|since|as it|weil|car|parce que)\b", re.I)
_TAIL = re.compile(r"\s+[-–—|]\s.*|,\s*e\.g\..*|\s*\([^()]*\)\s*$|:.*$")
_LEAD = re.compile(
    r"^(?:(?:option|alternative|approach|solution|variante?)\s*(?:#?\d{1,2}|[a-f])?|\d{1,2})\s*[:.)–—-]\s*(?=\w)",
    re.I,
)
_ROW = re.compile(r"[ \t]*\|(.*)")
_LISTED = 500
_MOST = 200
"""Options whose arguments are looked for; no decision has more."""

_PLACEHOLDER = re.compile(
    r"[\[{<(]\s*(?:option|alternative)\s*\d*\s*[\]}>)]|\.\.\.|…|(?:none|n/?a|tbd|keine|aucune|-)\.?|[\[{].*[\]}]\W{0,40}",
    re.I,
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
    ticked = next((title for title, _ in listed[:_LISTED] if _TICKED.match(title)), "")
    listed = [(_BOX.sub("", title), text) for title, text in listed[:_LISTED]]
    listed = [x for x in listed if x[0] and not _PLACEHOLDER.fullmatch(x[0])]
    if not listed:
        return None
    sides = _arguments(document, arguments, section, [title for title, _ in listed])
    chosen = _chosen(document)
    named = _key(chosen or _BOX.sub("", ticked))
    marks = [_alike(_key(title), named) for title, _ in listed]
    if not any(marks):
        nth = _NTH.fullmatch(chosen)
        marks = [
            bool(_MARKED.search(title)) or (nth is not None and int(nth[1]) == i)
            for i, (title, _) in enumerate(listed, 1)
        ]
    return tuple(
        _option(title, text, sides.get(i), marks[i] and marks.count(True) == 1)
        for i, (title, text) in enumerate(listed)
    )


def _option(title: str, text: str, argued: Argued | None, chosen: bool) -> Option:
    if argued is None:
        return Option(title, text, chosen=chosen)
    return Option(title, text or argued.text, argued.pros, argued.cons, argued.neutral, chosen)


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
    first = next((i for i, line in enumerate(lines) if ITEM.fullmatch(line)), None)
    return first is not None and first <= 2 and not _BOLD.fullmatch(lines[0])


def _below(document: Document, section: Section) -> list[Section]:
    return [s for s in document.sections if section.start <= s.heading.line < section.end]


def _under_headings(document: Document, section: Section) -> list[tuple[str, str]]:
    found = _outermost(_below(document, section))
    return [(plain(s.heading.text), document.raw(s.start, s.own)) for s in found]


def _outermost(below: list[Section]) -> list[Section]:
    """Return the sections that are options: those numbered as such, else those of the outermost level."""
    level = min((s.heading.level for s in below), default=0)
    numbered = [s for s in below if _NUMBERED.match(s.heading.name)]
    deeper = min((s.heading.level for s in numbered), default=0)
    if len(numbered) > 1 and deeper > level:
        return [s for s in numbered if s.heading.level == deeper]
    return [s for s in below if s.heading.level == level and s.heading.name not in _NOT_OPTIONS]


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
        match = ITEM.fullmatch(line) if len(line) < 4000 else None
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
        if match and not PRO_LABEL.match(match[1]) and not CON_LABEL.match(match[1]):
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


def _key(title: str) -> tuple[str, str]:
    """Return a title made comparable, with and without a lead such as "Option 2:"."""
    text = plain(title)
    bare = _LEAD.sub("", text)
    return _comparable(text), _comparable(bare)


def _comparable(text: str) -> str:
    return re.sub(r"[\W_]+", " ", _TAIL.sub("", text) or text).strip().casefold()


def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return any(_begins(a, b) for a, b in zip(one, other, strict=True))


def _begins(a: str, b: str) -> bool:
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
                name = _COUNT.sub("", _BECAUSE.split(match[1] or match[2], maxsplit=1)[0])
                return name.strip(" \"'“”‘’*`.")[:200]
    return ""


def _arguments(
    document: Document, arguments: Section | None, section: Section | None, titles: list[str]
) -> dict[int, Argued]:
    """Return what speaks for, against and neither way, by the number of the option in the list."""
    found: dict[int, Argued] = {}
    parents = [s for s in (arguments, section) if s is not None]
    below = [s for s in document.sections if any(p.start <= s.heading.line < p.end for p in parents)]
    argued = _outermost(below)
    in_order = min((s.heading.level for s in below), default=0) == (argued[0].heading.level if argued else 0)
    keys = [_key(title) for title in titles[:_MOST]]
    for order, one in enumerate(argued[:_MOST]):
        said = _key(one.heading.text)
        match = next((i for i, key in enumerate(keys) if i not in found and _alike(key, said)), None)
        if match is None and len(argued) == len(titles) and order not in found and in_order:
            match = order
        if match is not None:
            found[match] = argued_in(document, one.start, one.end)
    return found
