"""Two leaders without an adviser answer ten minutes of questions, and one tries it without an account."""

from datetime import date

import pytest

from adr_app.models.first_role import RoleAssessment
from adr_app.models.people import Installation
from adr_app.models.pressures import PressureRow
from adr_app.services import companies
from adr_app.services.demonstration_profiles import FIRST_PLATFORM, SENSITIVE_DATA, Sample
from tests.casts import quick_passwords, somebody


def answers(somebody, sample: Sample, today: date) -> None:
    """Type what presses a company into the questions, block by block."""
    page = somebody.page
    for prefix, block in zip(("a-", "b-", "c-"), sample.blocks(today), strict=True):
        if prefix != "a-":
            page.locator(f"#block-{prefix}fold > summary").click()
        page.locator(f"#f-{prefix}kind").select_option(block["kind"])
        for name in ("name", "loses", "evidence", "bites_on"):
            page.locator(f"#f-{prefix}{name}").fill(block[name])
        for name in ("level", "when"):
            page.locator(f"input[name='{prefix}{name}'][value='{block[name]}']").check()
    page.locator("#f-stage").select_option(sample.profile["stage"])
    for name in ("data", "markets"):
        for code in sample.profile[name]:
            page.locator(f"input[name='{name}'][value='{code}']").check()


@pytest.mark.parametrize(
    ("sample", "result", "then"),
    [
        (
            FIRST_PLATFORM,
            "The fractional CTO first",
            "A decision about the platform comes before a vCISO does",
        ),
        (SENSITIVE_DATA, "The vCISO first, then the fractional CTO", "starts when “A hospital group"),
    ],
    ids=["first platform", "sensitive data"],
)
def test_a_leader_without_advisers_begins_with_the_questions_and_ends_in_an_answer(
    app, clock, player, sample, result, then
):
    with quick_passwords():
        leader = somebody(sample.leader.email, clock(), sample.leader.name)
        made = companies.found(sample.name, at=clock(), first=leader, roles=["leader"], zone="Europe/Berlin")
        one = player(phone=sample is SENSITIVE_DATA)
        one.comes_in(leader)
        one.reads("Which role do you need first?")
        one.clicks(one.page.get_by_role("link", name="Find out").first)
        answers(one, sample, clock().date())
        one.page.locator("#f-sector").select_option(sample.profile["sector"])
        for key in sample.follows:
            one.page.locator(f"input[name='follows'][value='{key}']").check()
        one.page.locator("input[name='gains'][value='no']").check()
        one.presses("See the answer")
        one.reads(result, then, "Would change if")
        one.page.locator("input[name='followed'][value='yes']").check()
        one.types("Why?", "It is what we see ourselves.")
        one.presses("Keep this decision")
        one.reads("We follow it.", "It is what we see ourselves.")
        assert PressureRow.select().where(PressureRow.company == made.id).count() == 3


@pytest.mark.either_database
def test_without_an_account_the_same_questions_answer_and_nothing_is_stored(app, clock, player):
    Installation.create(id=1, created_at=clock(), demonstration=True)
    one = player(phone=True)
    one.page.goto("/which-role-first")
    one.reads("Nothing of it is stored.")
    answers(one, FIRST_PLATFORM, clock().date())
    one.presses("See the answer")
    one.reads("The fractional CTO first", "The summer season on one server")
    assert RoleAssessment.select().count() == PressureRow.select().count() == 0
