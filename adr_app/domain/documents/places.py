"""Where a record states its status, in the order in which the places are believed."""

import re
from collections.abc import Mapping
from dataclasses import replace

from adr_app.domain.documents.dates import find_day
from adr_app.domain.documents.header import Field, is_item
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.status import Stated, understand
from adr_app.domain.documents.structure import STATUS, Document, Section, comparable
from adr_app.domain.documents.vocabulary import choices
from adr_app.domain.values import dataclass

STATUS_KEYS = frozenset(
    {
        *STATUS,
        "adr status",
        "decision status",
        "current status",
        "record status",
        "proposal status",
        "document status",
    }
)
_BANNER = re.compile(
    r"[\s>#*_!\[\]()⚠️‼❗🚨:|~-]*(?:\[!\w+\][\s>]*)?(?:(?:note|warning|important|caution"
    r"|attention|update|info|tip|status)"
    r"\b[\s:*_!.–—-]*)?"
    r"(?:(?:\**(?:(?P<own>this (?:\w+ ){0,2}(?:adr|decision|record|document|rfc)|the (?:adr|rfc))"
    r"|this (?:\w+ ){0,2}(?:proposal|page|one|design|file)|the (?:decision|record|document))\b"
    r"(?: \([^)]{0,60}\))?\s+|\**this\s+)"
    r"(?P<verb>(?:has|have)(?: now| since)? been|is(?: now)?|was|became|got)\s+(?P<said>[^\n]{4,300})"
    r"|(?P<bare>\**(?:super[sc]{1,2}e{1,3}ded|deprecated|obsolete|replaced|withdrawn|rejected"
    r"|retired)\b[^\n]{0,300}))",
    re.I,
)
_BANNER_STEMS = (
    "super", "deprecat", "obsolete", "replaced", "withdrawn", "rejected", "retired", "no longer", "invalid",
    "abandon", "revert", "archived",
)  # fmt: skip
"""What a banner has at least one of; looking for these first is many times faster."""

_LONGEST_BANNER = 1000
_FOOTER = re.compile(
    r"(?:\*\*|__)(?:adr|decision|record)[ -]status:?(?:\*\*|__):?[ \t]*(\S[^\n]{0,200})", re.I
)
_DECORATED = re.compile(r"\s*[>#*_!\[~:(]")
_BANNER_WORD = re.compile(
    r"super[sc]{1,2}e|deprecat|obsolete|replaced|withdrawn|rejected|retired|no longer|invalid"
    r"|abandon|revert|archived",
    re.I,
)
_ENDED = frozenset({"superseded", "deprecated", "rejected"})
CHANGES = choices(
    "changelog|change log|history|revision history|revisions|änderungshistorie"
    "|decision history|änderungen|status history"
)
_FOLDERS = {
    "superseded": "superseded", "deprecated": "deprecated", "obsolete": "deprecated",
    "archived": "deprecated", "archive": "deprecated", "historic": "deprecated",
    "historic-adrs": "deprecated", "retired": "deprecated", "rejected": "rejected", "withdrawn": "rejected",
    "draft": "draft", "drafts": "draft", "proposed": "proposed", "accepted": "accepted",
}  # fmt: skip
_UNDER_FOLDER = re.compile(r"^[_.\d-]+|[-_ ](?:adrs?|decisions?|records?)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A text that may state a status: as written, where it stands, its line from 0 and what it means."""

    raw: str
    source: str
    line: int
    stated: Stated


def section_text(document: Document, section: Section) -> str:
    """Return the lines of a section that a person wrote as its value, one paragraph or item a line.

    Quoted lines are taken only when there are no others: they are mostly the template's help.
    """
    own: list[str] = []
    quoted: list[str] = []
    wrapped = False
    for line in document.shown[section.start : min(section.own, section.start + 60)]:
        text = line.strip()
        is_quote = text.startswith(">")
        text = text.lstrip("> ") if is_quote else text
        if not text or set(text) <= set("-*_=. "):
            wrapped = False
            continue
        if text.startswith(("[!", "|-")):
            continue
        held = quoted if is_quote else own
        item = is_item(text)
        text = (item or text).removesuffix("\\")
        if wrapped and item is None and held and _continues(held[-1], text):
            held[-1] = f"{held[-1]} {text}"
        else:
            held.append(text)
        wrapped = not line.endswith(("  ", "\\"))
    return "\n".join(own or quoted)


def _last_row(document: Document, section: Section) -> str:
    """Return the last status of a section that keeps them in a table, or nothing."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in document.shown[section.start : min(section.own, section.start + 60)]
        if line.lstrip().startswith("|")
    ]
    heads = [comparable(plain(cell)) for cell in rows[0]] if len(rows) > 2 else []
    column = next((i for i, head in enumerate(heads) if head in STATUS_KEYS), None)
    if column is None:
        return ""
    return next((row[column] for row in reversed(rows[2:]) if len(row) > column and row[column]), "")


def _without_others(text: str) -> str:
    """Return a status section's text without the other fields that some templates list in it."""
    if ":" not in text:
        return text
    lines = text.split("\n")
    left = [line for line in lines if not _OTHER_FIELD.match(line)]
    return "\n".join(left) if any(_STATED_FIELD.match(line) for line in left) else text


_STATED_FIELD = re.compile(r"[*_ ]*(?:status|decision)[*_ ]*:", re.I)
_OTHER_FIELD = re.compile(
    r"[*_ ]*(?:deciders?|decision[- ]makers?|date|tags?|consulted|informed"
    r"|technical story|authors?|implementation(?: status)?)[*_ ]*:",
    re.I,
)
_DATED = re.compile(r"[*_(]*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
_STARTS = re.compile(
    r"[\W_]*(?:super[sc]{1,2}e|amend|replace|deprecat|accept|approv|reject|partial)\w*\b.{0,20}\[", re.I
)


def _continues(before: str, text: str) -> bool:
    short = len(before.split()) <= 4 and text[:1].isupper()
    if _DATED.match(text):
        return False
    return not short and not before.endswith((".", "!", "?")) and not _STARTS.match(text)


def status_section(document: Document) -> Section | None:
    """Return the section that states the status: level 1 or 2, deeper only while nothing stands above it."""
    deeper: Section | None = None
    seen_second = 0
    for section in document.sections:
        heading = section.heading
        if heading.name in STATUS or heading.name in STATUS_KEYS:
            if heading.level <= 2:
                return section
            if deeper is None and heading.level <= 4 and (not seen_second or _short(document, section)):
                deeper = section
        seen_second += heading.level == 2
    return deeper


def _short(document: Document, section: Section) -> bool:
    text = section_text(document, section)
    return section.own - section.start < 8 and len(text.split()) <= 6 and understand(text).status is not None


def places(
    document: Document, matter: dict[str, str], header: list[Field], prefix: Stated, path: str
) -> list[Place]:
    """Return every place in which a record states a status, the most believable first."""
    found = [
        Place(matter[key], "front matter", document.matter_line(key), understand(matter[key]))
        for key in matter
        if key in STATUS_KEYS
    ]
    section = status_section(document)
    if section:
        raw = _last_row(document, section) or _without_others(section_text(document, section))
        found.append(Place(raw, "section", section.heading.line, understand(raw)))
    for heading in document.headings:
        key, colon, _ = heading.name.partition(":")
        if colon and heading.level <= 4 and key.strip() in STATUS_KEYS:
            raw = heading.text.partition(":")[2].strip()
            found.append(Place(raw, "heading", heading.line, understand(raw)))
    for field in header:
        if field.key in STATUS_KEYS and field.value:
            found.append(Place(field.value, "header", field.line, understand(field.value)))
    if banner := _banner(document):
        found.append(banner)
    if prefix.status:
        found.append(Place(prefix.status, "title", 0, prefix))
    if not any(place.stated.status for place in found):
        found += _footer(document)
        found += _change_log(document)
        found += _folder(path)
    return found


def _banner(document: Document) -> Place | None:
    first = [(i, line) for i, line in enumerate(document.shown[:60]) if line.strip()][:14]
    head = "\n".join([line for _, line in first]).lower()
    if not any(map(head.__contains__, _BANNER_STEMS)):
        return None
    for i, line in first:
        if len(line) > _LONGEST_BANNER or not _BANNER_WORD.search(line):
            continue
        text = plain(line)
        match = _BANNER.match(text)
        if match is None or not (match["own"] or _DECORATED.match(line)):
            continue
        said = understand(match["said"] or match["bare"])
        if said.status in _ENDED or said.partly:
            return Place(line.strip(), "banner", i, said)
    return None


def _footer(document: Document) -> list[Place]:
    """Return the one line that states the status of the decision by that name, outside of the header."""
    if "tatus" not in document.text and "TATUS" not in document.text:
        return []
    found = [(i, m) for i, line in enumerate(document.shown) if (m := _FOOTER.fullmatch(line.strip()))]
    return [Place(m[1], "footer", i, understand(m[1])) for i, m in found] if len(found) == 1 else []


def _change_log(document: Document) -> list[Place]:
    for section in document.sections:
        if section.heading.name in CHANGES and section.heading.level <= 3:
            found = []
            for i in range(section.start, section.own):
                item = is_item(document.shown[i])
                words = plain(item or "")
                if item and find_day(words) and re.match(r"[A-Za-z]+\W*(?:\(|on\b|\d|:|$|[-–—])", words):
                    found.append(Place(item, "change log", i, understand(words)))
            return [place for place in reversed(found) if place.stated.status][:1]
    return []


def _folder(path: str) -> list[Place]:
    parents = path.split("/")[:-1]
    for parent in reversed(
        parents[-2:] if path.casefold().endswith(("/readme.md", "/index.md")) else parents[-1:]
    ):
        status = _FOLDERS.get(_UNDER_FOLDER.sub("", parent.casefold()), _FOLDERS.get(parent.casefold()))
        if status:
            return [Place(parent, "folder", 0, Stated(status))]
    return []


def in_words(place: Place, words: Mapping[str, str]) -> Place:
    """Return a place understood by a format's own words for statuses, where it says just one of them."""
    status = words.get(plain(place.raw).strip(" .").casefold())
    return replace(place, stated=Stated(status)) if status else place


def decide(found: list[Place]) -> tuple[Place | None, str | None, bool]:
    """Return the place believed, the status that follows from all places, and whether they disagree."""
    speaking = [place for place in found if place.stated.status]
    if not speaking:
        return (found[0] if found else None), None, False
    first = speaking[0]
    status = first.stated.status
    if status != "superseded" and not first.stated.partly:
        later = next((p for p in speaking if p.stated.status == "superseded"), None)
        if later is not None:
            status = "superseded"
    return first, status, len({p.stated.status for p in speaking}) > 1
