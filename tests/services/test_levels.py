"""How closely security must look: raised by whoever writes, lowered by the vCISO, unanswered is not none."""

import pytest

from adr_app.domain.acceptance import Need
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.services import company_settings, decisions, drafts, gates, levels
from tests.casts import cast_of
from tests.services.security_company import NONE, PLAIN, again, assert_true, drafted, standing


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


def test_a_raised_level_stays_over_later_versions(cast, clock):
    made = drafted(cast, clock(), NONE)
    levels.raise_to(cast.viewer("member", clock()), made.number, 3, at=clock())
    drafts.revise(cast.viewer("cto", clock()), made.number, {"context": "More"}, base=1, at=clock())
    assert again(made).level == 3
    for level in (0, 2, 3, 4):
        with pytest.raises(Invalid):
            levels.raise_to(cast.viewer("member", clock()), made.number, level, at=clock())


def test_only_the_vciso_lowers_a_level_and_says_why(cast, clock):
    made = drafted(cast, clock(), PLAIN)
    with pytest.raises(NotAllowed):
        levels.lower_to(cast.viewer("cto", clock()), made.number, 0, reason="Small", at=clock())
    vciso = cast.viewer("vciso", clock())
    with pytest.raises(Invalid):
        levels.lower_to(vciso, made.number, 0, reason=" ", at=clock())
    with pytest.raises(Invalid):
        levels.lower_to(vciso, made.number, 3, reason="Up", at=clock())
    levels.lower_to(vciso, made.number, 1, reason="Public data only", at=clock())
    assert again(made).level == 1
    assert_true(cast)


def test_without_an_answer_a_decision_counts_as_one_that_needs_the_ok(cast, clock):
    made = drafted(cast, clock())
    assert made.level is None
    assert gates.level_of(made) == 2 and gates.needs_ok(made)
    company_settings.set_policy(cast.viewer("leader", clock()), "3", "advise", at=clock())
    company_settings.set_policy(cast.viewer("leader", clock()), "2", "enforce", at=clock())
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    assert gates.gate_for(cast.viewer("cto", clock()), again(made), clock()).need is Need.FIRST_ANSWERS


def test_silence_is_no_way_around_an_ok_that_is_needed_at_the_highest_level(cast, clock):
    made = drafted(cast, clock())
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    gate = gates.gate_for(cast.viewer("cto", clock()), again(made), clock())
    assert (gate.need, gate.emergency_open) == (Need.FIRST_ANSWERS, True)


def test_declared_harmless_counts_for_nothing_until_verified(cast, clock):
    made = drafted(cast, clock(), NONE)
    with pytest.raises(Invalid):
        levels.declare_harmless(cast.viewer("cto", clock()), made.number, reason="", at=clock())
    levels.declare_harmless(cast.viewer("cto", clock()), made.number, reason="A rota", at=clock())
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock())
    assert standing(made, clock())[0] == "self-declared"
    with pytest.raises(WrongState, match="decided already"):
        levels.declare_harmless(cast.viewer("cto", clock()), made.number, reason="Late", at=clock())
    assert_true(cast)
