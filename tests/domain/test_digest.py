"""Canonical bytes: one spelling for each value, and nothing that a database could not give back."""

import hashlib
import json
import unicodedata
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.digest import canonical_json, check_integer, clean_text, digest
from adr_app.domain.errors import Invalid
from adr_app.domain.spelling import speller

SAFE_TEXT = st.text(st.characters(exclude_categories=("Cs",)))
SAFE_INTEGERS = st.integers(-(2**63), 2**63 - 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | SAFE_INTEGERS | SAFE_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(SAFE_TEXT.map(lambda t: unicodedata.normalize("NFC", t)), inner, max_size=4)
    ),
    max_leaves=12,
)


def composed(value):
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {composed(key): composed(item) for key, item in value.items()}
    return value


def test_keys_are_sorted_and_nothing_is_padded():
    written = canonical_json({"b": [1, True, None], "a": "é", "B": {}})
    assert written == '{"B":{},"a":"é","b":[1,true,null]}'.encode()


def test_the_order_in_which_a_mapping_was_filled_does_not_matter():
    assert canonical_json({"x": 1, "y": 2}) == canonical_json({"y": 2, "x": 1})


def test_a_letter_typed_in_two_ways_is_written_in_one():
    assert canonical_json(["e\u0301"]) == canonical_json(["\u00e9"])


@given(PLAIN)
def test_canonical_bytes_read_back_as_the_same_value(value):
    assert json.loads(canonical_json(value)) == composed(value)


@given(PLAIN)
def test_writing_what_was_read_back_gives_the_same_bytes(value):
    written = canonical_json(value)
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@given(value=PLAIN)
def test_json_is_spelled_as_python_spells_it(value, separators):
    usual = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=separators)
    assert speller(*separators)(value) == usual


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": [2.0]}, b"bytes", {1, 2}, {3: "three"}, object()])
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800", {"e\u0301": 1, "\u00e9": 2}])
def test_what_cannot_be_stored_or_told_apart_is_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


def test_a_code_from_an_enumeration_is_written_as_its_text():
    class Colour(StrEnum):
        RED = "red"

    assert canonical_json({"colour": Colour.RED}) == b'{"colour":"red"}'


def test_a_digest_is_the_sha_256_in_lower_case_hexadecimal():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(b"\xff") == hashlib.sha256(b"\xff").hexdigest()


def test_line_ends_become_line_feeds_and_trailing_spaces_stay():
    assert clean_text("one\r\ntwo  \rthree\n\tfour") == "one\ntwo  \nthree\n\tfour"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ud83d", "\udc00"])
def test_a_character_that_cannot_be_shown_is_refused_with_its_line(character):
    with pytest.raises(Invalid, match="Line 3") as refused:
        clean_text(f"one\r\ntwo\r\nthr{character}ee", "context")
    assert list(refused.value.fields) == ["context"]
    str(refused.value).encode("utf-8")


@given(SAFE_TEXT)
def test_clean_text_is_clean_and_cleaning_it_again_changes_nothing(text):
    try:
        clean = clean_text(text)
    except Invalid:
        assert any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text)
        return
    assert "\r" not in clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_text(clean) == clean


@given(SAFE_INTEGERS)
def test_every_64_bit_number_is_taken_given_or_typed(number):
    assert check_integer(number) == number
    assert check_integer(f" {number} ") == number


@pytest.mark.parametrize(
    "value",
    [2**63, -(2**63) - 1, str(2**63), "9" * 100_000, "-" + "1" * 30, "", "-", "1.5", "1e3", "٣", "1_0", True],
)
def test_what_is_not_a_64_bit_whole_number_is_refused(value):
    with pytest.raises(Invalid) as refused:
        check_integer(value, "days")
    assert list(refused.value.fields) == ["days"]


def test_bounds_are_included_and_leading_zeros_do_not_count():
    assert check_integer("0" * 50 + "7", low=1, high=7) == 7
    assert check_integer(1, low=1, high=7) == 1
    with pytest.raises(Invalid, match="from 1 to 7"):
        check_integer(8, low=1, high=7)
