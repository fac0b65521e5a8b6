"""When risk remains: the question to leadership, the risk taken, and that no refusal is a dead end."""

from datetime import date, timedelta

import pytest

from adr_app.domain.acceptance import Need
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.reviews import RiskAcceptance
from adr_app.services import (
    answers,
    comments,
    conditions,
    decisions,
    drafts,
    exception_rows,
    exceptions,
    gates,
    reviews,
    risks,
)
from tests.casts import cast_of
from tests.services.security_company import PLAIN, RISKY, again, asked, assert_true, drafted, standing

UNTIL = date(2026, 12, 20)


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def denied(cast, clock):
    """A decision that needs the OK first, and got a no."""
    made = asked(cast, clock(), RISKY)
    assert made.level == 3
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, "deny", base=1, text="Codes can be stolen.", at=clock())
    return made


def put(cast, made, clock, role="cto", **more):
    typed = {
        "question": "May we keep codes until March?",
        "technology_says": "Yes. The launch moves otherwise.",
        "answer_by": date(2026, 11, 27),
    }
    return exceptions.ask(cast.viewer(role, clock()), made.number, at=clock(), **typed | more)


def take(cast, made, clock, role="leader", reason="The launch", until=UNTIL):
    return risks.take(cast.viewer(role, clock()), made.number, reason=reason, until=until, at=clock())


def need(cast, made, clock):
    return gates.gate_for(cast.viewer("cto", clock()), again(made), clock()).need


def test_after_a_no_leadership_opens_the_way_and_the_decision_says_so(cast, denied, clock):
    assert need(cast, denied, clock) is Need.LEADERSHIP
    put(cast, denied, clock)
    take(cast, denied, clock)
    assert exception_rows.open_question(denied) is None
    assert exception_rows.latest_question(denied).state == "taken"
    assert need(cast, denied, clock) is Need.NOTHING
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    assert standing(denied, clock())[0] == "risk-accepted"
    assert_true(cast)


@pytest.mark.parametrize("code", ["", "advise", "approve", "question"])
def test_without_a_no_there_is_no_risk_to_take_and_nothing_opens(cast, clock, code):
    made = asked(cast, clock(), RISKY)
    if code:
        viewer = cast.viewer("vciso", clock())
        reviews.answer(viewer, made.number, code, base=1, text="So.", at=clock())
    before = need(cast, made, clock)
    with pytest.raises(WrongState, match="no risk to take"):
        take(cast, made, clock)
    with pytest.raises(WrongState, match="no risk to take"):
        put(cast, made, clock)
    assert need(cast, made, clock) is before
    assert not RiskAcceptance.select().exists()


def test_a_to_do_before_going_live_leaves_a_risk_that_may_be_taken(cast, clock):
    made = asked(cast, clock(), RISKY)
    todo = {"text": "Rotate the keys", "risk": "Old keys", "before_go_live": True}
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, "approve-with-conditions", base=1, todos=[todo], at=clock())
    take(cast, made, clock)
    todo = conditions.of(made)[0]
    viewer = cast.viewer("cto", clock())
    conditions.finish(viewer, made.number, todo.id, evidence="Ticket 12", at=clock())
    with pytest.raises(WrongState, match="no risk to take"):
        take(cast, made, clock)


def test_a_risk_is_taken_on_one_text_and_opens_the_way_for_no_other(cast, denied, clock):
    take(cast, denied, clock)
    viewer = cast.viewer("cto", clock())
    drafts.revise(viewer, denied.number, {"decision": "Something else"}, base=1, at=clock())
    assert need(cast, denied, clock) is Need.LEADERSHIP
    with pytest.raises(WrongState, match="Leadership"):
        decisions.accept(viewer, denied.number, base=2, reason="Now", at=clock())
    take(cast, denied, clock)
    decisions.accept(viewer, denied.number, base=2, at=clock())
    assert standing(denied, clock())[0] == "risk-accepted"
    assert_true(cast)


def test_a_risk_goes_on_holding_for_a_text_that_means_the_same(cast, denied, clock):
    take(cast, denied, clock)
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    drafts.revise(cast.viewer("cto", clock()), denied.number, {"decision": "Teh same"}, base=1, at=clock())
    answers.same_meaning(cast.viewer("vciso", clock()), denied.number, base=2, at=clock())
    assert again(denied).in_force == 2
    assert standing(denied, clock())[0] == "risk-accepted"
    assert_true(cast)


def test_an_unsigned_change_leaves_a_risk_taken(cast, denied, clock):
    take(cast, denied, clock)
    drafts.revise(cast.viewer("cto", clock()), denied.number, {"tags": "money"}, base=1, at=clock())
    assert need(cast, denied, clock) is Need.NOTHING


def test_a_risk_on_the_text_in_force_is_taken_on_that_though_a_draft_waits(cast, clock):
    made = asked(cast, clock(), PLAIN)
    cto, vciso = cast.viewer("cto", clock()), cast.viewer("vciso", clock())
    decisions.accept(cto, made.number, base=1, reason="Now", at=clock())
    reviews.answer(vciso, made.number, "deny", base=1, text="Codes leak.", at=clock())
    drafts.revise(cto, made.number, {"decision": "Else"}, base=1, at=clock())
    assert take(cast, made, clock).revision == 1
    assert standing(made, clock())[0] == "risk-accepted"
    assert take(cast, made, clock).revision == 2, "once that is covered, the risk of the draft may be taken"
    assert_true(cast)


def test_a_wish_for_changes_leaves_the_way_to_leadership_open(cast, clock):
    made = asked(cast, clock(), RISKY)
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, "changes-requested", base=1, text="Encrypt it.", at=clock())
    assert need(cast, made, clock) is Need.CHANGES
    take(cast, made, clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock())
    assert standing(made, clock())[0] == "risk-accepted"


def test_a_risk_taken_ends_with_its_last_day_in_the_companys_zone(cast, denied, clock):
    taken = take(cast, denied, clock, until=clock().date())
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    before = taken.until - timedelta(seconds=1)
    assert standing(denied, before)[0] == "risk-accepted"
    assert standing(denied, taken.until)[0] == "against-advice"


def test_leadership_ends_it_sooner(cast, denied, clock):
    take(cast, denied, clock)
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    risks.end(cast.viewer("leader", clock()), denied.number, how="ended", at=clock.advance(days=3))
    assert standing(denied, clock())[0] == "against-advice"
    with pytest.raises(WrongState, match="No risk"):
        risks.end(cast.viewer("leader", clock()), denied.number, how="ended", at=clock())
    assert_true(cast)


def test_the_vcisos_own_sentence_stands_in_the_question(cast, denied, clock):
    put(cast, denied, clock)
    assert exception_rows.open_question(denied).security_says == "Codes can be stolen."


def test_leadership_may_refuse_with_a_reason(cast, denied, clock):
    put(cast, denied, clock)
    viewer = cast.viewer("leader", clock())
    with pytest.raises(Invalid):
        risks.refuse(viewer, denied.number, reason=" ", at=clock())
    risks.refuse(viewer, denied.number, reason="Patients first", at=clock())
    assert exception_rows.latest_question(denied).state == "refused"
    assert need(cast, denied, clock) is Need.LEADERSHIP
    with pytest.raises(WrongState, match="No question"):
        risks.refuse(viewer, denied.number, reason="Again", at=clock())
    assert [comment.text for comment in comments.of(denied)] == ["Patients first"]


@pytest.mark.parametrize("role", ["cto", "vciso", "member", "admin", "reader", "delegate"])
def test_only_leadership_takes_or_refuses_a_risk(cast, denied, clock, role):
    put(cast, denied, clock)
    with pytest.raises(NotAllowed):
        take(cast, denied, clock, role=role)
    with pytest.raises(NotAllowed):
        risks.refuse(cast.viewer(role, clock()), denied.number, reason="No", at=clock())


@pytest.mark.parametrize("days", [-1, 367])
def test_every_risk_taken_has_an_end_within_a_year(cast, denied, clock, days):
    with pytest.raises(Invalid) as refusal:
        take(cast, denied, clock, until=clock().date() + timedelta(days=days), reason="")
    assert set(refusal.value.fields) == {"reason", "until"}


def test_a_question_names_everything_that_is_missing_at_once(cast, denied, clock):
    with pytest.raises(Invalid) as refusal:
        put(cast, denied, clock, question=" ", technology_says="", answer_by=date(2026, 11, 23))
    assert set(refusal.value.fields) == {"question", "technology_says", "answer_by"}


def test_leadership_is_asked_once_at_a_time_and_never_about_what_is_closed(cast, denied, clock):
    put(cast, denied, clock)
    with pytest.raises(WrongState, match="asked for already"):
        put(cast, denied, clock)
    other = drafted(cast, clock())
    decisions.withdraw(cast.viewer("cto", clock()), other.number, at=clock())
    with pytest.raises(WrongState, match="closed"):
        put(cast, other, clock)
    with pytest.raises(WrongState, match="closed"):
        take(cast, other, clock)


def test_leaderships_question_back_stands_on_the_decision(cast, denied, clock):
    comments.write(cast.viewer("leader", clock()), denied.number, "What would it cost?", at=clock())
    assert [(c.person.name, c.text) for c in comments.of(denied)] == [("Leader", "What would it cost?")]
    with pytest.raises(Invalid):
        comments.write(cast.viewer("leader", clock()), denied.number, " \n", at=clock())
    with pytest.raises(NotAllowed):
        comments.write(cast.viewer("reader", clock()), denied.number, "Hello", at=clock())
    assert_true(cast)
