"""The reader against what a careful person read in real records; runs where those lie beside the project."""

import json
from pathlib import Path

import pytest

from adr_app.domain.documents import Reading
from adr_app.services.folders import read_folder
from adr_app.services.import_reports import entry

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
FOLDERS = sorted(path for path in CORPUS.glob("*__*") if path.is_dir())


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {folder.name: read_folder(folder).reading for folder in FOLDERS}


def plain(text: object) -> str:
    return " ".join("".join(c for c in str(text or "") if c not in "*_`\"'\\").split()).casefold()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_file_of_a_project_is_told_once(folder: Path, readings: dict[str, Reading]) -> None:
    reading = readings[folder.name]
    told = sorted([record.path for record in reading.records] + [path for path, _ in reading.skipped])
    assert told == sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.md") if p.is_file())


@pytest.mark.parametrize(
    ("name", "share"),
    [("status", 0.95), ("date", 0.95), ("number", 0.98), ("title", 0.98)] if FOLDERS else [],
)
def test_a_field_is_read_as_a_careful_person_reads_it(
    name: str, share: float, readings: dict[str, Reading]
) -> None:
    labels = [json.loads(line) for line in (CORPUS / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    right = 0
    for label in labels:
        records = readings[label["repo"].replace("/", "__")].records
        record = next((entry(r) for r in records if r.path == label["path"]), {})
        said, wanted = record.get(name), [label[name], *label.get(f"{name}_alt", [])]
        if name == "title":
            said, wanted = plain(said), [plain(title) for title in wanted]
        right += said in wanted
        if name == "status" and wanted == [None]:
            assert said is None, label["path"]
    assert right >= share * len(labels)
