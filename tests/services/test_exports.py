"""A log is given back whole: other tools read it, and reading it again changes nothing."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.errors import Invalid, WrongState
from adr_app.models.decisions import Decision, Revision
from adr_app.models.events import Event
from adr_app.services import (
    comments,
    controls,
    decision_rows,
    decisions,
    drafts,
    exports,
    frameworks,
    imports,
    links,
    people,
    reviews,
)
from adr_app.services.folders import read_folder
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START

EVERY_FILE_FORMAT = ("madr4", "madr2", "adr-tools", "log4brains")
MADR = b"""---\r
status: accepted\r
date: 2024-03-04\r
nav_order: 3 # kept\r
decision-makers: [Ann, Bob]\r
---\r
# Use caf\xc3\xa9 | tables\r
\r
## Context and Problem Statement\r
\r
Why.\r
\r
## Decision Outcome\r
\r
Yes.\r
\r
### Confirmation\r
\r
A test.\r
"""
NYGARD = b"""# 2. Use a queue

Date: 2024-01-05

## Status

Superseded by [3. Use a table](0003-use-a-table.md)

## Context

Why.

## Decision

Yes.
"""
NEWER = NYGARD.replace(b"2. Use a queue", b"3. Use a table").replace(
    b"Superseded by [3. Use a table](0003-use-a-table.md)",
    b"Accepted\n\nSupersedes [2. Use a queue](0002-use-a-queue.md)",
)
UNSTATED = b"# Something\n\n## Context\n\nx\n\n## Decision\n\ny\n"
TYPED = {
    "title": "Use | pipes, [brackets]: “quotes” & #1",
    "context": "Why.\n\n## A heading in it\n\n```\n# code\n```",
    "options": [
        {"title": "A table", "pros": "- known\n- cheap", "cons": "slow", "chosen": True},
        {"title": "A table, but remote", "pros": "", "cons": "- dear"},
    ],
    "decision": "We take it.",
    "consequences": "More rows.",
    "systems": "Billing",
    "vendors": "Northfold",
    "data": ["health"],
    "tags": "money, =1+1",
    "decided_by": ["@sam", "R & D"],
    "plain_words": "Nothing changes.",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Four records of a team's repository."""
    root = tmp_path / "product" / "docs" / "adr"
    root.mkdir(parents=True)
    (root / "0001-use-cafe.md").write_bytes(MADR)
    (root / "0002-use-a-queue.md").write_bytes(NYGARD)
    (root / "0003-use-a-table.md").write_bytes(NEWER)
    (root / "0004-something.md").write_bytes(UNSTATED)
    return root


@pytest.fixture
def viewer(cast: Cast, source: Path) -> Viewer:
    """The CTO of a log with imported and written decisions, linked in every way, one of them restricted."""
    cto, vciso = cast.viewer("cto", START), cast.viewer("vciso", START)
    imports.run(cto, source, source="product/docs/adr", at=START)
    first = drafts.draft(cto, TYPED, at=START).number
    reviews.ask(cto, first, at=START)
    todo = {"text": "Encrypt them", "risk": "Old keys", "due_on": "2026-12-24"}
    said = {"todos": [todo], "text": "Fine.", "parts": {"exposed": "Names.\n\n## Old ones", "ready": "Yes."}}
    reviews.answer(vciso, first, "approve-with-conditions", base=1, **said, at=START)
    decisions.accept(cto, first, base=1, at=START)
    second = drafts.draft(cto, {"title": "Use two tables", "decision": "Yes."}, at=START).number
    links.link(cto, second, 3, "supersedes", at=START)
    links.link(cto, second, first, "supersedes", part=True, note="the rows", at=START)
    links.link(cto, second, 1, "relates", at=START)
    reviews.ask(cto, second, at=START)
    reviews.answer(vciso, second, "approve", base=1, at=START)
    decisions.accept(cto, second, base=1, at=START)
    hidden = drafts.draft(cto, {"title": "A merger", "context": "Zanzibar"}, at=START).number
    links.link(cto, hidden, first, "amends", at=START)
    Decision.update(restricted=True).where(Decision.number == hidden).execute()
    comments.write(cto, first, "A remark", at=START)
    return cto


def export(viewer: Viewer, folder: Path, code: str = "madr4", **more: Any) -> dict[str, Any]:
    return exports.run(viewer, folder, code=code, at=START, **more)


def files(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["created"], report["updated"], report["diverged"], report["unchanged"]


@pytest.mark.parametrize("code", EVERY_FILE_FORMAT)
def test_an_export_read_again_changes_nothing(viewer: Viewer, tmp_path: Path, code: str) -> None:
    out = tmp_path / "out"
    done = export(viewer, out, code)
    assert (done["decisions"], done["left_out"]) == (6, 1)
    before = Event.select().count(), Decision.select().count(), Revision.select().count()
    report = imports.run(viewer, out, at=START)
    assert counts(report) == (0, 0, 0, 6)
    assert sorted(row["ref"] for row in report["decisions"]) == [f"AD-000{n}" for n in range(1, 7)]
    assert (Event.select().count(), Decision.select().count(), Revision.select().count()) == before


@pytest.mark.parametrize("code", EVERY_FILE_FORMAT)
def test_the_files_say_what_the_log_says(viewer: Viewer, tmp_path: Path, code: str) -> None:
    export(viewer, tmp_path / "out", code)
    reading = read_folder(tmp_path / "out").reading
    found = {record.title: record for record in reading.records}
    assert {title: record.status for title, record in found.items()} == {
        "Use café | tables": "accepted",
        "Use a queue": "superseded",
        "Use a table": "superseded",
        "Something": None,
        TYPED["title"]: "accepted",
        "Use two tables": "accepted",
    }
    written, newest = found[TYPED["title"]], found["Use two tables"]
    assert [(o.title, o.pros, o.cons, o.chosen) for o in written.options or ()] == [
        ("A table", ("known", "cheap"), ("slow",), True),
        ("A table, but remote", (), ("dear",), False),
    ]
    assert newest.related("supersedes", inward=False) == [found["Use a table"].path]
    parts = [link.path for link in newest.links if link.part and not link.inward]
    assert parts == [written.path]
    assert found["Use a queue"].related("supersedes", inward=True) == [found["Use a table"].path]
    if code == "madr4":
        assert written.deciders == ("@sam", "R & D")
        assert written.extra_metadata["security-review"] == "Checked, to-dos open"
    text = (tmp_path / "out" / written.path).read_text(encoding="utf-8")
    assert "* What is exposed? Names." in text and "* Are we ready to respond? Yes." in text
    if code != "log4brains":
        assert (written.number_value, newest.number_value) == (5, 6)
    assert found["Something"].date is None


def test_a_file_that_nobody_changed_is_given_back_byte_for_byte_in_its_own_format(
    viewer: Viewer, tmp_path: Path
) -> None:
    top = "adr/from-docs-adr/"
    done = export(viewer, tmp_path / "madr")
    assert done["as_they_came"] == 1
    assert files(tmp_path / "madr")[f"{top}0001-use-cafe.md"] == MADR
    assert files(tmp_path / "madr")[f"{top}0002-use-a-queue.md"] != NYGARD
    export(viewer, tmp_path / "nygard", "adr-tools")
    given = files(tmp_path / "nygard")
    assert given[f"{top}0002-use-a-queue.md"] == NYGARD
    assert given[f"{top}0004-something.md"] == UNSTATED
    assert given[f"{top}0003-use-a-table.md"] != NEWER, "it was replaced here, so its file says too little"
    assert given[f"{top}0001-use-cafe.md"] != MADR


def test_a_file_whose_decision_changed_here_says_so_and_keeps_what_nobody_knows(
    viewer: Viewer, tmp_path: Path
) -> None:
    links.link(viewer, 1, 2, "depends", at=START)
    decisions.deprecate(viewer, 1, at=START)
    export(viewer, tmp_path / "out")
    text = files(tmp_path / "out")["adr/from-docs-adr/0001-use-cafe.md"].decode()
    assert text.startswith("---\nstatus: deprecated\ndate: 2024-03-04\ndecision-makers:\n  - Ann\n  - Bob\n")
    assert "nav_order: 3 # kept\n---\n" in text
    assert "### Confirmation\n\nA test.\n\n## Links\n\n* Depends on [ADR-0002](0002-use-a-queue.md)" in text


def test_exporting_again_touches_only_what_changed_and_removes_what_is_gone(
    viewer: Viewer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = export(viewer, out)
    stamps = {f: f.stat().st_mtime_ns for f in out.rglob("*")}
    again = export(viewer, out)
    assert (again["written"], again["removed"], again["unchanged"]) == (0, 0, first["written"])
    assert {f: f.stat().st_mtime_ns for f in out.rglob("*")} == stamps
    Decision.update(title="Use three tables").where(Decision.number == 6).execute()
    renamed = export(viewer, out)
    assert (renamed["written"], renamed["removed"]) == (4, 1)  # the file, two that link to it, the index
    assert "0006-use-three-tables.md" in files(out) and "0006-use-two-tables.md" not in files(out)


def test_a_folder_that_holds_anything_else_is_refused_unless_forced(viewer: Viewer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(WrongState, match=r"notes\.txt"):
        export(viewer, out)
    assert files(out) == {"notes.txt": b"mine"}
    export(viewer, out, force=True)
    assert files(out)["notes.txt"] == b"mine"
    (out / "notes.txt").unlink()
    (out / ".git").mkdir()
    (out / ".git" / "config").write_text("x")
    export(viewer, out)
    mine = out / "0006-use-two-tables.md"
    mine.write_text("edited")
    with pytest.raises(WrongState, match=r"0006-use-two-tables\.md \(changed since\)"):
        export(viewer, out)
    assert mine.read_text() == "edited"


def test_nothing_is_written_outside_the_folder(viewer: Viewer, tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    (outside / "from-docs-adr").mkdir(parents=True)
    out.mkdir()
    (out / "adr").symlink_to(outside)
    with pytest.raises(WrongState, match="outside"):
        export(viewer, out, force=True)
    assert files(outside) == {}


def test_a_file_changed_after_its_export_is_told_by_an_import_and_changes_nothing(
    viewer: Viewer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(viewer, out)
    mine = out / "0006-use-two-tables.md"
    mine.write_text(mine.read_text() + "\nMore.\n")
    report = imports.run(viewer, out, at=START)
    assert counts(report) == (0, 0, 1, 5)
    (warning,) = [row for row in report["warnings"] if row["code"] == "diverged"]
    assert warning["message"].startswith("This was exported from AD-0006")
    assert decision_rows.revision(decision_rows.find(viewer, 6)).title == "Use two tables"


def test_a_new_file_beside_an_export_is_imported_and_linked(viewer: Viewer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(viewer, out)
    text = "# New\n\n## Status\n\nAccepted\n\nSupersedes [x](0006-use-two-tables.md)\n\n## Context\n\nx\n"
    (out / "0099-new.md").write_text(text + "\n## Decision\n\ny\n")
    assert counts(imports.run(viewer, out, at=START)) == (1, 0, 0, 6)
    assert decision_rows.find(viewer, 6).status == "superseded"


def test_the_export_of_one_log_is_new_to_another(viewer: Viewer, cast: Cast, tmp_path: Path) -> None:
    export(viewer, tmp_path / "out")
    with quick_passwords():
        other = cast_of("Ostara", START)
    report = imports.run(other.viewer("cto", START), tmp_path / "out", at=START)
    assert counts(report) == (6, 0, 0, 0)
    assert [row["code"] for row in report["warnings"]].count("security-section") == 5
    bodies = [row.fields["body"] for row in Revision.select().where(Revision.company == other.company.id)]
    assert not any("Security Review" in body for body in bodies), "what the log said of security is no text"


def test_restricted_decisions_are_left_out_and_counted_unless_asked_for(
    viewer: Viewer, cast: Cast, tmp_path: Path
) -> None:
    for code in exports.CODES:
        done = export(viewer, tmp_path / code, code)
        assert done["left_out"] == 1
        everything = b"".join(files(tmp_path / code).values())
        assert b"Zanzibar" not in everything and b"merger" not in everything and b"AD-0007" not in everything
    done = export(viewer, tmp_path / "all", restricted=True)
    assert (done["decisions"], done["left_out"]) == (7, 0)
    reader = cast.viewer("reader", START)
    done = export(reader, tmp_path / "seen", restricted=True)
    assert (done["decisions"], done["left_out"]) == (6, 0), "not even the number is for those who may not see"
    assert b"Zanzibar" not in b"".join(files(tmp_path / "seen").values())


def test_the_table_is_safe_in_a_spreadsheet(viewer: Viewer, tmp_path: Path) -> None:
    drafts.draft(viewer, {"title": "=HYPERLINK(1)", "decision": "@x", "accountable": "-1+1"}, at=START)
    export(viewer, tmp_path / "csv", "csv", bom=True)
    raw = files(tmp_path / "csv")["decisions.csv"]
    assert raw.startswith(b"\xef\xbb\xbfReference,Title,")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row["Reference"] for row in rows] == [f"AD-000{n}" for n in (1, 2, 3, 4, 5, 6, 8)]
    assert (rows[6]["Title"], rows[6]["What we decide"]) == ("'=HYPERLINK(1)", "'@x")
    assert rows[6]["Answers for it"] == "'-1+1"
    assert (rows[4]["Chosen option"], rows[4]["Replaced by"]) == ("A table", "AD-0006 (a part)")
    assert rows[4]["Was security asked?"] == "Checked, to-dos open"
    assert rows[3]["Status"] == "not stated"


def test_json_adr_has_every_decision_with_its_links(viewer: Viewer, tmp_path: Path) -> None:
    export(viewer, tmp_path / "json", "json-adr")
    whole = json.loads(files(tmp_path / "json")["decisions.json"])
    assert whole["version"] == "1.0.0"
    found = {adr["number"]: adr for adr in whole["adrs"]}
    assert list(found) == [1, 2, 3, 4, 5, 6]
    assert all({"number", "title", "status", "date"} <= adr.keys() for adr in found.values())
    assert found[6]["links"][:2] == [
        {"type": "supersedes", "target": 3},
        {"type": "supersedes", "target": 5, "description": "in part; the rows"},
    ]
    assert found[1]["context"] == "Why." and found[2]["links"] == [{"type": "superseded-by", "target": 3}]
    assert found[5]["considered_options"][1] == {"name": "A table, but remote", "cons": ["dear"]}


def test_the_website_links_its_pages_and_holds_nothing_foreign(viewer: Viewer, tmp_path: Path) -> None:
    drafts.draft(viewer, {"title": "<script>x</script>", "context": "<img src=x onerror=y>"}, at=START)
    export(viewer, tmp_path / "site", "site")
    pages = {path: content.decode() for path, content in files(tmp_path / "site").items()}
    assert {"index.html", "site.css", "decisions/AD-0005.html"} <= pages.keys()
    assert "<script" not in "".join(pages.values()) and "onerror=" not in pages["decisions/AD-0008.html"]
    assert 'href="decisions/AD-0005.html"' in pages["index.html"]
    assert "Checked, to-dos open" in pages["index.html"] and "1 restricted decision" in pages["index.html"]
    assert '<a href="AD-0005.html">AD-0005</a> (the rows)' in pages["decisions/AD-0006.html"]
    assert "Encrypt them" in pages["decisions/AD-0005.html"]


def test_everybody_who_reads_takes_what_they_see_as_one_archive(viewer: Viewer, cast: Cast) -> None:
    for role, count in (("cto", 7), ("reader", 6)):
        with exports.archive(cast.viewer(role, START), START) as held, zipfile.ZipFile(held) as packed:
            names = packed.namelist()
            table = packed.read("decisions.csv").decode("utf-8-sig")
        assert {"README.md", "0005-use-pipes-brackets-quotes-1.md", "decisions.csv"} <= set(names)
        assert len(names) == count + 2
        assert ("A merger" in table) == (role == "cto")


def test_what_is_in_force_is_exported_and_a_waiting_change_is_told(viewer: Viewer, tmp_path: Path) -> None:
    drafts.revise(viewer, 5, {**TYPED, "decision": "Something else."}, base=1, at=START)
    export(viewer, tmp_path / "out")
    text = files(tmp_path / "out")["0005-use-pipes-brackets-quotes-1.md"].decode()
    assert "We take it." in text and "Something else." not in text
    assert "change-waiting: version 2 beside version 1" in text


def test_a_format_that_is_none_is_refused(viewer: Viewer, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        export(viewer, tmp_path / "out", "docx")


def test_only_who_has_a_role_here_exports(viewer: Viewer, tmp_path: Path) -> None:
    stranger = replace(viewer, roles=frozenset())
    with pytest.raises(Exception, match="role"):
        export(stranger, tmp_path / "out")
    assert people.by_email("nobody@x.example") is None


def test_what_a_decision_does_to_safeguards_is_in_the_website_and_the_json_export_and_no_record_file(
    viewer: Viewer, cast: Cast, tmp_path: Path
) -> None:
    frameworks.follow(cast.viewer("leader", START), "hipaa", at=START)
    for number in (1, 5):
        controls.map_to(viewer, number, "hipaa 164.312(b)", "weakens", at=START)
    said = "weakens HIPAA 164.312(b) What is done with patient data is logged"
    (lines,) = {tuple(one) for one in controls.lines_of(cast.company.id, [1, 5, 6]).values()}
    assert lines == (said,)
    export(viewer, tmp_path / "json", "json-adr")
    found = json.loads(files(tmp_path / "json")["decisions.json"])["adrs"]
    assert {adr["number"] for adr in found if "safeguards" in adr.get("custom_sections", {})} == {1, 5}
    assert found[4]["custom_sections"]["safeguards"] == said
    export(viewer, tmp_path / "site", "site")
    pages = files(tmp_path / "site")
    for number, told in ((1, True), (5, True), (6, False)):
        assert (said in pages[f"decisions/AD-{number:04}.html"].decode()) is told
    export(viewer, tmp_path / "madr", "madr4")
    own = b"".join(files(tmp_path / "madr").values()).decode()
    assert said not in own, "people's own files say what their people write"
    assert MADR in files(tmp_path / "madr").values()
    frameworks.leave(cast.viewer("leader", START), "hipaa", at=START)
    assert controls.lines_of(cast.company.id, [1, 5, 6]) == {}
