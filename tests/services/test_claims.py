"""“The vCISO was in the meeting”: what counts before she is asked, after yes, and after no."""

from datetime import date, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.services import claims, decision_rows, decisions, engagements, imports, people
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


def test_a_meeting_after_the_decision_is_no_input_and_nobody_confirms_their_own_word(cast, clock):
    made = drafted(cast, clock(), PLAIN)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, reason="Now", at=clock())
    decided = clock().date()
    clock.advance(days=2)
    with pytest.raises(Invalid, match="decided before that day"):
        claims.claim(cast.viewer("cto", clock()), made.number, on=clock().date(), at=clock())
    vciso = cast.viewer("vciso", clock())
    for of in (None, cast.vciso.id):
        with pytest.raises(NotAllowed, match="your own word"):
            claims.claim(vciso, made.number, on=decided, of=of, at=clock())
    assert standing(made, clock()) == ("no-input", "not-asked")
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    assert claims.claim(vciso, made.number, on=decided, at=clock()).of_id == cast.member.id


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


def imported(cast, clock, tmp_path, consulted="Vciso", day=None):
    """Return a decision whose file names somebody as consulted, read by the CTO."""
    day = day or clock().date().isoformat()
    text = f"---\nstatus: accepted\ndate: {day}\nconsulted: {consulted}\n---\n# Chat on weekdays\n\n"
    body = "## Context and Problem Statement\n\nWhy.\n\n## Considered Options\n\n* Yes\n\n"
    (tmp_path / "0001-chat.md").write_text(f"{text}{body}## Decision Outcome\n\nChosen option: Yes.\n")
    imports.run(cast.viewer("cto", clock()), tmp_path, source="files", at=clock())
    return Decision.get()


def suggestion(cast, made, clock):
    vcisos = people.holders(cast.company.id, Role.VCISO, clock())
    found = claims.suggested(made, decision_rows.revision(made), vcisos)
    return found and found.id


@pytest.mark.parametrize("spelled", ["Vciso", "vCISO", "{email}", "V. <{email}>", "Somebody, vciso"])
def test_a_file_that_names_the_vciso_suggests_a_claim_and_is_no_input(cast, clock, tmp_path, spelled):
    made = imported(cast, clock, tmp_path, spelled.format(email=cast.vciso.email.upper()))
    assert suggestion(cast, made, clock) == cast.vciso.id
    assert standing(made, clock()) == ("no-input", "not-asked")
    assert claims.latest(made) is None
    assert_true(cast)


@pytest.mark.parametrize("spelled", ["Vciso Smith", "Cto", "Vciso <other@example.org>", "''"])
def test_somebody_else_is_no_suggestion(cast, clock, tmp_path, spelled):
    assert suggestion(cast, imported(cast, clock, tmp_path, spelled), clock) is None


def test_who_was_not_the_vciso_on_that_day_is_no_suggestion(cast, clock, tmp_path):
    assert suggestion(cast, imported(cast, clock, tmp_path, day="2020-01-02"), clock) is None


@pytest.mark.parametrize(
    "yes, after", [(True, ("advised-meeting", "")), (False, ("no-input", "claim-denied"))]
)
def test_a_suggestion_counts_only_once_claimed_and_confirmed(cast, clock, tmp_path, yes, after):
    made = imported(cast, clock, tmp_path)
    viewer = cast.viewer("cto", clock())
    claims.claim(viewer, made.number, on=made.decided_on, of=cast.vciso.id, at=clock())
    assert standing(made, clock()) == ("no-input", "claimed")
    confirm(cast, made, clock, yes=yes)
    assert standing(made, clock()) == after
    assert suggestion(cast, made, clock) is None
    assert_true(cast)


def test_nobody_but_a_vciso_can_be_claimed(cast, clock, tmp_path):
    made = imported(cast, clock, tmp_path)
    with pytest.raises(WrongState, match="no longer engaged"):
        claims.claim(
            cast.viewer("cto", clock()), made.number, on=made.decided_on, of=cast.member.id, at=clock()
        )
