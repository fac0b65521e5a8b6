"""The discussion of a decision: who said what in which role, and which question waits for an answer."""

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import ROLE_NAMES, Role
from adr_app.models.comments import Comment
from adr_app.models.events import Event
from adr_app.services import comments, decisions, drafts, engagements, gates, people, reviews
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


MAY_RESOLVE = {
    "member": True,
    "cto": True,
    "delegate": True,
    "vciso": False,
    "leader": False,
    "reader": False,
}
"""Who may close what the member said on a decision of the CTO's."""


@pytest.mark.parametrize(("role", "may"), MAY_RESOLVE.items())
def test_a_remark_is_resolved_and_opened_again_by_its_author_the_decisions_or_the_cto(
    cast, made, clock, role, may
):
    one = say(cast, made, clock, "member", "Is this so?")
    viewer = cast.viewer(role, clock())
    if not may:
        with pytest.raises(NotAllowed):
            comments.resolve(viewer, made.number, one.id, at=clock())
    else:
        comments.resolve(viewer, made.number, one.id, at=clock())
        said = comments.discussion(made, clock())
        assert [(s.resolver, s.comment.resolved_at) for s in said] == [(viewer.person.name, clock())]
        with pytest.raises(WrongState):
            comments.resolve(viewer, made.number, one.id, at=clock())
        comments.reopen(viewer, made.number, one.id, at=clock())
        assert [e.kind for e in Event.select().order_by(Event.seq.desc()).limit(2)] == [
            "comment.reopened", "comment.resolved",
        ]  # fmt: skip
    assert Comment.get().resolved_at is None
    assert_true(cast)


def test_an_answer_stands_one_level_beneath_what_it_answers_while_that_is_open(cast, made, clock):
    other = say(cast, made, clock, "vciso", "Who runs it?")
    one = say(cast, made, clock, "leader", "What does it cost?", asks=True)
    member = cast.viewer("member", clock())
    comments.reply(member, made.number, other.id, "I do.", at=clock())
    assert waiting(cast) == [(made.id, "Leader", "What does it cost?")], "that answered the other one"
    answer = comments.reply(member, made.number, one.id, "Ten a month.", at=clock())
    assert answer.reply_to == one.id and waiting(cast) == []
    comments.resolve(cast.viewer("vciso", clock()), made.number, other.id, at=clock())
    for key, refused in ((answer.id, NotFound), (other.id, WrongState), (99, NotFound)):
        with pytest.raises(refused):
            comments.reply(member, made.number, key, "More.", at=clock())
    assert_true(cast)


def test_a_question_that_is_resolved_waits_for_nobody(cast, made, clock):
    one = say(cast, made, clock, "leader", "What does it cost?", asks=True)
    comments.resolve(cast.viewer("leader", clock()), made.number, one.id, at=clock())
    assert (waiting(cast), comments.open_question(comments.discussion(made, clock()))) == ([], None)


def test_what_was_said_on_another_decision_is_not_answered_or_closed_from_this_one(cast, made, clock):
    elsewhere = drafted(cast, clock(), PLAIN)
    one = say(cast, elsewhere, clock, "member", "Is this so?")
    cto = cast.viewer("cto", clock())
    for act in (comments.resolve, comments.reopen, lambda *key, at: comments.reply(*key, "Yes.", at=at)):
        with pytest.raises(NotFound):
            act(cto, made.number, one.id, at=clock())


LONG = {"decision": "We keep **copies** for 72 hours.", "context": "## Law\n\nSeven years.\n\n- in all"}


def test_the_words_that_a_remark_is_about_are_kept_with_version_and_place(cast, clock):
    made = drafted(cast, clock(), PLAIN, **LONG)
    one = say(cast, made, clock, "member", "Why so few?", passage=" copies for\n72 hours ")
    assert (one.passage, one.version, one.part, one.section) == ("copies for 72 hours", 1, "decision", "")
    cto = cast.viewer("cto", clock())
    drafts.revise(cto, made.number, {**LONG, "title": "x", "decision": "We keep none."}, base=1, at=clock())
    other = say(cast, made, clock, "member", "Which law?", passage="Seven years. in all")
    assert (other.version, other.part, other.section) == (2, "context", "Law")
    late = say(cast, made, clock, "member", "Why so few?", passage="72 hours", seen=1)
    assert (late.version, late.part) == (1, "decision"), "it was read there, whatever is newer"
    event = Event.select().order_by(Event.seq.desc()).get()
    assert b"hours" not in bytes(event.body)
    assert_true(cast)


@pytest.mark.parametrize("words", ["never written", "copies for 73", "x" * 501, "a\x00b"])
def test_words_that_the_text_does_not_have_are_refused(cast, clock, words):
    made = drafted(cast, clock(), PLAIN, **LONG)
    with pytest.raises(Invalid) as refusal:
        say(cast, made, clock, "member", "Why?", passage=words)
    assert set(refusal.value.fields) == {"passage"}
    assert not Comment.select().exists()


def test_what_is_said_stands_in_the_record_without_its_words(cast, made, clock):
    say(cast, made, clock, "leader", "Zanzibar?", asks=True)
    event = Event.select().order_by(Event.seq.desc()).get()
    assert (event.kind, event.data["asks"]) == ("decision.commented", True)
    assert b"Zanzibar" not in bytes(event.body)
