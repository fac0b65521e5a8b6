"""A folder is read from disk: nothing outside it, nothing twice, nothing lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Source
from adr_app.services.metadata import parse_yaml
from adr_app.services.reading import LARGEST, UnreadableFolder, decode, read_folder, report

ADR = "# 1. Use x\n\nDate: 2024-01-05\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\ny\n"


def source(content: bytes) -> Source:
    found = decode(content)
    assert isinstance(found, Source)
    return found


def test_every_markdown_file_is_a_decision_or_skipped_exactly_once(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(ADR)
    root = tmp_path / "in"
    (root / "adr/deep").mkdir(parents=True)
    (root / "adr/0001-a.md").write_text(ADR)
    (root / "adr/deep/0002-b.MD").write_text(ADR)
    (root / "adr/0003-link.md").symlink_to(outside)
    (root / "adr/loop").symlink_to(root)
    (root / "adr/0004-binary.md").write_bytes(b"\x00\x01\x02")
    (root / "adr/0005-large.md").write_bytes(b"x" * (LARGEST + 1))
    (root / "adr/0006-folder.md").mkdir()
    (root / "adr/notes.txt").write_text(ADR)
    account = report(read_folder(root).reading)
    assert [d["path"] for d in account["decisions"]] == ["adr/0001-a.md", "adr/deep/0002-b.MD"]
    reasons = {s["path"]: s["reason"] for s in account["skipped"]}
    assert reasons.keys() == {"adr/0003-link.md", "adr/0004-binary.md", "adr/0005-large.md"}
    assert account["files"] == 5
    assert account["created"] == 2
    assert account["updated"] == account["diverged"] == account["unchanged"] == 0
    json.dumps(account)


def test_the_account_names_what_a_decision_says(tmp_path: Path) -> None:
    (tmp_path / "0001-a.md").write_text(ADR)
    (decision,) = report(read_folder(tmp_path).reading)["decisions"]
    assert decision == {
        "path": "0001-a.md", "ref": None, "title": "Use x", "number": 1,
        "status": "accepted",
        "status_raw": "Accepted", "date": "2024-01-05", "supersedes": [], "superseded_by": [],
        "options": None,
        "deciders": [], "format": "nygard",
    }  # fmt: skip


def test_a_single_file_can_be_read_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "0001-a.md").write_text(ADR)
    found = read_folder(tmp_path / "0001-a.md")
    assert [record.path for record in found.reading.records] == ["0001-a.md"]
    assert len(found.fingerprints["0001-a.md"]) == 64
    with pytest.raises(UnreadableFolder, match="no folder"):
        read_folder(tmp_path / "nowhere")


def test_text_is_decoded_whatever_its_line_ends_and_encoding() -> None:
    assert source(b"\xef\xbb\xbf# T\r\nx\ry").text == "# T\nx\ny"
    old = source("# Caf\u00e9 \u2013 x".encode("cp1252"))
    assert old.text == "# Café – x"
    assert [note.code for note in old.warnings] == ["encoding"]
    assert decode(b"a\x00b") == "a binary file, not text"


@pytest.mark.parametrize(
    ("block", "key", "value"),
    [
        ("status: { accepted }", "status", "{ accepted }"),
        ("date: {2024-01-05}", "date", "{2024-01-05}"),
        ("deciders: [Ann, Bob]", "deciders", ["Ann", "Bob"]),
        ("tag: 'tag:Web Client'", "tag", "tag:Web Client"),
        ("id: 0042", "id", "0042"),
        ("date: 2024-02-30", "date", "2024-02-30"),
        ("status: accepted # today", "status", "accepted"),
        ("deciders: @ann, @bob", "deciders", "@ann, @bob"),
        ("status: **accepted**", "status", "**accepted**"),
        ("title: Use X: because", "title", "Use X: because"),
        ("links:\n  - target: 2\n    kind: supersedes", "links", ["target: 2\n    kind: supersedes"]),
        ("status: no", "status", "no"),
        ("status: a\nstatus: b: c\nx: &a y", "status", "a"),
    ],
)
def test_metadata_is_text_even_where_yaml_fails(block: str, key: str, value: str | list[str]) -> None:
    assert source(f"---\n{block}\n---\n# T\n".encode()).metadata[key] == value


def test_broken_metadata_is_told_and_the_body_stays() -> None:
    found = source(b"---\nstatus: [accepted\ndate: 2024-01-01\n---\n# T\n")
    assert [note.code for note in found.warnings] == ["metadata"]
    assert found.metadata["date"] == "2024-01-01"
    assert found.text[found.body_at :] == "# T\n"


def test_toml_metadata_is_read_and_its_mistakes_are_survived() -> None:
    assert source(b'+++\ntitle = "A: b"\nweight = 5\n+++\n').metadata == {"title": "A: b", "weight": "5"}
    broken = source(b'+++\ntitle = "A"\nweight = \n+++\n')
    assert broken.metadata["title"] == "A"
    assert [note.code for note in broken.warnings] == ["metadata"]


def test_aliases_and_deep_nesting_are_refused() -> None:
    for text in ("a: &x 1\nb: *x", "a: " + "[" * 30 + "]" * 30, "- a", "? [a]\n: b"):
        with pytest.raises(ValueError):
            parse_yaml(text)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(alphabet=st.sampled_from("-+:a \n[]{}&*\"'|>#"), max_size=60).map(
        lambda t: f"---\nk: {t}\n---\n".encode()
    )
)
def test_no_content_makes_the_reader_fail(content: bytes) -> None:
    found = decode(content)
    if isinstance(found, Source):
        assert 0 <= found.body_at <= len(found.text)
