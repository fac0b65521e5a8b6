"""When and by whom each file of a folder was first committed, where the folder's own repository knows it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adr_app.services import git

_COMMIT = "\x01"


@dataclass(frozen=True, slots=True)
class Commit:
    """The first commit of a file: its day, and the name of its author as git has it."""

    day: date
    by: str


def top_of(folder: Path) -> Path | None:
    """Return the root of the working tree a folder is in, or None where there is none or no git."""
    try:
        top = _git(folder, "rev-parse", "--show-toplevel").removesuffix("\n")
    except git.GitFailed:
        return None
    return Path(top).resolve() if top else None


def first_commits(root: Path) -> dict[str, Commit]:
    """Return the first commit of each tracked file at or below `root`, by its path relative to it.

    A renamed file keeps its first commit. Empty where there is no git, the folder is not inside a working
    tree, or the history is shallow: a cut history would date everything to its cut.
    """
    folder = root if root.is_dir() else root.parent
    try:
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        tracked = set(_git(folder, "ls-files", "-z", "--", ".").split("\0")) - {""}
        if not tracked:
            return {}
        history = _git(
            folder,
            "log",
            "--reverse",
            "--find-renames",
            "--diff-filter=AR",
            "--name-status",
            "--relative",
            "-z",
            f"--format={_COMMIT}%cs %aN",
            "--",
            ".",
        )
    except git.GitFailed:
        return {}
    return {path: first for path, first in _firsts(history).items() if path in tracked}


def _git(folder: Path, *arguments: str) -> str:
    return git.ask(folder, *arguments).decode("utf-8", "replace")


def _firsts(history: str) -> dict[str, Commit]:
    """Return the first commit of each path in a log of additions and renames, oldest commit first."""
    found: dict[str, Commit] = {}
    commit: Commit | None = None
    parts = iter(history.split("\0"))
    for part in parts:
        said = part.lstrip("\n")
        if said.startswith(_COMMIT):
            day, _, by = said[1:].strip().partition(" ")
            commit = Commit(date.fromisoformat(day), by)
        elif said.startswith("R") and commit is not None:
            before, path = next(parts, ""), next(parts, "")
            found.setdefault(path, found.get(before, commit))
        elif said.startswith("A") and commit is not None:
            found.setdefault(next(parts, ""), commit)
    return found
