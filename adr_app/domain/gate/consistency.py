"""Findings about what records say, each by itself and all together; nothing here knows of files or git."""

import posixpath
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import NamedTuple

from adr_app.domain.documents.record import file_of
from adr_app.domain.documents.room import Memory, Room
from adr_app.domain.documents.selection import UNFILLED
from adr_app.domain.gate.facts import Facts
from adr_app.domain.gate.findings import Finding

Exists = Callable[[str], bool]
"""Tells whether there is a file or folder at a path relative to the folder that is checked."""

_BY_NOTE = {
    "status-unknown": "status-unknown",
    "status-template": "template-unfilled",
    "status-disagrees": "status-twice",
    "status-superseded": "status-left-behind",
    "date-impossible": "date-impossible",
    "date-ambiguous": "date-ambiguous",
    "metadata": "front-matter",
    "encoding": "encoding",
}
"""Which rule a remark of the reader belongs to; the others are found here from all records together."""

_COMPLETE = frozenset({"accepted", "proposed"})
"""Records with one of these statuses must have every part that the team requires."""

_NOT_IN_FORCE = frozenset({"proposed", "draft", "rejected"})


class Stated(NamedTuple):
    """What must be known of a record to judge others: status, number, whom it replaces or is replaced by.

    `replaced` are, for each such relation to a whole record or a part of one, its line, the other's path,
    whether it was said in the passive, and whether only a part is meant.
    """

    status: str | None
    number: str | None
    replaced: tuple[tuple[int, str, bool, bool], ...]


class Checks:
    """What is wrong with records that come one by one, each by itself and at last all together."""

    def __init__(self, exists: Exists, room: Room | None = None) -> None:
        """Look at no record yet; `room` is where is kept what must be known of all, by default in memory."""
        room = room or Memory()
        self.stated: MutableMapping[str, Stated] = room.mapping("stated")
        self._numbers = room.index("numbers")
        self._exists = exists

    def of_one(self, path: str, known: Facts) -> list[Finding]:
        """Return what is wrong with a record by itself, and remember it for the others."""
        record = known.record
        replaced = tuple(
            (max(link.line, 1), link.path, link.inward, link.part)
            for link in record.links
            if link.kind == "supersedes" and link.path is not None and link.path != path
        )
        self.stated[path] = Stated(record.status, record.number, replaced)
        if record.number is not None:
            self._numbers.add(_counted_as(path, record.number), path)
        return list({*_of_one(path, known), *_broken(path, known, self._exists)})

    def of_all(self) -> list[Finding]:
        """Return what is wrong between the records, once all have come."""
        found: set[Finding] = set()
        for path, said in self.stated.items():
            if said.number is not None and self._numbers.several(key := _counted_as(path, said.number)):
                found.add(Finding(path, 1, "number-twice", key.rpartition("\0")[2]))
            if said.replaced:
                found.update(_replacements(path, said, self.stated))
        return list(found)


def of_skipped(path: str, reason: str) -> list[Finding]:
    """Return what a file that is no record is reproached with: only that it is one left unfilled."""
    unfilled = reason == UNFILLED
    return [Finding(path, 1, "template-unfilled", f"The file is still {reason}.")] if unfilled else []


def _of_one(path: str, known: Facts) -> Iterable[Finding]:
    record = known.record
    noted = set()
    for note in record.warnings:
        if note.code in _BY_NOTE:
            noted.add(note.code)
            yield Finding(path, max(note.line, 1), _BY_NOTE[note.code], note.message)
    if record.status is None and not noted & {"status-unknown", "status-template"}:
        yield Finding(path, 1, "status-unstated")
    if record.status in _COMPLETE:
        for name in known.missing:
            yield Finding(path, 1, "section-missing", name)
    if known.elsewhere and "status-disagrees" not in noted:
        line, said = known.elsewhere
        detail = f"It is read as “{record.status or 'not stated'}”, and here it says “{said}”."
        yield Finding(path, line, "status-twice", detail)
    for key in known.twice:
        yield Finding(path, 1, "key-twice", key)


def _counted_as(path: str, number: str) -> str:
    """Return what no two records may share: their number, in their folder or their list in JSON."""
    file = file_of(path)
    folder = file if file != path and file.casefold().endswith(".json") else posixpath.dirname(file)
    if path.casefold().endswith(("/readme.md", "/index.md")):
        folder = posixpath.dirname(folder)
    return f"{folder}\0{number.lstrip('0') or '0'}"


def _broken(path: str, known: Facts, exists: Exists) -> Iterable[Finding]:
    folder = posixpath.dirname(path)
    for line, address in known.links:
        # What begins with a slash is an address of the site that shows the records, not of this folder.
        if not address.startswith("/") and not exists(posixpath.normpath(posixpath.join(folder, address))):
            yield Finding(path, line, "link-broken", address)
    said = {address for _, address in known.links}
    for link in known.record.links:
        external = "://" in link.target or any(address in link.target for address in said)
        if link.path is None and link.kind == "supersedes" and not external:
            yield Finding(path, max(link.line, 1), "link-broken", link.target[:120])


def _replacements(path: str, said: Stated, stated: Mapping[str, Stated]) -> Iterable[Finding]:
    """Yield what is odd about who replaces whom, as this record tells it."""
    for line, other, inward, part in said.replaced:
        theirs = stated.get(other)
        if theirs is None:
            continue
        if inward and not part and theirs.status in _NOT_IN_FORCE:
            yield Finding(path, line, "replaced-too-early", other)
        elif not _named_back(inward, path, theirs) and (inward or said.status == "accepted"):
            yield Finding(path, line, "replaced-one-sided", other)


def _named_back(inward: bool, path: str, theirs: Stated) -> bool:
    return any(other == path and their_way != inward for _, other, their_way, _ in theirs.replaced)
