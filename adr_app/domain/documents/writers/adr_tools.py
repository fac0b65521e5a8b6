"""adr-tools (Nygard): number and title, a date, and a section that holds the status and every relation."""

from dataclasses import replace

from adr_app.domain.documents.writers import markdown, wording
from adr_app.domain.documents.writers.fields import Fields

SPELLINGS = {"superseded": "supersede", "superceded": "supercede"}
"""How replacing is spelled: as it should be, or as adr-tools itself writes it; most readers take both."""

_PEOPLE = {"deciders": "Deciders", "consulted": "Consulted", "informed": "Informed", "tags": "Tags"}


def write(fields: Fields, spelling: str = "superseded") -> str:
    """Return the decision as a text that ends with one line feed, spelled as `SPELLINGS` names it."""
    number = f"{fields.number}. " if fields.number is not None else ""
    parts = [f"# {number}{wording.title(fields, number)[0]}"]
    parts += [f"Date: {fields.date}"] if fields.date else []
    parts += [f"{words}: {value}" for words, value in markdown.pairs(fields, _PEOPLE, number)]
    if fields.states_itself:
        parts += markdown.sections(fields, markdown.NYGARD) + markdown.links(fields.relations)
    else:
        opening, body = markdown.opened(fields.body)
        parts += [opening] if opening else []
        parts += ["## Status", *_status(fields, SPELLINGS[spelling])]
        parts += markdown.sections(replace(fields, body=body), markdown.NYGARD)
    parts += markdown.security(fields)
    return "\n\n".join(parts).rstrip("\n") + "\n"


def _status(fields: Fields, spelling: str) -> list[str]:
    """Return the status, one line, and the relations; being replaced needs no word beside its line."""
    said = [line for relation in fields.relations if (line := markdown.sentence(relation, spelling=spelling))]
    if fields.status == "superseded" and fields.replaced_by():
        said.sort(key=lambda line: not line.startswith(f"S{spelling[1:]}d by"))
        return said
    words = (fields.status_words or fields.status or "(not stated)").replace("supersede", spelling)
    return [words[:1].upper() + words[1:], *said]
