"""A commit date is used only where the folder's own repository can be trusted to know it."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from adr_app.services import gitdates


def git(folder: Path, *arguments: str, day: str = "2024-01-05") -> None:
    when = f"{day}T12:00:00+00:00"
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments],
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one record, committed on 5 January 2024, beside a file that is not tracked."""
    root = tmp_path / "product"
    (root / "adr").mkdir(parents=True)
    git(tmp_path, "init", "-q", str(root))
    (root / "adr" / "0001-ä b.md").write_text("# 1. Use x\n\nA text that is long enough to be known again.\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "One")
    (root / "adr" / "loose.md").write_text("# Loose\n")
    return root


def days(folder: Path) -> dict[str, date]:
    return {path: first.day for path, first in gitdates.history_of(folder).firsts.items()}


def test_a_tracked_file_has_the_day_of_its_first_commit(repository: Path) -> None:
    record = repository / "adr" / "0001-ä b.md"
    record.write_text(record.read_text() + "more\n")
    git(repository, "commit", "-qam", "Two", day="2025-02-02")
    assert days(repository / "adr") == {"0001-ä b.md": date(2024, 1, 5)}
    assert days(record) == {"0001-ä b.md": date(2024, 1, 5)}


def test_whoever_committed_a_file_first_is_known_by_name(repository: Path) -> None:
    git(repository, "mv", "adr/0001-ä b.md", "adr/0002-c.md")
    git(repository, "-c", "user.name=Somebody Else", "commit", "-qm", "Two", day="2025-02-02")
    assert gitdates.history_of(repository / "adr").firsts["0002-c.md"].by == "A"


def test_a_renamed_file_keeps_its_first_day(repository: Path) -> None:
    git(repository, "mv", "adr/0001-ä b.md", "adr/0002-c.md")
    git(repository, "commit", "-qm", "Two", day="2025-02-02")
    assert days(repository) == {"adr/0002-c.md": date(2024, 1, 5)}


def test_a_file_that_is_no_longer_tracked_has_no_day(repository: Path) -> None:
    git(repository, "rm", "-q", "--cached", "adr/0001-ä b.md")
    git(repository, "commit", "-qm", "Two")
    assert gitdates.history_of(repository).firsts == {}


def test_a_shallow_copy_dates_nothing(repository: Path, tmp_path: Path) -> None:
    (repository / "other.md").write_text("x")
    git(repository, "add", "other.md")
    git(repository, "commit", "-qm", "Two", day="2025-02-02")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(shallow))
    assert (shallow / "adr" / "0001-ä b.md").exists()
    assert gitdates.history_of(shallow).firsts == {}


def test_a_folder_without_a_repository_dates_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_text("x")
    # A hook or a script names another repository in its environment; that one knows nothing of this folder.
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert gitdates.history_of(elsewhere).firsts == {}
    assert gitdates.top_of(elsewhere) is None
    assert gitdates.top_of(repository / "adr") == repository.resolve()
