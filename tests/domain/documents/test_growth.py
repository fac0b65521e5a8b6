"""Reading takes work that grows with the text and no faster, whatever is in it.

Work is counted in lines of Python that are run, not in time, so that the same text always counts the same.
What the library of patterns does is not in that count; `python -m bench.fuzz` measures its time.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from adr_app.domain.documents import Source, read_records
from adr_app.domain.gate.facts import facts_of
from adr_app.domain.gate.material import material_digest
from adr_app.services.decoding import decode
from bench.shapes import SHAPES

SMALL, LARGE = 250, 1000
OTHER = Source("# A\n\n## Status\n\nAccepted\n\n## Context\n\nx\n", {})


def look_at(text: str) -> None:
    """Do what the gate and an import do with a file of this text."""
    source = decode(text.encode())
    if isinstance(source, str):
        return
    for record in read_records({"adr/0002-t.md": source, "adr/0001-a.md": OTHER}).records:
        facts_of(record, ("context", "options"))
        material_digest(record.front_matter + record.body)


def lines_run(act: Callable[[], None]) -> int:
    """Return how many lines of Python an act runs."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_four_times_as_long_is_no_more_than_four_times_the_work(shape: str) -> None:
    make = SHAPES[shape]
    look_at(make(SMALL))  # what is remembered between texts is built here
    small, large = (lines_run(lambda n=n: look_at(make(n))) for n in (SMALL, LARGE))  # type: ignore[misc]
    assert large <= 4.4 * small + 1000


def test_a_file_of_more_decisions_than_anybody_keeps_in_one_is_refused_with_the_limit() -> None:
    source = decode(SHAPES["decisions in one file"](2001).encode())
    assert isinstance(source, Source)
    reading = read_records({"adr/decisions.md": source})
    assert not reading.records
    assert reading.skipped == (
        (
            "adr/decisions.md",
            "it holds more than 2000 decisions, the most that are read of one file; split it",
        ),
    )


def test_a_letter_under_a_pile_of_marks_is_refused_with_its_line_and_the_limit() -> None:
    assert isinstance(decode(("a\n\ne" + "\u0301" * 30).encode()), Source)
    assert decode(("a\n\ne" + "\u0301" * 31).encode()) == (
        "more than 30 marks stand on one letter, in line 3; no language has that"
    )
