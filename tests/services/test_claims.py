"""“The vCISO was in the meeting”: what counts before she is asked, after yes, and after no."""

from datetime import date, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.services import claims, decisions, engagements, people
from tests.casts import cast_of
from tests.services.security_company import PLAIN, assert_true, drafted, open_flags, standing


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def meeting(cast, clock):
    """A decision of yesterday's meeting, in which the vCISO is said to have taken part."""
    typed = {"title": "Chat on weekdays", "decision": "Yes", "decided_on": clock().date().isoformat()}
    return decisions.record_decided(
        cast.viewer("cto", clock()), typed, answers=PLAIN, took_part=True, at=clock()
    )


def confirm(cast, made, clock, yes=True, role="vciso"):
    return claims.answer_claim(cast.viewer(role, clock()), made.number, yes=yes, at=clock())


def test_a_claim_counts_as_no_input_until_she_answers(cast, meeting, clock):
    assert standing(meeting, clock()) == ("no-input", "claimed")
    assert [claim.decision_id for claim in claims.waiting_for(cast.vciso.id, [cast.company.id])] == [
        meeting.id
    ]


def test_a_yes_within_five_working_days_becomes_advice_in_the_meeting(cast, meeting, clock):
    clock.advance(days=7)  # Tuesday to Tuesday
    confirm(cast, meeting, clock)
    assert standing(meeting, clock())[0] == "advised-meeting"
    assert "accepted-no-input" not in open_flags(meeting)
    assert claims.waiting_for(cast.vciso.id, [cast.company.id]) == []
    assert_true(cast)


def test_a_yes_after_that_comes_late(cast, meeting, clock):
    clock.advance(days=9)
    confirm(cast, meeting, clock)
    assert standing(meeting, clock())[0] == "reviewed-late"
    assert_true(cast)


def test_a_no_stays_without_input(cast, meeting, clock):
    confirm(cast, meeting, clock, yes=False)
    assert standing(meeting, clock()) == ("no-input", "claim-denied")
    with pytest.raises(WrongState, match="answered already"):
        confirm(cast, meeting, clock)


def test_only_the_person_named_answers(cast, meeting, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    with pytest.raises(NotAllowed, match="Somebody else was named"):
        confirm(cast, meeting, clock, role="member")
    with pytest.raises(NotAllowed):
        confirm(cast, meeting, clock, role="cto")


def test_a_claim_is_added_later_once_and_never_for_a_day_to_come(cast, clock):
    made = drafted(cast, clock(), PLAIN)
    viewer = cast.viewer("cto", clock())
    with pytest.raises(WrongState, match="nothing is decided"):
        claims.claim(viewer, made.number, on=clock().date(), at=clock())
    decisions.propose(viewer, made.number, at=clock())
    decisions.accept(viewer, made.number, base=1, reason="Now", at=clock())
    with pytest.raises(Invalid):
        claims.claim(viewer, made.number, on=clock().date() + timedelta(days=1), at=clock())
    claims.claim(viewer, made.number, on=clock().date(), at=clock())
    assert standing(made, clock()) == ("no-input", "claimed")
    with pytest.raises(WrongState, match="asked about the meeting already"):
        claims.claim(viewer, made.number, on=date(2026, 11, 23), at=clock())
    assert_true(cast)


def leave(cast, clock):
    for engagement in people.engagement_rows(cast.company.id):
        if engagement.role == "vciso" and engagement.person_id == cast.vciso.id:
            engagements.end(cast.viewer("leader", clock()), engagement.id, at=clock())


def test_a_claim_that_its_vciso_left_unanswered_may_be_made_again(cast, meeting, clock):
    again = {"on": clock().date(), "at": clock.advance(days=1)}
    leave(cast, clock)
    with pytest.raises(WrongState, match="Nobody is engaged"):
        claims.claim(cast.viewer("cto", clock()), meeting.number, **again)
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    assert claims.claim(cast.viewer("cto", clock()), meeting.number, **again).of_id == cast.member.id
    assert standing(meeting, clock()) == ("no-input", "claimed")
    assert claims.waiting_for(cast.vciso.id, [cast.company.id]) == [], "nothing waits for who comes back"
    confirm(cast, meeting, clock, role="member")
    assert standing(meeting, clock())[0] == "advised-meeting"
    assert_true(cast)


def test_a_claim_that_was_denied_is_not_made_again_when_she_has_left(cast, meeting, clock):
    confirm(cast, meeting, clock, yes=False)
    leave(cast, clock)
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    with pytest.raises(WrongState, match="asked about the meeting already"):
        claims.claim(cast.viewer("cto", clock()), meeting.number, on=clock().date(), at=clock())


def test_without_a_claim_there_is_nothing_to_confirm(cast, clock):
    made = drafted(cast, clock(), PLAIN)
    with pytest.raises(NotFound):
        confirm(cast, made, clock)


def test_who_decided_cannot_confirm_to_have_advised(cast, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.cto.email, at=clock())
    for engagement in people.engagement_rows(cast.company.id):
        if engagement.role == "vciso" and engagement.person_id == cast.vciso.id:
            engagements.end(cast.viewer("leader", clock()), engagement.id, at=clock.advance(hours=1))
    typed = {"title": "Alone", "decided_on": clock().date().isoformat()}
    made = decisions.record_decided(
        cast.viewer("cto", clock()), typed, answers=PLAIN, took_part=True, at=clock.advance(hours=1)
    )
    with pytest.raises(NotAllowed, match="decided this yourself"):
        confirm(cast, made, clock, role="cto")
