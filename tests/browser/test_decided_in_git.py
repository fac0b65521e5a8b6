"""A decision that was accepted in a repository while the log was in use, and then imported."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser.players import YEARS_AGO, Log, reported

ACCEPTED = "# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n## Decision\n\nWe do it.\n"


@pytest.fixture
def clock(clock):
    """The story begins years ago: the file comes in today."""
    clock.now = YEARS_AGO
    return clock


def test_what_was_accepted_in_git_after_go_live_is_flagged_when_it_comes_in_and_older_ones_are_not(
    larkspur: Log, player, settings, tmp_path, clock
):
    repository = tmp_path / "product"
    _commit(repository, "0001-one-cloud.md", "One cloud", "2024-03-04T12:00:00Z")
    _commit(repository, "0002-two-clouds.md", "Two clouds", "2025-03-04T12:00:00Z")
    assert reported(settings, "import", str(repository), "--company", larkspur.company.slug)["created"] == 2
    clock.now = datetime.now(UTC).replace(microsecond=0)
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/decisions")
    assert "Older than this log" in sam.row("One cloud").inner_text()
    assert "Made without vCISO input" in sam.row("Two clouds").inner_text()
    sam.follows("Two clouds")
    sam.stands("Made without vCISO input", "Not asked")
    sam.presses("Ask Vera now")
    priya = player(phone=True).comes_in(larkspur.priya, f"{larkspur.path}/dashboard")
    assert "Two clouds" in priya.main.inner_text()


def _commit(repository: Path, name: str, title: str, when: str) -> None:
    """Commit an accepted record on a day; it states no day itself."""
    file = repository / "docs" / "adr" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ACCEPTED.format(title=title), encoding="utf-8")
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    day = {"PATH": os.defpath, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    for words in (["init", "--quiet"], ["add", "."], [*who, "commit", "--quiet", "-m", title]):
        subprocess.run(["git", "-C", str(repository), *words], check=True, env=day)
