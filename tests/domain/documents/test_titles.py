"""A title is the record's own words, without what stands before or after them."""

import pytest

from adr_app.domain.documents.record import title_from_path
from adr_app.domain.documents.titles import is_placeholder, tidy


@pytest.mark.parametrize(
    ("heading", "title", "status"),
    [
        ("3. Third Record", "Third Record", None),
        ("Decision Record: Content types", "Content types", None),
        ("DR 007: (INVALID) GraphQL as API facade", "GraphQL as API facade", "deprecated"),
        ("[Superseded by [ADR-0019](0019-x.md)] Push metrics", "Push metrics", "superseded"),
        ("Draft: New way", "New way", "draft"),
        ("Old way (deprecated)", "Old way", "deprecated"),
        ("[Pipeline Analytics]", "Pipeline Analytics", None),
        ("PENDING DECISIONS: Backend", "PENDING DECISIONS: Backend", None),
        ("12 Factor apps", "12 Factor apps", None),
    ],
)
def test_a_heading_is_tidied(heading: str, title: str, status: str | None) -> None:
    found, stated = tidy(heading)
    assert (found, stated.status) == (title, status)


def test_a_bare_number_is_cut_only_when_it_is_the_files_own() -> None:
    assert tidy("23 Logging", "023")[0] == "Logging"
    assert tidy("23 Logging", "024")[0] == "23 Logging"


def test_a_templates_title_is_a_placeholder() -> None:
    assert is_placeholder("{short title of solved problem and solution}")
    assert is_placeholder("1. Title")
    assert not is_placeholder("Title service rewritten in Go")


def test_a_name_gives_a_title_where_the_file_has_none() -> None:
    assert title_from_path("adr/001-drop-kafka-dependency.md") == "Drop kafka dependency"
    assert title_from_path("adr/2024-10-02-clustered/README.md") == "Clustered"
