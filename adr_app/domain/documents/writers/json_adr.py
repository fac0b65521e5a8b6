"""JSON-ADR 1.0.0: the whole log as one value, for programs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from adr_app.domain.documents.writers import wording
from adr_app.domain.documents.writers.fields import Fields, Relation

VERSION = "1.0.0"
_KINDS = {
    ("supersedes", False): "supersedes",
    ("supersedes", True): "superseded-by",
    ("amends", False): "amends",
    ("amends", True): "amended-by",
    ("relates to", False): "relates-to",
    ("depends on", False): "depends-on",
}


def pieces(decisions: Iterable[Fields]) -> Iterator[str]:
    """Yield the text of the value piece by piece, one decision in each."""
    yield f'{{"version": "{VERSION}", "adrs": ['
    between = "\n"
    for fields in decisions:
        yield between + json.dumps(entry(fields), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def entry(fields: Fields) -> dict[str, Any]:
    """Return one decision as JSON-ADR names its parts; what has no part stands in `custom_sections`."""
    custom = {heading: text for heading, text in fields.sections if text.strip()}
    custom |= {key: value for key, value in (*fields.flat, *fields.extra) if value}
    if fields.security is not None:
        custom["security-review"] = "\n".join([fields.security.words, *fields.security.lines])
    if fields.safeguards:
        custom["safeguards"] = "\n".join(fields.safeguards)
    found: dict[str, Any] = {
        "number": fields.log_number,
        "title": wording.one_line(fields.title),
        "status": fields.status or "unstated",
        "date": fields.date or "",
        "deciders": list(fields.deciders),
        "consulted": list(fields.consulted),
        "informed": list(fields.informed),
        "tags": list(fields.tags),
        "context": fields.context,
        "decision_drivers": _lines(fields.drivers),
        "considered_options": [
            _filled({"name": o.title, "description": o.text, "pros": list(o.pros), "cons": list(o.cons)})
            for o in fields.options
        ],
        "decision": _decision(fields),
        "consequences": fields.consequences,
        "links": [link for relation in fields.relations if (link := _link(relation))],
        "custom_sections": custom,
        "path": fields.path,
    }
    # Its readers want a day in every record; an empty one is the nearest to none.
    return {"number": found["number"], "date": found["date"]} | _filled(found)


def _filled(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


def _lines(text: str) -> list[str]:
    return [line.strip().lstrip("*-+ ").strip() for line in text.split("\n") if line.strip(" *-+")]


def _decision(fields: Fields) -> str:
    chosen = next((option.title for option in fields.options if option.chosen), "")
    said = f"Chosen option: “{wording.one_line(chosen)}”." if chosen and not fields.body else ""
    return "\n\n".join(part for part in (said, fields.decision) if part.strip())


def _link(relation: Relation) -> dict[str, Any] | None:
    kind = _KINDS.get((relation.kind, relation.inward))
    if kind is None or relation.number is None:
        return None
    note = "; ".join(filter(None, ["in part" if relation.part else "", relation.note]))
    return _filled({"type": kind, "target": relation.number, "description": note})
