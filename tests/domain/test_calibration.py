"""Forty real decisions, answered as their CTO would: how many need how much review (decision 0032)."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from bench.calibration import CORPUS, OF_A_PROJECT, WANTED, agreement, assessed, mixes, rows

PLACES = [CORPUS] if CORPUS.is_dir() else []


def test_of_forty_real_decisions_twenty_two_need_no_ok_and_eleven_the_full_review() -> None:
    told = mixes()
    assert told["with the answer that 0032 adds"] == [15, 7, 7, 11]
    assert told["as first answered"] == told["unknown not counted"] == [15, 7, 6, 12]
    assert told["every doubt read mildly"] == [16, 12, 4, 8]
    assert told["every doubt read gravely"] == [14, 5, 6, 15]


def test_every_question_that_a_decision_opens_is_answered_with_its_reason() -> None:
    for row in rows():
        for reading in ("answers", "reworded", "milder", "graver", "again"):
            assert assessed(row, reading).unanswered == (), (row["path"], reading)
        assert assessed(row, "milder").level <= assessed(row).level <= assessed(row, "graver").level
        assert row["why"].endswith(".") and len(row["why"]) < 120


def test_ten_decisions_read_twice_have_the_same_level_twice() -> None:
    assert [index for index, row in enumerate(rows(), 1) if "again" in row] == list(range(4, 41, 4))
    assert agreement() == (10, 10, 63, 65)


@pytest.mark.parametrize("corpus", PLACES, ids=lambda path: path.name)
def test_the_sample_stands_by_the_hash_of_its_paths_and_no_project_dominates(corpus: Path) -> None:
    paths = [row["path"] for row in rows()]
    assert len(paths) == len(set(paths)) == WANTED
    assert [path for path in paths if not (corpus / path).is_file()] == []
    assert paths == sorted(paths, key=lambda path: sha256(path.encode()).hexdigest())
    assert max(Counter(path.split("/", 1)[0] for path in paths).values()) <= OF_A_PROJECT
