"""Exceptions from the request to their end: who may do what, for how long, and what is refused and why."""

from datetime import date, timedelta

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.exceptions import KEPT, TRANSITIONS, WORDS, State, Step, after
from adr_app.models.base import is_sqlite
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.people import Company
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import (
    decisions,
    desk,
    engagements,
    exception_register,
    exception_rows,
    exceptions,
    gates,
    homes,
    leads,
    people,
    reviews,
    risks,
)
from adr_app.services.exception_register import ASKED, ENDED, IN_FORCE, NOT_ALLOWED
from tests.casts import cast_of
from tests.services.security_company import NONE, again, asked, assert_true, drafted, open_flags, standing

DEVIATES = {**NONE, "undo": "yes", "q8": "yes", "q11": "days", "q12": "yes", "q14": "no"}


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def proposal(cast, clock):
    """A proposal that knowingly departs from a rule, of level 3; the vCISO has said nothing yet."""
    made = drafted(cast, clock(), DEVIATES)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    assert again(made).level == 3
    return again(made)


def ask(cast, made, clock, role="member", **more):
    typed = {"question": "May we keep codes?", "technology_says": "The launch.", "protects": "Alarms."}
    typed["answer_by"] = clock().date() + timedelta(days=3)
    return exceptions.ask(cast.viewer(role, clock()), made.number, at=clock(), **typed | more)


def advise(cast, made, clock, code="no", text="Codes can be stolen.", role="vciso"):
    return exceptions.advise(cast.viewer(role, clock()), made.number, code=code, text=text, at=clock())


def take(cast, made, clock, days=30, role="leader", **more):
    until = clock().date() + timedelta(days=days)
    typed = {"reason": "We know.", "until": until, "at": clock()}
    return risks.take(cast.viewer(role, clock()), made.number, **typed | more)


def allowed(cast, made, clock, days=30, **more):
    """Let an exception go through its whole life up to being allowed."""
    ask(cast, made, clock)
    advise(cast, made, clock)
    return take(cast, made, clock, days, **more)


def ok(cast, made, clock):
    """Give the vCISO's OK on the decision itself: the exception is apart from it."""
    reviews.answer(cast.viewer("vciso", clock()), made.number, "approve", base=1, text="So.", at=clock())


def state(made):
    return ExceptionRequest.select().where(ExceptionRequest.decision_id == made.id)[-1].state


def test_every_state_is_reached_by_a_step_and_what_is_allowed_can_only_be_ended():
    reached = {State.ASKED, *TRANSITIONS.values()}
    assert reached | {State.OVER} == set(State) == set(WORDS), "over is worked out, never stepped to"
    assert not {State.OVER, State.CLOSED} & set(KEPT)
    for step in (Step.REFUSE, Step.WITHDRAW, Step.ALLOW, Step.ADVISE, Step.PUT):
        with pytest.raises(WrongState):
            after(State.ACTIVE, step)
    assert {step for was, step in TRANSITIONS if was is State.ACTIVE} == {Step.END}


def test_the_team_asks_the_vciso_recommends_a_leader_allows_and_both_words_are_kept(cast, proposal, clock):
    ok(cast, proposal, clock)
    row = ask(cast, proposal, clock)
    assert (row.state, row.until) == ("asked", clock().date() + timedelta(days=30)), "it always has an end"
    assert RiskQuestion.select().count() == 0, "leadership is not asked before the vCISO was heard"
    advise(cast, proposal, clock)
    put = exception_rows.open_question(proposal)
    assert (put.question, put.security_says) == ("May we keep codes?", "Codes can be stolen.")
    assert (put.asked_of_id, put.asked_by_id) == (cast.leader.id, cast.member.id)
    taken = take(cast, proposal, clock)
    (line,) = exception_register.of(cast.viewer("reader", clock()), proposal, clock())
    assert (line.state, line.asked_by, line.advice.code) == (State.ACTIVE, "Member", "no")
    assert (line.allowed.id, line.allowed.protects) == (taken.id, "Alarms.")
    decisions.accept(cast.viewer("cto", clock()), proposal.number, base=1, reason="Now", at=clock())
    assert "deviation-no-exception" not in open_flags(proposal)
    assert_true(cast)


def test_after_the_vcisos_no_her_no_is_the_recommendation_and_leadership_is_asked_at_once(cast, clock):
    made = asked(cast, clock(), DEVIATES)
    reviews.answer(cast.viewer("vciso", clock()), made.number, "deny", base=1, text="No.", at=clock())
    row = ask(cast, made, clock)
    assert row.state == "put" and exception_rows.open_question(made).security_says == "No."
    with pytest.raises(WrongState, match="has said what they recommend"):
        advise(cast, made, clock)


def test_an_exception_taken_before_a_no_does_not_open_the_way_past_that_no(cast, proposal, clock):
    allowed(cast, proposal, clock)
    reviews.ask(cast.viewer("cto", clock()), proposal.number, at=clock())
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, proposal.number, "deny", base=1, text="Not at all.", at=clock())
    assert not gates.gate_for(cast.viewer("cto", clock()), again(proposal), clock()).open
    ask(cast, proposal, clock)
    take(cast, proposal, clock)
    assert gates.gate_for(cast.viewer("cto", clock()), again(proposal), clock()).open


def test_whoever_put_a_question_before_requests_were_kept_does_not_answer_it_either(cast, clock):
    made = asked(cast, clock(), DEVIATES)
    reviews.answer(cast.viewer("vciso", clock()), made.number, "deny", base=1, text="No.", at=clock())
    ask(cast, made, clock)
    ExceptionRequest.delete().execute()
    engagements.appoint(cast.viewer("leader", clock()), role="leader", email=cast.member.email, at=clock())
    clock.advance(days=1)
    with pytest.raises(NotAllowed, match="asked for this yourself"):
        take(cast, made, clock, role="member")
    take(cast, made, clock)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"question": " ", "technology_says": ""}, {"question", "technology_says"}),
        ({"until": date(2026, 11, 23)}, {"until"}),
        ({"until": date(2027, 11, 27)}, {"until"}),
        ({"answer_by": date(2026, 11, 1)}, {"answer_by"}),
    ],
)
def test_a_request_without_its_reason_or_with_no_end_that_counts_is_refused(
    cast, proposal, clock, more, wrong
):
    with pytest.raises(Invalid) as refusal:
        ask(cast, proposal, clock, **more)
    assert set(refusal.value.fields) == wrong
    assert not ExceptionRequest.select().exists()


def test_a_decision_has_one_request_at_a_time_also_where_two_ask_at_once(cast, proposal, clock, database):
    row = ask(cast, proposal, clock)
    with pytest.raises(WrongState, match="asked for already"):
        ask(cast, proposal, clock, role="cto")
    typed = dict(row.__data__) | {"id": None}
    with pytest.raises(peewee.IntegrityError), database.atomic():
        ExceptionRequest.create(**typed)


def test_nothing_is_asked_for_where_nothing_departs_from_a_rule_or_all_is_closed(cast, proposal, clock):
    with pytest.raises(WrongState, match="no risk to take"):
        ask(cast, drafted(cast, clock(), NONE), clock)
    decisions.withdraw(cast.viewer("cto", clock()), proposal.number, at=clock())
    with pytest.raises(WrongState, match="closed"):
        ask(cast, proposal, clock)
    with pytest.raises(NotAllowed):
        ask(cast, proposal, clock, role="reader")


def test_a_recommendation_needs_its_sentence_is_given_once_and_never_by_whoever_asks(cast, proposal, clock):
    with pytest.raises(WrongState, match="No exception is asked for"):
        advise(cast, proposal, clock)
    ask(cast, proposal, clock)
    with pytest.raises(Invalid) as refusal:
        advise(cast, proposal, clock, code="perhaps", text=" ")
    assert set(refusal.value.fields) == {"advice", "advice_text"}
    with pytest.raises(NotAllowed):
        advise(cast, proposal, clock, role="leader")
    advise(cast, proposal, clock)
    with pytest.raises(WrongState, match="already"):
        advise(cast, proposal, clock, code="yes")
    assert_true(cast)


def test_the_vciso_who_asks_does_not_recommend_and_where_she_is_alone_it_goes_on(cast, proposal, clock):
    assert ask(cast, proposal, clock, role="vciso").state == "put"
    with pytest.raises(WrongState):
        advise(cast, proposal, clock)
    exceptions.withdraw(cast.viewer("vciso", clock()), proposal.number, at=clock())
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.admin.email, at=clock())
    ask(cast, proposal, clock, role="vciso")
    with pytest.raises(NotAllowed, match="another vCISO"):
        advise(cast, proposal, clock)


def test_nobody_recommends_or_allows_after_their_role_ended(cast, proposal, clock):
    ask(cast, proposal, clock)
    leader, vciso = cast.viewer("leader", clock()), cast.viewer("vciso", clock())
    engagements.end(leader, vciso.vciso_engagement, at=clock())
    clock.advance(days=2)
    with pytest.raises(NotFound):
        advise(cast, proposal, clock)
    assert exceptions.put(cast.viewer("member", clock()), proposal.number, at=clock()).state == "open"
    assert_true(cast)


def test_nobody_allows_what_the_vciso_was_not_heard_on_until_her_time_is_over(cast, proposal, clock):
    ask(cast, proposal, clock)
    with pytest.raises(WrongState, match="not recommended"):
        take(cast, proposal, clock)
    with pytest.raises(WrongState, match="not over yet"):
        exceptions.put(cast.viewer("member", clock()), proposal.number, at=clock())
    clock.advance(days=8)
    put = exceptions.put(cast.viewer("member", clock()), proposal.number, at=clock())
    assert put.answer_by > clock().date(), "leadership gets its time, whenever the day asked for was"
    assert take(cast, proposal, clock).ended_at is None
    assert_true(cast)


def test_whoever_asked_neither_allows_nor_refuses_and_that_is_tested_on_the_person(cast, proposal, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="leader", email=cast.member.email, at=clock())
    clock.advance(days=1)
    ask(cast, proposal, clock)
    advise(cast, proposal, clock)
    with pytest.raises(NotAllowed, match="asked for this yourself"):
        take(cast, proposal, clock, role="member")
    with pytest.raises(NotAllowed, match="Withdraw"):
        risks.refuse(cast.viewer("member", clock()), proposal.number, reason="No", at=clock())
    take(cast, proposal, clock)


def test_a_leader_who_wrote_the_decision_does_not_allow_it_unasked(cast, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="leader", email=cast.cto.email, at=clock())
    clock.advance(days=1)
    made = asked(cast, clock(), DEVIATES)
    reviews.answer(cast.viewer("vciso", clock()), made.number, "deny", base=1, text="No.", at=clock())
    with pytest.raises(NotAllowed, match="You wrote this"):
        take(cast, made, clock, role="cto")
    with pytest.raises(WrongState, match="does not answer"):
        ask(cast, made, clock, role="cto", of=cast.cto.id)
    ask(cast, made, clock)
    take(cast, made, clock, role="cto")


def test_where_only_whoever_asks_leads_somebody_else_asks(cast, proposal, clock):
    with pytest.raises(WrongState, match="Let somebody else ask"):
        ask(cast, proposal, clock, role="leader")


@pytest.mark.parametrize(("level", "days"), [(3, 30), (2, 90)])
def test_longer_than_its_level_allows_needs_a_reason_of_its_own_and_is_flagged(cast, clock, level, days):
    made = asked(cast, clock(), DEVIATES)
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, "deny", base=1, level=level, text="No.", at=clock())
    ask(cast, made, clock)
    with pytest.raises(Invalid) as refusal:
        take(cast, made, clock, days + 1, longer=" ")
    assert set(refusal.value.fields) == {"longer"}
    with pytest.raises(Invalid) as refusal:
        take(cast, made, clock, 367, longer="For ever.")
    assert set(refusal.value.fields) == {"until"}, "no reason stretches a year"
    assert state(made) == "put" and not RiskAcceptance.select().exists(), "nothing is half-written"
    assert take(cast, made, clock, days + 1, longer="It is spring.").longer == "It is spring."
    assert "exception-too-long" in flags_at(made, clock())
    assert_true(cast)


def flags_at(made, at):
    """Return the codes of the flags that are on for a decision at a moment."""
    spans = exception_register.SpanRow.running(made.company_id, "flag", at)
    return {row.code for row in spans.where(exception_register.SpanRow.subject_id == made.id)}


def test_what_is_allowed_is_ended_and_neither_refused_nor_withdrawn(cast, proposal, clock):
    allowed(cast, proposal, clock)
    with pytest.raises(WrongState, match="can be ended"):
        risks.refuse(cast.viewer("leader", clock()), proposal.number, reason="No", at=clock())
    with pytest.raises(WrongState):
        exceptions.withdraw(cast.viewer("member", clock()), proposal.number, at=clock())
    risks.end(cast.viewer("leader", clock()), proposal.number, how="ended", at=clock())
    (line,) = exception_register.of(cast.viewer("member", clock()), proposal, clock())
    assert line.state is State.CLOSED
    assert_true(cast)


def test_ones_own_request_is_withdrawn_at_any_time_before_the_answer_and_nobody_elses(cast, proposal, clock):
    for put_on in (False, True):
        ask(cast, proposal, clock)
        if put_on:
            advise(cast, proposal, clock)
        with pytest.raises(NotAllowed):
            exceptions.withdraw(cast.viewer("cto", clock()), proposal.number, at=clock())
        exceptions.withdraw(cast.viewer("member", clock()), proposal.number, at=clock())
        assert exception_rows.open_question(proposal) is None
    with pytest.raises(WrongState):
        take(cast, proposal, clock)
    assert_true(cast)


def test_it_is_over_by_the_clock_stays_in_sight_and_is_closed_by_a_leader(cast, proposal, clock):
    ok(cast, proposal, clock)
    allowed(cast, proposal, clock, 10)
    decisions.accept(cast.viewer("cto", clock()), proposal.number, base=1, reason="Now", at=clock())
    clock.advance(days=11)
    (line,) = register(cast, clock)
    assert (line.state, line.overdue) == (State.OVER, True), "nothing was typed and no job ran"
    assert "exception-expired" in flags_at(proposal, clock())
    risks.end(cast.viewer("leader", clock()), proposal.number, how="ended", at=clock())
    assert register(cast, clock) == [] and len(register(cast, clock, ENDED)) == 1
    assert "deviation-no-exception" in flags_at(proposal, clock()), "what it was for is still to be mended"
    assert_true(cast)


def register(cast, clock, what=IN_FORCE, role="member"):
    return exception_register.page(cast.viewer(role, clock()), what, clock()).lines


def test_it_is_extended_by_a_new_request_with_a_new_recommendation_and_never_otherwise(cast, proposal, clock):
    first = allowed(cast, proposal, clock)
    with pytest.raises(WrongState, match="extended by a new request"):
        take(cast, proposal, clock)
    row = ask(cast, proposal, clock)
    assert (row.extends_id, row.state) == (first.id, "asked"), "what was recommended before does not count"
    advise(cast, proposal, clock, "yes", "Once more.")
    second = take(cast, proposal, clock)
    assert RiskAcceptance.get_by_id(first.id).ended_at == second.starts_at, "one is in force, the last one"
    assert "exception-rolled" not in flags_at(proposal, clock())
    allowed(cast, proposal, clock)
    assert "exception-rolled" in flags_at(proposal, clock())
    assert [line.state for line in register(cast, clock)] == [State.ACTIVE]
    assert_true(cast)


def test_what_protects_meanwhile_may_be_named_later_and_ends_that_flag(cast, proposal, clock):
    with pytest.raises(WrongState):
        exceptions.protect(cast.viewer("member", clock()), proposal.number, protects="Alarms", at=clock())
    ask(cast, proposal, clock, protects="")
    advise(cast, proposal, clock)
    take(cast, proposal, clock)
    assert "exception-unprotected" in flags_at(proposal, clock())
    with pytest.raises(Invalid):
        exceptions.protect(cast.viewer("member", clock()), proposal.number, protects=" ", at=clock())
    exceptions.protect(cast.viewer("member", clock()), proposal.number, protects="Alarms", at=clock())
    assert "exception-unprotected" not in flags_at(proposal, clock())
    assert_true(cast)


def test_whoever_it_waits_for_sees_it_on_their_first_screen(cast, proposal, clock):
    def home(person):
        return homes.mine(person, people.companies_of(person.id, clock()), clock())

    ask(cast, proposal, clock)
    (row,) = desk.vciso_home(home(cast.vciso)).requested
    assert (row.decision.id, row.about.asked_by.name) == (proposal.id, "Member")
    assert leads.needs_of(home(cast.leader)) == []
    advise(cast, proposal, clock)
    assert desk.vciso_home(home(cast.vciso)).requested == []
    (row,) = leads.needs_of(home(cast.leader))
    assert (row.about.security.code, row.about.technology) == ("no", "Member")


def test_the_register_hides_what_is_restricted_and_knows_no_other_company(cast, proposal, clock):
    other = cast_of("Ostara", clock())
    allowed(cast, proposal, clock)
    for what in (IN_FORCE, ASKED, ENDED, NOT_ALLOWED):
        assert register(other, clock, what) == []
    Decision.update(restricted=True).where(Decision.id == proposal.id).execute()
    assert register(cast, clock) == [] and len(register(cast, clock, role="vciso")) == 1
    risks.end(cast.viewer("leader", clock()), proposal.number, how="ended", at=clock())
    assert register(cast, clock, ENDED) == []
    ask(cast, proposal, clock, role="cto")
    assert register(cast, clock, ASKED) == []
    assert exception_register.waiting(cast.viewer("member", clock())) == 0
    assert exception_register.waiting(cast.viewer("cto", clock())) == 1


def test_what_was_asked_or_taken_before_requests_were_kept_stands_in_the_register(cast, proposal, clock):
    older = asked(cast, clock(), DEVIATES)
    reviews.answer(cast.viewer("vciso", clock()), older.number, "deny", base=1, text="No.", at=clock())
    ask(cast, older, clock)
    ExceptionRequest.delete().execute()
    (line,) = register(cast, clock, ASKED)
    assert (line.decision.id, line.state, line.asked_by) == (older.id, State.PUT, "Member")
    take(cast, older, clock)
    assert register(cast, clock, ASKED) == [] and len(register(cast, clock)) == 1
    risks.end(cast.viewer("leader", clock()), older.number, how="ended", at=clock())
    taken = allowed(cast, proposal, clock)
    ExceptionRequest.update(acceptance_id=None, state="withdrawn").execute()
    (line,) = register(cast, clock)
    assert (line.allowed.id, line.request, line.state) == (taken.id, None, State.ACTIVE)


def test_the_register_is_paged_by_an_index_and_costs_the_same_for_few_and_many(
    cast, proposal, clock, database, monkeypatch
):
    monkeypatch.setattr(exception_register, "PAGE", 2)
    allowed(cast, proposal, clock)

    def counted():
        with count_queries() as asked_of:
            exception_register.page(cast.viewer("member", clock()), IN_FORCE, clock())
        return asked_of.count

    few = counted()
    row = dict(RiskAcceptance.get().__data__)
    for days in range(1, 5):
        RiskAcceptance.create(**row | {"id": None, "until": row["until"] + timedelta(days=days)})
    assert counted() == few <= 9
    seen, place = [], ""
    while True:
        page = exception_register.page(cast.viewer("member", clock()), IN_FORCE, clock(), place=place)
        seen += [line.allowed.until for line in page.lines]
        place = page.after
        if not place:
            break
    assert len(seen) == 5 and seen == sorted(seen), "the first to end stands first, each one once"
    nonsense = exception_register.page(cast.viewer("member", clock()), "nonsense", clock(), place="x.y")
    assert [line.allowed.until for line in nonsense.lines] == seen[:2]
    for what in (IN_FORCE, ENDED):
        query = exception_register.wanted(cast.viewer("vciso", clock()), what, clock(), set())
        statement, values = query.sql()
        if is_sqlite(database):
            plan = database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            said = " ".join(row[3] for row in plan)
            assert "risk_acceptance_company_id_until" in said and "TEMP B-TREE" not in said


def test_standing_follows_as_for_every_risk_taken(cast, clock):
    made = asked(cast, clock(), DEVIATES)
    reviews.answer(cast.viewer("vciso", clock()), made.number, "deny", base=1, text="No.", at=clock())
    ask(cast, made, clock)
    take(cast, made, clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock())
    assert standing(made, clock())[0] == "risk-accepted"
    assert Company.get_by_id(made.company_id).stale_since is None
