"""Find Markdown files below a folder, and decode them for the readers of documents. Needs no database."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adr_app.domain.documents import Source
from adr_app.domain.documents.families import SETTINGS
from adr_app.domain.gate.statement import SUFFIX
from adr_app.services import settings_files
from adr_app.services.decoding import decode

LARGEST = 1_000_000
"""Bytes: a decision longer than this is not one."""

PASSED_OVER = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__"})
"""Folders that nobody keeps decisions in."""


class UnreadableFolder(OSError):
    """The path to import is no folder or file that can be read."""


class Sources(Mapping[str, Source | str]):
    """The files of records below a folder by path, each read and decoded anew whenever it is asked for."""

    def __init__(self, root: Path) -> None:
        """Find the files; `skipped` are those that could not be read so far, with the reason.

        `settings` are the contents of the settings files of other tools.

        :raises UnreadableFolder: when there is no such folder or it cannot be listed.
        """
        self.skipped: dict[str, str] = {}
        self._folder = root if root.is_dir() else root.parent
        self._files: dict[str, str | None] = {}
        configured: list[str] = []
        for path, file in find(root, self.skipped):
            name = os.path.basename(file)
            if name in SETTINGS:
                configured.append(path)
            elif is_markdown(name) or _lists(name, file):
                if path in self._files:
                    self.skipped[path] = "its name cannot be told from another file's"
                else:
                    # Only a name that is no text is not to be had again from its path.
                    self._files[path] = file if "?" in path else None
        self.settings: Mapping[str, Any] = _Settings(self._folder, configured)

    def content(self, path: str) -> bytes | str:
        """Return a file's bytes, or why they cannot be had."""
        return load(self._files[path] or os.path.join(self._folder, path))

    def __getitem__(self, path: str) -> Source | str:
        found = self.content(path)
        source = found if isinstance(found, str) else decoded(path, found)
        if isinstance(source, str):
            self.skipped[path] = source
        return source

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class _Settings(Mapping[str, Any]):
    """The settings files of other tools below a folder, each read when it is asked for."""

    def __init__(self, folder: Path, paths: list[str]) -> None:
        self._folder = folder
        self._paths = {path: None for path in paths if self._size(path) <= settings_files.LARGEST}

    def _size(self, path: str) -> int:
        try:
            return os.stat(os.path.join(self._folder, path)).st_size
        except OSError:
            return settings_files.LARGEST + 1

    def __getitem__(self, path: str) -> Any:
        if path not in self._paths:
            raise KeyError(path)
        content = load(os.path.join(self._folder, path))
        kind = SETTINGS[path.rpartition("/")[2]]
        return settings_files.load(content, kind) if isinstance(content, bytes) else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _lists(name: str, file: str) -> bool:
    content = load(file) if name.casefold().endswith(".json") else ""
    return isinstance(content, bytes) and settings_files.may_list(name, content)


def decoded(path: str, content: bytes) -> Source | str:
    """Return the text of a file that holds a record or several, or why it cannot be read."""
    return decode(content) if is_markdown(path) else settings_files.listed(content)


def is_looked_at(name: str) -> bool:
    """Return whether a file of this name is read: a record, records in JSON, or settings of a tool."""
    return name.casefold().endswith((".md", ".mdx", ".json")) or name in SETTINGS


def is_markdown(path: str) -> bool:
    """Return whether a file's name says that it is Markdown."""
    return path.casefold().endswith((".md", ".mdx"))


def may_hold_records(path: str) -> bool:
    """Return whether a file's name is that of a record, or of records in JSON."""
    folded = path.casefold()
    if path.rpartition("/")[2] in SETTINGS or folded.endswith(SUFFIX):
        return False
    return folded.endswith((".md", ".mdx", ".json"))


def find(root: Path, skipped: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every file at or below `root` that is looked at, by its path; links go among the `skipped`.

    :raises UnreadableFolder: when there is no such folder or it cannot be listed.
    """
    if root.is_file():
        if not is_looked_at(root.name):
            raise UnreadableFolder(
                f"{root} is no Markdown file. Unpack an archive first, or send it with Import in the browser."
            )
        yield _printable(root.name), os.fspath(root)
        return
    if not root.is_dir():
        raise UnreadableFolder(f"There is no folder {root}.")
    try:
        os.scandir(root).close()
    except OSError as error:
        raise UnreadableFolder(f"The folder {root} cannot be read: {error.strerror}.") from error
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in PASSED_OVER)
        links = _links(folder)
        within = Path(folder).relative_to(root).as_posix()
        for name in sorted(names):
            if is_looked_at(name):
                file = os.path.join(folder, name)
                path = _printable(name if within == "." else f"{within}/{name}")
                if name in links:
                    if is_markdown(name):
                        skipped[path] = "a symbolic link; links are not followed"
                else:
                    yield path, file


def _links(folder: str) -> set[str]:
    """Return the names in a folder that are symbolic links; asking of each file alone takes longer."""
    with os.scandir(folder) as entries:
        return {entry.name for entry in entries if entry.is_symlink()}


def _printable(path: str) -> str:
    """Return a path that can be written as UTF-8: bytes of a name that are no text become question marks."""
    return path.encode("utf-8", "replace").decode("utf-8")


def load(file: str) -> bytes | str:
    """Return the bytes of a file, or why they cannot be had."""
    try:
        there = os.stat(file)
        if not stat.S_ISREG(there.st_mode):
            return "not an ordinary file"
        if there.st_size > LARGEST:
            return f"larger than {LARGEST // 1_000_000} MB"
        with open(file, "rb", buffering=0) as opened:
            return opened.read(there.st_size)
    except FileNotFoundError:
        return "not an ordinary file"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
