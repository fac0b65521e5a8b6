"""References behind a relation: links, numbers, file names and slugs that stand in a row."""

import re

from adr_app.domain.values import dataclass

_LABEL = r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]{0,200}\]){1,400})\]"
_SCHEME = r"(?:adrs?|ad|dr|madr|rfc|decision|decision\s+record)"
REFERENCE = re.compile(
    rf"{_LABEL}(?:\((?P<target>(?:\{{\{{[^{{}}\n]{{0,300}}\}}\}}|<[^<>\n]{{0,500}}>|[^()\s]"
    rf"|\([^()\s]{{0,200}}\)){{1,800}})"
    r"(?:\s+[\"'][^\"'\n]{0,200}[\"'])?\)|\[(?P<ref>[^\[\]\n]{0,200})\])?"
    r"|(?P<mark>\bDECISION-[A-Z][A-Z0-9-]{0,80})"
    rf"|(?P<file>[\w./#-]{{2,200}}\.md)\b|(?P<bare>\b{_SCHEME}(?-i:-[A-Z][A-Z0-9]{{1,11}}(?=-\d{{3}}))?[-_\s]?\#?0*(?P<number>\d{{1,5}})\b)"
    r"|<(?P<url>https?://[^<>\s]{1,500})>|(?P<slug>\b\d{8}-[\w-]{3,120}|\b\d{4}-[a-z][\w-]{3,120})",
    re.I,
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*<?([^\s<>]{1,500})", re.M)
_NEXT_ITEM = re.compile(r"\n[ \t]*[-*+>][ \t]")
_AND = re.compile(r"[\s,;&*_+()>·•-]*(?:and|und|et|or|as well as)?[\s*_+(>-]*(?:the\s+)?")
_ASIDE = re.compile(
    r"(?:\s{0,3}(?:§+\s?[\w.–-]{1,20}(?=[\s,;)]|$)|\([^()\n]{1,80}\))){1,3}(?=\s{0,3}(?:[,;&]|and\b))"
)
"""What may stand between a reference and the next one: a section of it, or a remark."""

_PLACE_IN = re.compile(r"decision\s", re.I)
"""What right behind a reference tells where in that record something stands ("ADR-5 Decision 2")."""

_ANY_VERB = re.compile(
    r"super[sc]{1,2}e|replace[sd]|amend[se]|extend[se]|clarifi|refine[sd]|relates|supplement|augment", re.I
)
_STOP = re.compile(r"[.;!?](?=\s|$)|\n[ \t]*\n|\n[ \t]*(?:#|\|)", re.M)
_PARAGRAPH = 700
"""Characters behind a verb in which its references are looked for."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Something a relation points at: its words, and the address or number behind them."""

    text: str
    target: str
    start: int
    end: int


def definitions_in(text: str) -> dict[str, str]:
    """Return the addresses of a text's reference links by their comparable names."""
    if "]:" not in text:
        return {}
    return {" ".join(m[1].casefold().split()): m[2] for m in _DEFINITION.finditer(text)}


def in_a_row(
    text: str, at: int, definitions: dict[str, str], first_gap: int, strict: bool = False
) -> list[Reference]:
    """Return the references in a row that begin behind position `at`.

    The first may stand up to `first_gap` characters behind it; `strict` allows only small words between.
    """
    found: list[Reference] = []
    listed = False
    limit = min(len(text), at + _PARAGRAPH)
    while len(found) < 20:
        match = REFERENCE.search(text, at, limit)
        if match is None:
            break
        gap = text[at : match.start()]
        if found:
            spaced = _AND.fullmatch(gap) if listed or not _NEXT_ITEM.search(gap) else None
            if spaced is None or ("\n\n" in gap.strip(" ") and not gap.strip()):
                break
        elif len(gap) > first_gap or _breaks(gap) or (strict and not _FILLER.fullmatch(gap)):
            break
        reference = _reference(match, definitions)
        if reference is None or (found and gap and not gap.strip(" \t") and _PLACE_IN.match(match[0])):
            break
        listed = listed or (not found and "\n" in gap)
        found.append(reference)
        aside = _ASIDE.match(text, match.end(), limit)
        at = aside.end() if aside else match.end()
    return found


_FILLER = re.compile(
    r"[\s:*_>\"'(-]*(?:(?:the|our|an?|previous|earlier|decisions?|adrs?|records?|in|of|made"
    r"|older|on|upon|to|with|original|proposal|from|document"
    r"|architecture|some|parts?|aspects|portions?|sections?|rfcs?|option)[\s:*_\"'(]+){0,6}",
    re.I,
)


def _breaks(gap: str) -> bool:
    if not gap.strip("*_:>- \t\n"):
        return gap.count("\n") > 3
    return bool(_STOP.search(gap)) or bool(_ANY_VERB.search(gap))


def _reference(match: re.Match[str], definitions: dict[str, str]) -> Reference | None:
    text = match["text"] or ""
    if match["target"]:
        return Reference(text, match["target"].strip("<>"), match.start(), match.end())
    if text:
        key = " ".join((match["ref"] or text).casefold().split())
        target = definitions.get(key)
        if target:
            return Reference(text, target, match.start(), match.end())
        inner = REFERENCE.search(text)
        if inner and (inner["number"] or inner["file"]):
            return Reference(text, inner["file"] or text, match.start(), match.end())
        number = re.fullmatch(r"0*\d{1,5}", text.strip())
        return Reference(text, text, match.start(), match.end()) if number else None
    found = match["url"] or match["file"] or match["mark"] or match["bare"] or match["slug"]
    return Reference(found, found, match.start(), match.end())
