"""What acceptance needs: the whole rule, situation by situation."""

from typing import Any

import pytest

from adr_app.domain.acceptance import Gate, Need, Seen, Situation, Way, gate

ENFORCED = frozenset({3})


def found(**now: Any) -> Gate:
    """Return the gate of a decision at level 3, where an OK is needed first, but for what `now` says."""
    usual: dict[str, Any] = {
        "level": 3,
        "enforced": ENFORCED,
        "vciso_engaged": True,
        "first_answered": True,
        "asked": False,
        "due_passed": False,
        "verdict": "",
        "on_this_text": False,
        "cleared": False,
        "risk_taken": False,
        "gave_verdict": False,
        "others_may_accept": True,
        "cannot_wait": False,
        "concerns": (),
    }
    assert set(now) <= set(usual)
    return gate(Situation(**usual | now))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_level_that_only_warns_needs_a_reason_where_nobody_was_asked(level: int) -> None:
    answer = found(level=level)
    assert (answer.need, answer.way) == ((Need.NOTHING if level == 0 else Need.REASON), Way.UNASKED)


def test_an_ok_first_is_an_ok_first() -> None:
    assert found().need is Need.SECURITY_OK
    assert found(asked=True).need is Need.SECURITY_OK
    assert found(verdict="advise", on_this_text=True).need is Need.SECURITY_OK
    assert found(verdict="approve", on_this_text=True, cleared=True).need is Need.NOTHING


def test_silence_about_the_questions_is_no_way_around_it() -> None:
    assert found(level=2, first_answered=False).need is Need.FIRST_ANSWERS
    assert found(level=2, first_answered=False, verdict="advise").need is Need.NOTHING


def test_nobody_is_stopped_by_somebodys_absence() -> None:
    assert found(vciso_engaged=False).need is Need.NOTHING
    past = found(asked=True, due_passed=True)
    assert (past.need, past.way) == (Need.REASON, Way.NO_ANSWER)
    assert found(due_passed=True).need is Need.SECURITY_OK


@pytest.mark.parametrize("verdict", ["", "advise"])
@pytest.mark.parametrize("level", [None, 0, 1, 2, 3])
@pytest.mark.parametrize("asked", [False, True])
def test_a_risk_taken_without_a_no_opens_nothing_and_hides_nothing(
    verdict: str, level: int | None, asked: bool
) -> None:
    now = {"verdict": verdict, "level": level, "asked": asked}
    assert found(**now, risk_taken=True) == found(**now)


@pytest.mark.parametrize("verdict", ["deny", "changes-requested"])
def test_after_a_no_leaderships_word_opens_the_way(verdict: str) -> None:
    assert not found(verdict=verdict, on_this_text=True).open
    taken = found(verdict=verdict, on_this_text=True, risk_taken=True)
    assert (taken.need, taken.way, taken.against) == (Need.NOTHING, Way.RISK_TAKEN, False)


@pytest.mark.parametrize("verdict", ["deny", "changes-requested"])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_accepting_against_advice_is_never_one_click(verdict: str, level: int) -> None:
    answer = found(verdict=verdict, level=level, on_this_text=True)
    assert (answer.need, answer.way, answer.against) == (Need.REASON, Way.PLAIN, True)
    assert found(verdict=verdict, level=level, vciso_engaged=False).need is Need.REASON


def test_an_older_ok_is_no_way_around_a_newer_no() -> None:
    assert found(verdict="deny", cleared=True).need is Need.LEADERSHIP


def test_silence_on_the_text_changed_as_she_wished_stops_nobody_and_a_no_stays_a_no() -> None:
    late = {"asked": True, "due_passed": True}
    assert found(verdict="changes-requested", **late).need is Need.REASON
    assert found(verdict="changes-requested", on_this_text=True, **late).need is Need.CHANGES
    assert found(verdict="deny", **late).need is Need.LEADERSHIP


def test_who_answered_does_not_accept_unless_nobody_else_may() -> None:
    cleared = {"verdict": "approve", "on_this_text": True, "cleared": True, "gave_verdict": True}
    assert found(**cleared).need is Need.SOMEBODY_ELSE
    alone = found(**cleared, others_may_accept=False)
    assert (alone.need, alone.sole) == (Need.REASON, True)
    assert found(verdict="deny", gave_verdict=True, others_may_accept=False).need is Need.LEADERSHIP


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ({}, True),
        ({"level": 2}, True),
        ({"level": 2, "asked": True}, True),
        ({"level": 2, "asked": True, "due_passed": True}, True),
        ({"level": 2, "first_answered": False}, True),
        ({"verdict": "changes-requested", "on_this_text": True}, True),
        ({"level": 0}, False),
        ({"level": 2, "vciso_engaged": False}, False),
        ({"level": 2, "verdict": "advise"}, False),
        ({"level": 2, "verdict": "deny"}, False),
        ({"verdict": "deny"}, False),
        ({"verdict": "approve", "cleared": True}, False),
        ({"gave_verdict": True}, False),
    ],
)
def test_an_emergency_is_offered_wherever_an_ok_or_any_answer_is_outstanding(
    now: dict[str, Any], is_open: bool
) -> None:
    urgent, calm = found(**now, cannot_wait=True), found(**now)
    assert (urgent.emergency_open, urgent.urgency_opens) == (is_open, False)
    assert (calm.emergency_open, calm.urgency_opens) == (False, is_open)


def test_an_emergency_takes_nothing_but_the_wait_away() -> None:
    for now in ({}, {"level": 2}, {"verdict": "deny"}, {"verdict": "approve", "cleared": True}):
        urgent, calm = found(**now, cannot_wait=True), found(**now)
        assert (urgent.need, urgent.way, urgent.against) == (calm.need, calm.way, calm.against)


def test_what_was_seen_says_the_same_again_after_a_form_carried_it() -> None:
    for verdict, now in ((0, {}), (12, {"level": 2, "verdict": "deny"})):
        seen = Seen(verdict, found(**now).token)
        assert Seen.read(str(seen)) == seen
    assert Seen.read("") is None
    for nonsense in ("x", "-3.reason", "9" * 40, "٣.reason.plain", "."):
        assert Seen.read(nonsense) != Seen(0, found().token)


def test_only_what_matters_to_who_accepts_is_told_apart() -> None:
    asked = found(level=2, asked=True)
    assert asked.token == found(level=2).token == found(level=2, asked=True, due_passed=True).token
    refused = found(level=2, verdict="deny")
    assert len({asked.token, refused.token, found(level=2, verdict="advise").token, found().token}) == 4


@pytest.mark.parametrize(
    ("now", "need"),
    [
        ({"cleared": True}, Need.REASON),
        ({"level": 0}, Need.REASON),
        ({"level": 2}, Need.REASON),
        ({"vciso_engaged": False}, Need.REASON),
        ({}, Need.SECURITY_OK),
        ({"verdict": "deny"}, Need.LEADERSHIP),
    ],
)
def test_an_open_concern_takes_a_reason_and_never_more(now: dict[str, Any], need: Need) -> None:
    with_one, without = found(**now, concerns=(7,)), found(**now)
    assert (with_one.need, with_one.way, with_one.open) == (need, without.way, without.open)
    assert with_one.only_concerns is (without.need is Need.NOTHING)
    outstanding = (without.emergency_open, without.urgency_opens)
    assert (with_one.emergency_open, with_one.urgency_opens) == outstanding
    assert with_one.token == f"{need}.{without.token.split('.', 1)[1]}.concern-7"
