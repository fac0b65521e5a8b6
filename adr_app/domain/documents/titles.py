"""A record's own title: without number, kind of document, or the status that some teams put before it."""

import re

from adr_app.domain.documents.inline import plain, unstrike
from adr_app.domain.documents.numbers import split_heading
from adr_app.domain.documents.status import Stated, understand
from adr_app.domain.documents.structure import Document, is_section_name
from adr_app.domain.documents.vocabulary import choices

_KIND = re.compile(
    r"(?:(?:any |lightweight )?(?:architectur(?:e|al) )?(?:decision record|design record"
    r"|decision log entry)s?|adrs?|rf[cd]|madr|title"
    r"|architecture decision|architekturentscheidung|decision)(?:[-_\s]?(?:x{2,4}|n{2,4}|#|tbd"
    r"|\d+))?\s*(?:[:–—]|\s-)\s*",
    re.I,
)
_UNNUMBERED = re.compile(r"(?:adr|rfc|madr)[-_ ]?(?:x{2,4}|n{2,4}|\?+|tbd)\s*[:.–—-]?\s*", re.I)
_MARKED = re.compile(r"\s*(?:\[((?:[^\[\]]|\[[^\[\]]*\](?:\([^()]*\))?){1,200})\]|\(([^()]{1,60})\))\s*:?\s*")
_STATED = re.compile(r"([A-Za-z]{4,12})\s*:\s+")
_AT_END = re.compile(r"(?<!\s)\s*[\[(]([A-Za-z ,-]{4,60})[\])]\s*$")
_PLACEHOLDER = re.compile(
    r"[\[{<*_ ]*(?:short[ _-]?title|title of|titel|adr title|rfc title|title(?: goes)? here"
    r"|your title|insert title|title|template"
    r"|adr template|short noun phrase|n?n?nnn?\b|decision title|name of|\.\.\.|short description|kurzer titel"
    r"|titre court|título corto)\b[^\n]*",
    re.I,
)
_BARE_NUMBER = re.compile(r"^#?(\d{1,5})\s+(?=\w)")
_NAMED_NUMBER = re.compile(r"^(?:l?adr|rf[cd]|[tpde]dr|nr?o?\.?)[\s_-]*#?(\d{1,5})\b[\s:.)–—-]*(?=\w)", re.I)
_NUMBER_BEHIND = re.compile(r"(?<!\s)\s*[(\[](?:l?adr|rf[cd]|decision)[\s_-]*#?(\d{1,5})[)\]]$", re.I)
_DAY_BEFORE = re.compile(r"^(?:19|20)\d\d([-_./]?)[01]\d\1[0-3]\d(?:\s*[:–—|·]|\s+-)\s+(?=\S)")
_ANCHOR = re.compile(r"(?<!\s)\s*\{#[\w-]{1,80}\}\s*$")
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:$")
_GENERIC = choices(
    "adr|architecture decision record|architectural decision record|decision record|title"
    "|decision|rfc|architecture"
    "|architecture decision records|meta|decision log|summary|overview|adrs|decisions|untitled"
)


def heading_text(document: Document) -> str:
    """Return the words of the heading that names the document, or nothing when none does."""
    for heading in document.headings[:4]:
        if not heading.name:
            continue
        if heading.level == 1 and is_section_name(heading.name):
            break
        if heading.level == 1:
            return plain(unstrike(heading.text)) if heading.name not in _GENERIC else ""
    first = document.headings[0] if document.headings else None
    if first and first.level == 2 and not is_section_name(first.name) and first.name not in _GENERIC:
        follows = [h for h in document.headings[1:] if h.level <= first.level and is_section_name(h.name)]
        if follows or "decision record" in first.name:
            return plain(unstrike(first.text))
    return ""


def heading_markup(document: Document) -> str:
    """Return the title heading as written, with its links."""
    return next((h.text for h in document.headings[:4] if h.level == 1 and not is_section_name(h.name)), "")


def tidy(text: str, number: str | None = None) -> tuple[str | None, Stated]:
    """Return the title within a heading's words, or None when nothing is left, and the status it states.

    `number` is the one in the file's name: repeated at the start of the heading, it is no part of the title.
    """
    stated = Stated(None)
    for _ in range(3):
        before = text
        text, said = _without_status(text)
        stated = said if said.status else stated
        numbered, rest = split_heading(text)
        if numbered is not None:
            text = rest
        text = _without_number(_DAY_BEFORE.sub("", text), number)
        match = _KIND.match(text) or _UNNUMBERED.match(text)
        if match:
            text = text[match.end() :]
        text = text.strip()
        if text == before:
            break
    if (
        text.startswith(("[", "{"))
        and text.endswith(("]", "}"))
        and len(text) > 2
        and not is_placeholder(text)
    ):
        text = text[1:-1].strip()
    text = _ANCHOR.sub("", text.lstrip(" -–—:·•"))
    if not _SHORTCODE.search(text):
        text = text.rstrip(" -–—:")
    return (text or None), stated


def _without_number(text: str, number: str | None) -> str:
    """Return a title without the number of its file, where it repeats that at its start or its end."""
    for pattern in (_BARE_NUMBER, _NAMED_NUMBER, _NUMBER_BEHIND):
        match = pattern.search(text)
        if match and number and int(match[1]) == int(number.split(".")[0]):
            rest = (text[: match.start()] + text[match.end() :]).strip()
            text = rest or text
    return text


def _without_status(text: str) -> tuple[str, Stated]:
    for pattern in (_MARKED, _STATED):
        match = pattern.match(text)
        if match:
            said = understand(next(group for group in match.groups() if group))
            if said.status and match.end() < len(text):
                return text[match.end() :], said
    match = _AT_END.search(text)
    if match:
        said = understand(match[1])
        if said.status and len(match[1].split()) <= 3 and match.start() > 0:
            return text[: match.start()], said
    return text, Stated(None)


def is_placeholder(text: str) -> bool:
    """Return whether a title is what a template has in its place."""
    bare = plain(text).casefold()
    number, rest = split_heading(bare)
    rest = rest if number is not None else bare
    match = _PLACEHOLDER.fullmatch(rest)
    if not match:
        return False
    return rest[:1] in "[{<*_" or (len(rest.split()) <= 4 and rest.rstrip(" .:]}") in _TEMPLATE_TITLES)


_TEMPLATE_TITLES = choices(
    "title|short title|adr title|rfc title|template|adr template|title here|short noun phrase"
    "|decision title|name of"
    "|titel|kurzer titel|...|title of adr|title of decision|title goes here|your title|insert title"
)
