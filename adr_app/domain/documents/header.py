"""Fields that stand before a record's first section: bullets, bold or plain lines, tables, quotes."""

import re
from collections.abc import Iterator

from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.structure import STATUS, Document, comparable
from adr_app.domain.documents.vocabulary import choices
from adr_app.domain.values import dataclass

_FIELD = re.compile(
    r"[ \t>]*(?:(?:[-*+]|\d{1,2}[.)])[ \t]+)?(?:#{3,6}[ \t]+)?(?:(\*\*|__|\*|_)[ \t]*)?"
    r"([^\W\d_][\w ()/’'-]{1,40}?)[ \t]*(?:(?:\*\*|__|\*|_)[ \t]*)?[::]"
    r"[ \t]*(?:\*\*|__|\*|_)?(?![/:])[ \t]*(.*)"
)
_LABELS = (
    r"(?:(?:adr |decision )?status|date|created|updated|last updated|deciders?|decision[- ]makers?|authors?"
    r"|owner|tags?|version|supersedes|superseded by)[ \t]*[::]"
)
_BESIDE = re.compile(
    r"(?<![ \t])[ \t]+[|·•][ \t]+(?=(?:\*\*|__)[^\W\d_][\w ()-]{1,30}[::]|(?:\*\*"
    r"|__)[^\W\d_][\w ()-]{1,30}(?:\*\*|__)[::]"
    rf"|{_LABELS})",
    re.I,
)
_ALONE = re.compile(r"[ \t>]*(?:\*\*|__)[ \t]*([^*_\n]{2,40}?)[ \t]*:?[ \t]*(?:\*\*|__)[ \t]*:?[ \t]*")
_STANDING = choices(
    "status|adr status|decision status|date|decision date|deciders|decision makers|decision-makers|tags"
    "|consulted|informed"
)
_BULLET = re.compile(r"[ \t>]*(?:[-*+]|\d{1,2}[.)])[ \t]+(.*)")
_ROW = re.compile(r"[ \t>]*\|(.*)")
_CELL = re.compile(r"(?<!\\)\|")
_LINE = re.compile(r"[ \t|:-]+")
_META_SECTIONS = choices(
    "meta|metadata|decision log|header|document info|document information|general information|info|record"
    "|adr metadata|details|decision metadata"
)
_SPEAKING = choices("status|date|deciders|tags")
_NO_VALUE = ("#", "---", "|", "===", "!!!", "```")
"""What begins a line that never goes on a value."""

_LONGEST = 8000
"""Characters of a value that goes on over several lines; what follows belongs to the text."""


def _key(text: str) -> str:
    """Return a field's name made comparable; words may be joined by low lines as in metadata."""
    return comparable(text).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: comparable `key`, `value` as written (continuation lines joined), line from 0."""

    key: str
    value: str
    line: int


def read_header(document: Document) -> list[Field]:
    """Return the fields before the first section and in a section made of metadata, in order."""
    fields = _region(document, 0, document.top)
    for section in document.sections[:4]:
        name = section.heading.name
        if name in _META_SECTIONS:
            fields += _region(document, section.start, section.own)
        elif name in STATUS:
            inside = _region(document, section.start, section.own)
            fields += inside if any(field.key in STATUS for field in inside) else []
        elif (
            section.heading.level >= 3 and name.partition(":")[0] in _SPEAKING and ":" in section.heading.text
        ):
            fields += _region(document, section.heading.line, section.heading.line + 1)
    return fields


def _region(document: Document, start: int, end: int) -> list[Field]:
    fields: list[Field] = []
    rows: list[tuple[int, list[str]]] = []
    lines = document.shown
    i, open_ = start, False
    while i < end:
        line = lines[i] if "![" not in lines[i][:400] else plain(lines[i])
        if len(line) > 4000 or not line.strip(" \t>"):
            open_ = False
            fields += _table(rows)
            rows = []
            i += 1
            continue
        row = _ROW.fullmatch(line) if "|" in line[:12] else None
        if row:
            rows.append((i, [cell.strip() for cell in _CELL.split(row[1].rstrip().removesuffix("|"))]))
            i, open_ = i + 1, False
            continue
        found = _labelled(lines, i, end) or _fields(line, i)
        if found:
            fields += found
            open_ = True
        elif open_ and len(fields[-1].value) < _LONGEST and not line.startswith(_NO_VALUE):
            bullet = _BULLET.fullmatch(line)
            last = fields[-1]
            indented = line[0] in " \t" and bullet
            if indented or not bullet:
                join = ", " if bullet and last.value else " "
                text = f"{last.value}{join}{(bullet[1] if bullet else line).strip(' >')}".strip()
                fields[-1] = Field(last.key, text, last.line)
            elif not last.value:
                fields[-1] = Field(last.key, bullet[1].strip(), last.line)
            else:
                open_ = bool(last.value) and lines[last.line].rstrip().endswith(":")
                if open_:
                    fields[-1] = Field(last.key, f"{last.value}, {bullet[1].strip()}", last.line)
        i += 1
    return fields + _table(rows)


def _labelled(lines: list[str], at: int, end: int) -> list[Field]:
    """Return the field whose name stands alone in bold, with the next line of text as its value."""
    match = _ALONE.fullmatch(lines[at])
    if match is None or comparable(match[1]) not in _STANDING:
        return []
    following = next((line for line in lines[at + 1 : min(end, at + 4)] if line.strip()), "")
    if not following or _ALONE.fullmatch(following) or following.lstrip().startswith(("#", "|", "---")):
        return []
    items = list(_items_from(lines, lines.index(following, at + 1), end))
    return [Field(_key(match[1]), ", ".join(items) or following.strip(), at)]


def _items_from(lines: list[str], at: int, end: int) -> Iterator[str]:
    """Yield the items of the list that begins on a line."""
    for line in lines[at : min(end, at + 40)]:
        item = is_item(line)
        if item is None or _FIELD.fullmatch(line):
            return
        yield item.strip()


def _fields(line: str, number: int) -> list[Field]:
    found: list[Field] = []
    for part in _BESIDE.split(line) if "|" in line or "·" in line or "•" in line else [line]:
        match = _FIELD.fullmatch(part)
        if match is None or len(match[2].split()) > 5:
            return found
        value = match[3].strip()
        if match[1] and value.endswith(match[1]) and value.count(match[1]) % 2:
            value = value[: -len(match[1])]
        found.append(Field(_key(match[2]), value.rstrip("\\").strip(), number))
    return found


def _table(rows: list[tuple[int, list[str]]]) -> list[Field]:
    """Return a table's fields: of two columns as key and value, else the first row under its headings."""
    body = [(line, cells) for line, cells in rows if not all(_LINE.fullmatch(c + "-") for c in cells)]
    if not body:
        return []
    ruled = len(rows) > 1 and all(_LINE.fullmatch(c + "-") for c in rows[1][1])
    heads = [_key(plain(cell)) for cell in body[0][1]]
    columns = max(len(cells) for _, cells in body)
    headless = not any(rows[0][1]) or comparable(plain(body[-1][1][0])) in _STANDING
    keyed = columns == 2 and not (
        ruled
        and not headless
        and len(body) == 2
        and heads[0] in _SPEAKING | {"author", "authors", "author(s"}
    )
    if keyed:
        return [Field(_key(plain(c[0])), c[1], line) for line, c in body if len(c) > 1 and c[0]]
    if ruled and len(body) == 2:
        line, cells = body[1]
        return [Field(head, cell, line) for head, cell in zip(heads, cells, strict=False) if head]
    return []


def is_item(line: str) -> str | None:
    """Return the text of a list item, or None when the line is none."""
    match = _BULLET.fullmatch(line)
    return match[1] if match else None
