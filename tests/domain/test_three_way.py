"""A text changed on both sides: nothing of either is lost, and only what both changed waits for a choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.three_way import HERE, MARKERS, Passage, Who, has_markers, merged, three_fields, three_way

paragraphs = st.lists(
    st.sampled_from(["Why.\n\n", "We use a queue.\n", "# Title\n\n", "Some\n", "Mails get lost.\n\n", "x"]),
    max_size=8,
)
texts = paragraphs.map("".join) | st.text(alphabet="ab \n", max_size=30)
BASE = "# Use a queue\n\nMails get lost.\n\nWe use one.\n\nIt costs little.\n"


def kinds(passages: tuple[Passage, ...]) -> list[str]:
    return [str(passage.who) for passage in passages]


@given(texts, texts, texts)
def test_each_side_is_whole_in_its_column(base: str, here: str, there: str) -> None:
    passages = three_way(base, here, there)
    assert "".join(p.base for p in passages) == base
    assert "".join(p.here for p in passages) == here
    assert "".join(p.there for p in passages) == there
    assert all(any(p[1:]) for p in passages)
    for who, was, now, new in passages:
        same = {Who.NOBODY: was == now == new, Who.HERE: new == was, Who.THERE: now == was}
        assert same.get(who, True) and (who is Who.BOTH or who is not Who.ALIKE or now == new)


@given(texts, texts)
def test_what_one_side_alone_changed_is_taken_as_it_is(base: str, text: str) -> None:
    assert merged(three_way(base, text, base)) == text
    assert merged(three_way(base, base, text)) == text
    assert merged(three_way(base, text, text)) == text


@given(texts, texts, texts)
def test_the_sides_may_change_places(base: str, here: str, there: str) -> None:
    one, other = three_way(base, here, there), three_way(base, there, here)
    turned = {Who.HERE: Who.THERE, Who.THERE: Who.HERE}
    assert [Passage(turned.get(p.who, p.who), p.base, p.there, p.here) for p in one] == list(other)


@given(texts, texts, texts)
def test_a_text_put_together_waits_for_a_choice_only_where_both_changed_it(
    base: str, here: str, there: str
) -> None:
    passages = three_way(base, here, there)
    text = merged(passages)
    assert has_markers(text) == (Who.BOTH in {p.who for p in passages})
    lines = [line for line in text.splitlines() if line not in MARKERS]
    for passage in passages:
        for line in [*passage.here.splitlines(), *passage.there.splitlines()]:
            assert passage.who not in (Who.BOTH, Who.ALIKE) or line in "\n".join(lines)


def test_changes_to_different_paragraphs_go_together() -> None:
    here = BASE.replace("little", "little, we think")
    there = BASE.replace("lost", "lost on Mondays")
    passages = three_way(BASE, here, there)
    assert kinds(passages) == ["nobody", "there", "nobody", "here"]
    assert merged(passages) == here.replace("lost", "lost on Mondays")


def test_changes_to_neighbouring_paragraphs_go_together() -> None:
    here, there = BASE.replace("use one", "buy one"), BASE.replace("lost", "late")
    assert kinds(three_way(BASE, here, there)) == ["nobody", "there", "here", "nobody"]


def test_what_both_changed_stands_twice_until_somebody_chooses() -> None:
    here, there = BASE.replace("use one", "buy one"), BASE.replace("use one", "build one")
    text = merged(three_way(BASE, here, there))
    assert "We buy one." in text and "We build one." in text and text.count(HERE) == 1
    assert has_markers(text) and not has_markers(here)


@pytest.mark.parametrize("at", ["", "# Use a queue\n\n"])
def test_two_texts_put_in_at_one_place_wait_for_a_choice(at: str) -> None:
    passages = three_way(BASE, at + "One.\n\n" + BASE, at + "Two.\n\n" + BASE)
    assert "both" in kinds(passages)


def test_marker_lines_begin_on_lines_of_their_own() -> None:
    text = merged(three_way("a\n\nb", "a\n\nc", "a\n\nd"))
    assert [line for line in text.splitlines() if line in MARKERS] and "c\n" in text and "d\n" in text


def test_fields_say_who_changed_them() -> None:
    found = three_fields(
        {"title": "A", "tags": [], "decided_on": "", "same": 1},
        {"title": "B", "tags": [], "decided_on": "2026-01-01", "same": 1},
        {"title": "C", "tags": ["x"], "decided_on": "2026-01-01", "same": 1},
        ("title", "tags", "decided_on", "same"),
    )
    assert found == {
        "title": (Who.BOTH, "B"),
        "tags": (Who.THERE, ["x"]),
        "decided_on": (Who.ALIKE, "2026-01-01"),
    }
