"""What a text is about is told by its first paragraph that says something."""

import pytest

from adr_app.domain.plain_words import first_prose


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# 1. It\n\nDate: 2024-01-01\n\n## Status\n\nAccepted\n\n## So\n\nWhy we *do* it.", "Why we do it."),
        ("# Use it\n\n## Context and Problem Statement\nWe need a thing.\nHere.", "We need a thing. Here."),
        ("* Status: accepted\n* Decision makers: A, B\n\n## Why\n\nShould it be used?", "Should it be used?"),
        ("Use it\n======\n\nFirst words that count.", "First words that count."),
        ("<!-- a remark -->\n\n| a | b |\n|--|--|\n\nThis is what it says: x.", "This is what it says: x."),
        ("# Use it\n\n## Status\n\nAccepted\n\n1.\n", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_headings_fields_and_a_bare_status_are_passed_over(text: str, words: str) -> None:
    assert first_prose(text) == words
