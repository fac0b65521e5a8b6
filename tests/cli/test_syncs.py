"""`adr-app sync` keeps a folder in git and the log in step, and says what it left."""

from pathlib import Path

from adr_app.models.decisions import Decision
from adr_app.services import drafts
from tests.casts import Cast
from tests.cli.conftest import AT, Commands

RECORD = "---\nstatus: accepted\ndate: 2026-10-01\n---\n\n# Use a queue\n\n## Decision Outcome\n\nA queue.\n"


def test_both_sides_are_brought_in_step_and_a_conflict_ends_with_1(
    adr: Commands, cast: Cast, tmp_path: Path
) -> None:
    folder = tmp_path / "decisions"
    folder.mkdir()
    (folder / "0001-use-a-queue.md").write_text(RECORD)
    drafts.draft(cast.viewer("cto", AT), {"title": "Keep files", "decision": "Here."}, at=AT)
    first = adr("sync", str(folder))
    assert first.code == 0, first.err
    assert "1 taken into the log as new" in first.out and "1 written to the folder" in first.out
    written = folder / "0002-keep-files.md"
    written.write_text(written.read_text().replace("Here.", "There."))
    drafts.revise(cast.viewer("cto", AT), 1, {"decision": "Nowhere."}, base=1, at=AT)
    second = adr("sync", str(folder))
    assert second.code == 1 and "1 changed on both sides, left as they are" in second.out
    assert "0002-keep-files.md: AD-0001: Changed in the folder and in the log." in second.out
    assert "There." in written.read_text()


def test_a_dry_run_only_tells(adr: Commands, cast: Cast, tmp_path: Path) -> None:
    folder = tmp_path / "decisions"
    folder.mkdir()
    (folder / "0001-use-a-queue.md").write_text(RECORD)
    done = adr("sync", str(folder), "--dry-run", "--json")
    assert done.code == 0 and len(done.report["created"]) == 1
    assert not Decision.select().exists() and [file.name for file in folder.iterdir()] == [
        "0001-use-a-queue.md"
    ]
