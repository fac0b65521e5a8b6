"""Relations between records as their texts state them: a verb near a link, a number or a file name.

Only typed phrases make a relation; every other link to a record is a mention. What a phrase relates is looked
for right behind it, so that prose about something else ("the cache is replaced by …") relates nothing.
"""

import re
from dataclasses import replace
from itertools import islice

from adr_app.domain.documents.header import Field
from adr_app.domain.documents.record import Link
from adr_app.domain.documents.references import REFERENCE, Reference, definitions_in, in_a_row
from adr_app.domain.documents.structure import Document
from adr_app.domain.documents.vocabulary import choices

_VERBS = {
    "supersedes": r"super[sc]{1,2}e{1,3}d(?:es|s|ed|e|ing)?|superses|replac(?:es|ed)"
    r"|obsolet(?:es|ed(?=\s+by))"
    r"|invalidat(?:es|ed)"
    r"|remplac(?:e|ée?)|ersetzt",
    "reverts": r"revert(?:s|ed)",
    "amends": r"amend(?:s|ed)|augment(?:s|ed)|updat(?:es|ed)(?=\s+by)",
    "extends": r"exten(?:ds|ded)|supplement(?:s|ed)|complement(?:s|ed)",
    "clarifies": r"clarifi(?:es|ed)",
    "refines": r"refin(?:es|ed)",
    "depends on": r"depends",
    "conflicts with": r"conflicts",
    "relates to": r"relat(?:es|ed)",
}
_VERB = re.compile(
    r"(?:"
    + "|".join(f"(?P<v{i}>{words})" for i, words in enumerate(_VERBS.values()))
    + r")(?P<dash>-in-part|\s+in\s+part|\s+partially|\s+partly)?"
    r"(?:(?:[\s:*_(,-]+(?:on\s+)?\d[\d./-]{5,10}\)?)?[\s:*_-]+(?P<by>by|durch|par|von)\b)?(?![\w/])"
    r"|(?P<favour>(?:deprecated|obsolete|abandoned|dropped)\s+in\s+favou?r\s+of)",
    re.I,
)
_STEMS = (
    "supers", "superc", "replac", "obsolet", "invalidat", "revert", "amend", "augment", "updat", "exten",
    "supplement", "complement", "clarif", "refine", "depends", "conflicts", "relat", "remplac", "ersetzt",
    "deprecated in", "abandoned in", "dropped in",
)  # fmt: skip
"""How every verb begins: looking for these first is many times faster than looking for the verbs."""

MOST_LINKS = 2000
"""Links to other records that are followed in one text."""

_PLACED = 50
"""Relations in one list of the metadata whose own lines are looked for; the others get that of its key."""

_MOST = 1000
"""Verbs looked at in one text; no record has more relations than that."""

_ITEM_START = re.compile(r"\n?[ \t]*[-*+][ \t]+[*_]*(?:partially |partly )?", re.I)
_PART_BEFORE = re.compile(r"part(?:ly|ially|ial|s?\s+of\s+this\s+\w+(?:\s+\w+){0,2})?[\s-]+\Z", re.I)
_PARTIAL = re.compile(
    r"\b(?:part|parts|partial(?:ly)?|partly|portions?|aspects?|sections?|some|option)\b", re.I
)
_PART_BEHIND = re.compile(
    r"['’]s\b|[\s,]*§"
    r"|[ \t,]*\(?[ \t]*(?:partial(?:ly)?|partly|in part|part(?:s)? (?:of|only)|only|sections?)\b"
    r"|[ \t]+(?:decisions?|rules?|points?|paragraphs?|items?|steps?)[ \t]+#?\d"
    r"|[^][,;.()\n]{1,60}?\bonly(?=\s*(?:[.,;)\n]|\Z|where\b|insofar\b))",
    re.I,
)
_MENTION = re.compile(r"\]\(<?(?:\./)?([^()\s?]{1,300}?\.mdx?)(?=[)#?>\s])")
_KEYS = {
    "supersedes": ("supersedes", False), "supercedes": ("supersedes", False),
    "replaces": ("supersedes", False), "obsoletes": ("supersedes", False),
    "superseded by": ("supersedes", True), "superceded by": ("supersedes", True),
    "superseded": ("supersedes", True), "replaced by": ("supersedes", True),
    "obsoleted by": ("supersedes", True), "supersededby": ("supersedes", True),
    "replacedby": ("supersedes", True), "amends": ("amends", False), "amended by": ("amends", True),
    "amendedby": ("amends", True), "extends": ("extends", False), "extended by": ("extends", True),
    "related": ("relates to", False), "see also": ("relates to", False),
    "relatesto": ("relates to", False), "dependson": ("depends on", False),
    "conflicts with": ("conflicts with", False), "clarified by": ("clarifies", True),
    "refined by": ("refines", True), "replaces adr": ("supersedes", False),
    "related to": ("relates to", False), "relates to": ("relates to", False),
    "related adrs": ("relates to", False), "depends on": ("depends on", False),
    "partially supersedes": ("supersedes", False), "refines": ("refines", False),
    "partially superseded by": ("supersedes", True), "clarifies": ("clarifies", False),
    "ersetzt durch": ("supersedes", True), "ersetzt": ("supersedes", False),
    "remplacé par": ("supersedes", True), "remplace": ("supersedes", False),
    "reemplazado por": ("supersedes", True), "reemplaza a": ("supersedes", False),
    "sustituido por": ("supersedes", True), "sustituye a": ("supersedes", False),
    "заменено на": ("supersedes", True), "заменяет": ("supersedes", False),
    "связано": ("relates to", False), "уточняет": ("clarifies", False),
    "관련": ("relates to", False), "関連": ("relates to", False),
    "相关": ("relates to", False), "关联文档": ("relates to", False),
}  # fmt: skip
_STRUCTURED = re.compile(r"target:\s*[\"']?([\w./-]+)", re.I)
_NAMED = re.compile(r"\s*(?:id|target|slug|adr):\s*[\"']?([\w./:-]+)")
_STRUCTURED_KIND = re.compile(r"(?:kind|type):\s*[\"']?([\w-]+)", re.I)
_WHOLE = choices(
    "this|the|adr|decision|record|document|rfc|status|is|was|has|been|have|now|and|then|later"
    "|since|but|it|accepted|approved|implemented|adopted|proposed|deprecated|rejected|draft|x"
    "|note|warning|update|updated|fully|completely|also|madr|dr|date|already|wurde|ist|dieses"
    "|diese|par|est"
)
_OTHER_SUBJECT = re.compile(r"\]\(|\b(?:adr|rfc|dr|madr)[-\s]?#?\d", re.I)


def find_links(
    document: Document, matter: dict[str, str | list[str]], header: list[Field], status_lines: range
) -> list[Link]:
    """Return a record's relations, unresolved: from metadata, header, status and phrases in the text."""
    text = document.text
    found: list[Link] = []
    for key, value in matter.items():
        stated = _of_metadata(key, value)
        line = document.matter_line(key) if stated else 0
        for i, link in enumerate(stated):
            own = document.matter_line(key, link.target) if i < _PLACED else line
            found.append(replace(link, line=own + 1))
    definitions = definitions_in(text)
    for field in header:
        key = field.key.replace("-", " ")
        known = _KEYS.get(key.replace(" in part", "")) if known_part(key) else _KEYS.get(key)
        if known:
            for reference in in_a_row(field.value, 0, definitions, first_gap=80):
                part = known_part(key) or _part_behind(field.value, reference.end)
                found.append(_link(known, reference, field.line, part, ""))
    found += _phrases(text, definitions, status_lines)
    for key in matter:
        if key in ("status", "statut") and isinstance(matter[key], str):
            found += _phrases(str(matter[key]), {}, range(99))
    return found


def _of_metadata(key: str, value: str | list[str]) -> list[Link]:
    values = value if isinstance(value, list) else [value]
    if key == "links":
        found = []
        for item in values:
            kind, target = _STRUCTURED_KIND.search(item), _STRUCTURED.search(item)
            known = _KEYS.get(kind[1].casefold().replace("-", " ")) if kind else None
            if target and known:
                found.append(Link(known[0], known[1], target[1]))
        return found
    words = key.replace("-", " ").replace("_", " ")
    partly = known_part(words)
    known = _KEYS.get(words.replace(" in part", "")) if partly else _KEYS.get(words)
    if known is None:
        return []
    found = []
    for item in values:
        if named := _NAMED.match(item):
            found.append(Link(known[0], known[1], named[1], None, partly))
            continue
        references = in_a_row(item, 0, {}, first_gap=80)
        if references:
            found += [_link(known, one, 0, partly or _part_behind(item, one.end), "") for one in references]
        else:
            parts = (part.strip(" \"'[]{}") for part in item.split(","))
            found += [
                Link(known[0], known[1], part, None, partly)
                for part in parts
                if part and any(c.isdigit() for c in part)
            ]
    return found


def _verbs(text: str) -> list[re.Match[str]]:
    """Return the relation verbs of a text, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    starts: list[int] = []
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            starts.append(at)
            at = lowered.find(stem, at + len(stem))
    whole = (at for at in sorted(starts) if at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_/#-"))
    return [match for at in whole if (match := _VERB.match(text, at))]


def _phrases(text: str, definitions: dict[str, str], status_lines: range) -> list[Link]:
    found: list[Link] = []
    line, counted = 0, 0
    for match in _verbs(text)[:_MOST]:
        line += text.count("\n", counted, match.start())
        counted = match.start()
        direct = line in status_lines
        if not direct and not _about_itself(text, match.start()):
            continue
        if _inside_label(text, match.start()):
            continue
        item = _begins_item(text, match.start())
        verb, inward = _meaning(match, direct, item)
        if verb is None:
            continue
        references = in_a_row(
            text, match.end(), definitions, first_gap=90 if direct else 32, strict=not direct
        )
        gap = text[match.end() : references[0].start] if references else ""
        part = bool(
            _PART_BEFORE.search(text, max(0, match.start() - 60), match.start())
            or match["dash"]
            or _PARTIAL.search(gap)
            or _part_before(text, match.start())
        )
        part = part or (inward and direct and _of_something_else(text, match.start()))
        note = "" if direct or item else "in the text"
        for reference in references:
            behind = _part_behind(text, reference.end)
            found.append(_link((verb, inward), reference, line, part or behind, note))
    return found


def known_part(key: str) -> bool:
    """Return whether the name of a field says that only a part is meant."""
    return "partial" in key or " in part" in key


def _part_behind(text: str, at: int) -> bool:
    """Return whether what follows a reference says that only a part of that record is meant."""
    return _PART_BEHIND.match(text, at) is not None


def _begins_item(text: str, at: int) -> bool:
    """Return whether a verb begins a list item: there it is a statement, not prose."""
    return _ITEM_START.fullmatch(text, max(text.rfind("\n", max(0, at - 40), at), 0), at) is not None


def _part_before(text: str, at: int) -> bool:
    start = max(text.rfind("\n\n", max(0, at - 120), at), text.rfind(". ", max(0, at - 120), at), at - 60, 0)
    return bool(
        re.search(
            r"\b(?:parts?|partially|partly|some|portions?) (?:of|aspects)|partial(?:ly)?\s*\W*$",
            text[start:at],
            re.I,
        )
    )


def _inside_label(text: str, at: int) -> bool:
    """Return whether a position lies in the words of a link: there the verb is part of a title."""
    opening = text.rfind("[", max(0, at - 300), at)
    if opening < 0 or "\n\n" in text[opening:at]:
        return False
    match = REFERENCE.match(text, opening)
    return match is not None and match.end() > at and bool(match["target"] or match["ref"])


def _of_something_else(text: str, at: int) -> bool:
    """Return whether a clause tells what is superseded and that is not the record as a whole."""
    start = max(
        text.rfind(mark, max(0, at - 200), at) for mark in ("\n", ". ", ", ", "; ", ": ", "—", "–", "(", "|")
    )
    words = re.findall(r"[^\W\d_]+", text[max(start, at - 200, 0) : at])
    return any(word.casefold() not in _WHOLE for word in words)


def _meaning(match: re.Match[str], direct: bool, item: bool) -> tuple[str | None, bool]:
    if match["favour"]:
        return ("supersedes", True) if direct else (None, True)
    verb = next(kind for i, kind in enumerate(_VERBS) if match[f"v{i}"])
    word = next(match[f"v{i}"] for i in range(len(_VERBS)) if match[f"v{i}"]).casefold()
    inward = bool(match["by"]) or (direct and word.endswith("ed") and verb != "relates to")
    if direct and word.endswith("ing"):
        return verb, False
    if not inward and word.endswith(("ed", "ing")) and verb != "relates to":
        return None, False
    if not (direct or item) and verb not in ("supersedes", "amends", "extends", "clarifies", "refines"):
        return None, False
    return verb, inward


def _about_itself(text: str, at: int) -> bool:
    """Return whether the sentence before a verb can be about this record: it names no other record."""
    far = max(0, at - 400)
    start = max(far, *(text.rfind(mark, far, at) for mark in ("\n\n", ". ", "\n- ", "\n* ", "\n#")))
    before = text[start:at]
    return len(before) < 300 and not _OTHER_SUBJECT.search(before)


def _link(known: tuple[str, bool], reference: Reference, line: int, part: bool, note: str) -> Link:
    target = (
        reference.target if reference.target == reference.text else f"[{reference.text}]({reference.target})"
    )
    return Link(known[0], known[1], target, None, part, note, line + 1)


def mentions(document: Document) -> tuple[str, ...]:
    """Return the addresses of Markdown files that the text links to, each once."""
    if ".md" not in document.text:
        return ()
    found = islice(_MENTION.finditer(document.text), MOST_LINKS)
    return tuple(dict.fromkeys(match[1] for match in found))


def where_too_many(document: Document) -> int | None:
    """Return the line, from 0, of the first link that is not followed, where a text has so many."""
    if document.text.count("](") <= MOST_LINKS:
        return None
    at = -1
    for _ in range(MOST_LINKS + 1):
        at = document.text.index("](", at + 1)
    return document.text.count("\n", 0, at)


def unique(links: list[Link]) -> tuple[Link, ...]:
    """Return the links without repetition; a relation said in whole and in part keeps the part."""
    kept: dict[tuple[str, bool, str], Link] = {}
    for link in links:
        key = (link.kind, link.inward, link.path or link.target)
        held = kept.get(key)
        kept[key] = replace(held, part=held.part or link.part) if held else link
    return tuple(kept.values())
