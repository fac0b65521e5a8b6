"""log4brains: MADR 2 whose files are named by their day, and whose links name the file."""

from adr_app.domain.documents.writers import madr4, markdown, wording
from adr_app.domain.documents.writers.fields import Fields

_PEOPLE = {"tags": "Tags", "consulted": "Consulted", "informed": "Informed"}


def write(fields: Fields) -> str:
    """Return the decision as a text that ends with one line feed.

    A missing status is written as such: log4brains would take a record without one for accepted.
    """
    lines = [f"- Status: {madr4.status(fields) or 'unstated'}"]
    lines += [f"- Deciders: {', '.join(map(wording.one_line, fields.deciders))}"] if fields.deciders else []
    lines += [f"- Date: {fields.date}"] if fields.date else []
    lines += [f"- {words}: {_whole(words, value)}" for words, value in markdown.pairs(fields, _PEOPLE)]
    parts = [f"# {wording.title(fields)[0]}", "\n".join(lines)]
    parts += markdown.sections(fields, markdown.MADR)
    parts += markdown.links(madr4.others(fields), bullet="-") + markdown.security(fields)
    return "\n\n".join(parts).rstrip("\n") + "\n"


def _whole(words: str, value: str) -> str:
    """Return a single tag of several words so that it stays one: without a comma, spaces separate tags."""
    return f"{value}," if words == "Tags" and " " in value and "," not in value else value


def name(fields: Fields) -> str:
    """Return the name of a decision's file: its day, else its number, then the title's words."""
    if not fields.date:
        return wording.numbered_name(fields)
    return f"{fields.date.replace('-', '')}-{wording.slug(fields.title)}.md"
