"""What files say of each other besides replacing is kept with its direction, and goes with what says it."""

from pathlib import Path

import pytest

from adr_app.models.decisions import ImportedFile, Link
from adr_app.services import exports, links
from tests.casts import Cast
from tests.conftest import START
from tests.services.records import record
from tests.services.test_imports import assert_sound, counts, named, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three accepted records: the third changes the first, depends on the second and belongs with it."""
    root = tmp_path / "adr"
    root.mkdir()
    (root / "0001-a.md").write_text(record(1, "Accepted\n\nAmended by [3. Use thing 3](0003-c.md)"))
    (root / "0002-b.md").write_text(record(2, "Accepted\n\nRelates to [3. Use thing 3](0003-c.md)"))
    (root / "0003-c.md").write_text(third())
    return root


def third(*left_out: str) -> str:
    said = (
        "Amends [1. Use thing 1](0001-a.md)",
        "Depends on [2. Use thing 2](0002-b.md)",
        "Relates to [2. Use thing 2](0002-b.md)",
    )
    return record(3, "\n\n".join(["Accepted", *(one for one in said if one.split()[0] not in left_out)]))


def stored() -> list[tuple[str, str, str]]:
    paths = {named(p).id: p[3] for p in ("0001-a.md", "0002-b.md", "0003-c.md")}
    return sorted((e.kind, paths.get(e.from_id, e.from_text), paths.get(e.to_id, e.to_text)) for e in Link)


def test_every_kind_is_kept_once_with_its_direction(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    found = stored()
    assert found[:2] == [("amends", "3", "1"), ("depends", "3", "2")]
    assert [(kind, {start, end}) for kind, start, end in found[2:]] == [("relates", {"2", "3"})]
    assert_sound(cast)
    assert counts(run(cast, folder)) == (0, 0, 0, 3)
    assert stored() == found


def test_what_only_the_passive_end_says_begins_at_the_other(cast: Cast, folder: Path) -> None:
    (folder / "0003-c.md").write_text(third("Amends", "Depends", "Relates"))
    run(cast, folder)
    assert stored() == [("amends", "3", "1"), ("relates", "2", "3")]
    assert_sound(cast)


def test_what_no_file_says_any_more_goes_and_what_a_person_linked_stays(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    first, second = named("0001-a.md").number, named("0002-b.md").number
    links.link(cast.viewer("cto", START), second, first, "depends", at=START)
    (folder / "0002-b.md").write_text(record(2))
    (folder / "0003-c.md").write_text(third("Depends", "Relates", "Amends"))
    assert counts(run(cast, folder)) == (0, 2, 0, 1)
    # The first file still says that it was changed by the third.
    assert stored() == [("amends", "3", "1"), ("depends", "2", "1")]
    assert_sound(cast)


@pytest.mark.parametrize("status", ["Accepted", "Proposed"])
def test_words_that_mean_no_file_are_kept_and_shown_until_the_file_comes(
    cast: Cast, folder: Path, status: str
) -> None:
    (folder / "0001-a.md").write_text(record(1, f"{status}\n\nDepends on [9. Use thing 9](0009-i.md)"))
    (folder / "0002-b.md").write_text(record(2, f"{status}\n\nAmended by [9. Use thing 9](0009-i.md)"))
    (folder / "0003-c.md").write_text(record(3))
    run(cast, folder)
    words = "[9. Use thing 9](0009-i.md)"
    assert stored() == [("amends", words, "2"), ("depends", "1", words)]
    shown = links.of(cast.viewer("cto", START), named("0001-a.md"))
    assert [(row["words"], row["text"]) for row in shown] == [("depends on", "9. Use thing 9")]
    assert_sound(cast)
    (folder / "0009-i.md").write_text(record(9))
    assert counts(run(cast, folder)) == (1, 0, 0, 3)
    ninth = named("0009-i.md").id
    ends = sorted((edge.kind, edge.from_id, edge.to_id) for edge in Link)
    assert ends == [
        ("amends", ninth, named("0002-b.md").id),
        ("depends", named("0001-a.md").id, ninth),
    ]
    assert_sound(cast)


def test_a_file_left_as_it_is_adds_and_takes_away_no_relation(cast: Cast, folder: Path) -> None:
    run(cast, folder)
    before = stored()
    ImportedFile.update(revision=0).where(ImportedFile.path == "0003-c.md").execute()
    (folder / "0003-c.md").write_text(third("Depends"))
    (folder / "0002-b.md").write_text(record(2, "Accepted\n\nRelates to [3](0003-c.md)", more=" More."))
    assert counts(run(cast, folder)) == (0, 1, 1, 1)
    assert stored() == before


def test_files_that_were_not_touched_come_back_as_they_were(cast: Cast, folder: Path, tmp_path: Path) -> None:
    run(cast, folder)
    before = stored()
    told = exports.run(cast.viewer("cto", START), tmp_path / "out", code="adr-tools", at=START)
    assert told["as_they_came"] == 3
    for path in folder.glob("*.md"):
        (there,) = (tmp_path / "out").rglob(path.name)
        assert there.read_bytes() == path.read_bytes()
    assert counts(run(cast, tmp_path / "out"))[:3] == (0, 0, 0)
    assert stored() == before
