"""The list of decisions: every decision on exactly one page, in every order, filter and search."""

from datetime import date, timedelta
from typing import Any

import pytest

from adr_app.domain.standing_words import MARKS
from adr_app.models.decisions import Decision
from adr_app.services import decisions, drafts, list_filters, lists, reviews
from adr_app.services.lists import Wanted
from adr_app.services.people import Viewer
from tests.conftest import START as AT
from tests.debt_company import Cast
from tests.decision_company import cast

NOW = AT + timedelta(hours=1)
"""When the lists are read: after everything was written."""


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


@pytest.fixture
def twelve(here: Cast) -> list[int]:
    """The numbers of twelve decisions: every third with a day to decide by, every fourth decided."""
    for place in range(12):
        fields: dict[str, Any] = {"title": f"Decision {place}", "kind": "vendor" if place % 2 else "team"}
        at = AT + timedelta(minutes=place % 5)
        if place % 4 == 0:
            fields["decided_on"] = date(2026, 11, 1 + place % 8).isoformat()
            decisions.record_decided(here.sam, fields, at=at)
            continue
        if place % 3 == 0:
            fields["decide_by"] = date(2026, 12, 1 + place % 6).isoformat()
        drafts.draft(here.mia if place % 2 else here.sam, fields, at=at)
    return list(range(1, 13))


def forward(viewer: Viewer, wanted: Wanted, size: int) -> list[list[int]]:
    """Return the numbers on each page, read onwards from the first."""
    pages = []
    cursor = ""
    for _ in range(40):
        page = lists.page(viewer, Wanted(**{**as_dict(wanted), "cursor": cursor}), NOW, size)
        pages.append([row.number for row in page.rows])
        if not page.older:
            break
        cursor = page.older
    return pages


def as_dict(wanted: Wanted) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}


def one_page(viewer: Viewer, **wanted: Any) -> list[int]:
    return [row.number for row in lists.page(viewer, Wanted(**wanted), NOW).rows]


@pytest.mark.parametrize("order", list(lists.ORDERS))
@pytest.mark.parametrize("size", [1, 5, 12])
def test_every_decision_is_on_exactly_one_page(here: Cast, twelve: list[int], order: str, size: int) -> None:
    pages = forward(here.sam, Wanted(order=order), size)
    read = [number for page in pages for number in page]
    assert sorted(read) == twelve
    assert read == one_page(here.sam, order=order)
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


@pytest.mark.parametrize("order", list(lists.ORDERS))
def test_reading_back_shows_the_same_pages(here: Cast, twelve: list[int], order: str) -> None:
    pages = forward(here.sam, Wanted(order=order), 5)
    cursor = ""
    last = None
    while last is None or last.older:
        last = lists.page(here.sam, Wanted(order=order, cursor=cursor), AT, 5)
        cursor = last.older
    back = [[row.number for row in last.rows]]
    while last.newer:
        last = lists.page(here.sam, Wanted(order=order, cursor=last.newer), AT, 5)
        back.append([row.number for row in last.rows])
    assert back[::-1] == pages


def test_what_has_no_day_stands_last_in_both_directions(here: Cast, twelve: list[int]) -> None:
    days = [row.decided_on for row in lists.page(here.sam, Wanted(order="decided"), AT).rows]
    assert days == sorted(filter(None, days), reverse=True) + [None] * 9
    days = [row.decide_by for row in lists.page(here.sam, Wanted(order="decide-by"), AT).rows]
    assert days[:3] == sorted(filter(None, days)) and set(days[3:]) == {None}


def test_a_decision_written_meanwhile_moves_nothing_on_the_next_page(here: Cast, twelve: list[int]) -> None:
    first = lists.page(here.sam, Wanted(), AT, 5)
    drafts.draft(here.sam, {"title": "Newest"}, at=AT)
    second = lists.page(here.sam, Wanted(cursor=first.older), AT, 5)
    assert [row.number for row in second.rows] == [7, 6, 5, 4, 3]


@pytest.mark.parametrize("few", [0, 2000])
def test_filters_show_what_they_name_whoever_leads(
    here: Cast, twelve: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_filters, "FEW", few)
    assert one_page(here.sam, status="accepted") == [9, 5, 1]
    assert one_page(here.sam, kind="vendor") == [12, 10, 8, 6, 4, 2]
    assert one_page(here.sam, mark="without-input") == [9, 5, 1]
    assert one_page(here.sam, mark="not-asked", kind="team") == [11, 7, 3]
    assert one_page(here.mia, mine=True) == [12, 10, 8, 6, 4, 2]
    for order in lists.ORDERS:
        assert sorted(one_page(here.sam, status="accepted", mark="without-input", order=order)) == [1, 5, 9]
        every = one_page(here.sam, status="draft", order=order)
        assert forward(here.sam, Wanted(status="draft", order=order), 4)[0] == every[:4]


@pytest.mark.parametrize("few", [0, 2000])
def test_lists_behind_numbers_show_what_is_counted_whoever_leads(
    here: Cast, twelve: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_filters, "FEW", few)
    reviews.ask(here.sam, 2, at=AT)
    reviews.ask(here.sam, 3, at=AT)
    reviews.answer(here.vera, 3, "question", base=1, text="Where?", at=AT)
    undecided = [12, 11, 10, 8, 7, 6, 4, 3, 2]
    assert one_page(here.sam, status="undecided") == undecided
    assert forward(here.sam, Wanted(status="undecided", order="changed"), 4)[0] != []
    for order in lists.ORDERS:
        read = [n for page in forward(here.sam, Wanted(status="undecided", order=order), 4) for n in page]
        assert sorted(read, reverse=True) == undecided
    assert one_page(here.sam, mark="waiting-vciso") == [2]
    assert one_page(here.sam, mark="waiting-author") == [3]
    assert one_page(here.sam, made="2026-11") == [9, 5, 1]
    assert one_page(here.sam, made="2026-09..2026-11", heard="none") == [9, 5, 1]
    assert one_page(here.sam, made="2026-10") == one_page(here.sam, heard="before") == []
    assert one_page(here.sam, flag="accepted-no-input") == [9, 5, 1]
    assert one_page(here.sam, flag="accepted-no-input:not-asked") == [9, 5, 1]
    assert one_page(here.sam, flag="accepted-no-input:claimed") == []


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-11", ["2026-11"]),
        ("2025-12..2026-02", ["2025-12", "2026-01", "2026-02"]),
        ("2026-02..2025-12", []),
        ("2026-13", []),
        ("0000-01", []),
        ("2026-11..", []),
        ("2000-01..2999-12", []),
    ],
)
def test_a_period_is_a_month_or_two_with_those_between(period: str, months: list[str]) -> None:
    assert list_filters.months_of(period) == months


def test_every_mark_lists_exactly_the_decisions_that_carry_it(here: Cast, twelve: list[int]) -> None:
    reviews.ask(here.sam, 2, at=AT)
    reviews.ask(here.sam, 3, at=AT)
    reviews.answer(here.vera, 3, "approve", base=1, at=AT)
    shown = lists.page(here.sam, Wanted(), NOW)
    by_mark: dict[str, list[int]] = {}
    for row in shown.rows:
        mark = next(m for m in MARKS if shown.standings[row.id].code in list_filters.codes_of(m))
        by_mark.setdefault(mark, []).append(row.number)
    assert by_mark["waiting"] == [2] and by_mark["checked"] == [3]
    for mark in MARKS:
        assert one_page(here.sam, mark=mark) == by_mark.get(mark, [])


def test_a_mark_follows_the_moment_that_is_asked_about(here: Cast, twelve: list[int]) -> None:
    later = NOW + timedelta(hours=2)
    reviews.ask(here.sam, 2, at=later)
    assert one_page(here.sam, mark="waiting") == []
    assert [row.number for row in lists.page(here.sam, Wanted(mark="waiting"), later).rows] == [2]


def test_systems_and_tags_are_found_in_any_spelling(here: Cast) -> None:
    drafts.draft(here.sam, {"title": "A", "systems": "Patient Portal", "tags": "Money"}, at=AT)
    drafts.draft(here.sam, {"title": "B", "systems": "Billing"}, at=AT)
    assert one_page(here.sam, system="patient  PORTAL") == [1]
    assert one_page(here.sam, tag="MONEY") == [1]
    assert one_page(here.sam, system="nothing") == []


def test_a_search_reads_title_text_and_reference_and_the_newest_version(here: Cast) -> None:
    drafts.draft(here.sam, {"title": "Move billing", "context": "We use a café till"}, at=AT)
    drafts.draft(here.sam, {"title": "Backups", "context": "of the billing system"}, at=AT)
    drafts.draft(here.olga, {"title": "Billing elsewhere"}, at=AT)
    assert one_page(here.sam, q="billing") == [2, 1]
    assert one_page(here.sam, q="BILL") == [2, 1]
    assert one_page(here.sam, q="cafe move") == [1]
    drafts.revise(here.sam, 2, {"context": "of everything"}, base=1, at=AT)
    assert one_page(here.sam, q="billing") == [1]


SIGNS = ['"', 'a" OR 1', "title:x", "(", "billing)", "' OR 1 --", "\\", "NEAR", "%", "x" * 5000]


@pytest.mark.parametrize("q", SIGNS)
def test_a_search_for_signs_is_a_search_for_words(here: Cast, q: str) -> None:
    drafts.draft(here.sam, {"title": "Move billing"}, at=AT)
    lists.page(here.sam, lists.check(Wanted(q=q)), AT)


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("filters", [{}, {"kind": "team"}])
def test_a_search_shows_every_hit_on_one_page_only(
    here: Cast, filters: dict[str, str], restricted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SEARCH_STEP", 3)
    for place in range(11):
        drafts.draft(
            here.sam, {"title": f"Billing {place}", "kind": "team" if place % 3 else "vendor"}, at=AT
        )
    hidden = {2, 6} if restricted else set()
    Decision.update(restricted=True).where(Decision.number.in_(hidden)).execute()
    viewer = here.ray
    wanted = {n for n in range(1, 12) if n not in hidden and (not filters or (n - 1) % 3)}
    read = [n for page in forward(viewer, Wanted(q="billing", **filters), 3) for n in page]
    assert read == sorted(wanted, reverse=True)


def test_what_is_restricted_is_in_no_list_of_who_may_not_know(here: Cast) -> None:
    here.decision(here.sam, "Buy the other company", restricted=True)
    drafts.draft(here.sam, {"title": "Open"}, at=AT)
    for wanted in ({}, {"q": "company"}, {"status": "draft"}, {"mark": "not-asked"}):
        assert 1 not in one_page(here.mia, **wanted)
        assert 1 in one_page(here.vera, **wanted)
    assert one_page(here.olga) == []


@pytest.mark.parametrize(
    "cursor",
    ["", "first", "!!", "W10", "WzFd", "e30", "a" * 300, "WyJyZWZlcmVuY2UiLDEsMiwzXQ",
     "WyJyZWZlcmVuY2UiLCJ4IiwxLGZhbHNlXQ",
     "WyJyZWZlcmVuY2UiLDFlOTk5LDEsZmFsc2Vd", "WyJyZWZlcmVuY2UiLHRydWUsdHJ1ZSx0cnVlXQ"],
)  # fmt: skip
def test_a_cursor_that_is_none_begins_at_the_first_page(here: Cast, twelve: list[int], cursor: str) -> None:
    assert one_page(here.sam, cursor=cursor) == one_page(here.sam)


def test_a_cursor_of_one_order_means_nothing_in_another(here: Cast, twelve: list[int]) -> None:
    cursor = lists.page(here.sam, Wanted(order="decided"), AT, 3).older
    assert one_page(here.sam, cursor=cursor) == one_page(here.sam)


def test_what_the_list_does_not_know_filters_nothing() -> None:
    odd = lists.check(
        Wanted(
            made="odd",
            heard="odd",
            flag="no-vciso",
            status="odd",
            mark="odd",
            kind="odd",
            order="odd",
            q="a\x00b",
            tag="\ud800",
        )
    )
    assert odd == Wanted(q="ab")
