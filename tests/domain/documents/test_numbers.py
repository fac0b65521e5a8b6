"""Numbers are text with an integer beside it; dates are not numbers."""

import pytest

from adr_app.domain.documents.numbers import find_number, read_name, split_heading


@pytest.mark.parametrize(
    ("stem", "number", "day"),
    [
        ("0001-use-x", "0001", None),
        ("0000-use-records", "0000", None),
        ("001-x", "001", None),
        ("adr-008-monitoring", "008", None),
        ("ADR030-use-aws", "030", None),
        ("ADR-031-x", "031", None),
        ("AD0001-layers", "0001", None),
        ("dr-007-GraphQL", "007", None),
        ("rfc-0054-extend", "0054", None),
        ("adr-61", "61", None),
        ("013adr-configuration", "013", None),
        ("0003_replace_gitflow", "0003", None),
        ("ADR-032.1-x", "032.1", None),
        ("20200926-use-the-number", None, "2020-09-26"),
        ("2020_03_03_x", None, "2020-03-03"),
        ("2024-10-02-clustered", None, "2024-10-02"),
        ("20240603162604-msw", None, "2024-06-03"),
        ("20240510-adr-0005-be-resilient", "0005", "2024-05-10"),
        ("2024-05-10-0007-x", "0007", "2024-05-10"),
        ("ADR-XXX_Agree", None, None),
        ("react-context", None, None),
    ],
)
def test_a_file_name_tells_its_number_and_its_day(stem: str, number: str | None, day: str | None) -> None:
    name = read_name(stem)
    assert (name.number, name.day) == (number, day)


@pytest.mark.parametrize(
    ("heading", "number", "rest"),
    [
        ("3. Third Record", "3", "Third Record"),
        ("ADR-3: Title", "3", "Title"),
        ("ADR 3 - Title", "3", "Title"),
        ("0021. Title", "0021", "Title"),
        ("2: Title", "2", "Title"),
        ("Aries RFC 0454: Present Proof", "0454", "Present Proof"),
        ("ADR 8: Building", "8", "Building"),
        ("12 Factor apps", None, "12 Factor apps"),
        ("508 compliance", None, "508 compliance"),
        ("RFC 3339 timestamps everywhere", None, "RFC 3339 timestamps everywhere"),
    ],
)
def test_a_heading_gives_its_number_only_when_it_is_one(heading: str, number: str | None, rest: str) -> None:
    assert split_heading(heading) == (number, rest)


def test_the_file_name_comes_before_the_heading_and_metadata_last() -> None:
    found = find_number(read_name("0015-x"), "16. X", {"id": "17"})
    assert found is not None
    assert (found.text, found.value, found.source) == ("0015", 15, "file name")
    found = find_number(read_name("x"), "16. X", {"id": "17"})
    assert found is not None
    assert (found.value, found.source) == (16, "heading")
    found = find_number(read_name("x"), "X", {"adr-id": "0042"})
    assert found is not None
    assert (found.text, found.value, found.source) == ("0042", 42, "metadata")
    assert find_number(read_name("x"), "X", {}) is None
