"""MADR 4: metadata as YAML, quoted wherever YAML could take it for something else."""

import re
from collections.abc import Iterable

from adr_app.domain.documents import people
from adr_app.domain.documents.writers import markdown, wording
from adr_app.domain.documents.writers.fields import Fields, Relation

_UNSAFE_START = frozenset("@`*&!%{}[]|>#?:,-\"'")
_TYPED = re.compile(r"[\d.+-].*|true|false|yes|no|on|off|y|n|null|~", re.I)


def write(fields: Fields) -> str:
    """Return the decision as a text that ends with one line feed."""
    parts = [front_matter(fields), f"# {wording.title(fields)[0]}"]
    parts += markdown.sections(fields, markdown.MADR)
    parts += markdown.links(others(fields)) + markdown.security(fields)
    return "\n\n".join(parts).rstrip("\n") + "\n"


def others(fields: Fields) -> tuple[Relation, ...]:
    """Return the relations that the status does not state."""
    first = fields.replaced_by()[:1] if fields.status == "superseded" else ()
    return tuple(relation for relation in fields.relations if relation not in first)


def status(fields: Fields) -> str:
    """Return the status, naming what replaced the decision."""
    newer = fields.replaced_by()
    if fields.status == "superseded" and newer:
        return f"superseded by {markdown.link(newer[0])}"
    return fields.status_words or fields.status or ""


def front_matter(fields: Fields) -> str:
    """Return the block of metadata."""
    lines = ["---"]
    if said := status(fields):
        lines.append(f"status: {scalar(said)}")
    if fields.date:
        lines.append(f"date: {fields.date}")
    for key, names in (
        ("decision-makers", fields.deciders),
        ("consulted", fields.consulted),
        ("informed", fields.informed),
        ("tags", fields.tags),
    ):
        lines += _listed(key, names)
    if full := wording.title(fields)[1]:
        lines.append(f"full-title: {scalar(full)}")
    extra = [*fields.extra]
    if fields.security is not None:
        extra.append(("security-review", fields.security.words))
    # A key that the file has already is the team's own; two equal ones would be no YAML.
    own = {line.partition(":")[0].strip("\"' ") for line in fields.front_matter.split("\n")}
    lines += [f"{f'log-{key}' if key in own else key}: {scalar(value)}" for key, value in extra]
    if fields.front_matter:
        lines.append(fields.front_matter)
    return "\n".join([*lines, "---"]) if len(lines) > 1 else '---\nstatus: ""\n---'


def _listed(key: str, values: Iterable[str]) -> list[str]:
    items = [f"  - {scalar(_name(value))}" for value in values]
    return [f"{key}:", *items] if items else []


def _name(value: str) -> str:
    """Return a name with entities where Markdown signs in it would be lost."""
    line = wording.one_line(value)
    return line if people.names([line]) == (line,) else wording.encoded(line)


def scalar(value: str) -> str:
    """Return a one-line YAML scalar that every YAML reader takes for this text."""
    text = wording.one_line(value)
    doubtful = not text or text[0] in _UNSAFE_START or ": " in text or " #" in text or text[-1] == ":"
    if doubtful or "[" in text or _TYPED.fullmatch(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
