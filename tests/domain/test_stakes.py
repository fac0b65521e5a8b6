"""How much hangs on a decision: one-way doors first, then what is sensitive; unknown is in between."""

import pytest

from adr_app.domain.revisions import EMPTY
from adr_app.domain.stakes import NOT_SAID, stakes


def test_a_text_that_says_nothing_stands_between_hard_and_easy() -> None:
    hard, easy = stakes({"undo": "hard"}, {}), stakes({"undo": "easy"}, {})
    assert hard > stakes(EMPTY, {}) == stakes({}, {}) == NOT_SAID > easy


def test_what_is_hard_to_undo_stands_before_everything_that_is_sensitive() -> None:
    assert stakes({"undo": "hard", "data": ["public"]}, {}) > stakes({"data": ["health"]}, {"data": "yes"})


@pytest.mark.parametrize("field", ["", "easy", "hard"])
def test_an_answer_weighs_more_than_the_field_and_an_unknown_one_leaves_it_to_the_field(field: str) -> None:
    assert stakes({"undo": field}, {"undo": "yes"}) == stakes({"undo": "hard"}, {})
    assert stakes({"undo": field}, {"undo": "no"}) == stakes({"undo": "easy"}, {})
    assert stakes({"undo": field}, {"undo": "unknown"}) == stakes({"undo": field}, {})


def test_sensitive_is_what_an_answer_or_the_text_names_and_plain_data_is_not() -> None:
    order = [
        stakes({"data": ["public", "internal"]}, {}),
        stakes({}, {}),
        stakes({"data": ["internal", "secrets"]}, {"data": "no"}),
    ]
    assert order == sorted(set(order))
    assert stakes({}, {"data": "no"}) == order[0] and stakes({}, {"data": "yes"}) == order[2]
