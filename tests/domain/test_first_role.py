"""Which role first: the cases that the rules were made for, each warning, and what must never matter."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.first_role import STAGES, Advice, Inputs, Profile, Rule, Seat, advise
from adr_app.domain.first_role_words import explain
from adr_app.domain.pressures import FAMILY_OF, KIND_WORDS, KINDS, Family, Pressure
from adr_app.domain.role_warnings import Warn, warnings

TODAY = date(2026, 11, 23)


def pressure(kind: str, days: int | str | None = None, **more: Any) -> Pressure:
    """Return a pressure that hurts in so many days, "now", or on no known day; serious unless told."""
    key = more.pop("key", kind)
    told = {"name": KIND_WORDS[kind], "loses": "the contract", "level": 3, "opened_on": TODAY} | more
    bites_on = TODAY + timedelta(days=days) if isinstance(days, int) else None
    return Pressure(key=key, kind=kind, bites_on=bites_on, now=days == "now", **told)


def inputs(*pressures: Pressure, **more: Any) -> Inputs:
    return Inputs(today=TODAY, pressures=pressures, **more)


EARLY, FAST = Profile(stage="early"), Profile(stage="mid-market")
HELD = Seat(person=1, starts_on=TODAY - timedelta(days=200))
HELD_TOO = Seat(person=2, starts_on=TODAY - timedelta(days=100))
OLD = TODAY - timedelta(days=120)

CASES: dict[str, tuple[Inputs, str, str, list[str]]] = {
    "1 no direction": (inputs(pressure("technology_direction")), "CTO_FIRST", "R1", []),
    "2 architecture": (inputs(pressure("product_architecture")), "CTO_FIRST", "R1", []),
    "3 scaling": (inputs(pressure("scaling_infrastructure")), "CTO_FIRST", "R1", []),
    "4 a launch in two months": (inputs(pressure("new_product_launch", 60)), "CTO_FIRST", "R1", []),
    "5 a migration in two months": (inputs(pressure("platform_migration", 60)), "CTO_FIRST", "R1", ["W7"]),
    "6 the team of a young company": (
        inputs(pressure("team_structure"), profile=EARLY),
        *("CTO_FIRST", "R1", []),
    ),
    "7 a deadline to comply": (inputs(pressure("compliance_deadline")), "VCISO_FIRST", "R2", []),
    "8 data": (inputs(pressure("data_security")), "VCISO_FIRST", "R2", []),
    "9 an audit for a customer": (inputs(pressure("customer_audit")), "VCISO_FIRST", "R2", []),
    "10 a law": (inputs(pressure("regulatory_requirement")), "VCISO_FIRST", "R2", []),
    "11 a sale that waits": (inputs(pressure("blocked_sale", "now")), "VCISO_FIRST", "R2", []),
    "12 a decision for years": (
        inputs(pressure("scaling_infrastructure", 30, shapes_years=5), pressure("data_security")),
        *("CTO_THEN_VCISO", "R3", ["W7"]),
    ),
    "13 government data by a day": (
        inputs(pressure("compliance_deadline", 90), pressure("technology_direction")),
        *("VCISO_THEN_CTO", "R3", []),
    ),
    "14 a customer checks before the cloud is chosen": (
        inputs(pressure("customer_security_review", 20), pressure("scaling_infrastructure", 120)),
        *("VCISO_THEN_CTO", "R3", ["W7"]),
    ),
    "15 an open hole": (
        inputs(pressure("active_vulnerability", "now"), pressure("scaling_infrastructure", 60)),
        *("VCISO_THEN_CTO", "R3", ["W7"]),
    ),
    "16 the nearer one": (
        inputs(pressure("platform_migration", 30), pressure("customer_audit", 200)),
        *("CTO_THEN_VCISO", "R3", ["W7"]),
    ),
    "17 as near, more serious": (
        inputs(pressure("execution_friction", 30, level=2), pressure("compliance_deadline", 35, level=4)),
        *("VCISO_THEN_CTO", "R4", []),
    ),
    "18 an outage and a hole now": (
        inputs(pressure("scaling_infrastructure", "now"), pressure("active_vulnerability", "now")),
        *("VCISO_THEN_CTO", "R5", []),
    ),
    "19 patient data, no day": (
        inputs(
            *(pressure("technology_direction"), pressure("data_security")),
            profile=Profile(stage="growth", sensitive=True, frameworks=("hipaa",)),
        ),
        *("VCISO_THEN_CTO", "R6", []),
    ),
    "20 young, no day": (
        inputs(pressure("product_architecture"), pressure("vendor_risk"), profile=EARLY),
        *("CTO_THEN_VCISO", "R6", []),
    ),
    "21 divided, no day": (
        inputs(pressure("technical_debt"), pressure("vendor_risk"), profile=FAST),
        *("UNDECIDED", "R7", []),
    ),
    "22 today counts": (
        inputs(pressure("product_architecture", 1095), pressure("customer_security_review", 60)),
        *("VCISO_FIRST", "R2", ["W8"]),
    ),
    "23 nothing written down": (inputs(), "NO_PRESSURE", "R0", []),
    "24 both are here": (inputs(cto=HELD, vciso=HELD_TOO), "BOTH_ENGAGED", "R0", ["W6"]),
    "25 the wrong one first": (
        inputs(pressure("customer_security_review", 20), cto=HELD),
        *("NEXT_VCISO", "R2", ["W4"]),
    ),
    "one person for both": (
        inputs(cto=HELD, vciso=HELD, split=True, met_on=TODAY),
        *("BOTH_ENGAGED", "R0", ["W1"]),
    ),
    "both begin at once": (
        inputs(
            pressure("technology_direction"),
            cto=Seat(1, TODAY + timedelta(days=5)),
            vciso=Seat(2, TODAY + timedelta(days=20)),
        ),
        *("CTO_FIRST", "R1", ["W2"]),
    ),
    "nobody for four months": (
        inputs(pressure("technology_direction", opened_on=OLD)),
        *("CTO_FIRST", "R1", ["W3"]),
    ),
    "patient data and nothing of security": (
        inputs(pressure("technology_direction"), profile=Profile(sensitive=True)),
        *("CTO_FIRST", "R1", ["W5"]),
    ),
    "a platform by a day, nobody for security": (
        inputs(pressure("product_architecture", 40), cto=HELD),
        *("CTO_ENOUGH", "R1", ["W7"]),
    ),
    "the CTO is enough": (inputs(pressure("team_structure"), cto=HELD), "CTO_ENOUGH", "R1", []),
    "the vCISO is enough": (inputs(pressure("vendor_risk"), vciso=HELD), "VCISO_ENOUGH", "R2", []),
    "the CTO next": (
        inputs(pressure("vendor_risk", 10), pressure("team_structure"), vciso=HELD),
        *("NEXT_CTO", "R3", []),
    ),
    "small ones decide nothing": (
        inputs(pressure("incident", "now", level=1), profile=Profile(sensitive=True)),
        *("NO_PRESSURE", "R0", []),
    ),
    "both meet": (
        inputs(cto=HELD, vciso=HELD_TOO, split=True, met_on=TODAY - timedelta(days=30)),
        *("BOTH_ENGAGED", "R0", []),
    ),
}
"""What is put in, and the whole answer: the result, the rule, and every warning."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_case_has_its_answer_its_rule_and_its_warnings(case: str) -> None:
    given, result, rule, watch = CASES[case]
    found = advise(given)
    assert (found.result, found.rule, warnings(given, found)) == (result, rule, watch)


def test_every_rule_and_every_warning_has_a_case() -> None:
    assert {rule for _, _, rule, _ in CASES.values()} == set(Rule)
    assert {code for *_, watch in CASES.values() for code in watch} == set(Warn)


def test_a_kind_belongs_to_one_family() -> None:
    assert [len(kinds) for kinds in KINDS.values()] == [10, 10]
    assert len(FAMILY_OF) == 20


@pytest.mark.parametrize("apart", [14, 15, -14, -15])
def test_two_weeks_apart_is_the_same_time_and_a_day_more_is_not(apart: int) -> None:
    near = (pressure("team_structure", 30), pressure("vendor_risk", 30 + apart, level=4))
    first = Family.TECHNOLOGY if apart > 14 else Family.SECURITY
    assert advise(inputs(*near)).rule == ("R4" if abs(apart) == 14 else "R3")
    assert advise(inputs(*near)).first is first


def test_a_day_within_the_year_counts_and_one_after_it_does_not() -> None:
    assert advise(inputs(pressure("vendor_risk", 365))).rule is Rule.ONLY_SECURITY
    assert advise(inputs(pressure("vendor_risk", 366))).rule is Rule.NOTHING


def test_what_is_overdue_hurts_today_and_not_earlier() -> None:
    overdue, now = pressure("vendor_risk", -40), pressure("team_structure", "now", level=4)
    assert advise(inputs(overdue, now)).rule is Rule.MORE_SERIOUS


EXPLAINED = explain(CASES["16 the nearer one"][0], advise(CASES["16 the nearer one"][0]))


def test_the_answer_says_why_against_what_by_which_rule_and_what_comes_then() -> None:
    assert EXPLAINED.result == "The fractional CTO first, then the vCISO"
    assert EXPLAINED.because == (
        "“We move to another platform” hurts from Wed 23 Dec, in 30 days. Serious. At stake: the contract."
    )
    assert EXPLAINED.compared.startswith("“An audit for a customer” hurts from Fri 11 Jun 2027, in 200 days.")
    assert "The vCISO starts when “We move to another platform” is decided and carried out" in EXPLAINED.then
    assert EXPLAINED.then.endswith("Look at this again by Sun 21 Feb 2027.")
    assert [code for code, *_ in EXPLAINED.watch] == ["W7"]


def test_the_answer_says_from_which_day_on_it_would_be_another() -> None:
    assert EXPLAINED.changes == (
        "If “An audit for a customer” hurt before Wed 9 Dec, the vCISO would come first.",
        "From Wed 9 Dec to Wed 6 Jan 2027 the more serious of both would decide.",
    )


def test_what_hurts_now_cannot_be_overtaken_by_a_day() -> None:
    now = inputs(pressure("blocked_sale", "now"), pressure("team_structure", 60))
    assert explain(now, advise(now)).changes == (
        "If “How the technical team is set up” hurt by Mon 7 Dec, the more serious of both would decide.",
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_answer_can_be_told(case: str) -> None:
    given = CASES[case][0]
    told = explain(given, advise(given))
    assert all((told.result, told.because, told.rule, told.then, told.changes))
    assert bool(told.compared) == (advise(given).rule is not Rule.NOTHING)
    assert "None" not in str(told) and "“”" not in str(told)


days = st.one_of(st.none(), st.just("now"), st.integers(-60, 500))
some_pressures = st.lists(
    st.builds(
        lambda n, kind, days, level, age: pressure(
            kind, days, key=str(n), level=level, opened_on=TODAY - timedelta(days=age)
        ),
        *(st.integers(0, 999), st.sampled_from(sorted(FAMILY_OF)), days, st.integers(1, 4)),
        st.integers(0, 300),
    ),
    max_size=6,
    unique_by=lambda one: one.key,
)
profiles = st.builds(Profile, st.sampled_from(["", *STAGES]), st.booleans(), assurance=st.booleans())
seats = st.sampled_from([Seat(), HELD, HELD_TOO, Seat(3, TODAY + timedelta(days=9))])


def answer(given: Inputs) -> tuple[Advice, list[Warn]]:
    found = advise(given)
    return found, warnings(given, found)


@given(some_pressures, profiles, seats, seats, st.randoms())
def test_the_order_in_which_pressures_come_changes_nothing(
    found: list[Pressure], profile: Profile, cto: Seat, vciso: Seat, luck: Any
) -> None:
    mixed = luck.sample(found, len(found))
    one, two = (inputs(*each, profile=profile, cto=cto, vciso=vciso) for each in (found, mixed))
    assert answer(one) == answer(two)
    assert explain(one, advise(one)) == explain(two, advise(two))


@given(some_pressures, profiles, seats, seats, st.integers(-2000, 2000))
def test_moving_today_and_every_date_by_as_many_days_changes_nothing(
    found: list[Pressure], profile: Profile, cto: Seat, vciso: Seat, by: int
) -> None:
    def moved(day: date | None) -> date | None:
        return None if day is None else day + timedelta(days=by)

    later = [
        Pressure(
            *(p.key, p.kind, p.name, p.loses, p.level, p.opened_on + timedelta(days=by)),
            *(moved(p.bites_on), p.now, p.evidence, p.shapes_years),
        )
        for p in found
    ]
    here = inputs(*found, profile=profile, cto=cto, vciso=vciso)
    there = Inputs(
        *(TODAY + timedelta(days=by), tuple(later), profile),
        *(Seat(seat.person, moved(seat.starts_on)) for seat in (cto, vciso)),
    )
    one, two = answer(here), answer(there)
    assert (one[0].result, one[0].rule, one[1]) == (two[0].result, two[0].rule, two[1])


@given(some_pressures, profiles, st.integers(2, 4), st.data())
def test_one_that_is_nearer_still_never_takes_the_first_place_from_its_own_side(
    found: list[Pressure], profile: Profile, level: int, data: Any
) -> None:
    before = advise(inputs(*found, profile=profile))
    if before.first is None:
        return
    nearest = inputs(*found).counted(before.first)[0].hurts_from(TODAY)
    most = 365 if nearest is None else (nearest - TODAY).days
    kind = data.draw(st.sampled_from(sorted(KINDS[before.first])))
    nearer = pressure(kind, data.draw(st.integers(0, most)), key="nearer", level=level)
    assert advise(inputs(*found, nearer, profile=profile)).first is before.first
