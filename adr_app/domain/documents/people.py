"""Names of people as records list them."""

import re

from adr_app.domain.documents.header import Field, is_item
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.structure import Document, comparable
from adr_app.domain.documents.vocabulary import choices

DECIDERS = choices(
    "deciders|decider|decision-makers|decision makers|decision maker|decision-maker|décideurs"
    "|entscheider|decision owners|decision owner|approver(s|approved-by|decided-by|decision-owner"
    "|approvers|approver|approved by|decided by|accepted by|parties involved|decidido por"
    "|decisores|beslissers|decisori|决策者|决策人|決定者|意思決定者|결정자|의사결정자"
    "|entscheidungsträger|decisionmakers|decision taken by|deciders (optional"
)
CONSULTED = choices("consulted|consultés|konsultiert|consultants|consultado|consultados|consultati")
INFORMED = choices("informed|informés|informiert|informado|informados|informati")
TAGS = choices("tags|tag|labels|keywords|schlagworte|catégories|categories")

_BETWEEN = re.compile(r"\s*[,;\n•、]\s*|\s+(?:and|und|et|&|y|\+)\s+|\s\|\s|\s/\s")
_LISTED = re.compile(r"\s*[,;\n•、]\s*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_PLACEHOLDER = re.compile(
    r"list everyone|everyone involved|insert|name\(?s?\)? of|names? here|who |(?:person|tbd"
    r"|tba|n/?a|none|unknown|[-–—?]+"
    r"|@?(?:todo|name\d?|username|handle))\W*$|list of|your name|whose opinions|kept up"
    r"|space and/or|optional|liste |nom ",
    re.I,
)
_TOLD = re.compile(r"(?:decided|approved|agreed|confirmed|revised)\s+[a-z]")
"""What begins a remark behind the names, which is about the decision and names nobody."""

_DAY_BEHIND = re.compile(r"\s+(?:on|at|am|le)\s+\d[\w ./-]{5,20}$")
_MAPPED = re.compile(r"\s*\{?\s*[\"']?(?:name|user|id|login)[\"']?\s*:\s*([^\n,}]{1,80})", re.I)
_APPROVED_BY = re.compile(
    r"[\W_]*(?:approved|accepted|agreed|decided|adopted|signed off)\s+by:?\s+(.{2,300})", re.I | re.S
)
_NAME = re.compile(r"@[\w.-]+|[A-ZÀ-Þ][\w.'’-]+(?:\s+[A-ZÀ-Þ][\w.'’-]*){0,4}(?:\s+\(@[\w.-]+\))?")


def names(value: str | list[str]) -> tuple[str, ...]:
    """Return the names in a field, each once, as written but without links and a template's help."""
    text = "\n".join(_name_in(item) for item in value) if isinstance(value, list) else value
    if not text:
        return ()
    text = plain(_BREAK.sub(", ", text).replace("\n", ", "))
    if text[:1] in "[{" and text[-1:] in "]}":
        text = text[1:-1]
    found: list[str] = []
    # Items of a list are apart already: an “and” in one of them is part of its name.
    apart = isinstance(value, list) and len(value) > 1
    parts = _LISTED.split(text) if apart else _BETWEEN.split(text)
    if any(part.strip(" `*_") in ("...", "…") for part in parts):
        return ()
    for part in parts:
        if found and not apart and _TOLD.match(part):
            break
        name = part.strip(" .*_`\"'[]{}<>")
        name = _DAY_BEHIND.sub("", name.removeprefix("and ").strip())
        if name.count("<") > name.count(">"):
            name += ">"
        if name and len(name) <= 80 and not _PLACEHOLDER.match(name) and any(c.isalpha() for c in name):
            found.append(name)
    return tuple(dict.fromkeys(found))


def _unlabelled(item: str, keys: frozenset[str]) -> str:
    """Return a list item without the name of its own section before it."""
    label, colon, rest = item.partition(":")
    return rest if colon and comparable(label) in keys else item


def _name_in(item: str) -> str:
    """Return the name in a list's item, which may be a mapping with more than that."""
    match = _MAPPED.match(item)
    return match[1].strip("\"'") if match else item


def people(
    document: Document, matter: dict[str, str | list[str]], header: list[Field], keys: frozenset[str]
) -> tuple[str, ...]:
    """Return the people that metadata, header or a section of that name lists, from the first that does."""
    for key, value in matter.items():
        if key in keys and (found := names(value)):
            return found
    for field in header:
        if field.key in keys and (found := names(field.value)):
            return found
    for section in document.sections:
        if section.heading.name in keys:
            lines = [line.strip() for line in document.shown[section.start : section.own] if line.strip()]
            items = [_unlabelled(item, keys) for line in lines if (item := is_item(line))]
            found = names(items or [" ".join(lines)]) if len(lines) <= 30 else ()
            if found and all(len(name.split()) <= 6 for name in found):
                return found
    return ()


def approvers(status_raw: str) -> tuple[str, ...]:
    """Return the people a status names, as in "Approved by @ann and @bob."; other words are not people."""
    match = _APPROVED_BY.match(status_raw)
    if match is None:
        return ()
    found = names(match[1].split(". ")[0])
    return found if all(_NAME.fullmatch(name) for name in found) else ()
