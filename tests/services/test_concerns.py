"""Concerns that block: who raises and resolves them, what acceptance takes meanwhile, for whom they wait."""

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.acceptance import Seen
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.services import (
    comments,
    concerns,
    decisions,
    drafts,
    engagements,
    gates,
    homes,
    people,
    reviews,
)
from tests.casts import cast_of
from tests.services.security_company import NONE, PLAIN, again, assert_true, drafted, standing

NAME, WHY = "Nobody answers at night", "The list is empty."


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def made(cast, clock):
    """A harmless decision that the CTO may accept at once."""
    made = drafted(cast, clock(), NONE)
    return decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())


@pytest.fixture
def block(cast, made, clock):
    """Raise a concern as somebody, on the decision or on another one."""
    return lambda role="member", number=0: concerns.raise_one(
        cast.viewer(role, clock()), number or made.number, NAME, WHY, at=clock()
    )


def accept(cast, made, clock, reason="", **more):
    viewer = cast.viewer("cto", clock())
    return decisions.accept(viewer, made.number, base=1, reason=reason, at=clock(), **more)


def waits(cast, clock, role):
    person = getattr(cast, role)
    me = homes.mine(person, people.companies_of(person.id, clock()), clock())
    return [(row.what, row.about.concern) for row in concerns.waiting_for(me)]


def leaves(cast, clock, role):
    """End every role of somebody."""
    for one in people.engagement_rows(cast.company.id):
        if one.person_id == getattr(cast, role).id:
            engagements.end(cast.viewer("leader", clock()), one.id, at=clock())
    clock.advance(hours=1)


@pytest.mark.parametrize("role", ["member", "cto", "vciso", "leader", "delegate"])
def test_whoever_may_comment_raises_a_concern_and_nobody_else_resolves_it(cast, made, clock, block, role):
    one = block(role)
    assert (one.kind, one.concern, one.text) == ("concern", NAME, WHY)
    for other in ("member", "cto", "vciso", "leader", "delegate", "admin", "reader"):
        if other != role:
            with pytest.raises(NotAllowed):
                comments.resolve(cast.viewer(other, clock()), made.number, one.id, at=clock())
    viewer = cast.viewer(role, clock())
    comments.resolve(viewer, made.number, one.id, at=clock())
    accept(cast, made, clock)
    comments.reopen(viewer, made.number, one.id, at=clock())
    kinds = [event.kind for event in Event.select().order_by(Event.seq.desc()).limit(4)]
    assert kinds == ["concern.reopened", "decision.accepted", "concern.resolved", "concern.raised"]
    assert_true(cast)


@pytest.mark.parametrize("role", ["reader", "admin"])
def test_who_only_reads_raises_none(cast, clock, block, role):
    with pytest.raises(NotAllowed):
        block(role)


@pytest.mark.parametrize(
    ("name", "why", "wrong"),
    [("", WHY, {"name"}), ("x" * 121, WHY, {"name"}), (NAME, " ", {"why"}), ("", "", {"name", "why"})],
)
def test_a_concern_has_a_name_and_says_why(cast, made, clock, name, why, wrong):
    with pytest.raises(Invalid) as refusal:
        concerns.raise_one(cast.viewer("member", clock()), made.number, name, why, at=clock())
    assert set(refusal.value.fields) == wrong and not Comment.select().exists()


def test_an_open_concern_takes_a_reason_and_the_acceptance_says_so_for_ever(cast, made, clock, block):
    one = block()
    with pytest.raises(Invalid) as refusal:
        accept(cast, made, clock)
    assert set(refusal.value.fields) == {"reason"} and again(made).status == "proposed"
    accept(cast, made, clock, reason="The contract ends today.")
    event = Event.get(Event.kind == "decision.accepted")
    assert event.data["concerns"] == [one.id]
    comments.resolve(cast.viewer("member", clock()), made.number, one.id, at=clock.advance(hours=1))
    assert concerns.decided_with(again(made)) == (one.id,)
    assert_true(cast)


def test_a_concern_that_came_while_the_page_was_open_is_seen_before_the_decision(cast, made, clock, block):
    gate = gates.gate_for(cast.viewer("cto", clock()), made, clock())
    block()
    with pytest.raises(WrongState, match="Look, then decide"):
        accept(cast, made, clock, reason="Now.", seen=Seen(0, gate.token))


def test_a_concern_is_no_input_not_even_of_the_vciso(cast, clock, block):
    made = drafted(cast, clock(), PLAIN)
    reviews.ask(cast.viewer("cto", clock()), made.number, at=clock())
    before = standing(made, clock())
    block("vciso", made.number)
    assert standing(made, clock()) == before and gates.open_review(made) is not None


def test_a_newer_text_is_put_in_force_by_the_same_rule(cast, made, clock, block):
    accept(cast, made, clock)
    one, cto = block(), cast.viewer("cto", clock())
    drafts.revise(cto, made.number, {"title": "Move it all"}, base=1, answers=NONE, at=clock())
    decisions.accept_text(cto, made.number, base=2, reason="It is known.", at=clock())
    assert Event.get(Event.kind == "decision.text-accepted").data["concerns"] == [one.id]
    assert concerns.decided_with(again(made)) == ()
    assert_true(cast)


def test_nothing_is_left_to_block_once_a_decision_is_closed(cast, made, clock, block):
    decisions.withdraw(cast.viewer("cto", clock()), made.number, at=clock())
    with pytest.raises(WrongState):
        block()


def test_leadership_sets_aside_what_nobody_else_can_resolve_any_more(cast, made, clock, block):
    one = block()
    leader = cast.viewer("leader", clock())
    with pytest.raises(WrongState, match="still here"):
        concerns.set_aside(leader, made.number, one.id, reason="We hired.", at=clock())
    leaves(cast, clock, "member")
    assert waits(cast, clock, "leader") == [("set-aside", NAME)] and waits(cast, clock, "cto") == []
    with pytest.raises(NotAllowed):
        concerns.set_aside(cast.viewer("cto", clock()), made.number, one.id, reason="No.", at=clock())
    with pytest.raises(Invalid) as refusal:
        concerns.set_aside(leader, made.number, one.id, reason=" ", at=clock())
    assert set(refusal.value.fields) == {"reason"}
    concerns.set_aside(leader, made.number, one.id, reason="We hired.", at=clock())
    last = comments.discussion(made, clock())[-1]
    assert (last.comment.text, last.comment.reply_to, last.name) == ("We hired.", one.id, "Leader")
    accept(cast, made, clock)
    with pytest.raises(WrongState):
        concerns.set_aside(leader, made.number, one.id, reason="Again.", at=clock())
    assert_true(cast)


def test_a_concern_waits_for_author_and_cto_then_for_its_raiser(cast, clock, block):
    member = cast.viewer("member", clock())
    made = drafts.draft(member, {"title": "Move billing"}, answers=NONE, at=clock())
    one = block("vciso", made.number)
    everybody = ("member", "cto", "delegate", "vciso", "leader", "reader")

    def turns():
        return {role: found[0][0] for role in everybody if (found := waits(cast, clock, role))}

    assert turns() == {"member": "answer", "cto": "answer", "delegate": "answer"}
    comments.reply(member, made.number, one.id, "Two names.", at=clock())
    assert turns() == {"vciso": "resolve"}
    comments.reply(cast.viewer("vciso", clock()), made.number, one.id, "Which?", at=clock())
    assert turns() == {"member": "answer", "cto": "answer", "delegate": "answer"}
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    assert turns() == {"member": "answer", "cto": "answer"}, "hidden from the delegate"
    comments.resolve(cast.viewer("vciso", clock()), made.number, one.id, at=clock())
    assert turns() == {}


def test_what_waits_costs_the_same_however_much_it_is_and_nothing_of_others(cast, made, clock, block):
    other = cast_of("Ostara", clock())
    with count_queries() as none:
        assert waits(other, clock, "cto") == []
    block()
    with count_queries() as few:
        assert len(waits(cast, clock, "cto")) == 1
    for _ in range(5):
        block("vciso", drafted(cast, clock(), NONE).number)
        block("vciso")
    with count_queries() as many:
        assert len(waits(cast, clock, "cto")) == 11
    with count_queries() as again_none:
        assert waits(other, clock, "cto") == []
    assert (none.count, few.count, many.count, again_none.count) == (2, 5, 5, 2)
