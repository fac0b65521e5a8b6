"""Running git on a folder that somebody handed over: it is asked for facts, and nothing there may run."""

import os
import re
import subprocess  # git alone knows its history; it is run without a shell, on fixed arguments
from pathlib import Path

TIMEOUT = 300

# Given on the command line, these win over whatever the repository's own settings say. A bare repository
# inside a folder is committed like any other files, so it is never taken for the folder's own.
_SAFELY = (
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "protocol.allow=never",
    "-c",
    "log.showSignature=false",
)
# Settings of a repository that name a program which reading it could run, or a place to fetch objects from.
_RUNS = re.compile(
    r"filter\..*\.(?:clean|smudge|process)|diff\..*\.(?:command|textconv)|diff\.external"
    r"|extensions\.partialclone|remote\..*\.(?:promisor|partialclonefilter|uploadpack|vcs)|core\.alternaterefscommand",
    re.IGNORECASE,
)


class GitFailed(Exception):
    """Git could not tell, or was not asked, as the repository's settings name programs; the text says why."""


def ask(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Return what git prints about the repository a folder is in.

    :raises GitFailed: when there is no git, it refuses, or the repository's own settings name programs.
    """
    refuse_programs(folder)
    return _run(folder, *arguments, given=given)


def refuse_programs(folder: Path) -> None:
    """Refuse a repository whose own settings name programs that reading it could run.

    :raises GitFailed: naming the first such setting.
    """
    # Only read here: listing settings runs nothing. Those of the user and the machine are theirs to choose.
    for scope in ("--local", "--worktree"):
        try:
            told = _run(folder, "config", scope, "--includes", "--list", "--name-only", "-z")
        except GitFailed:
            continue  # no repository here: the question itself says so
        for name in told.decode("utf-8", "replace").split("\0"):
            if _RUNS.fullmatch(name):
                raise GitFailed(
                    f"The repository's own settings hold “{name[:80]}”, which could run a program, "
                    "so git is not asked about it. Clone it anew without that setting."
                )


def _run(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    # Variables of a hook or a script around us name another repository; only the folder's own counts.
    around = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, arguments not from a shell
            ["git", *_SAFELY, "-C", os.fspath(folder), *arguments],  # noqa: S607 - the git on the path is meant
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            env={**around, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise GitFailed("There is no git on this machine; install it.") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitFailed("git did not answer.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailed(said[0] if said else "git refused.")
    return done.stdout
