"""Read a folder of decision records as a whole, each file once.

Needs no database. Every `.md` file below the folder ends in its records or in its skipped files. What must be
kept of each lies in a room, so that with one on disk a folder of any size takes the same memory.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from adr_app.domain.documents import Reader, Reading, Record, Source
from adr_app.domain.documents.families import SETTINGS
from adr_app.domain.documents.room import Memory, Room
from adr_app.domain.documents.surroundings import is_read_me
from adr_app.domain.values import dataclass
from adr_app.services import settings_files
from adr_app.services.decoding import slices
from adr_app.services.packing import packed, unpacked
from adr_app.services.reading import decoded, find, is_markdown, load


@dataclass(frozen=True, slots=True)
class Folder:
    """The records below a folder, with each read file's SHA-256 (of its bytes, in hexadecimal) by its path.

    `contents` are the bytes of each file, compressed (see `packing`), with their number. One of several
    records in a file has its own part of it, byte by byte; `earlier` is the fingerprint that such a one had
    when its text was kept, as the reader takes it, and not yet its bytes. `skipped` are path and reason;
    `files` counts what was looked at, and `signature` is over all of it.
    """

    records: "Records"
    skipped: tuple[tuple[str, str], ...]
    files: int
    fingerprints: Mapping[str, str]
    contents: Mapping[str, tuple[bytes, int]]
    earlier: Mapping[str, str]
    signature: str

    @property
    def reading(self) -> Reading:
        """Return all that was read, at once."""
        return Reading(tuple(self.records[path] for path in self.records), self.skipped)


class Records(Mapping[str, Record]):
    """The records of a folder by path, in order, each with what was put beside it when it was read."""

    def __init__(
        self,
        kept: Mapping[str, tuple[Record, Any]],
        paths: dict[str, None],
        whole: Callable[[Record], Record],
    ) -> None:
        """Take the records of these paths; `whole` returns one that was read in brief with all of it."""
        self._kept, self._paths, self._whole = kept, paths, whole

    def __getitem__(self, path: str) -> Record:
        return self._kept[path][0]

    def whole(self, path: str) -> Record:
        """Return a record with all of it, also where the folder was read in brief."""
        return self._whole(self[path])

    def both(self, path: str) -> tuple[Record, Any]:
        """Return a record and what was put beside it."""
        return self._kept[path]

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def read_folder(
    root: Path,
    room: Room | None = None,
    see: Callable[[Record], Any] | None = None,
    *,
    brief: bool = False,
) -> Folder:
    """Read every Markdown file at or below `root`, following no symbolic link.

    Files of records in JSON and the settings of other tools are looked at, too, and only there when they are.
    `room` is where is kept what was read, by default in memory. `see` gets each record, in order, once all is
    known of it; what it returns is kept beside the record. Read in `brief`, records come without their
    sections (see `Reader`).

    :raises UnreadableFolder: when there is no such folder or it cannot be listed.
    """
    room = room or Memory()
    contents = room.mapping("contents")
    files = _Files(root, contents)
    reader = Reader(files, files.links | files.skipped, files.settings, room=room, brief=brief)
    kept: MutableMapping[str, tuple[Record, Any]] = room.mapping("records")
    paths: dict[str, None] = {}
    earlier: dict[str, str] = {}
    looked_at = set(reader.skipped)
    for file, records in groupby(reader.records(), lambda record: record.file):
        looked_at.add(file)
        for record, own in _with_own_bytes(file, records, contents):
            path = sys.intern(record.path)  # one text for each path, wherever it is kept
            if own is not None:
                files.fingerprints[path] = sha256(own).hexdigest()
                contents[path] = packed(own), len(own)
                earlier[path] = sha256(_retold(record)).hexdigest()
            kept[path] = record, see(record) if see else None
            paths[path] = None
    skipped = tuple(sorted(reader.skipped.items()))
    return Folder(
        Records(kept, paths, reader.whole if brief else lambda record: record),
        skipped,
        len(looked_at),
        files.fingerprints,
        contents,
        earlier,
        files.signature,
    )


def _with_own_bytes(
    file: str, records: Iterator[Record], contents: Mapping[str, tuple[bytes, int]]
) -> Iterator[tuple[Record, bytes | None]]:
    """Yield the records of a file, each with its own bytes where it is one of several."""
    for record in records:
        if record.path == file:
            yield record, None
            continue
        # The file of several records is none itself, so these are all of them.
        several = [record, *records]
        yield from zip(several, _own_bytes(unpacked(contents[file][0]), several), strict=True)


def _own_bytes(content: bytes, records: list[Record]) -> list[bytes]:
    """Return the bytes of each record of a file: all of it where a list in JSON holds only one."""
    markdown = is_markdown(records[0].file)
    if len(records) == 1 and not markdown:
        return [content]
    spans = [record.span for record in records if record.span is not None]
    found = slices(content, spans, one_end=markdown) if len(spans) == len(records) else None
    return found or [_retold(record) for record in records]


def _retold(record: Record) -> bytes:
    return (record.front_matter + record.body).encode("utf-8", "replace")


class _Files(Mapping[str, Source | str]):
    """The files of records below a folder by path, each read and decoded when it is asked for.

    Its bytes are read once and kept, whatever becomes of the file meanwhile. `links` were not followed and
    `skipped` could not be read, each with the reason; a file whose text is no text is told when asked for.
    """

    def __init__(self, root: Path, contents: MutableMapping[str, tuple[bytes, int]]) -> None:
        self.links: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.settings: dict[str, Any] = {}
        self.fingerprints: dict[str, str] = {}
        self._contents = contents
        self._folder = root if root.is_dir() else root.parent
        self._files: dict[str, str | None] = {}
        self._unreadable: dict[str, str] = {}
        self._order: list[str | tuple[str, bytes]] = []
        for path, file in find(root, self.links):
            self._find(sys.intern(path), file)

    def _find(self, path: str, file: str) -> None:
        name = os.path.basename(file)
        if is_markdown(name) and name not in SETTINGS:
            if path in self._files:  # of two whose names cannot be told apart the later one is read
                self._order[self._order.index(path)] = path, _said(load(self._place(path)))
            self._order.append(path)
            self._files[path] = file if "?" in path else None
            # A read-me tells what its folder is, but not where it cannot be read.
            if is_read_me(path) and isinstance(why := self[path], str):
                self.skipped[path] = why
                del self._files[path]
            return
        found = load(file)
        if is_markdown(name) or (isinstance(found, bytes) and settings_files.matters(name, found)):
            self._order.append((path, _said(found)))
            if isinstance(found, str):
                self.skipped[path] = found
            elif name in SETTINGS:
                self.settings[path] = settings_files.load(found, SETTINGS[name])
            else:
                self._keep(path, found)
                self._files[path] = None

    def _place(self, path: str) -> str:
        return self._files[path] or os.path.join(self._folder, path)

    def _keep(self, path: str, content: bytes) -> None:
        self.fingerprints[path] = sha256(content).hexdigest()
        self._contents[path] = packed(content), len(content)

    def __getitem__(self, path: str) -> Source | str:
        place = self._place(path)
        if path in self.fingerprints:
            return decoded(path, unpacked(self._contents[path][0]))
        if path in self._unreadable:
            return self._unreadable[path]
        found = load(place)
        if isinstance(found, str):
            self._unreadable[path] = found
            return found
        self._keep(path, found)
        return decoded(path, found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    @property
    def signature(self) -> str:
        """Return the digest over all that was looked at, in the order in which it was found."""
        seen = _Seen()
        for one in self._order:
            path, said = one if isinstance(one, tuple) else (one, self._said_of(one))
            seen.add(path, said)
        return seen.with_links(self.links)

    def _said_of(self, path: str) -> bytes:
        fingerprint = self.fingerprints.get(path)
        return bytes.fromhex(fingerprint) if fingerprint else _said(self._unreadable[path])


def signature(root: Path) -> str:
    """Return one SHA-256 over the paths and bytes of everything `read_folder` would look at.

    :raises UnreadableFolder: as `read_folder` does.
    """
    seen, links = _Seen(), dict[str, str]()
    for path, file in find(root, links):
        found, name = load(file), os.path.basename(file)
        if is_markdown(name) or (isinstance(found, bytes) and settings_files.matters(name, found)):
            seen.add(path, _said(found))
    return seen.with_links(links)


def _said(content: bytes | str) -> bytes:
    """Return what stands for a file in a signature: its bytes' digest, or why it has none."""
    return content.encode() if isinstance(content, str) else sha256(content).digest()


class _Seen:
    """What was looked at below a folder, in one digest."""

    def __init__(self) -> None:
        self._whole = sha256()

    def add(self, path: str, said: bytes) -> None:
        """Take a file in, by what stands for it."""
        self._whole.update(path.encode() + b"\0" + said + b"\0")

    def with_links(self, links: Mapping[str, str]) -> str:
        """Return the digest over all of it and the links that were not followed."""
        for path, reason in sorted(links.items()):
            self._whole.update(path.encode() + b"\0" + reason.encode() + b"\0")
        return self._whole.hexdigest()
