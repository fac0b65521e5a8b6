"""When risk remains: the question to leadership, the risk taken, and that no refusal is a dead end."""

from datetime import date, timedelta

import pytest

from adr_app.domain.acceptance import Need
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.services import comments, decisions, gates, reviews, risks
from tests.casts import cast_of
from tests.services.security_company import RISKY, again, asked, assert_true, drafted, standing

UNTIL = date(2027, 3, 31)


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
    return risks.put_to_leadership(cast.viewer(role, clock()), made.number, at=clock(), **typed | more)


def take(cast, made, clock, role="leader", reason="The launch", until=UNTIL):
    return risks.take(cast.viewer(role, clock()), made.number, reason=reason, until=until, at=clock())


def need(cast, made, clock):
    return gates.gate_for(cast.viewer("cto", clock()), again(made), clock()).need


def test_after_a_no_leadership_opens_the_way_and_the_decision_says_so(cast, denied, clock):
    assert need(cast, denied, clock) is Need.LEADERSHIP
    put(cast, denied, clock)
    take(cast, denied, clock)
    assert risks.open_question(denied) is None
    assert risks.latest_question(denied).state == "taken"
    assert need(cast, denied, clock) is Need.NOTHING
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    assert standing(denied, clock())[0] == "risk-accepted"
    assert_true(cast)


def test_a_risk_taken_ends_with_its_last_day_in_the_companys_zone(cast, denied, clock):
    taken = take(cast, denied, clock, until=clock().date())
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    before = taken.until - timedelta(seconds=1)
    assert standing(denied, before)[0] == "risk-accepted"
    assert standing(denied, taken.until)[0] == "against-advice"


def test_leadership_ends_it_sooner(cast, denied, clock):
    take(cast, denied, clock)
    decisions.accept(cast.viewer("cto", clock()), denied.number, base=1, at=clock())
    risks.end(cast.viewer("leader", clock()), denied.number, at=clock.advance(days=3))
    assert standing(denied, clock())[0] == "against-advice"
    with pytest.raises(WrongState, match="No risk"):
        risks.end(cast.viewer("leader", clock()), denied.number, at=clock())
    assert_true(cast)


def test_the_vcisos_own_sentence_stands_in_the_question(cast, denied, clock):
    assert put(cast, denied, clock).security_says == "Codes can be stolen."


def test_leadership_may_refuse_with_a_reason(cast, denied, clock):
    put(cast, denied, clock)
    viewer = cast.viewer("leader", clock())
    with pytest.raises(Invalid):
        risks.refuse(viewer, denied.number, reason=" ", at=clock())
    risks.refuse(viewer, denied.number, reason="Patients first", at=clock())
    assert risks.latest_question(denied).state == "refused"
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
    with pytest.raises(WrongState, match="asked already"):
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
