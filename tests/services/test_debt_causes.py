"""Whether decisions with vCISO input cause less debt than those without, as far as somebody may know."""

from collections.abc import Callable

import pytest
from playhouse.test_utils import count_queries

from adr_app.models.decisions import Decision
from adr_app.services import debt, debt_causes, debt_estimates, debt_links, decisions, drafts, reviews
from adr_app.services.debt_causes import Group
from tests.casts import Cast, cast_of
from tests.conftest import START

RISKY = {"data": "yes", "access": "no", "outside": "no", "undo": "no"}


@pytest.fixture
def larkspur(database: object) -> Cast:
    """Larkspur with somebody in every role."""
    return cast_of("Larkspur", START)


@pytest.fixture
def made(larkspur: Cast) -> Callable[..., Decision]:
    """A function that has a decision made, with or without asking the vCISO, and debts that it led to."""
    cto, vciso = larkspur.viewer("cto", START), larkspur.viewer("vciso", START)

    def make(title: str, *debts: tuple[str, str], asked: bool = False) -> Decision:
        decision = drafts.draft(cto, {"title": title}, answers=RISKY, at=START)
        if asked:
            reviews.ask(cto, decision.number, at=START)
            reviews.answer(vciso, decision.number, "approve", base=1, at=START)
        else:
            decisions.propose(cto, decision.number, at=START)
        decisions.accept(cto, decision.number, base=1, reason="It could not wait.", at=START)
        for fix, loss in debts:
            item = debt.note(cto, title=f"Debt of {title}", at=START)
            debt_estimates.analyse(
                cto, item.number, fix_days=fix, monthly_loss=loss, system="Billing",
                owner=str(larkspur.cto.id), intent="inadvertent", care="prudent", at=START,
            )  # fmt: skip
            debt_links.link(cto, item.number, decision.number, "incurred_by", at=START)
        return decision

    return make


def compared(larkspur: Cast, role: str = "leader") -> dict[str, Group]:
    return {group.code: group for group in debt_causes.compared(larkspur.viewer(role, START))}


def test_both_counts_stand_beside_what_each_group_caused(larkspur: Cast, made) -> None:
    made("Asked", ("4", "1"), asked=True)
    made("Asked too", asked=True)
    made("Not asked", ("10", "2"), ("5", "1"))
    found = compared(larkspur)
    assert found["in-time"] == Group("in-time", 2, 1, 1, 400, 100)
    assert found["none"] == Group("none", 1, 1, 2, 1500, 300)
    assert found["after"] == Group("after")
    assert (found["in-time"].average, found["none"].average, found["after"].average) == (200, 1500, None)
    assert all(group.is_few for group in found.values())


def test_what_turned_out_to_be_no_debt_was_caused_by_nobody_and_what_was_repaid_was(larkspur, made) -> None:
    made("Not asked", ("10", "2"), ("5", "1"))
    cto = larkspur.viewer("cto", START)
    debt.mark_not_debt(cto, 1, reason="A feature", at=START)
    debt.repay(cto, 2, at=START)
    assert compared(larkspur)["none"] == Group("none", 1, 1, 1, 500, 100)


def test_only_decisions_that_led_to_a_debt_caused_it(larkspur, made) -> None:
    decision = made("Not asked")
    cto = larkspur.viewer("cto", START)
    item = debt.note(cto, title="Old login", at=START)
    for role in ("repaid_by", "revealed_by", "accepted_by"):
        debt_links.link(cto, item.number, decision.number, role, at=START)
    assert compared(larkspur)["none"] == Group("none", 1)
    assert debt_causes.causes(cto) == []


def test_a_decision_that_somebody_may_not_know_of_is_in_no_count_and_no_sum(larkspur, made) -> None:
    made("Open", ("4", "1"))
    secret = made("Secret", ("10", "2"))
    Decision.update(restricted=True).where(Decision.id == secret.id).execute()
    assert compared(larkspur)["none"] == Group("none", 2, 2, 2, 1400, 300)
    assert compared(larkspur, "member")["none"] == Group("none", 1, 1, 1, 400, 100)
    seen = [cause.decision.title for cause in debt_causes.causes(larkspur.viewer("leader", START))]
    assert seen == ["Secret", "Open"]
    shown = debt_causes.causes(larkspur.viewer("member", START))
    assert [(cause.decision.title, cause.items, cause.fix, cause.heard) for cause in shown] == [
        ("Open", 1, 400, "none")
    ]


def test_many_decisions_ask_as_few_questions_as_one(larkspur, made) -> None:
    def asked() -> int:
        with count_queries() as counted:
            compared(larkspur)
            debt_causes.causes(larkspur.viewer("leader", START))
        return counted.count

    made("One", ("4", "1"))
    few = asked()
    for number in range(4):
        made(f"More {number}", ("4", "1"), asked=bool(number % 2))
    assert asked() == few
