"""A folder is imported again and again: nothing lost, nothing twice, nothing made here overwritten."""

import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.decisions import Status
from adr_app.domain.errors import NotAllowed, WrongState
from adr_app.models.decisions import Decision, ImportedFile, Link, Revision
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import decision_rows, drafts, flags, import_batches, imports, verification
from tests.casts import Cast, cast_of
from tests.conftest import START
from tests.services.records import record, three_records

KEYS = {"files", "created", "updated", "diverged", "unchanged", "renamed", "skipped", "warnings", "decisions"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three accepted records, the third of which replaces the first."""
    return three_records(tmp_path / "adr")


def run(cast: Cast, root: Path, at: datetime = START, **given: Any) -> dict[str, Any]:
    return imports.run(cast.viewer("cto", START), root, at=at, **given)


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["created"], report["updated"], report["diverged"], report["unchanged"]


def codes(report: dict[str, Any]) -> list[tuple[str, str]]:
    wanted = ("diverged", "removed", "circle")
    return [(row["path"], row["code"]) for row in report["warnings"] if row["code"] in wanted]


def named(path: str) -> Decision:
    return Decision.get_by_id(ImportedFile.get(ImportedFile.path == path).decision_id)


def assert_sound(cast: Cast) -> None:
    """Check that rows, spans and record agree, for every decision."""
    company = Company.get_by_id(cast.company.id)
    found = flags.check(company)
    assert (found.different, found.stale) == ([], 0)
    report = verification.verify(company)
    assert report.broken is None
    spans = SpanRow.running(cast.company.id, "status", START)
    assert {row.subject_id: row.code for row in spans} == {d.id: d.status for d in Decision.select()}


def test_the_report_has_every_key_and_names_what_each_file_became(cast: Cast, folder: Path) -> None:
    report = run(cast, folder)
    assert report.keys() == KEYS | {"flagged"}
    assert counts(report) == (3, 0, 0, 0)
    assert [row["ref"] for row in report["decisions"]] == ["AD-0001", "AD-0002", "AD-0003"]
    assert report["decisions"][2]["supersedes"] == ["0001-a.md"]
    assert json.loads(json.dumps(report, default=list)) == report
    assert named("0001-a.md").status == Status.SUPERSEDED
    assert named("0003-c.md").decided_on == date(2024, 1, 4)
    assert Event.select().where(Event.kind == "decision.imported").count() == 3
    assert_sound(cast)


def test_an_import_that_stored_something_tells_how_many_decisions_stand_flagged(
    cast: Cast, folder: Path
) -> None:
    (folder / "0004-d.md").write_text(record(4).replace("2024-01-05", "2026-11-24"))
    assert run(cast, folder)["flagged"] == {
        "without_input": 1,
        "older_than_log": 2,
    }
    assert "flagged" not in run(cast, folder)
    (folder / "0005-e.md").write_text(record(5).replace("2024-01-06", "2026-11-24"))
    assert run(cast, folder)["flagged"] == {"without_input": 2, "older_than_log": 2}


def test_only_who_may_import_imports(cast: Cast, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        imports.run(cast.viewer("vciso", START), folder, at=START)
    assert Decision.select().count() == 0


def test_an_unchanged_folder_changes_nothing_even_where_a_decision_was_edited_here(
    cast: Cast, folder: Path
) -> None:
    run(cast, folder)
    drafts.revise(cast.viewer("cto", START), 2, {"title": "Ours"}, base=1, at=START)
    events = Event.select().count()
    report = run(cast, folder)
    assert counts(report) == (0, 0, 0, 3)
    assert [row["ref"] for row in report["decisions"]] == ["AD-0001", "AD-0002", "AD-0003"]
    (folder / "0001-a.md").touch()
    (folder / "notes.md").write_text("just notes\n")
    assert counts(run(cast, folder)) == (0, 0, 0, 3)
    assert Event.select().count() == events


def test_a_changed_file_is_an_acceptance_of_its_new_text(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0002-b.md").write_text(record(2, more=" And more.").replace("# 2. Use", "# 2. Buy"))
    assert counts(run(cast, folder)) == (0, 1, 0, 2)
    decision = named("0002-b.md")
    assert decision.title == "Buy thing 2"
    assert (decision.status, decision.latest, decision.in_force) == (Status.ACCEPTED, 2, 2)
    assert "And more." in decision_rows.revision(decision).fields["body"]
    assert_sound(cast)


def test_what_changed_on_both_sides_is_told_every_time_and_left(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    drafts.revise(cast.viewer("cto", START), 2, {"title": "Ours"}, base=1, at=START)
    (folder / "0002-b.md").write_text(record(2, more=" Theirs."))
    for _ in range(2):
        report = run(cast, folder)
        assert counts(report) == (0, 0, 1, 2)
        assert codes(report) == [("0002-b.md", "diverged")]
        assert decision_rows.revision(named("0002-b.md")).title == "Ours"
    assert_sound(cast)


def test_what_was_updated_beside_a_divergence_is_noticed_when_it_is_put_back(
    cast: Cast, folder: Path
) -> None:
    run(cast, folder)
    drafts.revise(cast.viewer("cto", START), 2, {"title": "Ours"}, base=1, at=START)
    (folder / "0002-b.md").write_text(record(2, more=" Theirs."))
    (folder / "0003-c.md").write_text(record(3, "Accepted", more=" New."))
    assert counts(run(cast, folder)) == (0, 1, 1, 1)
    (folder / "0002-b.md").write_text(record(2))
    (folder / "0003-c.md").write_text(record(3, "Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)"))
    assert counts(run(cast, folder)) == (0, 1, 0, 2)
    assert_sound(cast)


def test_a_replaced_decision_stays_replaced_when_its_file_still_says_accepted(
    cast: Cast, folder: Path
) -> None:
    run(cast, folder)
    (folder / "0001-a.md").write_text(record(1, more=" Typo mended."))
    assert counts(run(cast, folder)) == (0, 1, 0, 2)
    assert named("0001-a.md").status == Status.SUPERSEDED
    assert_sound(cast)


def test_a_file_that_goes_back_to_proposed_takes_its_decision_out_of_force(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0002-b.md").write_text(record(2, "Proposed"))
    run(cast, folder)
    decision = named("0002-b.md")
    assert (decision.status, decision.in_force, decision.accepted_at) == (Status.PROPOSED, None, None)
    assert_sound(cast)


def test_a_replacement_stated_at_the_older_end_of_an_unchanged_newer_is_linked(
    cast: Cast, folder: Path
) -> None:
    run(cast, folder)
    (folder / "0002-b.md").write_text(record(2, "Superseded by [3. Use thing 3](0003-c.md)"))
    assert counts(run(cast, folder)) == (0, 1, 0, 2)
    edge = Link.get(Link.from_id == named("0003-c.md").id, Link.to_id == named("0002-b.md").id)
    assert edge.effective
    assert named("0002-b.md").status == Status.SUPERSEDED
    assert_sound(cast)


def test_an_end_without_a_file_keeps_its_words_until_the_file_comes(cast: Cast, folder: Path) -> None:
    (folder / "0001-a.md").unlink()
    run(cast, folder)
    kept = Link.get(Link.from_id == named("0003-c.md").id)
    assert (kept.to_id, kept.effective) == (None, False)
    assert "0001-a.md" in kept.to_text
    (folder / "0001-a.md").write_text(record(1))
    assert counts(run(cast, folder)) == (1, 0, 0, 2)
    edges = [(row.from_id, row.to_id, row.effective) for row in Link.select()]
    assert edges == [(named("0003-c.md").id, named("0001-a.md").id, True)]
    assert named("0001-a.md").status == Status.SUPERSEDED
    assert_sound(cast)


def test_words_without_a_file_do_not_pile_up(cast: Cast, folder: Path) -> None:
    (folder / "0002-b.md").write_text(record(2, "Superseded by ADR 77"))
    run(cast, folder)
    (folder / "0002-b.md").write_text(record(2, "Superseded by ADR 77", more=" x"))
    run(cast, folder)
    assert Link.select().where(Link.to_id == named("0002-b.md").id).count() == 1
    assert_sound(cast)


def test_a_replacement_in_part_takes_nothing_out_of_force(cast: Cast, folder: Path) -> None:
    (folder / "0003-c.md").write_text(record(3, "Accepted\n\nPartially supersedes [1](0001-a.md)"))
    run(cast, folder)
    edge = Link.get(Link.to_id == named("0001-a.md").id)
    assert edge.part
    assert named("0001-a.md").status == Status.ACCEPTED
    assert_sound(cast)


def test_a_circle_is_told_and_harms_nothing(cast: Cast, folder: Path) -> None:
    (folder / "0001-a.md").write_text(record(1, "Accepted\n\nSupersedes [3. Use thing 3](0003-c.md)"))
    report = run(cast, folder)
    assert counts(report) == (3, 0, 0, 0)
    assert [code for _, code in codes(report)] == ["circle"]
    assert Link.select().count() == 2
    assert_sound(cast)


def test_an_import_that_breaks_leaves_whole_batches_and_is_finished_by_the_next(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 1)
    stored = imports.Batches.store

    def fails_at_the_third(self: Any, plans: Any) -> None:
        stored(self, plans)
        if Decision.select().count() == 2:
            raise OSError("the power went")

    monkeypatch.setattr(imports.Batches, "store", fails_at_the_third)
    with pytest.raises(OSError, match="power"):
        run(cast, folder)
    assert Decision.select().count() == 2
    assert_sound(cast)
    monkeypatch.setattr(imports.Batches, "store", stored)
    assert counts(run(cast, folder)) == (1, 0, 0, 2)
    assert named("0001-a.md").status == Status.SUPERSEDED
    assert_sound(cast)


def test_an_error_within_a_batch_stores_nothing_of_it(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, said = [], import_batches.summary

    def fails_at_the_last(written: Revision) -> dict[str, Any]:
        told.append(written.id)
        if len(told) == Decision.select().count() == 3:
            raise OSError("the power went")
        return said(written)

    before = Event.select().count()
    monkeypatch.setattr(import_batches, "summary", fails_at_the_last)
    with pytest.raises(OSError, match="power"):
        run(cast, folder)
    assert (Decision.select().count(), Event.select().count()) == (0, before)
    monkeypatch.setattr(import_batches, "summary", said)
    assert run(cast, folder)["decisions"][0]["ref"] == "AD-0001"


def test_a_removed_file_is_told_and_its_decision_stays(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    (folder / "0002-b.md").unlink()
    for _ in range(2):
        report = run(cast, folder)
        assert counts(report) == (0, 0, 0, 2)
        assert codes(report) == [("0002-b.md", "removed")]
    assert Decision.select().count() == 3
    alone = run(cast, folder / "0001-a.md")
    assert (counts(alone), codes(alone)) == ((0, 0, 0, 1), [])


def test_the_same_paths_from_elsewhere_are_other_decisions(cast: Cast, folder: Path, tmp_path: Path) -> None:
    run(cast, folder)
    elsewhere = tmp_path / "other" / "adr"
    elsewhere.mkdir(parents=True)
    (elsewhere / "0001-a.md").write_text(record(1, more=" Elsewhere."))
    report = run(cast, elsewhere)
    assert (counts(report), report["decisions"][0]["ref"]) == ((1, 0, 0, 0), "AD-0004")
    assert counts(run(cast, elsewhere, source="named")) == (1, 0, 0, 0)
    assert Decision.select().count() == 5


def test_files_that_are_in_the_log_under_another_source_are_not_taken_twice_unsaid(
    cast: Cast, folder: Path, tmp_path: Path
) -> None:
    run(cast, folder, source="product 1.0")
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.glob("*.md"):
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / "0002-b.md").write_text(record(2, more=" Newer."))
    with pytest.raises(WrongState, match=r"2 of 3 files .* from “product 1.0”; nothing was stored"):
        run(cast, copy)
    assert Decision.select().count() == 3
    assert counts(run(cast, copy, source="product 1.0")) == (0, 1, 0, 2)
    report = run(cast, copy, source="product 1.1")
    assert report["known_from"] == {"source": "product 1.0", "files": 3, "of": 3}
    assert counts(report) == (3, 0, 0, 0)
    assert "known_from" not in run(cast, copy, source="product 1.1")


def test_what_another_company_imported_is_told_to_nobody(cast: Cast, folder: Path) -> None:
    run(cast, folder, source="product 1.0")
    other = cast_of("Ostara", START)
    assert "known_from" not in imports.run(other.viewer("cto", START), folder, at=START)


def test_what_no_page_can_hold_is_replaced_and_long_things_are_kept(cast: Cast, folder: Path) -> None:
    long = "word " * 20_000
    (folder / "0001-a.md").write_text(
        f"# {'T' * 300}\x07\n\n## Status\n\nAccepted\n\n## Decision\n\n{long}\n"
    )
    report = run(cast, folder)
    assert counts(report) == (3, 0, 0, 0)
    decision = named("0001-a.md")
    assert len(decision.title) == 200
    body = decision_rows.revision(decision).fields["body"]
    assert "T" * 300 + "\N{REPLACEMENT CHARACTER}" in body
    assert len(body) > 65_536
    assert_sound(cast)


def test_a_text_that_cannot_be_stored_is_skipped_with_its_reason(cast: Cast, folder: Path) -> None:
    # One byte on disk, three in the text: control characters make it longer than any text may be.
    (folder / "0004-d.md").write_text(record(4) + "x" * 5000 + "\x7f" * 400_000)
    report = run(cast, folder)
    assert counts(report) == (3, 0, 0, 0)
    (skipped,) = report["skipped"]
    assert skipped["path"] == "0004-d.md"
    assert "Shorten" in skipped["reason"]
    assert "0004-d.md" not in [row["path"] for row in report["decisions"]]


def test_a_file_without_status_leaves_the_status_open(cast: Cast, folder: Path) -> None:
    (folder / "0002-b.md").write_text(
        "# 2. Use b\n\n## Context\n\nx\n\n## Decision\n\ny\n\n## Consequences\n\nz\n"
    )
    report = run(cast, folder)
    assert report["decisions"][1]["status"] is None
    assert named("0002-b.md").status == Status.UNSTATED
    assert_sound(cast)


def test_a_commit_date_is_said_to_be_from_git_and_never_stated(cast: Cast, tmp_path: Path) -> None:
    root = tmp_path / "product"
    root.mkdir()
    (root / "0001-a.md").write_text(
        "# 1. Use a\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\ny\n"
    )
    when = {"GIT_AUTHOR_DATE": "2024-05-06T12:00:00Z", "GIT_COMMITTER_DATE": "2024-05-06T12:00:00Z"}
    who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "One"]):
        subprocess.run(
            ["git", "-C", str(root), *words], check=True, env={"PATH": "/usr/local/bin:/usr/bin:/bin", **when}
        )
    report = run(cast, root)
    assert report["decisions"][0]["date"] is None
    assert named("0001-a.md").decided_on == date(2024, 5, 6)
    assert ImportedFile.get().date_source == "from git"
    assert ImportedFile.get().source == "product"
    assert_sound(cast)


def test_replacements_cross_the_borders_of_batches(cast: Cast, tmp_path: Path) -> None:
    root = tmp_path / "many"
    root.mkdir()
    for n in range(1, 206):
        more = f"\n\nSuperseded by [next]({n + 1:04d}-x.md)" if n < 205 else ""
        (root / f"{n:04d}-x.md").write_text(record(n, f"Accepted{more}"))
    before = Event.select().count()
    assert counts(run(cast, root)) == (205, 0, 0, 0)
    assert Event.select().count() == before + 205
    assert Link.select().where(Link.effective == True).count() == 204  # noqa: E712
    assert Decision.select().where(Decision.status == Status.ACCEPTED).count() == 1
    assert_sound(cast)
