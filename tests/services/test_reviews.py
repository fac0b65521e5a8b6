"""Reviews: asking, answering, and what an answer does to the standing of a decision."""

from datetime import date, timedelta

import pytest

from adr_app.domain.acceptance import Need
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.people import Company
from adr_app.models.reviews import Review, Verdict
from adr_app.services import (
    answers,
    conditions,
    decisions,
    desk,
    drafts,
    engagements,
    gates,
    homes,
    people,
    reviews,
    taking,
)
from tests.casts import cast_of
from tests.services.security_company import (
    PLAIN,
    RISKY,
    again,
    asked,
    assert_true,
    drafted,
    open_flags,
    standing,
)


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


def answer(cast, made, code, clock, role="vciso", **more):
    more.setdefault("base", again(made).latest)
    return reviews.answer(cast.viewer(role, clock()), made.number, code, at=clock(), **more)


def test_asking_proposes_a_draft_and_sets_a_due_day_five_working_days_on(cast, clock):
    made = asked(cast, clock())
    assert made.status == "proposed"
    review = gates.open_review(made)
    assert review.asked_of_id == cast.vciso.id
    # Asked on Tuesday 24 November: the end of Tuesday 1 December.
    assert review.due_at.date() in (date(2026, 12, 1), date(2026, 12, 2))
    assert standing(made, clock())[0] == "asked"
    assert_true(cast)


def test_nobody_is_asked_twice_at_once(cast, clock):
    made = asked(cast, clock())
    with pytest.raises(WrongState, match="asked already"):
        reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    assert Review.select().count() == 1


def test_asking_says_so_where_nobody_is_engaged(cast, clock):
    viewer = cast.viewer("leader", clock())
    mine = [e for e in cast_engagements(cast) if e.role == "vciso"]
    engagements.end(viewer, mine[0].id, at=clock.advance(days=1))
    made = drafted(cast, clock.advance(days=1))
    with pytest.raises(WrongState, match="Nobody is engaged as vCISO"):
        reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())


def cast_engagements(cast):
    from adr_app.services.people import engagement_rows

    return engagement_rows(cast.company.id)


def test_only_somebody_engaged_as_vciso_can_be_asked(cast, clock):
    made = drafted(cast, clock())
    with pytest.raises(NotFound):
        reviews.ask(cast.viewer("cto", clock()), made.number, of=cast.member.id, at=clock())


@pytest.mark.parametrize(
    ("code", "more", "stands"),
    [
        ("approve", {}, "cleared-before"),
        (
            "approve-with-conditions",
            {"todos": [{"text": "Rotate", "risk": "Old keys", "due_on": "2026-12-01"}]},
            "cleared-with-conditions-before",
        ),
        ("not-relevant", {"text": "Paint"}, "cleared-before"),
        ("deny", {"text": "Codes leak"}, "refused"),
        ("changes-requested", {"text": "Encrypt it"}, "refused"),
        ("question", {"text": "Where is it?"}, "question"),
    ],
)
def test_each_answer_gives_its_standing_before_acceptance(cast, clock, code, more, stands):
    made = asked(cast, clock())
    clock.advance(hours=2)
    answer(cast, made, code, clock, **more)
    assert standing(made, clock())[0] == stands
    assert_true(cast)


@pytest.mark.parametrize("code", ["question", "deny", "not-relevant", "advise", "changes-requested"])
def test_an_answer_that_stops_somebody_says_why(cast, clock, code):
    made = asked(cast, clock())
    with pytest.raises(Invalid) as refusal:
        answer(cast, made, code, clock, text="  ")
    assert refusal.value.fields == {"text": "Say why, in one line."}
    assert not Verdict.select().exists()


def test_an_ok_with_todos_needs_one_with_a_date_or_before_going_live(cast, clock):
    made = asked(cast, clock())
    for todos, field in [
        ([], "todo-0-text"),
        ([{"text": "Rotate the keys", "risk": "Old keys"}], "todo-0-due_on"),
        ([{"text": "Rotate", "risk": "Old keys", "due_on": "soon"}], "todo-0-due_on"),
    ]:
        with pytest.raises(Invalid) as refusal:
            answer(cast, made, "approve-with-conditions", clock, todos=todos)
        assert list(refusal.value.fields) == [field]
    answer(
        cast,
        made,
        "approve-with-conditions",
        clock,
        todos=[{"text": "Rotate", "risk": "Old keys", "before_go_live": True}],
    )
    assert [todo.text for todo in conditions.of(made)] == ["Rotate"]


def test_an_answer_on_an_older_version_is_refused_and_nothing_is_kept(cast, clock):
    made = asked(cast, clock())
    drafts.revise(cast.viewer("cto", clock()), made.number, {"context": "New"}, base=1, at=clock())
    with pytest.raises(WrongState, match="The text changed"):
        answer(cast, made, "approve", clock, base=1)
    assert not Verdict.select().exists()


@pytest.mark.parametrize("role", ["leader", "cto", "member", "reader", "admin", "delegate"])
def test_only_the_vciso_answers(cast, clock, role):
    made = asked(cast, clock())
    with pytest.raises(NotAllowed):
        answer(cast, made, "approve", clock, role=role)


def test_the_vcisos_answer_sets_the_level_when_she_is_asked_directly(cast, clock):
    made = asked(cast, clock())
    assert made.level is None
    answer(cast, made, "approve", clock)
    assert again(made).level == 2
    other = asked(cast, clock())
    answer(cast, other, "approve", clock, level=3)
    assert again(other).level == 3
    with pytest.raises(Invalid):
        answer(cast, other, "approve", clock, level=9)


def both_roles(cast, clock):
    """Make the CTO a vCISO as well."""
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.cto.email, at=clock())


def test_a_vciso_may_not_answer_on_a_decision_she_accepted(cast, clock):
    both_roles(cast, clock)
    made = drafted(cast, clock(), PLAIN)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, reason="Now", at=clock())
    with pytest.raises(NotAllowed, match="decided this yourself"):
        answer(cast, made, "approve", clock, role="cto")
    answer(cast, made, "approve", clock)
    assert standing(made, clock())[0] == "reviewed-late"
    assert_true(cast)


def test_whoever_put_a_changed_text_in_force_gives_no_answer_on_it(cast, clock):
    both_roles(cast, clock)
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    decisions.accept(cast.viewer("delegate", clock()), made.number, base=1, at=clock.advance(hours=1))
    drafts.revise(cast.viewer("cto", clock()), made.number, {"decision": "Else"}, base=1, at=clock())
    decisions.accept_text(cast.viewer("cto", clock()), made.number, base=2, reason="Urgent", at=clock())
    with pytest.raises(NotAllowed, match="decided this yourself"):
        answer(cast, made, "approve", clock, role="cto")
    with pytest.raises(NotAllowed, match="decided this yourself"):
        answers.same_meaning(cast.viewer("cto", clock()), made.number, base=2, at=clock())
    answer(cast, made, "approve", clock)


def test_writing_the_text_disqualifies_nobody(cast, clock):
    viewer = cast.viewer("vciso", clock())
    made = drafts.draft(viewer, {"title": "Hers"}, at=clock())
    reviews.ask(viewer, made.number, at=clock())
    answer(cast, made, "approve", clock)
    assert standing(made, clock())[0] == "cleared-before"


def test_an_answer_is_taken_back_within_ten_minutes_and_the_review_waits_again(cast, clock):
    made = asked(cast, clock())
    answer(
        cast,
        made,
        "approve-with-conditions",
        clock,
        todos=[{"text": "A", "risk": "Old keys", "before_go_live": True}],
    )
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=10))
    assert gates.open_review(made) is not None
    assert conditions.of(made) == []
    assert standing(made, clock())[0] == "asked"
    assert Verdict.select().count() == 1
    assert_true(cast)


def test_after_ten_minutes_an_answer_stays(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    with pytest.raises(WrongState, match="ten minutes are over"):
        answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=10, seconds=1))


def test_after_acceptance_an_answer_stays(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock.advance(minutes=1))
    with pytest.raises(WrongState, match="accepted meanwhile"):
        answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=1))


def test_nobody_takes_back_somebody_elses_answer(cast, clock):
    both_roles(cast, clock)
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    with pytest.raises(WrongState, match="no answer of yours"):
        answers.take_back(cast.viewer("cto", clock()), made.number, at=clock())


def test_the_authors_turn_is_not_counted_against_the_vciso(cast, clock):
    made = asked(cast, clock())
    due = gates.open_review(made).due_at
    answer(cast, made, "question", clock, text="Where are the numbers?")
    assert gates.open_review(made).state == "question"
    reviews.reply(cast.viewer("cto", clock()), made.number, "In Frankfurt.", at=clock.advance(days=2))
    review = gates.open_review(made)
    assert review.state == "waiting"
    assert review.due_at == due + timedelta(days=2)
    assert standing(made, clock())[0] == "asked"
    assert_true(cast)


def test_a_due_day_that_passes_while_her_question_is_open_decides_nothing(cast, clock):
    made = asked(cast, clock(), RISKY)
    due = gates.open_review(made).due_at
    answer(cast, made, "question", clock, text="Where are the numbers?")
    clock.advance(days=30)
    viewer = cast.viewer("cto", clock())
    gate = gates.gate_for(viewer, again(made), clock())
    assert (gate.need, gate.urgency_opens) == (Need.SECURITY_OK, True)
    reviews.reply(viewer, made.number, "In Frankfurt.", at=clock())
    review = gates.open_review(made)
    assert review.due_at > clock() and review.due_at > due
    for at, wanted in (
        (review.due_at - timedelta(seconds=1), Need.SECURITY_OK),
        (review.due_at, Need.REASON),
    ):
        assert gates.gate_for(viewer, again(made), at).need is wanted


def test_the_authors_turn_begins_with_the_first_of_two_questions(cast, clock):
    made = asked(cast, clock())
    due = gates.open_review(made).due_at
    answer(cast, made, "question", clock, text="Where?")
    clock.advance(days=1)
    answer(cast, made, "question", clock, text="And since when?")
    reviews.reply(cast.viewer("cto", clock()), made.number, "Frankfurt, May.", at=clock.advance(days=1))
    assert gates.open_review(made).due_at == due + timedelta(days=2)
    assert_true(cast)


def test_taking_an_answer_back_leaves_her_question_with_the_author(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "question", clock, text="Where?")
    answer(cast, made, "approve", clock)
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=1))
    assert gates.open_review(made).state == "question"
    assert standing(made, clock())[0] == "question"


def test_no_second_review_waits_when_an_answer_to_an_earlier_one_is_taken_back(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "advise", clock, text="Use keys.")
    second = reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    answers.take_back(cast.viewer("vciso", clock()), made.number, at=clock.advance(minutes=1))
    assert [r.id for r in Review.select().where(Review.state.in_(("waiting", "question")))] == [second.id]


def test_a_reply_needs_a_question_and_words(cast, clock):
    made = asked(cast, clock())
    viewer = cast.viewer("cto", clock())
    with pytest.raises(WrongState, match="No question"):
        reviews.reply(viewer, made.number, "Unasked", at=clock())
    answer(cast, made, "question", clock, text="Where?")
    with pytest.raises(Invalid):
        reviews.reply(viewer, made.number, "  ", at=clock())


def test_the_day_of_looking_stops_no_clock(cast, clock):
    made = asked(cast, clock())
    before = gates.open_review(made).due_at
    viewer = cast.viewer("vciso", clock())
    review = reviews.look_on(viewer, made.number, date(2026, 11, 26), at=clock())
    assert (review.look_on, review.due_at) == (date(2026, 11, 26), before)
    with pytest.raises(Invalid):
        reviews.look_on(viewer, made.number, date(2026, 11, 23), at=clock())
    assert standing(made, clock())[0] == "asked"


def test_same_meaning_carries_the_ok_over_to_the_new_text(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock.advance(hours=1))
    drafts.revise(cast.viewer("cto", clock()), made.number, {"decision": "Teh same"}, base=1, at=clock())
    assert standing(made, clock())[0] == "cleared"
    assert again(made).in_force == 1
    answers.same_meaning(cast.viewer("vciso", clock()), made.number, base=2, at=clock())
    assert again(made).in_force == 2
    assert standing(made, clock())[0] == "cleared"
    with pytest.raises(WrongState, match="no changed text"):
        answers.same_meaning(cast.viewer("vciso", clock()), made.number, base=1, at=clock())
    assert_true(cast)


def test_an_ok_on_the_newer_text_puts_it_in_force(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "approve", clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock.advance(hours=1))
    drafts.revise(cast.viewer("cto", clock()), made.number, {"decision": "Other"}, base=1, at=clock())
    answer(cast, made, "approve", clock)
    assert again(made).in_force == 2
    assert_true(cast)


def test_an_answer_after_the_fact_answers_the_flag_and_the_fact_stays(cast, clock):
    made = drafted(cast, clock(), PLAIN)
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, reason="Now", at=clock())
    assert standing(made, clock()) == ("no-input", "not-asked")
    assert "accepted-no-input" in open_flags(made)
    clock.advance(days=4)
    answer(cast, made, "approve", clock)
    assert standing(made, clock())[0] == "reviewed-late"
    assert "accepted-no-input" not in open_flags(made)
    assert_true(cast)


def test_a_restricted_decision_is_no_different_from_a_missing_one(cast, clock):
    made = asked(cast, clock())
    made.restricted = True
    made.save()
    with pytest.raises(NotFound):
        reviews.reply(cast.viewer("member", clock()), made.number, "Hello", at=clock())


def test_another_companys_vciso_finds_nothing_to_answer(cast, clock):
    other = cast_of("Ostara", clock())
    made = asked(cast, clock())
    with pytest.raises(NotFound):
        answer(other, made, "approve", clock)
    assert Company.get_by_id(other.company.id).last_seq == other.company.last_seq


def leave(cast, clock, person=None):
    """Let a vCISO's role end now; the one of the cast by default."""
    for engagement in cast_engagements(cast):
        if engagement.role == "vciso" and engagement.person_id == (person or cast.vciso).id:
            engagements.end(cast.viewer("leader", clock()), engagement.id, at=clock())


def join(cast, clock, role="member"):
    email = getattr(cast, role).email
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=email, at=clock())


def queue(person, clock):
    at = clock()
    home = desk.vciso_home(homes.mine(person, people.companies_of(person.id, at), at))
    return [row.decision.ref for row in home.answers], home.answers_all - len(home.answers)


def test_a_review_left_behind_is_asked_again_of_who_is_engaged_now(cast, clock):
    made = asked(cast, clock())
    leave(cast, clock)
    with pytest.raises(WrongState, match="Nobody is engaged"):
        reviews.ask(cast.viewer("cto", clock()), made.number, at=clock.advance(days=1))
    assert [review.state for review in Review.select()] == ["waiting"]
    join(cast, clock)
    second = reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    assert (second.asked_of_id, gates.open_review(made).id) == (cast.member.id, second.id)
    assert [review.state for review in Review.select().order_by(Review.id)] == ["closed", "waiting"]
    assert_true(cast)
    answer(cast, made, "approve", clock, role="member")
    assert standing(made, clock())[0] == "cleared-before"
    assert_true(cast)


def test_a_question_left_behind_does_not_keep_the_decision_from_being_asked_again(cast, clock):
    made = asked(cast, clock())
    answer(cast, made, "question", clock, text="Where is it kept?")
    leave(cast, clock)
    join(cast, clock)
    reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    assert standing(made, clock())[0] == "asked"
    assert_true(cast)


def test_a_review_that_one_took_and_left_behind_is_in_the_queue_of_every_vciso_engaged_now(cast, clock):
    made = asked(cast, clock())
    join(cast, clock)
    join(cast, clock, "admin")
    assert queue(cast.vciso, clock) == queue(cast.member, clock) == ([made.ref], 0)
    taking.take(cast.viewer("vciso", clock()), made.number, at=clock())
    assert (queue(cast.vciso, clock), queue(cast.member, clock)) == (([made.ref], 0), ([], 0))
    leave(cast, clock)
    assert queue(cast.member, clock) == queue(cast.admin, clock) == ([made.ref], 0)
    answer(cast, made, "approve", clock, role="admin")
    assert queue(cast.member, clock) == ([], 0)


def test_a_review_left_behind_elsewhere_is_in_nobody_elses_queue(cast, clock):
    other = cast_of("Ostara", clock())
    asked(other, clock())
    leave(other, clock)
    assert queue(cast.vciso, clock) == ([], 0)
    engagements.appoint(other.viewer("leader", clock()), role="cto", email=cast.vciso.email, at=clock())
    assert queue(cast.vciso, clock) == ([], 0)


def test_where_several_are_engaged_one_of_them_is_asked_by_name(cast, clock):
    join(cast, clock)
    made = drafted(cast, clock())
    assert (
        reviews.ask(cast.viewer("cto", clock()), made.number, of=cast.member.id, at=clock()).asked_of_id
        == cast.member.id
    )


def test_a_role_that_ended_while_its_holder_waited_for_their_turn_decides_nothing(cast, clock):
    made = asked(cast, clock(), PLAIN)
    cto, leader = cast.viewer("cto", clock()), cast.viewer("leader", clock())
    reviews.answer(cast.viewer("vciso", clock()), made.number, "approve", base=1, at=clock())
    for engagement in people.engagement_rows(cast.company.id):
        if engagement.role == "cto":
            engagements.end(leader, engagement.id, at=clock())
    with pytest.raises(NotAllowed, match="ended meanwhile"):
        decisions.accept(cto, made.number, base=1, at=clock())
    assert_true(cast)
