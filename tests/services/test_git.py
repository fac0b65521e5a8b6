"""A folder that somebody hands over runs nothing of theirs, and passes no other history off as its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from adr_app.services import git, gitchanges, gitdates
from tests.repositories import Repository, record, repository


@pytest.fixture
def handed(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "handed")
    made.write("0001-a.md", record(1))
    made.commit()
    return made


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a trace beside itself when it is run."""
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    program.chmod(0o755)
    return program


def sprung(trap: Path) -> bool:
    return (trap.parent / "sprung").exists()


def looked_at(handed: Repository) -> None:
    """Ask everything that an import and the gate ask."""
    gitdates.history_of(handed.adr)
    gitdates.top_of(handed.adr)
    with pytest.raises(gitchanges.NoChange):
        gitchanges.changes(gitchanges.repository_of(handed.adr), "HEAD")


def test_a_filter_of_the_repository_is_not_run_and_the_gate_says_why(handed: Repository, trap: Path) -> None:
    (handed.root / ".gitattributes").write_text("*.md filter=evil\n")
    handed.git("config", "filter.evil.clean", str(trap))
    handed.write("0001-a.md", record(1) + "\n")
    looked_at(handed)
    assert not sprung(trap)
    with pytest.raises(git.GitFailed, match=r"filter\.evil\.clean"):
        git.ask(handed.adr, "status")
    handed.git("diff", "--raw", "HEAD")
    handed.git("status")
    assert sprung(trap), "the trap works for whoever asks git unguarded"


def test_a_file_system_monitor_of_the_repository_is_not_run(handed: Repository, trap: Path) -> None:
    handed.git("config", "core.fsmonitor", str(trap))
    assert list(gitdates.history_of(handed.adr).firsts) == ["0001-a.md"]
    gitchanges.changes(gitchanges.repository_of(handed.adr), "HEAD")
    assert not sprung(trap)
    handed.git("status")
    assert sprung(trap), "the trap works for whoever asks git unguarded"


@pytest.mark.parametrize(
    "setting",
    ["extensions.partialClone", "remote.origin.uploadpack", "remote.origin.promisor", "diff.external"],
)
def test_a_setting_that_could_fetch_or_run_something_is_refused(
    handed: Repository, trap: Path, setting: str
) -> None:
    handed.git("config", setting, str(trap))
    looked_at(handed)
    assert not sprung(trap)


def test_a_setting_in_a_file_that_the_repository_includes_is_refused_too(
    handed: Repository, trap: Path
) -> None:
    (handed.root / "more.ini").write_text(f'[filter "evil"]\n\tclean = {trap}\n')
    handed.git("config", "include.path", str(handed.root / "more.ini"))
    looked_at(handed)
    assert not sprung(trap)


def test_a_bare_repository_committed_inside_the_folder_is_not_taken_for_the_folders_own(
    handed: Repository, tmp_path: Path
) -> None:
    inner = repository(tmp_path / "inner")
    inner.write("0001-a.md", record(1))
    inner.commit()
    for name in ("HEAD", "config", "objects", "refs", "index"):
        source, target = inner.root / ".git" / name, handed.adr / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (handed.adr / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
    )
    unguarded = subprocess.run(
        ["git", "-C", str(handed.adr), "rev-parse", "--show-toplevel"],
        capture_output=True, text=True, check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    )  # fmt: skip
    assert unguarded.stdout.strip() == str(handed.adr), "git unguarded is taken in"
    assert gitdates.history_of(handed.adr).firsts == {}
    with pytest.raises(gitchanges.NoChange):
        gitchanges.repository_of(handed.adr)


def test_an_object_that_stands_for_another_one_changes_no_history(handed: Repository) -> None:
    first = handed.git("rev-parse", "HEAD")
    handed.write("0001-a.md", record(1, "Proposed"))
    second = handed.commit()
    handed.git("replace", first, second)
    changed = gitchanges.changes(gitchanges.repository_of(handed.adr), first)
    assert [one.new for one in changed.files] == ["0001-a.md"]
