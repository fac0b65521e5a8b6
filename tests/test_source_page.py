"""The page that goes through the source: every sentence has its line, and each leads where something is."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "source.md"
ROWS = dict(re.findall(r"^\| (S\d\d) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_sentence_has_one_line() -> None:
    assert list(ROWS) == [f"S{n:02}" for n in range(1, 78)]


@pytest.mark.parametrize("row", ROWS)
def test_every_line_leads_somewhere_or_says_that_it_is_not_met(row: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", ROWS[row])
    assert links or re.search(r"\| (not yet|nothing to meet|this page)$", ROWS[row])
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    assert "in part" not in ROWS[row] or "not yet" in ROWS[row], "what is missing is said"
