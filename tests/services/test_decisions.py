"""A decision's life: who may move it where, what acceptance needs, what is undone in time and what stays."""

from datetime import date, timedelta
from typing import Any

import pytest

from adr_app.domain.decisions import Move, Status, moves_from
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import end_of_day
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import Engagement
from adr_app.models.reviews import Claim, Review
from adr_app.services import (
    decision_rows,
    decisions,
    drafts,
    engagements,
    exceptions,
    gates,
    imports,
    lists,
    people,
    reviews,
    risks,
    stating,
)
from adr_app.services.people import Viewer
from tests.conftest import START as AT
from tests.debt_company import Cast
from tests.decision_company import cast

NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")
PERSONAL = {**NO, "data": "yes", "q3": "personal", "q9": "limited", "q10": "limited", "q13": "no"}
RISKY = {**NO, "access": "yes", "q2": "changes", "q5": "no", "q7": "no"}
LIVE = {"undo": "yes", "q8": "no", "q11": "days", "q12": "yes", "q14": "yes"}
"""Answers that ask for a full review, which this company insists on."""


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def proposed(here: Cast, answers: dict[str, str] | None = None, **fields: Any) -> Decision:
    made = drafts.draft(here.sam, {"title": "Move billing", **fields}, answers=answers or NO, at=AT)
    return decisions.propose(here.sam, made.number, at=AT)


def standing(decision: Decision, at: Any = AT) -> tuple[str, str]:
    row = lists.standings(decision.company_id, [decision.id], at)[decision.id]
    return row.code, row.why


def allow(here: Cast, made: Decision) -> None:
    """Have the team ask, and Sam, who leads, allow it: whoever asks does not answer."""
    exceptions.ask(
        here.mia, made.number, question="May we?", technology_says="Yes", answer_by=AT.date(), at=AT
    )
    until = AT.date() + timedelta(days=30)
    risks.take(here.sam, made.number, reason="the launch", until=until, at=AT)


def last_event(decision: Decision) -> Event:
    return (
        Event.select()
        .where(Event.subject_type == "decision", Event.subject_id == decision.id)
        .order_by(Event.seq.desc())
        .first()
    )


def without_vciso(viewer: Viewer) -> Viewer:
    held = Engagement.get(Engagement.company == viewer.company.id, Engagement.role == Role.VCISO)
    engagements.end(viewer, held.id, at=AT)
    return people.viewer(viewer.person, viewer.company.slug, AT)


def test_a_draft_is_proposed_accepted_and_keeps_its_day(here: Cast) -> None:
    made = proposed(here)
    accepted = decisions.accept(here.sam, made.number, base=1, reason="it is harmless", at=AT)
    assert (accepted.status, accepted.in_force, accepted.decided_on) == ("accepted", 1, AT.date())
    assert last_event(made).kind == "decision.accepted"


@pytest.mark.parametrize(
    ("act", "status"), [("reject", "rejected"), ("withdraw", "withdrawn"), ("reopen", "draft")]
)
def test_a_proposal_is_closed_or_taken_back_to_draft(here: Cast, act: str, status: str) -> None:
    made = proposed(here)
    assert getattr(decisions, act)(here.sam, made.number, at=AT).status == status


def test_what_was_closed_can_be_drafted_again(here: Cast) -> None:
    made = proposed(here)
    decisions.reject(here.sam, made.number, at=AT)
    assert decisions.reopen(here.sam, made.number, at=AT).status == "draft"
    with pytest.raises(WrongState):
        decisions.reopen(here.sam, made.number, at=AT)


def test_the_author_may_propose_and_withdraw_and_not_accept(here: Cast) -> None:
    made = drafts.draft(here.mia, {"title": "Mine"}, at=AT)
    decisions.propose(here.mia, made.number, at=AT)
    with pytest.raises(NotAllowed):
        decisions.accept(here.mia, made.number, base=1, at=AT)
    assert decisions.may_move(here.mia, decision_rows.find(here.mia, 1)) == [Move.WITHDRAW, Move.REVISE]
    assert decisions.withdraw(here.mia, made.number, at=AT).status == "withdrawn"


def test_somebody_elses_draft_is_not_the_teams_to_propose(here: Cast) -> None:
    made = drafts.draft(here.sam, {"title": "His"}, at=AT)
    with pytest.raises(NotAllowed):
        decisions.propose(here.mia, made.number, at=AT)


@pytest.mark.parametrize("status", list(Status))
def test_every_move_offered_is_one_the_table_has(here: Cast, status: Status) -> None:
    made = proposed(here)
    made.status = status
    assert set(decisions.may_move(here.sam, made)) <= {step.move for step in moves_from(status)}
    assert decisions.may_move(here.ray, made) == []


def test_accepting_unasked_needs_a_reason_which_stays_with_the_decision(here: Cast) -> None:
    made = proposed(here, PERSONAL)
    with pytest.raises(Invalid) as refusal:
        decisions.accept(here.sam, made.number, base=1, at=AT)
    assert set(refusal.value.fields) == {"reason"}
    assert decision_rows.find(here.sam, made.number).status == "proposed"
    decisions.accept(here.sam, made.number, base=1, reason="the contract ends", at=AT)
    assert Comment.get().text == "the contract ends"
    assert standing(made) == ("no-input", "not-asked")
    assert last_event(made).data["way"] == "unasked"


def test_unanswered_questions_are_no_way_around_the_ok_that_is_needed_first(here: Cast) -> None:
    made = drafts.draft(here.sam, {"title": "Silent"}, at=AT)
    decisions.propose(here.sam, made.number, at=AT)
    with pytest.raises(WrongState) as refusal:
        decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    assert "four security questions" in str(refusal.value)


def test_an_ok_that_is_needed_first_opens_acceptance_once_it_is_given(here: Cast) -> None:
    made = proposed(here, RISKY)
    assert made.level == 3
    with pytest.raises(WrongState):
        decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    reviews.ask(here.sam, made.number, at=AT)
    reviews.answer(here.vera, made.number, "approve", base=1, at=AT)
    decisions.accept(here.sam, made.number, base=1, at=AT)
    assert standing(made) == ("cleared", "")


def test_past_the_due_day_it_is_decided_without_the_answer_and_not_called_unasked(here: Cast) -> None:
    made = proposed(here, RISKY)
    review = reviews.ask(here.sam, made.number, at=AT)
    for wrong in (review.due_at - timedelta(seconds=1),):
        with pytest.raises(WrongState):
            decisions.accept(here.sam, made.number, base=1, reason="no answer", at=wrong)
    decisions.accept(here.sam, made.number, base=1, reason="no answer", at=review.due_at)
    assert standing(made, review.due_at) == ("no-input", "no-answer")
    assert last_event(made).data["way"] == "no-answer"


def test_a_no_is_overcome_only_by_leadership_taking_the_risk(here: Cast) -> None:
    made = proposed(here, RISKY)
    reviews.ask(here.sam, made.number, at=AT)
    reviews.answer(here.vera, made.number, "deny", base=1, text="codes can be stolen", at=AT)
    with pytest.raises(WrongState) as refusal:
        decisions.accept(here.sam, made.number, base=1, reason="anyway", at=AT)
    assert "Leadership" in str(refusal.value)
    allow(here, made)
    decisions.accept(here.sam, made.number, base=1, at=AT)
    assert standing(made)[0] == "risk-accepted"


def test_without_a_vciso_there_is_no_dead_end_and_the_record_says_so(here: Cast) -> None:
    made = proposed(here, RISKY)
    sam = without_vciso(here.sam)
    assert gates.gate_for(sam, made, AT).open
    decisions.accept(sam, made.number, base=1, at=AT)
    assert standing(made)[0] == "nobody-engaged"


@pytest.mark.parametrize("answers", [RISKY, {**RISKY, "undo": "yes", "q14": "no"}, {**RISKY, "q14": "yes"}])
def test_an_emergency_is_no_way_past_the_ok_for_what_can_wait(here: Cast, answers: dict[str, str]) -> None:
    made = proposed(here, answers)
    with pytest.raises(WrongState, match="say so in the security questions"):
        decisions.accept(here.sam, made.number, base=1, emergency=True, reason="attack", at=AT)
    with pytest.raises(WrongState, match="say so in the security questions"):
        reviews.ask(here.sam, made.number, emergency=True, at=AT)
    assert decision_rows.find(here.sam, made.number).status == "proposed"


def test_saying_that_it_cannot_wait_opens_the_emergency_and_is_part_of_what_is_accepted(here: Cast) -> None:
    made = proposed(here, RISKY)
    drafts.revise(here.sam, made.number, {}, base=1, answers={**RISKY, **LIVE}, at=AT)
    decisions.accept(here.sam, made.number, base=2, emergency=True, reason="attack", at=AT)
    assert standing(made)[0] == "review-waiting"
    held = decision_rows.revision(decision_rows.find(here.sam, made.number))
    assert held.answers["q14"] == "yes" and b'"q14":"yes"' in bytes(held.canonical)
    assert (held.created_by_id, last_event(made).data["digest"]) == (here.sam.person.id, held.digest)


def test_what_cannot_wait_is_decided_at_once_and_asked_in_the_same_act(here: Cast) -> None:
    made = proposed(here, RISKY, kind="incident")
    with pytest.raises(Invalid):
        decisions.accept(here.sam, made.number, base=1, emergency=True, at=AT)
    decisions.accept(here.sam, made.number, base=1, emergency=True, reason="we are under attack", at=AT)
    assert standing(made)[0] == "review-waiting"
    review = Review.get()
    assert (review.emergency, review.due_at) == (True, AT + timedelta(hours=48))


def test_a_version_that_was_not_shown_is_not_accepted(here: Cast) -> None:
    made = proposed(here)
    drafts.revise(here.mia, made.number, {"decision": "Other"}, base=1, at=AT)
    with pytest.raises(WrongState):
        decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    assert decisions.accept(here.sam, made.number, base=2, reason="now", at=AT).in_force == 2


def test_ten_minutes_are_enough_to_take_an_acceptance_back_and_not_a_second_more(here: Cast) -> None:
    first, second = proposed(here), proposed(here)
    for made in (first, second):
        decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    back = decisions.take_back(here.sam, first.number, at=AT + timedelta(minutes=10))
    assert (back.status, back.in_force, back.accepted_by, back.decided_on) == ("proposed", None, None, None)
    with pytest.raises(WrongState):
        decisions.take_back(here.sam, second.number, at=AT + timedelta(minutes=10, seconds=1))
    assert last_event(first).data["accepted_seq"] is not None
    assert standing(first, AT + timedelta(minutes=10))[0] == "not-asked"


def test_only_who_accepted_takes_it_back(here: Cast) -> None:
    made = proposed(here)
    decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    Engagement.create(company=here.sam.company, person=here.mia.person, role=Role.DELEGATE, starts_at=AT)
    mia = people.viewer(here.mia.person, "larkspur", AT)
    with pytest.raises(NotAllowed):
        decisions.take_back(mia, made.number, at=AT)


def test_taking_back_an_emergency_ends_the_question_it_asked(here: Cast) -> None:
    made = proposed(here, RISKY, kind="incident")
    decisions.accept(here.sam, made.number, base=1, emergency=True, reason="attack", at=AT)
    decisions.take_back(here.sam, made.number, at=AT + timedelta(minutes=1))
    assert gates.open_review(decision_rows.find(here.sam, made.number)) is None
    reviews.ask(here.sam, made.number, at=AT + timedelta(minutes=2))


def signed(here: Cast, answers: dict[str, str]) -> Decision:
    made = proposed(here, answers)
    reviews.ask(here.sam, made.number, at=AT)
    reviews.answer(here.vera, made.number, "approve", base=1, at=AT)
    decisions.accept(here.sam, made.number, base=1, at=AT)
    return made


def test_where_an_ok_is_needed_first_a_new_text_needs_it_too(here: Cast) -> None:
    made = signed(here, RISKY)
    drafts.revise(here.sam, made.number, {"decision": "All of it"}, base=1, at=AT)
    with pytest.raises(WrongState, match="OK first"):
        decisions.accept_text(here.sam, made.number, base=2, reason="now", at=AT)
    review = reviews.ask(here.sam, made.number, at=AT)
    decisions.accept_text(here.sam, made.number, base=2, reason="no answer", at=review.due_at)
    assert standing(made, review.due_at) == ("changed", "")
    assert last_event(made).data["way"] == "no-answer"


def test_a_new_text_that_cannot_wait_holds_at_once_and_is_checked_after(here: Cast) -> None:
    made = signed(here, RISKY)
    drafts.revise(here.sam, made.number, {"decision": "All of it"}, base=1, at=AT)
    with pytest.raises(WrongState, match="say so in the security questions"):
        decisions.accept_text(here.sam, made.number, base=2, reason="attack", emergency=True, at=AT)
    drafts.revise(here.sam, made.number, {"kind": "incident"}, base=2, at=AT)
    decisions.accept_text(here.sam, made.number, base=3, reason="attack", emergency=True, at=AT)
    assert (decision_rows.find(here.sam, made.number).in_force, standing(made)[0]) == (3, "changed")
    review = gates.open_review(made)
    assert review is not None and (review.emergency, review.due_at) == (True, AT + timedelta(hours=48))


def test_a_new_text_she_refused_waits_for_leadership_and_the_signed_one_stays_checked(here: Cast) -> None:
    made = signed(here, RISKY)
    drafts.revise(here.sam, made.number, {"decision": "All of it"}, base=1, at=AT)
    reviews.answer(here.vera, made.number, "deny", base=2, text="not all", at=AT)
    assert standing(made) == ("cleared", "")
    with pytest.raises(WrongState, match="Leadership"):
        decisions.accept_text(here.sam, made.number, base=2, reason="now", at=AT)
    allow(here, made)
    decisions.accept_text(here.sam, made.number, base=2, reason="the launch", at=AT)
    assert standing(made)[0] == "risk-accepted"


def test_who_gave_the_answer_does_not_put_a_new_text_in_force_either(here: Cast) -> None:
    made = signed(here, PERSONAL)
    drafts.revise(here.sam, made.number, {"decision": "All of it"}, base=1, at=AT)
    engagements.appoint(here.sam, role="delegate", person_id=here.mia.person.id, at=AT)
    Engagement.create(company=here.sam.company, person=here.vera.person, role=Role.CTO, starts_at=AT)
    vera = people.viewer(here.vera.person, "larkspur", AT)
    with pytest.raises(WrongState, match="somebody else accepts"):
        decisions.accept_text(vera, made.number, base=2, reason="now", at=AT)


@pytest.mark.parametrize("code", ["deny", "changes-requested"])
def test_accepting_against_advice_needs_a_reason_where_the_company_only_warns(here: Cast, code: str) -> None:
    made = proposed(here, PERSONAL)
    reviews.answer(here.vera, made.number, code, base=1, text="encrypt it", at=AT)
    with pytest.raises(Invalid):
        decisions.accept(here.sam, made.number, base=1, at=AT)
    decisions.accept(here.sam, made.number, base=1, reason="the contract ends", at=AT)
    assert standing(made)[0] == "against-advice"


@pytest.mark.parametrize(("answers", "due"), [(PERSONAL, None), (RISKY, AT + timedelta(hours=48))])
def test_an_emergency_is_open_where_the_company_only_warns_too(
    here: Cast, answers: dict[str, str], due: Any
) -> None:
    made = proposed(here, answers, kind="incident")
    decisions.accept(here.sam, made.number, base=1, emergency=True, reason="attack", at=AT)
    assert standing(made)[0] == "review-waiting"
    review = gates.open_review(made)
    assert review is not None
    # Five working days from Tuesday 24 November, where it is not the highest level.
    assert review.due_at == (due or end_of_day(date(2026, 12, 1), here.sam.company.zone))


def test_an_emergency_hurries_the_review_that_waits_and_taking_it_back_does_not(here: Cast) -> None:
    made = proposed(here, RISKY, kind="incident")
    review = reviews.ask(here.sam, made.number, at=AT)
    decisions.accept(here.sam, made.number, base=1, emergency=True, reason="attack", at=AT)
    hurried = Review.get()
    assert (hurried.id, hurried.emergency, hurried.due_at) == (review.id, True, AT + timedelta(hours=48))
    decisions.take_back(here.sam, made.number, at=AT + timedelta(minutes=1))
    waiting = gates.open_review(made)
    assert waiting is not None
    assert (waiting.state, waiting.emergency, waiting.due_at) == ("waiting", False, review.due_at)


def test_after_an_acceptance_is_taken_back_she_is_still_asked(here: Cast) -> None:
    made = proposed(here, PERSONAL)
    reviews.answer(here.vera, made.number, "deny", base=1, text="no", at=AT)
    review = reviews.ask(here.sam, made.number, at=AT)
    decisions.accept(here.sam, made.number, base=1, reason="now", at=AT)
    assert gates.open_review(made) is None
    decisions.take_back(here.sam, made.number, at=AT + timedelta(minutes=1))
    waiting = gates.open_review(made)
    assert waiting is not None and (waiting.id, waiting.due_at) == (review.id, review.due_at)
    assert standing(made, AT + timedelta(minutes=1))[0] == "asked"


def test_stating_that_an_import_is_closed_ends_the_review_it_was_asked_for(here: Cast, tmp_path: Any) -> None:
    (tmp_path / "0001-use-a-queue.md").write_text("# 1. Use a queue\n\n## Context\n\nSlow.\n")
    imports.run(here.sam, tmp_path, at=AT)
    made = Decision.get()
    reviews.ask(here.sam, made.number, at=AT)
    stating.state_status(here.sam, made.number, "rejected", at=AT)
    assert gates.open_review(made) is None


def test_a_new_text_holds_without_a_new_ok_only_with_a_reason_and_says_so(here: Cast) -> None:
    made = signed(here, PERSONAL)
    drafts.revise(here.sam, made.number, {"title": "Move all billing"}, base=1, at=AT)
    assert standing(made) == ("cleared", "")
    with pytest.raises(Invalid):
        decisions.accept_text(here.sam, made.number, base=2, reason=" ", at=AT)
    with pytest.raises(WrongState):
        decisions.accept_text(here.sam, made.number, base=1, reason="typo", at=AT)
    decisions.accept_text(here.sam, made.number, base=2, reason="typo", at=AT)
    row = decision_rows.find(here.sam, made.number)
    assert (row.in_force, row.title, standing(made)[0]) == (2, "Move all billing", "changed")


@pytest.mark.parametrize(("day", "words"), [("", "which day"), ("2026-11-25", "not come yet")])
def test_a_decision_made_already_needs_a_day_that_has_come(here: Cast, day: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        decisions.record_decided(here.sam, {"title": "Done", "decided_on": day}, at=AT)
    assert words in refusal.value.fields["decided_on"]
    assert not Decision.select().exists()


def test_today_is_the_companys_day_when_a_decision_is_recorded(here: Cast) -> None:
    here.sam.company.zone = "Pacific/Auckland"
    late = AT.replace(hour=13)
    made = decisions.record_decided(here.sam, {"title": "Done", "decided_on": "2026-11-25"}, at=late)
    assert made.decided_on == date(2026, 11, 25)


def test_a_meeting_is_claimed_until_the_vciso_says_so(here: Cast) -> None:
    made = decisions.record_decided(
        here.sam, {"title": "Done", "decided_on": "2026-11-23", "decided_by": "Sam"}, took_part=True, at=AT
    )
    assert standing(made) == ("no-input", "claimed")
    assert (Claim.get().of_id, Claim.get().on) == (here.vera.person.id, date(2026, 11, 23))
    assert last_event(made).data["deciders"] == [here.sam.person.id]


def test_only_who_may_accept_records_what_was_decided(here: Cast) -> None:
    for viewer in (here.mia, here.vera, here.ray):
        with pytest.raises(NotAllowed):
            decisions.record_decided(viewer, {"title": "Done", "decided_on": "2026-11-23"}, at=AT)


def test_a_decision_no_longer_used_raises_no_flag_any_more(here: Cast) -> None:
    made = decisions.record_decided(here.sam, {"title": "Done", "decided_on": "2026-11-23"}, at=AT)
    assert decisions.deprecate(here.sam, made.number, at=AT + timedelta(hours=1)).status == "deprecated"
    with pytest.raises(WrongState):
        drafts.revise(here.sam, made.number, {"title": "x"}, base=1, at=AT + timedelta(hours=1))


def test_the_status_of_an_import_that_states_none_is_said_once(here: Cast, tmp_path: Any) -> None:
    (tmp_path / "0001-use-a-queue.md").write_text(
        "# 1. Use a queue\n\n## Context\n\nSlow.\n\n## Decision\n\nA queue.\n"
    )
    imports.run(here.sam, tmp_path, at=AT)
    made = Decision.get()
    assert made.status == "unstated"
    for wrong in ("", "draft", "unstated", "odd"):
        with pytest.raises(Invalid):
            stating.state_status(here.sam, made.number, wrong, at=AT)
    stated = stating.state_status(here.sam, made.number, "accepted", decided_on=date(2026, 11, 1), at=AT)
    assert (stated.status, stated.in_force, stated.decided_on) == ("accepted", 1, date(2026, 11, 1))
    with pytest.raises(WrongState):
        stating.state_status(here.sam, made.number, "rejected", at=AT)


def test_how_far_the_work_is_changes_no_standing(here: Cast) -> None:
    made = proposed(here)
    before = standing(made)
    assert (
        decisions.set_implementation(here.mia, made.number, "in-progress", at=AT).implementation
        == "in-progress"
    )
    assert standing(made) == before
    with pytest.raises(Invalid):
        decisions.set_implementation(here.mia, made.number, "nearly", at=AT)


def test_another_companys_decision_cannot_be_moved(here: Cast) -> None:
    proposed(here)
    for act in (decisions.propose, decisions.reject, decisions.withdraw, decisions.take_back):
        with pytest.raises(NotFound):
            act(here.olga, 1, at=AT)


@pytest.mark.parametrize("typed", ["2019-01-01", "2026-11-23", "2026-11-25", "2999-01-01"])
def test_no_day_typed_into_a_draft_makes_its_acceptance_older_than_the_log_or_later_than_today(
    here: Cast, typed: str
) -> None:
    made = proposed(here, PERSONAL, decided_on=typed)
    accepted = decisions.accept(here.sam, made.number, base=1, reason="It could not wait.", at=AT)
    assert accepted.decided_on == AT.date()
    assert standing(made)[0] == "no-input"


def test_a_status_is_not_stated_for_a_day_that_has_not_come(here: Cast, tmp_path: Any) -> None:
    (tmp_path / "0001-a.md").write_text("# 1. Use x\n\n## Context\n\nWhy.\n\n## Decision\n\nWe use x.\n")
    imports.run(here.sam, tmp_path, source="", at=AT)
    number = Decision.get(Decision.imported).number
    with pytest.raises(Invalid, match="not come"):
        stating.state_status(here.sam, number, "accepted", decided_on=AT.date() + timedelta(days=1), at=AT)


def test_a_file_read_again_makes_no_accepted_decision_older_than_the_log(here: Cast, tmp_path: Any) -> None:
    file = tmp_path / "0001-a.md"
    text = (
        "# 1. Use x\n\nDate: {}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n## Decision\n\nWe use x.\n"
    )
    file.write_text(text.format(AT.date().isoformat()))
    imports.run(here.sam, tmp_path, source="", at=AT)
    made = Decision.get(Decision.imported)
    before = standing(made)
    file.write_text(text.format("2019-01-01"))
    imports.run(here.sam, tmp_path, source="", at=AT + timedelta(hours=1))
    assert before[0] == "no-input"
    assert standing(made, AT + timedelta(hours=1)) == before
