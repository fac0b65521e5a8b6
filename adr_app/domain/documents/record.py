"""What a reader extracts from one decision record, whatever its format."""

import re
from dataclasses import field, fields
from operator import attrgetter
from typing import Any

from adr_app.domain.documents.numbers import read_name
from adr_app.domain.values import dataclass

READER_VERSION = 4
"""Kept beside what was extracted; raised when the same file may be read differently."""

OWN_BYTES_SINCE = 3
"""From this version of the reader on, one of several records in a file is kept as its bytes in it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of the reader for the person who imports: `line` counts from 1, `code` never changes."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as the file states it.

    `kind` is a verb in the present ("supersedes", "amends", …); `inward` tells that it was said in the
    passive ("superseded by"), so that the other record is the one that acts. `path` is the record meant,
    or None where no file fits `target`; then `target` is all there is.
    """

    kind: str
    inward: bool
    target: str
    path: str | None = None
    part: bool = False
    note: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Option:
    """One considered option with the arguments the file gives for it."""

    title: str
    text: str = ""
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One decision record, read.

    `body` is the Markdown after the front matter and `front_matter` the block before it (both LF and NFC),
    so nothing of the file is lost. `options` is None where the file has no list of options. `date` is an
    ISO calendar date and `date_source` says where it stands; `number` is text, `number_value` its integer;
    both are the record's own only within `scope` (a folder, or a package by its name). `format_reason` says
    why it was read as `format`. Of several records in a file each has the file's path, `#` and its own name;
    `span` says from which character of the file's text up to which it stands.
    """

    path: str
    title: str | None
    number: str | None = None
    number_value: int | None = None
    number_source: str = ""
    status: str | None = None
    status_raw: str = ""
    status_source: str = ""
    date: str | None = None
    date_raw: str = ""
    date_source: str = ""
    links: tuple[Link, ...] = ()
    options: tuple[Option, ...] | None = None
    deciders: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    drivers: str = ""
    context: str = ""
    decision: str = ""
    consequences: str = ""
    extra_sections: tuple[tuple[str, str], ...] = ()
    extra_metadata: dict[str, str] = field(default_factory=dict)
    format: str = "hand-written"
    format_reason: str = ""
    scope: str = ""
    front_matter: str = ""
    body: str = ""
    warnings: tuple[Note, ...] = ()
    span: tuple[int, int] | None = None

    @property
    def file(self) -> str:
        """Return the path of the file this record is in, which is its own unless the file holds several."""
        return file_of(self.path)

    @property
    def fallback_title(self) -> str:
        """Return the title, or where the file states none, the words of its name."""
        return self.title or title_from_path(self.path)

    def related(self, kind: str, inward: bool) -> list[str]:
        """Return the paths this record relates to as a whole by `kind`, each once, in the file's order."""
        found = (x.path for x in self.links if x.kind == kind and x.inward == inward and not x.part)
        return list(dict.fromkeys(path for path in found if path is not None))


_NAMES = tuple(one.name for one in fields(Record))
_VALUES = attrgetter(*_NAMES)


def changed(record: Record, **changes: Any) -> Record:
    """Return a record with other values: what `dataclasses.replace` does, in a fraction of the time."""
    return Record(**{**dict(zip(_NAMES, _VALUES(record), strict=True)), **changes})


_ONE_OF_SEVERAL = re.compile(r".*\.(?:md|mdx|json)#(.+)", re.I | re.S)


def file_of(path: str) -> str:
    """Return the path of the file that a record's path is in."""
    several = _ONE_OF_SEVERAL.fullmatch(path)
    return path[: several.start(1) - 1] if several else path


def stem_of(name: str) -> str:
    """Return a file's name without its extension, or the name of a record among several in a file."""
    several = _ONE_OF_SEVERAL.fullmatch(name)
    return several[1] if several else name.rsplit(".", 1)[0]


def title_from_path(path: str) -> str:
    """Return the words in a file's name, or in its folder's when the file is a read-me."""
    folder, _, name = path.rpartition("/")
    stem = stem_of(name)
    if stem.casefold() in ("readme", "index") and folder:
        stem = folder.rpartition("/")[2]
    words = read_name(stem).words or stem
    return words[:1].upper() + words[1:]
