"""Write a decision as MADR 4, so that this reader and any other MADR reader finds the same in it.

Metadata is quoted wherever YAML could take it for something else, and no text may become a heading or a rule.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from adr_app.domain.documents.record import Option

_UNSAFE_START = frozenset("@`*&!%{}[]|>#?:,-\"'")
_TYPED = re.compile(r"[\d.+-].*|true|false|yes|no|on|off|y|n|null|~", re.I)
_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_HEADING = re.compile(
    r"^( {0,3})(#{1,6}(?:\s|$)|#{1,6}(?=[A-Z\[\d])|(?:=+|-{3,}|\+{3,}|\.{3})\s*$|<!--)", re.M
)
_SLUG = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Fields:
    """What is written of a decision; texts are Markdown, `date` is ISO, `extra` are further metadata keys."""

    title: str
    status: str | None = None
    date: str | None = None
    deciders: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    context: str = ""
    drivers: str = ""
    options: tuple[Option, ...] = ()
    decision: str = ""
    consequences: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""
    extra: tuple[tuple[str, str], ...] = ()


def file_name(number: int, title: str) -> str:
    """Return the name of a record's file: four digits, then the title's words joined by dashes."""
    slug = _SLUG.sub("-", title.casefold()).strip("-")[:80].strip("-") or "decision"
    return f"{number:04}-{slug}.md"


def write_record(fields: Fields) -> str:
    """Return the decision as a MADR 4 text that ends with one line feed.

    `supersedes` and `superseded_by` are references as they shall stand in the file, such as `ADR-0005`.
    """
    parts = [_front_matter(fields), f"# {_one_line(fields.title) or 'Untitled'}"]
    parts += _section("Context and Problem Statement", fields.context)
    parts += _section("Decision Drivers", fields.drivers)
    if fields.options:
        titles = "\n".join(f"* {_one_line(option.title)}" for option in fields.options)
        parts += ["## Considered Options", titles]
    parts += _outcome(fields)
    parts += _arguments(fields.options)
    for heading, text in fields.sections:
        parts += _section(_one_line(heading), text)
    if fields.supersedes:
        parts += ["## Links", "\n".join(f"* Supersedes {_one_line(target)}" for target in fields.supersedes)]
    return "\n\n".join(parts) + "\n"


def _front_matter(fields: Fields) -> str:
    status = fields.status or ""
    if fields.superseded_by:
        status = f"superseded by {fields.superseded_by}"
    lines = ["---"]
    if status:
        lines.append(f"status: {_scalar(status)}")
    if fields.date:
        lines.append(f"date: {fields.date}")
    people = (
        ("decision-makers", fields.deciders),
        ("consulted", fields.consulted),
        ("informed", fields.informed),
    )
    for key, names in (*people, ("tags", fields.tags)):
        lines += _listed(key, names)
    lines += [f"{key}: {_scalar(value)}" for key, value in fields.extra]
    return "\n".join([*lines, "---"]) if len(lines) > 1 else '---\nstatus: ""\n---'


def _listed(key: str, values: Iterable[str]) -> list[str]:
    items = [f"  - {_scalar(value)}" for value in values]
    return [f"{key}:", *items] if items else []


def _scalar(value: str) -> str:
    """Return a one-line YAML scalar that every YAML reader takes for this text."""
    text = _one_line(value)
    doubtful = not text or text[0] in _UNSAFE_START or ": " in text or " #" in text or text[-1] == ":"
    if doubtful or _TYPED.fullmatch(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", _CONTROLS.sub(" ", text)).strip()


def _block(text: str) -> str:
    """Return Markdown that stays within its section: what would begin another one is escaped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    return _HEADING.sub(lambda match: f"{match[1]}\\{match[2]}", lines)


def _section(heading: str, text: str) -> list[str]:
    return [f"## {heading}", _block(text)] if heading and text.strip() else []


def _outcome(fields: Fields) -> list[str]:
    chosen = next((option.title for option in fields.options if option.chosen), "")
    if not (fields.decision.strip() or fields.consequences.strip() or chosen):
        return []
    parts = ["## Decision Outcome"]
    if chosen and "chosen option" not in fields.decision.casefold():
        parts.append(f'Chosen option: "{_one_line(chosen)}"')
    if fields.decision.strip():
        parts.append(_block(fields.decision))
    if fields.consequences.strip():
        parts += ["### Consequences", _block(fields.consequences)]
    return parts


def _arguments(options: tuple[Option, ...]) -> list[str]:
    parts: list[str] = []
    for option in options:
        lines = [f"* Good, because {_one_line(text)}" for text in option.pros]
        lines += [f"* Neutral, because {_one_line(text)}" for text in option.neutral]
        lines += [f"* Bad, because {_one_line(text)}" for text in option.cons]
        body = [_block(option.text)] if option.text.strip() else []
        if lines or body:
            parts += [f"### {_one_line(option.title)}", *body, *(["\n".join(lines)] if lines else [])]
    return ["## Pros and Cons of the Options", *parts] if parts else []
