"""What may be typed as an estimate: two numbers are enough, and whatever else is said must make sense."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_estimates import (
    CONFIDENCE,
    GROWTH,
    LEAST_GROWTH,
    MOST_GROWTH,
    OWN,
    Estimate,
    ThreePoint,
    clean_estimate,
    clean_estimate_words,
    growth_word,
    parse_share,
    share_text,
)
from adr_app.domain.errors import Invalid

TWO = {"fix_days": "20", "monthly_loss": "2.5"}
DETAIL = {
    "fix_days": "30", "fix_low": "20", "fix_high": "52",
    "monthly_loss": "4", "loss_low": "2", "loss_high": "9",
    "chance": "80", "growth": "spreads", "growth_reason": "Every new report copies it",
    "fix_growth": "1", "months": "2", "left_over": "10",
}  # fmt: skip


def problems(**typed: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        clean_estimate(TWO | typed)
    return refusal.value.fields


def test_two_numbers_are_an_estimate_and_say_nothing_else() -> None:
    estimate = clean_estimate(TWO)
    assert estimate == Estimate(ThreePoint.of(2000), ThreePoint.of(250))
    assert estimate.plain


def test_everything_said_beside_the_two_numbers_is_kept_in_whole_units() -> None:
    estimate = clean_estimate(DETAIL | {"avoided": "1200", "avoided_reason": "A fine, once in ten years"})
    assert estimate == Estimate(
        ThreePoint(2000, 3000, 5200),
        ThreePoint(200, 400, 900),
        chance=8000, growth=300, fix_growth=100, months=2, left_over=1000, avoided=120_000,
    )  # fmt: skip
    assert not estimate.plain


@pytest.mark.parametrize("name", sorted(set(DETAIL) - {"growth_reason", "fix_days", "monthly_loss"}))
def test_whatever_is_said_in_detail_makes_an_estimate_more_than_plain(name: str) -> None:
    pair = {"fix_low": "fix_high", "loss_low": "loss_high"}
    names = {name, pair.get(name, name), {v: k for k, v in pair.items()}.get(name, name), "growth_reason"}
    said = {key: DETAIL[key] for key in names}
    likely = {"fix_days": "30", "monthly_loss": "4"}
    assert not clean_estimate(likely | said).plain


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"fix_days": ""}, "fix_days", "how many working days"),
        ({"fix_days": "0"}, "fix_days", "no debt"),
        ({"fix_days": "-3"}, "fix_days", "less than zero"),
        ({"fix_days": "1000000"}, "fix_days", "at most 100,000"),
        ({"monthly_loss": ""}, "monthly_loss", "0 is an answer"),
        ({"fix_low": "10"}, "fix_high", "or neither"),
        ({"fix_high": "30"}, "fix_low", "or neither"),
        ({"fix_low": "21", "fix_high": "30"}, "fix_low", "more than what is likely"),
        ({"fix_low": "10", "fix_high": "19"}, "fix_high", "less than what is likely"),
        ({"loss_low": "3", "loss_high": "2"}, "loss_low", "more than what is likely"),
        ({"chance": "101"}, "chance", "from 0 to 100"),
        ({"chance": "often"}, "chance", "in per cent"),
        ({"growth": "exploding"}, "growth", "from the list"),
        ({"growth": "spreads"}, "growth_reason", "why it grows"),
        ({"growth": OWN}, "growth_own", "by how many per cent"),
        ({"growth": OWN, "growth_own": "11", "growth_reason": "x"}, "growth_own", "from -5 to 10"),
        ({"growth": OWN, "growth_own": "-6", "growth_reason": "x"}, "growth_own", "from -5 to 10"),
        ({"growth": OWN, "growth_own": "-2"}, "growth_reason", "shrinks"),
        ({"fix_growth": "1"}, "growth_reason", "why it grows"),
        ({"months": "121"}, "months", "from 0 to 120"),
        ({"months": "1.5"}, "months", "whole number"),
        ({"left_over": "-1"}, "left_over", "from 0 to 100"),
        ({"avoided": "-5", "avoided_reason": "x"}, "avoided", "whole number"),
        ({"avoided": "100"}, "avoided_reason", "what would be lost"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field_with_what_to_do(typed, field, says) -> None:
    assert says in problems(**typed)[field]


def test_every_field_that_will_not_do_is_named_at_once() -> None:
    assert set(problems(fix_days="", chance="200", growth="spreads")) == {
        "fix_days",
        "chance",
        "growth_reason",
    }


def test_a_reason_without_growth_and_a_loss_of_nothing_are_fine() -> None:
    estimate = clean_estimate(
        TWO | {"monthly_loss": "0", "growth_reason": "Asked the team: it does not grow"}
    )
    assert estimate.loss == ThreePoint.of(0) and estimate.growth == 0


def test_money_is_read_in_the_smallest_units_of_its_currency() -> None:
    said = TWO | {"avoided": "500", "avoided_reason": "x"}
    assert [clean_estimate(said, minor=minor).avoided for minor in (1, 100, 1000)] == [500, 50_000, 500_000]


def test_the_words_beside_an_estimate_are_one_line_each_and_sure_is_said_in_words() -> None:
    words = clean_estimate_words({"growth_reason": "  two\n lines ", "confidence": "measured"})
    assert words["growth_reason"] == "two lines" and words["confidence"] == "measured"
    assert clean_estimate_words({})["confidence"] in CONFIDENCE
    with pytest.raises(Invalid) as refusal:
        clean_estimate_words({"confidence": "certain", "note": "x" * 1001, "avoided_reason": "a\x00b"})
    assert set(refusal.value.fields) == {"confidence", "note", "avoided_reason"}


@given(st.integers(LEAST_GROWTH, MOST_GROWTH))
def test_every_growth_is_shown_so_that_it_reads_back(points: int) -> None:
    assert parse_share(share_text(points), low=LEAST_GROWTH, high=MOST_GROWTH) == points


def test_each_word_for_growth_is_known_again_by_its_size_and_other_sizes_are_the_persons_own() -> None:
    assert [growth_word(size) for _, size in GROWTH.values()] == list(GROWTH)
    assert growth_word(250) == OWN


@given(
    st.dictionaries(
        st.sampled_from([*DETAIL, "growth_own", "avoided", "avoided_reason"]), st.text(max_size=8)
    )
)
def test_whatever_is_typed_is_an_estimate_in_order_or_refused_by_field(typed: dict[str, str]) -> None:
    try:
        estimate = clean_estimate(DETAIL | typed)
    except Invalid as refusal:
        assert refusal.fields
        return
    for three in (estimate.fix, estimate.loss):
        assert 0 <= three.low <= three.likely <= three.high
    assert estimate.fix.high > 0 and LEAST_GROWTH <= estimate.growth <= MOST_GROWTH


def test_minus_is_read_as_people_and_telephones_type_it() -> None:
    spelled = itertools.product(("-2", "\N{MINUS SIGN}2"), ("", "%", " %"))
    assert {parse_share("".join(each), low=-500) for each in spelled} == {-200}
