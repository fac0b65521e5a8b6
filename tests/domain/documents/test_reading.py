"""A folder's files are read together: each is a record or is skipped with a reason, and none is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.documents import Reading, Record, Source, read_records
from adr_app.domain.documents.frontmatter import find_block, read_loosely, read_plain

NYGARD = """# {number}. {title}

Date: {date}

## Status

{status}

## Context

We have to choose.

## Decision

We will.

## Consequences

We shall see.
"""


def nygard(number: int, title: str, status: str = "Accepted", date: str = "2024-01-05") -> str:
    return NYGARD.format(number=number, title=title, status=status, date=date)


def source(text: str) -> Source:
    block = find_block(text)
    if block is None:
        return Source(text, {})
    plain = read_plain(block.text)
    return Source(text, read_loosely(block.text) if plain is None else plain, block.kind, block.end)


def read(files: dict[str, str]) -> Reading:
    return read_records({path: source(text) for path, text in files.items()})


def one(text: str, path: str = "doc/adr/0001-x.md") -> Record:
    reading = read({path: text})
    assert not reading.skipped
    return reading.records[0]


def codes(record: Record) -> set[str]:
    return {note.code for note in record.warnings}


def test_a_nygard_record_is_read() -> None:
    record = one(nygard(1, "Use SQLite"))
    assert (record.title, record.number, record.number_value) == ("Use SQLite", "0001", 1)
    assert (record.status, record.date, record.format) == ("accepted", "2024-01-05", "nygard")
    assert (record.context, record.decision) == ("We have to choose.", "We will.")


def test_a_madr_4_record_is_read() -> None:
    text = """---
status: accepted
date: 2024-02-03
decision-makers: Ann Ray, @bob
consulted:
  - Carol
---

# Use PostgreSQL

## Context and Problem Statement

Where do rows live?

## Decision Drivers

* cost

## Considered Options

* PostgreSQL
* A file, e.g. CSV

## Decision Outcome

Chosen option: "PostgreSQL", because it is there.

### Consequences

* Good, because rows live

## Pros and Cons of the Options

### PostgreSQL

* Good, because known
* Neutral, because free
* Bad, because large

### A file

* Bad, because slow

## More Information

None.
"""
    record = one(text)
    assert record.format == "madr4"
    assert record.deciders == ("Ann Ray", "@bob")
    assert record.consulted == ("Carol",)
    assert record.options is not None
    first, second = record.options
    assert (first.title, first.chosen, first.pros, first.neutral, first.cons) == (
        "PostgreSQL", True, ("known",), ("free",), ("large",),
    )  # fmt: skip
    assert (second.chosen, second.cons) == (False, ("slow",))
    assert ("More Information", "None.") in record.extra_sections
    assert record.front_matter + record.body == text


def test_a_log4brains_record_is_read() -> None:
    text = (
        "# Use X\n\n- Status: superseded by [20240110-use-y](20240110-use-y.md)\n- Deciders: A, B\n"
        "- Date: 2024-01-09\n- Tags: Db, api\n\n"
        "## Context and Problem Statement\n\nx\n\n## Considered Options\n\n- X\n- Y\n"
    )
    reading = read({"docs/adr/20240109-use-x.md": text, "docs/adr/20240110-use-y.md": nygard(1, "Use Y")})
    record = reading.records[0]
    assert (record.format, record.number, record.date) == ("log4brains", None, "2024-01-09")
    assert (record.status, record.tags) == ("superseded", ("Db", "api"))
    assert record.related("supersedes", inward=True) == ["docs/adr/20240110-use-y.md"]


@pytest.mark.parametrize(
    "head",
    [
        "**Status**: Accepted",
        "**Status:** Accepted",
        "* Status: accepted",
        "Status: Accepted",
        "> Status: Accepted",
        "| Status | Date |\n| --- | --- |\n| Accepted | 2024-01-01 |",
        ">| | |\n>|---|---|\n>| Status | `Accepted` |",
        "### Status: **Accepted**",
        "**Status**: Accepted | **Date**: 2024-01-01",
        "!!! info\n    **Status**: Accepted",
        "- Date: 2024-01-01\n- Status: [ACCEPTED](/README.md#accepted)",
    ],
)
def test_a_status_in_the_header_is_found(head: str) -> None:
    record = one(f"# Title\n\n{head}\n\n## Context\n\nx\n\n## Decision\n\ny\n")
    assert (record.status, record.status_source in {"header", "heading"}) == ("accepted", True)


@pytest.mark.parametrize(
    "body",
    [
        "## Status quo\n\nAccepted wisdom.",
        "## API\n\n| Status | Meaning |\n|---|---|\n| accepted | yes |",
        "```yaml\nstatus: accepted\n```",
        "## Example\n\n```\n## Status\n\nAccepted\n```",
        "<!--\n## Status\n\nAccepted\n-->",
        "## Consequences\n\nThe library is superseded by another and was rejected.",
        "## Events\n\n**Status**: Represents a state of accepted things.",
    ],
)
def test_no_status_is_invented_from_other_words(body: str) -> None:
    assert one(f"# Title\n\n## Context\n\nx\n\n## Decision\n\ny\n\n{body}\n").status is None


@pytest.mark.parametrize(
    ("path", "text", "status"),
    [
        ("adr/0001-x.md", "# [superseded] Old way\n\n## Context\n\nx\n\n## Decision\n\ny\n", "superseded"),
        ("adr/0001-x.md", "# Draft: New way\n\n## Context\n\nx\n\n## Decision\n\ny\n", "draft"),
        ("adr/deprecated/0001-x.md", "# Way\n\n## Context\n\nx\n\n## Decision\n\ny\n", "deprecated"),
        (
            "adr/0001-x.md",
            "# W\n\n> This ADR is superseded.\n\n## Context\n\nx\n\n## Decision\n\ny\n",
            "superseded",
        ),
    ],
)
def test_title_folder_and_banner_may_state_the_status(path: str, text: str, status: str) -> None:
    record = one(text, path)
    assert record.status == status
    assert record.title is not None
    assert "[" not in record.title


def test_the_metadata_is_believed_before_the_text_and_the_disagreement_is_told() -> None:
    record = one("---\nstatus: proposed\n---\n" + nygard(1, "X"))
    assert record.status == "proposed"
    assert "status-disagrees" in codes(record)


def test_a_successor_named_anywhere_about_the_record_makes_it_superseded() -> None:
    files = {
        "adr/0001-a.md": nygard(1, "A", "Accepted\n\nSuperceded by [2. B](0002-b.md)"),
        "adr/0002-b.md": nygard(2, "B", "Accepted\n\nSupercedes [1. A](0001-a.md)"),
    }
    first, second = read(files).records
    assert first.status == "superseded"
    assert first.related("supersedes", inward=True) == ["adr/0002-b.md"]
    assert second.status == "accepted"
    assert second.related("supersedes", inward=False) == ["adr/0001-a.md"]


def test_a_word_in_the_title_of_a_linked_record_is_no_relation() -> None:
    files = {
        "adr/0004-colour.md": nygard(4, "Show superseded records in grey"),
        "adr/0005-next.md": nygard(
            5, "Next", "Accepted\n\nAmends [4. Show superseded records in grey](0004-colour.md)"
        ),
    }
    record = read(files).records[1]
    assert record.status == "accepted"
    assert [(x.kind, x.inward, x.path) for x in record.links if x.kind != "mentions"] == [
        ("amends", False, "adr/0004-colour.md")
    ]


def test_superseding_a_part_leaves_the_record_in_force() -> None:
    files = {
        "adr/0001-a.md": nygard(1, "A", "Accepted; the naming is superseded by [2. B](0002-b.md)"),
        "adr/0002-b.md": nygard(2, "B", "Accepted\n\nPartially supersedes [1. A](0001-a.md)"),
    }
    first, second = read(files).records
    assert first.status == "accepted"
    assert [(x.part, x.path) for x in first.links if x.kind == "supersedes"] == [(True, "adr/0002-b.md")]
    assert second.related("supersedes", inward=False) == []
    assert any(x.part and x.path == "adr/0001-a.md" for x in second.links)


@pytest.mark.parametrize(
    "target",
    [
        "[2. B](0002-b.md)",
        "[B](./0002-b.md#decision)",
        "[B](/adr/0002-b.md)",
        "[B](adr/0002-b.md)",
        "[B](https://github.com/o/r/blob/main/adr/0002-b.md)",
        '[B]({{< ref "0002-b.md" >}})',
        "[B](0002-b.html)",
        "[ADR 2](/adr/2)",
        "[B](../old/0002-b.md)",
        "[2. B thing it is](0007-b-thing-it-is.md)",
        "ADR-0002",
        "ADR 2",
        "0002-b.md",
        "[ADR-2]",
        "[B][b]",
    ],
)
def test_a_successor_is_found_however_it_is_addressed(target: str) -> None:
    files = {
        "adr/0001-a.md": nygard(1, "A", f"Superseded by {target}") + "\n[b]: 0002-b.md\n",
        "adr/0002-b.md": nygard(2, "B thing it is"),
        "adr/0003-c.md": nygard(3, "C"),
    }
    assert read(files).records[0].related("supersedes", inward=True) == ["adr/0002-b.md"]


def test_a_successor_that_is_nowhere_keeps_its_text() -> None:
    record = one(nygard(1, "A", "Superseded by [9. Gone](0009-gone.md)"))
    link = next(x for x in record.links if x.kind == "supersedes")
    assert link.path is None
    assert "0009-gone.md" in link.target
    assert record.status == "superseded"
    assert "link-unresolved" in codes(record)


def test_a_file_that_is_no_record_is_skipped_with_a_reason() -> None:
    files = {
        "adr/README.md": "# Decisions\n\n* [1](0001-a.md)\n",
        "adr/template.md": nygard(0, "Title"),
        "adr/0000-template.md": nygard(0, "Title"),
        "LICENSE.md": "MIT",
        "AGENTS.md": "# Be nice",
        "docs/guide.md": "# Guide\n\nHow to start.\n",
        "adr/0003-x.md": "",
        "adr/0004-x.md": "../other/0004-x.md",
        "adr/0001-a.md": nygard(1, "A"),
    }
    reading = read(files)
    assert [record.path for record in reading.records] == ["adr/0001-a.md"]
    assert {path for path, _ in reading.skipped} == files.keys() - {"adr/0001-a.md"}
    assert all(reason for _, reason in reading.skipped)


def test_a_folder_may_be_a_record() -> None:
    files = {
        "rfcs/README.md": "# All of them\n",
        "rfcs/0037-present/README.md": "# RFC 0037: Present\n\n- Status: Accepted\n\n## Summary\n\nx y z\n",
        "rfcs/0037-present/notes.md": "# Notes\n\n## Context\n\nx\n",
    }
    reading = read(files)
    assert [(r.path, r.title, r.number_value) for r in reading.records] == [
        ("rfcs/0037-present/README.md", "Present", 37)
    ]


def test_two_records_with_one_number_are_both_kept_and_told() -> None:
    reading = read({"adr/0001-a.md": nygard(1, "A"), "adr/0001-b.md": nygard(1, "B")})
    assert len(reading.records) == 2
    assert "number-twice" in codes(reading.records[1])


def test_an_impossible_date_is_kept_as_text_and_told() -> None:
    record = one(nygard(1, "A", date="2020-09-31"))
    assert (record.date, record.date_raw) == (None, "2020-09-31")
    assert "date-impossible" in codes(record)


def test_a_month_is_no_day_and_none_that_cannot_be() -> None:
    record = one(nygard(1, "A", date="2026-07"))
    assert (record.date, record.date_raw) == (None, "2026-07")
    assert codes(record) == {"date-ambiguous"}


def test_day_and_month_are_told_apart_by_the_folder() -> None:
    reading = read(
        {"a/0001-x.md": nygard(1, "X", date="05/06/2023"), "a/0002-y.md": nygard(2, "Y", date="25/06/2023")}
    )
    assert [record.date for record in reading.records] == ["2023-06-05", "2023-06-25"]


def test_the_numbers_of_other_folders_tell_no_order() -> None:
    reading = read(
        {
            "a/0001-x.md": nygard(1, "X", date="2024-05-22"),
            "a/0005-y.md": nygard(5, "Y", date="10-12-2024"),
            "b/0006-z.md": nygard(6, "Z", date="2024-11-01"),
            "c/0003-w.md": nygard(3, "W", date="2024-08-01"),
        }
    )
    assert [record.date for record in reading.records if "Y" in record.fallback_title] == [None]


def test_a_date_that_cannot_be_told_is_not_set() -> None:
    record = one(nygard(1, "X", date="05/06/2023"))
    assert record.date is None
    assert "date-ambiguous" in codes(record)


def test_the_oldest_entry_of_a_change_log_is_the_date() -> None:
    record = one(
        "# ADR 1: X\n\n## Changelog\n\n- 2021-04-23: Changed\n"
        "- 2020-05-18: Initial draft\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
    )
    assert (record.date, record.date_source) == ("2020-05-18", "change log")


def test_a_record_of_a_foreign_language_is_read() -> None:
    record = one(
        "# ADR-0013: Stabilisierung\n\n## Status\nAngenommen\n\n"
        "## Kontext\nx\n\n## Entscheidung\ny\n\n## Konsequenzen\nz\n"
    )
    assert (record.title, record.status, record.context, record.decision) == (
        "Stabilisierung",
        "accepted",
        "x",
        "y",
    )


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "](",
        "<!--",
        "`",
        "*",
        "# ",
        "> ",
        "| ",
        "superseded by [",
        "{{<",
        "a: ",
        "- [x](",
        "~~",
        "1. ",
        "(",
        "\\",
        "<a ",
        "**x",
    ],
)
def test_a_hundred_kilobytes_of_anything_are_read(piece: str) -> None:
    record = one(f"# T\n\n## Status\n\nAccepted\n\n## Context\n\n{piece * (100_000 // len(piece))}\n")
    assert (record.title, record.status) == ("T", "accepted")


MARKDOWN = st.lists(
    st.sampled_from(
        ["# ", "## Status", "Accepted", "Superseded by", "[2. B](0002-b.md)", "\n", "\n\n", "```", "<!--",
         "-->", "---", "* ", "| a | b |", "|---|---|", "Status:", "Date: 2020-01-01", "Deciders: A, B",
         "## Considered Options", "\x00", "\ud800", "é"]
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["adr/0001-a.md", "adr/0002-b.md", "README.md", "x.md", "adr/c/README.md"]), MARKDOWN
    )
)
def test_every_file_is_told_exactly_once_whatever_is_in_it(files: dict[str, str]) -> None:
    reading = read(files)
    told = [record.path for record in reading.records] + [path for path, _ in reading.skipped]
    assert sorted(told) == sorted(files)
    for record in reading.records:
        assert record.status in {
            None,
            "draft",
            "proposed",
            "accepted",
            "rejected",
            "deprecated",
            "superseded",
        }
        for link in record.links:
            assert link.path is None or link.path in files


def test_the_next_item_of_a_list_is_not_part_of_the_relation_before_it() -> None:
    links = "\n## Links\n\n* Supersedes [1. A](0001-a.md)\n* [2. B](0002-b.md)\n"
    files = {
        "adr/0001-a.md": nygard(1, "A"),
        "adr/0002-b.md": nygard(2, "B"),
        "adr/0003-c.md": nygard(3, "C") + links,
    }
    assert read(files).records[2].related("supersedes", inward=False) == ["adr/0001-a.md"]


def test_a_relation_may_head_a_list() -> None:
    files = {
        "adr/0001-a.md": nygard(1, "A"),
        "adr/0002-b.md": nygard(2, "B"),
        "adr/0003-c.md": nygard(
            3, "C", "Accepted\n\nSupersedes:\n\n- [1. A](0001-a.md)\n- [2. B](0002-b.md)"
        ),
    }
    assert read(files).records[2].related("supersedes", inward=False) == ["adr/0001-a.md", "adr/0002-b.md"]
