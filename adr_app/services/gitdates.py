"""The day each file of a folder was first committed, where the folder's own repository knows it."""

from datetime import date
from pathlib import Path

from adr_app.services import git

_COMMIT = "\x01"


def top_of(folder: Path) -> Path | None:
    """Return the root of the working tree a folder is in, or None where there is none or no git."""
    try:
        top = _git(folder, "rev-parse", "--show-toplevel").removesuffix("\n")
    except git.GitFailed:
        return None
    return Path(top).resolve() if top else None


def first_commits(root: Path) -> dict[str, date]:
    """Return the day of the first commit of each tracked file at or below `root`, by its path relative to it.

    A renamed file keeps its first day. Empty where there is no git, the folder is not inside a working
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
            f"--format={_COMMIT}%cs",
            "--",
            ".",
        )
    except git.GitFailed:
        return {}
    return {path: day for path, day in _first_days(history).items() if path in tracked}


def _git(folder: Path, *arguments: str) -> str:
    return git.ask(folder, *arguments).decode("utf-8", "replace")


def _first_days(history: str) -> dict[str, date]:
    """Return the first day of each path in a log of additions and renames, oldest commit first."""
    found: dict[str, date] = {}
    day: date | None = None
    parts = iter(history.split("\0"))
    for part in parts:
        said = part.lstrip("\n")
        if said.startswith(_COMMIT):
            day = date.fromisoformat(said[1:].strip())
        elif said.startswith("R") and day is not None:
            before, path = next(parts, ""), next(parts, "")
            found.setdefault(path, found.get(before, day))
        elif said.startswith("A") and day is not None:
            found.setdefault(next(parts, ""), day)
    return found
