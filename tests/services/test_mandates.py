"""What depends on a role is said before it ends, goes to a successor in one act, and is found again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.notices import Notice
from adr_app.models.people import Engagement, Person
from adr_app.models.reviews import Review
from adr_app.services import (
    appointment_letters,
    away,
    claims,
    conditions,
    dashboard,
    decisions,
    drafts,
    engagements,
    exceptions,
    handovers,
    invitations,
    mandates,
    people,
    reviews,
    risks,
    set_aside,
    standing_rules,
)
from adr_app.services.appointment_letters import Letter
from tests.casts import Cast, cast_of, quick_passwords
from tests.mailbox import Mailbox, sending
from tests.services.security_company import assert_true, standing

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LETTER = Letter("Letter of appointment", "Drawer 4", date(2026, 11, 20))


@pytest.fixture
def cast(database: Any) -> Any:
    with quick_passwords():
        yield cast_of("Larkspur", AT)


def role_of(cast: Cast, role: str) -> Engagement:
    return Engagement.get(Engagement.person == getattr(cast, role).id, Engagement.role == role)


def second_vciso(cast: Cast, at: datetime = AT) -> Engagement:
    return engagements.appoint(
        cast.viewer("leader", at), role="vciso", email="vic@example.com", name="Vic", at=at
    )


def asked(cast: Cast, title: str = "Move billing") -> Decision:
    made = drafts.draft(cast.viewer("cto", AT), {"title": title}, at=AT)
    reviews.ask(cast.viewer("cto", AT), made.number, of=cast.vciso.id, at=AT)
    return made


def one_of_each(cast: Cast) -> None:
    """Let everything happen once that goes with a role."""
    cto, vciso, leader = (cast.viewer(role, AT) for role in ("cto", "vciso", "leader"))
    asked(cast)
    todos = [{"text": text, "risk": "Theft", "due_on": "2026-12-20"} for text in ("Keys", "Locks")]
    cleared = asked(cast, "Backups")
    reviews.answer(vciso, cleared.number, "approve-with-conditions", base=1, todos=todos, at=AT)
    decisions.accept(cto, cleared.number, base=1, at=AT)
    conditions.finish(cto, cleared.number, conditions.of(cleared)[0].id, evidence="Ticket", at=AT)
    said = {"title": "Small", "reason": "It is small.", "until": "2026-12-24"}
    standing_rules.sign(vciso, {"data": ["no"]}, **said, at=AT)
    told = decisions.record_decided(cto, {"title": "Cards", "decided_on": "2026-11-24"}, at=AT)
    claims.claim(cto, told.number, on=AT.date(), at=AT)
    for title in ("Codes", "Badges"):
        made = asked(cast, title)
        reviews.answer(vciso, made.number, "deny", base=1, text="No.", at=AT)
        put = {"question": "May we?", "technology_says": "Yes.", "answer_by": AT.date()}
        exceptions.ask(cto, made.number, **put, at=AT)
    risks.take(leader, made.number, reason="Launch.", until=date(2027, 1, 31), at=AT)
    questioned = asked(cast, "Where")
    reviews.answer(vciso, questioned.number, "question", base=1, text="Where?", at=AT)
    old = decisions.record_decided(cto, {"title": "Old", "decided_on": "2020-05-04"}, at=AT)
    set_aside.put_aside(
        leader, old.number, "inherited-not-assessed", reason="Spring.", until=date(2027, 3, 1), at=AT
    )
    vic = second_vciso(cast)
    away.leave(people.viewer(vic.person, "larkspur", AT), date(2026, 12, 7), cast.vciso.id, at=AT)


def counts(cast: Cast, role: str, viewer: str = "leader") -> dict[str, int]:
    mine = role_of(cast, role)
    found = mandates.depending(cast.viewer(viewer, AT), [mine], AT)[mine.id]
    return {one.part.code: one.count for one in found}


def test_what_depends_on_a_role_is_counted_kind_by_kind_in_so_many_queries_however_much_it_is(cast):
    one_of_each(cast)
    assert counts(cast, "vciso") == {
        "reviews": 2,  # one waits for an answer, one for the author
        "checks": 1,
        "claims": 1,
        "stands-in": 1,
        "todos": 1,
        "oks": 1,
        "rules": 1,
    }
    assert counts(cast, "leader") == {"risk-questions": 1, "risks": 1, "aside": 1}
    assert counts(cast, "cto") == {"asked": 1, "undecided": 4}
    assert counts(cast, "reader") == {}
    leader, roles = cast.viewer("leader", AT), [role_of(cast, role) for role in ("vciso", "cto")]
    with count_queries() as few:
        mandates.depending(leader, roles, AT)
        listed = {one.part.code: one.count for one in mandates.listed(leader, Role.VCISO, AT)}
    assert listed == {
        "reviews": 2,
        "checks": 1,
        "claims": 1,
        "todos": 1,
        "oks": 1,
        "rules": 1,
        "risks": 1,
        "aside": 1,
    }
    for number in range(12):
        asked(cast, f"One more {number}")
    roles.append(role_of(cast, "leader"))
    with count_queries() as many:
        mandates.depending(leader, roles, AT)
        reviewing = mandates.listed(leader, Role.VCISO, AT)[0]
    assert many.count - few.count == 3, "the three kinds that go with leadership alone"
    assert (reviewing.count, len(reviewing.rows)) == (14, mandates.SHOWN)
    assert reviewing.rows[0].decision is not None


def test_an_exception_that_waits_depends_on_the_vciso_without_whom_nobody_could_recommend_on_it(cast):
    made = asked(cast)
    reviews.answer(cast.viewer("vciso", AT), made.number, "approve-with-conditions", base=1, at=AT,
                   todos=[{"text": "Keys", "risk": "Theft", "before_go_live": "yes"}])  # fmt: skip
    put = {"question": "May we?", "technology_says": "Yes.", "answer_by": AT.date()}
    exceptions.ask(cast.viewer("member", AT), made.number, **put, at=AT)
    assert counts(cast, "vciso")["recommendations"] == 1
    (part,) = [one for one in mandates.listed(cast.viewer("vciso", AT), Role.VCISO, AT)
               if one.part.code == "recommendations"]  # fmt: skip
    assert (part.words, part.rows[0].decision.id) == ("1 exception waits for a recommendation", made.id)
    Decision.update(restricted=True).execute()
    assert "recommendations" not in counts(cast, "vciso", viewer="admin")
    second_vciso(cast)
    assert "recommendations" not in counts(cast, "vciso"), "the other one can"
    listed = mandates.listed(cast.viewer("vciso", AT), Role.VCISO, AT)
    assert "recommendations" in {one.part.code for one in listed}
    ExceptionRequest.update(asked_by=Person.get(Person.email == "vic@example.com")).execute()
    assert counts(cast, "vciso")["recommendations"] == 1, "whoever asked cannot"
    exceptions.advise(cast.viewer("vciso", AT), made.number, code="yes", text="So.", at=AT)
    assert "recommendations" not in counts(cast, "vciso")


def test_hidden_decisions_are_in_no_count_of_who_may_not_know_of_them(cast):
    secret, _ = asked(cast), asked(cast, "Open")
    Decision.update(restricted=True).where(Decision.id == secret.id).execute()
    assert counts(cast, "vciso") == {"reviews": 2}
    assert counts(cast, "vciso", viewer="admin") == {"reviews": 1}
    shown = mandates.listed(cast.viewer("admin", AT), Role.VCISO, AT)
    assert [row.decision.title for one in shown for row in one.rows] == ["Open"]


@pytest.mark.parametrize("ends", [True, False], ids=["as it ends", "while it runs"])
def test_what_waits_lies_with_the_successor_in_one_act_and_the_record_holds(cast, ends):
    made = asked(cast)
    asked(cast, "Another")
    vic = second_vciso(cast)
    mine, before = role_of(cast, "vciso"), Event.select().where(Event.company == cast.company.id).count()
    later = AT + timedelta(hours=1)
    if ends:
        engagements.end(cast.viewer("leader", later), mine.id, successor=vic.id, note="Ask Mia.", at=later)
    else:
        handovers.hand_over(cast.viewer("vciso", later), mine.id, successor=vic.id, note="Ask Mia.", at=later)
    event = Event.select().where(Event.company == cast.company.id).order_by(Event.seq.desc()).first()
    assert Event.select().where(Event.company == cast.company.id).count() == before + 1
    assert event.kind == ("engagement.ended" if ends else "engagement.handed-over")
    assert "Mia" not in bytes(event.body).decode(), "words stand in a row, their digest in the record"
    assert {(row.asked_of_id, row.taken_at) for row in Review.select()} == {(vic.person_id, later)}
    assert standing(made, later)[0] == "asked"
    assert_true(cast)
    (said,) = handovers.said_with(people.viewer(vic.person, "larkspur", later), Role.VCISO)
    assert (said.whose, said.to, said.note) == (cast.vciso.name, "Vic", "Ask Mia.")
    reviews.answer(people.viewer(vic.person, "larkspur", later), made.number, "approve", base=1, at=later)
    assert_true(cast)


def test_a_successor_is_told_by_the_mail_of_the_day_of_the_reviews_that_lie_with_them_now(cast):
    vic, made = second_vciso(cast), [asked(cast), asked(cast, "Doors")]
    with Mailbox() as mailbox, sending(mailbox):
        handovers.hand_over(
            cast.viewer("vciso", AT), role_of(cast, "vciso").id, successor=vic.id, note="", at=AT
        )
        told = list(Notice.select().order_by(Notice.id))
    assert [(row.person_id, row.kind, row.how) for row in told] == [
        (vic.person_id, "review-asked", "daily")
    ] * 2
    assert {row.decision_id for row in told} == {one.id for one in made}


def test_a_question_left_behind_by_a_leader_stands_on_the_page_of_whoever_leads_now(cast):
    leader = cast.viewer("leader", AT)
    second = engagements.appoint(leader, role="leader", person_id=cast.member.id, at=AT)
    made = asked(cast)
    reviews.answer(cast.viewer("vciso", AT), made.number, "deny", base=1, text="No.", at=AT)
    put = {"question": "May we?", "technology_says": "Yes.", "answer_by": AT.date()}
    exceptions.ask(cast.viewer("cto", AT), made.number, **put, of=cast.leader.id, at=AT)
    new = people.viewer(second.person, "larkspur", AT)
    assert dashboard.dashboard(new, at=AT).questions == [], "it was put to another"
    engagements.end(new, role_of(cast, "leader").id, at=AT)
    ((asked_of_all, decision),) = dashboard.dashboard(new, at=AT).questions
    assert (asked_of_all.question.question, decision.number) == ("May we?", made.number)
    risks.refuse(new, made.number, reason="No.", at=AT)
    assert_true(cast)


def test_handed_to_nobody_it_waits_for_whoever_is_engaged_next_who_reads_the_note(cast):
    made, later = asked(cast), AT + timedelta(hours=1)
    mine = role_of(cast, "vciso")
    engagements.end(cast.viewer("leader", later), mine.id, note="Ask Mia.", at=later)
    assert Review.get().asked_of_id == cast.vciso.id, "nothing moved"
    vic = people.viewer(second_vciso(cast, later).person, "larkspur", later)
    assert [row.decision.title for row in mandates.listed(vic, Role.VCISO, later)[0].rows] == [made.title]
    assert [said.note for said in handovers.said_with(vic, Role.VCISO)] == ["Ask Mia."]
    reviews.answer(vic, made.number, "approve", base=1, at=later)
    assert_true(cast)


@pytest.mark.parametrize(
    ("viewer", "role", "what", "error"),
    [
        ("member", "vciso", {"note": "Words"}, NotAllowed),
        ("admin", "vciso", {"note": "Words"}, NotAllowed),
        ("cto", "vciso", {"note": "Words"}, NotAllowed),
        ("vciso", "vciso", {}, Invalid),
        ("vciso", "vciso", {"note": "x" * 8001}, Invalid),
        ("vciso", "vciso", {"successor": "vciso"}, NotFound),
        ("vciso", "vciso", {"successor": "cto"}, NotFound),
        ("vciso", "vciso", {"successor": "elsewhere"}, NotFound),
        ("vciso", "vciso", {"successor": "ended"}, NotFound),
        ("vciso", "vciso", {"successor": "not come in"}, NotFound),
        ("reader", "reader", {"note": "Words"}, WrongState),
        ("leader", "ended", {"note": "Words"}, WrongState),
    ],
)
def test_a_role_is_handed_over_by_who_may_to_who_can_take_it_and_else_nothing_is_kept(
    cast, viewer, role, what, error
):
    leader = cast.viewer("leader", AT)
    gone = second_vciso(cast)
    engagements.end(leader, gone.id, at=AT)
    _, waiting = invitations.invite(leader, email="w@example.com", name="W", role="vciso", at=AT)
    named = {
        "vciso": role_of(cast, "vciso").id,
        "cto": role_of(cast, "cto").id,
        "ended": gone.id,
        "not come in": waiting.id,
        "elsewhere": role_of(cast_of("Ostara", AT), "vciso").id,
    }
    ending = gone.id if role == "ended" else role_of(cast, role).id
    asked(cast)
    events = Event.select().count()
    given = {"note": "", **what, "successor": named.get(what.get("successor", ""))}
    with pytest.raises(error):
        handovers.hand_over(cast.viewer(viewer, AT), ending, **given, at=AT)
    if error in (NotFound, Invalid) and given != {"note": "", "successor": None}:
        with pytest.raises(error):
            engagements.end(leader, ending, **given, at=AT)
    assert Event.select().count() == events
    assert Review.get().asked_of_id == cast.vciso.id


def test_words_for_a_successor_are_read_by_who_holds_the_role_and_by_leadership(cast):
    handovers.hand_over(
        cast.viewer("vciso", AT), role_of(cast, "vciso").id, successor=None, note="Ask Mia.", at=AT
    )
    for role in Role:
        said = handovers.said_with(cast.viewer(role, AT), Role.VCISO)
        assert [one.note for one in said] == (["Ask Mia."] if role in ("vciso", "leader") else [])


def test_a_letter_is_noted_with_the_role_or_later_by_who_may_give_the_role(cast):
    leader = cast.viewer("leader", AT)
    with_it = engagements.appoint(leader, role="vciso", email="v@example.com", name="V", letter=LETTER, at=AT)
    engagements.note_letter(leader, role_of(cast, "cto").id, LETTER, at=AT)
    kept = appointment_letters.of_roles(cast.company.id)
    assert {key: [row.title for row in rows] for key, rows in kept.items()} == {
        with_it.id: [LETTER.title],
        role_of(cast, "cto").id: [LETTER.title],
    }
    assert_true(cast)
    events = Event.select().count()
    with pytest.raises(NotAllowed):
        engagements.note_letter(cast.viewer("admin", AT), with_it.id, LETTER, at=AT)
    with pytest.raises(NotFound):
        elsewhere = role_of(cast_of("Ostara", AT), "vciso").id
        events = Event.select().count()
        engagements.note_letter(leader, elsewhere, LETTER, at=AT)
    with pytest.raises(Invalid):
        engagements.appoint(leader, role="reader", email="r@example.com", name="R", letter=Letter("L"), at=AT)
    assert Event.select().count() == events and people.by_email("r@example.com") is None


@pytest.mark.parametrize(
    ("letter", "fields"),
    [
        (Letter("L", "https://files.example/12", date(2026, 11, 24)), set()),
        (Letter("L", "HTTP://files.example", date(2026, 11, 24)), set()),
        (Letter("L", "Drawer: 4, at the front desk", date(2020, 1, 1)), set()),
        (Letter("L", "javascript:alert(1)", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L", "data:text/html,x", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L", "ftp://files.example", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L", "//files.example", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L", "https://", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L", "https://a b", date(2026, 11, 24)), {"letter_place"}),
        (Letter("L" * 121, "x" * 501, date(2026, 11, 25)), {"letter_title", "letter_place", "letter_on"}),
        (Letter(" ", "\n", None), {"letter_title", "letter_place", "letter_on"}),
    ],
)
def test_a_letter_says_what_it_is_where_it_lies_and_of_when_and_only_the_web_is_linked(letter, fields):
    assert letter.is_given or fields
    if fields:
        with pytest.raises(Invalid) as refusal:
            appointment_letters.check(letter, AT.date())
        assert set(refusal.value.fields) == fields
    else:
        kept = appointment_letters.check(letter, AT.date())
        assert appointment_letters.is_address(kept.place) == kept.place.lower().startswith("http")


def test_a_role_ends_soon_within_thirty_days_unless_the_same_person_has_it_again():
    def term(key: int, begins: int, ends: int | None, role: str = "vciso", person: int = 1) -> Engagement:
        until = None if ends is None else AT + timedelta(days=ends)
        return Engagement(
            id=key, person_id=person, role=role, starts_at=AT + timedelta(days=begins), ends_at=until
        )

    again = term(7, 9, 99, "cto")
    rows = [
        *(term(1, -9, 30), term(2, -9, 31, person=2), term(3, -9, None, person=3), term(4, -9, 0, person=4)),
        *(term(5, 1, 9, person=5), term(6, -9, 9, "cto"), term(8, -9, 9, "leader", 8), again),
        term(9, 9, 99, "leader"),
    ]
    assert [row.id for row in mandates.ending_soon(rows, AT)] == [8, 1]
    rows.remove(again)
    assert [row.id for row in mandates.ending_soon(rows, AT)] == [6, 8, 1]


def test_who_has_both_jobs_is_named_before_the_role_is_given_and_while_it_holds(cast):
    leader, sam = cast.viewer("leader", AT), cast.cto
    both = engagements.would_be_both(cast.company.id, sam.id, "Sam", "vciso", AT)
    assert both.startswith("Sam decides as CTO")
    assert not engagements.would_be_both(cast.company.id, sam.id, "Sam", "member", AT)
    assert not engagements.would_be_both(cast.company.id, cast.member.id, "Mia", "vciso", AT)
    assert engagements.who_is_both(people.holders(cast.company.id, Role.VCISO, AT), AT) == ""
    given = engagements.appoint(leader, role="vciso", person_id=sam.id, at=AT)
    vcisos = people.holders(cast.company.id, Role.VCISO, AT)
    assert engagements.who_is_both(vcisos, AT) == sam.name and engagements.who_is_both([], AT) == ""
    engagements.end(leader, given.id, at=AT)
    assert engagements.warnings(cast.company, AT) == []
