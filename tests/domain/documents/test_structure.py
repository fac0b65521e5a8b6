"""Headings and sections are those that a reader sees."""

from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.documents.structure import Document, comparable


def names(text: str) -> list[str]:
    return [heading.name for heading in Document(text).headings]


def test_headings_in_code_and_comments_are_not_headings() -> None:
    text = (
        "# T\n```md\n## Status\n```\n~~~~\n~~~\n## Context\n~~~~\n<!--\n## Decision\n-->\n## Consequences\n"
    )
    assert names(text) == ["t", "consequences"]


def test_a_longer_fence_holds_shorter_ones() -> None:
    assert names("````\n```\n# A\n```\n````\n# B\n") == ["b"]


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert names("# A\n<!-- forgotten\n## Status\n") == ["a", "status"]


def test_underlined_headings_count_and_rules_do_not() -> None:
    assert names("Title\n=====\n\nStatus\n------\n\ntext\n\n---\n\n* a\n---\n") == ["title", "status"]


def test_a_heading_is_compared_without_decoration() -> None:
    for text in (
        "**Status**",
        "2. Status",
        "Status:",
        '<a name="x"></a> Status',
        "`Status`",
        "STATUS",
        "⚡ Status",
    ):
        assert comparable(text) == "status"
    assert comparable("Option 1: Terraform") == "option 1: terraform"


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    document = Document("# T\n## A\none\n### A1\ntwo\n## B\nthree")
    section = document.sections[1]
    assert document.raw(section.start, section.own) == "one"
    assert document.raw(section.start, section.end) == "one\n### A1\ntwo"


@given(st.text(alphabet=st.sampled_from("#=-`~<!> \nab*1."), max_size=200))
def test_every_line_keeps_its_number(text: str) -> None:
    document = Document(text)
    assert len(document.shown) == len(document.lines) == text.count("\n") + 1
    for section in document.sections:
        assert section.heading.line < section.start <= section.own <= section.end <= len(document.lines) or (
            section.start == section.own
        )
