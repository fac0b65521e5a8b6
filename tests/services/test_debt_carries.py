"""Nobody lives with a debt on the word of a vCISO who read something else, or was not asked."""

import pytest

from adr_app.domain.errors import WrongState
from adr_app.models.debt_carries import DebtCarry
from adr_app.services import debt, debt_carries, debt_estimates, debt_history
from tests.debt_company import Cast, cast
from tests.services.test_debt_steps import AT, LATER, SIX_WORKING_DAYS, check_whole, estimated

UNTIL = {"reason": "Later.", "until": "2027-03-31"}
SAYS = {"title": "Slow tests", "kind": "other", "system": "Billing"}


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def agreed(here: Cast) -> int:
    """Return the number of an item whose request the vCISO agreed to."""
    item = estimated(here.mia, security=True)
    debt_carries.ask(here.mia, item.number, **UNTIL, at=LATER)
    debt_carries.answer_for_security(here.vera, item.number, agrees=True, words="It is inside.", at=LATER)
    return item.number


def check_over(here: Cast, number: int) -> None:
    """The request is over and says so, leadership takes nothing on, and anybody may ask anew."""
    assert DebtCarry.get().state == "withdrawn"
    with pytest.raises(WrongState, match="vCISO has to agree first"):
        debt_carries.carry(here.sam, number, **UNTIL, at=LATER)
    newest = debt_history.entries(here.mia, debt.find(here.mia, number))[0]
    assert "wish to live with it is over" in newest.detail
    assert debt_carries.ask(here.mia, number, **UNTIL, at=LATER).state == "asked"
    check_whole(here)


def test_what_the_vciso_agreed_to_is_over_once_the_item_says_something_else(here: Cast) -> None:
    number = agreed(here)
    debt.revise(here.mia, number, **SAYS, symptoms="Anybody reads every patient.", at=LATER)
    check_over(here, number)


def test_what_the_vciso_agreed_to_is_over_once_it_costs_something_else(here: Cast) -> None:
    number = agreed(here)
    typed = {"fix_days": "12", "monthly_loss": "40", "system": "Billing"}
    debt_estimates.analyse(here.mia, number, **typed, owner=str(here.mia.person.id), at=LATER)
    check_over(here, number)


def test_what_says_nothing_to_security_leaves_the_agreement_as_it_is(here: Cast) -> None:
    number = agreed(here)
    debt.revise(here.mia, number, **SAYS, details={"review_on": "2027-02-01"}, at=LATER)
    typed = {"fix_days": "12", "monthly_loss": "1.5", "system": "Billing"}
    debt_estimates.analyse(here.mia, number, **typed, owner=str(here.sam.person.id), at=LATER)
    assert DebtCarry.get().state == "agreed"
    assert debt_carries.carry(here.sam, number, at=LATER).state == "carried"
    check_whole(here)


def test_what_comes_to_concern_security_late_gives_the_vciso_her_whole_time(here: Cast) -> None:
    item, after = estimated(here.mia), LATER + SIX_WORKING_DAYS
    debt_carries.ask(here.mia, item.number, **UNTIL, at=LATER)
    debt.revise(here.mia, item.number, **SAYS | {"kind": "security"}, at=after)
    with pytest.raises(WrongState, match="vCISO has to agree first"):
        debt_carries.carry(here.sam, item.number, **UNTIL, at=after)
    check_over(here, item.number)


def test_a_request_that_security_does_not_concern_stays_whatever_is_changed(here: Cast) -> None:
    item = estimated(here.mia)
    debt_carries.ask(here.mia, item.number, **UNTIL, at=LATER)
    debt.revise(here.mia, item.number, **SAYS, symptoms="Slower still.", at=LATER)
    assert DebtCarry.get().state == "asked"
