"""Find Markdown files below a folder, decode them, and hand their texts to the readers of documents.

Needs no database. Every `.md` file below the folder ends in the reading's records or in its skipped files.
"""

import os
import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
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

from adr_app.domain.documents import Note, Reading, Record, Source, read_records
from adr_app.domain.documents.frontmatter import Block, Metadata, find_block, read_loosely, read_plain

LARGEST = 1_000_000
"""Bytes: a decision longer than this is not one."""

_FAST = 1
"""Level of compression: higher ones take several times as long and save little more."""

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_DEEPEST = 20
_HIDDEN = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__"})


class UnreadableFolder(OSError):
    """The path to import is no folder or file that can be read."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A reading with each read file's SHA-256 (of its bytes, in hexadecimal) and its bytes by its path.

    The bytes are compressed at once (see `unpacked`), each with its size: a folder may be large.
    """

    reading: Reading
    fingerprints: dict[str, str]
    contents: dict[str, tuple[bytes, int]]


class Sources(Mapping[str, Source | str]):
    """The Markdown files below a folder by path, each read and decoded anew whenever it is asked for."""

    def __init__(self, root: Path) -> None:
        """Find the files; `skipped` are those that could not be read so far, with the reason.

        :raises UnreadableFolder: when there is no such folder or it cannot be listed.
        """
        self.skipped: dict[str, str] = {}
        self._files: dict[str, Path] = {}
        for path, file in _find(root, self.skipped):
            if self._files.setdefault(path, file) is not file:
                self.skipped[path] = "its name cannot be told from another file's"

    def __getitem__(self, path: str) -> Source | str:
        found = _load(self._files[path])
        source = found if isinstance(found, str) else decode(found)
        if isinstance(source, str):
            self.skipped[path] = source
        return source

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_folder(root: Path) -> Folder:
    """Read every Markdown file at or below `root`, following no symbolic link.

    :raises UnreadableFolder: when there is no such folder or it cannot be listed.
    """
    sources: dict[str, Source] = {}
    skipped: dict[str, str] = {}
    fingerprints: dict[str, str] = {}
    contents: dict[str, tuple[bytes, int]] = {}
    for path, file in _find(root, skipped):
        found = _load(file)
        if isinstance(found, str):
            skipped[path] = found
            continue
        fingerprints[path] = sha256(found).hexdigest()
        source = decode(found)
        if isinstance(source, str):
            skipped[path] = source
        else:
            sources[path] = source
            contents[path] = zlib.compress(found, _FAST), len(found)
    return Folder(read_records(sources, skipped), fingerprints, contents)


def _find(root: Path, skipped: dict[str, str]) -> list[tuple[str, Path]]:
    if root.is_file():
        return [(_printable(root.name), root)]
    if not root.is_dir():
        raise UnreadableFolder(f"There is no folder {root}.")
    try:
        os.scandir(root).close()
    except OSError as error:
        raise UnreadableFolder(f"The folder {root} cannot be read: {error.strerror}.") from error
    found: list[tuple[str, Path]] = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in _HIDDEN)
        for name in sorted(names):
            if name.casefold().endswith(".md"):
                file = Path(folder, name)
                path = _printable(file.relative_to(root).as_posix())
                if file.is_symlink():
                    skipped[path] = "a symbolic link; links are not followed"
                else:
                    found.append((path, file))
    return found


def unpacked(stored: bytes) -> bytes:
    """Return the bytes of a file from what a folder's contents, or the database, hold of it."""
    return zlib.decompress(stored)


def _printable(path: str) -> str:
    """Return a path that can be written as UTF-8: bytes of a name that are no text become question marks."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _load(file: Path) -> bytes | str:
    try:
        if not file.is_file():
            return "not an ordinary file"
        if file.stat().st_size > LARGEST:
            return f"larger than {LARGEST // 1_000_000} MB"
        return file.read_bytes()
    except OSError as error:
        return f"it cannot be read: {error.strerror}"


def decode(content: bytes) -> Source | str:
    """Return a file's text and metadata, or why it cannot be a record.

    UTF-8 is expected; what is not UTF-8 is read as Windows-1252, with a warning, and never lost.
    """
    if b"\0" in content:
        return "a binary file, not text"
    notes: list[Note] = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        notes.append(Note(1, "encoding", "The file is not UTF-8; it was read as Windows-1252."))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\N{REPLACEMENT CHARACTER}") > 50 or len(_CONTROLS.findall(text, 0, 4000)) > 50:
        return "a binary file, not text"
    block = find_block(text)
    if block is None:
        return Source(text, {}, warnings=tuple(notes))
    metadata = _metadata(block, notes)
    return Source(text, metadata, block.kind, block.end, tuple(notes))


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


def report(reading: Reading) -> dict[str, Any]:
    """Return the account of a dry run: what would be created, what is skipped and why, and every remark."""
    return {
        "files": len(reading.records) + len(reading.skipped),
        "created": len(reading.records),
        "updated": 0,
        "diverged": 0,
        "unchanged": 0,
        "skipped": [{"path": path, "reason": reason} for path, reason in reading.skipped],
        "warnings": [
            {"path": path, "line": note.line, "code": note.code, "message": note.message}
            for path, note in reading.warnings
        ],
        "decisions": [entry(record) for record in reading.records],
    }


def entry(record: Record, ref: str | None = None) -> dict[str, Any]:
    """Return one record as the report names it; `ref` is its reference in the log, once it has one."""
    return {
        "path": record.path,
        "ref": ref,
        "title": record.title,
        "number": record.number_value,
        "status": record.status,
        "status_raw": record.status_raw,
        "date": record.date,
        "supersedes": record.related("supersedes", inward=False),
        "superseded_by": record.related("supersedes", inward=True),
        "options": None if record.options is None else len(record.options),
        "deciders": list(record.deciders),
        "format": record.format,
    }


def signature(root: Path) -> str:
    """Return one SHA-256 over the paths and bytes of everything `read_folder` would look at.

    :raises UnreadableFolder: as `read_folder` does.
    """
    skipped: dict[str, str] = {}
    whole = sha256()
    for path, file in _find(root, skipped):
        content = _load(file)
        said = content.encode() if isinstance(content, str) else sha256(content).digest()
        whole.update(path.encode() + b"\0" + said + b"\0")
    for path, reason in sorted(skipped.items()):
        whole.update(path.encode() + b"\0" + reason.encode() + b"\0")
    return whole.hexdigest()
