"""A file that has a new name is still the file of its decision; where two could be it, nothing is guessed."""

import subprocess
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest

from adr_app.domain.errors import WrongState
from adr_app.models.decisions import Decision, ImportedFile, Link
from adr_app.models.events import Event
from adr_app.services import decision_rows, diverged_choices, drafts, exports, syncs
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.services.records import record, three_records
from tests.services.test_imports import assert_sound, codes, counts, named, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three accepted records, the third of which replaces the first."""
    return three_records(tmp_path / "adr")


def renamed(report: dict[str, Any]) -> dict[str, str]:
    return {row["from"]: row["path"] for row in report["renamed"]}


def titles() -> dict[str, str]:
    """Return the title of the decision of each file."""
    rows = {d.id: d.title for d in Decision.select()}
    return {row.path: rows[row.decision_id] for row in ImportedFile.select()}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_renamed_file_keeps_its_decision(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    before, second = {d.id: d.latest for d in Decision.select()}, named("0002-b.md").id
    (folder / "0002-b.md").rename(folder / "0002-use-thing-two.md")
    report = run(cast, folder)
    assert renamed(report) == {"0002-b.md": "0002-use-thing-two.md"}
    assert counts(report) == (0, 0, 0, 3) and codes(report) == []
    assert named("0002-use-thing-two.md").id == second
    assert {d.id: d.latest for d in Decision.select()} == before
    assert Event.select().where(Event.kind == "decision.file-moved").count() == 1
    assert_sound(cast)
    again = run(cast, folder)
    assert (counts(again), renamed(again)) == ((0, 0, 0, 3), {})


def test_a_folder_that_moved_below_another_is_followed(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "payments").mkdir()
    for file in folder.glob("*.md"):
        file.rename(folder / "payments" / file.name)
    report = run(cast, folder)
    assert (counts(report), len(report["renamed"])) == ((0, 0, 0, 3), 3)
    assert Link.select().count() == 1
    assert_sound(cast)


def test_a_renumbered_record_takes_its_new_text_and_what_replaces_it_finds_it(
    cast: Cast, folder: Path
) -> None:
    run(cast, folder)
    first = named("0001-a.md").id
    (folder / "0001-a.md").rename(folder / "0012-a.md")
    edit(folder / "0012-a.md", "# 1.", "# 12.")
    edit(folder / "0003-c.md", "[1. Use thing 1](0001-a.md)", "[12. Use thing 1](0012-a.md)")
    report = run(cast, folder)
    assert renamed(report) == {"0001-a.md": "0012-a.md"} and counts(report) == (0, 2, 0, 1)
    assert named("0012-a.md").id == first
    assert ImportedFile.get(ImportedFile.path == "0012-a.md").number_text == "0012"
    assert [(edge.from_id, edge.to_id) for edge in Link] == [(named("0003-c.md").id, first)]
    assert Decision.select().count() == 3
    assert_sound(cast)


def test_a_record_renamed_and_edited_is_known_by_its_title(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    second = named("0002-b.md").id
    (folder / "0002-b.md").rename(folder / "use-thing-two.md")
    edit(folder / "use-thing-two.md", "Why 2.", "Why 2, said anew.")
    report = run(cast, folder)
    assert renamed(report) == {"0002-b.md": "use-thing-two.md"} and counts(report) == (0, 1, 0, 2)
    assert named("use-thing-two.md").id == second
    assert_sound(cast)


def test_two_files_that_swap_their_names_swap_no_text(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0001-a.md").rename(folder / "x")
    (folder / "0002-b.md").rename(folder / "0001-a.md")
    (folder / "x").rename(folder / "0002-b.md")
    report = run(cast, folder)
    assert renamed(report) == {"0001-a.md": "0002-b.md", "0002-b.md": "0001-a.md"}
    assert titles() == {"0001-a.md": "Use thing 2", "0002-b.md": "Use thing 1", "0003-c.md": "Use thing 3"}
    assert {d.latest for d in Decision.select()} == {1}
    assert_sound(cast)


@hypothesis.settings(max_examples=15, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(order=st.permutations(range(1, 8)), shift=st.integers(0, 3))
def test_however_files_are_renamed_each_decision_keeps_its_own(
    fresh_database: Any, tmp_path_factory: pytest.TempPathFactory, order: list[int], shift: int
) -> None:
    with fresh_database(), quick_passwords():
        cast = cast_of("Larkspur", START)
        root = tmp_path_factory.mktemp("renamed")
        for number in range(1, 8):
            (root / f"{number}.md").write_text(record(number))
        run(cast, root)
        for number in range(1, 8):
            (root / f"{number}.md").unlink()
        for number, place in enumerate(order, 1):
            (root / f"{place + shift}.md").write_text(record(number))
        report = run(cast, root)
        moved = {f"{n}.md": f"{p + shift}.md" for n, p in enumerate(order, 1) if n != p + shift}
        assert renamed(report) == moved and counts(report) == (0, 0, 0, 7)
        assert titles() == {f"{p + shift}.md": f"Use thing {n}" for n, p in enumerate(order, 1)}
        assert_sound(cast)


def test_where_two_files_could_be_it_nothing_is_guessed(cast: Cast, folder: Path) -> None:
    (folder / "0004-d.md").write_text(record(2))
    run(cast, folder)
    (folder / "0002-b.md").rename(folder / "0005-e.md")
    (folder / "0004-d.md").unlink()
    report = run(cast, folder)
    assert renamed(report) == {} and counts(report) == (1, 0, 0, 2)
    (said,) = [row["message"] for row in report["warnings"] if row["code"] == "moved"]
    assert "AD-0002 or AD-0004" in said
    assert_sound(cast)


def test_a_copy_beside_its_file_is_another_decision(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0004-d.md").write_text((folder / "0002-b.md").read_text())
    report = run(cast, folder)
    assert renamed(report) == {} and counts(report) == (1, 0, 0, 3)


def test_a_template_that_was_copied_and_then_edited_stays_where_it_is(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    second = named("0002-b.md").id
    (folder / "0004-d.md").write_text((folder / "0002-b.md").read_text())
    edit(folder / "0002-b.md", "Why 2.", "Why two.")
    report = run(cast, folder)
    assert renamed(report) == {} and counts(report) == (1, 1, 0, 2)
    assert named("0002-b.md").id == second


def test_a_record_put_in_the_middle_moves_the_others_on(cast: Cast, tmp_path: Path) -> None:
    root = tmp_path / "adr"
    root.mkdir()
    for number in (1, 2, 3):
        (root / f"{number}.md").write_text(record(number))
    run(cast, root)
    (root / "3.md").rename(root / "4.md")
    (root / "2.md").rename(root / "3.md")
    (root / "2.md").write_text(record(7))
    report = run(cast, root)
    assert renamed(report) == {"2.md": "3.md", "3.md": "4.md"} and counts(report) == (1, 0, 0, 3)
    assert titles()["2.md"] == "Use thing 7" and titles()["3.md"] == "Use thing 2"
    assert_sound(cast)


def test_a_file_that_cannot_be_read_now_is_not_gone(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0004-d.md").write_text((folder / "0002-b.md").read_text())
    (folder / "0002-b.md").write_bytes(b"\xff" * 1_000_001)
    report = run(cast, folder)
    assert renamed(report) == {} and report["created"] == 1


def test_what_took_the_place_of_another_file_pushes_none_away(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0002-b.md").rename(folder / "0001-a.md")
    report = run(cast, folder)
    assert renamed(report) == {} and counts(report) == (0, 1, 0, 1)
    assert codes(report) == [("0002-b.md", "removed")]
    assert_sound(cast)


def test_files_of_another_place_are_not_followed(cast: Cast, folder: Path, tmp_path: Path) -> None:
    run(cast, folder)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(WrongState):
        run(cast, tmp_path / "elsewhere")
    assert counts(run(cast, tmp_path / "elsewhere", source="elsewhere")) == (3, 0, 0, 0)


def test_a_new_name_takes_away_nothing_that_was_written_here(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    second = named("0002-b.md")
    cto = cast.viewer("cto", START)
    drafts.revise(cto, second.number, {}, base=1, body="# Ours\n\nWords.\n", at=START)
    (folder / "0002-b.md").rename(folder / "0002-x.md")
    assert counts(run(cast, folder)) == (0, 0, 0, 3)
    edit(folder / "0002-x.md", "Why 2.", "Theirs.")
    report = run(cast, folder)
    assert counts(report) == (0, 0, 1, 2) and codes(report) == [("0002-x.md", "diverged")]
    assert decision_rows.find(cto, second.number).latest == 2
    assert_sound(cast)


@pytest.mark.parametrize("chosen", [True, False])
def test_a_choice_between_two_texts_goes_with_the_file(cast: Cast, folder: Path, chosen: bool) -> None:
    run(cast, folder)
    cto, second = cast.viewer("cto", START), named("0002-b.md")
    drafts.revise(cto, second.number, {}, base=1, body="# Ours\n\nWords.\n", at=START)
    edit(folder / "0002-b.md", "Why 2.", "Theirs.")
    assert counts(run(cast, folder)) == (0, 0, 1, 2)
    if chosen:
        sides = diverged_choices.look(cto, second.number)
        assert sides is not None
        diverged_choices.keep(cto, second.number, diverged_choices.shown(sides), at=START)
    (folder / "0002-b.md").rename(folder / "0002-x.md")
    report = run(cast, folder)
    if chosen:
        assert (counts(report), renamed(report)) == ((0, 0, 0, 3), {"0002-b.md": "0002-x.md"})
        assert counts(run(cast, folder)) == (0, 0, 0, 3)
    else:
        assert counts(report) == (0, 0, 1, 2) and codes(report) == [("0002-x.md", "diverged")]
        assert diverged_choices.look(cto, second.number) is not None
    assert_sound(cast)


@pytest.fixture
def repository(folder: Path) -> Path:
    """The folder within a repository of its own, everything committed."""
    git(folder.parent, "init", "-q")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> None:
    options = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *options, *arguments], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-q", "-m", "x", "--date=2025-03-04T10:00:00")


@pytest.mark.git
@pytest.mark.parametrize("committed", [True, False])
def test_what_git_calls_renamed_is_followed_whatever_else_changed(
    cast: Cast, repository: Path, committed: bool
) -> None:
    run(cast, repository)
    second = named("0002-b.md").id
    (repository / "0002-b.md").rename(repository / "0009-i.md")
    edit(repository / "0009-i.md", "# 2. Use thing 2", "# 9. Use another thing")
    edit(repository / "0009-i.md", "Why 2.", "Why indeed.")
    if committed:
        commit(repository)
    else:
        git(repository, "add", "-A", ".")
    report = run(cast, repository)
    assert renamed(report) == {"0002-b.md": "0009-i.md"} and counts(report) == (0, 1, 0, 2)
    assert named("0009-i.md").id == second and named("0009-i.md").title == "Use another thing"
    assert_sound(cast)


def test_a_file_that_the_log_exported_is_known_under_its_new_name(cast: Cast, tmp_path: Path) -> None:
    cto = cast.viewer("cto", START)
    drafts.draft(cto, {"title": "Keep one database", "decision": "One."}, at=START)
    exports.run(cto, tmp_path / "out", code="madr4", at=START)
    (file,) = (tmp_path / "out").glob("*keep-one-database.md")
    file.rename(file.with_name("0007-one-database.md"))
    assert counts(run(cast, tmp_path / "out")) == (0, 0, 0, 1)
    assert Decision.select().count() == 1


@pytest.mark.parametrize("edited", [True, False])
def test_a_sync_follows_new_names_and_then_rests(cast: Cast, folder: Path, edited: bool) -> None:
    cto = cast.viewer("cto", START)
    drafts.draft(cto, {"title": "Keep one database", "decision": "One."}, at=START)
    syncs.run(cto, folder, at=START)
    (ours,) = folder.glob("*keep-one-database.md")
    ours.rename(folder / "0011-ours.md")
    (folder / "0002-b.md").rename(folder / "0012-theirs.md")
    if edited:
        edit(folder / "0011-ours.md", "One.", "Two.")
        edit(folder / "0012-theirs.md", "Why 2.", "Why two.")
    done = syncs.run(cto, folder, at=START)
    assert renamed(done) == {ours.name: "0011-ours.md", "0002-b.md": "0012-theirs.md"}
    assert (done["created"], done["conflicts"], done["removed"]) == ([], [], [])
    assert sorted(done["updated"]) == (["0011-ours.md", "0012-theirs.md"] if edited else [])
    there = sorted(file.name for file in folder.glob("*.md"))
    assert there == ["0001-a.md", "0003-c.md", "0011-ours.md", "0012-theirs.md"]
    again = syncs.run(cto, folder, at=START)
    assert (again["in_step"], again["written"], again["renamed"]) == (4, [], [])
    assert Decision.select().count() == 4
    assert_sound(cast)


def test_a_change_in_the_log_goes_to_the_file_under_its_new_name(cast: Cast, folder: Path) -> None:
    cto = cast.viewer("cto", START)
    drafts.draft(cto, {"title": "Keep one database", "decision": "One."}, at=START)
    syncs.run(cto, folder, at=START)
    (ours,) = folder.glob("*keep-one-database.md")
    ours.rename(folder / "0011-ours.md")
    drafts.revise(cto, 1, {"decision": "Three."}, base=1, at=START)
    done = syncs.run(cto, folder, at=START)
    assert [row["path"] for row in done["written"]] == ["0011-ours.md"] and not done["conflicts"]
    assert "Three." in (folder / "0011-ours.md").read_text() and not ours.exists()
