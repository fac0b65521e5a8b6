"""What a folder's own repository knows of each file: its first commit, and what it was called before."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from adr_app.services import git

_COMMIT = "\x01"
_ALIKE = "--find-renames=70%"
"""Records are written from templates: less alike than this, two of them are two."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The first commit of a file: its day, and the name of its author as git has it."""

    day: date
    by: str


@dataclass
class History:
    """The first commit of each file, and the paths it had before, latest first, each by its path now."""

    firsts: dict[str, Commit] = field(default_factory=dict)
    renamed: dict[str, list[str]] = field(default_factory=dict)


def top_of(folder: Path) -> Path | None:
    """Return the root of the working tree a folder is in, or None where there is none or no git."""
    try:
        top = _git(folder, "rev-parse", "--show-toplevel").removesuffix("\n")
    except git.GitFailed:
        return None
    return Path(top).resolve() if top else None


def history_of(root: Path) -> History:
    """Return what git knows of each tracked file at or below `root`, by its path relative to it.

    A renamed file keeps its first commit, also while its new name is not committed yet. Empty where there is
    no git, the folder is not inside a working tree, or the history is shallow: a cut history would date
    everything to its cut.
    """
    folder = root if root.is_dir() else root.parent
    try:
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
            return History()
        tracked = set(_git(folder, "ls-files", "-z", "--", ".").split("\0")) - {""}
        if not tracked:
            return History()
        history = _git(
            folder,
            "log",
            "--reverse",
            _ALIKE,
            "--diff-filter=AR",
            "--name-status",
            "--relative",
            "-z",
            f"--format={_COMMIT}%cs %aN",
            "--",
            ".",
        )
    except git.GitFailed:
        return History()
    found = _followed(history + _staged(folder))
    firsts = {path: first for path, first in found.firsts.items() if path in tracked}
    return History(firsts, {path: before for path, before in found.renamed.items() if path in tracked})


def _staged(folder: Path) -> str:
    """Return the renames that wait to be committed, as the log tells those that were."""
    options = ("--cached", _ALIKE, "--diff-filter=R", "--name-status", "--relative", "-z")
    try:
        return _git(folder, "diff", "--no-ext-diff", "--no-textconv", *options, "--", ".")
    except git.GitFailed:
        return ""


def _git(folder: Path, *arguments: str) -> str:
    return git.ask(folder, *arguments).decode("utf-8", "replace")


def _followed(history: str) -> History:
    """Return what a log of additions and renames tells of each path, oldest commit first."""
    found = History()
    commit: Commit | None = None
    parts = iter(history.split("\0"))
    for part in parts:
        said = part.lstrip("\n")
        if said.startswith(_COMMIT):
            day, _, by = said[1:].strip().partition(" ")
            commit = Commit(date.fromisoformat(day), by)
        elif said.startswith("R") and commit is not None:
            before, path = next(parts, ""), next(parts, "")
            found.firsts.setdefault(path, found.firsts.get(before, commit))
            found.renamed[path] = [before, *found.renamed.get(before, ())]
        elif said.startswith("A") and commit is not None:
            found.firsts.setdefault(next(parts, ""), commit)
    return found
