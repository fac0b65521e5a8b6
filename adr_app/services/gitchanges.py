"""What a change did to a folder, against a revision of the repository the folder is in; git is only asked."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from adr_app.services import git

_BATCH = 200
_LINK_MODE = "120000"
_NO_OBJECT = "0" * 40


class NoChange(Exception):
    """The change cannot be told; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One file of the change, by paths relative to the folder.

    `old` is where it was, None if it was nowhere (where it came from another folder, that begins with
    `../`); `new` where it is, None if it is gone; `blob` is the object it was, None where there was none or
    it was no ordinary file.
    """

    old: str | None
    new: str | None
    blob: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between a revision and the working tree below a folder."""

    repository: "Repository"
    revision: str
    files: tuple[Changed, ...] = ()
    by_new: dict[str, Changed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree and the folder in it that is looked at; `below` is that folder's path within it."""

    top: Path
    folder: Path

    @property
    def below(self) -> PurePosixPath:
        """Return the folder's path relative to the top."""
        return PurePosixPath(self.folder.relative_to(self.top).as_posix())


def repository_of(folder: Path) -> Repository:
    """Return the working tree that a folder is in.

    :raises NoChange: when there is none, or no git.
    """
    folder = folder.resolve()
    try:
        top = _git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n")
    except NoChange as error:
        raise NoChange(
            f"{folder} is in no git repository, so --since has nothing to compare with. {error}"
        ) from error
    found = Path(os.fsdecode(top)).resolve()
    if not top or not folder.is_relative_to(found):
        raise NoChange(f"{folder} is in no git repository, so --since has nothing to compare with.")
    return Repository(found, folder)


def resolve(repository: Repository, revision: str) -> str:
    """Return the id of the commit that a revision names.

    :raises NoChange: when it names none here.
    """
    if not revision.strip() or revision.startswith("-") or not revision.isprintable():
        raise NoChange("Name a revision with --since, such as origin/main or HEAD.")
    try:
        found = _git(
            repository.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except NoChange as error:
        shallow = _git(repository.top, "rev-parse", "--is-shallow-repository").strip() == b"true"
        hint = (
            "This copy of the repository is shallow: fetch its whole history (in a GitHub workflow, "
            "actions/checkout with fetch-depth: 0)."
            if shallow
            else "Fetch it first, or correct its name."
        )
        raise NoChange(f"There is no revision “{revision[:100]}” in this repository. {hint}") from error
    return found.decode("ascii", "replace").strip()


def changes(repository: Repository, revision: str) -> Change:
    """Return what differs below the folder between a revision and the working tree, renames followed.

    What only the other side of a fork changed is left out: merging would not touch it.

    :raises NoChange: when git cannot tell.
    """
    commit = resolve(repository, revision)
    found = _compared(repository, commit)
    base = _merge_base(repository, commit)
    if base is not None and base != commit:
        ours = {path for x in _compared(repository, base) for path in (x.old, x.new) if path}
        found = [x for x in found if x.new in ours or x.old in ours]
    return Change(repository, commit, tuple(found), {x.new: x for x in found if x.new is not None})


def _merge_base(repository: Repository, commit: str) -> str | None:
    try:
        return _git(repository.top, "merge-base", commit, "HEAD").decode("ascii", "replace").strip() or None
    except NoChange:
        return None  # two histories without a common beginning, or one that was cut off


def _compared(repository: Repository, commit: str) -> list[Changed]:
    # The whole repository is compared, or records moved here from another folder would pass for new ones.
    raw = _git(
        repository.top,
        "diff",
        "--raw",
        "-z",
        "--no-abbrev",
        "--find-renames",
        "-l2000",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules",
        commit,
        "--",
    )
    found = list(_parsed(raw, repository))
    untracked = _git(
        repository.top, "ls-files", "-z", "--others", "--exclude-standard", "--", os.fspath(repository.folder)
    )
    # A file may be removed from the index and yet stand there; it is what it is on disk.
    there = {x.old: x for x in found if x.new is None}
    for name in untracked.split(b"\0"):
        path = _within(name, repository)
        if path is not None:
            before = there.get(path)
            if before is not None:
                found.remove(before)
            found.append(Changed(path if before else None, path, before.blob if before else None))
    return found


def _parsed(raw: bytes, repository: Repository) -> Iterable[Changed]:
    parts = iter(raw.split(b"\0"))
    for head in parts:
        if not head.startswith(b":"):
            continue
        modes = head[1:].decode("ascii").split(" ")
        before, status = modes[0], modes[4][:1]
        blob = None if before == _LINK_MODE or modes[2].strip("0") == "" else modes[2]
        name = next(parts, b"")
        first = _within(name, repository)
        second = _within(next(parts, b""), repository) if status in "RC" else first
        if first is None and second is None:
            continue
        if status in "AC":
            yield Changed(None, second, None)
        elif status == "D" or second is None:
            yield Changed(first, None, blob)
        else:
            yield Changed(first or _from_elsewhere(name, repository), second, blob)


def _within(name: bytes, repository: Repository) -> str | None:
    """Return a path below the folder as the readers call it, or None for what lies elsewhere."""
    if not name:
        return None
    path = PurePosixPath(os.fsdecode(name))
    if not path.is_relative_to(repository.below):
        return None
    below = path.relative_to(repository.below).as_posix()
    return below.encode("utf-8", "replace").decode("utf-8")


def _from_elsewhere(name: bytes, repository: Repository) -> str:
    path = os.path.relpath(os.fsdecode(name), repository.below).replace(os.sep, "/")
    return path.encode("utf-8", "replace").decode("utf-8")


def blobs(repository: Repository, ids: Iterable[str], largest: int) -> dict[str, bytes]:
    """Return the content of objects by id; those that are missing or larger than `largest` are left out."""
    found: dict[str, bytes] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _BATCH):
        some = "\n".join(wanted[start : start + _BATCH]) + "\n"
        sizes = _git(repository.top, "cat-file", "--batch-check", given=some.encode("ascii"))
        small = [
            words[0]
            for line in sizes.decode("ascii", "replace").splitlines()
            if len(words := line.split(" ")) == 3 and words[1] == "blob" and int(words[2]) <= largest
        ]
        if small:
            given = ("\n".join(small) + "\n").encode("ascii")
            found.update(_batch(_git(repository.top, "cat-file", "--batch", given=given)))
    return found


def _batch(told: bytes) -> Iterable[tuple[str, bytes]]:
    at = 0
    while at < len(told):
        end = told.index(b"\n", at)
        name, _, size = told[at:end].decode("ascii").split(" ")
        yield name, told[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)


def nearest_at(change: Change, name: str) -> tuple[str, bytes] | None:
    """Return the file `name` of the revision that is in the folder or nearest above it: path and content."""
    below = change.repository.below
    places = [folder / name for folder in (below, *below.parents)]
    told = _git(
        change.repository.top, "ls-tree", "-z", "--full-tree", change.revision, "--", *map(os.fspath, places)
    )
    there = {}
    for entry in told.split(b"\0"):
        head, tab, path = entry.partition(b"\t")
        if tab and head.split(b" ")[1] == b"blob":
            there[PurePosixPath(os.fsdecode(path))] = head.split(b" ")[2].decode("ascii")
    for place in places:
        if place in there:
            content = blobs(change.repository, [there[place]], 1_000_000).get(there[place], b"\0")
            return place.as_posix(), content
    return None


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        return git.ask(folder, *arguments, given=given)
    except git.GitFailed as error:
        raise NoChange(str(error)) from error
