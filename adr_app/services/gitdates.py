"""The day each file of a folder was first committed, where the folder's own repository knows it."""

import subprocess  # git is the only source of commit dates; it is run without a shell, on fixed arguments
from datetime import date
from pathlib import Path

TIMEOUT = 60
_SEPARATOR = "\x01"


def first_commits(root: Path) -> dict[str, date]:
    """Return the day of the first commit of each file below `root`, by its path relative to it.

    Empty where there is no git, the folder is not inside a working tree, or the history is shallow: a
    cut history would date everything to its cut.
    """
    folder = root if root.is_dir() else root.parent
    try:
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        listing = _git(
            folder,
            "log",
            "--reverse",
            "--diff-filter=A",
            "--name-only",
            "--relative",
            "-z",
            f"--format={_SEPARATOR}%cs",
            "--",
            ".",
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return _parse(listing)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed program, arguments not from a shell
        ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git on the path is the one meant
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
        env=None,
    )
    return done.stdout.decode("utf-8", "replace")


def _parse(listing: str) -> dict[str, date]:
    found: dict[str, date] = {}
    day: date | None = None
    for part in listing.replace("\n", "\0").split("\0"):
        if part.startswith(_SEPARATOR):
            day = date.fromisoformat(part[1:])
        elif part and day is not None:
            found.setdefault(part, day)
    return found
