"""The files of a change as they were at its revision, asked of git some at a time."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from adr_app.domain.documents import Source
from adr_app.services import gitchanges, settings_files
from adr_app.services.gitchanges import Repository
from adr_app.services.reading import LARGEST, decoded, is_markdown

_AT_ONCE = 100


class Earlier(Mapping[str, Source | str]):
    """Files by where they were, each decoded anew whenever it is asked for; best asked in their order."""

    def __init__(self, repository: Repository, blobs: Mapping[str, str]) -> None:
        """Take the object that every file was, by its path."""
        self._repository, self._blobs = repository, blobs
        self._paths = sorted(blobs)
        self._some: dict[str, bytes | None] = {}

    def __getitem__(self, path: str) -> Source | str:
        if path not in self._blobs:
            raise KeyError(path)
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
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
