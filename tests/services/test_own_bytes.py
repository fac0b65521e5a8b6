"""Of several records in a file the bytes of each are kept as they stand there, and none is new by that."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.documents import Source
from adr_app.models.decisions import ImportedFile, Revision, SourceFile
from adr_app.models.people import Company
from adr_app.services import imports, verification
from adr_app.services.decoding import decode, slices
from adr_app.services.folders import read_folder
from adr_app.services.packing import unpacked
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.repositories import one_of_several, several

ONE, TWO = one_of_several("A-1", why="Café: naïve."), one_of_several("A-2", why="“Yes”.")
LIST = """\ufeff{ "version": "1.0.0",\r
 "more": {"adrs": [1]}, "adrs" : [ {"title":"Caf\\u00e9",  "number": 7,   "status": "accepted"}  ,\r
   "no record", {
      "number": 8, "title": "Zürich 🏔 \\"new\\"", "custom_sections": {"Own": "}]"}, "status" : "proposed" }\r
 ], "end": [] }
"""


def kept(folder: Path) -> dict[str, bytes]:
    found = read_folder(folder)
    contents = {path: unpacked(content) for path, (content, _) in found.contents.items() if "#" in path}
    for path, content in contents.items():
        assert found.fingerprints[path] == sha256(content).hexdigest()
        assert found.contents[path][1] == len(content)
    return contents


def cast_here(at: datetime) -> Cast:
    with quick_passwords():
        return cast_of("Larkspur", at)


@pytest.mark.parametrize(
    ("encoding", "mark", "end"),
    [
        ("utf-8", b"", "\n"),
        ("utf-8", b"\xef\xbb\xbf", "\r\n"),
        ("cp1252", b"", "\r\n"),
        ("utf-16-le", b"\xff\xfe", "\n"),
        ("utf-16-be", b"\xfe\xff", "\r\n"),
        ("utf-8", b"", "\r"),
    ],
)
def test_in_markdown_each_has_its_own_bytes(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    def raw(text: str) -> bytes:
        return text.replace("\n", end).encode(encoding)

    (tmp_path / "all.md").write_bytes(mark + raw(several(ONE, TWO)))
    assert kept(tmp_path) == {
        "all.md#DECISION-A-1": raw(f"{ONE}\n---\n"),
        "all.md#DECISION-A-2": raw(TWO),
    }


def test_a_file_without_a_line_end_at_its_end_gets_none(tmp_path: Path) -> None:
    (tmp_path / "all.md").write_text(several(ONE, TWO.rstrip()))
    assert kept(tmp_path)["all.md#DECISION-A-2"] == TWO.rstrip().encode()


def test_of_a_list_in_json_each_has_the_bytes_of_its_entry(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_bytes(LIST.encode())
    found = kept(tmp_path)
    assert list(found) == ["all.json#7", "all.json#8"]
    first, second = (content.decode() for content in found.values())
    assert first == '{"title":"Caf\\u00e9",  "number": 7,   "status": "accepted"}'
    assert second.startswith('{\n      "number": 8') and second.endswith('"proposed" }')
    assert all(content in LIST.encode() and json.loads(content) for content in found.values())


def test_a_list_of_one_record_is_kept_whole(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf{"adrs" : [{"title":  "One", "status": "accepted"}],\r\n "adrs_": []}\n\n'
    (tmp_path / "one.json").write_bytes(content)
    assert kept(tmp_path) == {"one.json#1": content}


def test_of_a_name_that_stands_twice_the_last_counts(tmp_path: Path) -> None:
    content = b'{"adrs": [{"title": "Old"}, {"title": "Older"}], "adrs": [{"title": "A"}, {"title": "B"}]}'
    (tmp_path / "all.json").write_bytes(content)
    assert list(kept(tmp_path).values()) == [b'{"title": "A"}', b'{"title": "B"}']


@given(
    st.lists(st.text("ab é🏔\n\r\0\ufeff", max_size=6), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
)
def test_slices_are_the_bytes_of_their_texts(pieces: list[str], encoding: str) -> None:
    text = "#" + "|".join(pieces) + "|"
    content = text.encode(encoding)
    content = b"\xfe\xff" + content if encoding == "utf-16-be" else content
    source = decode(content)
    if not isinstance(source, Source):
        return
    ends = [i + 1 for i, char in enumerate(source.text) if char == "|"]
    spans = list(zip([1, *ends], ends, strict=False))
    found = slices(content, spans, one_end=True)
    assert found is not None
    assert content.endswith(b"".join(found))
    plain = "utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig")
    assert [x.decode(plain) for x in found] == [f"{piece}|" for piece in pieces]


@pytest.mark.parametrize(
    ("name", "content"),
    [("all.md", several(ONE, TWO).replace("\n", "\r\n").encode()), ("all.json", LIST.encode())],
    ids=["markdown", "json"],
)
def test_what_an_earlier_version_kept_of_a_file_is_no_change_of_it(
    database: peewee.Database, tmp_path: Path, name: str, content: bytes
) -> None:
    cto = cast_here(START).viewer("cto", START)
    (tmp_path / "adr").mkdir()
    (tmp_path / "adr" / name).write_bytes(content)
    imports.run(cto, tmp_path / "adr", at=START)
    assert all(unpacked(row.content) in content for row in SourceFile.select())
    _as_an_earlier_version_kept_them(read_folder(tmp_path / "adr").earlier)
    assert _counts(cto, tmp_path / "adr") == (2, 0, 0, 0)
    (tmp_path / "adr" / name).rename(tmp_path / "adr" / f"renamed-{name}")
    assert _counts(cto, tmp_path / "adr") == (2, 0, 0, 0)
    (tmp_path / "adr" / f"renamed-{name}").write_bytes(content.replace(b"\r\n", b"\n"))
    assert _counts(cto, tmp_path / "adr") == (2, 0, 0, 0)  # no word of it changed
    (tmp_path / "adr" / f"renamed-{name}").write_bytes(content.replace(b"Yes", b"No").replace(b"new", b"old"))
    assert _counts(cto, tmp_path / "adr") == (1, 1, 0, 0)


def _counts(viewer: Viewer, folder: Path) -> tuple[int, int, int, int]:
    report = imports.planned(viewer, folder, imports.source_of(folder))[-1].finish()
    return report["unchanged"], report["updated"], report["diverged"], report["created"]


def _as_an_earlier_version_kept_them(earlier: dict[str, str]) -> None:
    for row in ImportedFile.select():
        assert row.fingerprint != earlier[row.path]
        ImportedFile.update(fingerprint=earlier[row.path], reader_version=2).where(
            ImportedFile.company == row.company_id, ImportedFile.id == row.id
        ).execute()


@pytest.mark.parametrize("name", ["all.md", "all.json"])
def test_bytes_that_change_and_mean_the_same_make_no_new_version(
    database: peewee.Database, tmp_path: Path, name: str
) -> None:
    cto = cast_here(START).viewer("cto", START)
    text = several(ONE, TWO) if name == "all.md" else LIST
    for end in ("\n", "\r\n"):
        content = text.replace("\r", "").replace("\n", end).encode()
        (tmp_path / name).write_bytes(content)
        report = imports.run(cto, tmp_path, at=START)
        assert all(unpacked(row.content) in content for row in SourceFile.select())
    assert report["updated"] >= 1
    assert Revision.select().count() == 2
    assert verification.verify(Company.get_by_id(cto.company.id)).broken is None
