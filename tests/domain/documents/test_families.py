"""Every family of decision records is read as it is meant; adding one adds its fixtures, not a test."""

import json
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.documents import Record
from adr_app.domain.documents.families import FAMILIES
from adr_app.services.folders import read_folder

FIXTURES = Path(__file__).parents[2] / "fixtures" / "formats"
CASES = sorted(FIXTURES.glob("*/*.json"))


def told(record: Record) -> dict[str, Any]:
    """Return what was read, in the words of the fixtures."""
    names = ("path", "title", "status", "status_raw", "status_source", "date", "date_raw", "scope", "format")
    texts = ("format_reason", "drivers", "context", "decision", "consequences", "extra_metadata")
    lists = ("deciders", "consulted", "informed", "tags")
    return {
        **{name: getattr(record, name) for name in (*names, *texts)},
        **{name: list(getattr(record, name)) for name in lists},
        "number": record.number_value,
        "number_text": record.number,
        "extra": [list(pair) for pair in record.extra_sections],
        "links": sorted(
            (
                [x.kind, "in" if x.inward else "out", x.path, *(["part"] if x.part else [])]
                for x in record.links
                if x.kind != "mentions"
            ),
            key=str,
        ),
        "unresolved": [x.target for x in record.links if x.path is None],
    }


def options(record: Record, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the options that were read, as far as the fixture says something of them."""
    found = []
    for i, option in enumerate(record.options or ()):
        keys = wanted[i].keys() if i < len(wanted) else ("title",)
        values = {key: getattr(option, key) for key in keys}
        found.append({k: list(v) if isinstance(v, tuple) else v for k, v in values.items()})
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_family_is_read_as_it_is_meant(case: Path) -> None:
    wanted = json.loads(case.read_text(encoding="utf-8"))
    reading = read_folder(case.with_suffix("")).reading
    records = {record.path: record for record in reading.records}
    assert sorted(records) == sorted(row["path"] for row in wanted["decisions"])
    for row in wanted["decisions"]:
        record = records[row["path"]]
        if "options" in row:
            said = row.pop("options")
            assert (None if record.options is None else options(record, said or [])) == said, record.path
        said = told(record)
        if "links" in row:
            row["links"].sort(key=str)
        assert {key: said[key] for key in row} == row
    skipped = dict(reading.skipped)
    assert skipped.keys() == wanted["skipped"].keys()
    for path, reason in wanted["skipped"].items():
        assert reason in skipped[path]
    if "warnings" in wanted:
        found = [[path, note.line, note.code] for path, note in reading.warnings]
        assert sorted(found) == sorted(wanted["warnings"])


def test_every_family_has_fixtures() -> None:
    assert {path.parent.name for path in CASES} >= {family.name for family in FAMILIES}
