"""What recorded acts amount to: statuses, texts, levels, reviews, and the company, at any moment."""

from datetime import date

import pytest

from adr_app.domain.decisions import Status
from adr_app.domain.permissions import Role
from adr_app.domain.timeline import company_history, fold, history
from adr_app.domain.timeline_states import DecisionState
from tests.domain.acts import CTO, NEWER, NEWEST, OWN, VCISO, Story, epoch, utc


def last(story: Story) -> DecisionState:
    found = fold(OWN, story.acts)
    assert found is not None
    return found.state


def proposed(level: int = 2) -> Story:
    return Story().draft("2026-03-02 09:00", level=level).propose("2026-03-02 10:00")


def test_a_decision_without_an_act_has_no_state() -> None:
    assert fold(OWN, Story().acts) is None
    assert history(99, proposed().acts) == []


def test_moments_follow_one_another_from_the_first_act_on_for_ever() -> None:
    moments = history(OWN, proposed().accept("2026-03-10").acts)
    assert [m.starts for m in moments] == [
        utc("2026-03-02 09:00"),
        utc("2026-03-02 10:00"),
        utc("2026-03-10"),
    ]
    assert [m.ends for m in moments] == [*[m.starts for m in moments[1:]], None]


def test_acts_of_one_second_make_one_moment() -> None:
    story = Story().draft("2026-03-02").propose("2026-03-02").accept("2026-03-02")
    (moment,) = history(OWN, story.acts)
    assert moment.state.status == Status.ACCEPTED


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("decision.rejected", Status.REJECTED),
        ("decision.withdrawn", Status.WITHDRAWN),
        ("decision.reopened", Status.DRAFT),
    ],
)
def test_a_proposed_decision_moves_and_is_no_longer_asked_about(kind: str, status: Status) -> None:
    story = proposed().ask("2026-03-02 11:00", "2026-03-10").act("2026-03-03", kind)
    assert (last(story).status, last(story).open_ask) == (status, None)


def test_sending_a_draft_for_review_proposes_it() -> None:
    assert last(Story().draft("2026-03-02").ask("2026-03-03", "2026-03-11")).status == Status.PROPOSED


def test_what_was_so_at_acceptance_is_kept_with_it() -> None:
    story = proposed().ask("2026-03-09 20:00", "2026-03-17").accept("2026-03-10 10:00")
    found = last(story).acceptance
    assert found is not None and found.asked is not None
    assert (found.asked.asked_at, found.engaged, found.month) == (utc("2026-03-09 20:00"), True, "2026-03")
    assert (found.level, found.required, found.decided_on) == (2, True, date(2026, 3, 10))


def test_asking_again_moves_the_due_time_and_not_the_day_of_asking() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").ask("2026-03-06", "2026-03-14")
    found = last(story).open_ask
    assert found is not None
    assert (found.asked_at, found.due_at) == (utc("2026-03-03"), utc("2026-03-14"))


def test_an_edit_beside_a_signed_text_stays_a_draft_until_she_answers_it() -> None:
    story = proposed().answer("2026-03-03").accept("2026-03-10", way="plain").draft("2026-03-11", number=2)
    assert last(story).in_force[:3] == (1, "text 1", 2)
    assert last(story).latest[:3] == (2, "text 2", 2)
    assert last(story.answer("2026-03-12", number=2)).in_force[:3] == (2, "text 2", 2)


def test_proposing_an_edit_of_an_accepted_decision_leaves_it_accepted() -> None:
    story = proposed().accept("2026-03-10").draft("2026-03-11", number=2).propose("2026-03-12", number=2)
    assert last(story).status == Status.ACCEPTED


def test_her_answer_sets_the_level_and_accepting_the_same_text_does_not_undo_that() -> None:
    story = proposed()
    story.act(
        "2026-03-03",
        "review.verdict",
        by=VCISO,
        verdict=1,
        code="advise",
        number=1,
        digest="text 1",
        level=1,
        engagement=1,
    )
    found = last(story.accept("2026-03-10", level=2)).acceptance
    assert found is not None and (found.level, found.required) == (1, False)


def test_a_level_somebody_raised_stays_over_a_text_without_answers() -> None:
    story = Story().act("2026-03-02", "decision.drafted", number=1, digest="text 1", level=None)
    assert last(story).level == 2
    story.act("2026-03-03", "level.raised", level=3)
    story.act("2026-03-04", "decision.revised", number=2, digest="text 2", level=None)
    assert last(story).level == 3
    story.act("2026-03-05", "level.lowered", by=VCISO, level=1)
    assert last(story).level == 1


def recorded(**data: object) -> Story:
    return Story().act(
        "2026-03-10", "decision.recorded", by=CTO, number=1, digest="text 1", way="recorded", **data
    )


def test_who_only_writes_down_what_another_decided_decides_nothing() -> None:
    story = recorded(deciders=[VCISO])
    assert last(story).may_not_judge(VCISO)
    assert not last(story).may_not_judge(CTO)


def test_who_writes_down_a_decision_that_names_no_decider_decided_it() -> None:
    for story in (recorded(), recorded(deciders=[])):
        assert last(story).may_not_judge(CTO)


def test_a_text_accepted_by_somebody_bars_their_later_answers_only() -> None:
    story = proposed().accept("2026-03-10").draft("2026-03-11", number=2)
    story.act("2026-03-12", "decision.text-accepted", by=VCISO, number=2, digest="text 2")
    place = len(story.acts)
    assert not last(story).may_not_judge(VCISO, place - 1)
    assert last(story).may_not_judge(VCISO, place + 1)


def test_taking_an_acceptance_back_asks_her_again_what_it_had_closed() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").accept("2026-03-04", way="risk-taken")
    assert last(story).open_ask is None
    story.act("2026-03-04 00:05", "decision.taken-back")
    ask = last(story).open_ask
    assert ask is not None and (ask.asked_at, ask.due_at) == (utc("2026-03-03"), utc("2026-03-11"))
    assert story.standing("2026-03-04 00:05") == ("asked", "")


def test_taking_an_acceptance_back_gives_the_author_the_turn_again() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").answer("2026-03-03 12:00", "question")
    story.accept("2026-03-04", way="plain").act("2026-03-04 00:05", "decision.taken-back")
    assert last(story).is_question_open
    assert story.standing("2026-03-04 00:05") == ("question", "")


def test_what_was_asked_since_stays_asked_when_the_acceptance_is_taken_back() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").accept("2026-03-04", way="plain")
    story.ask("2026-03-04 00:02", "2026-03-12").act("2026-03-04 00:05", "decision.taken-back")
    ask = last(story).open_ask
    assert ask is not None and ask.due_at == utc("2026-03-12")


def test_an_emergency_asks_at_once_and_taking_it_back_forgets_that() -> None:
    story = proposed().accept("2026-03-04", way="emergency")
    ask = last(story).open_ask
    assert ask is not None and (ask.asked_at, ask.emergency) == (utc("2026-03-04"), True)
    assert last(story.act("2026-03-04 00:05", "decision.taken-back")).open_ask is None


def test_an_emergency_hurries_the_review_that_waits_until_it_is_taken_back() -> None:
    story = proposed(level=3).ask("2026-03-03", "2026-03-11").accept("2026-03-04", way="emergency")
    ask = last(story).open_ask
    assert ask is not None and (ask.due_at, ask.emergency) == (utc("2026-03-06"), True)
    ask = last(story.act("2026-03-04 00:05", "decision.taken-back")).open_ask
    assert ask is not None and (ask.due_at, ask.emergency) == (utc("2026-03-11"), False)


def test_the_authors_turn_begins_with_her_first_question_without_a_reply() -> None:
    story = proposed().ask("2026-03-02 10:00", "2026-03-10")
    story.answer("2026-03-03", "question").answer("2026-03-05", "question")
    assert last(story).turn_began == utc("2026-03-03")
    story.act("2026-03-06", "review.replied", review=1)
    ask = last(story).open_ask
    assert ask is not None and ask.due_at == utc("2026-03-13")
    assert last(story).turn_began is None


def test_a_replacement_takes_effect_when_the_newer_comes_into_force() -> None:
    story = proposed().accept("2026-03-10")
    edges = [{"decision": OWN, "part": False}]
    story.act(
        "2026-03-11",
        "decision.imported",
        about=("decision", NEWER),
        number=1,
        digest="other",
        status="proposed",
        supersedes=edges,
    )
    assert last(story).status == Status.ACCEPTED
    assert last(story.replace("2026-03-12")).status == Status.SUPERSEDED


def test_a_file_that_replaces_one_read_later_still_replaces_it() -> None:
    edges = [{"decision": OWN, "part": False}]
    story = Story().draft("2026-03-01").act("2026-03-01", "decision.withdrawn")
    story.act(
        "2026-03-02",
        "decision.imported",
        about=("decision", NEWER),
        number=1,
        digest="other",
        status="accepted",
        supersedes=edges,
    )
    story.act("2026-03-02", "decision.reimported", number=1, digest="text 1", status="accepted")
    assert last(story).status == Status.SUPERSEDED


def test_taking_a_replacement_back_restores_what_the_act_names() -> None:
    story = proposed().accept("2026-03-10").replace("2026-03-12").replace("2026-03-13", by=NEWEST)
    story.act("2026-03-13 00:05", "decision.taken-back", about=("decision", NEWEST), restores=[])
    assert last(story).status == Status.SUPERSEDED
    story.act("2026-03-13 00:06", "decision.taken-back", about=("decision", NEWER), restores=[OWN])
    assert last(story).status == Status.ACCEPTED


def test_importing_again_accepts_the_new_text_and_keeps_the_first_moment() -> None:
    story = Story().act(
        "2026-03-10",
        "decision.imported",
        number=1,
        digest="text 1",
        status="accepted",
        decided_on="2026-03-01",
    )
    story.act(
        "2026-03-20",
        "decision.reimported",
        number=2,
        digest="text 2",
        status="accepted",
        decided_on="2026-03-02",
    )
    found = last(story)
    assert found.acceptance is not None and found.in_force is not None
    assert (found.acceptance.at, found.acceptance.decided_on) == (utc("2026-03-10"), date(2026, 3, 2))
    assert found.in_force.digest == "text 2"


def test_a_replaced_decision_stays_replaced_though_its_file_still_says_accepted() -> None:
    story = Story().act("2026-03-10", "decision.imported", number=1, digest="text 1", status="accepted")
    story.replace("2026-03-12").act(
        "2026-03-20", "decision.reimported", number=2, digest="text 2", status="accepted"
    )
    assert last(story).status == Status.SUPERSEDED
    story.act("2026-03-21", "decision.taken-back", about=("decision", NEWER), restores=[OWN])
    assert last(story).status == Status.ACCEPTED


def test_importing_again_does_not_turn_a_late_answer_into_an_early_one() -> None:
    story = Story().act(
        "2026-03-10",
        "decision.imported",
        number=1,
        digest="text 1",
        status="accepted",
        decided_on="2026-03-01",
    )
    story.answer("2026-03-11").act("2026-03-12", "decision.deprecated")
    story.act("2026-03-13", "decision.reimported", number=1, digest="text 1", status="accepted")
    assert last(story).status == Status.ACCEPTED
    assert story.standing("2026-03-13") == ("reviewed-late", "no-input")


def test_an_unstated_import_is_undecided_until_somebody_states_its_status() -> None:
    story = Story().act("2026-03-10", "decision.imported", number=1, digest="text 1", status="unstated")
    assert last(story).status == Status.UNSTATED and last(story).acceptance is None
    story.act("2026-03-11", "decision.status-stated", status="accepted", decided_on=None)
    assert last(story).status == Status.ACCEPTED
    assert last(story).may_not_judge(CTO)


def test_roles_run_from_a_moment_to_a_moment_and_ending_one_is_not_retroactive() -> None:
    story = Story(vciso=False).engage("2026-02-01", ends="2026-05-01")
    (_, _, company) = company_history(story.acts)[-1]
    assert not company.engaged(Role.VCISO, utc("2026-01-31 23:59:59"))
    assert company.engaged(Role.VCISO, utc("2026-02-01"))
    assert not company.engaged(Role.VCISO, utc("2026-05-01"))
    assert not company.engaged(Role.CTO, utc("2026-03-01"))
    story.draft("2026-03-02").propose("2026-03-02").accept("2026-03-10")
    story.act(
        "2026-03-20",
        "engagement.ended",
        about=("company", 1),
        engagement=1,
        person=VCISO,
        role="vciso",
        ends_at=epoch("2026-03-01"),
    )
    acceptance = last(story).acceptance
    assert acceptance is not None and acceptance.engaged


def test_the_company_keeps_its_policy_and_go_live_day() -> None:
    story = Story(go_live_on="2026-02-01")
    story.act("2026-03-01", "company.policy-set", about=("company", 1), level=2, mode="enforce")
    story.act("2026-03-02", "company.go-live-set", about=("company", 1), on="2026-01-15")
    (_, ends, company) = company_history(story.acts)[-1]
    assert ends is None
    assert (company.policy, company.go_live_on) == ((("2", "enforce"),), date(2026, 1, 15))
