"""Differences: nothing is lost, words are told apart, and no text makes the comparison stall."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain import differences
from adr_app.domain.differences import DELETE, EQUAL, INSERT, Segment, field_differences, text_difference

PROSE = st.lists(
    st.sampled_from(["we ", "move ", "billing ", "stay\n", "\n\n", "Stripe.", "  ", "\t", "é"])
).map("".join)


def segments(blocks):
    return [segment for block in blocks for segment in block.segments]


def side(blocks, op):
    return "".join(segment.text for segment in segments(blocks) if segment.op in (EQUAL, op))


@given(st.text() | PROSE, st.text() | PROSE)
def test_both_texts_can_be_put_together_again(old, new):
    blocks = text_difference(old, new)
    assert side(blocks, DELETE) == old
    assert side(blocks, INSERT) == new
    assert all(segment.text for segment in segments(blocks))


@given(PROSE)
def test_equal_texts_show_no_change(text):
    assert not any(block.changed for block in text_difference(text, text))


@given(PROSE, PROSE)
def test_a_change_is_shown_whenever_there_is_one(old, new):
    assert any(block.changed for block in text_difference(old, new)) == (old != new)


def test_one_changed_word_is_one_word_out_and_one_in():
    blocks = text_difference(
        "We keep the data for ten years, encrypted.", "We keep the data for two years, encrypted."
    )
    assert segments(blocks) == [
        Segment(EQUAL, "We keep the data for"),
        Segment(DELETE, " ten"),
        Segment(INSERT, " two"),
        Segment(EQUAL, " years, encrypted."),
    ]


def test_paragraphs_around_a_change_stay_whole_and_apart():
    old = "First paragraph.\n\nThe second one is here.\n\nThird paragraph.\n"
    blocks = text_difference(old, old.replace("second", "middle"))
    assert [block.changed for block in blocks] == [False, True, False]
    assert blocks[0].segments == (Segment(EQUAL, "First paragraph.\n\n"),)


def test_a_paragraph_put_between_two_others_is_only_added():
    old = "One.\n\nThree.\n"
    blocks = text_difference(old, "One.\n\nTwo is new.\n\nThree.\n")
    assert [segment.op for segment in segments(blocks)] == [EQUAL, INSERT, EQUAL]


def test_a_passage_written_anew_is_not_shredded_into_common_little_words():
    blocks = text_difference(
        "The invoices of all clinics are sent by the bookkeeper on the first of the month.",
        "Stripe charges cards; nobody at Larkspur touches numbers, because the processor stores them.",
    )
    assert [segment.op for segment in segments(blocks)] == [DELETE, INSERT]


def test_spaces_and_line_ends_that_changed_are_shown():
    assert side(text_difference("a  b\n", "a b\n"), INSERT) == "a b\n"
    assert any(block.changed for block in text_difference("a  b\n", "a b\n"))


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_with_budget_enough_as_much_is_found_equal_as_difflib_finds(a, b):
    ours = differences._matches(a, b, differences._Budget(10**9))
    for in_a, in_b, size in ours:
        assert a[in_a : in_a + size] == b[in_b : in_b + size]
    theirs = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    if a[:1] != b[:1] and a[-1:] != b[-1:]:
        assert sum(run[2] for run in ours) == sum(run.size for run in theirs)


STALLING = {
    "one word between many": (
        " ".join(f"x y{i}" for i in range(10_000)),
        " ".join(f"x z{i}" for i in range(10_000)),
    ),
    "one paragraph between many": (
        "".join(f"x\n\ny{i}\n\n" for i in range(6_000)),
        "".join(f"x\n\nz{i}\n\n" for i in range(6_000)),
    ),
    "two words in opposite order": ("a b " * 15_000, "b a a " * 10_000),
    "line ends": ("\n" * 60_000, " \n" * 30_000),
    "one long word": ("a" * 60_000, "a" * 59_999 + "b"),
}


@pytest.mark.parametrize("name", STALLING)
def test_a_text_made_to_stall_the_comparison_spends_no_more_than_the_budget(name, monkeypatch):
    looked_at = []

    class Watched(difflib.SequenceMatcher):
        def find_longest_match(self, alo, ahi, blo, bhi):
            looked_at.append(sum(1 + len(self.b2j.get(word, ())) for word in self.a[alo:ahi]))
            return super().find_longest_match(alo, ahi, blo, bhi)

    monkeypatch.setattr(differences, "SequenceMatcher", Watched)
    old, new = STALLING[name]
    blocks = text_difference(old, new)
    assert sum(looked_at) <= differences._BUDGET
    assert (side(blocks, DELETE), side(blocks, INSERT)) == (old, new)


def test_without_budget_a_passage_counts_as_replaced():
    runs = list(differences._runs(list("xabcy"), list("zabcw"), differences._Budget(0)))
    assert runs == [("replace", list("xabcy"), list("zabcw"))]


OLD = {
    "title": "Move billing",
    "context": "Same.",
    "systems": ["Billing", "Website"],
    "options": [
        {"title": "Stripe", "pros": "Cheap", "cons": "", "chosen": True},
        {"title": "Stay", "pros": "Known", "cons": "Old", "chosen": False},
    ],
}


def test_only_changed_fields_are_told_in_the_order_asked_for():
    new = OLD | {"title": "Move all billing", "systems": ["Billing", "Portal"]}
    found = field_differences(OLD, new, ["systems", "context", "title"])
    assert [field.name for field in found] == ["systems", "title"]
    assert field_differences(OLD, OLD, OLD) == ()


def test_a_list_tells_what_left_and_what_came():
    (field,) = field_differences(OLD, OLD | {"systems": ["Billing", "Portal"]}, ["systems"])
    assert [segment for part in field.parts for segment in segments(part.blocks)] == [
        Segment(EQUAL, "Billing"),
        Segment(DELETE, "Website"),
        Segment(INSERT, "Portal"),
    ]


def test_a_field_that_was_missing_is_all_new():
    (field,) = field_differences({}, {"context": "New."}, ["context"])
    assert segments(field.parts[0].blocks) == [Segment(INSERT, "New.")]
    (field,) = field_differences({"systems": ["Billing"]}, {}, ["systems"])
    assert segments(field.parts[0].blocks) == [Segment(DELETE, "Billing")]


def options_difference(options):
    (field,) = field_differences(OLD, OLD | {"options": options}, ["options"])
    return {part.path: segments(part.blocks) for part in field.parts}


def test_an_option_is_followed_by_its_title():
    stripe, stay = OLD["options"]
    changed = options_difference(
        [stay | {"chosen": True}, stripe | {"pros": "Cheap and quick", "chosen": False}]
    )
    assert changed[("Stripe", "pros")] == [
        Segment(EQUAL, "Cheap"),
        Segment(INSERT, " and quick"),
    ]
    assert changed[("Stripe", "chosen")] == [Segment(DELETE, "yes")]
    assert changed[("Stay", "chosen")] == [Segment(INSERT, "yes")]
    assert set(changed) == {("Stripe", "pros"), ("Stripe", "chosen"), ("Stay", "chosen"), ("", "order")}


def test_an_option_that_was_renamed_is_followed_by_its_place():
    stripe, stay = OLD["options"]
    assert options_difference([stripe, stay | {"title": "Stay as we are"}]) == {
        ("Stay as we are", "title"): [Segment(EQUAL, "Stay"), Segment(INSERT, " as we are")]
    }


def test_an_option_that_came_or_left_is_told_whole():
    stripe, stay = OLD["options"]
    new = {"title": "Adyen", "pros": "Known", "cons": "", "chosen": False}
    assert options_difference([stripe, stay, new]) == {
        ("Adyen", "title"): [Segment(INSERT, "Adyen")],
        ("Adyen", "pros"): [Segment(INSERT, "Known")],
    }
    assert set(options_difference([stripe])) == {("Stay", "title"), ("Stay", "pros"), ("Stay", "cons")}


def test_two_options_of_one_name_are_not_confused_into_none():
    twice = [{"title": "Same", "pros": "a"}, {"title": "Same", "pros": "b"}]
    assert field_differences({"options": twice}, {"options": twice[:1]}, ["options"])
    assert field_differences({"options": twice}, {"options": list(twice)}, ["options"]) == ()
