"""Pictures of debt: every shape stands where its number says, and sentences say the same."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from adr_app.domain.debt_flow import Flow
from adr_app.web import axes, debt_bridge, debt_curves, debt_map, debt_shares
from adr_app.web.debt_bridge import bridge, bridge_rows, bridge_sentence, steps_of
from adr_app.web.debt_curves import Curves, curves, curves_rows, curves_sentence
from adr_app.web.debt_map import Dot, map_of, map_rows, map_sentence
from adr_app.web.debt_numbers import days, months, share
from adr_app.web.debt_shares import shares_by_month, shares_rows, shares_sentence

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 27)
YEAR = [date(2025 + (11 + at) // 12, (11 + at) % 12 + 1, 1) for at in range(12)]
EXAMPLE = Flow(210_00, 46_00, 9_00, 4_00, 58_00, 12_00, 199_00)


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def of_class(svg: str, *kinds: str) -> list[ElementTree.Element]:
    return [element for element in drawn(svg).iter() if element.get("class") in kinds]


def words(svg: str, kind: str = "chart-text") -> list[str]:
    return [element.text or "" for element in of_class(svg, kind)]


def number(element: ElementTree.Element, name: str) -> float:
    return float((element.get(name) or "0").removesuffix("%"))


@given(st.floats(0.01, 10**6), st.integers(2, 8))
def test_an_axis_ends_with_a_round_number_at_or_just_beyond_the_most(most: float, wanted: int) -> None:
    steps = axes.round_steps(most, wanted)
    assert steps[0] == 0 and steps[-1] >= most * (1 - 1e-6)
    assert len(steps) <= wanted + 2 and steps[-1] < most * 2.6
    assert len({round(b - a, 4) for a, b in pairwise(steps)}) == 1


efforts = st.integers(0, 500_00)
dots = st.builds(
    Dot, st.from_regex(r"TD-[0-9]{4}", fullmatch=True), st.text(max_size=20), efforts, efforts,
    st.booleans(), st.booleans(), st.sampled_from(["", "/larkspur/debt/TD-0001"]),
)  # fmt: skip


@given(st.lists(dots, min_size=1, max_size=12))
def test_every_item_stands_where_its_two_numbers_put_it(items: list[Dot]) -> None:
    named = [Dot(**{**_fields(dot), "title": f"number {at} "}) for at, dot in enumerate(items)]
    root = drawn(map_of(named, 12))
    xs = axes.round_steps(max(dot.cost for dot in items) / 100)
    ys = axes.round_steps(max(dot.loss for dot in items) / 100)
    places = {_told(each): (number(each, "cx"), number(each, "cy")) for each in root.iter("circle")}
    squares = [each for each in root.iter() if each.get("class") == "chart-mark"]
    places |= {_told(each): (number(each, "x"), number(each, "y")) for each in squares}
    assert len(places) == len(items) and len(squares) == sum(dot.is_security for dot in items)
    for at, dot in enumerate(items):
        x, y = places[f"number {at} "]
        assert x == pytest.approx(axes.across(dot.cost / 100 / xs[-1]), abs=0.01)
        height = axes.TOP + debt_map.HEIGHT * (1 - dot.loss / 100 / ys[-1])
        assert y == pytest.approx(height, abs=0.1)
    hollow = [each for each in root.iter() if each.get("class") == "chart-dot-hollow"]
    assert len(hollow) == sum(dot.is_carried for dot in items)


def _told(shape: ElementTree.Element) -> str:
    """Return which item a shape says it is."""
    (title,) = [each.text or "" for each in shape.iter("title")]
    return re.search("number [0-9]+ ", title)[0]


def _fields(dot: Dot) -> dict:
    return {name: getattr(dot, name) for name in ("ref", "cost", "loss", "is_carried", "is_security", "href")}


def test_an_item_on_a_line_has_paid_for_itself_after_the_months_of_that_line() -> None:
    svg = map_of([Dot("TD-0001", "A", 24_00, 2_00), Dot("TD-0002", "B", 40_00, 4_00)], 12)
    lines = {round(_slope(each), 3) for each in of_class(svg, "chart-even")}
    xs, ys = axes.round_steps(40), axes.round_steps(4)
    assert lines == {round(xs[-1] / months / ys[-1], 3) for months in debt_map.LINES}
    assert words(svg, "chart-even-words") == ["24 months", "12 months", "6 months", "3 months"]


def _slope(element: ElementTree.Element) -> float:
    """Return how steep a line is, in shares of the plot's height for its whole width."""
    wide = (number(element, "x2") - number(element, "x1")) / (axes.RIGHT - axes.LEFT)
    return (number(element, "y1") - number(element, "y2")) / debt_map.HEIGHT / wide


def test_words_of_lines_that_leave_close_together_do_not_touch() -> None:
    svg = map_of([Dot("TD-0001", "A", 400_00, 1_00)], 12)
    assert len(of_class(svg, "chart-even")) == 4 and words(svg, "chart-even-words") == ["24 months"]


def test_the_map_says_how_many_pay_within_the_limit_and_where_most_is_lost() -> None:
    items = [Dot("TD-0001", "Old login", 12_00, 1_00), Dot("TD-0002", "Reports", 12_00, 50, is_carried=True)]
    assert map_sentence(items, 12) == (
        "1 of 2 estimated items pays for itself within 12 months of a fix; most is lost to TD-0001 Old login."
    )
    assert "does not pay" in map_sentence(items[1:], 12)
    assert map_rows(items) == [
        ["TD-0001 Old login", "12", "1", "12 months", "Still owed"],
        ["TD-0002 Reports", "12", "0.5", "24 months", "We live with it"],
    ]
    never = Dot("TD-0003", "Keys", 1_00, 0, is_security=True, href="/x")
    assert map_rows([never]) == [
        [Markup('<a href="/x">TD-0003 Keys</a>'), "1", "0", "never", "Still owed, security"]
    ]


def test_a_map_with_links_in_it_is_no_single_image_and_one_without_is() -> None:
    linked, plain = Dot("TD-0001", "A", 100, 100, href="/x"), Dot("TD-0001", "A", 100, 100)
    assert [drawn(map_of([dot], 12)).get("role") for dot in (linked, plain)] == ["group", "img"]
    (link,) = drawn(map_of([linked], 12)).iter("a")
    assert link.get("aria-label") == "TD-0001 A: 1 to fix, 1 lost each month"


def test_a_map_without_estimates_and_one_with_too_many_say_so() -> None:
    assert "Nothing is estimated yet" in map_of([], 12)
    assert map_sentence([], 12) == "No item that is still owed has an estimate."
    many = [Dot(f"TD-{at:04}", "x", 100, at) for at in range(400)]
    assert len(list(drawn(map_of(many, 12)).iter("circle"))) == debt_map.MOST_DOTS == len(map_rows(many))
    assert "Drawn are the 300 that cost most" in map_sentence(many, 12)


def test_titles_that_hold_markup_are_shown_as_they_were_typed() -> None:
    evil = Dot("TD-0001", '"><script>alert(1)</script>', 100, 100, href="/x")
    svg = map_of([evil], 12)
    assert "<script" not in svg and "<script" not in map_rows([evil])[0][0]
    assert evil.title in "".join(drawn(svg).itertext())


CURVES = Curves((0, 360, 731), (0, 160, 325), (0, 720, 1462), 500, 1.4)


def test_the_curve_of_an_item_is_marked_where_as_much_is_lost_as_a_fix_costs() -> None:
    svg = curves(CURVES)
    (mark,) = of_class(svg, "chart-crossing")
    wide, high = axes.month_steps(2)[-1], axes.round_steps(14.62)[-1] * 100
    assert number(mark, "cx") == pytest.approx(axes.across(1.4 / wide), abs=0.01)
    assert number(mark, "cy") == pytest.approx(axes.TOP + debt_curves.HEIGHT * (1 - 500 / high), abs=0.1)
    assert len(of_class(svg, "chart-band")) == 1
    assert curves_sentence(CURVES) == (
        "In 2 months 7.3 working days will be lost (from 3.3 to 14.6). "
        "After 1.4 months it is as much as a fix costs."
    )
    assert curves_rows(CURVES)[2] == ["2", "7.3", "3.3", "14.6", "5"]


def test_a_curve_without_a_range_or_a_crossing_shows_neither() -> None:
    flat = (0.0, 100.0, 200.0)
    never = Curves(flat, flat, flat, 900, None)
    assert of_class(curves(never), "chart-band", "chart-crossing") == []
    assert curves_sentence(never).endswith("That never comes to what a fix costs.")
    assert curves_rows(never)[1] == ["1", "1", "9"]
    nothing = Curves((0, 0), (0, 0), (0, 0), 900, None)
    assert curves_sentence(nothing).startswith("Nothing is lost")
    assert drawn(curves(nothing)).get("role") == "img"


amounts = st.integers(0, 300_00)


@given(amounts, amounts, amounts, st.integers(-200_00, 200_00), amounts, amounts)
def test_a_bridge_leads_from_what_was_owed_to_what_is_owed_without_a_gap(
    opening, incurred, grown, anew, repaid, off
) -> None:
    closing = opening + incurred + grown + anew - repaid - off
    if closing < 0 or opening + incurred + grown + anew < 0:
        return
    steps = steps_of(Flow(opening, incurred, grown, anew, repaid, off, closing), FIRST, LAST)
    for before, after in pairwise(steps[:-1]):
        assert after.start == before.end
    assert steps[-2].end == steps[-1].amount == closing
    svg = bridge(Flow(opening, incurred, grown, anew, repaid, off, closing), FIRST, LAST)
    high = axes.round_steps(max(max(step.start, step.end) for step in steps) / 100)[-1] * 100
    columns = of_class(svg, "chart-owed", "chart-more", "chart-less")
    shown = [step for step in steps if step.amount]
    for column, step in zip(columns, shown, strict=True):
        assert number(column, "height") == pytest.approx(
            max(debt_bridge.HEIGHT * abs(step.amount) / high, 1.5), abs=0.1
        )


def test_the_bridge_says_what_changed_in_one_sentence_and_signs_its_columns() -> None:
    assert bridge_sentence(EXAMPLE, FIRST, LAST) == (
        "What we owe fell by 11 working days to 199: 46 new, 9 by growth, "
        "4 more by new estimates, 58 repaid and 12 not worth fixing."
    )
    assert bridge_rows(EXAMPLE, FIRST, LAST) == [
        ["Owed 1 Sep", "210"], ["New", "+46"], ["Grown", "+9"], ["Estimated anew", "+4"],
        ["Repaid", "−58"], ["Not worth fixing", "−12"], ["Owed 27 Nov", "199"],
    ]  # fmt: skip
    assert words(bridge(EXAMPLE, FIRST, LAST), "chart-total") == [
        "210",
        "+46",
        "+9",
        "+4",
        "−58",
        "−12",
        "199",
    ]
    assert bridge_sentence(Flow(), FIRST, LAST).startswith("Nothing with an estimate was owed")
    same = Flow(opening=100, closing=100)
    assert bridge_sentence(same, FIRST, LAST) == "What we owe stayed the same at 1 working day."


def test_more_and_less_differ_by_texture_and_sign_not_by_colour_alone() -> None:
    svg = bridge(EXAMPLE, FIRST, LAST, name="board")
    assert len(of_class(svg, "chart-cover")) == 3
    assert {each.get("fill") for each in of_class(svg, "chart-cover")} == {"url(#board-more)"}


@given(
    st.lists(st.integers(0, 10_000), min_size=12, max_size=12), st.one_of(st.none(), st.integers(0, 10_000))
)
def test_every_month_is_as_high_as_its_share_and_only_those_above_the_limit_are_marked(shares, limit) -> None:
    svg = shares_by_month(YEAR, shares, limit)
    high = axes.round_steps(max([*shares, limit or 0, 100]) / 100)[-1] * 100
    columns = of_class(svg, "chart-share", "chart-share-over")
    for column, value in zip(columns, shares, strict=True):
        assert number(column, "height") == pytest.approx(debt_shares.HEIGHT * value / high, abs=0.1)
        assert (column.get("class") == "chart-share-over") == (limit is not None and value > limit)
    assert len(of_class(svg, "chart-bound")) == (limit is not None)


def test_shares_are_said_with_their_limit_and_told_by_month() -> None:
    shares = [900] * 11 + [1600]
    assert shares_sentence(YEAR, shares, 1250) == (
        "Debt takes 16 % of our working time now; 11 months ago it was 9 %. "
        "It was above our limit of 12.5 % in 1 of 12 months."
    )
    assert shares_sentence(YEAR, shares, 1600).endswith("It was never above our limit of 16 %.")
    assert shares_sentence(YEAR, shares, None).endswith("it was 9 %.")
    assert shares_sentence(YEAR, [0] * 12, None).startswith("No working time")
    assert shares_rows(YEAR, shares, 1250)[0] == ["Nov 2026", "16 %", "above"]
    assert shares_rows(YEAR, shares, None)[1] == ["Oct 2026", "9 %", "no limit"]


@pytest.mark.parametrize(
    "svg",
    [
        map_of([Dot("TD-0001", "A", 100, 100, True, True)], 12),
        curves(CURVES),
        bridge(EXAMPLE, FIRST, LAST),
        shares_by_month(YEAR, [100] * 12, 50),
    ],
    ids=["map", "curves", "bridge", "shares"],
)
def test_a_picture_says_its_name_and_its_sentence_and_holds_no_style_of_its_own(svg: str) -> None:
    root = drawn(svg)
    named = (root.get("aria-labelledby") or "").split()
    said = [element.text for name in named for element in root.iter() if element.get("id") == name]
    assert root.get("role") in ("img", "group") and len(said) == 2 and all(said)
    assert not re.search(r'style=|fill="(?!url)|stroke="', svg)


@pytest.mark.parametrize(
    ("hundredths", "shown"),
    [
        (0, "0"),
        (4, "0"),
        (5, "0.1"),
        (100, "1"),
        (3200, "32"),
        (16_459.4, "164.6"),
        (-450, "−4.5"),
        (-1, "0"),
    ],
)
def test_days_have_one_decimal_at_most(hundredths: float, shown: str) -> None:
    assert days(hundredths) == shown


def test_months_and_shares_are_said_with_one_decimal_at_most() -> None:
    assert [months(value) for value in (None, 1, 8.0, 10.326)] == [
        "never",
        "1 month",
        "8 months",
        "10.3 months",
    ]
    assert [share(points) for points in (0, 1250, 1504)] == ["0 %", "12.5 %", "15 %"]
