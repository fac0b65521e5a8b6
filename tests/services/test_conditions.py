"""To-dos that came with an OK: done by whoever works on it, checked by the vCISO and nobody else."""

from datetime import date

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.services import conditions, decisions, engagements, reviews
from tests.casts import cast_of
from tests.services.security_company import asked, assert_true, open_flags, standing


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def made(cast, clock):
    """An accepted decision with one to-do, due on Friday."""
    made = asked(cast, clock())
    todo = {"text": "Change the keys", "risk": "Old keys open everything", "due_on": "2026-11-27"}
    reviews.answer(
        cast.viewer("vciso", clock()),
        made.number,
        "approve-with-conditions",
        base=1,
        todos=[todo],
        at=clock(),
    )
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock.advance(hours=1))
    return made


def only(made):
    return conditions.of(made)[0]


def finish(cast, made, clock, role="member"):
    viewer = cast.viewer(role, clock())
    return conditions.finish(viewer, made.number, only(made).id, evidence="Ticket 12", at=clock())


def verify(cast, made, clock, role="vciso"):
    return conditions.verify(cast.viewer(role, clock()), made.number, only(made).id, at=clock())


def test_a_to_do_is_done_and_then_checked_and_the_decision_is_checked_whole(cast, made, clock):
    assert standing(made, clock())[0] == "cleared-with-conditions"
    finish(cast, made, clock)
    assert (only(made).done_by_id, only(made).evidence) == (cast.member.id, "Ticket 12")
    assert standing(made, clock())[0] == "cleared-with-conditions"
    verify(cast, made, clock)
    assert standing(made, clock())[0] == "cleared"
    assert_true(cast)


def test_only_what_is_done_can_be_checked_and_only_once(cast, made, clock):
    with pytest.raises(WrongState):
        verify(cast, made, clock)
    finish(cast, made, clock)
    with pytest.raises(WrongState, match="done already"):
        finish(cast, made, clock)
    verify(cast, made, clock)
    with pytest.raises(WrongState):
        verify(cast, made, clock)


def test_nobody_checks_what_they_did_themselves(cast, made, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    finish(cast, made, clock)
    with pytest.raises(NotAllowed, match="did this yourself"):
        verify(cast, made, clock, role="member")
    with pytest.raises(NotAllowed):
        verify(cast, made, clock, role="cto")


def test_a_to_do_past_its_day_is_flagged_and_another_day_ends_that(cast, made, clock):
    clock.advance(days=5)
    assert "condition-overdue" in open_flags(made)
    viewer = cast.viewer("vciso", clock())
    conditions.move(viewer, made.number, only(made).id, date(2026, 12, 18), at=clock())
    assert only(made).due_on == date(2026, 12, 18)
    with pytest.raises(Invalid):
        conditions.move(viewer, made.number, only(made).id, date(2026, 11, 28), at=clock())
    assert_true(cast)


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**70])
def test_a_to_do_that_is_none_is_missing(cast, made, clock, number):
    with pytest.raises(NotFound):
        conditions.finish(cast.viewer("member", clock()), made.number, number, at=clock())


def test_a_to_do_of_another_decision_is_missing(cast, made, clock):
    other = asked(cast, clock())
    with pytest.raises(NotFound):
        conditions.finish(cast.viewer("member", clock()), other.number, only(made).id, at=clock())
