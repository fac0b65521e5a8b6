"""Every flag at the second before, at, and after; and the law that later acts change nothing earlier."""

import dataclasses
import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adr_app.domain.events import Happening
from adr_app.domain.flag_rules import SET_ASIDE, UNREAD
from adr_app.domain.flags import RULES, Span, company_spans, decision_spans
from adr_app.domain.flags_of_imports import spans_of_some
from adr_app.domain.standing import HEADLINE
from adr_app.domain.timeline import company_states
from tests.domain.acts import (
    CTO,
    LEADER,
    NEWER,
    NEWEST,
    OWN,
    SECOND,
    VCISO,
    Story,
    comes_on,
    epoch,
    goes_off,
    utc,
)

ACCEPTED = "2026-03-10 10:00"
LATER = "2026-03-16 11:30"


def proposed(level: int = 2, **company: object) -> Story:
    return Story(**company).draft("2026-03-02 09:00", level=level).propose("2026-03-02 10:00")


def unheld(story: Story) -> list[Span]:
    """Return when nobody was engaged as vCISO."""
    return [span for span in company_spans(story.acts) if span.code == "no-vciso"]


def test_accepting_unasked_is_flagged_at_that_second_and_answered_by_a_late_look() -> None:
    story = proposed().accept(ACCEPTED)
    assert comes_on(story, "accepted-no-input", ACCEPTED).why == "not-asked"
    assert story.spans(code="accepted-no-input")[0].ends is None
    story.answer(LATER)
    goes_off(story, "accepted-no-input", LATER, "answered")
    assert story.standing(LATER) == ("reviewed-late", "no-input")
    assert story.at(LATER, "standing")["reviewed-late"].detail["days"] == 6


def test_a_decision_taken_while_nobody_was_engaged_is_flagged_with_that_reason() -> None:
    story = proposed(vciso=False).accept(ACCEPTED)
    assert comes_on(story, "accepted-no-input", ACCEPTED).why == "nobody-engaged"
    story.engage(LATER)
    assert story.standing("2026-04-01") == ("nobody-engaged", "nobody-engaged")


def test_input_without_the_ok_it_needed_is_flagged_until_an_ok_comes() -> None:
    story = proposed().answer("2026-03-03", "advise").accept(ACCEPTED)
    comes_on(story, "accepted-no-signoff", ACCEPTED)
    assert "accepted-no-input" not in story.at(ACCEPTED)
    story.answer(LATER)
    goes_off(story, "accepted-no-signoff", LATER, "answered")


def test_advice_is_enough_where_no_ok_is_needed() -> None:
    story = proposed(level=1).answer("2026-03-03", "advise").accept(ACCEPTED)
    assert story.at(ACCEPTED) == {}
    assert story.standing(ACCEPTED) == ("advised", "")


@pytest.mark.parametrize("code", ["deny", "changes-requested"])
def test_accepting_over_a_no_is_flagged_until_leadership_takes_the_risk(code: str) -> None:
    story = proposed().answer("2026-03-03", code).accept(ACCEPTED)
    comes_on(story, "accepted-over-objection", ACCEPTED)
    story.act(LATER, "risk.accepted", by=LEADER, acceptance=1, until=epoch("2026-06-01"))
    goes_off(story, "accepted-over-objection", LATER, "set aside")
    comes_on(story, "accepted-over-objection", "2026-06-01")


def test_a_word_changed_after_a_no_does_not_make_it_a_yes() -> None:
    story = proposed().answer("2026-03-03", "deny").draft("2026-03-04", number=2).accept(ACCEPTED, number=2)
    comes_on(story, "accepted-over-objection", ACCEPTED)


def test_an_exception_is_over_at_its_second_and_dealt_with_by_a_new_one() -> None:
    story = proposed().answer("2026-03-03", "deny")
    story.act("2026-03-05", "risk.accepted", by=LEADER, acceptance=1, until=epoch("2026-06-01"))
    story.accept(ACCEPTED, way="risk-taken")
    assert story.standing(ACCEPTED) == ("risk-accepted", "")
    comes_on(story, "exception-expired", "2026-06-01")
    assert story.standing("2026-06-01") == ("against-advice", "expired")
    story.act("2026-06-08", "risk.accepted", by=LEADER, acceptance=2, until=epoch("2026-09-01"))
    goes_off(story, "exception-expired", "2026-06-08", "dealt with")


def test_an_exception_ended_in_time_never_expires() -> None:
    story = proposed().answer("2026-03-03", "deny")
    story.act("2026-03-05", "risk.accepted", by=LEADER, acceptance=1, until=epoch("2026-06-01"))
    story.accept(ACCEPTED, way="risk-taken").act(LATER, "risk.ended", by=LEADER, acceptance=1)
    assert story.spans(code="exception-expired") == []
    comes_on(story, "accepted-over-objection", LATER)


def test_who_accepts_their_own_answer_has_reviewed_themselves_until_another_looks() -> None:
    story = proposed().answer("2026-03-03", by=CTO).accept(ACCEPTED, by=CTO, sole=True)
    comes_on(story, "self-review", ACCEPTED)
    assert story.standing(ACCEPTED) == ("self-reviewed", "")
    story.answer(LATER)
    goes_off(story, "self-review", LATER, "answered")
    assert story.standing(LATER) == ("reviewed-late", "self-review")


def test_an_answer_by_the_decider_after_the_fact_changes_nothing() -> None:
    story = proposed().accept(ACCEPTED, by=CTO).answer(LATER, by=CTO)
    assert story.standing(LATER) == ("no-input", "not-asked")


def test_an_answer_without_a_vciso_role_is_flagged_and_counts_as_no_input() -> None:
    story = proposed().answer("2026-03-03", engagement=None).accept(ACCEPTED)
    comes_on(story, "reviewer-no-mandate", "2026-03-03")
    assert story.standing(ACCEPTED) == ("no-input", "not-asked")
    story.answer(LATER)
    goes_off(story, "reviewer-no-mandate", LATER, "answered")


def test_an_answer_without_a_role_that_was_taken_back_is_flagged_no_more() -> None:
    story = proposed().answer("2026-03-03", engagement=None, verdict=5)
    story.act("2026-03-03 00:05", "review.verdict-taken-back", by=VCISO, verdict=5)
    goes_off(story, "reviewer-no-mandate", "2026-03-03 00:05", "taken back")


def test_a_company_has_no_vciso_until_one_starts_and_again_from_the_second_the_role_ends() -> None:
    story = Story(vciso=False).engage("2026-02-01", ends="2026-05-01")
    first, second = unheld(story)
    assert (first.code, first.starts, first.ends) == ("no-vciso", utc("2026-01-01"), utc("2026-02-01"))
    assert (second.starts, second.ends) == (utc("2026-05-01"), None)
    story.act(
        "2026-04-01", "engagement.ended", about=("company", 1), engagement=1, person=VCISO, role="vciso"
    )
    assert unheld(story)[1].starts == utc("2026-04-01")


def test_whoever_was_invited_is_engaged_from_the_moment_they_come_in() -> None:
    story = Story(vciso=False).engage("2026-02-01")
    story.act("2026-02-01", "person.invited", about=("company", 1), person=VCISO)
    story.act("2026-02-10", "person.invited", about=("company", 1), person=VCISO)
    (never,) = company_spans(story.acts)
    assert (never.starts, never.ends) == (utc("2026-01-01"), None)
    story.act("2026-03-01", "person.joined", by=VCISO, about=("company", 1))
    (until,) = company_spans(story.acts)
    assert (until.starts, until.ends) == (utc("2026-01-01"), utc("2026-03-01"))
    story.act("2026-04-01", "person.invited", about=("company", 1), person=VCISO)
    assert company_spans(story.acts) == [until]


def test_a_decision_made_before_the_invited_vciso_came_in_says_that_nobody_was_engaged() -> None:
    story = Story(vciso=False).engage("2026-02-01")
    story.act("2026-02-01", "person.invited", about=("company", 1), person=VCISO)
    story.draft("2026-02-02").act("2026-02-02", "decision.proposed", number=1)
    story.act("2026-02-03", "decision.accepted", number=1, digest="text 1", level=2, required=False)
    story.act("2026-03-01", "person.joined", by=VCISO, about=("company", 1))
    assert story.standing("2026-03-02")[0] == "nobody-engaged"


def test_new_text_without_a_new_ok_is_flagged_until_she_says_it_means_the_same() -> None:
    story = proposed().answer("2026-03-03", verdict=7).accept(ACCEPTED, way="plain")
    story.draft("2026-03-12", number=2)
    assert story.at("2026-03-13") == {}
    story.act(LATER, "decision.text-accepted", number=2, digest="text 2", level=2, way="unasked")
    comes_on(story, "changed-after-signoff", LATER)
    assert story.standing(LATER) == ("changed", "")
    story.act(
        "2026-03-20", "review.same-meaning", by=VCISO, verdict=7, number=2, digest="text 2", engagement=1
    )
    goes_off(story, "changed-after-signoff", "2026-03-20", "answered")
    assert story.standing("2026-03-20") == ("cleared", "")


def test_a_security_ok_runs_out_at_the_end_of_its_last_day() -> None:
    story = proposed().answer("2026-03-03", until="2028-03-04").accept(ACCEPTED, way="plain")
    comes_on(story, "signoff-expired", "2028-03-04")
    assert story.standing("2028-03-04") == ("expired", "")
    story.answer("2028-03-09")
    goes_off(story, "signoff-expired", "2028-03-09", "answered")
    assert story.standing("2028-03-09") == ("cleared", "")


def test_a_todo_is_overdue_when_its_day_is_over_where_the_company_is() -> None:
    todo = [{"condition": 1, "due_on": "2026-04-01", "before_go_live": False}]
    story = proposed(zone="Europe/Lisbon").answer("2026-03-03", "approve-with-conditions", conditions=todo)
    story.accept(ACCEPTED, way="plain")
    assert story.standing(ACCEPTED) == ("cleared-with-conditions", "")
    comes_on(story, "condition-overdue", "2026-04-01 23:00")
    story.act("2026-04-03", "condition.moved", by=VCISO, condition=1, due_on="2026-04-20")
    goes_off(story, "condition-overdue", "2026-04-03", "dealt with")
    comes_on(story, "condition-overdue", "2026-04-20 23:00")
    story.act("2026-04-22", "condition.done", condition=1)
    goes_off(story, "condition-overdue", "2026-04-22", "dealt with")
    story.act("2026-04-23", "condition.verified", by=VCISO, condition=1)
    assert story.standing("2026-04-23") == ("cleared", "")


def put(**more: object) -> Story:
    """Return an accepted decision with one to-do that is put to the CTO until 1 May."""
    todo = {"condition": 1, "due_on": "2026-04-01", "before_go_live": True, "binds_at": epoch("2026-05-01")}
    story = proposed().answer("2026-03-03", "approve-with-conditions", conditions=[{**todo, **more}])
    return story.accept(ACCEPTED, way="plain")


def test_a_todo_is_overdue_only_once_it_binds() -> None:
    comes_on(put(), "condition-overdue", "2026-05-01")
    agreed = put().act("2026-04-10", "condition.agreed", condition=1)
    comes_on(agreed, "condition-overdue", "2026-04-10")
    contested = put().act("2026-04-10", "condition.contested", condition=1, why="too-dear")
    assert contested.spans(code="condition-overdue") == []
    contested.act("2026-06-01", "condition.kept", by=VCISO, condition=1)
    comes_on(contested, "condition-overdue", "2026-06-01")
    contested.act("2026-06-05", "condition.dropped", by=VCISO, condition=1)
    goes_off(contested, "condition-overdue", "2026-06-05", "dealt with")
    assert contested.standing("2026-06-05") == ("cleared", "")


def test_a_todo_that_nobody_does_is_flagged_from_when_it_binds_until_somebody_is_named() -> None:
    story = put(owned=False)
    comes_on(story, "condition-no-owner", "2026-05-01")
    story.act("2026-05-02", "condition.assigned", condition=1)
    goes_off(story, "condition-no-owner", "2026-05-02", "dealt with")


def test_what_is_done_and_not_checked_is_flagged_once_the_time_for_that_is_over() -> None:
    story = put().act("2026-03-20", "condition.done", condition=1, check_by=epoch("2026-03-28"))
    comes_on(story, "condition-self-closed", "2026-03-28")
    story.act("2026-03-30", "condition.verified", by=VCISO, condition=1)
    goes_off(story, "condition-self-closed", "2026-03-30", "dealt with")


@pytest.mark.parametrize("contested", [False, True])
def test_going_live_before_a_todo_stays_a_fact_whether_it_was_contested_or_not(contested: bool) -> None:
    story = put()
    if contested:
        story.act("2026-03-11", "condition.contested", condition=1, why="too-dear")
    story.act("2026-03-12", "decision.implementation-set", state="implemented")
    comes_on(story, "implemented-before-condition", "2026-03-12")
    story.act("2026-03-13", "condition.done", condition=1).act(
        "2026-03-14", "condition.verified", condition=1
    )
    story.act("2026-03-15", "decision.implementation-set", state="not-started")
    assert "implemented-before-condition" in story.at("2030-01-01")
    slip = put().act("2026-03-12 09:00", "decision.implementation-set", state="implemented")
    slip.act("2026-03-12 09:10", "decision.implementation-set", state="in-progress")
    goes_off(slip, "implemented-before-condition", "2026-03-12 09:10", "taken back")


@pytest.mark.parametrize(("level", "severity"), [(2, "S2"), (3, "S1")])
def test_an_overdue_todo_is_graver_at_the_highest_level(level: int, severity: str) -> None:
    todo = [{"condition": 1, "due_on": "2026-04-01", "before_go_live": False}]
    story = proposed(level).answer("2026-03-03", "approve-with-conditions", conditions=todo)
    story.accept(ACCEPTED, way="plain")
    assert comes_on(story, "condition-overdue", "2026-04-02").severity == severity
    story.act("2026-04-05", "level.raised", level=3)
    assert story.at("2026-04-05")["condition-overdue"].severity == "S1"
    assert story.at("2026-04-04")["condition-overdue"].severity == severity


def test_a_review_waits_from_its_due_time_until_it_is_answered() -> None:
    story = proposed().ask("2026-03-02 11:00", "2026-03-10")
    assert comes_on(story, "review-waiting", "2026-03-10").why == "overdue"
    story.answer(LATER)
    goes_off(story, "review-waiting", LATER, "answered")


def test_the_authors_turn_is_not_counted_against_the_vciso() -> None:
    story = proposed().ask("2026-03-02 11:00", "2026-03-10").answer("2026-03-04", "question")
    assert story.spans(code="review-waiting") == []
    assert story.standing("2026-03-20") == ("question", "")
    story.act("2026-03-06", "review.replied", review=1)
    comes_on(story, "review-waiting", "2026-03-12")


def test_deciding_without_the_answer_ends_the_wait_and_is_counted_apart_from_not_asked() -> None:
    story = proposed().ask("2026-03-02 11:00", "2026-03-10").accept(LATER, way="no-answer")
    goes_off(story, "review-waiting", LATER, "decided")
    flag = comes_on(story, "accepted-no-input", LATER)
    assert (flag.why, flag.detail["working_days"]) == ("no-answer", 10)


def test_an_emergency_waits_until_its_due_time_and_is_a_fact_from_then_on() -> None:
    story = proposed(level=3).accept(ACCEPTED, way="emergency")
    comes_on(story, "review-waiting", ACCEPTED)
    assert story.standing(ACCEPTED) == ("review-waiting", "")
    goes_off(story, "review-waiting", "2026-03-12 10:00", "overdue")
    comes_on(story, "emergency-unreviewed", "2026-03-12 10:00")
    assert comes_on(story, "accepted-no-input", "2026-03-12 10:00").why == "emergency"
    story.answer(LATER)
    goes_off(story, "emergency-unreviewed", LATER, "answered")
    assert story.standing(LATER) == ("reviewed-late", "emergency")


def test_an_emergency_checked_in_time_is_never_called_made_without_input() -> None:
    story = proposed(level=3).accept(ACCEPTED, way="emergency").answer("2026-03-12 09:59:59")
    assert story.spans(code="accepted-no-input") == []
    assert story.spans(code="emergency-unreviewed") == []


@pytest.mark.parametrize(("decided", "is_late"), [("2026-03-07", False), ("2026-03-06", True)])
def test_written_down_more_than_three_days_later_is_late(decided: str, is_late: bool) -> None:
    story = Story().act(
        ACCEPTED, "decision.recorded", number=1, digest="text 1", level=1, decided_on=decided, way="recorded"
    )
    if is_late:
        assert comes_on(story, "written-down-late", ACCEPTED).detail["days"] == 4
    assert ("written-down-late" in story.at(ACCEPTED)) is is_late


def test_an_import_is_never_written_down_late() -> None:
    story = Story().act(
        ACCEPTED,
        "decision.imported",
        number=1,
        digest="text 1",
        level=None,
        status="accepted",
        decided_on="2026-01-02",
    )
    assert set(story.at(ACCEPTED)) == {"accepted-no-input"}


def test_four_times_no_is_declared_harmless_until_the_vciso_verified_it() -> None:
    story = proposed(level=0).accept(ACCEPTED)
    comes_on(story, "self-cert-unverified", "2026-04-09 10:00")
    assert story.standing(ACCEPTED) == ("self-declared", "chosen")
    story.answer("2026-04-16", "not-relevant")
    goes_off(story, "self-cert-unverified", "2026-04-16", "answered")
    assert story.standing("2026-04-16") == ("cleared", "")
    verified = proposed(level=0).accept(ACCEPTED).answer(LATER, "not-relevant")
    assert verified.spans(code="self-cert-unverified") == []


@pytest.mark.parametrize(
    ("nth", "root", "chosen"),
    [
        *((1, "0" * 15 + "1", True), (9, "0" * 15 + "1", True), (10, "0" * 15 + "1", False)),
        *((10, "0" * 15 + "a", True), (99, "f" * 64, False), (99, "0" * 64, True), (None, "f" * 64, True)),
    ],
)
def test_all_of_few_and_a_tenth_of_many_that_are_declared_harmless_are_chosen(
    nth: int | None, root: str, chosen: bool
) -> None:
    def drawn(story: Story, root: str) -> Story:
        story.acts[-1] = dataclasses.replace(story.acts[-1], root=root)
        return story

    story = drawn(proposed(level=0).accept(ACCEPTED, nth=nth), root)
    assert story.standing(ACCEPTED) == ("self-declared", "chosen" if chosen else "")
    assert (story.spans(code="self-cert-unverified") != []) is chosen
    story.act("2026-03-10 10:05", "decision.taken-back", accepted_seq=4, restores=[])
    again = drawn(story.accept("2026-03-10 10:06", nth=50), "0" * 64 if not chosen else "f" * 64)
    assert (again.standing("2026-03-11")[1] == "chosen") is chosen, "a second lot was drawn"


def test_declaring_a_higher_level_harmless_hides_nothing() -> None:
    story = proposed(level=1).act("2026-03-05", "review.declared-harmless", digest="text 1").accept(ACCEPTED)
    assert story.standing(ACCEPTED) == ("no-input", "not-asked")


@pytest.mark.parametrize(
    ("decided_on", "code"), [("2025-12-31", "inherited"), (None, "date-unknown"), ("2026-01-01", "no-input")]
)
def test_what_is_older_than_the_log_waits_to_be_assessed(decided_on: str | None, code: str) -> None:
    story = Story().act(
        ACCEPTED, "decision.imported", number=1, digest="text 1", status="accepted", decided_on=decided_on
    )
    assert story.standing(ACCEPTED)[0] == code
    if code == "no-input":
        assert "inherited-not-assessed" not in story.at(ACCEPTED)
        return
    comes_on(story, "inherited-not-assessed", ACCEPTED)
    story.answer(LATER)
    goes_off(story, "inherited-not-assessed", LATER, "answered")
    assert story.standing(LATER) == ("cleared", "")


@pytest.mark.parametrize("known_as", ["draft", "proposed", "rejected", "withdrawn"])
@pytest.mark.parametrize("decided_on", [None, "2019-05-05", "2026-03-09"])
def test_what_the_log_knew_as_open_is_never_older_than_the_log(known_as: str, decided_on: str | None) -> None:
    text = {"number": 1, "digest": "text 1"}
    story = Story().act(ACCEPTED, "decision.imported", **text, status=known_as)
    story.act(LATER, "decision.reimported", **text, status="accepted", decided_on=decided_on)
    assert story.standing(LATER) == ("no-input", "not-asked")
    comes_on(story, "accepted-no-input", LATER)


def test_a_file_that_stated_nothing_may_still_be_older_than_the_log() -> None:
    text = {"number": 1, "digest": "text 1"}
    story = Story().act(ACCEPTED, "decision.imported", **text, status="unstated")
    story.act(LATER, "decision.reimported", **text, status="accepted", decided_on="2019-05-05")
    assert story.standing(LATER) == ("inherited", "")


@pytest.mark.parametrize("status", ["superseded", "deprecated"])
def test_an_imported_record_that_is_out_of_force_raises_nothing(status: str) -> None:
    story = Story().act(
        ACCEPTED, "decision.imported", number=1, digest="text 1", status=status, decided_on="2026-02-01"
    )
    assert story.spans() == []
    assert story.standing(ACCEPTED) == ("inherited", "")


def test_taking_an_acceptance_back_ends_its_flags_as_taken_back() -> None:
    story = proposed().accept(ACCEPTED).act("2026-03-10 10:09", "decision.taken-back", accepted_seq=5)
    goes_off(story, "accepted-no-input", "2026-03-10 10:09", "taken back")
    assert story.at("2026-03-11", "status").keys() == {"proposed"}
    (span,) = story.spans("input")
    assert span.ends == utc("2026-03-10 10:09") and span.ended_as == "taken back"


def test_being_replaced_ends_flags_and_keeps_the_standing_which_stops_ageing() -> None:
    story = proposed().answer("2026-03-03", until="2027-03-04").accept(ACCEPTED, way="plain").replace(LATER)
    assert story.at("2026-03-17", "status").keys() == {"superseded"}
    assert story.standing("2030-01-01") == ("cleared", "")
    unasked = proposed().accept(ACCEPTED).replace(LATER)
    goes_off(unasked, "accepted-no-input", LATER, "no longer in force")
    assert unasked.standing("2030-01-01") == ("no-input", "not-asked")


def test_being_replaced_in_part_ends_nothing() -> None:
    story = proposed().accept(ACCEPTED).replace(LATER, part=True)
    assert "accepted-no-input" in story.at("2030-01-01")
    assert story.at("2030-01-01", "status").keys() == {"accepted"}


def test_a_replacement_taken_back_brings_the_flag_back() -> None:
    story = proposed().accept(ACCEPTED).replace(LATER)
    story.act("2026-03-16 11:35", "decision.taken-back", about=("decision", NEWER), restores=[OWN])
    assert comes_on(story, "accepted-no-input", "2026-03-16 11:35").why == "not-asked"


def test_a_go_live_day_moved_later_changes_only_what_comes_after() -> None:
    story = (
        proposed().accept(ACCEPTED).act(LATER, "company.go-live-set", about=("company", 1), on="2026-03-15")
    )
    goes_off(story, "accepted-no-input", LATER, "older than this log")
    comes_on(story, "inherited-not-assessed", LATER)


def test_input_by_month_is_told_by_the_month_of_acceptance_where_the_company_is() -> None:
    story = proposed(zone="Pacific/Auckland").accept("2026-03-31 12:00").answer("2026-05-01")
    none, after = story.spans("input")
    assert (none.code, none.detail["month"]) == ("none", "2026-04")
    assert (after.code, after.detail["month"], after.ends) == ("after", "2026-04", None)


def test_every_rule_says_what_it_is() -> None:
    for rule in RULES.values():
        assert rule.kind in ("fact", "state") and rule.severity in ("S1", "S2", "S3")
        assert all((rule.title, rule.sentence, rule.grounding, rule.switched_on_by, rule.clears_by))
        assert (rule.company_test is None) is (rule.subject != "company")
        assert (rule.test is None) is (rule.subject != "decision" or rule in (SET_ASIDE, UNREAD))


# The law, over anything that could be recorded, allowed or not.

DAY0 = utc("2026-03-02")
NUMBERS = st.sampled_from([1, 2, 3])
LEVELS = st.sampled_from([None, 0, 1, 2, 3])
DAYS = st.sampled_from([None, "2025-12-01", "2026-03-01", "2026-03-10", "2026-04-01"])
INSTANTS = st.integers(0, 60).map(lambda d: int((DAY0 + timedelta(days=d)).timestamp()))
DEVIATES = {"undo": "yes", "q8": "yes"}
FOUR = st.sampled_from(
    [dict.fromkeys(("data", "access", "outside", "undo"), "no"), {"data": "unknown"}, DEVIATES]
)
EDGES = st.sampled_from([[], [{"decision": OWN, "part": False}], [{"decision": OWN, "part": True}]])
PEOPLE = st.sampled_from([CTO, VCISO, LEADER])
WAYS = st.sampled_from(["plain", "unasked", "no-answer", "emergency", "risk-taken"])
STATUSES = st.sampled_from(
    ["draft", "proposed", "accepted", "rejected", "superseded", "deprecated", "unstated"]
)
CODES = st.sampled_from(
    ["changes-requested", "approve", "approve-with-conditions", "not-relevant", "advise", "deny", "question"]
)


FIRMS = st.tuples(st.integers(1, 2), st.booleans(), st.booleans(), st.none() | INSTANTS).map(list)


def _text(**more: st.SearchStrategy) -> st.SearchStrategy:
    number = {"number": NUMBERS, "level": LEVELS, "answers": FOUR, **more}
    number.setdefault("government", st.booleans())
    return st.fixed_dictionaries(number).map(lambda d: {**d, "digest": f"text {d['number']}"})


def _conditions() -> st.SearchStrategy:
    return st.lists(_condition(1, 3), max_size=2)


def _condition(*ids: int) -> st.SearchStrategy:
    return st.fixed_dictionaries(
        {
            "condition": st.integers(min(ids), max(ids)),
            "due_on": DAYS,
            "before_go_live": st.booleans(),
            "owned": st.booleans(),
            "binds_at": st.none() | INSTANTS,
        }
    )


_DATA: dict[str, st.SearchStrategy] = {
    "decision.drafted": _text(),
    "decision.revised": _text(in_force=st.booleans(), vendors=st.lists(FIRMS, max_size=2)),
    "decision.recorded": _text(
        decided_on=DAYS, way=st.just("recorded"), deciders=st.lists(PEOPLE, max_size=2, unique=True)
    ),
    "decision.proposed": st.fixed_dictionaries({"number": NUMBERS}),
    "decision.accepted": _text(way=WAYS, decided_on=DAYS, supersedes=EDGES),
    "decision.text-accepted": _text(way=WAYS),
    "decision.rejected": st.just({}),
    "decision.withdrawn": st.just({}),
    "decision.reopened": st.just({}),
    "decision.taken-back": st.fixed_dictionaries({"restores": st.sampled_from([[], [OWN]])}),
    "decision.deprecated": st.just({}),
    "decision.imported": _text(status=STATUSES, decided_on=DAYS, supersedes=EDGES),
    "decision.reimported": _text(status=STATUSES, decided_on=DAYS, supersedes=EDGES),
    "decision.text-kept": st.just({"fingerprint": "f"}),
    "decision.status-stated": st.fixed_dictionaries({"status": STATUSES, "decided_on": DAYS}),
    "review.asked": st.fixed_dictionaries(
        {"review": st.just(1), "of": st.just(VCISO), "due_at": INSTANTS, "emergency": st.booleans()}
    ),
    "review.verdict": _text(
        verdict=st.integers(1, 3),
        code=CODES,
        engagement=st.sampled_from([None, 1]),
        valid_until=st.none() | INSTANTS,
        conditions=_conditions(),
    ),
    "review.verdict-taken-back": st.fixed_dictionaries({"verdict": st.integers(1, 3)}),
    "review.replied": st.just({"review": 1}),
    "review.same-meaning": _text(verdict=st.integers(1, 3), engagement=st.sampled_from([None, 1])).map(
        lambda d: {k: v for k, v in d.items() if k not in ("level", "answers")}
    ),
    "review.claimed": st.just({"claim": 1}),
    "review.claim-answered": st.fixed_dictionaries(
        {"claim": st.just(1), "yes": st.booleans(), "engagement": st.sampled_from([None, 1])}
    ),
    "condition.done": st.fixed_dictionaries({"condition": st.integers(1, 3), "check_by": INSTANTS}),
    "condition.agreed": st.fixed_dictionaries({"condition": st.integers(1, 3)}),
    "condition.contested": st.fixed_dictionaries(
        {"condition": st.integers(1, 3), "why": st.just("too-dear")}
    ),
    "condition.kept": st.fixed_dictionaries({"condition": st.integers(1, 3)}),
    "condition.dropped": st.fixed_dictionaries({"condition": st.integers(1, 3)}),
    "condition.changed": st.fixed_dictionaries({"condition": st.integers(1, 3), "newer": _condition(4)}),
    "condition.assigned": st.fixed_dictionaries({"condition": st.integers(1, 4)}),
    "decision.implementation-set": st.fixed_dictionaries(
        {"state": st.sampled_from(["in-progress", "implemented"])}
    ),
    "condition.verified": st.fixed_dictionaries({"condition": st.integers(1, 3)}),
    "condition.moved": st.fixed_dictionaries({"condition": st.integers(1, 3), "due_on": DAYS}),
    "risk.accepted": _text(acceptance=st.integers(1, 2), until=INSTANTS).map(
        lambda d: {k: v for k, v in d.items() if k not in ("level", "answers")}
    ),
    "risk.ended": st.fixed_dictionaries({"acceptance": st.integers(1, 2)}),
    "review.went-live-checked": st.just({}),
    "decision.review-on-set": st.fixed_dictionaries({"on": DAYS}),
    "decision.looked-again": st.fixed_dictionaries({"on": DAYS}),
    "decision.description-updated": st.just({}),
    "decision.module-noted": st.just({}),
    "review.still-holds": st.fixed_dictionaries({"after": st.integers(1, 12)}),
    "system.added": st.fixed_dictionaries({"system": st.just(1), "inside_boundary": st.booleans()}),
    "vendor.described": st.fixed_dictionaries({"vendor": FIRMS, "anew": st.booleans()}),
    "vendor.agreement-ended": st.fixed_dictionaries({"vendor": FIRMS}),
    "risk.asked": st.just({"question": 1}),
    "risk.declined": st.just({"question": 1}),
    "flag.set-aside": st.fixed_dictionaries(
        {"aside": st.integers(1, 2), "code": st.sampled_from(sorted(RULES)), "until": INSTANTS}
    ),
    "flag.taken-up": st.fixed_dictionaries({"aside": st.integers(1, 2)}),
    "record.checked": st.fixed_dictionaries(
        {"check": st.integers(1, 3), "result": st.sampled_from(["whole", "broken", "error"])}
    ),
    "record.receipt-given": st.just({"receipt": 1}),
    "company.severity-set": st.fixed_dictionaries(
        {"code": st.sampled_from(sorted(RULES)), "severity": st.sampled_from(["S1", "S2"])}
    ),
    "level.raised": st.fixed_dictionaries({"level": st.integers(0, 3)}),
    "level.lowered": st.fixed_dictionaries({"level": st.integers(0, 3)}),
    "vendor.agreed": st.fixed_dictionaries({"vendor": FIRMS}),
    "decision.mapped": st.just({"framework": "hipaa", "control": "164.306(a)", "effect": "supports"}),
    "decision.unmapped": st.just({"framework": "hipaa", "control": "164.306(a)"}),
    "company.framework-followed": st.just({"framework": "hipaa"}),
    "company.framework-left": st.just({"framework": "hipaa"}),
    "company.go-live-set": st.fixed_dictionaries({"on": DAYS}),
    "company.policy-set": st.just({"level": 3, "mode": "enforce"}),
    "rule.signed": st.fixed_dictionaries(
        {
            "rule": st.integers(1, 2),
            "allows": st.just([["data", ["no"]]]),
            "until": INSTANTS,
            "engagement": st.integers(1, 2),
            "replaces": st.sampled_from([None, 1]),
        }
    ),
    "rule.ended": st.fixed_dictionaries({"rule": st.integers(1, 2)}),
    "company.calendar-set": st.fixed_dictionaries(
        {
            "week": st.sampled_from([[0, 1, 2, 3, 4], [0, 1, 2, 3], [6, 0, 1, 2, 3], [5]]),
            "holidays": st.lists(DAYS.filter(bool), max_size=4, unique=True),
        }
    ),
    "person.invited": st.just({"person": VCISO}),
    "person.joined": st.just({}),
    "engagement.started": st.fixed_dictionaries(
        {
            "engagement": st.integers(1, 2),
            "person": st.just(VCISO),
            "role": st.sampled_from(["vciso", "cto"]),
            "starts_at": INSTANTS,
            "ends_at": st.none() | INSTANTS,
        }
    ),
    "engagement.handed-over": st.just({"engagement": 1, "to": 2, "of": CTO, "reviews": [1]}),
    "engagement.ended": st.fixed_dictionaries(
        {
            "engagement": st.integers(1, 2),
            "person": st.just(VCISO),
            "role": st.just("vciso"),
            "ends_at": st.none() | INSTANTS,
        }
    ),
}
_OF_OTHERS = (
    *("decision.accepted", "decision.taken-back", "decision.imported"),
    *("decision.rejected", "decision.deprecated", "decision.status-stated"),
)
_KINDS = [  # what bears on the law most comes most often: acceptances, answers, and the company's own acts
    *sorted(_DATA),
    *["decision.accepted", "decision.imported", "review.verdict"] * 3,
    *["company.go-live-set", "company.calendar-set", "engagement.started", "engagement.ended"] * 4,
    *["person.invited", "person.joined", "rule.signed", "rule.signed", "rule.ended"] * 2,
]
_PAUSES = st.sampled_from([0, 0, 1, 3600, 86_400, 86_400, 400_000])


@st.composite
def _acts(draw: st.DrawFn) -> list[Happening]:
    story = Story(vciso=draw(st.booleans()), go_live_on="2026-02-01", zone="Europe/Lisbon")
    first = draw(st.sampled_from(["decision.drafted", "decision.recorded", "decision.imported"]))
    story.act(DAY0, first, **draw(_DATA[first]))
    at = DAY0
    for _ in range(draw(st.integers(0, 9))):
        at += timedelta(seconds=draw(_PAUSES))
        kind = draw(st.sampled_from(_KINDS))
        about = ("decision", OWN)
        if kind.startswith(("company.", "engagement.", "person.", "rule.", "record.")):
            about = ("company", 1)
        elif kind.startswith(("vendor.", "system.")):
            about = (kind.split(".")[0], 1)
        elif kind in _OF_OTHERS and draw(st.booleans()):
            about = ("decision", draw(st.sampled_from([NEWER, NEWEST])))
        story.act(at, kind, by=draw(PEOPLE), about=about, **draw(_DATA[kind]))
    return story.acts


def _cut(spans: list[Span], at: datetime) -> list[tuple[str, str, str, str, datetime, datetime]]:
    found = [
        (s.kind, s.code, s.why, s.severity, s.starts, at if s.ends is None else min(s.ends, at))
        for s in spans
        if s.starts < at
    ]
    return sorted(found)


@settings(max_examples=400, deadline=None)
@given(_acts())
def test_an_act_leaves_all_that_was_before_it_as_it_was(acts: list[Happening]) -> None:
    before, at = acts[:-1], acts[-1].at
    assert _cut(decision_spans(OWN, before), at) == _cut(decision_spans(OWN, acts), at)
    assert _cut(company_spans(before), at) == _cut(company_spans(acts), at)
    assert _cut(company_spans(before, apart=True), at) == _cut(company_spans(acts, apart=True), at)


@settings(max_examples=150, deadline=None)
@given(_acts())
def test_what_the_company_did_before_a_decision_began_may_be_given_as_what_it_amounts_to(
    acts: list[Happening],
) -> None:
    first = next(place for place, act in enumerate(acts) if act.subject == ("decision", OWN))
    states = company_states(acts)
    for place in range(first + 1):
        assert decision_spans(OWN, acts[place:], states[place]) == decision_spans(OWN, acts)


@settings(max_examples=150, deadline=None)
@given(st.lists(_DATA["decision.imported"], min_size=1, max_size=4), st.lists(st.booleans(), max_size=3))
def test_imports_that_say_the_same_have_the_spans_that_each_has_alone(
    imports: list[dict], vcisos: list[bool]
) -> None:
    spans = spans_of_some()
    for vciso in (True, *vcisos):
        story = Story(vciso=vciso, go_live_on="2026-02-01", zone="Europe/Lisbon")
        (company,) = company_states(story.acts)[-1:]
        for place, data in enumerate([*imports, *imports], start=7):
            own = {"reference": place, "file": {"file": place, "row": f"row {place}"}, "revision": place}
            act = Happening(place, DAY0, 2, "decision.imported", ("decision", place), {**data, **own}, "root")
            assert spans(place, [act], company) == decision_spans(place, [act], company)


@settings(max_examples=250, deadline=None)
@given(_acts())
def test_exactly_one_standing_and_one_status_hold_at_every_second(acts: list[Happening]) -> None:
    spans = decision_spans(OWN, acts)
    for kind in ("standing", "status"):
        tiles = [s for s in spans if s.kind == kind]
        assert tiles[0].starts == DAY0 and tiles[-1].ends is None
        for one, following in itertools.pairwise(tiles):
            assert one.ends == following.starts and one.starts < following.starts


@settings(max_examples=250, deadline=None)
@given(_acts())
def test_the_headline_is_the_open_standings_without_input_and_never_what_is_older(
    acts: list[Happening],
) -> None:
    spans = decision_spans(OWN, acts)
    edges = sorted({s.starts for s in spans} | {s.starts + SECOND for s in spans})
    for at in edges:
        now = [s for s in spans if s.starts <= at and (s.ends is None or at < s.ends)]
        codes = {(s.kind, s.code) for s in now}
        standing = next(s.code for s in now if s.kind == "standing")
        in_force = ("status", "accepted") in codes
        assert (("flag", "accepted-no-input") in codes) == (in_force and standing in HEADLINE)
        if standing in ("inherited", "date-unknown"):
            assert not {("flag", "accepted-no-input"), ("flag", "accepted-no-signoff")} & codes


_STEP = timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(DAYS, st.lists(DAYS.filter(bool), max_size=4), st.booleans())
def test_an_import_is_in_the_headline_exactly_while_it_is_not_older_than_the_log(
    decided_on: str | None, moves: list[str], vciso: bool
) -> None:
    story = Story(vciso=vciso, go_live_on="2026-02-01")
    story.act(
        DAY0,
        "decision.imported",
        number=1,
        digest="text 1",
        level=2,
        status="accepted",
        decided_on=decided_on,
    )
    lives = ["2026-02-01", *moves]
    for day, on in enumerate(moves, start=1):
        story.act(DAY0 + day * _STEP, "company.go-live-set", about=("company", 1), on=on)
    flags = story.spans(code="accepted-no-input")
    older = story.spans(code="inherited-not-assessed")
    for day, live in enumerate(lives):
        at = DAY0 + day * _STEP
        counted = decided_on is not None and decided_on >= live
        for found, expected in ((flags, counted), (older, not counted)):
            assert any(s.starts <= at and (s.ends is None or at < s.ends) for s in found) is expected


@settings(max_examples=100, deadline=None)
@given(_acts())
def test_spans_have_a_length_and_no_flag_stands_beside_itself(acts: list[Happening]) -> None:
    spans = decision_spans(OWN, acts)
    by_code: dict[tuple[str, str, str], list[Span]] = {}
    for span in spans:
        assert span.ends is None or span.starts < span.ends
        assert (span.ended_as is None) is (span.ends is None)
        beside = span.why if span.code == "set-aside" else ""  # one for each flag that was set aside
        by_code.setdefault((span.kind, span.code, beside), []).append(span)
    for same in by_code.values():
        for one, following in itertools.pairwise(same):
            assert one.ends is not None and one.ends <= following.starts


PATIENT, CONTRACT, NOTHING = [7, True, False, None], [7, True, True, None], [7, False, False, None]


def test_a_firm_with_patient_data_and_no_contract_is_flagged_until_one_is_recorded() -> None:
    story = Story().act(
        "2026-03-02", "decision.drafted", number=1, digest="text 1", level=0, vendors=[NOTHING]
    )
    story.accept(ACCEPTED).act("2026-03-11", "vendor.described", about=("vendor", 7), vendor=PATIENT)
    assert comes_on(story, "vendor-no-agreement", "2026-03-11").detail == {"vendors": [7]}
    until = epoch("2026-06-01")
    story.act(LATER, "vendor.agreed", about=("vendor", 7), agreement=1, vendor=[7, True, True, until])
    goes_off(story, "vendor-no-agreement", LATER, "dealt with")
    comes_on(story, "vendor-no-agreement", "2026-06-01")
    story.act("2026-05-01", "vendor.agreed", about=("vendor", 7), agreement=2, vendor=CONTRACT)
    assert len(story.spans(code="vendor-no-agreement")) == 1
    story.act("2026-07-01", "vendor.agreement-ended", about=("vendor", 7), agreement=2, vendor=PATIENT)
    comes_on(story, "vendor-no-agreement", "2026-07-01")
    story.act("2026-08-01", "decision.deprecated")
    goes_off(story, "vendor-no-agreement", "2026-08-01", "no longer in force")


def test_only_firms_that_the_text_in_force_names_are_flagged() -> None:
    written = {"digest": "text 1", "level": 0}
    story = Story().act("2026-03-02", "decision.drafted", number=1, **written, vendors=[PATIENT])
    story.act("2026-03-03", "decision.revised", number=2, digest="text 2", level=0).accept(ACCEPTED, number=2)
    assert story.spans(code="vendor-no-agreement") == []
    story.act("2026-03-12", "decision.revised", number=3, digest="3", level=0, vendors=[PATIENT])
    assert story.spans(code="vendor-no-agreement") == []  # a draft beside it
    story.act(LATER, "decision.text-accepted", number=3, digest="3", level=0, way="unasked")
    comes_on(story, "vendor-no-agreement", LATER)
    older = Story().draft("2026-03-02", level=0).accept(ACCEPTED)  # written before firms were kept
    older.act(LATER, "vendor.described", about=("vendor", 7), vendor=PATIENT)
    comes_on(older, "vendor-no-agreement", LATER)


def test_a_decision_that_needs_a_review_names_a_safeguard_where_a_standard_is_followed() -> None:
    hipaa = {"framework": "hipaa"}
    story = proposed().accept(ACCEPTED)
    assert story.spans(code="control-unmapped") == []  # nobody is asked before a standard is chosen
    story.act("2026-03-11", "company.framework-followed", about=("company", 1), **hipaa)
    comes_on(story, "control-unmapped", "2026-03-11")
    story.act(LATER, "decision.mapped", framework="iso-27001", control="A.5.3", effect="supports")
    assert "control-unmapped" in story.at(LATER)  # of a standard that the company does not follow
    story.act("2026-03-17", "decision.mapped", **hipaa, control="164.306(a)", effect="weakens")
    goes_off(story, "control-unmapped", "2026-03-17", "dealt with")
    story.act("2026-03-18", "decision.unmapped", **hipaa, control="164.306(a)")
    comes_on(story, "control-unmapped", "2026-03-18")
    story.act("2026-03-19", "company.framework-left", about=("company", 1), **hipaa)
    goes_off(story, "control-unmapped", "2026-03-19", "dealt with")
    easy = proposed(level=1).accept(ACCEPTED)
    easy.act("2026-03-11", "company.framework-followed", about=("company", 1), **hipaa)
    assert easy.spans(code="control-unmapped") == []
