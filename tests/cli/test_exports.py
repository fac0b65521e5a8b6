"""A log is exported as its users type it, and what comes out passes the gate and comes back in unchanged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adr_app.models.decisions import Decision
from adr_app.services import decisions, drafts, exports, imports, reviews
from tests.casts import Cast
from tests.cli.conftest import AT, Commands

RECORD = (
    b"# 1. Use a\r\n\r\nDate: 2024-01-05\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n"
    b"## Context\r\n\r\nWhy.\r\n\r\n## Decision\r\n\r\nYes.\r\n"
)


@pytest.fixture
def log(cast: Cast, tmp_path: Path) -> Cast:
    """A log with a decision of its own that has an OK, one from a file, and a restricted one."""
    cto, vciso = cast.viewer("cto", AT), cast.viewer("vciso", AT)
    folder = tmp_path / "team" / "adr"
    folder.mkdir(parents=True)
    (folder / "0001-use-a.md").write_bytes(RECORD)
    number = drafts.draft(cto, {"title": "Move billing", "context": "Why.", "decision": "Yes."}, at=AT).number
    reviews.ask(cto, number, at=AT)
    reviews.answer(vciso, number, "approve", base=1, at=AT)
    decisions.accept(cto, number, base=1, at=AT)
    imports.run(cto, folder, at=AT)
    hidden = drafts.draft(cto, {"title": "A merger"}, at=AT).number
    Decision.update(restricted=True).where(Decision.number == hidden).execute()
    return cast


def test_every_format_is_written_twice_and_the_second_time_nothing_is(
    adr: Commands, log: Cast, tmp_path: Path
) -> None:
    for code in exports.CODES:
        out = tmp_path / code
        ran = adr("export", str(out), "--format", code, "--json")
        assert ran.code == 0 and ran.report["decisions"] == 2 and ran.report["left_out"] == 1, ran.err
        again = adr("export", str(out), "--format", code, "--json").report
        assert (again["written"], again["removed"]) == (0, 0)
        assert again["unchanged"] == ran.report["written"] >= 1


def test_a_person_is_told_in_words_what_was_done(adr: Commands, log: Cast, tmp_path: Path) -> None:
    ran = adr("export", str(tmp_path / "out"), "--format", "adr-tools", "--company", "larkspur")
    assert ran.code == 0
    assert "2 decisions as adr-tools in" in ran.out and "1 given back byte for byte as they came" in ran.out
    assert "1 restricted decisions left out (--restricted" in ran.out
    (given,) = (tmp_path / "out" / "adr").rglob("0001-use-a.md")
    assert given.read_bytes() == RECORD


def test_an_export_comes_back_unchanged(adr: Commands, log: Cast, tmp_path: Path) -> None:
    assert adr("export", str(tmp_path / "out"), "--restricted").code == 0
    report = adr("import", str(tmp_path / "out"), "--json").report
    assert (report["created"], report["updated"], report["diverged"], report["unchanged"]) == (0, 0, 0, 3)


def test_a_folder_in_use_ends_with_1_and_wrong_use_with_2(adr: Commands, log: Cast, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    ran = adr("export", str(tmp_path / "mine"))
    assert ran.code == 1 and "notes.txt" in ran.err and "--force" in ran.err
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    for words in (("export",), ("export", "x", "--format", "docx"), ("export", "x", "--company", "nowhere")):
        assert adr(*words).code == 2, words
    ran = adr("export", str(tmp_path / "x"), "--as", "nobody@x.example")
    assert ran.code == 1 and "--as" in ran.err


def test_a_reader_exports_what_a_reader_sees(adr: Commands, log: Cast, tmp_path: Path) -> None:
    ran = adr("export", str(tmp_path / "out"), "--as", log.reader.email, "--restricted", "--json")
    assert (ran.report["decisions"], ran.report["left_out"]) == (2, 0)


def test_what_got_an_ok_passes_the_gate_by_the_statement_beside_it(
    adr: Commands, log: Cast, settings: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "repository"
    out.mkdir()
    key = {"ADR_SIGNING_KEY": "5a" * 32}
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
        who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
        subprocess.run(["git", "-C", str(out), *who, *words], check=True)
    assert adr("export", str(out / "decisions"), "--sign-offs", **key).code == 0
    assert (out / "decisions" / "0001-move-billing.signoff.json").is_file()
    block = adr("key", "--company", "larkspur", **key).out
    (out / ".adr-app.toml").write_text(block)
    subprocess.run(["git", "-C", str(out), "add", "."], check=True)
    ran = subprocess.run(
        [sys.executable, "-m", "adr_app", "check", "decisions", "--since", "HEAD", "--json"],
        cwd=out,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    found = json.loads(ran.stdout)["findings"]
    assert [each for each in found if each["path"].endswith("0001-move-billing.md")] == []
    assert [each["code"] for each in found if each["severity"] == "error"] == ["signoff-missing"]
    again = adr("export", str(out / "decisions"), "--sign-offs", "--json", **key).report
    assert again["written"] == 0
