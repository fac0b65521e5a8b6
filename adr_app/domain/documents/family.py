"""What a family of decision records is to the reader: the interface that each file of `families` fills in.

A family says how sure it is that a file is one of its own, and why; and, where its files state things in
words or places of their own, how those are told in the words that the general reader knows.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import accumulate
from typing import Any

from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.header import Field
from adr_app.domain.documents.numbers import Name
from adr_app.domain.documents.record import Link
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.structure import Document
from adr_app.domain.values import dataclass

Settings = Any
"""A settings file: its text, or nested mappings and lists whose every leaf is text."""


Text = Callable[[], Source | str | None]
"""A file's text, read when it is asked for."""


MOST_PARTS = 2_000
"""Records that one file may hold; a file of more is told to be too large, not read for minutes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure a family is (the highest score wins, 100 is beyond doubt), and why, for people."""

    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    """A folder of decisions, as the settings file at `said_in` names it; `scope` is its name there."""

    folder: str
    said_in: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several records in a file, under a `name` that stays when others are added before it.

    `span` is from which character of the file's text up to which it stands.
    """

    name: str
    source: Source
    span: tuple[int, int]


@dataclass(slots=True)
class Look:
    """What there is to see of one file before it is known what it is.

    `matter` is its metadata with comparable keys, `beside` are the settings files in its folder by name.
    `part` tells that it is one of several records in a file.
    """

    path: str
    document: Document
    source: Source
    matter: Metadata
    header: list[Field]
    name: Name
    home: Home | None = None
    beside: Mapping[str, Settings] = field(default_factory=dict)
    part: bool = False
    names: frozenset[str] = field(init=False)
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = frozenset(heading.name for heading in self.document.headings)
        self.fields = frozenset(one.key for one in self.header)

    def housed_by(self, *names: str) -> bool:
        """Return whether one of these settings files says that decisions live in this folder."""
        return self.home is not None and posixpath.basename(self.home.said_in) in names


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of decision record: the name that is kept of a file, and what people call it.

    `evidence` is None for what is no record of this family. `settings` names the files that configure it,
    with how they are read ("text", "yaml", "json" or "toml"), and `homes` the folders that such a file names.
    `words` are statuses only this family has. `parts` are a file's records where it holds several. `metadata`
    returns the metadata in the general reader's keys, `headings` the comparable names of headings by their
    line. `owns_folder` tells that a read-me is its folder's record, by its path, the settings
    beside it and, where it must, its text; `refuses` says why a path never is one.
    `day_first` tells the order of a date's numbers where the family fixes it.
    """

    name: str
    label: str
    evidence: Callable[[Look], Evidence | None]
    settings: Mapping[str, str] = field(default_factory=dict)
    homes: Callable[[str, Settings], list[Home]] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    parts: Callable[[str, Source], list[Part]] | None = None
    metadata: Callable[[Look], Metadata] | None = None
    headings: Callable[[Document], Mapping[int, str]] | None = None
    links: Callable[[Look], list[Link]] | None = None
    owns_folder: Callable[[str, Mapping[str, Settings], Text], bool] | None = None
    refuses: Callable[[str], str | None] | None = None
    day_first: bool | None = None


def names_apart(names: Iterable[str]) -> Iterator[str]:
    """Yield each name of a part, with a count behind it where another part has it already."""
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    for name in names:
        unique = name
        while unique in taken:
            counts[name] += 1
            unique = f"{name}~{counts[name] + 1}"
        taken.add(unique)
        yield unique


def parts_of(lines: Sequence[str], places: Iterable[tuple[str, int, int]]) -> list[Part]:
    """Return parts of a text by its lines: each by its name, its first line and the one behind its last.

    Blank lines at the end of a part belong to none.
    """
    begins = [0, *accumulate(len(line) + 1 for line in lines)]
    found = []
    for name, start, end in places:
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        text = "\n".join(lines[start:end]).rstrip() + "\n"
        found.append(
            Part(name, Source(text, {}, before=start), (begins[start], min(begins[end], begins[-1] - 1)))
        )
    return found


def home(said_in: str, folder: object, scope: object = "") -> list[Home]:
    """Return the home that a settings file names relative to itself; nothing where that lies outside."""
    if not isinstance(folder, str) or not folder.strip():
        return []
    base = posixpath.dirname(said_in)
    path = posixpath.normpath(posixpath.join(base, folder.strip().strip("\"'").replace("\\", "/")))
    if path.startswith(("..", "/")):
        return []
    return [Home("" if path == "." else path, said_in, scope if isinstance(scope, str) else "")]
