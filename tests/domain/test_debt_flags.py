"""The flag on a debt that concerns security and has no plan: when it is on, to the second."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_flags import UNPLANNED, debt_spans
from adr_app.domain.events import Happening
from adr_app.domain.flags import Span
from tests.domain.acts import LEADER, Story, utc

ITEM = ("debt", 4)
COMPANY = ("company", 1)


def said(*, is_open: bool = True, planned: bool = False, carried: str | None = None) -> dict[str, Any]:
    return {"security": {"open": is_open, "planned": planned, "carried": carried}}


def noted(zone: str = "UTC", **more: Any) -> Story:
    return Story(zone=zone).act("2026-03-02 09:00", "debt.noted", about=ITEM, number=4, **said(**more))


def spans(story: Story) -> list[tuple[datetime, datetime | None, str | None]]:
    return [(span.starts, span.ends, span.ended_as) for span in debt_spans(ITEM[1], story.acts)]


def test_it_is_on_from_the_note_until_somebody_answers_for_it_with_a_day() -> None:
    story = noted().act("2026-03-04", "debt.analysed", about=ITEM, **said())
    story.act("2026-03-09", "debt.scheduled", about=ITEM, **said(planned=True))
    assert spans(story) == [(utc("2026-03-02 09:00"), utc("2026-03-09"), "dealt with")]


@pytest.mark.parametrize("after", [said(is_open=False), {"security": None}])
def test_a_debt_that_is_closed_or_no_matter_of_security_ends_it(after: dict[str, Any]) -> None:
    story = noted().act("2026-03-09", "debt.revised", about=ITEM, **after)
    assert spans(story) == [(utc("2026-03-02 09:00"), utc("2026-03-09"), "dealt with")]


def test_what_is_lived_with_comes_back_at_the_local_midnight_after_its_last_day() -> None:
    story = noted(zone="Europe/Zurich").act(
        "2026-03-09", "debt.carried", about=ITEM, **said(carried="2026-06-30")
    )
    assert spans(story) == [
        (utc("2026-03-02 09:00"), utc("2026-03-09"), "dealt with"),
        (utc("2026-06-30 22:00"), None, None),
    ]
    story.act("2026-06-01", "debt.scheduled", about=ITEM, **said(planned=True))
    assert spans(story) == [(utc("2026-03-02 09:00"), utc("2026-03-09"), "dealt with")]


def test_after_it_came_back_an_act_may_end_it_again() -> None:
    story = noted().act("2026-03-09", "debt.carried", about=ITEM, **said(carried="2026-06-30"))
    story.act("2026-07-05", "debt.repaid", about=ITEM, **said(is_open=False))
    assert spans(story)[1] == (utc("2026-07-01"), utc("2026-07-05"), "dealt with")


def test_a_debt_that_says_nothing_of_security_is_never_flagged() -> None:
    story = Story().act("2026-03-02 09:00", "debt.noted", about=ITEM, number=4)
    assert spans(story.act("2026-03-04", "debt.revised", about=ITEM, fields=["title"])) == []


def test_a_company_may_make_it_graver_from_then_on() -> None:
    story = noted().act(
        "2026-03-05", "company.severity-set", by=LEADER, about=COMPANY, code=UNPLANNED.code, severity="S1"
    )
    found = debt_spans(ITEM[1], story.acts)
    assert [(span.severity, span.ended_as) for span in found] == [("S2", "changed"), ("S1", None)]


def test_what_cannot_be_read_flags_nothing_and_stops_nothing() -> None:
    for odd in (
        {"security": {"open": True}},
        {"security": [1]},
        {"security": {**said()["security"], "carried": "x"}},
    ):
        assert spans(noted().act("2026-03-09", "debt.revised", about=ITEM, **odd)) == [
            (utc("2026-03-02 09:00"), utc("2026-03-09"), "dealt with")
        ]


told = st.one_of(
    st.just({}),
    st.just({"security": None}),
    st.builds(
        said,
        is_open=st.booleans(),
        planned=st.booleans(),
        carried=st.none() | st.dates(utc("2026-03-01").date(), utc("2026-09-01").date()).map(str),
    ),
)


@given(acts=st.lists(st.tuples(st.integers(0, 60), told), min_size=1, max_size=8), cut=st.integers(1, 8))
def test_an_act_changes_nothing_that_was_before_it(acts: list[tuple[int, dict[str, Any]]], cut: int) -> None:
    story, at = Story(), utc("2026-03-02 09:00")
    for days, data in acts:
        at += timedelta(days=days)
        story.act(at, "debt.revised", about=ITEM, **data)
    known = story.acts[: len(story.acts) - min(cut, len(acts)) + 1]
    edge = known[-1].at
    assert before(known, edge) == before(story.acts, edge)


def before(acts: list[Happening], edge: datetime) -> list[tuple[datetime, datetime]]:
    """Return when the flag was on before a moment."""
    found: list[Span] = debt_spans(ITEM[1], acts)
    return [(s.starts, min(s.ends or edge, edge)) for s in found if s.starts < edge]
