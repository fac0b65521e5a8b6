"""The discussion of a decision: who said what in which role, and which question waits for an answer."""

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.domain.permissions import ROLE_NAMES, Role
from adr_app.models.comments import Comment
from adr_app.models.events import Event
from adr_app.services import comments, decisions, engagements, gates, people, reviews
from tests.casts import cast_of
from tests.services.security_company import PLAIN, asked, assert_true, drafted, standing


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def made(cast, clock):
    return drafted(cast, clock(), PLAIN)


def say(cast, made, clock, role, text="Words", **more):
    return comments.write(cast.viewer(role, clock()), made.number, text, at=clock(), **more)


def waiting(*casts):
    return [
        (c.decision_id, c.person.name, c.text) for c in comments.open_questions(c.company.id for c in casts)
    ]


def test_what_was_said_is_listed_in_order_with_the_role_held_then(cast, made, clock):
    say(cast, made, clock, "leader", "What does it cost?", asks=True)
    say(cast, made, clock, "vciso", "Not much.")
    for engagement in people.engagement_rows(cast.company.id):
        if engagement.role == "vciso":
            engagements.end(cast.viewer("leader", clock()), engagement.id, at=clock.advance(hours=1))
    engagements.appoint(cast.viewer("leader", clock()), role="cto", email=cast.vciso.email, at=clock())
    say(cast, made, clock, "vciso", "As your CTO now.")
    with count_queries() as counter:
        said = comments.discussion(made, clock())
    assert [(one.name, one.role, one.comment.text) for one in said] == [
        ("Leader", ROLE_NAMES[Role.LEADER], "What does it cost?"),
        ("Vciso", ROLE_NAMES[Role.VCISO], "Not much."),
        ("Vciso", ROLE_NAMES[Role.CTO], "As your CTO now."),
    ]
    assert counter.count == 2


def test_a_remark_is_no_input_and_changes_no_standing(cast, made, clock):
    reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    before = standing(made, clock())
    say(cast, made, clock, "vciso", "Looks fine to me.")
    assert standing(made, clock()) == before
    assert gates.open_review(made) is not None
    assert_true(cast)


def test_a_reason_given_with_an_act_stands_with_the_act_and_not_in_the_discussion(cast, made, clock):
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, reason="It burns", at=clock())
    assert comments.discussion(made, clock()) == []
    assert [one.kind for one in comments.of(made)] == ["reason"]


@pytest.mark.parametrize("role", ["reader", "admin"])
def test_who_only_reads_says_nothing(cast, made, clock, role):
    with pytest.raises(NotAllowed):
        say(cast, made, clock, role)
    assert not Comment.select().exists()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 8001, "a\x00b", "half a \ud800 pair"])
def test_nothing_much_too_much_or_what_cannot_be_shown_is_refused(cast, made, clock, text):
    with pytest.raises(Invalid) as refusal:
        say(cast, made, clock, "member", text)
    assert set(refusal.value.fields) == {"text"}


def test_nobody_speaks_on_another_companys_decision(cast, made, clock):
    other = cast_of("Ostara", clock())
    with pytest.raises(NotFound):
        say(other, made, clock, "leader")


def test_a_question_waits_until_somebody_else_comments(cast, made, clock):
    say(cast, made, clock, "leader", "What does it cost?", asks=True)
    say(cast, made, clock, "leader", "I mean each month.")
    assert waiting(cast) == [(made.id, "Leader", "What does it cost?")]
    assert comments.open_question(comments.discussion(made, clock())).comment.text == "What does it cost?"
    say(cast, made, clock, "member", "Ten a month.")
    assert waiting(cast) == []
    assert comments.open_question(comments.discussion(made, clock())) is None
    say(cast, made, clock, "leader", "And for ever?", asks=True)
    assert waiting(cast) == [(made.id, "Leader", "And for ever?")]
    assert_true(cast)


def test_a_newer_question_takes_the_place_of_an_older_one(cast, made, clock):
    say(cast, made, clock, "leader", "First?", asks=True)
    say(cast, made, clock, "leader", "Second?", asks=True)
    assert waiting(cast) == [(made.id, "Leader", "Second?")]


def test_neither_the_reason_of_an_act_nor_an_answer_to_security_answers_leadership(cast, clock):
    made = asked(cast, clock(), PLAIN, kind="incident")
    reviews.answer(cast.viewer("vciso", clock()), made.number, "question", base=1, text="Where?", at=clock())
    say(cast, made, clock, "leader", "What does it cost?", asks=True)
    reviews.reply(cast.viewer("member", clock()), made.number, "In Frankfurt.", at=clock())
    decisions.accept(
        cast.viewer("cto", clock()), made.number, base=1, reason="It burns", emergency=True, at=clock()
    )
    assert waiting(cast) == [(made.id, "Leader", "What does it cost?")]
    assert comments.open_question(comments.discussion(made, clock())) is not None


def test_the_questions_of_several_companies_come_newest_first_in_one_query(cast, clock):
    other = cast_of("Ostara", clock())
    for n in range(3):
        say(cast, drafted(cast, clock(), PLAIN), clock, "leader", f"Question {n}?", asks=True)
    theirs = drafted(other, clock(), PLAIN)
    say(other, theirs, clock, "leader", "Theirs?", asks=True)
    with count_queries() as counter:
        texts = [text for _, _, text in waiting(cast)]
    assert (texts, counter.count) == (["Question 2?", "Question 1?", "Question 0?"], 1)
    with count_queries() as counter:
        assert next(text for _, _, text in waiting(other, cast)) == "Theirs?"
    assert counter.count == 1
    assert waiting() == []


def test_what_is_said_stands_in_the_record_without_its_words(cast, made, clock):
    say(cast, made, clock, "leader", "Zanzibar?", asks=True)
    event = Event.select().order_by(Event.seq.desc()).get()
    assert (event.kind, event.data["asks"]) == ("decision.commented", True)
    assert b"Zanzibar" not in bytes(event.body)
