"""`flags`, `verify` and `import`: what they print, and with which exit code they end."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import peewee
import pytest

from adr_app.models.base import database, is_sqlite
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.models.schema import SEALED
from adr_app.services import decisions, drafts, reviews
from tests.casts import Cast, cast_of, quick_passwords
from tests.cli.conftest import AT, Commands
from tests.conftest import connected

AD_1 = {"title": "Login provider", "decided_on": AT.date().isoformat()}


@pytest.fixture
def flagged(cast: Cast) -> Cast:
    """Larkspur with a decision made without vCISO input, and Ostara with one that is a draft."""
    decisions.record_decided(cast.viewer("cto", AT), AD_1, at=AT)
    with quick_passwords():
        ostara = cast_of("Ostara", AT)
    drafts.draft(ostara.viewer("cto", AT), {"title": "Queue or table"}, at=AT)
    return cast


def test_the_flags_of_a_day_are_listed(adr: Commands, flagged: Cast) -> None:
    ran = adr("flags", "--at", "2025-01-06", "--json")
    assert ran.code == 0
    assert set(ran.report) == {"at", "flags"} and ran.report["at"] == "2025-01-06"
    found = {row["code"]: row for row in ran.report["flags"]}
    row = found["accepted-no-input"]
    assert (row["company"], row["ref"], row["decision"]) == ("larkspur", "AD-0001", "Login provider")
    assert row["since"] == "2025-01-06T09:00:00+00:00" and row["severity"].startswith("S")
    told = {"company", "ref", "decision", "debt", "code", "severity", "title", "why", "since", "detail"}
    assert set(row) == told
    assert "AD-0001" in adr("flags", "--at", "2025-01-06").out


def test_a_day_before_nothing_was_flagged_and_today_it_still_is(adr: Commands, flagged: Cast) -> None:
    ran = adr("flags", "--at", "2025-01-05", "--json")
    assert ran.code == 0 and ran.report["flags"] == []
    assert "Nothing is flagged." in adr("flags", "--at", "2025-01-05").out
    assert any(row["code"] == "accepted-no-input" for row in adr("flags", "--json").report["flags"])


def test_a_day_ends_in_the_zone_of_the_company(adr: Commands, database_url: str) -> None:
    with connected(database_url), quick_passwords():
        cast = cast_of("Auckland", AT, zone="Pacific/Auckland")
        late = AT + timedelta(hours=4)  # two o'clock in the night of the 7th there
        decisions.record_decided(cast.viewer("cto", AT), AD_1, at=late)
    codes = lambda day: {row["code"] for row in adr("flags", "--at", day, "--json").report["flags"]}  # noqa: E731
    assert "accepted-no-input" not in codes("2025-01-06")
    assert "accepted-no-input" in codes("2025-01-07")


def test_only_one_companys_flags_are_listed_where_it_is_named(adr: Commands, flagged: Cast) -> None:
    assert adr("flags", "--company", "ostara", "--json").report["flags"] == []
    ran = adr("flags", "--company", "nowhere")
    assert ran.code == 2 and "larkspur, ostara" in ran.err


@pytest.mark.parametrize("day", ["tomorrow", "2025-13-01", "20250106", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_is_none_is_wrong_use_before_any_database_is_opened(day: str) -> None:
    ran = Commands({"ADR_DATABASE_URL": "sqlite:////no/such/folder/adr.db"})("flags", "--at", day)
    assert ran.code == 2 and "year-month-day" in ran.err


@pytest.mark.parametrize(
    "words", ["--check --rebuild", "--check --at 2025-01-06", "--rebuild --at 2025-01-06"]
)
def test_two_wishes_at_once_are_wrong_use(adr: Commands, words: str) -> None:
    assert adr("flags", *words.split()).code == 2


def test_checked_flags_that_are_right_exit_with_0_and_report(adr: Commands, flagged: Cast) -> None:
    ran = adr("flags", "--check", "--json")
    assert ran.code == 0
    assert [(row["company"], row["different"], row["stale"]) for row in ran.report] == [
        ("larkspur", [], 0), ("ostara", [], 0),
    ]  # fmt: skip
    assert "larkspur: 2 checked, equal" in adr("flags", "--check").out
    assert adr("flags", "--rebuild", "--json").report == {"larkspur": 1, "ostara": 1}


def test_a_record_that_verifies_is_reported_with_what_that_does_not_prove(
    adr: Commands, flagged: Cast
) -> None:
    ran = adr("verify", "--json")
    assert ran.code == 0 and set(ran.report) == {"limits", "companies"}
    assert [(row["company"], row["broken"]) for row in ran.report["companies"]] == [
        ("larkspur", None), ("ostara", None),
    ]  # fmt: skip
    assert all(row["events"] > 0 for row in ran.report["companies"])
    text = adr("verify").out
    assert text.count("all verify") == 2 and ran.report["limits"] in text


def test_a_root_that_was_kept_shows_whether_the_record_still_begins_with_it(
    adr: Commands, flagged: Cast
) -> None:
    larkspur = next(
        row for row in adr("verify", "--json").report["companies"] if row["company"] == "larkspur"
    )
    kept = larkspur["to_keep"]
    assert kept == f"{larkspur['events']}:{larkspur['root']}"
    assert f"to keep: {kept}" in adr("verify", "--company", "larkspur").out
    drafts.draft(flagged.viewer("cto", AT), {"title": "One more"}, at=AT)
    ran = adr("verify", "--company", "larkspur", "--root", kept)
    assert ran.code == 0 and f"begins with the root kept after entry {larkspur['events']}" in ran.out
    entries = str(larkspur["events"])
    ran = adr("verify", "--company", "larkspur", "--root", larkspur["root"].upper(), "--entries", entries,
              "--json")  # fmt: skip
    assert ran.code == 0 and ran.report["companies"][0]["kept"] is True
    other = adr("verify", "--company", "ostara", "--root", kept, "--json")
    assert other.code == 1
    broken = other.report["companies"][0]["broken"]
    assert broken["kind"] == "not as kept" and broken["seq"] == larkspur["events"]


def test_a_root_of_more_entries_than_there_are_says_that_the_end_was_cut_off(
    adr: Commands, flagged: Cast
) -> None:
    ran = adr("verify", "--company", "larkspur", "--root", f"9999:{'ab' * 32}")
    assert ran.code == 1 and "cut off" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("--root", "57"),
        ("--root", "ab" * 32),
        ("--root", f"0:{'ab' * 32}"),
        ("--root", f"x:{'ab' * 32}"),
        ("--root", f"57:{'ab' * 31}"),
        ("--root", f"57:{'zz' * 32}"),
        ("--root", f"57:{'ab' * 32}", "--entries", "58"),
        ("--entries", "57"),
    ],
)
def test_what_is_no_root_is_wrong_use(adr: Commands, flagged: Cast, words: tuple[str, ...]) -> None:
    assert adr("verify", "--company", "larkspur", *words).code == 2


def test_a_root_is_of_one_company(adr: Commands, flagged: Cast) -> None:
    ran = adr("verify", "--root", f"3:{'ab' * 32}")
    assert ran.code == 2 and "--company" in ran.err


@contextmanager
def unsealed() -> Iterator[peewee.Database]:
    """Change rows as somebody who owns the database: the triggers are taken away first."""
    database.connect(reuse_if_open=True)
    for table in SEALED:
        names = (
            ("no_update", "no_delete", "no_replace") if is_sqlite(database) else ("no_change", "no_truncate")
        )
        for name in names:
            on = "" if is_sqlite(database) else f" ON {table}"
            database.execute_sql(f"DROP TRIGGER {table}_{name}{on}")
    yield database


def test_a_broken_record_exits_with_1_and_names_the_first_broken_entry_and_its_kind(
    adr: Commands, flagged: Cast
) -> None:
    seqs = [row.seq for row in Event.select(Event.seq).where(Event.company == flagged.company.id)]
    with unsealed():
        for seq in seqs[-2:]:
            Event.update(body=b"{}").where(Event.company == flagged.company.id, Event.seq == seq).execute()
    ran = adr("verify", "--json")
    assert ran.code == 1
    larkspur, ostara = ran.report["companies"]
    assert larkspur["broken"]["seq"] == seqs[-2] and larkspur["broken"]["kind"]
    assert ostara["broken"] is None
    text = adr("verify", "--company", "larkspur")
    assert text.code == 1 and str(seqs[-2]) in text.out and larkspur["broken"]["kind"] in text.out
    assert adr("verify", "--company", "ostara").code == 0


def test_an_answer_that_was_changed_is_named(adr: Commands, cast: Cast) -> None:
    drafts.draft(cast.viewer("cto", AT), {"title": "Move billing"}, at=AT)
    reviews.ask(cast.viewer("cto", AT), 1, at=AT)
    reviews.answer(cast.viewer("vciso", AT), 1, "deny", base=1, text="No.", at=AT)
    with unsealed() as db:
        db.execute_sql("UPDATE verdict SET code = 'approve'")
    ran = adr("verify", "--json")
    assert ran.code == 1 and "verdict" in ran.report["companies"][0]["broken"]["kind"]


# Import ------------------------------------------------------------------------------------------------

TOP = {"files", "created", "updated", "diverged", "unchanged", "renamed", "skipped", "warnings", "decisions"}
EACH = {"path", "ref", "title", "number", "status", "status_raw", "date", "supersedes", "superseded_by",
        "options", "deciders", "format", "format_reason"}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two records, the second replacing the first, and a page that is no record."""
    root = tmp_path / "product"
    (root / "docs" / "adr").mkdir(parents=True)
    body = "## Context\n\nWhy.\n\n## Decision\n\nWe do.\n\n## Consequences\n\nFine.\n"
    (root / "README.md").write_text("# Product\n\nNothing was decided here.\n")
    (root / "docs" / "adr" / "0001-use-a-table.md").write_text(
        f"# 1. Use a table\n\nDate: 2024-03-01\n\n## Status\n\nAccepted\n\n{body}"
    )
    (root / "docs" / "adr" / "0002-use-a-queue.md").write_text(
        "# 2. Use a queue\n\nDate: 2024-05-01\n\n## Status\n\nAccepted\n\n"
        f"Supersedes [1. Use a table](0001-use-a-table.md)\n\n{body}"
    )
    return root


def test_a_dry_run_needs_no_database_nor_settings_and_says_everything(folder: Path) -> None:
    adr = Commands({"ADR_DATABASE_URL": "sqlite:////no/such/folder/adr.db", "ADR_PORT": "none"})
    ran = adr("import", str(folder), "--dry-run", "--json")
    assert ran.code == 0
    report = ran.report
    assert set(report) == TOP
    assert (report["files"], report["created"], report["updated"], report["diverged"]) == (3, 2, 0, 0)
    first, second = report["decisions"]
    assert set(first) == EACH == set(second)
    assert (first["path"], first["number"], first["title"]) == (
        "docs/adr/0001-use-a-table.md",
        1,
        "Use a table",
    )
    assert (first["status"], second["status"], second["date"]) == ("accepted", "accepted", "2024-05-01")
    assert second["supersedes"] == ["docs/adr/0001-use-a-table.md"]
    assert [set(row) for row in report["skipped"]] == [{"path", "reason"}]
    assert all(set(row) == {"path", "line", "code", "message"} for row in report["warnings"])
    told = [row["path"] for row in (*report["decisions"], *report["skipped"])]
    assert sorted(told) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def test_what_is_imported_is_there_and_again_unchanged(adr: Commands, cast: Cast, folder: Path) -> None:
    ran = adr("import", str(folder), "--company", "larkspur", "--json")
    assert ran.code == 0 and set(ran.report) == TOP | {"flagged"}
    assert [row["ref"] for row in ran.report["decisions"]] == ["AD-0001", "AD-0002"]
    database.connect(reuse_if_open=True)
    assert {row.title: row.status for row in Decision.select()} == {
        "Use a table": "superseded", "Use a queue": "accepted",
    }  # fmt: skip
    before = Company.get_by_id(cast.company.id).last_seq
    again = adr("import", str(folder)).out  # the only company need not be named
    assert "2 unchanged" in again and "Skipped (1)" in again and "README.md" in again
    database.connect(reuse_if_open=True)
    assert Company.get_by_id(cast.company.id).last_seq == before


def test_what_changed_on_both_sides_is_told_with_the_page_on_which_to_choose(
    adr: Commands, cast: Cast, folder: Path
) -> None:
    adr("import", str(folder))
    database.connect(reuse_if_open=True)
    drafts.revise(cast.viewer("cto", AT), 2, {}, base=1, body="# Ours", at=AT)
    file = folder / "docs" / "adr" / "0002-use-a-queue.md"
    file.write_text(file.read_text() + "\nTheirs.\n")
    page = "/larkspur/decisions/AD-0002/file-change"
    assert f"Choose at {page}." in adr("import", str(folder)).out
    told = adr("import", str(folder), "--json").report["warnings"]
    assert [row["page"] for row in told if row["code"] == "diverged"] == [page]


def test_the_summary_names_what_was_skipped_and_why(folder: Path) -> None:
    ran = Commands({})("import", str(folder), "--dry-run")
    assert ran.code == 0 and "2 would be new" in ran.out and "README.md: " in ran.out


def test_with_several_companies_one_is_to_be_named(adr: Commands, flagged: Cast, folder: Path) -> None:
    ran = adr("import", str(folder))
    assert ran.code == 2 and "larkspur, ostara" in ran.err
    assert adr("import", str(folder), "--company", "nowhere").code == 2


def test_without_a_company_there_is_nowhere_to_import_to(adr: Commands, folder: Path) -> None:
    ran = adr("import", str(folder))
    assert ran.code == 2 and "set up the first" in ran.err


def test_only_who_may_import_is_let_to(adr: Commands, cast: Cast, folder: Path) -> None:
    ran = adr("import", str(folder), "--as", cast.member.email)
    assert ran.code == 1 and "role" in ran.err
    assert adr("import", str(folder), "--as", "nobody@example.com").code == 1
    assert adr("import", str(folder), "--as", cast.cto.email).code == 0


def test_a_single_file_is_imported_too(adr: Commands, cast: Cast, folder: Path) -> None:
    ran = adr("import", str(folder / "docs" / "adr" / "0001-use-a-table.md"), "--json")
    assert ran.code == 0 and [row["path"] for row in ran.report["decisions"]] == ["0001-use-a-table.md"]
    assert date.fromisoformat(ran.report["decisions"][0]["date"]) == date(2024, 3, 1)


def test_an_import_says_how_many_decisions_it_flagged(adr: Commands, cast: Cast, folder: Path) -> None:
    ran = adr("import", str(folder))
    assert ran.code == 0 and "older than this log, and not checked" in ran.out
    assert "older than this log" not in adr("import", str(folder)).out


def test_a_long_import_says_how_far_it_is_can_be_stopped_and_goes_on(
    adr: Commands, cast: Cast, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1, 1_001):
        text = f"# {number}. Use thing {number}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n"
        (folder / f"{number:04}-x.md").write_text(text)
    ours, theirs = os.openpty()
    process = adr.start("import", str(folder), "--company", "larkspur", stderr=theirs)
    os.close(theirs)
    said = _until(ours, "200 of 1000 stored")
    process.send_signal(signal.SIGINT)
    said += _until(ours, None)
    os.close(ours)
    assert process.wait() == 1 and process.stdout is not None
    process.stdout.close()
    found = re.search(r"Stopped. (\d+) of 1000 files are stored, each whole", said)
    assert found is not None, said
    stored = int(found[1])
    database.connect(reuse_if_open=True)
    assert stored <= Decision.select().count() < 1_000 and Decision.select().count() % 200 == 0
    assert adr("import", str(folder), "--company", "larkspur").code == 0
    assert Decision.select().count() == 1_000


def _until(terminal: int, words: str | None) -> str:
    """Return what a terminal shows until some words come, or until nobody writes to it any more."""
    said = ""
    while words is None or words not in said:
        try:
            part = os.read(terminal, 4096).decode()
        except OSError:  # how Linux tells that the other side is closed
            part = ""
        if not part:
            assert words is None, said
            break
        said += part
    return said
