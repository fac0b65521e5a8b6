"""Markdown that is read back as what was meant: no text becomes a heading, a rule, metadata or a comment."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from adr_app.domain.documents.record import Option
from adr_app.domain.documents.structure import Document, mask
from adr_app.domain.documents.writers.fields import Fields, Relation
from adr_app.domain.documents.writers.wording import literal, one_line, option, title
from adr_app.domain.values import dataclass

_HEADING = re.compile(r"( {0,3})(#{1,6}(?:\s|$)|#{1,6}(?=[A-Z\[\d])|(?:=+|-{3,}|\+{3,}|\.{3})\s*$)")
_FENCES = tuple(sign * count for count in range(3, 40) for sign in "`~")

MARK = "<!-- written by adr-app; not part of the decision's own text -->"
"""Stands below the heading of a section that the log wrote, so that reading it again leaves it out."""

LOG_KEYS = (
    *("kind", "implementation", "answers-for-it", "decide-by", "systems", "data-touched", "outside-firms"),
    *("undo", "change-waiting", "first-commit", "security-review"),
)
"""Metadata that the log writes beside what formats state; a team's own key of that name makes it “log-…”."""

_LOG_WORDS = "|".join(key.replace("-", " ").capitalize() for key in LOG_KEYS)
_LOG_LINE = re.compile(rf"^(?:[-*] )?(?:{_LOG_WORDS}): [^\n]*\n+", re.M)
_WRITTEN = re.compile(rf"\n*^## [^\n]*\n+{re.escape(MARK)}\n.*?(?=^#{{1,2}} |\Z)", re.M | re.S)

LABELS = {
    ("supersedes", False): "Supersedes",
    ("supersedes", True): "Superseded by",
    ("amends", False): "Amends",
    ("amends", True): "Amended by",
    ("relates to", False): "Relates to",
    ("depends on", False): "Depends on",
}
"""Relations in the words every reader knows; those missing are said by the other end only."""


@dataclass(frozen=True, slots=True)
class Headings:
    """How a format spells its sections; consequences stand one level deeper where `inner` says so."""

    context: str
    decision: str
    inner: bool
    drivers: str = "Decision Drivers"
    options: str = "Considered Options"
    consequences: str = "Consequences"
    arguments: str = "Pros and Cons of the Options"


MADR = Headings("Context and Problem Statement", "Decision Outcome", inner=True)
NYGARD = Headings("Context", "Decision", inner=False)
_SPELLINGS = {
    "context": ("context", "context and problem statement"),
    "decision": ("decision", "decision outcome"),
    "options": (
        "considered options",
        "considered alternatives",
        "options considered",
        "alternatives considered",
    ),
    "arguments": ("pros and cons of the options", "pros and cons of the alternatives"),
}
"""Headings that one format spells so and the other otherwise; all others are a team's own and stay."""


def block(text: str) -> str:
    """Return Markdown that stays within its section: headings, rules and comments in it become text.

    Fenced code is left as it is, and closed where it was not.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
    lines = [line if "<!--" not in line else _without_comment(lines, i) for i, line in enumerate(lines)]
    shown = mask(lines)
    kept = [
        _HEADING.sub(r"\1\\\2", line, count=1) if shown[i] and _HEADING.match(line) else line
        for i, line in enumerate(lines)
    ]
    if not mask([*lines, "x"])[-1]:
        kept.append(next(fence for fence in _FENCES if mask([*lines, fence, "x"])[-1]))
    return "\n".join(kept)


def _without_comment(lines: list[str], i: int) -> str:
    # Within a fence the line above this one, put in its place, is blanked too.
    fenced = not mask([*(x.replace("<!--", "") for x in lines[:i]), "x"])[-1]
    return lines[i] if fenced else lines[i].replace("<!--", "&lt;!--")


def section(heading: str, text: str, level: int = 2) -> list[str]:
    """Return a section, or nothing where it has no text."""
    return [f"{'#' * level} {heading}", block(text)] if heading and text.strip() else []


def spelled(body: str, headings: Headings) -> str:
    """Return a whole text whose well-known headings are spelled as a format spells them."""
    document = Document(body)
    there = {heading.name for heading in document.headings}
    lines = list(document.lines)
    for heading in document.headings:
        for role, names in _SPELLINGS.items():
            wanted = getattr(headings, role)
            if (
                heading.level == 2
                and heading.text.casefold() in names
                and wanted.casefold() not in there
                and lines[heading.line].startswith("##")
            ):
                lines[heading.line] = f"## {wanted}"
                there.add(wanted.casefold())
    return "\n".join(lines)


def sections(fields: Fields, headings: Headings) -> list[str]:
    """Return all that a decision says, in the order of its format."""
    if fields.body:
        return [spelled(fields.body, headings)]
    parts = section(headings.context, fields.context) + section(headings.drivers, fields.drivers)
    if fields.options:
        parts += [f"## {headings.options}", "\n".join(f"* {option(o.title)}" for o in fields.options)]
    parts += _outcome(fields, headings) + _arguments(fields.options, headings)
    for heading, text in fields.sections:
        parts += section(literal(heading), text)
    return parts


def opened(body: str) -> tuple[str, str]:
    """Return what stands before the first heading of a whole text, and the rest."""
    document = Document(body)
    at = document.headings[0].line if document.headings else len(document.lines)
    return "\n".join(document.lines[:at]).strip("\n"), "\n".join(document.lines[at:])


def _outcome(fields: Fields, headings: Headings) -> list[str]:
    chosen = next((one.title for one in fields.options if one.chosen), "")
    decision = block(fields.decision) if fields.decision.strip() else ""
    inner = section(headings.consequences, fields.consequences, 3 if headings.inner else 2)
    if not (decision or chosen or (inner and headings.inner)):
        return inner
    said = f'Chosen option: "{option(chosen)}", because'
    parts = [f"## {headings.decision}"]
    if chosen and not decision.startswith(said):
        parts.append(f"{said} of what follows." if decision else f"{said} it suits best.")
    return [*parts, *([decision] if decision else []), *inner]


def _arguments(options: tuple[Option, ...], headings: Headings) -> list[str]:
    """Return the reasons for and against; every option is named, so that none is taken for another."""
    if not any(one.pros or one.cons or one.neutral or one.text.strip() for one in options):
        return []
    parts = [f"## {headings.arguments}"]
    for one in options:
        lines = [f"* Good, because {one_line(text)}" for text in one.pros]
        lines += [f"* Neutral, because {one_line(text)}" for text in one.neutral]
        lines += [f"* Bad, because {one_line(text)}" for text in one.cons]
        parts += [f"### {option(one.title)}", *([block(one.text)] if one.text.strip() else [])]
        parts += ["\n".join(lines)] if lines else []
    return parts


def link(relation: Relation) -> str:
    """Return the other end of a relation as a link, or its bare name where it has no file."""
    label = one_line(relation.label)
    return f"[{label}]({quote(relation.address)})" if relation.address else label


def sentence(relation: Relation, *, spelling: str = "supersede") -> str:
    """Return a relation as a line such as “Partially supersedes [ADR-0001](0001-x.md)”, or nothing."""
    words = LABELS.get((relation.kind, relation.inward), "")
    if not words:
        return ""
    words = words.replace("upersede", spelling[1:])
    words = f"Partially {words[0].lower()}{words[1:]}" if relation.part else words
    return f"{words} {link(relation)}"


def links(relations: tuple[Relation, ...], bullet: str = "*") -> list[str]:
    """Return the section of relations, each with its remark, or nothing where there are none."""
    lines = []
    for relation in relations:
        if said := sentence(relation):
            note = f" ({literal(relation.note)})" if relation.note.strip() else ""
            lines.append(f"{bullet} {said}{note}")
    return ["## Links", "\n".join(lines)] if lines else []


def security(fields: Fields) -> list[str]:
    """Return the section that says whether security was asked, marked as the log's own."""
    if fields.security is None:
        return []
    lines = [fields.security.words + ".", *(f"* {one_line(line)}" for line in fields.security.lines)]
    text = "\n".join(lines).replace("\n* ", "\n\n* ", 1)
    return ["## Security Review", MARK, block(text)]


def own_parts(front_matter: str, body: str) -> tuple[str, str]:
    """Return the metadata and text of a file without what the log wrote into it.

    They are unchanged where it wrote nothing: its section of security is missing then.
    """
    if MARK not in body:
        return front_matter, body
    lines = front_matter.split("\n")
    keys = {line.partition(":")[0] for line in lines}
    written = {f"log-{key}" if f"log-{key}" in keys else key for key in LOG_KEYS}
    front_matter = "\n".join(line for line in lines if line.partition(":")[0] not in written)
    head, mark, rest = without_security(body).partition("\n## ")
    return front_matter, _LOG_LINE.sub("", head) + mark + rest


def without_security(body: str) -> str:
    """Return a text without the section that the log wrote into its file."""
    return _WRITTEN.sub("", body) if MARK in body else body


def pairs(fields: Fields, named: Mapping[str, str], number: str = "") -> list[tuple[str, str]]:
    """Return the metadata of a decision for formats that write it as lines, by the words in `named`.

    `named` gives the words for deciders, consulted, informed and tags, in the order in which they stand;
    `number` is what stands before the title.
    """
    found = [(words, ", ".join(getattr(fields, name))) for name, words in named.items()]
    if full := title(fields, number)[1]:
        found.append(("Full title", full))
    found += fields.flat
    found += [(key.replace("-", " ").capitalize(), value) for key, value in fields.extra]
    if fields.security is not None:
        found.append(("Security review", fields.security.words))
    return [(one_line(key), one_line(value)) for key, value in found if one_line(value)]


def indexed(fields: Fields) -> str:
    """Return a decision's row in the index."""
    asked = fields.security.words if fields.security else ""
    cells = (
        fields.reference,
        f"[{literal(fields.title)}]({quote(fields.path)})",
        fields.status or "not stated",
        asked,
        fields.date or "",
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def index(rows: list[str], company: str, note: str) -> str:
    """Return the index of an export: every decision with its file, and what `note` says is left out."""
    head = (
        "| Number | Decision | Status | Was security asked? | Decided on |\n| --- | --- | --- | --- | --- |"
    )
    said = f"{len(rows)} decisions. {note}".strip()
    return f"# Decisions of {literal(company)}\n\n{said}\n\n" + "\n".join([head, *rows]) + "\n"
