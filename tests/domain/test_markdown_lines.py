"""Lists and tables typed for other readers of Markdown: understood, and no word of them changed."""

from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.markdown_lines import spelled_out

PIECES = st.sampled_from(
    ["- a", "* b", "1. c", "2) d", "text", "# head", "| x | y |", "|---|---|", "---", "", "> q"]
)
LINES = st.lists(st.tuples(st.integers(0, 9), PIECES).map(lambda pair: " " * pair[0] + pair[1]), max_size=15)


def spelled(text):
    return "\n".join(spelled_out(text.split("\n")))


@given(LINES)
def test_only_white_space_and_the_sign_after_a_number_change(lines):
    before = "".join(lines).replace(" ", "").replace(")", ".")
    assert "".join(spelled_out(lines)).replace(" ", "").replace(")", ".") == before


@given(LINES)
def test_no_empty_line_is_lost_and_none_is_put_within_a_paragraph(lines):
    assert spelled_out(lines).count("") >= lines.count("")
    assert spelled_out(["a", "b"]) == ["a", "b"]


@given(LINES)
def test_what_was_spelled_out_needs_no_more_levels(lines):
    once = spelled_out(lines)
    deepest = max((len(line) - len(line.lstrip()) for line in once if line.strip()), default=0)
    assert deepest <= 4 * len(lines) + 9


def test_a_list_right_after_a_sentence_gets_its_empty_line():
    assert spelled("Because:\n- one\n- two") == "Because:\n\n- one\n- two"


def test_two_spaces_are_a_level():
    assert spelled("- a\n  - b\n    - c\n- d") == "- a\n    - b\n        - c\n- d"


def test_bullets_below_a_number_are_its_own():
    assert spelled("1. a\n   - b\n2. c") == "1. a\n    - b\n2. c"
    assert spelled("1. a\n  - b") == "1. a\n    - b"


def test_four_spaces_stay_a_level():
    assert spelled("- a\n    - b\n        - c") == "- a\n    - b\n        - c"


def test_a_paragraph_of_an_item_and_its_code_stay_with_it():
    assert spelled("- a\n\n  more\n\n      code\n\nafter") == "- a\n\n    more\n\n        code\n\nafter"


def test_a_line_that_goes_on_stays_with_its_item():
    assert spelled("- a\n  goes on\n- b\nlazily") == "- a\n    goes on\n- b\n    lazily"


def test_a_heading_ends_a_list():
    assert spelled("- a\n# Head") == "- a\n\n# Head"


def test_bullets_and_numbers_are_two_lists():
    assert spelled("- a\n1. b") == "- a\n\n1. b"


def test_a_year_in_running_text_is_no_list_and_a_rule_is_none():
    assert spelled("It was in\n2019. Then it ended.") == "It was in\n2019. Then it ended."
    assert spelled("a\n\n- - -\n* * *") == "a\n\n- - -\n* * *"


def test_indented_code_is_left_alone():
    assert spelled("text\n\n    - a\n      - b") == "text\n\n    - a\n      - b"


def test_a_table_right_after_a_sentence_gets_its_empty_line():
    assert spelled("Costs:\n| a | b |\n|---|---|\n| 1 | 2 |") == "Costs:\n\n| a | b |\n|---|---|\n| 1 | 2 |"
