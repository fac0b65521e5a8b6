"""Which Markdown files are decision records, and in plain words why the others are not."""

import re

from adr_app.domain.documents.formats import signs
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.numbers import Name
from adr_app.domain.documents.structure import Document
from adr_app.domain.documents.titles import is_placeholder

INDEX = "an index or read-me, not a decision"
TEMPLATE = "a template for decisions, not a decision"
UNFILLED = "a template that nobody has filled in"
PROJECT = "a page about the project, not a decision"
AGENT = "instructions for a coding assistant, not a decision"
EMPTY = "the file is empty"
STUB = "hardly any text: it only points elsewhere"
ORDINARY = "an ordinary page: neither a status nor the sections of a decision"
POINTER = "a link to another file"

_INDEX = re.compile(
    r"_?(?:readme|index|_index|summary|toc|overview|backlog|_?sidebar|contents|home|decisions"
    r"|adrs?|adr-index|adr-log|decision-log|decision-index|list|_category_|start-here)",
    re.I,
)
_TEMPLATE = re.compile(
    r"(?:^|[-_. ])(?:template|templates|adr-template|vorlage|modele|modèle|plantilla|skeleton"
    r"|boilerplate)(?:$|[-_. ])|^(?:nnnn?n?|xxxx?|yyyymmdd)[-_. ]",
    re.I,
)
_UNDECIDED = re.compile(r"(?:nnnn|xxxx)[-_ ](?=\w{2})", re.I)
"""A number that is still to come: a template's name, or a real record's before it is decided."""

_PROJECT = re.compile(
    r"(?:license|licence|copying|contributing|changelog|changes|history"
    r"|code[-_ ]of[-_ ]conduct|security|support|authors|maintainers|notice|governance|glossary"
    r"|pull[-_ ]request[-_ ]template|bug[-_ ]report|feature[-_ ]request|issue[-_ ]template"
    r"|roadmap|faq|codeowners|todo)",
    re.I,
)
_TOPICAL = re.compile(r"security|support|governance|roadmap|history", re.I)
"""Names of project pages that a decision may have, too."""

_AGENT = re.compile(r"(?:agents?|claude|gemini|copilot-instructions|cursor|cursorrules|skill|llms)", re.I)
_FOLDER = re.compile(
    r"(?:^|/)_?(?:adrs?|madr|rfcs?|rfds?|decisions?|decision[-_ ]?(?:records?|logs?)"
    r"|(?:architectur(?:e|al)[-_ ]?)?decisions?(?:[-_ ]?records?)?|architectur(?:e|al)|arch"
    r"|historic-adrs|arc|design-decisions|technical-decisions|ADR)(?:/|$)",
    re.I,
)
_ONLY_TEMPLATE = re.compile(
    r"(?:(?:adr|ladr|madr|rfc|title|with|dashes|name|of|the|your|file|decision|record|architecture|template|templates|short|long|bare"
    r"|minimal|example|[a-z]{2})\b\s?){1,6}",
    re.I,
)
_BLANKS = re.compile(
    r"(?:chosen option\b|because\b|(?:good|bad|neutral)\b|[\W_]|\b(?:status|date|deciders)\b)*", re.I
)
_INDEX_WORDS = frozenset({"index", "readme", "read me", "table of contents", "toc"})
PART = "a page that belongs to the decision in its folder"
_FEW_WORDS = 8
_PATH = re.compile(r"\s*(?:\.{1,2}/)*[\w./-]+\.md\s*")
_TEMPLATE_FOLDER = re.compile(r"(?:^|/)_?templates?(?:/|$)", re.I)


def by_name(stem: str, folder: str, name: Name, folder_is_record: bool) -> str | None:
    """Return why a file of that name is no record, or None when its text must be looked at."""
    if _INDEX.fullmatch(stem):
        return None if folder_is_record and stem.casefold() in ("readme", "index") else INDEX
    if _AGENT.fullmatch(stem):
        return AGENT
    if _PROJECT.fullmatch(stem) and not (_TOPICAL.fullmatch(stem) and _FOLDER.search(folder)):
        return PROJECT
    numbered = name.number is not None or name.day is not None
    if name.words.casefold() in _INDEX_WORDS:
        return INDEX
    if _UNDECIDED.match(stem) and not _ONLY_TEMPLATE.fullmatch(name.words.partition(" ")[2]):
        return None
    if _TEMPLATE.search(stem):
        zero = name.number is not None and not name.number.strip("0.")
        if not numbered or zero or _ONLY_TEMPLATE.fullmatch(name.words):
            return TEMPLATE
    if _TEMPLATE_FOLDER.search(folder):
        return TEMPLATE
    if folder_is_record and not numbered:
        return PART
    return None


def _prose(document: Document) -> str:
    """Return what stands below the headings, where that is short."""
    heads = {heading.line for heading in document.headings}
    lines = [line.strip() for i, line in enumerate(document.shown) if i not in heads and line.strip()]
    return " ".join(lines) if len(lines) < 60 else "long"


def by_text(
    document: Document, housed: bool, path: str, name: Name, title: str, status: str | None, unfilled: bool
) -> str | None:
    """Return why a text is no record, or None when it is one.

    A record shows at least one of: a stated status with a section or number, two kinds of its usual
    sections, or a number or day in its name where decisions are kept; `housed` tells that settings name its
    folder as such.
    """
    text = "\n".join(line for line in document.shown if line.strip())
    if not text:
        return EMPTY
    if len(text) < 500 and _PATH.fullmatch(text):
        return POINTER
    parts = signs(document)
    if not title and status is None and _BLANKS.fullmatch(_prose(document)):
        return UNFILLED
    if is_placeholder(title) and (status is None or unfilled):
        return UNFILLED
    numbered = name.number is not None or name.day is not None
    if _UNDECIDED.match(path.rpartition("/")[2]) and (unfilled or not title or parts < 2):
        return TEMPLATE
    if status is None and not parts and len(plain(text[:2000]).split()) < _FEW_WORDS:
        return STUB
    folder = path.rpartition("/")[0]
    kept = housed or bool(_FOLDER.search(folder)) or not folder
    if numbered and (kept or parts or status):
        return None
    if parts >= 2 or (status and parts) or (kept and (status or parts)):
        return None
    return ORDINARY
