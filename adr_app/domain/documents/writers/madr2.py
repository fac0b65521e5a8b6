"""MADR 2: metadata as a list below the title."""

from adr_app.domain.documents.writers import madr4, markdown, wording
from adr_app.domain.documents.writers.fields import Fields

_PEOPLE = {"consulted": "Consulted", "informed": "Informed", "tags": "Tags"}


def write(fields: Fields) -> str:
    """Return the decision as a text that ends with one line feed."""
    lines = [f"* Status: {madr4.status(fields)}"] if fields.status or fields.status_words else []
    lines += [f"* Deciders: {', '.join(map(wording.one_line, fields.deciders))}"] if fields.deciders else []
    lines += [f"* Date: {fields.date}"] if fields.date else []
    lines += [f"* {words}: {value}" for words, value in markdown.pairs(fields, _PEOPLE)]
    parts = [f"# {wording.title(fields)[0]}", *(["\n".join(lines)] if lines else [])]
    parts += markdown.sections(fields, markdown.MADR)
    parts += markdown.links(madr4.others(fields)) + markdown.security(fields)
    return "\n\n".join(parts).rstrip("\n") + "\n"
