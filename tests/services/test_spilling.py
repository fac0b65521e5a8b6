"""What a reading remembers on disk is what it would remember in memory, and takes no memory."""

import gc
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adr_app.domain.documents import Reader, Record, Source
from adr_app.domain.documents.extraction import Draft
from adr_app.domain.documents.room import MANY, Memory
from adr_app.domain.revisions import Draft as Text
from adr_app.services import gate_check, import_reports, imports
from adr_app.services.reading import Sources
from adr_app.services.spilling import PIECE, Disk
from tests.casts import cast_of, quick_passwords
from tests.conftest import START, connected
from tests.databases import Databases
from tests.repositories import record

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
FORMATS = sorted(path for path in Path(__file__).parents[1].glob("fixtures/formats/*") if path.is_dir())
CORPUS = sorted(Path(__file__).parents[3].glob("shared/corpus/*__*"))


@pytest.mark.parametrize("folder", [*FORMATS, *CORPUS], ids=lambda path: path.name)
def test_a_folder_is_read_the_same_whether_much_is_kept_in_memory_or_on_disk(folder: Path) -> None:
    sources = Sources(folder)
    with Disk() as room:
        on_disk, in_memory = (
            Reader(sources, settings=sources.settings, room=place) for place in (room, Memory())
        )
        assert list(on_disk.records()) == list(in_memory.records())
        assert on_disk.skipped == in_memory.skipped


def test_days_of_either_order_and_numbers_used_twice_are_told_from_disk_too(tmp_path: Path) -> None:
    for number, day in enumerate(("03/02/2024", "04/02/2024", "13/02/2024", "05/02/2024", "06/02/2024")):
        text = record(number % 4, f"Accepted\n\nAmends ADR-{number}").replace("2024-01-0", f"{day} ")
        (tmp_path / f"{number % 4:04}-use-{number}.md").write_text(text)
    sources = Sources(tmp_path)
    with Disk() as room:
        found = list(Reader(sources, room=room).records())
    assert found == list(Reader(sources).records())
    codes = {note.code for one in found for note in one.warnings}
    assert {"date-order", "number-twice", "link-unresolved"} <= codes


def test_an_index_on_disk_answers_as_one_in_memory() -> None:
    paths = [f"{folder}/{number}.md" for number in range(MANY) for folder in ("b", "a", "half \ud800")]
    with Disk() as room:
        on_disk, in_memory = room.index("x"), Memory().index("x")
        for index in (on_disk, in_memory):
            for path in paths:
                index.add("many", path)
            for path in paths[:3]:
                index.add("few", path)
        for key in ("many", "few", "none"):
            assert on_disk.all(key) == in_memory.all(key)
            assert on_disk.few(key, "a/x.md") == in_memory.few(key, "a/x.md")
            assert on_disk.few(key, "c/x.md") == in_memory.few(key, "c/x.md")
            assert on_disk.first(key) == in_memory.first(key)
            assert on_disk.several(key) == in_memory.several(key)
        assert (len(on_disk.all("many")), len(on_disk.few("many", "a/x.md"))) == (3 * MANY, MANY)
        assert on_disk.few("many", "c/x.md") == []


def test_a_mapping_on_disk_is_one() -> None:
    with Disk() as room:
        found = room.mapping("x")
        keys = [f"{number % 700} é" for number in range(1500)]
        for number, key in enumerate(keys):
            found[key] = (number, key)
        assert list(found) == list(dict.fromkeys(keys))
        assert (len(found), found["5 é"], found.get("none"), "6 é" in found) == (
            700,
            (1405, "5 é"),
            None,
            True,
        )
        assert dict(found.items()) == {key: found[key] for key in found} and found["699 é"] == (1399, "699 é")
        del found["5 é"]
        assert "5 é" not in found
        with pytest.raises(KeyError):
            del found["5 é"]


def test_the_gate_takes_no_more_memory_for_many_files_than_for_some(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(1, count + 1):
            (folder / f"{number:04}-use-{number}.md").write_text(record(number, more=" Because." * 300))
        tracemalloc.start()
        try:
            report = gate_check.check(folder, everything=True, at=AT)
            assert len(report.found) == report.records == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    gate_check.check(tmp_path, at=AT)  # whatever is loaded once
    some, many = peak(700), peak(1700)
    # A path and a finding for each are left; the text alone of each is 3 kB.
    assert (many - some) / 1000 < 1000, (some, many)


def test_an_import_holds_few_of_the_records_that_wait_to_be_stored(
    databases: Databases, tmp_path: Path
) -> None:
    for number in range(1, 4 * PIECE):
        (tmp_path / f"{number:04}-use-{number}.md").write_text(record(number))
    seen: list[int] = []

    def held() -> int:
        return sum(isinstance(one, (Record, Draft, Text, Source)) for one in gc.get_objects())

    with connected(databases.migrated("sqlite")):
        with quick_passwords():
            cto = cast_of("Larkspur", START).viewer("cto", START)
        before = held()
        report = imports.run(cto, tmp_path, progress=lambda done, of: seen.append(held() - before), at=START)
        # A record and its text of each that is not written yet.
        assert seen[0] < 2 * PIECE and report["created"] == 4 * PIECE - 1
    assert import_reports.dry_run(tmp_path)["created"] == 4 * PIECE - 1
    assert held() == before
