"""Was security asked? Every row of the standing table, in the order of the first that holds."""

import pytest

from adr_app.domain.standing import HEADLINE, MARKS, STANDINGS, standing_windows, words_of
from adr_app.domain.timeline import fold
from tests.domain.acts import CTO, LEADER, OWN, SOMEBODY, VCISO, Story, epoch, utc

ACCEPTED = "2026-03-10 10:00"
LATER = "2026-03-12 10:00"
TODO = [{"condition": 1, "due_on": "2026-06-01", "before_go_live": True}]


def proposed(level: int = 2, **company: object) -> Story:
    return Story(**company).draft("2026-03-02 09:00", level=level).propose("2026-03-02 10:00")


def recorded(*, took_part: bool, level: int = 2) -> Story:
    claim = {"claim": 1, "of": VCISO, "on": "2026-03-09"} if took_part else None
    return Story().act(
        ACCEPTED,
        "decision.recorded",
        number=1,
        digest="text 1",
        level=level,
        decided_on="2026-03-09",
        way="recorded",
        claim=claim,
    )


# before acceptance


def test_nobody_was_asked_yet() -> None:
    assert proposed().standing("2026-03-03") == ("not-asked", "")


def test_asked_and_due() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11")
    assert story.standing("2026-03-03") == ("asked", "")
    assert story.at("2026-03-03", "standing")["asked"].detail["due"] == epoch("2026-03-11")


def test_a_review_that_was_handed_over_is_asked_of_the_successor_from_then_on() -> None:
    story = Story().draft("2026-03-02").ask("2026-03-02", "2026-03-10")
    told = {"engagement": 1, "to": 2, "of": SOMEBODY}
    story.act("2026-03-04", "engagement.handed-over", about=("company", 1), **told, reviews=[1, 7])
    story.act("2026-03-05", "engagement.handed-over", about=("company", 1), **told | {"of": CTO}, reviews=[7])
    asked = {at: story.at(f"2026-03-{at}", "standing")["asked"].detail["of"] for at in ("03", "04", "06")}
    assert asked == {"03": VCISO, "04": SOMEBODY, "06": SOMEBODY}


def test_a_question_waits_for_the_author_and_a_reply_for_her() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").answer("2026-03-04", "question")
    assert story.standing("2026-03-04") == ("question", "")
    assert story.act("2026-03-05", "review.replied", review=1).standing("2026-03-05") == ("asked", "")


@pytest.mark.parametrize(
    ("code", "level", "standing"),
    [
        ("advise", 1, ("advised-before", "")),
        ("advise", 2, ("not-asked", "ok-needed")),
        ("approve", 2, ("cleared-before", "")),
        ("not-relevant", 2, ("cleared-before", "")),
        ("deny", 2, ("refused", "")),
        ("changes-requested", 2, ("refused", "changes-requested")),
    ],
)
def test_each_answer_before_acceptance(code: str, level: int, standing: tuple[str, str]) -> None:
    story = proposed(level=level).ask("2026-03-03", "2026-03-11").answer("2026-03-04", code)
    assert story.standing("2026-03-04") == standing


def test_an_ok_with_todos_before_acceptance() -> None:
    story = proposed().answer("2026-03-04", "approve-with-conditions", conditions=TODO)
    assert story.standing("2026-03-04") == ("cleared-with-conditions-before", "")


def test_an_ok_on_an_older_text_does_not_clear_the_new_one_until_it_means_the_same() -> None:
    story = proposed().answer("2026-03-04", verdict=5).draft("2026-03-05", number=2)
    assert story.standing("2026-03-05") == ("not-asked", "new-text")
    story.act(
        "2026-03-06", "review.same-meaning", by=VCISO, verdict=5, number=2, digest="text 2", engagement=1
    )
    assert story.standing("2026-03-06") == ("cleared-before", "")


@pytest.mark.parametrize("kind", ["decision.rejected", "decision.withdrawn"])
def test_what_was_not_decided_keeps_its_last_standing(kind: str) -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").act("2026-03-05", kind)
    assert story.standing("2030-01-01") == ("asked", "")


# made without input, and the finer reasons


@pytest.mark.parametrize(
    ("asked", "why", "detail"),
    [
        ("2026-03-09 10:00:01", "asked-shortly-before", ("minutes", 1439)),
        ("2026-03-09 10:00:00", "no-answer", ("working_days", 1)),
        ("2026-03-10 09:00:00", "asked-shortly-before", ("minutes", 60)),
    ],
)
def test_asking_less_than_a_day_before_is_asking_shortly_before(
    asked: str, why: str, detail: tuple[str, int]
) -> None:
    story = proposed().ask(asked, "2026-03-17").accept(ACCEPTED)
    assert story.standing(ACCEPTED) == ("no-input", why)
    assert story.at(ACCEPTED)["accepted-no-input"].detail[detail[0]] == detail[1]


def test_a_question_that_nobody_answered_is_told_apart_from_silence() -> None:
    story = proposed().ask("2026-03-03", "2026-03-11").answer("2026-03-04", "question").accept(ACCEPTED)
    assert story.standing(ACCEPTED) == ("no-input", "question-open")


def test_a_meeting_is_claimed_until_she_confirms_it() -> None:
    story = recorded(took_part=True)
    assert story.standing(ACCEPTED) == ("no-input", "claimed")
    story.act(LATER, "review.claim-answered", by=VCISO, claim=1, yes=True, engagement=1)
    assert story.standing(LATER) == ("advised-meeting", "")
    assert story.at(LATER) == {}
    assert [s.code for s in story.spans("input")] == ["none", "meeting"]


def test_a_meeting_she_denies_stays_made_without_input() -> None:
    story = recorded(took_part=True)
    story.act(LATER, "review.claim-answered", by=VCISO, claim=1, yes=False, engagement=1)
    assert story.standing(LATER) == ("no-input", "claim-denied")


@pytest.mark.parametrize(
    ("confirmed", "standing"),
    [("2026-03-17 23:59:59", "advised-meeting"), ("2026-03-18 00:00:00", "reviewed-late")],
)
def test_a_meeting_confirmed_after_five_working_days_is_a_late_review(confirmed: str, standing: str) -> None:
    story = recorded(took_part=True)
    story.act(confirmed, "review.claim-answered", by=VCISO, claim=1, yes=True, engagement=1)
    assert story.standing(confirmed)[0] == standing


def test_the_decider_cannot_confirm_their_own_claim() -> None:
    story = recorded(took_part=True)
    story.act(LATER, "review.claim-answered", by=CTO, claim=1, yes=True, engagement=1)
    assert story.standing(LATER) == ("no-input", "claimed")


def test_an_answer_after_the_fact_is_late_by_whole_days_where_the_company_is() -> None:
    story = proposed(zone="Pacific/Auckland").accept("2026-03-10 10:30").answer("2026-03-10 11:30")
    assert story.at("2026-03-11", "standing")["reviewed-late"].detail["days"] == 1


def test_an_answer_on_the_same_day_says_so() -> None:
    assert proposed().accept(ACCEPTED).answer("2026-03-10 16:00").standing("2026-03-11") == (
        "reviewed-late",
        "same-day",
    )


def test_a_late_no_puts_the_decision_against_advice() -> None:
    story = proposed().accept(ACCEPTED).answer(LATER, "deny")
    assert story.standing(LATER) == ("against-advice", "late")
    assert "accepted-no-input" not in story.at(LATER)


def test_a_fact_that_was_answered_never_becomes_a_plain_checked() -> None:
    story = proposed().answer("2026-03-03", "deny").accept(ACCEPTED).answer(LATER)
    assert story.standing(LATER) == ("reviewed-late", "objection")


# checked, in its kinds


@pytest.mark.parametrize(
    ("code", "level", "standing"),
    [
        ("approve", 2, "cleared"),
        ("approve", 0, "cleared"),
        ("not-relevant", 3, "cleared"),
        ("advise", 1, "advised"),
        ("advise", 2, "ok-not-given"),
    ],
)
def test_each_answer_before_an_acceptance(code: str, level: int, standing: str) -> None:
    story = proposed(level=level).answer("2026-03-03", code).accept(ACCEPTED, way="plain")
    assert story.standing(ACCEPTED)[0] == standing


def test_changed_comes_before_expired_and_expired_before_late() -> None:
    story = proposed().accept(ACCEPTED).answer(LATER, until="2027-03-13").draft("2026-03-20", number=2)
    assert story.standing("2027-03-12") == ("reviewed-late", "no-input")
    assert story.standing("2027-03-13") == ("expired", "")
    story.act("2026-03-21", "decision.text-accepted", number=2, digest="text 2", way="unasked")
    assert story.standing("2027-03-13") == ("changed", "")


def test_an_answer_on_a_newer_text_than_the_accepted_one_came_too_late() -> None:
    story = proposed().draft("2026-03-03", number=2).answer("2026-03-04", number=2).accept(ACCEPTED, number=1)
    assert story.standing(ACCEPTED) == ("no-input", "not-asked")


def test_an_advice_on_an_earlier_text_is_input() -> None:
    story = proposed(level=1).answer("2026-03-03", "advise").draft("2026-03-04", number=2, level=1)
    assert story.accept(ACCEPTED, number=2).standing(ACCEPTED) == ("advised", "")


def test_a_risk_leadership_took_covers_a_no_while_it_runs() -> None:
    story = proposed().answer("2026-03-03", "deny")
    story.act("2026-03-04", "risk.accepted", by=LEADER, acceptance=1, until=epoch("2026-06-01"))
    story.accept(ACCEPTED, way="risk-taken")
    assert story.standing("2026-05-31 23:59:59") == ("risk-accepted", "")
    assert story.standing("2026-06-01") == ("against-advice", "expired")


def risk_taken(story: Story, at: str, *, number: int | None = None, acceptance: int = 1) -> Story:
    on = {} if number is None else {"number": number, "digest": f"text {number}"}
    until = epoch("2026-06-01")
    return story.act(at, "risk.accepted", by=LEADER, acceptance=acceptance, until=until, **on)


def same_meaning(story: Story, at: str, *, verdict: int, number: int) -> Story:
    return story.act(
        at,
        "review.same-meaning",
        by=VCISO,
        verdict=verdict,
        number=number,
        digest=f"text {number}",
        engagement=1,
    )


def test_a_risk_is_taken_on_a_text_and_covers_no_other() -> None:
    story = risk_taken(proposed().answer("2026-03-03", "deny"), "2026-03-04")
    story.draft("2026-03-05", number=2).accept(ACCEPTED, number=2)
    assert story.standing(ACCEPTED) == ("against-advice", "")
    risk_taken(story, LATER, acceptance=2)
    assert story.standing(LATER) == ("risk-accepted", "")
    assert story.standing("2026-06-01") == ("against-advice", "expired")


def test_a_risk_on_another_text_never_expires_on_this_one() -> None:
    story = risk_taken(proposed().answer("2026-03-03", "deny"), "2026-03-04")
    story.draft("2026-03-05", number=2).accept(ACCEPTED, number=2)
    assert story.standing("2026-06-01") == ("against-advice", "")
    assert story.spans(code="exception-expired") == []


def test_a_risk_goes_on_covering_a_text_that_means_the_same() -> None:
    story = proposed().answer("2026-03-03", verdict=5).accept(ACCEPTED, way="plain")
    story.answer(LATER, "deny", verdict=6)
    risk_taken(story, "2026-03-13", number=1)
    same_meaning(story.draft("2026-03-14", number=2), "2026-03-15", verdict=5, number=2)
    assert story.standing("2026-03-15") == ("risk-accepted", "")
    same_meaning(story.draft("2026-03-16", number=3), "2026-03-17", verdict=5, number=3)
    assert story.standing("2026-03-17") == ("risk-accepted", "")


def test_a_risk_nobody_advised_against_hides_nothing() -> None:
    story = risk_taken(proposed(level=3), "2026-03-04").accept(ACCEPTED, way="risk-taken")
    assert story.standing(ACCEPTED) == ("no-input", "not-asked")


# a draft beside the text in force


@pytest.mark.parametrize("code", ["deny", "changes-requested"])
def test_a_no_to_a_draft_leaves_the_signed_text_as_it_was(code: str) -> None:
    story = proposed().answer("2026-03-03").accept(ACCEPTED, way="plain")
    story.draft("2026-03-11", number=2).answer(LATER, code, number=2)
    assert story.standing(LATER) == ("cleared", "")
    assert story.at(LATER) == {}


def test_a_no_to_a_draft_counts_once_that_draft_or_a_later_one_is_in_force() -> None:
    for number in (2, 3):
        story = proposed().answer("2026-03-03").accept(ACCEPTED, way="plain")
        story.draft("2026-03-11", number=2).answer(LATER, "deny", number=2)
        if number == 3:
            story.draft("2026-03-13", number=3)
        digest = f"text {number}"
        story.act("2026-03-14", "decision.text-accepted", number=number, digest=digest, way="unasked")
        assert story.standing("2026-03-14 00:00") == ("against-advice", "late")


def test_a_draft_that_goes_back_to_the_signed_text_takes_its_no_along() -> None:
    story = proposed().answer("2026-03-03").accept(ACCEPTED, way="plain")
    story.draft("2026-03-11", number=2).answer(LATER, "deny", number=2)
    story.act("2026-03-13", "decision.revised", number=3, digest="text 1", level=2, in_force=True)
    assert story.standing("2026-03-13") == ("cleared", "")


def test_what_means_the_same_as_the_signed_text_is_not_the_draft_she_refused() -> None:
    story = proposed().answer("2026-03-03", verdict=5).accept(ACCEPTED, way="plain")
    story.draft("2026-03-11", number=2).answer(LATER, "deny", number=2)
    same_meaning(story.draft("2026-03-13", number=3), "2026-03-14", verdict=5, number=3)
    assert story.standing("2026-03-14") == ("cleared", "")


def test_a_no_to_the_text_in_force_counts_though_a_draft_waits() -> None:
    story = proposed().answer("2026-03-03").accept(ACCEPTED, way="plain").answer("2026-03-11", "deny")
    assert story.draft(LATER, number=2).standing(LATER) == ("against-advice", "late")


def test_what_is_older_than_the_log_takes_the_standing_of_its_answer_and_is_never_late() -> None:
    story = Story().act(
        ACCEPTED, "decision.imported", number=1, digest="text 1", status="accepted", decided_on="2025-06-01"
    )
    assert story.standing(ACCEPTED) == ("inherited", "")
    assert story.answer(LATER, "advise").standing(LATER) == ("advised", "")
    assert [s.code for s in story.spans("input")] == ["older"]


# the table and its words


def test_the_table_is_in_the_order_of_the_first_that_holds() -> None:
    ranks = [s.rank for s in STANDINGS.values()]
    assert ranks == sorted(ranks) and set(range(16)) == set(ranks)
    assert {s.mark for s in STANDINGS.values()} == set(MARKS)
    assert {"no-input", "nobody-engaged"} == HEADLINE


@pytest.mark.parametrize(
    ("code", "why", "detail", "sentence"),
    [
        ("no-input", "not-asked", {}, "Made without vCISO input · not asked"),
        (
            "no-input",
            "no-answer",
            {"working_days": 9},
            "Made without vCISO input · asked 11 Nov, no answer in 9 working days",
        ),
        (
            "no-input",
            "asked-shortly-before",
            {"minutes": 75},
            "Made without vCISO input · asked 1 hour before",
        ),
        ("nobody-engaged", "nobody-engaged", {}, "Made without vCISO input · nobody was engaged"),
        ("reviewed-late", "no-input", {"days": 4}, "Checked 4 days late"),
        ("reviewed-late", "no-input", {"days": 1}, "Checked 1 day late"),
    ],
)
def test_a_standing_reads_as_a_plain_sentence(
    code: str, why: str, detail: dict[str, int], sentence: str
) -> None:
    assert words_of(code, why, detail, {"asked": "11 Nov"}) == sentence


def test_every_sentence_can_be_said() -> None:
    for code, standing in STANDINGS.items():
        for why in ("", *standing.because):
            assert "{" not in words_of(code, why, {"days": 2}, {})


def test_windows_of_a_state_reach_into_the_future_and_join_equal_neighbours() -> None:
    story = proposed().answer("2026-03-03", until="2027-03-04").accept(ACCEPTED, way="plain")
    moment = fold(OWN, story.acts)
    assert moment is not None
    windows = standing_windows(moment.state, moment.company, utc(ACCEPTED), None)
    assert [(w.standing.code, w.ends) for w in windows] == [("cleared", utc("2027-03-04")), ("expired", None)]


def test_a_risk_taken_before_a_new_no_does_not_answer_that_no() -> None:
    story = story_of_a_risk()
    assert story.standing("2026-03-11") == ("risk-accepted", "")
    story.answer("2026-03-12", "deny")
    assert story.standing("2026-03-12") == ("against-advice", "late")
    story.act("2026-03-13", "risk.accepted", by=LEADER, acceptance=2, until=epoch("2026-06-01"))
    assert story.standing("2026-03-13") == ("risk-accepted", "")


def story_of_a_risk() -> Story:
    story = Story().draft("2026-03-02").propose("2026-03-02 10:00").answer("2026-03-03", "deny")
    story.act("2026-03-05", "risk.accepted", by=LEADER, acceptance=1, until=epoch("2026-06-01"))
    return story.accept("2026-03-10", way="risk-taken")
