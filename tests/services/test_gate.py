"""The gate on real repositories: no change accepts what has no security OK on exactly its text."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adr_app.domain.gate.keys import key_line
from adr_app.domain.gate.material import material_digest
from adr_app.domain.gate.settings import BadSettings
from adr_app.domain.gate.statement import Mandate, Statement, record_name, statement_name, write_statement
from adr_app.services import gate_check
from adr_app.services.decoding import decode
from adr_app.services.gitchanges import NoChange
from adr_app.services.signing import Signer, signer
from tests.repositories import Repository, record, repository

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
GIVEN = AT - timedelta(days=2)
KEY = signer(b"k" * 32)
SETTINGS = f'[gate]\ncompany = "larkspur"\nkeys = ["{key_line(KEY.public)}"]\n'


def signed(repo: Repository, name: str, key: Signer = KEY, at: str = "", **change: Any) -> None:
    """Write the OK that the vCISO gave on a record's text as it stands."""
    source = decode((repo.adr / name).read_bytes())
    assert not isinstance(source, str)
    said = Statement(
        company="larkspur",
        decision="AD-0007",
        record=record_name(name),
        digest=material_digest(source.text),
        verdict="approve",
        signer="Vera Lind",
        mandate=Mandate("security (vCISO)", GIVEN - timedelta(days=90), None, "Priya Rao"),
        given_at=GIVEN,
        valid_until=GIVEN + timedelta(days=700),
        open_to_dos=0,
    )
    text = write_statement(replace(said, **change), key.public, key.sign)
    repo.write(at or statement_name(name), text)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """A repository with its keys pinned, an old accepted record, and a proposal with the vCISO's OK."""
    made = repository(tmp_path / "product")
    (made.root / ".adr-app.toml").write_text(SETTINGS)
    made.write("0001-a.md", record(1))
    made.write("0002-b.md", record(2, "Proposed"))
    signed(made, "0002-b.md")
    made.commit()
    return made


def codes(repo: Repository, since: str | None = "HEAD", **given: Any) -> list[tuple[str, str]]:
    report = gate_check.check(repo.adr, since=since, at=AT, **given)
    return [(x.finding.path, x.finding.code) for x in report.found]


def accept(repo: Repository, name: str = "0002-b.md", status: str = "Accepted", **change: str) -> None:
    text = (repo.adr / name).read_text().replace("Proposed", status)
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    repo.write(name, text)


def test_accepting_what_has_an_ok_passes(repo: Repository) -> None:
    accept(repo, status="Accepted on 2026-11-26")
    assert codes(repo) == []
    repo.commit()
    assert codes(repo, "HEAD~1") == []


def test_one_changed_word_loses_the_ok(repo: Repository) -> None:
    accept(repo, Why="What")
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]


def test_a_changed_title_alone_loses_the_ok(repo: Repository) -> None:
    accept(repo)
    repo.write("0002-b.md", (repo.adr / "0002-b.md").read_text().replace("# 2. Use", "# 2. Drop"))
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]


def test_a_change_after_acceptance_loses_the_ok_too(repo: Repository) -> None:
    accept(repo)
    repo.commit()
    accept(repo, Why="What")
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]


def test_removing_the_ok_beside_a_change_does_not_help(repo: Repository) -> None:
    accept(repo)
    repo.commit()
    accept(repo, Why="What")
    (repo.adr / "0002-b.signoff.json").unlink()
    assert codes(repo) == [("0002-b.md", "signoff-missing")]


def test_removing_the_ok_alone_is_seen(repo: Repository) -> None:
    accept(repo)
    repo.commit()
    (repo.adr / "0002-b.signoff.json").unlink()
    assert codes(repo) == [("0002-b.md", "signoff-missing")]


def test_a_record_in_mdx_is_asked_like_any_other(repo: Repository) -> None:
    repo.write("0003-c.mdx", record(3, "Proposed"))
    signed(repo, "0003-c.mdx")
    repo.commit()
    accept(repo, "0003-c.mdx")
    assert codes(repo) == []
    repo.commit()
    accept(repo, "0003-c.mdx", Why="What")
    assert codes(repo) == [("0003-c.mdx", "signoff-text-changed")]
    repo.git("checkout", ".")
    (repo.adr / "0003-c.mdx.signoff.json").unlink()
    assert codes(repo) == [("0003-c.mdx", "signoff-missing")]


def test_line_ends_and_spaces_do_not_lose_it(repo: Repository) -> None:
    accept(repo)
    content = (repo.adr / "0002-b.md").read_bytes()
    (repo.adr / "0002-b.md").write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"  \r\n"))
    assert codes(repo) == []


def test_a_new_record_that_is_accepted_needs_an_ok(repo: Repository) -> None:
    repo.write("0003-c.md", record(3))
    assert codes(repo) == [("0003-c.md", "signoff-missing")]  # not even added to the index
    repo.commit()
    assert codes(repo, "HEAD~1") == [("0003-c.md", "signoff-missing")]
    repo.write("0003-c.md", record(3, "Proposed"))
    assert codes(repo, "HEAD~1") == []


def test_the_past_is_not_asked(repo: Repository) -> None:
    assert codes(repo) == []
    assert codes(repo, None) == []
    assert codes(repo, None, everything=True) == [("0001-a.md", "signoff-missing")]


def test_an_old_record_without_an_ok_may_have_its_spelling_corrected_with_a_warning(repo: Repository) -> None:
    repo.write("0001-a.md", record(1).replace("Why", "Wherefore"))
    assert codes(repo) == [("0001-a.md", "accepted-text-changed")]
    repo.write("0001-a.md", record(1).replace("Date: 2024-01-02", "Date: 2024-01-03"))
    assert codes(repo) == []


def test_an_old_record_turned_into_another_decision_needs_an_ok(repo: Repository) -> None:
    repo.write("0001-a.md", record(1).replace("Use thing 1", "Mail passwords"))
    assert codes(repo) == [("0001-a.md", "signoff-missing")]


def test_a_pure_rename_of_what_was_accepted_is_nothing_new(repo: Repository) -> None:
    repo.git("mv", "adr/0001-a.md", "adr/0001-thing.md")
    assert codes(repo) == []


def test_a_whole_folder_of_old_records_may_move(repo: Repository) -> None:
    accept(repo)
    repo.commit()
    (repo.root / "docs").mkdir()
    repo.git("mv", "adr", "docs/decisions")
    repo.git("mv", "docs/decisions/0001-a.md", "docs/decisions/0001-z.md")
    assert [
        x.finding for x in gate_check.check(repo.root / "docs" / "decisions", since="HEAD", at=AT).found
    ] == []


def test_what_moves_in_from_elsewhere_and_is_accepted_needs_an_ok(repo: Repository) -> None:
    (repo.root / "ideas").mkdir()
    repo.git("mv", "adr/0002-b.md", "ideas/0002-b.md")
    repo.commit()
    repo.git("mv", "ideas/0002-b.md", "adr/0002-b.md")
    accept(repo, Why="What")
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]


def test_what_is_renamed_and_accepted_at_once_needs_an_ok(repo: Repository) -> None:
    repo.git("mv", "adr/0002-b.md", "adr/0002-thing.md")
    accept(repo, "0002-thing.md")
    assert codes(repo) == [("0002-thing.md", "signoff-missing")]
    repo.git("mv", "adr/0002-b.signoff.json", "adr/0002-thing.signoff.json")
    assert codes(repo) == [("0002-thing.md", "signoff-other-record")]


def test_what_is_moved_to_a_folder_for_accepted_records_keeps_its_ok(repo: Repository) -> None:
    (repo.adr / "done").mkdir()
    for name in ("0002-b.md", "0002-b.signoff.json"):
        repo.git("mv", f"adr/{name}", f"adr/done/{name}")
    accept(repo, "done/0002-b.md")
    assert codes(repo) == []


def test_a_new_decision_cannot_pass_for_an_old_one_renamed(repo: Repository) -> None:
    text = record(1).replace("Use thing 1", "Mail passwords").replace("# 1.", "# 4.")
    (repo.adr / "0001-a.md").unlink()
    repo.write("0004-mail.md", text)
    repo.git("add", "--all")
    assert "R0" in repo.git("diff", "--cached", "--raw", "-M")  # git takes it for the same file
    assert codes(repo) == [("0004-mail.md", "signoff-missing")]


def test_what_was_replaced_and_is_revived_needs_an_ok(repo: Repository) -> None:
    repo.write("0001-a.md", record(1, "Superseded by [2. Use thing 2](0002-b.md)"))
    repo.commit()
    repo.write("0001-a.md", record(1))
    assert codes(repo) == [("0001-a.md", "signoff-missing")]


def test_an_ok_copied_from_another_record_is_refused(repo: Repository) -> None:
    repo.write("0003-c.md", record(3))
    text = (repo.adr / "0002-b.signoff.json").read_text()
    repo.write("0003-c.signoff.json", text)
    assert codes(repo) == [("0003-c.md", "signoff-other-record"), ("0003-c.md", "signoff-text-changed")]


def test_record_and_ok_copied_together_to_another_folder_are_refused(repo: Repository) -> None:
    for name in ("0002-b.md", "0002-b.signoff.json"):
        repo.write(f"payments/{name}", (repo.adr / name).read_text())
    accept(repo, "payments/0002-b.md")
    assert codes(repo) == [("payments/0002-b.md", "signoff-reused")]


def test_an_ok_by_a_symbolic_link_is_none(repo: Repository) -> None:
    accept(repo)
    there = repo.adr / "0002-b.signoff.json"
    there.rename(repo.root / "elsewhere.json")
    there.symlink_to(repo.root / "elsewhere.json")
    assert codes(repo) == [("0002-b.md", "signoff-unreadable")]


def test_a_record_by_a_symbolic_link_is_not_passed_over(repo: Repository) -> None:
    (repo.root / "outside.md").write_text(record(5))
    (repo.adr / "0005-e.md").symlink_to(repo.root / "outside.md")
    assert codes(repo) == [("0005-e.md", "unreadable")]
    (repo.adr / "0005-e.md").unlink()
    (repo.adr / "0001-a.md").unlink()
    (repo.adr / "0001-a.md").symlink_to(repo.root / "outside.md")
    assert codes(repo) == [("0001-a.md", "unreadable")]


def test_a_record_made_unreadable_is_not_passed_over(repo: Repository) -> None:
    repo.write("0006-f.md", record(6) + "\0" * 200)
    repo.write("0007-g.md", record(7) + "x" * 1_000_001)
    assert codes(repo) == [("0006-f.md", "unreadable"), ("0007-g.md", "unreadable")]


def test_a_status_in_two_places_is_no_way_around(repo: Repository) -> None:
    repo.write("0003-c.md", "---\nstatus: proposed\n---\n\n" + record(3))
    repo.write("0004-d.md", "---\nstatus: proposed\nstatus: accepted\n---\n\n# Use d\n\n## Context\n\nx\n")
    assert ("0003-c.md", "status-twice") in codes(repo)
    assert ("0004-d.md", "key-twice") in codes(repo)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"company": "ostara"}, "signoff-other-company"),
        ({"key": signer(b"o" * 32)}, "signoff-foreign-key"),
        ({"verdict": "advise"}, "signoff-not-ok"),
        ({"valid_until": AT}, "signoff-ran-out"),
        ({"open_to_dos": 3}, "to-dos-open"),
    ],
)
def test_an_ok_must_hold_here_and_now(repo: Repository, change: dict[str, Any], code: str) -> None:
    accept(repo)
    signed(repo, "0002-b.md", **change)
    assert codes(repo) == [("0002-b.md", code)]


def test_a_change_cannot_pin_its_own_key(repo: Repository) -> None:
    other = signer(b"o" * 32)
    text = SETTINGS.replace(key_line(KEY.public), key_line(other.public))
    (repo.root / ".adr-app.toml").write_text(text)
    accept(repo)
    signed(repo, "0002-b.md", key=other)
    expected = [("../.adr-app.toml", "settings-changed"), ("0002-b.md", "signoff-foreign-key")]
    assert codes(repo) == expected
    (repo.root / ".adr-app.toml").write_text(SETTINGS)
    repo.adr.joinpath(".adr-app.toml").write_text(text)  # nearer to the records
    assert codes(repo) == [(".adr-app.toml", "settings-changed"), ("0002-b.md", "signoff-foreign-key")]


def test_a_change_cannot_remove_the_settings(repo: Repository) -> None:
    (repo.root / ".adr-app.toml").unlink()
    repo.write("0003-c.md", record(3))
    assert ("0003-c.md", "signoff-missing") in codes(repo)


def test_first_settings_count_and_are_told(tmp_path: Path) -> None:
    made = repository(tmp_path / "new")
    made.write("0001-a.md", record(1))
    made.write("0002-b.md", record(2, "Proposed"))
    made.commit()
    (made.root / ".adr-app.toml").write_text(SETTINGS)
    signed(made, "0002-b.md")
    accept(made)
    assert codes(made) == [("../.adr-app.toml", "settings-new")]


def test_without_settings_nothing_is_accepted_unseen_either(tmp_path: Path) -> None:
    made = repository(tmp_path / "new")
    made.write("0001-a.md", record(1))
    made.commit()
    made.write("0002-b.md", record(2))
    assert codes(made) == [("0002-b.md", "signoff-missing")]


def test_severities_are_the_teams_and_off_is_silent(repo: Repository) -> None:
    (repo.root / ".adr-app.toml").write_text(SETTINGS + '[gate.severity]\nsignoff-missing = "off"\n')
    repo.commit()
    repo.write("0003-c.md", record(3))
    assert codes(repo) == []


def test_settings_that_cannot_be_used_stop_the_gate(repo: Repository) -> None:
    (repo.root / ".adr-app.toml").write_text("[gate]\nrequierd = []\n")
    with pytest.raises(BadSettings, match=r"\.adr-app\.toml has “requierd”"):
        codes(repo, None)


def test_required_parts_are_asked_of_what_changes(repo: Repository) -> None:
    (repo.root / ".adr-app.toml").write_text(SETTINGS.replace("[gate]", '[gate]\nrequired = ["deciders"]'))
    repo.commit()
    accept(repo)
    assert codes(repo) == [("0002-b.md", "section-missing")]
    assert len(codes(repo, None)) == 2


def test_a_record_that_disappears_is_told(repo: Repository) -> None:
    (repo.adr / "0001-a.md").unlink()
    assert codes(repo) == [("0001-a.md", "record-removed")]


def test_what_a_change_breaks_elsewhere_is_told(repo: Repository) -> None:
    repo.write("0003-c.md", record(3, "Proposed", more=" See [1](0001-a.md)."))
    repo.commit()
    repo.git("mv", "adr/0001-a.md", "adr/0001-z.md")
    assert ("0003-c.md", "link-broken") in codes(repo)


def test_only_what_the_change_itself_did_counts_where_main_went_on(repo: Repository) -> None:
    repo.git("checkout", "-qb", "mine")
    accept(repo)
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("0003-c.md", record(3))
    repo.write("0001-a.md", record(1).replace("Why", "Wherefore"))
    repo.commit()
    repo.git("checkout", "-q", "mine")
    assert codes(repo, "main") == []


def test_new_settings_of_main_count_on_an_older_branch(repo: Repository) -> None:
    repo.git("checkout", "-qb", "mine")
    accept(repo)
    signed(repo, "0002-b.md", key=signer(b"o" * 32))
    repo.commit()
    repo.git("checkout", "-q", "main")
    (repo.root / ".adr-app.toml").write_text(SETTINGS.replace("larkspur", "larkspur-dental"))
    repo.commit()
    repo.git("checkout", "-q", "mine")
    assert ("0002-b.md", "signoff-foreign-key") in codes(repo, "main")


@pytest.mark.parametrize(
    "revision", ["--output=/tmp/x", "-h", "", "nothing", "HEAD..HEAD", "HEAD:adr", "a\nb", "\0"]
)
def test_a_revision_that_is_none_is_refused(repo: Repository, revision: str) -> None:
    with pytest.raises(NoChange):
        codes(repo, revision)


def test_a_folder_without_a_repository_has_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository(tmp_path / "product")
    made.commit()
    monkeypatch.setenv("GIT_DIR", str(made.root / ".git"))
    (tmp_path / "loose").mkdir()
    with pytest.raises(NoChange, match="in no git repository"):
        gate_check.check(tmp_path / "loose", since="HEAD", at=AT)


def test_a_shallow_copy_says_so(repo: Repository, tmp_path: Path) -> None:
    accept(repo)
    repo.commit()
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.root}", str(tmp_path / "shallow"))
    with pytest.raises(NoChange, match="shallow"):
        codes(Repository(tmp_path / "shallow"), "HEAD~1")


def test_odd_file_names_are_followed(repo: Repository) -> None:
    name = "0003-ä b#'\"\n:(top).md"
    repo.write(name, record(3, "Proposed"))
    repo.commit()
    repo.write(name, record(3))
    assert codes(repo) == [(name, "signoff-missing")]


def test_a_name_that_is_no_text_is_followed_too(repo: Repository) -> None:
    place = os.fsencode(repo.adr) + b"/0003-\xff.md"
    with open(place, "w") as file:
        file.write(record(3))
    assert [code for _, code in codes(repo)] == ["signoff-missing"]
    repo.write("0003-?.md", record(3, "Proposed"))
    assert "unreadable" in [code for _, code in codes(repo)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.binary(max_size=200))
def test_no_file_stops_the_gate(repo: Repository, content: bytes, beside: bytes) -> None:
    (repo.adr / "0009-z.md").write_bytes(b"# 9. Z\n\n## Status\n\nAccepted\n\n" + content)
    (repo.adr / "0009-z.signoff.json").write_bytes(beside)
    found = codes(repo)
    assert any(path == "0009-z.md" for path, _ in found)


def proposal(status: str) -> str:
    return f"title: Use sidecars\nkep-number: 7\nowning-sig: sig-node\nstatus: {status}\n"


def test_a_proposal_that_its_settings_file_makes_accepted_needs_an_ok(repo: Repository) -> None:
    text = "# Use sidecars\n\n## Summary\n\nWe use sidecars.\n\n## Motivation\n\nThey fit.\n"
    repo.write("0007-sidecars/README.md", text)
    repo.write("0007-sidecars/kep.yaml", proposal("provisional"))
    repo.commit()
    assert codes(repo) == []
    repo.write("0007-sidecars/kep.yaml", proposal("implementable"))
    assert codes(repo) == [("0007-sidecars/README.md", "signoff-missing")]
    signed(repo, "0007-sidecars/README.md")
    assert codes(repo) == []
    repo.commit()
    repo.write("0007-sidecars/kep.yaml", proposal("implemented"))
    assert codes(repo) == []
    (repo.adr / "0007-sidecars/README.signoff.json").unlink()
    assert codes(repo) == [("0007-sidecars/README.md", "signoff-missing")]
    repo.commit()
    repo.write("0007-sidecars/kep.yaml", proposal("implementable"))
    assert codes(repo) == []
    (repo.adr / "0007-sidecars/kep.yaml").unlink()
    assert codes(repo) == [("0007-sidecars/README.md", "status-unstated")]
