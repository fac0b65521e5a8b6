"""What leadership reads: every number is its list, at its second, and costs the same in a long log."""

from datetime import date, timedelta

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.models.base import FOREVER
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.services import debt, debt_estimates, decisions, drafts, engagements, exceptions, lists, reviews
from adr_app.services.dashboard import dashboard, input_layers, last_months
from adr_app.services.dashboard_queries import WITHOUT_INPUT
from tests.casts import Cast, cast_of
from tests.conftest import START

NOES = {"data": "no", "access": "no", "outside": "no", "undo": "no"}
RISKY = {"data": "yes", "access": "no", "outside": "no", "undo": "no"}


@pytest.fixture
def larkspur(database: peewee.Database) -> Cast:
    """Larkspur with somebody in every role, since a month before the tests' clock."""
    return cast_of("Larkspur", START - timedelta(days=30), zone="Europe/Berlin")


def accepted(cast: Cast, title: str, at, *, asked: bool = False, **fields) -> Decision:
    """Let the CTO propose and accept, asking the vCISO first or not."""
    cto, vciso = cast.viewer("cto", at), cast.viewer("vciso", at)
    made = drafts.draft(cto, {"title": title, **fields}, answers=RISKY, at=at)
    if asked:
        reviews.ask(cto, made.number, at=at)
        reviews.answer(vciso, made.number, "approve", base=1, at=at)
    else:
        decisions.propose(cto, made.number, at=at)
    return decisions.accept(cto, made.number, base=1, reason="It could not wait.", at=at)


def test_a_company_without_decisions_has_an_honest_empty_dashboard(larkspur: Cast) -> None:
    board = dashboard(larkspur.viewer("leader", START), at=START)
    assert board.without_input == 0
    assert board.oldest is None
    assert board.quarter.all == 0
    assert board.recent == []
    assert board.undecided == 0


def test_the_headline_counts_decisions_made_without_input_with_the_reason_beneath(larkspur: Cast) -> None:
    accepted(larkspur, "Not asked", START - timedelta(days=5))
    accepted(larkspur, "Asked", START - timedelta(days=4), asked=True)
    board = dashboard(larkspur.viewer("leader", START), at=START)
    assert board.without_input == 1
    assert dict(board.breakdown) == {"not-asked": 1}
    assert board.oldest is not None
    assert board.oldest.starts == START - timedelta(days=5)


def test_the_number_is_right_at_the_second_before_and_at_the_acceptance(larkspur: Cast) -> None:
    at = START - timedelta(hours=2)
    accepted(larkspur, "Not asked", at)
    viewer = larkspur.viewer("leader", START)
    assert dashboard(viewer, at=at - timedelta(seconds=1)).without_input == 0
    assert dashboard(viewer, at=at).without_input == 1
    assert dashboard(viewer, at=at + timedelta(seconds=1)).without_input == 1


def test_the_number_and_the_list_behind_it_are_the_same_decisions(larkspur: Cast) -> None:
    for days in range(1, 7):
        accepted(larkspur, f"Decision {days}", START - timedelta(days=days), asked=days % 3 == 0)
    replaced = Decision.get(Decision.title == "Decision 1")
    decisions.deprecate(larkspur.viewer("cto", START), replaced.number, at=START)
    viewer = larkspur.viewer("leader", START)
    wanted = lists.Wanted(mark="without-input", status="accepted")
    listed = lists.page(viewer, wanted, START).rows
    running = SpanRow.running(viewer.company.id, "flag", START).where(SpanRow.code == WITHOUT_INPUT).count()
    assert dashboard(viewer, at=START).without_input == len(listed) == running == 3


def test_the_picture_counts_each_decision_once_in_the_month_it_was_made(larkspur: Cast) -> None:
    accepted(larkspur, "October, without", START - timedelta(days=29))
    accepted(larkspur, "November, with", START - timedelta(days=2), asked=True)
    board = dashboard(larkspur.viewer("leader", START), at=START)
    assert [month.month for month in board.months[-2:]] == [10, 11]
    assert {name: counts[-2:] for name, counts in board.layers.items()} == {
        "before": [0, 1],
        "meeting": [0, 0],
        "after": [0, 0],
        "none": [1, 0],
    }
    assert (board.quarter.before, board.quarter.all) == (1, 2)


def test_a_late_review_moves_a_decision_to_only_afterwards_and_out_of_the_headline(larkspur: Cast) -> None:
    made = accepted(larkspur, "Checked later", START - timedelta(days=3))
    reviews.answer(larkspur.viewer("vciso", START), made.number, "approve", base=1, at=START)
    board = dashboard(larkspur.viewer("leader", START), at=START)
    assert board.without_input == 0
    assert board.layers["after"][-1] == 1
    assert board.layers["none"][-1] == 0


def test_a_question_of_risk_stands_for_the_leader_who_was_asked_and_for_all_who_lead_not(
    larkspur: Cast,
) -> None:
    cto = larkspur.viewer("cto", START)
    made = drafts.draft(cto, {"title": "Keep the codes"}, answers=RISKY, at=START)
    reviews.ask(cto, made.number, at=START)
    reviews.answer(larkspur.viewer("vciso", START), made.number, "deny", base=1, text="No.", at=START)
    exceptions.ask(
        cto, made.number, question="May we?", technology_says="Yes.", answer_by=date(2026, 11, 27), at=START
    )
    assert [d.id for _, d in dashboard(larkspur.viewer("leader", START), at=START).questions] == [made.id]
    assert [d.id for _, d in dashboard(larkspur.viewer("admin", START), at=START).questions] == [made.id]
    leader = larkspur.viewer("leader", START)
    engagements.appoint(leader, role="leader", email=larkspur.admin.email, name="Admin", at=START)
    assert dashboard(larkspur.viewer("admin", START), at=START).questions == [], "asked was another leader"


def test_a_restricted_decision_is_not_shown_to_those_who_may_not_know_of_it(larkspur: Cast) -> None:
    made = accepted(larkspur, "Secret", START, asked=True)
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    assert [d.id for d, _ in dashboard(larkspur.viewer("leader", START), at=START).recent] == [made.id]
    assert dashboard(larkspur.viewer("reader", START), at=START).recent == []


def test_debt_costs_what_its_open_items_cost_each_month(larkspur: Cast) -> None:
    member = larkspur.viewer("member", START)
    item = debt.note(member, title="Slow tests", system="Build", at=START)
    debt_estimates.analyse(
        member,
        item.number,
        system="Build",
        fix_days="4",
        intent="inadvertent",
        care="prudent",
        monthly_loss="1.5",
        owner=str(larkspur.member.id),
        at=START,
    )
    assert dashboard(larkspur.viewer("leader", START), at=START).debt.total == 150


def test_the_dashboard_asks_the_same_number_of_queries_for_one_decision_and_for_many(larkspur: Cast) -> None:
    viewer = larkspur.viewer("leader", START)
    accepted(larkspur, "First", START - timedelta(days=9))
    with count_queries() as one:
        dashboard(viewer, at=START)
    for days in range(1, 9):
        accepted(larkspur, f"More {days}", START - timedelta(days=days), asked=days % 2 == 0)
    with count_queries() as many:
        dashboard(viewer, at=START)
    assert many.count <= one.count + 1
    assert many.count < 30


def test_the_last_twelve_months_end_with_this_one_across_the_turn_of_a_year() -> None:
    assert last_months(date(2026, 2, 28), 4) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_what_is_older_than_the_log_or_needed_no_review_is_not_drawn() -> None:
    from collections import Counter

    months = [date(2026, 11, 1)]
    layers = input_layers(months, {"2026-11": Counter({"older": 4, "not-needed": 2, "none-engaged": 1})})
    assert layers == {"before": [0], "meeting": [0], "after": [0], "none": [1]}


def test_an_open_span_has_no_end(larkspur: Cast) -> None:
    accepted(larkspur, "Not asked", START)
    assert SpanRow.get(SpanRow.code == WITHOUT_INPUT).ends == FOREVER
