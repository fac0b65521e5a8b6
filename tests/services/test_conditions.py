"""To-dos that came with an OK: done by whoever works on it, checked by the vCISO and nobody else."""

from datetime import UTC, date, datetime

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import Condition, Verdict
from adr_app.services import (
    condition_words,
    conditions,
    decisions,
    drafts,
    engagements,
    overhead,
    people,
    reviews,
)
from tests.casts import cast_of
from tests.plans import along
from tests.services.security_company import RISKY, asked, assert_true, open_flags, standing


@pytest.fixture
def cast(database, clock):
    return cast_of("Larkspur", clock())


@pytest.fixture
def made(cast, clock):
    """An accepted decision with one to-do, due on Friday."""
    made = asked(cast, clock())
    todo = {"text": "Change the keys", "risk": "Old keys open everything", "due_on": "2026-11-27"}
    reviews.answer(
        cast.viewer("vciso", clock()),
        made.number,
        "approve-with-conditions",
        base=1,
        todos=[todo],
        at=clock(),
    )
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock.advance(hours=1))
    return made


def only(made):
    return conditions.of(made)[0]


def finish(cast, made, clock, role="member"):
    viewer = cast.viewer(role, clock())
    return conditions.finish(viewer, made.number, only(made).id, evidence="Ticket 12", at=clock())


def verify(cast, made, clock, role="vciso"):
    return conditions.verify(cast.viewer(role, clock()), made.number, only(made).id, at=clock())


def test_a_to_do_is_done_and_then_checked_and_the_decision_is_checked_whole(cast, made, clock):
    assert standing(made, clock())[0] == "cleared-with-conditions"
    finish(cast, made, clock)
    assert (only(made).done_by_id, only(made).evidence) == (cast.member.id, "Ticket 12")
    assert standing(made, clock())[0] == "cleared-with-conditions"
    verify(cast, made, clock)
    assert standing(made, clock())[0] == "cleared"
    assert_true(cast)


def test_only_what_is_done_can_be_checked_and_only_once(cast, made, clock):
    with pytest.raises(WrongState):
        verify(cast, made, clock)
    finish(cast, made, clock)
    with pytest.raises(WrongState, match="done already"):
        finish(cast, made, clock)
    verify(cast, made, clock)
    with pytest.raises(WrongState):
        verify(cast, made, clock)


def test_nobody_checks_what_they_did_themselves(cast, made, clock):
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.member.email, at=clock())
    finish(cast, made, clock)
    with pytest.raises(NotAllowed, match="did this yourself"):
        verify(cast, made, clock, role="member")
    with pytest.raises(NotAllowed):
        verify(cast, made, clock, role="cto")


def test_a_to_do_past_its_day_is_flagged_and_another_day_ends_that(cast, made, clock):
    on(cast, made, clock, "cto", condition_words.agree)
    clock.advance(days=5)
    assert "condition-overdue" in open_flags(made)
    viewer = cast.viewer("vciso", clock())
    conditions.move(viewer, made.number, only(made).id, date(2026, 12, 18), reason="Ill.", at=clock())
    assert only(made).due_on == date(2026, 12, 18)
    for day, reason in ((date(2026, 11, 28), "Ill."), (date(2026, 12, 18), "")):
        with pytest.raises(Invalid):
            conditions.move(viewer, made.number, only(made).id, day, reason=reason, at=clock())
    assert_true(cast)


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**70])
def test_a_to_do_that_is_none_is_missing(cast, made, clock, number):
    with pytest.raises(NotFound):
        conditions.finish(cast.viewer("member", clock()), made.number, number, evidence="Done", at=clock())


def test_a_to_do_of_another_decision_is_missing(cast, made, clock):
    other = asked(cast, clock())
    with pytest.raises(NotFound):
        conditions.finish(cast.viewer("member", clock()), other.number, only(made).id, at=clock())


def flags_at(made, at):
    """Return the codes of the flags that are on at a moment."""
    rows = SpanRow.select().where(SpanRow.subject_id == made.id, SpanRow.kind == "flag")
    return {row.code for row in rows if row.starts <= at < row.ends}


def on(cast, made, clock, role, act, *given, **more):
    """Let somebody act on the to-do that was made first."""
    first = Condition.select().order_by(Condition.id).get()
    return act(cast.viewer(role, clock()), made.number, first.id, *given, **more, at=clock())


CONTESTED = {"why": "too-dear", "text": "Two weeks for one key."}


def test_a_to_do_without_a_risk_is_refused_and_nothing_is_half_written(cast, clock):
    made = asked(cast, clock())
    todo = {"text": "Change the keys", "due_on": "2026-11-27", "build_days": "many"}
    with pytest.raises(Invalid) as refusal:
        reviews.answer(
            cast.viewer("vciso", clock()), made.number, "approve-with-conditions", base=1,
            todos=[todo], at=clock(),
        )  # fmt: skip
    assert set(refusal.value.fields) == {"todo-0-risk", "todo-0-build_days"}
    assert not Verdict.select().exists() and not Condition.select().exists()
    assert standing(made, clock())[0] == "asked"


def test_silence_binds_after_five_working_days_and_holds_up_nothing_before(cast, made, clock):
    """The decision was accepted before anybody said a word on the to-do."""
    assert "condition-overdue" not in flags_at(made, clock())  # due on Friday, and silent until Tuesday
    (waiting,) = overhead.awaited([cast.company.id], clock())
    assert waiting.binds_at == datetime(2026, 12, 2, tzinfo=UTC)
    flag = SpanRow.get(SpanRow.code == "condition-overdue")
    assert flag.starts == waiting.binds_at
    clock.advance(days=8)
    assert overhead.awaited([cast.company.id], clock()) == []
    with pytest.raises(WrongState, match="so it binds"):
        on(cast, made, clock, "cto", condition_words.contest, **CONTESTED)


def test_where_nobody_is_there_to_ask_a_to_do_binds_from_the_start(cast, clock):
    for engagement in people.engagement_rows(cast.company.id):
        if engagement.role in ("cto", "delegate"):
            engagements.end(cast.viewer("leader", clock()), engagement.id, at=clock())
    engagements.appoint(cast.viewer("leader", clock()), role="cto", email=cast.vciso.email, at=clock())
    made = asked_by_leader(cast, clock)
    assert only(made).binds_at is None
    with pytest.raises(WrongState, match="so it binds"):
        on(cast, made, clock, "vciso", condition_words.contest, **CONTESTED)


def asked_by_leader(cast, clock):
    made = drafts.draft(cast.viewer("leader", clock()), {"title": "Move billing"}, at=clock())
    reviews.ask(cast.viewer("leader", clock()), made.number, at=clock())
    todo = {"text": "Change the keys", "risk": "Old keys", "before_go_live": True}
    viewer = cast.viewer("vciso", clock())
    reviews.answer(viewer, made.number, "approve-with-conditions", base=1, todos=[todo], at=clock())
    return made


def test_what_the_cto_contests_binds_nobody_until_she_keeps_it(cast, made, clock):
    assert overhead.overhead(cast.viewer("leader", clock()), clock()) == overhead.Overhead(settling=1)
    for wrong in ({"why": "", "text": "x"}, {"why": "too-dear", "text": " "}):
        with pytest.raises(Invalid):
            on(cast, made, clock, "cto", condition_words.contest, **wrong)
    on(cast, made, clock, "cto", condition_words.contest, **CONTESTED)
    clock.advance(days=30)
    assert "condition-overdue" not in flags_at(made, clock())
    (one,) = overhead.contested([cast.company.id])
    assert (one.security, one.todo.risk) == ("Vciso", "Old keys open everything")
    assert (one.objection.why, one.objection.text) == ("too-dear", "Two weeks for one key.")
    on(cast, made, clock, "vciso", condition_words.keep, reason="One key opens everything.")
    assert "condition-overdue" in flags_at(made, clock())
    assert overhead.contested([cast.company.id]) == []
    assert_true(cast)


def test_a_change_is_a_new_to_do_that_is_put_to_the_cto_anew(cast, made, clock):
    on(cast, made, clock, "cto", condition_words.contest, **CONTESTED)
    typed = {"text": "Change the oldest keys", "risk": "Old keys", "due_on": "2026-12-24",
             "build_days": "2", "run_days": "0.5"}  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        on(cast, made, clock, "vciso", condition_words.change, {**typed, "risk": ""}, reason="Right.")
    assert set(refusal.value.fields) == {"risk"} and len(conditions.of(made)) == 1
    on(cast, made, clock, "vciso", condition_words.change, typed, reason="Right.")
    older, newer = conditions.of(made)
    assert (older.state, older.text, newer.state) == ("changed", "Change the keys", "proposed")
    with pytest.raises(WrongState, match="no longer asked for"):
        on(cast, made, clock, "member", conditions.finish, evidence="Done")
    condition_words.agree(cast.viewer("cto", clock()), made.number, newer.id, at=clock())
    found = overhead.overhead(cast.viewer("leader", clock()), clock())
    assert found == overhead.Overhead(todos=1, build=200, run=50)
    conditions.finish(cast.viewer("member", clock()), made.number, newer.id, evidence="T 1", at=clock())
    found = overhead.overhead(cast.viewer("leader", clock()), clock())
    assert found == overhead.Overhead(todos=1, build=0, run=50)
    assert_true(cast)


def test_what_is_dropped_is_asked_of_nobody_and_stays_readable(cast, made, clock):
    with pytest.raises(Invalid):
        on(cast, made, clock, "vciso", condition_words.drop, reason="")
    on(cast, made, clock, "vciso", condition_words.drop, reason="The new vault does it.")
    assert standing(made, clock())[0] == "cleared"
    assert overhead.page(cast.viewer("leader", clock())).rows == []
    (words,) = condition_words.words_on(made).values()
    assert [(word.kind, word.text) for word in words] == [("dropped", "The new vault does it.")]
    assert_true(cast)


def test_each_act_is_its_roles_and_nobody_eases_what_they_decided(cast, made, clock):
    allowed = {condition_words.agree: ("cto", "delegate"), condition_words.drop: ("vciso",)}
    for act, roles in allowed.items():
        given = {"reason": "So."} if act is condition_words.drop else {}
        for role in {"leader", "cto", "vciso", "member", "reader", "admin", "delegate"} - set(roles):
            with pytest.raises(NotAllowed):
                on(cast, made, clock, role, act, **given)
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", email=cast.cto.email, at=clock())
    on(cast, made, clock, "member", conditions.finish, evidence="Done")
    for act, given in ((conditions.verify, {}), (condition_words.drop, {"reason": "So."})):
        with pytest.raises((NotAllowed, WrongState)):
            on(cast, made, clock, "cto", act, **given)
    assert only(made).verified_at is None


def test_what_is_done_and_not_checked_in_time_and_what_went_live_early_is_flagged(cast, clock):
    made = asked_by_leader(cast, clock)
    decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock())
    on(cast, made, clock, "cto", condition_words.agree)
    assert flags_at(made, clock()) == {"condition-no-owner"}
    on(cast, made, clock, "member", condition_words.assign, "Mia")
    assert (flags_at(made, clock()), only(made).who) == (set(), "Mia")
    for state in ("implemented", "in-progress"):  # a slip
        decisions.set_implementation(cast.viewer("member", clock()), made.number, state, at=clock())
    assert flags_at(made, clock()) == set()
    decisions.set_implementation(cast.viewer("member", clock()), made.number, "implemented", at=clock())
    with pytest.raises(Invalid):
        on(cast, made, clock, "member", conditions.finish, evidence=" ")
    on(cast, made, clock, "member", conditions.finish, evidence="Seen")
    assert flags_at(made, clock()) == {"implemented-before-condition"}
    assert flags_at(made, clock.advance(days=8)) == {"implemented-before-condition", "condition-self-closed"}
    assert SpanRow.get(SpanRow.code == "condition-self-closed").starts == datetime(2026, 12, 2, tzinfo=UTC)
    verify(cast, made, clock)
    clock.advance(days=1)
    decisions.set_implementation(cast.viewer("member", clock()), made.number, "not-started", at=clock())
    assert flags_at(made, clock()) == {"implemented-before-condition"}
    assert_true(cast)


def test_what_the_numbers_are_made_of_is_paged_along_an_index_each_to_do_once(
    cast, clock, database, monkeypatch
):
    monkeypatch.setattr(overhead, "PAGE", 2)
    leader = cast.viewer("leader", clock())
    for title in ("One", "Two"):
        made = asked(cast, clock(), RISKY, title=title)
        todos = [{"text": f"{title} {n}", "risk": "Theft", "due_on": "2026-12-20"} for n in range(3)]
        reviews.answer(
            cast.viewer("vciso", clock()), made.number, "approve-with-conditions", base=1, todos=todos,
            at=clock(),
        )  # fmt: skip
        decisions.accept(cast.viewer("cto", clock()), made.number, base=1, at=clock())
    seen, place = [], ""
    while True:
        with count_queries() as counted:
            page = overhead.page(leader, place)
        seen += [todo.text for todo, _ in page.rows]
        assert counted.count <= 2
        place = page.after
        if not place:
            break
    assert seen == ["Two 2", "Two 1", "Two 0", "One 2", "One 1", "One 0"]
    assert [todo.text for todo, _ in overhead.page(leader, "x.y").rows] == seen[:2]
    plan = along(database, overhead.wanted(leader, "9.9"))
    assert "condition_company_id_decision_id_id" in plan, plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan
