"""The metadata block on top of a file, as text: YAML and TOML are parsed, and no value is ever built."""

import json
import re
import tomllib
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

from adr_app.domain.documents import Note
from adr_app.domain.documents.frontmatter import Block, Metadata, read_loosely, read_plain

_DEEPEST = 20
_BRACKET = re.compile(r"[\[\]{}]")


def metadata_of(block: Block, notes: list[Note]) -> Metadata:
    """Return the keys of a metadata block; what has a mistake is read line by line, with a note added."""
    if block.kind == "toml":
        try:
            return {key: _text_of(value) for key, value in toml(block.text).items()}
        except (ValueError, RecursionError):
            notes.append(Note(1, "metadata", "The TOML block has a mistake; it was read line by line."))
            return {key: _bare(value) for key, value in read_loosely(block.text.replace(" = ", ": ")).items()}
    plain = read_plain(block.text)
    if plain is not None:
        return plain
    try:
        return parse_yaml(block.text)
    except (YAMLError, ValueError, RecursionError) as error:
        problem = str(getattr(error, "problem", None) or error).split("\n")[0]
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        notes.append(
            Note(line, "metadata", f"The YAML block has a mistake ({problem}); it was read line by line.")
        )
        return read_loosely(block.text)


def _bare(value: str | list[str]) -> str | list[str]:
    return value.strip("\"'") if isinstance(value, str) else value


def _text_of(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_line_of(item) for item in value]
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_line_of(item)}" for key, item in value.items())
    return str(value)


def _line_of(value: Any) -> str:
    """Return a value as text; of lists within lists each level must not quote the one within it again."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def parse_yaml(text: str) -> Metadata:
    """Return the keys of a YAML mapping with their values as text, or as lists of texts.

    Scalars keep their spelling (0042, 2024-02-30, no); anything nested keeps its source text. Only the
    parser's events are used, so no value is ever built from a tag. The first of two equal keys holds.

    :raises YAMLError: when it is not YAML.
    :raises ValueError: on anchors and aliases, on too deep nesting, and when it is not a mapping.
    """
    found: Metadata = {}
    if too_deep(text):
        raise ValueError("nested too deeply")
    events = iter(YAML(typ="safe", pure=True).parse(text))
    for event in events:
        _refuse_aliases(event)
        if isinstance(event, SequenceStartEvent | ScalarEvent):
            raise ValueError("not a list of keys and values")
        if isinstance(event, MappingStartEvent):
            break
    for event in events:
        if isinstance(event, MappingEndEvent):
            break
        _refuse_aliases(event)
        if not isinstance(event, ScalarEvent):
            raise ValueError("a key that is no text")
        found.setdefault(str(event.value), _value(text, next(events), events))
    return found


def toml(text: str) -> dict[str, Any]:
    """Return the content of a TOML text.

    :raises ValueError: when it is not TOML, or nests so deeply that reading it would take its time.
    :raises RecursionError: when it nests deeper than Python's stack.
    """
    if too_deep(text):
        raise ValueError("nested too deeply")
    steps = 0
    for name in text.split("."):
        bare = name.strip()
        steps = 1 if any(c.isspace() for c in bare) else steps + 1
        if steps > _DEEPEST:
            raise ValueError("nested too deeply")
    return tomllib.loads(text)


def too_deep(text: str) -> bool:
    """Return whether brackets open so often within others that looking at them would take its time."""
    depth = 0
    for mark in _BRACKET.findall(text) if text.count("[") + text.count("{") > _DEEPEST else ():
        depth += 1 if mark in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False


def _value(text: str, first: Event, events: Iterator[Event]) -> str | list[str]:
    _refuse_aliases(first)
    if isinstance(first, ScalarEvent):
        return str(first.value)
    if isinstance(first, MappingStartEvent):
        return text[first.start_mark.index : _skip(events).end_mark.index].strip()
    items: list[str] = []
    for event in events:
        if isinstance(event, SequenceEndEvent):
            break
        _refuse_aliases(event)
        if isinstance(event, ScalarEvent):
            items.append(str(event.value))
        else:
            items.append(text[event.start_mark.index : _skip(events).end_mark.index].strip())
    return items


def _skip(events: Iterator[Event]) -> Event:
    """Pass over what is inside a collection and return the event that ends it."""
    depth = 1
    for event in events:
        _refuse_aliases(event)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("nested too deeply")
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
            if depth == 0:
                return event
    raise ValueError("it ends in the middle")


def _refuse_aliases(event: Event) -> None:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise ValueError("anchors and aliases are not accepted")
