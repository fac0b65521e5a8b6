"""Pictures say what their numbers say, to eyes, to screen readers and on black-and-white paper."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from adr_app.web import charts

YEAR = [date(2025 + (11 + at) // 12, (11 + at) % 12 + 1, 1) for at in range(12)]
COUNTS = st.lists(st.integers(0, 400), min_size=12, max_size=12)


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def series(**counts: list[int]) -> tuple[charts.Series, ...]:
    nothing = [0] * 12
    return charts.input_series(*(counts.get(key, nothing) for key in ("before", "meeting", "after", "none")))


def segments(svg: str, key: str) -> list[ElementTree.Element]:
    return [element for element in drawn(svg).iter("rect") if element.get("class") == f"chart-{key}"]


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_every_column_is_as_high_as_its_count_and_none_leaves_the_plot(
    before: list[int], meeting: list[int], after: list[int], none: list[int]
) -> None:
    layers = charts.input_series(before, meeting, after, none)
    svg = charts.stacked_months(YEAR, layers)
    highest = max(sum(counts) for counts in zip(before, meeting, after, none, strict=True))
    for layer in layers:
        pieces = segments(svg, layer.key)
        counts = [count for count in layer.counts if count]
        assert len(pieces) == len(counts)
        for piece, count in zip(pieces, counts, strict=True):
            true_height = charts.PLOT_HEIGHT * count / highest
            height, top = float(piece.get("height", 0)), float(piece.get("y", 0))
            assert height == pytest.approx(max(true_height - charts.GAP, 1), abs=0.06)
            assert top >= charts.PLOT_TOP - 0.06
            assert top + height <= charts.BASE + 1.1


def test_a_segment_names_its_month_its_count_and_its_meaning() -> None:
    svg = charts.stacked_months(YEAR, series(none=[0] * 11 + [3]))
    (piece,) = segments(svg, "none")
    assert [title.text for title in piece.iter("title")] == ["Nov 2026: 3 – No vCISO input"]


def test_a_picture_has_a_name_and_a_description_for_those_who_do_not_see_it() -> None:
    svg = drawn(charts.stacked_months(YEAR, series(before=[1] * 12), name="board"))
    named = [svg.find(f"*[@id='{name}']") for name in (svg.get("aria-labelledby") or "").split()]
    assert svg.get("role") == "img"
    assert [element.text for element in named if element is not None] == [
        "Security input by month",
        "In the last 12 months, all 12 decisions had vCISO input.",
    ]


def test_two_pictures_on_a_page_share_no_id() -> None:
    layers = series(meeting=[1] * 12, after=[1] * 12)
    first, second = (
        set(re.findall(r' id="([^"]+)"', charts.stacked_months(YEAR, layers, name=name)))
        for name in ("one", "two")
    )
    assert first and second and not first & second


def test_meetings_and_afterthoughts_differ_without_colour() -> None:
    svg = charts.stacked_months(
        YEAR, series(before=[1] * 12, meeting=[1] * 12, after=[1] * 12, none=[1] * 12)
    )
    fills = {
        element.get("fill") for element in drawn(svg).iter("rect") if element.get("class") == "chart-cover"
    }
    patterns = {f"url(#{element.get('id')})" for element in drawn(svg).iter("pattern")}
    assert fills == patterns
    assert len(patterns) == 2


def test_no_colour_and_no_style_is_drawn_into_a_picture() -> None:
    svg = charts.stacked_months(YEAR, series(before=[2] * 12, after=[1] * 12))
    bar = charts.share_bar(600, 4000, limit=500, words="6 of 40")
    for picture in (svg, bar, charts.legend(series())):
        assert "style" not in picture
        assert "<script" not in picture
        assert not re.search(r'(?:fill|stroke)="(?!url\(#)', picture)


def test_a_company_that_has_just_begun_reads_so_instead_of_showing_an_empty_frame() -> None:
    svg = charts.stacked_months(YEAR, series())
    assert "No decisions in these months" in svg
    assert charts.months_sentence(YEAR, series()) == "No decision was made in these months."


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"before": [1] + [0] * 11}, "In the last 12 months, the one decision had vCISO input."),
        (
            {"before": [1] * 12, "meeting": [1] * 12},
            "In the last 12 months, all 24 decisions had vCISO input.",
        ),
        (
            {"before": [3] + [0] * 11, "after": [2] + [0] * 11},
            "In the last 12 months, 3 of 5 decisions had vCISO input in time. "
            "The others were looked at afterwards.",
        ),
        (
            {"before": [3] + [0] * 11, "none": [1] + [0] * 11},
            "In the last 12 months, 3 of 4 decisions had vCISO input in time. 1 still has none.",
        ),
        (
            {"none": [2] * 2 + [0] * 10},
            "In the last 12 months, 0 of 4 decisions had vCISO input in time. 4 still have none.",
        ),
    ],
)
def test_the_sentence_says_good_news_and_bad_news_alike(counts: dict[str, list[int]], sentence: str) -> None:
    assert charts.months_sentence(YEAR, series(**counts)) == sentence


@given(COUNTS, COUNTS)
def test_the_table_beside_the_picture_holds_the_same_numbers(before: list[int], none: list[int]) -> None:
    layers = series(before=before, none=none)
    rows = charts.month_rows(YEAR, layers)
    assert len(charts.month_head(layers)) == len(rows[0])
    assert [row[0] for row in rows] == [charts.month_name(month) for month in reversed(YEAR)]
    assert [int(row[1]) for row in reversed(rows)] == before
    assert [int(row[4]) for row in reversed(rows)] == none
    assert all(int(row[-1]) == sum(map(int, row[1:-1])) for row in rows)


def test_a_series_that_lacks_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="one count for each month"):
        charts.stacked_months(YEAR, [charts.Series("none", "No vCISO input", (1, 2))])


def test_the_legend_reads_in_the_order_of_the_stack() -> None:
    words = re.findall(r"</svg>([^<]+)</li>", charts.legend(series()))
    assert words == ["No vCISO input", "Only afterwards", "In the meeting, confirmed", "Before we decided"]


def test_words_of_a_series_cannot_break_out_of_the_picture() -> None:
    evil = [charts.Series("none", '<script>alert("x")</script>', (1,) * 12)]
    svg = charts.stacked_months(YEAR, evil)
    assert isinstance(svg, Markup)
    assert "<script" not in svg + charts.legend(evil)
    assert "<script" not in charts.share_bar(1, 2, words="<script>")


@pytest.mark.parametrize(
    ("value", "limit", "over"), [(499, 500, False), (500, 500, False), (501, 500, True), (600, None, False)]
)
def test_a_share_stands_out_only_above_its_limit(value: int, limit: int | None, over: bool) -> None:
    svg = charts.share_bar(value, 4000, limit=limit, words="said")
    assert ("chart-share-over" in svg) is over
    assert ("chart-limit" in svg) is (limit is not None)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_bar_never_leaves_its_track(value: int, whole: int) -> None:
    svg = charts.share_bar(value, whole, limit=value, words="said")
    width = next(
        rect.get("width") or "" for rect in drawn(svg).iter("rect") if rect.get("class") == "chart-share"
    )
    assert float(width.rstrip("%")) == pytest.approx(min(100 * value / whole, 100), abs=0.006)


@pytest.mark.parametrize(("value", "whole", "limit"), [(1, 0, None), (-1, 5, None), (1, 5, -1)])
def test_a_share_of_nothing_is_refused(value: int, whole: int, limit: int | None) -> None:
    with pytest.raises(ValueError, match="positive whole"):
        charts.share_bar(value, whole, limit=limit, words="said")
