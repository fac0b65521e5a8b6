"""No acceptance overtakes an answer: it is refused where the page it comes from shows another standing."""

from datetime import timedelta
from typing import Any

import pytest

from adr_app.domain.acceptance import Seen
from adr_app.domain.errors import WrongState
from adr_app.models.decisions import Decision
from adr_app.services import (
    answers,
    company_settings,
    decisions,
    drafts,
    exceptions,
    gates,
    imports,
    levels,
    reviews,
    risks,
    stating,
)
from tests.casts import Cast, cast_of
from tests.conftest import START as AT
from tests.services.security_company import PLAIN, again, asked, assert_true, standing

TODO = [{"text": "Turn it on", "risk": "Old keys", "due_on": "2026-12-01"}]


@pytest.fixture
def cast(database: object) -> Cast:
    """Everybody at Larkspur, where nothing but warnings stands before an acceptance."""
    made = cast_of("Larkspur", AT)
    company_settings.set_policy(made.viewer("leader", AT), "3", "advise", at=AT)
    return made


@pytest.fixture
def made(cast: Cast) -> Decision:
    """A decision that lies with the vCISO."""
    return asked(cast, AT, PLAIN)


def shown(cast: Cast, made: Decision, at: Any = AT) -> Seen:
    """Return how a decision stands on a page that is opened now."""
    given = gates.standing_verdicts(made)
    found = gates.gate_for(cast.viewer("cto", at), again(made), at)
    return Seen(given[-1].id if given else 0, found.token)


def answer(cast: Cast, made: Decision, code: str, **more: Any) -> None:
    given = {"base": again(made).latest, "text": "Codes leak.", "at": AT, **more}
    reviews.answer(cast.viewer("vciso", AT), made.number, code, **given)


def accept(cast: Cast, made: Decision, seen: Seen | None, at: Any = AT, reason: str = "now") -> Decision:
    viewer = cast.viewer("cto", at)
    return decisions.accept(viewer, made.number, base=again(made).latest, reason=reason, seen=seen, at=at)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("deny", "No. Codes leak."),
        ("changes-requested", "Change this first. Codes leak."),
        ("advise", "My advice. Codes leak."),
        ("question", "I have a question. Codes leak."),
        ("approve-with-conditions", "OK, with to-dos. Codes leak."),
    ],
)
def test_an_answer_nobody_saw_is_read_before_the_decision_is_accepted(
    cast: Cast, made: Decision, code: str, words: str
) -> None:
    before = shown(cast, made)
    answer(cast, made, code, todos=TODO)
    with pytest.raises(WrongState) as refusal:
        accept(cast, made, before)
    assert str(refusal.value) == (f"Vciso answered while this page was open: “{words}” Read it, then decide.")
    assert again(made).status == "proposed"
    assert accept(cast, made, shown(cast, made)).status == "accepted"
    assert_true(cast)


def test_a_no_that_follows_a_no_is_read_too(cast: Cast, made: Decision) -> None:
    answer(cast, made, "deny")
    before = shown(cast, made)
    answer(cast, made, "deny", text="It is worse than I thought.")
    with pytest.raises(WrongState, match="worse than I thought"):
        accept(cast, made, before)


def test_a_plain_ok_that_came_meanwhile_is_in_nobodys_way(cast: Cast, made: Decision) -> None:
    before = shown(cast, made)
    answer(cast, made, "approve")
    accept(cast, made, before)
    assert standing(made, AT) == ("cleared", "")


def test_an_ok_that_was_taken_back_while_the_page_was_open_accepts_nothing(
    cast: Cast, made: Decision
) -> None:
    answer(cast, made, "approve")
    before = shown(cast, made)
    answers.take_back(cast.viewer("vciso", AT), made.number, at=AT)
    with pytest.raises(WrongState, match="taken back while this page was open"):
        accept(cast, made, before)


def test_a_risk_that_is_no_longer_taken_is_not_accepted_as_if_it_were(cast: Cast, made: Decision) -> None:
    answer(cast, made, "deny")
    leader = cast.viewer("leader", AT)
    against = shown(cast, made)
    risks.take(leader, made.number, reason="the launch", until=AT.date() + timedelta(days=9), at=AT)
    before = shown(cast, made)
    risks.end(leader, made.number, how="ended", at=AT)
    with pytest.raises(WrongState, match="stands changed while this page was open"):
        accept(cast, made, before)
    exceptions.ask(
        cast.viewer("cto", AT), made.number, question="Again?", technology_says="Yes", answer_by=AT.date(),
        at=AT,
    )  # fmt: skip
    exceptions.advise(cast.viewer("vciso", AT), made.number, code="no", text="Still not.", at=AT)
    risks.take(leader, made.number, reason="the launch", until=AT.date() + timedelta(days=9), at=AT)
    assert accept(cast, made, against).status == "accepted", "leadership's word only makes it easier"


def test_a_closer_look_somebody_asked_for_meanwhile_is_seen_first(cast: Cast) -> None:
    no = dict.fromkeys(PLAIN, "no")
    made = drafts.draft(cast.viewer("cto", AT), {"title": "Words"}, answers=no, at=AT)
    decisions.propose(cast.viewer("cto", AT), made.number, at=AT)
    before = shown(cast, made)
    levels.raise_to(cast.viewer("member", AT), made.number, 2, at=AT)
    with pytest.raises(WrongState, match="stands changed"):
        accept(cast, made, before)


def test_time_that_passes_over_an_open_page_changes_nothing(cast: Cast, made: Decision) -> None:
    before, later = shown(cast, made), AT + timedelta(days=9)
    assert accept(cast, made, before, later).status == "accepted"
    assert standing(made, later) == ("no-input", "no-answer")


def test_who_accepts_without_a_page_is_asked_for_nothing_more(cast: Cast, made: Decision) -> None:
    answer(cast, made, "deny")
    assert accept(cast, made, None).status == "accepted"


def test_a_new_text_is_not_put_in_force_past_a_no_either(cast: Cast, made: Decision) -> None:
    accept(cast, made, shown(cast, made))
    viewer = cast.viewer("cto", AT)
    drafts.revise(viewer, made.number, {"decision": "All"}, base=1, at=AT)
    before = shown(cast, made)
    answer(cast, made, "deny")
    with pytest.raises(WrongState, match="Vciso answered while this page was open"):
        decisions.accept_text(viewer, made.number, base=2, reason="now", seen=before, at=AT)
    now = shown(cast, made)
    decisions.accept_text(viewer, made.number, base=2, reason="now", seen=now, at=AT)
    assert again(made).in_force == 2
    assert_true(cast)


def test_an_import_is_not_said_to_be_accepted_past_a_no(cast: Cast, tmp_path: Any) -> None:
    (tmp_path / "0001-a.md").write_text("# 1. Use x\n\n## Context\n\nWhy.\n\n## Decision\n\nWe use x.\n")
    viewer = cast.viewer("cto", AT)
    imports.run(viewer, tmp_path, source="", at=AT)
    made = Decision.get(Decision.imported)
    before = shown(cast, made)
    answer(cast, made, "deny")
    with pytest.raises(WrongState, match="Vciso answered while this page was open"):
        stating.state_status(viewer, made.number, "accepted", seen=before, at=AT)
    assert stating.state_status(viewer, made.number, "rejected", seen=before, at=AT).status == "rejected"
