"""The files of a change as they were at its revision, asked of git some at a time."""

import posixpath
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from adr_app.domain.documents import Source
from adr_app.domain.documents.families import SETTINGS
from adr_app.services import gitchanges, settings_files
from adr_app.services.gitchanges import Change, Repository
from adr_app.services.reading import LARGEST, decoded, is_markdown

_AT_ONCE = 100


class Earlier(Mapping[str, Source | str]):
    """Files by where they were, each decoded anew whenever it is asked for; best asked in their order."""

    def __init__(
        self,
        repository: Repository,
        blobs: Mapping[str, str],
        now: Mapping[str, Source | str],
        same: set[str],
    ) -> None:
        """Take the object that every file was, by its path; the `same` ones are as they are `now`."""
        self._repository, self._blobs, self._now = repository, blobs, now
        self._paths = sorted(blobs)
        self._all = sorted({*blobs, *same})
        self._some: dict[str, bytes | None] = {}

    def __getitem__(self, path: str) -> Source | str:
        if path not in self._blobs:
            return self._now[path]
        if path not in self._some:
            at = bisect_left(self._paths, path)
            asked = self._paths[at : at + _AT_ONCE]
            found = gitchanges.blobs(self._repository, (self._blobs[x] for x in asked), LARGEST)
            self._some = {x: found.get(self._blobs[x]) for x in asked}
        content = self._some[path]
        if content is None:
            return "it was missing, or too large"
        if not is_markdown(path) and not settings_files.may_list(path, content):
            return "it listed no records"
        return decoded(path, content)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class EarlierSettings(Mapping[str, Any]):
    """The settings files of other tools as they were, each read when it is asked for."""

    def __init__(self, change: Change, now: Mapping[str, Any]) -> None:
        """Take what a change did to them, and those of today."""
        self._repository, self._now = change.repository, now
        self._blobs = {
            x.old: x.blob for x in change.files if x.old and x.blob and posixpath.basename(x.old) in SETTINGS
        }
        touched = {path for x in change.files for path in (x.old, x.new)}
        self._paths = sorted({*self._blobs, *(path for path in now if path not in touched)})

    def __getitem__(self, path: str) -> Any:
        if path not in self._blobs:
            return self._now[path]
        blob = self._blobs[path]
        content = gitchanges.blobs(self._repository, [blob], settings_files.LARGEST).get(blob)
        return None if content is None else settings_files.load(content, SETTINGS[posixpath.basename(path)])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
