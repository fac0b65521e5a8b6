"""Turn a file's bytes into text with its metadata, whatever the encoding and whatever is wrong in it."""

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

from adr_app.domain.documents import Note, Source
from adr_app.domain.documents.frontmatter import (
    Block,
    Metadata,
    find_block,
    find_open_block,
    read_loosely,
    read_plain,
)

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_DEEPEST = 20
_BRACKET = re.compile(r"[\[\]{}]")
_ZEROS = 100
"""A text with more than one byte of zero in so many letters is no text."""


def decode(content: bytes) -> Source | str:
    """Return a file's text and metadata, or why it cannot be a record.

    UTF-8 is expected; what is not UTF-8 is read as UTF-16 where it says so, else as Windows-1252, with a
    warning, and never lost.
    """
    notes: list[Note] = []
    text = _text(content, notes)
    if "\0" in text:
        if text.count("\0") > len(text) // _ZEROS:
            return "a binary file, not text"
        line = text.count("\n", 0, text.index("\0")) + 1
        notes.append(Note(line, "zero-byte", "The file holds bytes of zero; a mark stands in their place."))
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\N{REPLACEMENT CHARACTER}") > 50 or len(_CONTROLS.findall(text, 0, 4000)) > 50:
        return "a binary file, not text"
    block = find_block(text) or find_open_block(text)
    if block is None:
        return Source(text, {}, warnings=tuple(notes))
    if not block.closed:
        notes.append(
            Note(
                1,
                "metadata-open",
                "The metadata is never closed; it was taken to end at line "
                f"{text.count(chr(10), 0, block.end)}.",
            )
        )
    metadata = _metadata(block, notes)
    return Source(text, metadata, block.kind, block.end, tuple(notes))


def _text(content: bytes, notes: list[Note]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        notes.append(Note(1, "encoding", "The file is UTF-16; it should be UTF-8."))
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.append(Note(line, "encoding", "The file is not UTF-8; it was read as Windows-1252."))
        return content.decode("cp1252", "replace")


def _metadata(block: Block, notes: list[Note]) -> Metadata:
    if block.kind == "toml":
        try:
            return {key: _text_of(value) for key, value in tomllib.loads(block.text).items()}
        except (tomllib.TOMLDecodeError, RecursionError):
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
        return [str(_text_of(item)) for item in value]
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_text_of(item)}" for key, item in value.items())
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
