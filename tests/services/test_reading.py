"""A folder is read from disk: nothing outside it, nothing twice, nothing lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Source
from adr_app.services.decoding import decode
from adr_app.services.folders import read_folder
from adr_app.services.import_reports import report
from adr_app.services.metadata import parse_yaml
from adr_app.services.reading import LARGEST, UnreadableFolder

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
    json.dumps(account, default=list)


def test_the_account_names_what_a_decision_says(tmp_path: Path) -> None:
    (tmp_path / "0001-a.md").write_text(ADR)
    (decision,) = report(read_folder(tmp_path).reading)["decisions"]
    assert decision == {
        "path": "0001-a.md", "ref": None, "title": "Use x", "number": 1,
        "status": "accepted",
        "status_raw": "Accepted", "date": "2024-01-05", "supersedes": [], "superseded_by": [],
        "options": None,
        "deciders": [], "format": "nygard",
        "format_reason": "sections Status, Context and Decision, as adr-tools writes them",
    }  # fmt: skip


def test_a_single_file_can_be_read_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "0001-a.md").write_text(ADR)
    found = read_folder(tmp_path / "0001-a.md")
    assert [record.path for record in found.reading.records] == ["0001-a.md"]
    assert len(found.fingerprints["0001-a.md"]) == 64
    with pytest.raises(UnreadableFolder, match="no folder"):
        read_folder(tmp_path / "nowhere")
    (tmp_path / "records.zip").write_bytes(b"PK")
    with pytest.raises(UnreadableFolder, match="Unpack an archive first"):
        read_folder(tmp_path / "records.zip")


def test_text_is_decoded_whatever_its_line_ends_and_encoding() -> None:
    assert source(b"\xef\xbb\xbf# T\r\nx\ry").text == "# T\nx\ny"
    old = source("# Caf\u00e9 \u2013 x".encode("cp1252"))
    assert old.text == "# Café – x"
    assert [note.code for note in old.warnings] == ["encoding"]
    assert decode(b"a\x00\x00\x00\x00b") == "a binary file, not text"


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


def test_lists_within_lists_of_toml_are_quoted_once() -> None:
    block = f"+++\ntitle = \"A\"\na = {'[' * 15}'x'{']' * 15}\nb = {{c = ['d', ['e']]}}\n+++\n"
    assert source(block.encode()).metadata == {
        "title": "A",
        "a": ["[" * 14 + '"x"' + "]" * 14],
        "b": 'c: ["d", ["e"]]',
    }


@pytest.mark.parametrize("bomb", ["a = " + "[" * 250 + "]" * 250, "a." * 5_000 + "b = 1"])
def test_a_bomb_of_toml_is_read_line_by_line(bomb: str) -> None:
    found = source(f'+++\nweight = 1\n{bomb}\ntitle = "A"\n+++\n# T\n'.encode())
    assert found.metadata["title"] == "A"
    assert "metadata" in [note.code for note in found.warnings]


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


def test_a_zero_byte_or_another_encoding_is_told_with_its_line_and_the_rest_is_read() -> None:
    text = ADR + "more\nwords " * 40
    broken = source((text + "\0 tail\n").encode())
    assert [(note.line, note.code) for note in broken.warnings] == [(text.count("\n") + 1, "zero-byte")]
    assert broken.text.endswith("\N{REPLACEMENT CHARACTER} tail\n")
    short = source(b"# 2. A\0b\n")
    assert [(note.line, note.code) for note in short.warnings] == [(1, "zero-byte")]
    wide = source(ADR.encode("utf-16"))
    assert (wide.text, [note.code for note in wide.warnings]) == (ADR, ["encoding"])
    late = source(ADR.encode() + b"caf\xe9\n")
    assert [(note.line, note.code) for note in late.warnings] == [(ADR.count("\n") + 1, "encoding")]


def test_metadata_that_is_never_closed_ends_where_it_can_go_on_no_longer() -> None:
    found = source(b"---\nstatus: accepted\ndeciders:\n  - Ann\n\n# T\n\n## Context\n\nx\n")
    assert found.metadata == {"status": "accepted", "deciders": ["Ann"]}
    assert found.text[found.body_at :].startswith("\n# T\n")
    assert [(note.line, note.code) for note in found.warnings] == [(1, "metadata-open")]
    assert source(b"---\nSome words: and more\n# T\n").metadata == {}


@pytest.mark.parametrize("bomb", ["[" * 60_000, "a: &a [x]\nb: *a", "{" * 60_000, "x: " + "[[" * 50])
def test_a_bomb_of_yaml_is_read_line_by_line(bomb: str) -> None:
    found = source(f"---\nstatus: accepted\ny: {bomb}\n---\n# T\n".encode())
    assert found.metadata["status"] == "accepted"
    assert [note.code for note in found.warnings] == ["metadata"]


def test_ten_thousand_links_are_told_and_the_record_is_read(tmp_path: Path) -> None:
    links = "".join(f"[{i}](000{i % 9}-x.md)\n" for i in range(10_000))
    (tmp_path / "0001-a.md").write_text(ADR + links)
    account = report(read_folder(tmp_path).reading)
    assert [d["status"] for d in account["decisions"]] == ["accepted"]
    assert [(w["line"], w["code"]) for w in account["warnings"]] == [(ADR.count("\n") + 2001, "links-many")]


def test_a_file_too_large_to_be_a_decision_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "0001-a.md").open("wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "0002-b.md").write_text(ADR)
    reading = read_folder(tmp_path).reading
    assert reading.skipped == (("0001-a.md", "larger than 1 MB"),)
    assert [record.path for record in reading.records] == ["0002-b.md"]


@pytest.mark.parametrize(
    "name", ["0001 use x & y.md", "0001-use-#-as-mark.md", "0001-使う.md", "0001-%23.md"]
)
def test_a_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ADR)
    (tmp_path / "0002-b.md").write_text(ADR.replace("Accepted", f"Supersedes [x](<{name}>)"))
    one, other = read_folder(tmp_path).reading.records
    assert (one.path, one.number_value, one.status) == (name, 1, "accepted")
    assert other.related("supersedes", inward=False) == [name]


def test_settings_that_cannot_be_read_are_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / ".log4brains.yml").write_text("project: &x [*x\n")
    (tmp_path / "adr.config.json").write_text('{"path": "../../etc"}')
    (tmp_path / "adrs.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / ".adr").write_text("records-dir = x")
    (tmp_path / "0001-a.md").write_text(ADR)
    (record,) = read_folder(tmp_path).reading.records
    assert "names its folder" not in record.format_reason


def test_a_file_of_several_records_has_a_fingerprint_for_each(tmp_path: Path) -> None:
    text = "<!-- DECISION-{0} -->\n## Decision: {0}\n\n**Status**: Active\n\n---\n"
    (tmp_path / "decisions.md").write_text(text.format("A-1") + text.format("B-1"))
    before = read_folder(tmp_path)
    (tmp_path / "decisions.md").write_text(text.format("A-0") + text.format("A-1") + text.format("B-1"))
    after = read_folder(tmp_path)
    assert {path: after.fingerprints[path] for path in before.fingerprints if "#" in path} == {
        path: digest for path, digest in before.fingerprints.items() if "#" in path
    }
    assert [r.path for r in after.reading.records] == [
        f"decisions.md#DECISION-{x}" for x in ("A-0", "A-1", "B-1")
    ]
    assert (after.reading.files, len(after.reading.skipped)) == (1, 1)
