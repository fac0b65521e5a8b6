"""What an import keeps of its files: every byte, and what the reader remarked, with the line."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import peewee
import pytest
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision, ImportedFile, SourceFile
from adr_app.services import drafts, imports, source_files
from adr_app.services.packing import unpacked
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START

RAW = (
    b"\xef\xbb\xbf# 1. Use caf\xc3\xa9\r\n\r\nDate: 31/02/2024\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n"
    b"## Context\r\n\r\nWhy.\r\n\r\n## Decision\r\n\r\nYes.   \r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "adr"
    root.mkdir()
    (root / "0001-a.md").write_bytes(RAW)
    return root


def cast_here(at: datetime) -> Cast:
    with quick_passwords():
        return cast_of("Larkspur", at)


def test_every_byte_of_a_file_is_kept_and_the_newer_ones_replace_them(
    database: peewee.Database, folder: Path
) -> None:
    cast = cast_here(START)
    cto = cast.viewer("cto", START)
    imports.run(cto, folder, at=START)
    for content in (RAW, RAW + b"\r\nMore.\r\n"):
        (folder / "0001-a.md").write_bytes(content)
        imports.run(cto, folder, at=START)
        (kept,) = SourceFile.select()
        assert (unpacked(kept.content), kept.size) == (content, len(content))
        assert ImportedFile.get().fingerprint == sha256(content).hexdigest()


def test_the_origin_of_a_decision_names_the_file_and_every_remark_with_its_line(
    database: peewee.Database, folder: Path
) -> None:
    cast = cast_here(START)
    imports.run(cast.viewer("cto", START), folder, source="product", at=START)
    origin = source_files.of(Decision.get())
    assert origin is not None
    assert (origin.source, origin.path, origin.format) == ("product", "0001-a.md", "adr-tools (Nygard)")
    assert (origin.status_raw, origin.date_raw, origin.size) == ("Accepted", "31/02/2024", len(RAW))
    assert origin.told_by.startswith("sections Status, Context and Decision")
    assert origin.remarks == [(3, "There is no such day: “31/02/2024”; the text is kept, no date is set.")]


def test_the_page_of_an_imported_decision_says_where_it_came_from(client: FlaskClient, folder: Path) -> None:
    cast = cast_here(START)
    imports.run(cast.viewer("cto", START), folder, source="product", at=START)
    page = sign_in(client, cast.reader).get("/larkspur/decisions/AD-0001").text
    for said in ("Where this came from", "0001-a.md", "adr-tools (Nygard)", "31/02/2024", "no such day"):
        assert said in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("0001-a.md", b"\xef\xbb\xbf# 1. Use caf\xc3\xa9\r\n\r\n## Status\r\n\r\nAccepted\r\n"),
        ("one.json", b'{"adrs":  [{"title" : "One", "status": "accepted"}]}\r\n'),
    ],
)
def test_the_file_a_decision_came_from_is_given_back_byte_for_byte(
    client: FlaskClient, tmp_path: Path, name: str, content: bytes
) -> None:
    cast = cast_here(START)
    (tmp_path / name).write_bytes(content)
    imports.run(cast.viewer("cto", START), tmp_path, at=START)
    reader = sign_in(client, cast.reader)
    assert "/decisions/AD-0001/original" in reader.get("/larkspur/decisions/AD-0001").text
    answer = reader.get("/larkspur/decisions/AD-0001/original")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, content, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_of_several_records_in_a_file_each_gives_its_own_part_back(
    client: FlaskClient, tmp_path: Path
) -> None:
    cast = cast_here(START)
    first, second = b'{"title" : "One",  "number":1}', b'{"number": 2, "title":"Tw\\u00f6"}'
    (tmp_path / "all.json").write_bytes(b'{"adrs": [' + first + b"\r\n,  " + second + b"]}")
    imports.run(cast.viewer("cto", START), tmp_path, at=START)
    reader = sign_in(client, cast.reader)
    found = [reader.get(f"/larkspur/decisions/AD-000{number}/original").data for number in (1, 2)]
    assert sorted(found) == sorted([first, second])


def test_what_was_written_here_has_no_file_to_give_back(client: FlaskClient) -> None:
    cast = cast_here(START)
    drafts.draft(cast.viewer("cto", START), {"title": "Ours"}, at=START)
    assert sign_in(client, cast.reader).get("/larkspur/decisions/AD-0001/original").status_code == 404
