"""Readings of other tools: what is read from their files, what is refused, and where a line breaks."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid
from adr_app.domain.reading_files import read
from adr_app.domain.readings import (
    Point,
    Reading,
    completed,
    one_a_day,
    steps,
    stretches,
    thousandths,
    value_text,
)

TODAY = date(2026, 11, 27)


def sonarqube(*measures: dict[str, Any]) -> bytes:
    return json.dumps({"component": {"key": "billing", "measures": list(measures)}}).encode()


def run(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"tool": {"driver": {"name": "Lint", "version": "1.2"}}, "results": list(results), **more}


def sarif(*runs: dict[str, Any]) -> bytes:
    return json.dumps({"version": "2.1.0", "runs": list(runs)}).encode()


def values(reading: Reading) -> dict[str, int]:
    return {one.metric: one.value for one in reading.measures}


def test_measures_of_sonarqube_are_taken_as_they_are() -> None:
    (found,) = read(
        sonarqube(
            {"metric": "ncloc", "value": "12500", "bestValue": False},
            {"metric": "sqale_debt_ratio", "value": "3.25"},
            {"metric": "new_violations", "period": {"index": 1, "value": "4"}},
            {"metric": "alert_status", "value": "OK"},
            {"metric": "their_own", "value": "-0.0005"},
        )
    )
    assert (found.tool, found.version) == ("SonarQube", "")
    assert values(found) == {"ncloc": 12_500_000, "sqale_debt_ratio": 3_250, "their_own": -1}
    assert found.passed_over == ("new_violations", "alert_status")
    assert [one.unit for one in found.measures] == ["lines", "%", ""]


def test_findings_of_sarif_are_counted_by_level() -> None:
    found = run(
        {"level": "error"},
        {"level": "error", "suppressions": [{"kind": "inSource"}]},
        {"level": "error", "suppressions": [{"kind": "external", "status": "underReview"}]},
        {},
        {"level": "note", "baselineState": "absent"},
        {"level": "none", "kind": "pass"},
        {"kind": "notApplicable"},
    )
    (reading,) = read(sarif(found))
    counts = {"sarif_error": 2_000, "sarif_warning": 1_000, "sarif_note": 0, "sarif_suppressed": 1_000}
    assert (reading.tool, reading.version, values(reading)) == ("Lint", "1.2", counts)


def test_a_finding_without_a_level_has_that_of_its_rule() -> None:
    note, error = ({"defaultConfiguration": {"level": level}} for level in ("note", "error"))
    tool = {
        "driver": {"name": "Ql", "semanticVersion": "2.0", "rules": [{"id": "a", **note}, {"id": "b"}]},
        "extensions": [{"name": "pack", "version": "7", "rules": [{"id": "c", **error}]}],
    }
    results: list[dict[str, Any]] = [
        {"ruleIndex": 0},
        {"ruleId": "a"},
        {"ruleId": "c"},
        {"rule": {"index": 0, "toolComponent": {"index": 0}}},
        {"ruleIndex": 1},
        {"ruleIndex": 99},
        {"ruleIndex": -1},
        {"ruleId": "nobody's"},
        {"rule": {"index": 5, "toolComponent": {"index": 9}}},
    ]
    (reading,) = read(sarif({"tool": tool, "results": results}))
    assert values(reading) == {
        "sarif_error": 2_000,
        "sarif_warning": 5_000,
        "sarif_note": 2_000,
        "sarif_suppressed": 0,
    }
    assert (reading.version, reading.settings) == ("2.0", "pack 7")


def test_a_run_says_its_day_and_its_category() -> None:
    more = {
        "automationDetails": {"id": "nightly/java/4711"},
        "invocations": [{"endTimeUtc": "2026-11-20T23:59:00Z"}],
    }
    (reading,) = read(sarif(run(**more)))
    assert (reading.on, reading.settings) == (date(2026, 11, 20), "nightly/java")
    assert completed(reading, {}, TODAY).on == date(2026, 11, 20)
    assert completed(reading, {"on": "2026-11-21"}, TODAY).on == date(2026, 11, 21)


def test_the_runs_of_several_tools_in_one_file_are_kept_apart() -> None:
    other = {**run({"level": "note"}), "tool": {"driver": {"name": "Other", "version": "3"}}}
    assert [one.tool for one in read(sarif(run(), other))] == ["Lint", "Other"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"<xml/>", "not JSON"),
        (b'{"runs": NaN}', "not JSON"),
        (b"[" * 100_000, "deeper|not JSON"),
        (b"[]", "neither"),
        (b'{"issues": []}', "begins with “issues”"),
        (b'{"measures": [{"metric": "ncloc", "history": []}]}', "history"),
        (b'{"component": []}', "no measure"),
        (sonarqube(), "no measure"),
        (sonarqube({"metric": "alert_status", "value": "OK"}), "is a number"),
        (sonarqube(*({"metric": f"m{n}", "value": "1"} for n in range(61))), "more than 60"),
        (b'{"version": "1.0.0", "runs": []}', "version 2"),
        (sarif(), "no run"),
        (sarif({"results": []}), "which tool"),
        (sarif({"tool": {"driver": {"name": "Lint"}}}), "has no results"),
        (sarif({"tool": {"driver": {"name": "Lint"}}, "results": [1]}), "cannot be read"),
        (sarif(run(), run()), "more than once"),
        (sarif(*[run()] * 21), "more than 20 runs"),
        (b" " * (20 * 1024 * 1024 + 1), "larger than 20"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(content: bytes, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refusal:
        read(content)
    assert set(refusal.value.fields) == {"file"}


NAMES = (
    *("tool", "driver", "name", "rules", "level", "rule", "index", "toolComponent", "results", "kind", "id"),
    *("suppressions", "automationDetails", "extensions", "version", "measures"),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=30,
)


@given(anything)
def test_nothing_in_a_run_or_a_component_breaks_the_reader(inside: Any) -> None:
    for whole in (
        {"version": "2.1.0", "runs": [inside]},
        {"version": "2.1.0", "runs": [run(inside), {**run(), "tool": inside}]},
        {"version": "2.1.0", "runs": [run() | (inside if isinstance(inside, dict) else {})]},
        {"component": inside},
        {"component": {"measures": inside}},
    ):
        try:
            assert read(json.dumps(whole).encode())
        except Invalid as refusal:
            assert set(refusal.fields) == {"file"}


def test_what_the_file_does_not_say_has_to_be_typed() -> None:
    (found,) = read(sonarqube({"metric": "ncloc", "value": "1"}))
    with pytest.raises(Invalid, match="cannot be saved") as refusal:
        completed(found, {}, TODAY)
    assert set(refusal.value.fields) == {"version"}
    whole = completed(found, {"version": "10.4", "settings": " Sonar  way "}, TODAY)
    assert (whole.version, whole.settings, whole.on) == ("10.4", "Sonar way", TODAY)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"on": "2026-11-28"}, "on"),
        ({"on": "1999-12-31"}, "on"),
        ({"on": "soon"}, "on"),
        ({"settings": "x" * 501}, "settings"),
        ({"settings": "\x00"}, "settings"),
        ({"version": "x" * 201}, "version"),
    ],
)
def test_what_is_typed_beside_a_file_is_checked(typed: dict[str, str], field: str) -> None:
    (found,) = read(sonarqube({"metric": "ncloc", "value": "1"}))
    with pytest.raises(Invalid) as refusal:
        completed(found, {"version": "10.4"} | typed, TODAY)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1", 1_000), ("-1.5", -1_500), ("0.0004", 0), ("0.0005", 1), ("1.0E0", 1_000), ("007", 7_000)),
        *(("", None), ("1,5", None), ("0x1", None), ("1e9", None), ("NaN", None), ("٣", None)),
        *(("9" * 18, None), ("9" * 5000, None), ("1000000000000000", 10**18)),
    ],
)
def test_numbers_are_thousandths_or_none(text: str, value: int | None) -> None:
    assert thousandths(text) == value


def test_values_read_with_their_units() -> None:
    shown = [
        value_text(1_250_000, "lines"),
        value_text(1_000, "findings"),
        value_text(3_200, "%"),
        value_text(1_000, "%"),
        value_text(45_000, "minutes"),
        value_text(60_000, "minutes"),
        value_text((2 * 480 + 4 * 60 + 7) * 1_000, "minutes"),
        value_text(-125, ""),
    ]
    assert shown == [
        "1,250 lines",
        "1 finding",
        "3.2 %",
        "1 %",
        "45 minutes",
        "1 hour",
        "2 days 4 hours",
        "-0.125",
    ]


points = st.lists(
    st.builds(
        Point,
        st.integers(0, 40).map(lambda n: TODAY + timedelta(days=n)),
        st.integers(-5, 5),
        st.sampled_from(["9.9", "10.4"]),
        st.sampled_from(["", "Sonar way"]),
    ),
    max_size=12,
).map(lambda given: sorted(given, key=lambda point: point.on))


@given(points)
def test_a_line_is_all_its_points_in_pieces_of_one_version_and_one_way_of_setting_up(
    given: list[Point],
) -> None:
    line = one_a_day(given)
    assert [point.on for point in line] == sorted({point.on for point in given})
    pieces = stretches(line)
    assert [point for piece in pieces for point in piece] == line
    assert all(len({point[2:] for point in piece}) == 1 for piece in pieces)
    found = steps(line)
    assert len(found) == max(len(pieces) - 1, 0)
    assert all(step.what and step.before < step.after for step in found)


def test_a_break_says_what_changed() -> None:
    line = [
        Point(TODAY, 9, "9.9", "a"),
        Point(TODAY + timedelta(days=1), 1, "10.4", "a"),
        Point(TODAY + timedelta(days=2), 2, "10.4", "b"),
        Point(TODAY + timedelta(days=3), 3, "10.5", "c"),
    ]
    assert [step.what for step in steps(line)] == [
        "version 9.9 became 10.4",
        "its settings changed",
        "version 10.4 became 10.5 and its settings changed",
    ]
