"""How closely security must look: raised by whoever writes, lowered by the vCISO, unanswered is not none."""

import pytest

from adr_app.domain.acceptance import Need
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.reviews import Review
from adr_app.services import (
    answers,
    company_settings,
    decisions,
    drafts,
    engagements,
    gates,
    levels,
    people,
    reviews,
)
from tests.casts import cast_of
from tests.services.security_company import NONE, PLAIN, RISKY, again, assert_true, drafted, standing


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


def answer(cast, made, clock, code="advise", **more):
    viewer = cast.viewer("vciso", clock())
    base = again(made).latest
    return reviews.answer(viewer, made.number, code, base=base, text="So.", at=clock(), **more)


def test_the_level_the_vciso_set_outlasts_an_edit_by_anybody(cast, clock):
    made = drafted(cast, clock(), NONE)
    answer(cast, made, clock, level=3)
    member = cast.viewer("member", clock())
    drafts.revise(member, made.number, {"context": "More"}, base=1, at=clock())
    assert again(made).level == 3
    drafts.revise(member, made.number, {"context": "Less"}, answers={}, base=2, at=clock())
    assert again(made).level == 3
    answer(cast, made, clock, level=1)
    assert again(made).level == 1
    drafts.revise(member, made.number, {"context": "Risky"}, answers=RISKY, base=3, at=clock())
    assert again(made).level == 3
    assert_true(cast)


def test_an_answer_taken_back_gives_back_the_level_before_it(cast, clock):
    made = drafted(cast, clock(), RISKY)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    answer(cast, made, clock, "not-relevant", level=0)
    assert again(made).level == 0
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=5))
    assert again(made).level == 3
    assert gates.gate_for(cast.viewer("cto", clock()), again(made), clock()).need is Need.SECURITY_OK
    drafts.revise(
        cast.viewer("cto", clock()), made.number, {"context": "x"}, answers=NONE, base=1, at=clock()
    )
    assert again(made).level == 0, "the level she set went with her answer"
    assert_true(cast)


def test_a_text_that_never_had_a_level_has_none_again(cast, clock):
    made = drafted(cast, clock())
    answer(cast, made, clock, level=3)
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock())
    assert again(made).level is None
    assert again(made).raised_level is None


def test_asking_for_a_closer_look_never_lowers_what_unanswered_questions_count_as(cast, clock):
    made = drafted(cast, clock())
    for level in (1, 2):
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


def test_who_lowered_a_level_does_not_accept_and_who_decided_does_not_lower_it(cast, clock):
    leader = cast.viewer("leader", clock())
    engagements.appoint(leader, role="vciso", email=cast.cto.email, at=clock())
    both = cast.viewer("cto", clock())  # who decides, and answers for security too
    made = drafted(cast, clock(), RISKY)
    decisions.propose(both, made.number, at=clock())
    assert gates.gate_for(both, again(made), clock()).need is Need.SECURITY_OK
    levels.lower_to(both, made.number, 0, reason="Small", at=clock())
    with pytest.raises(WrongState, match="somebody else accepts it"):
        decisions.accept(both, made.number, base=1, reason="Now", at=clock())
    decisions.accept(cast.viewer("delegate", clock()), made.number, base=1, reason="Now", at=clock())
    other = drafted(cast, clock(), PLAIN)
    decisions.propose(both, other.number, at=clock())
    decisions.accept(both, other.number, base=1, reason="Now", at=clock())
    with pytest.raises(NotAllowed, match="decided this yourself"):
        levels.lower_to(both, other.number, 0, reason="Small", at=clock())
    assert_true(cast)


def test_where_nobody_else_may_accept_who_lowered_the_level_does_so_with_a_reason_and_it_is_no_review(
    cast, clock
):
    leader = cast.viewer("leader", clock())
    alone = next(e for e in people.engagement_rows(cast.company.id) if e.role == "delegate")
    engagements.end(leader, alone.id, at=clock())
    engagements.appoint(leader, role="vciso", email=cast.cto.email, at=clock())
    both = cast.viewer("cto", clock.advance(minutes=1))
    made = drafted(cast, clock(), RISKY)
    decisions.propose(both, made.number, at=clock())
    assert gates.gate_for(both, again(made), clock()).need is Need.SECURITY_OK
    levels.lower_to(both, made.number, 0, reason="Small", at=clock())
    gate = gates.gate_for(both, again(made), clock())
    assert (gate.need, gate.sole) == (Need.REASON, True)
    with pytest.raises(Invalid, match="why you accept it now"):
        decisions.accept(both, made.number, base=1, at=clock())
    decisions.accept(both, made.number, base=1, reason="Nobody else is here.", at=clock())
    assert standing(made, clock())[0] == "self-reviewed", "who decided said themselves how little it needs"
    reviews.answer(cast.viewer("vciso", clock.advance(days=1)), made.number, "approve", base=1, at=clock())
    assert standing(made, clock())[0] == "reviewed-late"
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
    assert (gate.need, gate.urgency_opens) == (Need.FIRST_ANSWERS, True)


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


def test_what_waits_is_listed_under_the_level_its_decision_has_now(cast, clock):
    made = drafted(cast, clock(), NONE)
    reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())

    def listed() -> int:
        return int(Review.get(Review.decision_id == made.id).level)

    assert listed() == 0
    levels.raise_to(cast.viewer("member", clock()), made.number, 1, at=clock())
    assert listed() == 1
    text = {"context": "Patients' names too"}
    drafts.revise(cast.viewer("cto", clock()), made.number, text, answers=RISKY, base=1, at=clock())
    assert listed() == 3
    levels.lower_to(cast.viewer("vciso", clock()), made.number, 2, reason="No names are kept.", at=clock())
    assert listed() == 2
    answer(cast, made, clock, "not-relevant", level=0)
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=5))
    assert listed() == 2, "it waits again, as closely as before the answer"
