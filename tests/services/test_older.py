"""What is older than the log and unchecked: what hangs most on it first, twenty to a page."""

from datetime import timedelta
from pathlib import Path

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.models.base import is_sqlite
from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.services import decisions, drafts, imports, levels, list_filters, older, reviews
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of
from tests.conftest import START
from tests.services.older_company import inherited, many
from tests.services.security_company import NONE

NOW = START + timedelta(hours=1)


@pytest.fixture
def vera(cast: Cast) -> Viewer:
    return cast.viewer("vciso", NOW)


def titles(viewer: Viewer, **wanted) -> list[str]:
    return [row.decision.title for row in older.page(viewer, NOW, **wanted).rows]


@pytest.mark.parametrize("few", [0, 2000])
def test_one_way_doors_stand_first_then_what_is_sensitive_then_the_newest(
    cast: Cast, vera: Viewer, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_filters, "FEW", few)
    inherited(cast, START, "Easy, newest", undo="easy", decided_on="2025-01-01")
    inherited(cast, START, "Nothing said", decided_on="2020-01-01")
    inherited(cast, START, "Nothing said, newer", decided_on="2021-01-01")
    inherited(cast, START, "Health data", data=["health"], decided_on="2019-01-01")
    inherited(cast, START, "Hard, by its field", undo="hard", decided_on="2018-01-01")
    inherited(cast, START, "Hard, public data", undo="hard", data=["public"], decided_on="2024-01-01")
    inherited(cast, START, "No, says the answer", undo="hard", answers=NONE, decided_on="2023-01-01")
    assert titles(vera) == [
        *("Hard, by its field", "Hard, public data", "Health data", "Nothing said, newer", "Nothing said"),
        *("Easy, newest", "No, says the answer"),
    ]


@pytest.mark.parametrize("few", [0, 2000])
def test_every_row_is_on_exactly_one_page_and_the_way_back_shows_the_same(
    cast: Cast, vera: Viewer, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_filters, "FEW", few)
    monkeypatch.setattr(older, "PAGE", 3)
    numbers = many(cast, START, 8)
    pages, place = [older.page(vera, NOW)], ""
    while place := pages[-1].older:
        pages.append(older.page(vera, NOW, place=place))
    read = [[row.decision.number for row in one.rows] for one in pages]
    assert [len(one) for one in read] == [3, 3, 2] and pages[0].newer == ""
    assert [number for one in read for number in one] == numbers[::-1]
    back = older.page(vera, NOW, place=pages[-1].newer)
    assert [row.decision.number for row in back.rows] == read[1]
    first = older.page(vera, NOW, place=back.newer)
    assert [row.decision.number for row in first.rows] == read[0] and first.newer == ""


@pytest.mark.parametrize(
    "place", ["", "!", "4.2020-05-04", "9" * 40, "4.2020-05-04.1.back.back", "٤.2020-05-04.1"]
)
def test_a_place_that_is_none_is_the_beginning(cast: Cast, vera: Viewer, place: str) -> None:
    many(cast, START, 2)
    assert titles(vera, place=place) == titles(vera)


def test_only_what_is_in_force_older_than_the_log_and_unchecked_is_listed(cast: Cast, vera: Viewer) -> None:
    cto = cast.viewer("cto", START)
    drafts.draft(cto, {"title": "Only a draft"}, at=START)
    inherited(cast, START, "Made since", decided_on=START.date().isoformat())
    gone = inherited(cast, START, "No longer used")
    decisions.deprecate(cto, gone.number, at=START)
    checked = inherited(cast, START, "Checked")
    reviews.answer(cast.viewer("vciso", START), checked.number, "approve", base=1, at=START)
    asked = inherited(cast, START, "A question is no answer")
    reviews.answer(cast.viewer("vciso", START), asked.number, "question", base=1, text="Where?", at=START)
    inherited(cast_of("Ostara", START), START, "Elsewhere")
    assert titles(vera) == ["A question is no answer"]
    assert older.count(vera, NOW) == 1


def test_what_was_decided_on_an_unknown_day_stands_among_them_last(
    cast: Cast, vera: Viewer, tmp_path: Path
) -> None:
    (tmp_path / "0001-a.md").write_text("# 1. Use a queue\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n")
    imports.run(cast.viewer("cto", START), tmp_path, at=START)
    inherited(cast, START, "Old servers", decided_on="2001-01-01")
    assert titles(vera) == ["Old servers", "Use a queue"]


def test_what_needs_a_full_review_stands_apart_with_the_reason(cast: Cast, vera: Viewer) -> None:
    near, far = inherited(cast, START, "Near"), inherited(cast, START, "Far")
    levels.raise_to(cast.viewer("member", START), near.number, 3, reason="Holds patient files", at=START)
    assert titles(vera) == ["Far"] and titles(vera, closely=True) == ["Near"]
    (row,) = older.page(vera, NOW, closely=True).rows
    assert row.why_closely == "Holds patient files"
    levels.lower_to(cast.viewer("vciso", NOW), near.number, 1, reason="It does not", at=NOW)
    assert titles(vera, closely=True) == [] and set(titles(vera)) == {"Far", "Near"}
    assert older.count(vera, NOW) == 2 and far.number


def test_what_is_restricted_is_neither_listed_nor_counted_for_who_may_not_know(cast: Cast) -> None:
    inherited(cast, START, "Open")
    secret = inherited(cast, START, "Secret", undo="hard")
    Decision.update(restricted=True).where(Decision.id == secret.id).execute()
    levels.raise_to(cast.viewer("cto", START), secret.number, 3, at=START)
    for role in ("reader", "member", "admin", "delegate"):
        viewer = cast.viewer(role, NOW)
        assert titles(viewer) == ["Open"] and titles(viewer, closely=True) == []
        assert older.count(viewer, NOW) == 1 and secret.number not in older.numbered(viewer, [1, 2])
    assert older.count(cast.viewer("leader", NOW), NOW) == 2


def test_a_page_asks_the_same_number_of_queries_for_one_row_and_for_twenty(cast: Cast, vera: Viewer) -> None:
    def cost(closely: bool) -> int:
        with count_queries() as counted:
            older.page(vera, NOW, closely=closely)
        return counted.count

    many(cast, START, 1)
    before = cost(False)
    numbers = many(cast, START, 25)
    assert cost(False) == before <= 6
    for number in numbers[:3]:
        levels.raise_to(cast.viewer("cto", START), number, 3, reason="Look", at=START)
    three = cost(True)
    for number in numbers[3:20]:
        levels.raise_to(cast.viewer("cto", START), number, 3, reason="Look", at=START)
    assert cost(True) == three <= 8


@pytest.mark.parametrize(("closely", "index"), [(False, "decision_stakes"), (True, "decision_full_review")])
@pytest.mark.parametrize("place", ["", "4.2020-05-04.7", "4.2020-05-04.7.back"])
def test_where_many_are_older_a_page_is_read_along_an_index_without_sorting(
    cast: Cast,
    vera: Viewer,
    database: peewee.Database,
    monkeypatch: pytest.MonkeyPatch,
    closely: bool,
    index: str,
    place: str,
) -> None:
    monkeypatch.setattr(list_filters, "FEW", 0)
    many(cast, START, 3)
    asked = older.wanted(vera, NOW, place=place, closely=closely)
    statement, values = asked.sql()
    if is_sqlite(database):
        plan = [row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()]
        assert any(index in line for line in plan), plan
        assert not any("TEMP B-TREE" in line or line.startswith("SCAN") for line in plan), plan
        return
    with database.atomic():  # with three rows PostgreSQL would read them all, whatever there is
        for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
            database.execute_sql(f"SET LOCAL {setting} = off")
        plan = [row[0] for row in database.execute_sql(f"EXPLAIN {statement}", values).fetchall()]
    assert any(index in line for line in plan), plan
    assert not any("Sort" in line for line in plan), plan


def test_a_decision_that_left_the_list_does_not_take_its_page_along(cast: Cast, vera: Viewer) -> None:
    numbers = many(cast, START, 23)
    second = older.page(vera, NOW).older
    assert Company.get_by_id(cast.company.id).stale_since is None
    last_of_first = older.page(vera, NOW).rows[-1].decision.number
    reviews.answer(cast.viewer("vciso", NOW), last_of_first, "approve", base=1, at=NOW)
    shown = [row.decision.number for row in older.page(vera, NOW, place=second).rows]
    assert shown == numbers[:3][::-1]
