"""A folder that an export fills: it holds nothing but that, and what it holds is known by a list in it."""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from adr_app.domain.errors import WrongState

LIST = ".adr-app-export.json"
"""The file that names what an export wrote: by it the next one, and an import, know each file again."""

VERSION = 1
_LEFT_ALONE = frozenset({".git", ".hg", ".svn"})
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an export: its path from the top, its bytes, and which text of which decision it holds."""

    path: str
    content: bytes
    decision: str = ""
    revision: int = 0
    digest: str = ""
    original: bool = False
    status: str = ""

    @property
    def entry(self) -> dict[str, Any]:
        """Return what the list of the folder says of it."""
        found: dict[str, Any] = {"sha256": sha256(self.content).hexdigest()}
        if self.decision:
            found |= {"decision": self.decision, "revision": self.revision, "digest": self.digest}
            found |= {"status": self.status} if self.status else {}
        return found


@dataclass
class Counts:
    """What happened to the files of a folder."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    originals: int = 0
    decisions: set[str] = field(default_factory=set)


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what an earlier export wrote into a folder, by path; nothing where there was none."""
    return list_of(folder).get("files", {})


def list_of(folder: Path) -> dict[str, Any]:
    """Return the list of an export as it stands in a folder, or nothing."""
    try:
        found = json.loads((folder / LIST).read_bytes())
    except (OSError, ValueError):
        return {}
    known = isinstance(found, dict) and found.get("version") == VERSION
    return found if known and isinstance(found.get("files"), dict) else {}


def require_of(folder: Path, company: str) -> None:
    """Refuse a folder that is kept for another company: one wrong word would mix what two of them decided.

    :raises WrongState: naming the other one.
    """
    home = home_of(folder)
    held = list_of(home).get("company", company) if home else company
    if held != company:
        raise WrongState(
            f"{folder} is kept for “{held}”, as {LIST} in it says. Name that company, or another folder."
        )


def home_of(root: Path) -> Path | None:
    """Return the folder with the list that speaks of the files at or below `root`: itself or one above it."""
    top = root if root.is_dir() else root.parent
    return next((folder for folder in (top, *top.resolve().parents) if (folder / LIST).is_file()), None)


def require_ours(folder: Path, company: str) -> None:
    """Refuse a folder that holds anything but an earlier export of a company, as that export left it.

    :raises WrongState: naming what else is there.
    """
    require_of(folder, company)
    if folder.exists() and not folder.is_dir():
        raise WrongState(f"{folder} is a file. Name a folder.")
    known = listed(folder)
    strange = []
    for path, file in _files(folder):
        entry = known.get(path)
        same = isinstance(entry, dict) and not file.is_symlink() and digest_of(file) == entry.get("sha256")
        if not same and path != LIST:
            strange.append(path if entry is None else f"{path} (changed since)")
    if strange:
        more = f" and {len(strange) - _TOLD} more" if len(strange) > _TOLD else ""
        raise WrongState(
            f"{folder} holds files that no earlier export left there: {', '.join(strange[:_TOLD])}{more}. "
            "Name an empty folder, or use --force to write beside them."
        )


def fill(folder: Path, files: Iterable[Written], facts: dict[str, Any]) -> Counts:
    """Write files into a folder, each whole or not at all; those that are there already stay untouched.

    What an earlier export left and this one has not is removed, unless somebody changed it. `facts` go into
    the list of what was written.

    :raises WrongState: when a file would be written outside the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    inside = Inside(folder)
    before, now, counts = listed(folder), {}, Counts()
    for file in files:
        now[file.path] = entry = file.entry
        if file.decision:
            counts.decisions.add(file.decision)
        counts.originals += file.original
        target = inside.place(file.path)
        if digest_of(target) == entry["sha256"] and not target.is_symlink():
            counts.unchanged += 1
            continue
        put(target, file.content)
        counts.written += 1
    for path in before.keys() - now.keys():
        counts.removed += remove(inside, path, before[path])
    write_list(folder, now, facts)
    return counts


def write_list(folder: Path, files: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Write what a folder holds, by path, with `facts` about the whole, unless it stands there."""
    text = json.dumps({"version": VERSION, **facts, "files": files}, indent=1, sort_keys=True) + "\n"
    if not (folder / LIST).is_file() or (folder / LIST).read_bytes() != text.encode():
        put(folder / LIST, text.encode())


def _files(folder: Path) -> Iterable[tuple[str, Path]]:
    for here, below, names in os.walk(folder):
        linked = [name for name in below if Path(here, name).is_symlink()]
        below[:] = [name for name in below if name not in _LEFT_ALONE and name not in linked]
        for name in sorted([*names, *linked]):
            file = Path(here, name)
            yield file.relative_to(folder).as_posix(), file


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, or nothing where there is no file."""
    return sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


class Inside:
    """Tells places within a folder from those outside, each parent looked at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._top = folder.resolve()
        self._known: set[Path] = set()

    def place(self, path: str) -> Path:
        """Return where a file lies.

        :raises WrongState: when that is outside the folder, be it through a symbolic link.
        """
        parts = PurePosixPath(path).parts
        target = self.folder.joinpath(*parts)
        if target.parent not in self._known:
            outside = not parts or ".." in parts or PurePosixPath(path).is_absolute()
            if outside or not target.parent.resolve().is_relative_to(self._top):
                raise WrongState(f"{path} would be written outside {self.folder}; nothing more was written.")
            self._known.add(target.parent)
        return target


def put(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody ever sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".adr-app-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, 0o666 & ~_mask())
        os.replace(beside, target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _mask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def remove(inside: Inside, path: str, entry: Any) -> bool:
    """Remove a file of an earlier export that nobody changed, and folders that are empty then.

    Return whether it was.
    """
    try:
        target = inside.place(path)
    except WrongState:
        return False
    if target.is_symlink() or digest_of(target) != (entry.get("sha256") if isinstance(entry, dict) else ""):
        return False
    target.unlink()
    for parent in target.parents:
        if parent == inside.folder or any(parent.iterdir()):
            break
        parent.rmdir()
    return True
