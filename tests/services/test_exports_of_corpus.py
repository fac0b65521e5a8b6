"""Real records, imported and exported: each comes back unchanged, and byte for byte in its own format."""

from pathlib import Path

import peewee
import pytest

from adr_app.domain.documents.writers import FORMATS
from adr_app.models.decisions import ImportedFile
from adr_app.services import export_folder, exports, imports
from tests.casts import cast_of, quick_passwords
from tests.conftest import START

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FOLDERS = sorted(path for path in CORPUS.glob("*__*") if path.is_dir())[::16]
"""Every sixteenth project, which keeps this below some seconds."""


@pytest.mark.parametrize("folders", [FOLDERS] if FOLDERS else [], ids=["every-sixteenth"][: len(FOLDERS)])
def test_real_records_come_back_unchanged_and_their_own_format_byte_for_byte(
    database: peewee.Database, tmp_path: Path, folders: list[Path]
) -> None:
    with quick_passwords():
        cto = cast_of("Larkspur", START).viewer("cto", START)
    originals = {}
    for folder in folders:
        report = imports.run(cto, folder, source=folder.name, at=START)
        originals |= {row["ref"]: (folder / row["path"], row["format"]) for row in report["decisions"]}
    assert ImportedFile.select().count() == len(originals) > 50
    for code, found in FORMATS.items():
        out = tmp_path / code
        exports.run(cto, out, code=code, at=START)
        for path, entry in export_folder.listed(out).items():
            original, format = originals.get(entry.get("decision", ""), (None, ""))
            if original is not None and format == found.reads_as:
                assert (out / path).read_bytes() == original.read_bytes(), original
        report = imports.run(cto, out, at=START)
        assert (report["created"], report["updated"], report["diverged"]) == (0, 0, 0)
        assert report["unchanged"] == len(originals)
