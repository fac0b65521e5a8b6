"""A security answer that must not count is refused with the reason, by the act and on every form of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import Engagement
from adr_app.models.reviews import Claim, Condition, ConditionWord, Review, Verdict
from adr_app.models.standing_rules import StandingRule
from adr_app.services import (
    answers,
    claims,
    condition_words,
    conditions,
    decisions,
    drafts,
    engagements,
    levels,
    people,
    reviews,
    standing_rules,
)
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.services.security_company import PLAIN, again, asked, assert_true, drafted, standing

PAGE = "/larkspur/decisions/AD-0001/review"
KEYS = {"todo-0-text": "Rotate", "todo-0-risk": "Old keys", "todo-0-due_on": "2026-12-24"}


@pytest.fixture
def cast(app: Any, clock: Any) -> Any:
    with quick_passwords():
        yield cast_of("Larkspur", clock())


def kept() -> dict[str, Any]:
    """Return everything that an answer could leave behind."""
    tables = (Verdict, Condition, ConditionWord, Event, Review, Claim, StandingRule, Decision)
    return {table.__name__: sorted(table.select().tuples(), key=repr) for table in tables}


def end_role(cast: Cast, clock: Any, person: str = "vciso") -> None:
    mine = Engagement.get(Engagement.person == getattr(cast, person).id, Engagement.role == "vciso")
    engagements.end(cast.viewer("leader", clock()), mine.id, at=clock())


def make_cto_vciso(cast: Cast, clock: Any) -> None:
    engagements.appoint(cast.viewer("leader", clock()), role="vciso", person_id=cast.cto.id, at=clock())


def newer_text(cast: Cast, made: Decision, clock: Any) -> None:
    drafts.revise(cast.viewer("cto", clock()), made.number, {"context": "New"}, base=1, at=clock())


def accepted_by_cto(cast: Cast, made: Decision, clock: Any) -> None:
    make_cto_vciso(cast, clock)
    decisions.accept(
        cast.viewer("cto", clock()), made.number, base=1, reason="Now", at=clock.advance(hours=400)
    )


def nothing(*_: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("before", "who", "fields", "error", "status", "words"),
    [
        (nothing, "vciso", {"todo-0-due_on": "2026-11-23"}, Invalid, 422, "That day is past."),
        (nothing, "vciso", {"todo-0-due_on": "2026-02-30"}, Invalid, 422, "Give a day as"),
        (nothing, "vciso", {"todo-0-due_on": ""}, Invalid, 422, "Say by which day"),
        (nothing, "vciso", {"todo-0-risk": " "}, Invalid, 422, "Say which risk it reduces"),
        (nothing, "vciso", {"todo-0-text": ""}, Invalid, 422, "Say what has to be done."),
        (newer_text, "vciso", {}, WrongState, 409, "The text changed"),
        (accepted_by_cto, "cto", {}, NotAllowed, 403, "You decided this yourself"),
        (nothing, "cto", {}, NotAllowed, 403, ""),
        (nothing, "leader", {}, NotAllowed, 403, ""),
    ],
    ids=[
        *("day past", "no day", "without a day", "without a risk", "without a text", "older version"),
        *("decider under a second role", "cto", "leader"),
    ],
)
def test_an_answer_that_must_not_count_is_refused_with_the_reason_and_nothing_is_half_written(
    cast: Cast,
    app: Any,
    clock: Any,
    before: Callable[..., None],
    who: str,
    fields: dict[str, str],
    error: type[Exception],
    status: int,
    words: str,
) -> None:
    made = asked(cast, clock(), PLAIN)
    before(cast, made, clock)
    typed = {**KEYS, **fields}
    was = kept()
    todo = {name.removeprefix("todo-0-"): value for name, value in typed.items()}
    with pytest.raises(error) as refusal:
        reviews.answer(
            cast.viewer(who, clock()),
            made.number,
            "approve-with-conditions",
            base=1,
            todos=[todo],
            at=clock(),
        )
    told = " ".join(getattr(refusal.value, "fields", {}).values()) or str(refusal.value)
    assert words in told
    client = sign_in(app.test_client(), getattr(cast, who))
    for step in ("answer", "confirm"):
        form = {"base": "1", "answer": "approve-with-conditions", **typed}
        refused = send(client, f"{PAGE}/{step}", **form)
        assert refused.status_code == status, step
        assert words.split("’")[0] in refused.text
    assert kept() == was
    assert_true(cast)


ACTS: dict[str, Callable[[people.Viewer, int, Any], Any]] = {
    "answer": lambda her, number, at: reviews.answer(her, number, "approve", base=1, at=at),
    "same meaning": lambda her, number, at: answers.same_meaning(her, number, base=1, at=at),
    "claim": lambda her, number, at: claims.answer_claim(her, number, yes=True, at=at),
    "rule": lambda her, number, at: standing_rules.sign(
        her, {"data": ["no"]}, title="Small", reason="So", until="2026-12-24", at=at
    ),
    "level": lambda her, number, at: levels.lower_to(her, number, 0, reason="Small.", at=at),
    "check": lambda her, number, at: conditions.verify(her, number, 1, at=at),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_said_as_vciso_after_the_mandate_ended_counts_for_nothing_also_a_moment_after(
    cast: Cast, clock: Any, act: str
) -> None:
    """She held the role as her page was made, and not any more as the act was recorded."""
    made = asked(cast, clock(), PLAIN)
    claims_on = drafted(cast, clock(), PLAIN)
    her = cast.viewer("vciso", clock())
    end_role(cast, clock)
    was = kept()
    with pytest.raises(NotAllowed, match="has ended, so nothing was saved"):
        ACTS[act](her, made.number if act != "claim" else claims_on.number, clock())
    with pytest.raises(NotFound):
        cast.viewer("vciso", clock())
    assert kept() == was


def test_after_the_mandate_ended_every_form_is_a_page_that_is_not_there(
    cast: Cast, app: Any, clock: Any
) -> None:
    asked(cast, clock(), PLAIN)
    vera = sign_in(app.test_client(), cast.vciso)
    assert vera.get(PAGE).status_code == 200
    end_role(cast, clock)
    was, constant = kept(), vera.get("/no-such-page").data
    for step in ("answer", "confirm", "same-meaning", "claim-answer", "take", "take-back"):
        refused = send(vera, f"{PAGE}/{step}", base="1", answer="approve", took_part="yes")
        assert (refused.status_code, refused.data) == (404, constant), step
    assert kept() == was


def test_a_mandate_that_ends_by_its_day_ends_what_counts_at_that_second(cast: Cast, clock: Any) -> None:
    made, other = asked(cast, clock(), PLAIN), asked(cast, clock(), PLAIN)
    end_role(cast, clock)
    last = clock().date() + timedelta(days=1)
    again_here = engagements.appoint(
        cast.viewer("leader", clock()), role="vciso", person_id=cast.vciso.id, ends_on=last, at=clock()
    )
    her = cast.viewer("vciso", clock())
    ends = again_here.ends_at
    reviews.answer(her, made.number, "approve", base=1, at=ends - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        reviews.answer(her, other.number, "approve", base=1, at=ends)
    assert_true(cast)


def test_whoever_answered_for_security_does_not_accept_it_under_their_other_role(
    cast: Cast, app: Any, clock: Any
) -> None:
    """Writing a text disqualifies nobody; checking it does, as long as another may decide."""
    make_cto_vciso(cast, clock)
    made = asked(cast, clock(), PLAIN)
    sam = sign_in(app.test_client(), cast.cto)
    assert send(sam, f"{PAGE}/answer", base="1", answer="approve").status_code == 302
    was = kept()
    with pytest.raises(WrongState, match="You answered for the security of this decision"):
        decisions.accept(cast.viewer("cto", clock()), made.number, base=1, reason="Now", at=clock())
    for reason in ("", "It is small."):
        form = {"base": "1", "reason": reason}
        assert send(sam, "/larkspur/decisions/AD-0001/accept", **form).status_code == 409
    assert kept() == was
    assert "decides as CTO and is the vCISO here too" in sam.get("/larkspur/decisions/AD-0001").text
    decisions.accept(cast.viewer("delegate", clock()), made.number, base=1, at=clock())
    assert standing(made, clock())[0] == "cleared"


def test_who_is_alone_with_both_jobs_decides_with_a_reason_and_their_answer_counts_for_nothing(
    cast: Cast, app: Any, clock: Any
) -> None:
    leader = cast.viewer("leader", clock())
    make_cto_vciso(cast, clock)
    delegate = Engagement.get(Engagement.person == cast.delegate.id)
    engagements.end(leader, delegate.id, at=clock())
    made = asked(cast, clock(), PLAIN)
    sam = sign_in(app.test_client(), cast.cto)
    assert send(sam, f"{PAGE}/answer", base="1", answer="approve").status_code == 302
    accept = "/larkspur/decisions/AD-0001/accept"
    assert send(sam, accept, base="1").status_code in (409, 422), "not without a reason"
    assert again(made).status == "proposed"
    decisions.accept(
        cast.viewer("cto", clock()), made.number, base=1, reason="Nobody else is here.", at=clock()
    )
    assert standing(made, clock())[0] == "self-reviewed"
    assert "Checked by the person who decided" in sam.get("/larkspur/decisions/AD-0001").text
    assert_true(cast)


def test_a_to_do_that_is_changed_is_held_to_the_same_days(cast: Cast, app: Any, clock: Any) -> None:
    made = asked(cast, clock(), PLAIN)
    her = cast.viewer("vciso", clock())
    todo = {"text": "Rotate", "risk": "Old keys", "due_on": "2026-12-24"}
    reviews.answer(her, made.number, "approve-with-conditions", base=1, todos=[todo], at=clock())
    was, row = kept(), Condition.get().id
    past = {**todo, "due_on": "2026-11-23"}
    with pytest.raises(Invalid) as refusal:
        condition_words.change(her, made.number, row, past, reason="So.", at=clock())
    assert set(refusal.value.fields) == {"due_on"}
    with pytest.raises(Invalid):
        conditions.move(her, made.number, row, clock().date() - timedelta(days=1), reason="So.", at=clock())
    assert kept() == was


def test_an_answer_that_another_came_before_is_refused_also_where_no_page_is_in_between(
    cast: Cast, app: Any, clock: Any
) -> None:
    """Sent twice, and by two at once: the second says what it has seen, and that is not so any more."""
    made = asked(cast, clock(), PLAIN)
    make_cto_vciso(cast, clock)
    her, him = cast.viewer("vciso", clock()), cast.viewer("cto", clock())
    reviews.answer(her, made.number, "approve", base=1, seen=0, at=clock())
    was = kept()
    for viewer, words in ((her, "You said OK already"), (him, "Vciso said OK while this page was open")):
        with pytest.raises(WrongState, match=words):
            reviews.answer(viewer, made.number, "deny", base=1, text="No.", seen=0, at=clock())
        client = sign_in(app.test_client(), viewer.person)
        form = {"base": "1", "seen": "0", "answer": "deny", "text-deny": "No."}
        assert send(client, f"{PAGE}/answer", **form).status_code == 409
    assert kept() == was
