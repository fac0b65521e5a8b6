"""Metadata is text; what no parser accepts is still read line by line."""

from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.documents.frontmatter import find_block, read_loosely, read_plain


def test_a_block_between_rules_is_metadata() -> None:
    text = "---\nstatus: accepted\n---\n# T\n"
    block = find_block(text)
    assert block is not None
    assert (block.kind, block.text, text[block.end :]) == ("yaml", "status: accepted\n", "# T\n")


def test_a_block_may_follow_blank_entities_and_comments_and_may_be_toml() -> None:
    assert find_block("&nbsp;\n<!-- x -->\n---\nstatus: a\n---\n") is not None
    block = find_block('+++\n# banner\ntitle = "x"\n+++\n')
    assert block is not None
    assert block.kind == "toml"


def test_a_rule_is_not_metadata() -> None:
    assert find_block("---\nSome prose about things.\n---\n") is None
    assert find_block("---\nstatus: accepted\n") is None
    assert find_block("# T\n---\nstatus: x\n---\n") is None


def test_plain_metadata_keeps_its_spelling() -> None:
    found = read_plain(
        'status: no\nnumber: 0042\ndate: 2024-02-30\ntags:\n  - a\n  - "b c"\n# note\nx: "y"\n'
    )
    assert found == {"status": "no", "number": "0042", "date": "2024-02-30", "tags": ["a", "b c"], "x": "y"}


def test_what_needs_a_parser_is_left_to_one() -> None:
    for block in (
        "a: [x, y]",
        "a: b # c",
        "a: {x}",
        "a: &x y",
        "a: |\n  b",
        "a: b: c",
        "a: b\n  c",
        'a: "x\\n"',
        "a: 1\na: 2",
    ):
        assert read_plain(block) is None


def test_lines_are_saved_from_broken_metadata() -> None:
    found = read_loosely(
        "status: superseded by [ADR-5](5.md)\ndeciders: @ann, @bob\ndate: {2024-01-01\n  more\n- x"
    )
    assert found["status"] == "superseded by [ADR-5](5.md)"
    assert found["deciders"] == "@ann, @bob"


@given(st.text(alphabet=st.sampled_from("ab:-#\n \"'[]{}"), max_size=80))
def test_no_block_makes_the_readers_fail(text: str) -> None:
    find_block(f"---\n{text}\n---\n")
    read_plain(text)
    read_loosely(text)
