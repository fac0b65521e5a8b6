"""Considered options with their arguments, where a record lists them."""

import re

from adr_app.domain.documents.arguments import Argued, argued_in
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.option_lists import (
    Block,
    Entry,
    entries,
    numbered_headings,
    outermost,
    under_bold_lines,
    under_headings,
)
from adr_app.domain.documents.record import Option
from adr_app.domain.documents.structure import ARGUMENTS, DECISION, OPTIONS, Document, Section

_CHOSEN = re.compile(
    r"(?:chosen (?:option|alternative)s?|gewählte option|option choisie|opción elegida|opção escolhida)"
    r"\s*:?\s*(.+)"
    r"|we (?:decided|chose)\s+(?:for|to use|to go with)?\s*(.+)",
    re.I,
)
_NTH = re.compile(r"(?:option|alternative|variante?)\s+#?(\d{1,2})", re.I)
_MARKED = re.compile(
    r"[(\[*_ -](?:chosen|selected|accepted|gewählt|choisie?)[)\]*_]*\s*$"
    r"|\((?:chosen|selected|gewählt|choisie?)\)\s*[:–—-]\s",
    re.I,
)
_COUNT = re.compile(r"^\W*\d{1,2}[.)]\s+(?=\w)")
_BOX = re.compile(r"^\[[ xX]\]\s*")
_TICKED = re.compile(r"\[[xX]\]")
_BECAUSE = re.compile(r",?\s+(?:because|since|as it|weil|car|parce que)\b", re.I)
_TAIL = re.compile(r"\s+[-–—|]\s.*|,\s*e\.g\..*|\s*\([^()]*\)\s*$|:.*$")
_LEAD = re.compile(
    r"^(?:(?:option|alternative|approach|solution|variante?)\s*(?:#?\d{1,2}|[a-f])?|\d{1,2})\s*[:.)–—-]\s*(?=\w)",
    re.I,
)
_QUOTED = 'Chosen option: "'
_REFERENCE = re.compile(r"&#\d{1,7};")
_REFERENCES = re.compile(r"(?:&#\d{1,7};\s*)+")
_LISTED = 500
_MOST = 200
"""Options whose arguments are looked for; no decision has more."""

_PLACEHOLDER = re.compile(
    r"[\[{<(]\s*(?:option|alternative)\s*\d*\s*[\]}>)]|\.\.\.|…|(?:none|n/?a|tbd|keine|aucune|-)\.?|[\[{].*[\]}]\W{0,40}",
    re.I,
)


def read_options(document: Document, *, brief: bool = False) -> tuple[Option, ...] | None:
    """Return the options a record lists, with the arguments it gives for them, or None without a list.

    Where it is to be `brief` there are only their titles: finding out what is said of each takes longer.
    """
    section = next((s for s in document.sections if s.heading.name in OPTIONS and s.heading.level <= 4), None)
    arguments = next((s for s in document.sections if s.heading.name in ARGUMENTS), None)
    listed = entries(document, section) if section else []
    if not listed and arguments:
        listed = under_headings(document, arguments)
    if not listed:
        listed = numbered_headings(document)
    listed = listed[:_LISTED]
    ticked = next((x.title for x in listed if _TICKED.match(x.title) and not _is_literal(x)), "")
    listed = [x if x.title[:1] != "[" or _is_literal(x) else _unboxed(x) for x in listed]
    listed = [x for x in listed if x.title and (_is_literal(x) or not _PLACEHOLDER.fullmatch(x.title))]
    if not listed:
        return None
    if brief:
        return tuple(Option(one.title) for one in listed)
    sides = _arguments(document, arguments, section, [one.title for one in listed])
    marks = _quoted(document, listed) or _marks(listed, _chosen(document), _BOX.sub("", ticked))
    return tuple(
        _option(one, sides.get(i), marks[i] and marks.count(True) == 1) for i, one in enumerate(listed)
    )


def _unboxed(entry: Entry) -> Entry:
    return entry._replace(title=_BOX.sub("", entry.title))


def _is_literal(entry: Entry) -> bool:
    """Return whether a title is spelled in references to plain letters, and so means itself and no more.

    That is how an export spells a title such as “None” or “[x] y”, which would be taken for something else.
    """
    if "&#" not in entry.spelling:
        return False
    letters = any(plain(said).isalpha() for said in _REFERENCE.findall(entry.spelling))
    return letters or _REFERENCES.fullmatch(entry.spelling) is not None


def _quoted(document: Document, listed: list[Entry]) -> list[bool]:
    """Return which title the outcome names letter by letter, as MADR does it; nothing where none is."""
    for section in document.sections:
        if section.heading.name in DECISION:
            for line in document.shown[section.start : section.own][:12]:
                if line.startswith(_QUOTED):
                    said = line.removeprefix(_QUOTED)
                    named = [one.spelling for one in listed if said.startswith(f'{one.spelling}", because')]
                    longest = max(named, key=len, default=None)
                    return [one.spelling == longest for one in listed] if named else []
    return []


def _marks(listed: list[Entry], chosen: str, ticked: str) -> list[bool]:
    """Return for each title whether the outcome, a ticked box or the title itself says that it was chosen."""
    marks = [one.title.casefold() == chosen.casefold() for one in listed]
    if marks.count(True) != 1:
        named = _key(chosen or ticked)
        marks = [_alike(_key(one.title), named) for one in listed]
    if not any(marks):
        nth = _NTH.fullmatch(chosen)
        number = int(nth[1]) if nth else None
        marks = [
            bool(_MARKED.search(one.title) and not _is_literal(one)) or number == i
            for i, one in enumerate(listed, 1)
        ]
    return marks


def _option(one: Entry, argued: Argued | None, chosen: bool) -> Option:
    if argued is None:
        return Option(one.title, one.text, one.pros, one.cons, chosen=chosen)
    return Option(one.title, one.text or argued.text, argued.pros, argued.cons, argued.neutral, chosen)


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
    outer = outermost(below)
    in_order = min((s.heading.level for s in below), default=0) == (outer[0].heading.level if outer else 0)
    argued = [Block(s.heading.text, s.start, s.end) for s in outer]
    if not argued and arguments:
        argued = under_bold_lines(document, arguments)
    keys = [_key(title) for title in titles[:_MOST]]
    exact = {plain(one.title): one for one in argued[:_MOST]}
    taken = [exact.get(title) for title in titles[:_MOST]]
    for order, one in enumerate(argued[:_MOST]):
        said = _key(one.title)
        match = next((i for i, other in enumerate(taken) if other is one and i not in found), None)
        if match is None:
            match = next(
                (
                    i
                    for i, key in enumerate(keys)
                    if i not in found and taken[i] is None and _alike(key, said)
                ),
                None,
            )
        if match is None and len(argued) == len(titles) and order not in found and in_order:
            match = order
        if match is not None:
            found[match] = argued_in(document, one.start, one.end)
    return found
