"""The answer to which role comes first is kept with all it was given for, and leadership decides on it."""

from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.first_role import advise
from adr_app.domain.first_role_words import explain
from adr_app.domain.permissions import Role
from adr_app.models.events import Event
from adr_app.models.first_role import RoleAssessment
from adr_app.models.people import Company, Engagement
from adr_app.models.pressures import PressureRow
from adr_app.services import (
    companies,
    engagements,
    first_role,
    frameworks,
    obligations,
    people,
    pressures,
    profiles,
    role_inputs,
)
from adr_app.services.people import Viewer
from adr_app.services.verification import verify
from tests.casts import Cast, quick_passwords, somebody
from tests.conftest import START
from tests.services.pressing import AUDIT, DUTY, FIRM, PROFILE

DAY = timedelta(days=1)


@pytest.fixture
def leader(database: Any) -> Viewer:
    """The leader of a company where neither role is held."""
    with quick_passwords():
        one = somebody("priya@birch.example", START)
    made = companies.found("Birch", at=START, first=one, roles=["leader"])
    return people.viewer(one, made.slug, START)


def test_an_answer_is_kept_with_all_it_was_given_for_and_the_rules_give_it_again(leader: Viewer) -> None:
    pressures.note(leader, FIRM, at=START)
    pressures.note(leader, AUDIT, at=START)
    obligations.add(leader, DUTY, at=START)
    profiles.set_profile(leader, **PROFILE, at=START)
    frameworks.follow(leader, "hipaa", at=START)
    row = first_role.assess(leader, gains="no", interest="", at=START)
    assert (row.result, row.rule, row.review_on) == ("CTO_THEN_VCISO", "R3", date(2027, 2, 22))
    pressures.change(leader, 1, FIRM | {"bites_on": "2027-09-01"}, at=START + DAY)
    obligations.end(leader, 1, why="No more.", at=START + DAY)
    kept = first_role.find(leader, row.id)
    assert kept.inputs.profile == profiles.as_read(leader.company.id)
    assert role_inputs.frozen(kept.inputs) == kept.row.inputs
    assert explain(kept.inputs, advise(kept.inputs)) == kept.told
    assert len(kept.inputs.pressures) == 3
    newer = first_role.assess(leader, gains="no", interest="", at=START + DAY)
    assert newer.result == "VCISO_THEN_CTO"
    assert [one.row.id for one in first_role.answers(leader, 5)] == [newer.id, row.id]


def test_whoever_asks_says_whether_they_gain_by_the_answer(leader: Viewer) -> None:
    for gains, interest, field in (("", "", "gains"), ("yes", " ", "interest")):
        with pytest.raises(Invalid) as refused:
            first_role.assess(leader, gains=gains, interest=interest, at=START)
        assert list(refused.value.fields) == [field]
    row = first_role.assess(leader, gains="yes", interest="I would be the CTO.", at=START)
    assert (row.gains, row.interest, row.role_name) == (True, "I would be the CTO.", "leadership")


def test_leadership_decides_once_on_the_newest_answer_with_a_reason(cast: Cast, cto: Viewer) -> None:
    leader = cast.viewer("leader", START)
    older = first_role.assess(cto, gains="no", interest="", at=START)
    newer = first_role.assess(cto, gains="no", interest="", at=START + DAY)
    with pytest.raises(NotAllowed):
        first_role.choose(cto, newer.id, followed="yes", why="So.", at=START + DAY)
    with pytest.raises(Invalid) as refused:
        first_role.choose(leader, newer.id, followed="", why="", at=START + DAY)
    assert list(refused.value.fields) == ["followed", "why"]
    with pytest.raises(WrongState, match="newer answer"):
        first_role.choose(leader, older.id, followed="yes", why="So.", at=START + DAY)
    made = first_role.choose(leader, newer.id, followed="no", why="The budget.", at=START + DAY)
    assert first_role.find(leader, newer.id).choice == made and not made.followed
    with pytest.raises(WrongState, match="has decided"):
        first_role.choose(leader, newer.id, followed="yes", why="So.", at=START + DAY)


def test_another_companys_answer_is_not_there(cast: Cast, leader: Viewer) -> None:
    row = first_role.assess(cast.viewer("cto", START), gains="no", interest="", at=START)
    with pytest.raises(NotFound):
        first_role.find(leader, row.id)
    with pytest.raises(NotFound):
        first_role.choose(leader, row.id, followed="yes", why="So.", at=START)
    assert first_role.newest(leader) is None
    for role in ("member", "reader", "admin"):
        with pytest.raises(NotAllowed):
            first_role.assess(cast.viewer(role, START), gains="no", interest="", at=START)


def test_a_first_run_is_one_act_that_ends_in_an_answer_or_in_nothing(leader: Viewer) -> None:
    said = profiles.checked(**PROFILE)
    noted = [pressures.checked(typed) for typed in (FIRM, AUDIT)]
    with pytest.raises(Invalid):
        first_role.assess(leader, gains="", interest="", profile=said, noted=noted, at=START)
    assert PressureRow.select().count() == RoleAssessment.select().count() == 0
    before = Event.select().count()
    row = first_role.assess(leader, gains="no", interest="", profile=said, noted=noted, at=START)
    assert Event.select().count() == before + 1 and row.result == "CTO_THEN_VCISO"
    assert len(pressures.open_ones(leader.company.id)) == 2
    assert verify(Company.get_by_id(leader.company.id)).broken is None
    again = first_role.assess(leader, gains="no", interest="", profile=said, at=START)
    assert again.result == row.result and len(profiles.stages(leader.company.id)) == 1


def test_roles_are_read_as_they_are_held_and_planned(leader: Viewer) -> None:
    with quick_passwords():
        sam, vera = (somebody(f"{name}@birch.example", START) for name in ("sam", "vera"))
    engagements.appoint(leader, role="cto", email=sam.email, at=START)
    engagements.appoint(leader, role="vciso", email=sam.email, at=START)
    cto, vciso = role_inputs.seats(leader.company, START)
    assert cto.person == vciso.person == sam.id and cto.is_held(START.date())
    engagements.appoint(leader, role="vciso", email=vera.email, at=START)
    cto, vciso = role_inputs.seats(leader.company, START)
    assert (cto.person, vciso.person) == (sam.id, vera.id)
    assert role_inputs.missing([leader.company.id], START) == {leader.company.id: set()}
    Engagement.update(starts_at=START + 9 * DAY).where(Engagement.person == vera.id).execute()
    assert not role_inputs.seats(leader.company, START)[1].is_held(START.date())


def test_which_role_is_missing_is_read_of_all_companies_at_once(cast: Cast, leader: Viewer) -> None:
    ids = [cast.company.id, leader.company.id]
    with count_queries() as counter:
        found = role_inputs.missing(ids, START)
    assert counter.count == 1 and found == {ids[0]: set(), ids[1]: {Role.CTO, Role.VCISO}}


def test_reading_a_company_takes_as_many_queries_however_much_presses(leader: Viewer) -> None:
    def reading() -> int:
        with count_queries() as counter:
            role_inputs.of_company(leader.company, START)
        return int(counter.count)

    pressures.note(leader, FIRM, at=START)
    obligations.add(leader, DUTY, at=START)
    few = reading()
    for _ in range(10):
        pressures.note(leader, AUDIT, at=START)
        obligations.add(leader, DUTY, at=START)
    assert reading() == few <= 6


def test_a_stage_has_a_history_and_saying_the_same_again_is_no_act(leader: Viewer) -> None:
    assert not profiles.set_profile(leader, **dict(profiles.EMPTY), at=START)
    assert profiles.set_profile(leader, **PROFILE | {"stage": "early"}, at=START)
    assert not profiles.set_profile(leader, **PROFILE | {"stage": "early"}, at=START)
    profiles.set_profile(leader, **PROFILE | {"stage": "early", "sector": "other"}, at=START + DAY)
    profiles.set_profile(leader, **PROFILE, at=START + 2 * DAY)
    told = [(row.stage, row.at) for row in profiles.stages(leader.company.id)]
    assert told == [("growth", START + 2 * DAY), ("early", START)]


@pytest.mark.parametrize(
    "wrong",
    [{"sector": "x"}, {"stage": "x"}, {"data": ["x"]}, {"markets": ["x"]}, {"jurisdictions": "x" * 501}],
)
def test_a_profile_that_no_form_offers_is_refused(leader: Viewer, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        profiles.set_profile(leader, **PROFILE | wrong, at=START)
    assert list(refused.value.fields) == list(wrong)


def test_only_who_answers_for_the_company_says_what_it_is_like(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        profiles.set_profile(cast.viewer("member", START), **PROFILE, at=START)
