"""Words of a text that a comment is about: found by their letters, whatever marks stand between them."""

import pytest

from adr_app.domain.passages import heading_above, holds, part_of

TEXT = (
    "<p>We keep <strong>all</strong> copies for 72&nbsp;hours.</p><h2>Why</h2><ul><li>It is cheap</li>"
    "<li>5 &lt; 7</li></ul><h3>What <code>then</code></h3><p>It is late.</p>"
)


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("keep all copies", True),
        ("keep\n all  copies for 72 hours.", True),
        ("It is cheap\n\n5 < 7", True),
        ("hours. Why It is", True),
        ("Keep all", False),
        ("all copies are", False),
        ("strong", False),
    ],
)
def test_a_text_has_words_whose_letters_it_shows_in_that_order(words: str, there: bool) -> None:
    assert holds(TEXT, words) is there


@pytest.mark.parametrize(
    ("words", "heading"),
    [("all copies", ""), ("It is cheap", "Why"), ("is late", "What then"), ("cheap 5 < 7 What then", "")],
)
def test_the_place_of_words_is_the_heading_above_them(words: str, heading: str) -> None:
    assert heading_above(TEXT, words) == heading


def test_words_stand_in_the_first_part_that_shows_them() -> None:
    parts = [("title", "Late"), ("decision", TEXT), ("context", "<p>It is late.</p>")]
    assert [part_of(parts, words) for words in ("It is late", "Late", "Never")] == ["decision", "title", None]
