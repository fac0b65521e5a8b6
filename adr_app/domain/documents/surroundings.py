"""What lies around the files of an import: which folders hold decisions, and which are one decision each."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from adr_app.domain.documents.families import FAMILIES
from adr_app.domain.documents.family import Home, Settings
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.source import Source

_READ_ME = frozenset({"readme", "index"})


def is_read_me(path: str) -> bool:
    """Return whether a file is its folder's front page."""
    return posixpath.basename(path).rsplit(".", 1)[0].casefold() in _READ_ME


class Surroundings:
    """The folders of an import, as the files in them and their settings tell."""

    def __init__(
        self,
        sources: Mapping[str, Source | str],
        settings: Mapping[str, Settings],
        records: set[str] | None = None,
    ) -> None:
        """Look around; `records` are the folders that are one record each by their names, where known."""
        self.homes: dict[str, Home] = {}
        self._settings = settings
        self._beside: dict[str, tuple[str, ...]] = {}
        for path in sorted(settings):
            folder, _, name = path.rpartition("/")
            self._beside[folder] = (*self._beside.get(folder, ()), name)
            for family in FAMILIES:
                if family.homes is not None and name in family.settings:
                    for found in family.homes(path, settings[path]):
                        self.homes.setdefault(found.folder, found)
        self.records = (record_folders(sources) if records is None else records) | self._owned(sources)

    def beside(self, folder: str) -> Mapping[str, Settings]:
        """Return the settings files in a folder by name, each read when it is asked for."""
        return _Beside(folder, self._beside.get(folder, ()), self._settings)

    def home(self, folder: str) -> Home | None:
        """Return the nearest folder at or above this one that settings name as one of decisions."""
        if not self.homes:
            return None
        while folder not in self.homes:
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
        return self.homes[folder]

    def scope(self, path: str) -> str:
        """Return where a record's number is its own: its package, or the folder it is kept in."""
        folder = posixpath.dirname(path)
        if folder in self.records and is_read_me(path):
            folder = posixpath.dirname(folder)
        found = self.home(folder)
        return found.scope if found is not None and found.scope else folder

    def _owned(self, sources: Mapping[str, Source | str]) -> set[str]:
        """Return the folders whose read-me is their record in a family's way."""
        found: set[str] = set()
        for path in sources:
            folder = posixpath.dirname(path)
            if not folder or not is_read_me(path):
                continue
            beside = self.beside(folder)
            text = partial(sources.get, path)
            if any(f.owns_folder is not None and f.owns_folder(path, beside, text) for f in FAMILIES):
                found.add(folder)
        return found


class _Beside(Mapping[str, Settings]):
    def __init__(self, folder: str, names: tuple[str, ...], settings: Mapping[str, Settings]) -> None:
        self._folder, self._names, self._settings = folder, names, settings

    def __getitem__(self, name: str) -> Settings:
        if name not in self._names:
            raise KeyError(name)
        return self._settings[posixpath.join(self._folder, name)]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def record_folders(paths: Iterable[str]) -> set[str]:
    """Return the folders that are one record each: named as one with a read-me, or beside such folders."""
    folders = {posixpath.dirname(path) for path in paths if is_read_me(path)} - {""}
    named = {folder for folder in folders if _is_record_name(folder)}
    parents = Counter(posixpath.dirname(folder) for folder in named)
    return named | {f for f in folders if parents[posixpath.dirname(f)] >= 3 and f not in parents}


def _is_record_name(folder: str) -> bool:
    name = posixpath.basename(folder)
    read = read_name(name)
    return bool(read.day or (read.number and read.words and not name.casefold().startswith("v")))


def why_not(path: str) -> str | None:
    """Return why no family would have a file at this path as a record of its own, or None."""
    for family in FAMILIES:
        if family.refuses is not None and (reason := family.refuses(path)):
            return reason
    return None
