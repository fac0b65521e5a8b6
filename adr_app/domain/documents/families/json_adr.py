"""JSON-ADR version 1: a file with a list of records, each told as Markdown of the same meaning."""

import json
import re
from typing import Any

from adr_app.domain.documents.family import MOST_PARTS, Evidence, Family, Look, Part, names_apart
from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.source import Source

_TEXTS = (
    ("context", "Context and Problem Statement"),
    ("decision_drivers", "Decision Drivers"),
    ("considered_options", "Considered Options"),
    ("decision", "Decision Outcome"),
    ("consequences", "Consequences"),
    ("confirmation", "Confirmation"),
)
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_OURS = {"title", "links", "custom_sections", *(key for key, _ in _TEXTS)}


def _evidence(look: Look) -> Evidence | None:
    return Evidence(100, "an entry of a JSON-ADR file") if look.source.kind == "json" else None


def _parts(path: str, source: Source) -> list[Part]:
    if source.kind != "json":
        return []
    try:
        listed = _listed(source.text)
    except (ValueError, RecursionError):
        return []
    entries = [
        (entry, span)
        for entry, span in listed
        if isinstance(entry, dict) and isinstance(entry.get("title"), str)
    ][: MOST_PARTS + 1]
    names = names_apart(_printable(entry.get("number")) or str(i) for i, (entry, _) in enumerate(entries, 1))
    found, at, line = [], 0, 0
    for (entry, span), name in zip(entries, names, strict=True):
        title = source.text.find(json.dumps(entry["title"], ensure_ascii=False), at)
        if title >= 0:
            line += source.text.count("\n", at, title)
            at = title
        found.append(Part(name, _source(entry, line), span))
    return found


def _listed(text: str) -> list[tuple[Any, tuple[int, int]]]:
    """Return the values of the list `adrs`, each with where it begins and ends in the text.

    :raises ValueError: when the text is no JSON.
    """
    whole = json.loads(text)
    listed = whole.get("adrs") if isinstance(whole, dict) else None
    if not isinstance(listed, list):
        return []
    found, at = [], _start_of_list(text) + 1
    for value in listed:
        start = _past_space(text, at)
        end = _DECODER.raw_decode(text, start)[1]
        found.append((value, (start, end)))
        at = _past_space(text, end) + 1
    return found


def _start_of_list(text: str) -> int:
    """Return where the value of `adrs` begins in a JSON object that has one: of several the last counts."""
    found, at = 0, _past_space(text, 0)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, _past_space(text, at + 1))
        at = _past_space(text, _past_space(text, at) + 1)
        found = at if key == "adrs" else found
        at = _past_space(text, _DECODER.raw_decode(text, at)[1])
    return found


def _past_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _printable(value: Any) -> str:
    return _text(value).encode("utf-8", "replace").decode()


def _source(entry: dict[str, Any], before: int) -> Source:
    """Return an entry as Markdown below its plain values; `before` is the line of its title in the file."""
    metadata: Metadata = {"title": entry["title"]}
    for key, value in entry.items():
        if key == "links" and isinstance(value, list):
            metadata[key] = [_fields(link) for link in value if isinstance(link, dict)]
        elif key not in _OURS and isinstance(value, list):
            metadata[key] = [_text(item) for item in value]
        elif key not in _OURS and value is not None:
            metadata[key] = _text(value)
    block = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in metadata.items())
    front = f"---\n{block}---\n"
    return Source(front + _body(entry), metadata, "json", len(front), before=before)


def _fields(link: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {_text(value)}" for key, value in link.items())


def _body(entry: dict[str, Any]) -> str:
    parts = [f"\n# {' '.join(entry['title'].split())}\n"]
    for key, heading in _TEXTS:
        value = entry.get(key)
        if isinstance(value, list):
            value = "\n".join(f"* {' '.join(_name(item).split())}" for item in value)
        if value := _text(value).strip():
            parts.append(f"\n## {heading}\n\n{value}\n")
    options = entry.get("considered_options")
    argued = [_arguments(option) for option in options or [] if isinstance(option, dict)]
    if any(argued):
        parts.append("\n## Pros and Cons of the Options\n" + "".join(argued))
    sections = entry.get("custom_sections")
    for heading, value in sections.items() if isinstance(sections, dict) else ():
        parts.append(f"\n## {' '.join(heading.split())}\n\n{_text(value).strip()}\n")
    return "".join(parts)


def _name(item: Any) -> str:
    return _text(item.get("name")) if isinstance(item, dict) else _text(item)


def _arguments(option: dict[str, Any]) -> str:
    lines = [f"* Good, because {_text(x)}\n" for x in option.get("pros") or []]
    lines += [f"* Bad, because {_text(x)}\n" for x in option.get("cons") or []]
    described = _text(option.get("description")).strip()
    text = (f"\n{described}\n" if described else "") + ("\n" + "".join(lines) if lines else "")
    return f"\n### {' '.join(_name(option).split())}\n{text}" if text else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _refuses(path: str) -> str | None:
    return NOT_A_LIST if path.casefold().endswith(".json") else None


NOT_A_LIST = "a JSON file without a list of decisions in JSON-ADR"

FAMILIES = (Family("json-adr", "JSON-ADR", _evidence, parts=_parts, refuses=_refuses),)
