"""What may be typed about a debt, which states follow each other, and what two numbers mean together."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt import (
    CLOSED,
    FIRST_ESTIMATE,
    MAX_EFFORT,
    MAX_TITLE,
    MOVES,
    Move,
    State,
    effort_text,
    in_money,
    moves_from,
    needs,
    parse_effort,
)
from adr_app.domain.debt_typed import clean
from adr_app.domain.errors import Invalid, WrongState


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [
        ("2", 200),
        ("0.5", 50),
        ("2,5", 250),
        (" 12.25 ", 1225),
        ("0", 0),
        (".5", 50),
        ("3.", 300),
        ("00004", 400),
        ("100000", MAX_EFFORT),
        ("", None),
        ("   ", None),
    ],
)
def test_working_days_are_read_as_people_type_them(typed: str, hundredths: int | None) -> None:
    assert parse_effort(typed) == hundredths


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("-1", "less than zero"),
        ("−0.5", "less than zero"),
        ("NaN", "as a number"),
        ("inf", "as a number"),
        ("1e3", "as a number"),
        ("two", "as a number"),
        ("٣", "as a number"),
        (".", "as a number"),
        ("1.2.3", "as a number"),
        ("1,000", "two decimals"),
        ("0.125", "two decimals"),
        ("100000.01", "100,000"),
        ("999999999999", "100,000"),
        ("9" * 100_000, "as a number"),
    ],
)
def test_what_is_no_plain_number_of_days_is_refused_with_what_to_do(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse_effort(typed)


@given(st.integers(0, MAX_EFFORT))
def test_every_effort_is_shown_so_that_it_reads_back(hundredths: int) -> None:
    shown = effort_text(hundredths)
    assert parse_effort(shown) == hundredths
    assert parse_effort(shown.replace(".", ",")) == hundredths
    assert "." not in shown or shown[-1] not in "0."


@given(st.text())
def test_nothing_typed_as_an_effort_does_more_than_be_read_or_refused(text: str) -> None:
    try:
        found = parse_effort(text)
    except Invalid:
        return
    assert found is None or 0 <= found <= MAX_EFFORT


def test_only_the_moves_of_the_table_are_possible() -> None:
    for state, move in itertools.product(State, Move):
        possible = state in MOVES[move].sources
        assert (move in moves_from(state)) == possible
        if possible:
            first = move is Move.ESTIMATE and state is State.IDENTIFIED
            assert needs(state, move) == (FIRST_ESTIMATE if first else MOVES[move].needs)
        else:
            with pytest.raises(WrongState, match="cannot be done"):
                needs(state, move)


def test_every_state_can_be_left_and_no_open_item_can_be_opened() -> None:
    assert all(moves_from(state) for state in State)
    assert Move.REOPEN not in moves_from(State.ANALYSED)
    assert moves_from(State.REPAID) == [Move.VERIFY, Move.REOPEN]
    for closed in CLOSED - {State.REPAID}:
        assert moves_from(closed) == [Move.REOPEN]


def test_money_is_rounded_half_up_to_the_minor_unit() -> None:
    assert in_money(150, 80_000) == 120_000
    assert in_money(1, 50) == 1
    assert in_money(1, 49) == 0


def test_a_title_is_one_line_and_has_an_end() -> None:
    assert clean({"title": "  Two\n\tlines  "}) == {"title": "Two lines"}
    assert clean({"title": "x" * MAX_TITLE})["title"] == "x" * MAX_TITLE
    with pytest.raises(Invalid) as refusal:
        clean({"title": "x" * 300})
    assert refusal.value.fields == {"title": "Shorten this to 200 characters; it has 300."}


def test_everything_wrong_is_named_at_once() -> None:
    typed = {"title": " ", "fix_days": "soon", "owner": "9" * 40, "kind": "magic", "symptoms": "\ud800"}
    with pytest.raises(Invalid) as refusal:
        clean(typed, needed=("title", "fix_days", "monthly_loss"))
    assert set(refusal.value.fields) == {"title", "fix_days", "owner", "kind", "symptoms", "monthly_loss"}
    assert "0 is an answer" in refusal.value.fields["monthly_loss"]


def test_nothing_lost_each_month_is_an_answer() -> None:
    assert clean({"monthly_loss": "0"}, needed=("monthly_loss",)) == {"monthly_loss": 0}
