"""How much review the answers ask for, and that a riskier answer never asks for less."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid
from adr_app.domain.security import (
    LEVEL_NAMES,
    VALID_MONTHS,
    first_four_answered,
    level_of,
    open_questions,
    valid_until,
)
from adr_app.domain.security_questions import FIRST, FOLLOW_UPS, QUESTIONS, UNKNOWN

FOUR_NOES = {q.code: "no" for q in FIRST}
HARMLESS = {q.code: q.answers[0].code for q in FOLLOW_UPS}


def answered(**answers: str) -> dict[str, str]:
    """Return four noes and harmless follow-ups, but for the answers given."""
    return {**FOUR_NOES, **HARMLESS, **answers}


def test_four_times_no_needs_no_review() -> None:
    found = level_of(FOUR_NOES)
    assert (found.level, found.because, found.unanswered, found.expedited) == (0, (), (), False)


def test_four_times_no_inside_a_compliance_boundary_tells_the_vciso() -> None:
    found = level_of(FOUR_NOES, inside_boundary=True)
    assert (found.level, found.because) == (1, ("q13",))


def test_nothing_answered_counts_as_an_ok_needed() -> None:
    found = level_of({})
    assert found.level == 2
    assert found.unanswered == tuple(q.code for q in FIRST)


@pytest.mark.parametrize(
    ("first", "opens"),
    [
        ("data", {"q3", "q9", "q10", "q13"}),
        ("access", {"q2", "q5", "q7"}),
        ("outside", {"q4", "q6"}),
        ("undo", {"q8", "q11", "q12", "q14"}),
    ],
)
def test_each_first_question_opens_its_own_follow_ups(first: str, opens: set[str]) -> None:
    shown = {q.code for q in open_questions({**FOUR_NOES, first: "yes"})}
    assert shown == {q.code for q in FIRST} | {"q1"} | opens
    missing = level_of({**FOUR_NOES, first: "yes"})
    assert missing.level == 2 and set(missing.unanswered) == opens


def test_unknown_asks_the_vciso_and_needs_no_follow_ups() -> None:
    found = level_of({**FOUR_NOES, "data": UNKNOWN})
    assert (found.level, found.unknown, found.unanswered) == (2, ("data",), ())


def test_what_lies_behind_a_no_does_not_count() -> None:
    assert level_of({**FOUR_NOES, "q8": "yes"}).level == 0


@pytest.mark.parametrize(
    ("answers", "level", "because"),
    [
        ({"access": "yes", "q2": "like-by-like"}, 2, ("q2",)),
        ({"access": "yes", "q2": "adjusts"}, 1, ("q2",)),
        ({"access": "yes", "q2": "adds"}, 2, ("q2",)),
        ({"access": "yes", "q2": "changes"}, 3, ("q2",)),
        ({"data": "yes", "q3": "personal"}, 1, ("q3",)),
        ({"data": "yes", "q3": "sensitive", "q9": "serious"}, 2, ("q3", "q9")),
        ({"outside": "yes", "q4": "new-sensitive", "q6": "data"}, 3, ("q4",)),
        ({"undo": "yes", "q8": "yes"}, 3, ("q8",)),
        ({"undo": "yes", "q12": "no"}, 0, ()),
        ({"data": "yes", "q3": "personal", "undo": "yes", "q12": "no"}, 2, ("q3", "q12")),
        ({"data": "yes", "q3": "sensitive", "undo": "yes", "q12": "no"}, 3, ("q3", "q12")),
        ({"undo": "yes", "q8": "yes", "q12": "no"}, 3, ("q8",)),
        ({"q1": "yes"}, 2, ("q1",)),
    ],
)
def test_the_highest_answer_sets_the_level_and_no_way_back_adds_one(
    answers: dict[str, str], level: int, because: tuple[str, ...]
) -> None:
    found = level_of(answered(**answers))
    assert (found.level, found.because) == (level, because)


def test_being_live_already_sets_when_and_never_how_much() -> None:
    found = level_of(answered(undo="yes", q14="yes", data="yes", q3="personal"))
    assert (found.level, found.expedited) == (1, True)
    assert not level_of(answered(q14="yes")).expedited


def test_a_service_signing_in_to_its_own_database_is_said_not_to_be_credentials() -> None:
    assert "own database" in QUESTIONS["q3"].help


def test_an_answer_that_is_not_offered_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        level_of({"data": "perhaps", "q99": "yes"})
    assert set(refused.value.fields) == {"data", "q99"}


def test_the_first_four_are_answered_by_yes_and_no_alone() -> None:
    assert first_four_answered(FOUR_NOES)
    assert not first_four_answered({**FOUR_NOES, "undo": UNKNOWN})
    assert not first_four_answered({})


def test_an_ok_holds_by_level_to_the_same_local_date() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert set(VALID_MONTHS) == set(LEVEL_NAMES)
    assert valid_until(3, at, "UTC") == date(2027, 3, 2)
    assert valid_until(2, at, "UTC") == date(2028, 3, 2)
    assert valid_until(1, at, "UTC") is None


def test_answers_stand_from_the_least_to_the_most_risky() -> None:
    for question in QUESTIONS.values():
        floors = [a.floor for a in question.answers]
        assert floors == sorted(floors)


_ALL = st.fixed_dictionaries(
    {code: st.sampled_from([a.code for a in q.answers]) for code, q in QUESTIONS.items()}
)


@settings(max_examples=400, deadline=None)
@given(_ALL, st.sampled_from(sorted(QUESTIONS)), st.booleans())
def test_a_riskier_answer_never_lowers_the_level(answers: dict[str, str], code: str, inside: bool) -> None:
    before = level_of(answers, inside_boundary=inside)
    assert before.unanswered == ()
    offered = [a.code for a in QUESTIONS[code].answers]
    for riskier in offered[offered.index(answers[code]) :]:
        after = level_of({**answers, code: riskier}, inside_boundary=inside)
        assert after.level >= before.level
        assert not before.expedited or after.expedited


def test_no_two_answers_together_ask_for_less_than_less_risky_ones_do() -> None:
    """Every choice of the first four with every pair of answers behind them, none left out by chance."""
    for firsts in itertools.product(("no", "yes"), repeat=len(FIRST)):
        base = {**HARMLESS, **dict(zip((q.code for q in FIRST), firsts, strict=True))}
        for one, other in itertools.combinations(FOLLOW_UPS, 2):
            grid = [
                [level_of({**base, one.code: a.code, other.code: b.code}).level for b in other.answers]
                for a in one.answers
            ]
            assert all(row == sorted(row) for row in grid), (firsts, one.code, other.code)
            assert all(list(column) == sorted(column) for column in zip(*grid, strict=True))


@given(_ALL)
def test_the_answers_that_are_named_ask_for_that_level_all_alone(answers: dict[str, str]) -> None:
    found = level_of(answers)
    assert bool(found.because) is (found.level > 0)
    named = {code: answers[code] for code in found.because}
    firsts = {q.code: answers[q.code] for q in FIRST}
    assert level_of({**HARMLESS, **firsts, **named}).level == found.level


def test_every_level_is_reached() -> None:
    steps = [
        {},
        {"data": "yes", "q3": "personal"},
        {"data": "yes", "q3": "sensitive"},
        {"undo": "yes", "q8": "yes"},
    ]
    assert [level_of(answered(**step)).level for step in steps] == [0, 1, 2, 3]
