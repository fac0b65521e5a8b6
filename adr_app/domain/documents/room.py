"""Room for what must still be known of files that were read: in memory, or elsewhere where they are many.

Whatever is kept can be pickled, and comes back the same; paths come back in the order they came in.
"""

import posixpath
from collections import defaultdict
from collections.abc import MutableMapping
from typing import Any, Protocol

MANY = 60
"""Where more paths than so many share a key, only those beside the file that asks are looked at."""


class Index(Protocol):
    """Paths by a key."""

    def add(self, key: str, path: str) -> None:
        """Put a path under a key."""

    def all(self, key: str) -> list[str]:
        """Return every path under a key."""

    def few(self, key: str, source: str) -> list[str]:
        """Return the paths under a key that the file at `source` can mean; none where they are too many."""

    def first(self, key: str) -> str | None:
        """Return the path that was put under a key first, or None."""

    def several(self, key: str) -> bool:
        """Return whether more than one path is under a key."""


class Room(Protocol):
    """Where a reading keeps things, each kind under a name of its own."""

    def mapping(self, name: str) -> MutableMapping[str, Any]:
        """Return room for one thing by each path."""

    def index(self, name: str) -> Index:
        """Return room for paths by a key."""


class Memory:
    """Room in memory, without end."""

    def mapping(self, name: str) -> MutableMapping[str, Any]:
        """Return an empty mapping; the name is of no matter here."""
        return {}

    def index(self, name: str) -> Index:
        """Return an empty index; the name is of no matter here."""
        return _Index()


class _Index:
    def __init__(self) -> None:
        self._all: dict[str, list[str]] = defaultdict(list)
        self._near: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, key: str, path: str) -> None:
        self._all[key].append(path)
        self._near[key, posixpath.dirname(path)].append(path)

    def all(self, key: str) -> list[str]:
        return self._all.get(key, [])

    def few(self, key: str, source: str) -> list[str]:
        known = self._all.get(key, [])
        if len(known) <= MANY:
            return known
        near = self._near.get((key, posixpath.dirname(source)), [])
        return near if len(near) <= MANY else []

    def first(self, key: str) -> str | None:
        return next(iter(self._all.get(key, [])), None)

    def several(self, key: str) -> bool:
        return len(self._all.get(key, [])) > 1
