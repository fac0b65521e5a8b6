"""Load what is not Markdown: settings of tools for decision records, and lists of records in JSON."""

import json
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from adr_app.domain.documents import Source
from adr_app.domain.documents.families import SETTINGS
from adr_app.domain.gate.statement import SUFFIX
from adr_app.services.metadata import toml, too_deep

LARGEST = 100_000
"""Bytes: settings longer than this are not looked at."""

_DEEPEST = 20
_LISTED = b'"adrs"'


def matters(name: str, content: bytes) -> bool:
    """Return whether a file that is not Markdown has something to say: known settings, or records in JSON."""
    return len(content) <= LARGEST if name in SETTINGS else may_list(name, content)


def may_list(name: str, content: bytes) -> bool:
    """Return whether a file may hold records in JSON."""
    folded = name.casefold()
    return folded.endswith(".json") and not folded.endswith(SUFFIX) and _LISTED in content


def listed(content: bytes) -> Source | str:
    """Return a JSON file that may list records, or why it cannot be read."""
    try:
        return Source(content.decode("utf-8-sig"), {}, "json")
    except UnicodeDecodeError:
        return "a JSON file that is not UTF-8"


def load(content: bytes, kind: str) -> Any:
    """Return a settings file's content, or None where it cannot be read as what it should be.

    `kind` is "text", "yaml", "json" or "toml". No value is ever built from a tag, anchors are refused.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        if kind == "yaml":
            return nested(text)
        if kind == "json":
            return _texts(json.loads(text))
        return _texts(toml(text)) if kind == "toml" else text
    except (ValueError, RecursionError, YAMLError):
        return None


def nested(text: str) -> Any:
    """Return the first document of a YAML text as mappings and lists of texts.

    :raises YAMLError: when it is not YAML.
    :raises ValueError: on anchors and aliases, on too deep nesting, and on keys that are no text.
    """
    if too_deep(text):
        raise ValueError("nested too deeply")
    events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))
    for event in events:
        if isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent):
            return _value(event, events, 0)
    return ""


def _value(event: Event, events: Iterator[Event], depth: int) -> Any:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or depth > _DEEPEST:
        raise ValueError("anchors, aliases and deep nesting are not accepted")
    if isinstance(event, ScalarEvent):
        return str(event.value)
    if isinstance(event, SequenceStartEvent):
        return [_value(item, events, depth + 1) for item in _until(SequenceEndEvent, events)]
    found: dict[str, Any] = {}
    for key in _until(MappingEndEvent, events):
        if not isinstance(key, ScalarEvent):
            raise ValueError("a key that is no text")
        found.setdefault(str(key.value), _value(next(events), events, depth + 1))
    return found


def _until(end: type[Event], events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _texts(item) for key, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else str(value)
