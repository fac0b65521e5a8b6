"""The gate as people and machines run it: what it prints, and the code it ends with."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import peewee
import pytest

from adr_app.domain.gate.findings import Finding, table
from adr_app.domain.gate.outputs import Told, as_sarif, counts, fails, for_github, for_people
from adr_app.domain.gate.rules import RULES, SEVERITIES
from adr_app.models.decisions import Decision
from adr_app.services import reviews
from tests.casts import cast_of, quick_passwords
from tests.repositories import Repository, record, repository

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ADR_", "GIT_"))}
    return subprocess.run(
        [sys.executable, "-m", "adr_app", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT), "ADR_DATA_DIR": str(folder / "data")} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """A repository whose change accepts a decision that nobody saw."""
    made = repository(tmp_path / "product")
    made.write("0001-a.md", record(1))
    made.commit()
    made.write("0002-b c.md", record(2))
    return made


def test_nothing_grave_ends_with_0(repo: Repository) -> None:
    ran = run(repo.root, "check", "adr")
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        0,
        "2 records in 2 files: 0 errors, 0 warnings, 0 notices.\n",
        "",
    )
    assert not (repo.root / "data").exists()


def test_something_grave_ends_with_1_and_is_told_with_its_place(repo: Repository) -> None:
    ran = run(repo.root, "check", "adr", "--since", "HEAD")
    assert ran.returncode == 1
    line, summary = ran.stdout.splitlines()
    assert line.startswith("adr/0002-b c.md:1: error: There is no security OK for this text. Ask the vCISO")
    assert line.endswith("[signoff-missing]")
    assert summary == "2 records in 2 files: 1 error, 0 warnings, 0 notices."


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("notice", 1)])
def test_the_severity_decides_the_exit(repo: Repository, fail_on: str, code: int) -> None:
    repo.write("0003-d.md", record(3, ""))
    assert run(repo.root, "check", "adr", "--fail-on", fail_on).returncode == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "nowhere"),
        ("check", "adr/0001-a.md"),
        ("check", "adr", "--since", "no-such-revision"),
        ("check", "adr", "--since", "--upload-pack=x"),
        ("check", "adr", "--since", "HEAD", "--all"),
        ("check", "adr", "--fail-on", "fatal"),
        ("check", "adr", "--unknown"),
    ],
)
def test_wrong_use_ends_with_2_and_one_reason(repo: Repository, arguments: tuple[str, ...]) -> None:
    ran = run(repo.root, *arguments)
    assert ran.returncode == 2
    assert "Error: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_wrong_settings_end_with_2(repo: Repository) -> None:
    (repo.root / ".adr-app.toml").write_text("[gate]\nkeyz = []\n")
    ran = run(repo.root, "check", "adr")
    assert ran.returncode == 2
    assert "did you mean “keys”?" in ran.stderr


def test_json_has_every_finding_with_its_place(repo: Repository) -> None:
    ran = run(repo.root, "check", "adr", "--since", "HEAD", "--json")
    told = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert (told["files"], told["records"]) == (2, 2)
    assert told["counts"] == {"error": 1, "warning": 0, "notice": 0}
    (finding,) = told["findings"]
    assert finding["path"] == "adr/0002-b c.md"
    assert finding.keys() == {"path", "line", "code", "severity", "title", "message", "todo"}


def test_annotations_are_relative_to_the_repository(repo: Repository) -> None:
    ran = run(repo.adr, "check", ".", "--since", "HEAD", "--github")
    assert ran.returncode == 1
    line = ran.stdout.splitlines()[0]
    assert line.startswith("::error file=adr/0002-b c.md,line=1,title=Accepted without a security OK ")
    assert "::There is no security OK for this text. " in line


def test_sarif_has_the_shape_that_scanners_read(repo: Repository) -> None:
    ran = run(repo.root, "check", "adr", "--since", "HEAD", "--sarif")
    assert ran.returncode == 1
    log = json.loads(ran.stdout)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for rule in rules:
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
    (result,) = one["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "signoff-missing"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "adr/0002-b%20c.md"
    assert place["artifactLocation"]["uriBaseId"] in one["originalUriBaseIds"]
    assert place["region"] == {"startLine": 1}


def test_the_key_is_printed_and_is_the_same_every_time(tmp_path: Path) -> None:
    ran = run(tmp_path, "key")
    assert re.fullmatch(r"ed25519:[A-Za-z0-9+/]{43}=\n", ran.stdout)
    block = run(tmp_path, "key", "--company", "larkspur")
    assert block.stdout == f'[gate]\ncompany = "larkspur"\nkeys = ["{ran.stdout.strip()}"]\n'
    seed = (tmp_path / "data" / "signing.key").read_text().strip()
    assert seed not in ran.stdout + ran.stderr + block.stdout


def test_sign_offs_need_a_company_that_exists(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    ran = run(tmp_path, "sign-offs", ".", "--company", "nobody")
    assert ran.returncode == 2
    assert "There is no company “nobody”" in ran.stderr


def test_from_the_log_to_the_merge(
    repo: Repository, settings: dict[str, str], database: peewee.Database
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    with quick_passwords():
        cast = cast_of("Larkspur", now)
    environment = settings | {"ADR_SIGNING_KEY": "5a" * 32}
    repo.write("0002-b c.md", record(2, "Proposed"))
    pinned = run(repo.root, "key", "--company", "larkspur", **environment)
    (repo.root / ".adr-app.toml").write_text(pinned.stdout)
    repo.commit()
    assert run(repo.root, "import", "adr", "--company", "larkspur", **environment).returncode == 0
    number = Decision.get(Decision.title == "Use thing 2").number
    reviews.answer(cast.viewer("vciso", now), number, "approve", base=1, at=now)
    written = run(repo.root, "sign-offs", "adr", "--company", "larkspur", **environment)
    assert written.stdout.splitlines() == [
        "0002-b c.md: written",
        "0001-a.md: not written, because the vCISO has given no answer that counts",
        "1 written, 0 unchanged, 1 without a security OK.",
    ]
    repo.commit()
    repo.write("0002-b c.md", record(2))
    passed = run(repo.root, "check", "adr", "--since", "HEAD")
    assert (passed.returncode, passed.stderr) == (0, "")
    repo.write("0002-b c.md", record(2).replace("We use", "We mail"))
    failed = run(repo.root, "check", "adr", "--since", "HEAD")
    assert failed.returncode == 1
    assert "The text changed after the security OK." in failed.stdout


# What is printed, whatever stands in a record ------------------------------------------------------------

NASTY = Told(Finding("a,b:c%\n.md", 3, "link-broken", "x\r\n::error::y\x1b[31m%0A"), "error")


def same(path: str) -> str:
    return path


def test_no_text_of_a_record_can_add_an_annotation() -> None:
    (line,) = for_github([NASTY], same)
    assert "\n" not in line and "\r" not in line
    assert line.startswith("::error file=a%2Cb%3Ac%25%0A.md,line=3,title=")
    assert "x%0D%0A::error::y" in line
    assert "%250A" in line


def test_no_text_of_a_record_reaches_the_terminal_as_a_command() -> None:
    (line,) = for_people([NASTY], same)
    assert line.isprintable()


def test_a_path_of_any_script_is_a_valid_address_in_sarif() -> None:
    log = as_sarif([Told(Finding("ä/#1 %.md", 1, "encoding"), "warning")], same, "1")
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9/%._-]+", uri)
    assert unquote(uri) == "ä/#1 %.md"


def test_severities_are_counted_and_compared() -> None:
    warned = [Told(Finding("a", 1, "encoding"), "warning")]
    assert counts(warned) == {"error": 0, "warning": 1, "notice": 0}
    assert [fails(warned, severity) for severity in SEVERITIES] == [False, True, True]


# What is promised to adopters -----------------------------------------------------------------------------


def test_the_documentation_prints_the_table_of_rules() -> None:
    text = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    assert table() in text


def test_every_rule_is_said_whole() -> None:
    for rule in RULES.values():
        assert rule.severity in SEVERITIES
        assert rule.todo.endswith(".") or rule.todo.endswith("…")
        assert "|" not in rule.sentence + rule.todo + rule.title


def test_the_hook_and_the_action_run_the_command_as_it_is() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "id: adr-app-check" in hooks
    assert "entry: adr-app check" in hooks
    # A filter lets neither a removed file pass nor one of another tool (kep.yaml, a list in JSON).
    assert "always_run: true" in hooks
    assert "files:" not in hooks
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name in ("path", "since", "fail-on"):
        assert f"  {name}:\n" in action
    # Values of the caller reach the shell as variables only, never as text of the script.
    script = action[action.index("run: |") :]
    assert "${{" not in script.split("env:")[0].replace("${{ github.action_path }}", "")


@pytest.mark.parametrize(("since", "code"), [("HEAD", 1), ("", 0)])
def test_the_actions_script_runs(repo: Repository, tmp_path: Path, since: str, code: int) -> None:
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    script = action[action.rindex("run: |") + 6 :]
    lines = [line.strip() for line in script.splitlines() if line.strip()]
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "adr-app"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m adr_app "$@"\n')
    program.chmod(0o755)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=repo.root,
        env={
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "ADR_CHECK_PATH": "adr",
            "ADR_CHECK_SINCE": since,
            "ADR_CHECK_FAIL_ON": "error",
        },
        capture_output=True,
        text=True,
    )
    assert ran.returncode == code, ran.stderr
    assert "records in" in ran.stdout
