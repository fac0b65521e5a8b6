"""First screens: what needs somebody today, across all their companies and nothing of anybody else's."""

from datetime import date, timedelta

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import (
    answers,
    choices,
    companies,
    debt,
    decisions,
    desk,
    drafts,
    engagements,
    exceptions,
    homes,
    people,
    reviews,
    risks,
)
from adr_app.services import working_copies as copies
from adr_app.services.homes import Mine
from tests.casts import Cast, cast_of
from tests.conftest import START

NOES = dict.fromkeys(("data", "access", "outside", "undo"), "no")
RISKY = {"data": "yes", "access": "no", "outside": "no", "undo": "no"}


@pytest.fixture
def larkspur(database: peewee.Database) -> Cast:
    """Larkspur with somebody in every role."""
    return cast_of("Larkspur", START - timedelta(days=30), zone="Europe/Berlin")


def mine(person: Person, at=START) -> Mine:
    return homes.mine(person, people.companies_of(person.id, at), at)


def asked(cast: Cast, title: str, at=START, **fields) -> Decision:
    """Let the CTO write a decision and send it to the vCISO."""
    cto = cast.viewer("cto", at)
    made = drafts.draft(cto, {"title": title, **fields}, answers=RISKY, at=at)
    reviews.ask(cto, made.number, at=at)
    return made


def titles(rows) -> list[str]:
    return [row.decision.title for row in rows]


def test_a_quiet_day_shows_nothing_that_needs_anybody(larkspur: Cast) -> None:
    home = choices.cto_home(mine(larkspur.cto))
    assert (home.needs, home.waiting, home.unfinished) == ([], [], [])
    assert [row["undecided"] for row in home.table] == [0]
    seen = desk.vciso_home(mine(larkspur.vciso))
    assert (seen.answers, seen.decided, seen.due, seen.minutes) == ([], [], [], 0)


def test_what_was_asked_waits_for_others_at_the_cto_and_for_an_answer_at_the_vciso(larkspur: Cast) -> None:
    asked(larkspur, "Move billing")
    assert titles(choices.cto_home(mine(larkspur.cto)).waiting) == ["Move billing"]
    assert titles(desk.vciso_home(mine(larkspur.vciso)).answers) == ["Move billing"]


def test_the_vcisos_queue_is_in_the_order_of_due_times(larkspur: Cast) -> None:
    asked(larkspur, "Later", at=START - timedelta(days=1))
    asked(larkspur, "Second", at=START)
    Decision.update(title="First").where(Decision.title == "Later").execute()
    assert titles(desk.vciso_home(mine(larkspur.vciso)).answers) == ["First", "Second"]


def test_a_checked_decision_is_ready_to_be_decided(larkspur: Cast) -> None:
    made = asked(larkspur, "Renew the contract")
    reviews.answer(larkspur.viewer("vciso", START), made.number, "approve", base=1, at=START)
    home = choices.cto_home(mine(larkspur.cto))
    assert [(row.what, row.decision.title) for row in home.needs] == [("decide", "Renew the contract")]
    assert home.waiting == []


def proposed(cast: Cast, title: str, at=START, who: str = "cto", answers=RISKY, **fields) -> Decision:
    """Let somebody write a decision and propose it without asking the vCISO."""
    viewer = cast.viewer(who, at)
    made = drafts.draft(viewer, {"title": title, **fields}, answers=answers, at=at)
    return decisions.propose(viewer, made.number, at=at)


def test_a_decision_proposed_without_asking_needs_the_cto(larkspur: Cast) -> None:
    proposed(larkspur, "Harmless", who="member", answers=NOES, decide_by="2026-11-25")
    proposed(larkspur, "Touches data", who="member")
    home = choices.cto_home(mine(larkspur.cto))
    assert [(row.what, row.decision.title) for row in home.needs] == [
        ("decide", "Harmless"),  # by tomorrow, so it stands first
        ("send", "Touches data"),
    ]
    assert home.needs_all == 2


def test_without_a_vciso_what_is_proposed_is_to_be_decided_and_nobody_can_be_asked(larkspur: Cast) -> None:
    leader = larkspur.viewer("leader", START)
    held = next(e for e in people.engaged(leader.company.id, START) if e.role == "vciso")
    engagements.end(leader, held.id, at=START)
    later = START + timedelta(hours=1)
    made = proposed(larkspur, "Decided alone", at=later)
    decisions.accept(larkspur.viewer("cto", later), made.number, base=1, reason="Now.", at=later)
    proposed(larkspur, "To decide", at=later)
    home = choices.cto_home(mine(larkspur.cto, later))
    assert [(row.what, row.decision.title) for row in home.needs] == [
        ("decide", "To decide"),
        ("nobody", "Decided alone"),
    ]


def test_the_count_of_what_needs_the_cto_is_whole_and_rows_are_a_handful(larkspur: Cast) -> None:
    for number in range(10):
        proposed(larkspur, f"Proposed {number}")
    for number in range(3):
        asked(larkspur, f"Asked {number}")
        made = proposed(larkspur, f"Accepted {number}")
        decisions.accept(larkspur.viewer("cto", START), made.number, base=1, reason="Now.", at=START)
    home = choices.cto_home(mine(larkspur.cto))
    assert (len(home.needs), home.needs_all) == (homes.SHOWN, 13)
    assert (len(home.waiting), home.waiting_all) == (3, 3)


def test_what_cannot_need_the_cto_hides_nothing_that_does(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    oldest = proposed(larkspur, "Still to be asked")
    decisions.accept(cto, oldest.number, base=1, reason="Now.", at=START)
    for number in range(homes.SHOWN + 1):
        at = START + timedelta(minutes=number)
        made = proposed(larkspur, f"Asked afterwards {number}", at=at)
        decisions.accept(larkspur.viewer("cto", at), made.number, base=1, reason="Now.", at=at)
        reviews.ask(larkspur.viewer("cto", at), made.number, at=at)
    typed = {"title": "In a meeting", "decided_on": "2026-11-23"}
    later = START + timedelta(hours=1)
    decisions.record_decided(larkspur.viewer("cto", later), typed, took_part=True, at=later)
    home = choices.cto_home(mine(larkspur.cto, later))
    assert (titles(home.needs), home.needs_all) == (["Still to be asked"], 1)


def test_what_is_put_to_leadership_is_counted_once_whoever_else_has_it(larkspur: Cast) -> None:
    said_no, asked_again = asked(larkspur, "Keep the codes"), asked(larkspur, "Asked of both")
    for made in (said_no, asked_again):
        reviews.answer(larkspur.viewer("vciso", START), made.number, "deny", base=1, text="No.", at=START)
    reviews.ask(larkspur.viewer("cto", START), asked_again.number, at=START)
    for made in (said_no, asked_again):
        exceptions.ask(
            larkspur.viewer("cto", START), made.number, question="May we?", technology_says="Yes.",
            answer_by=date(2026, 11, 27), at=START,
        )  # fmt: skip
    home = choices.cto_home(mine(larkspur.cto))
    assert (home.needs, home.needs_all) == ([], 0)


def test_a_delegates_counts_tell_of_nothing_restricted(larkspur: Cast) -> None:
    for title in ("Open", "Secret"):
        proposed(larkspur, f"{title} proposal")
        asked(larkspur, f"{title} review")
        made = proposed(larkspur, f"{title} accepted")
        decisions.accept(larkspur.viewer("cto", START), made.number, base=1, reason="Now.", at=START)
    Decision.update(restricted=True).where(Decision.title.startswith("Secret")).execute()
    home = choices.cto_home(mine(larkspur.delegate))
    assert (titles(home.needs), home.needs_all) == (["Open proposal", "Open accepted"], 2)
    assert (titles(home.waiting), home.waiting_all) == (["Open review"], 1)
    assert choices.cto_home(mine(larkspur.cto)).needs_all == 4


def test_the_cto_reads_her_question_itself(larkspur: Cast) -> None:
    made = asked(larkspur, "Text reminders")
    vciso = larkspur.viewer("vciso", START)
    reviews.answer(vciso, made.number, "question", base=1, text="Where are the numbers kept?", at=START)
    ((_, said),) = [row.about for row in choices.cto_home(mine(larkspur.cto)).needs]
    assert said.text == "Where are the numbers kept?"


def test_the_next_date_is_the_nearest_day_to_decide_by(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    for title, day in (("Later", "2026-12-09"), ("Sooner", "2026-12-02"), ("Past", "2026-11-02")):
        drafts.draft(cto, {"title": title, "decide_by": day}, at=START)
    following = choices.cto_home(mine(larkspur.cto)).next
    assert following is not None and following.title == "Sooner"


def test_decisions_of_before_she_came_stand_on_the_vcisos_screen(larkspur: Cast) -> None:
    typed = {"title": "Old servers", "decided_on": "2020-05-04"}
    decisions.record_decided(larkspur.viewer("cto", START), typed, at=START)
    assert [(c.slug, n) for c, n in desk.vciso_home(mine(larkspur.vciso)).older] == [("larkspur", 1)]


def test_what_was_decided_before_she_came_stands_higher_for_thirty_days(larkspur: Cast) -> None:
    typed = {"title": "Old servers", "decided_on": "2020-05-04"}
    last = START - timedelta(seconds=1)  # she came thirty days before START
    decisions.record_decided(larkspur.viewer("cto", last), typed, at=last)
    assert desk.vciso_home(mine(larkspur.vciso, last)).newly == {larkspur.company.id}
    assert desk.vciso_home(mine(larkspur.vciso)).newly == frozenset()


def test_who_comes_back_or_stays_on_is_not_new(larkspur: Cast) -> None:
    typed = {"title": "Old servers", "decided_on": "2020-05-04"}
    decisions.record_decided(larkspur.viewer("cto", START), typed, at=START)
    leader = larkspur.viewer("leader", START)
    held = next(e for e in people.engaged(leader.company.id, START) if e.role == "vciso")
    engagements.end(leader, held.id, at=START)
    later = START + timedelta(days=1)
    engagements.appoint(larkspur.viewer("leader", later), role="vciso", email=larkspur.vciso.email, at=later)
    ines = Person.create(email="ines@example.com", name="Ines", created_at=START)
    engagements.appoint(larkspur.viewer("leader", later), role="vciso", email=ines.email, at=later)
    assert desk.vciso_home(mine(larkspur.vciso, later)).newly == frozenset()
    assert desk.vciso_home(mine(ines, later)).newly == {larkspur.company.id}


def test_a_question_of_the_vciso_waits_for_the_author_and_not_for_her(larkspur: Cast) -> None:
    made = asked(larkspur, "Text reminders")
    vciso = larkspur.viewer("vciso", START)
    reviews.answer(vciso, made.number, "question", base=1, text="Where are the numbers kept?", at=START)
    assert [row.what for row in choices.cto_home(mine(larkspur.cto)).needs] == ["answer"]
    seen = desk.vciso_home(mine(larkspur.vciso))
    assert (titles(seen.answers), titles(seen.waiting)) == ([], ["Text reminders"])


def test_what_was_decided_unasked_needs_the_cto_and_stands_at_the_vciso(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    made = drafts.draft(cto, {"title": "New login"}, answers=RISKY, at=START)
    decisions.propose(cto, made.number, at=START)
    decisions.accept(cto, made.number, base=1, reason="No time.", at=START)
    assert [row.what for row in choices.cto_home(mine(larkspur.cto)).needs] == ["ask"]
    ((company, count, newest),) = desk.vciso_home(mine(larkspur.vciso)).decided
    assert (company.slug, count) == ("larkspur", 1)
    assert newest is not None
    assert newest.decision.title == "New login"


def test_a_claimed_meeting_asks_the_vciso_and_not_the_cto(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    typed = {"title": "Chat with patients", "decided_on": "2026-11-23"}
    decisions.record_decided(cto, typed, took_part=True, at=START)
    assert choices.cto_home(mine(larkspur.cto)).needs == []
    assert titles(desk.vciso_home(mine(larkspur.vciso)).claims) == ["Chat with patients"]


def test_a_question_of_risk_waits_for_leadership_instead_of_the_cto(larkspur: Cast) -> None:
    made = asked(larkspur, "Keep the codes")
    reviews.answer(larkspur.viewer("vciso", START), made.number, "deny", base=1, text="Unsafe.", at=START)
    assert [row.what for row in choices.cto_home(mine(larkspur.cto)).needs] == ["stuck"]
    exceptions.ask(
        larkspur.viewer("cto", START),
        made.number,
        question="May we keep them?",
        technology_says="Yes.",
        answer_by=date(2026, 11, 27),
        at=START,
    )
    home = choices.cto_home(mine(larkspur.cto))
    assert (home.needs, [row.what for row in home.waiting]) == ([], ["leadership"])


def test_a_to_do_of_the_vciso_stands_in_the_thirty_days_before_it_is_due(larkspur: Cast) -> None:
    made = asked(larkspur, "Backups")
    todos = [
        {"text": "Restore one", "risk": "Old keys", "due_on": "2026-12-01"},
        {"text": "Next year", "risk": "Old keys", "due_on": "2027-03-01"},
    ]
    reviews.answer(
        larkspur.viewer("vciso", START), made.number, "approve-with-conditions", base=1, todos=todos, at=START
    )
    assert [row.about.text for row in desk.vciso_home(mine(larkspur.vciso)).due] == ["Restore one"]


def test_a_to_do_of_an_answer_that_was_taken_back_is_due_no_more(larkspur: Cast) -> None:
    made = asked(larkspur, "Backups")
    vciso = larkspur.viewer("vciso", START)
    todos = [{"text": "Restore one", "risk": "Old keys", "due_on": "2026-12-01"}]
    reviews.answer(vciso, made.number, "approve-with-conditions", base=1, todos=todos, at=START)
    answers.take_back(vciso, made.number, at=START)
    seen = desk.vciso_home(mine(larkspur.vciso))
    assert (seen.due, seen.due_all) == ([], 0)


def test_neither_to_dos_nor_risks_of_what_left_force_are_due(larkspur: Cast) -> None:
    cto, vciso = larkspur.viewer("cto", START), larkspur.viewer("vciso", START)
    todos = [{"text": "Restore one", "risk": "Old keys", "due_on": "2026-12-01"}]
    with_todo, risky = asked(larkspur, "Backups"), asked(larkspur, "Codes")
    reviews.answer(vciso, with_todo.number, "approve-with-conditions", base=1, todos=todos, at=START)
    reviews.answer(vciso, risky.number, "deny", base=1, text="Unsafe.", at=START)
    leader = larkspur.viewer("leader", START)
    risks.take(leader, risky.number, reason="The launch.", until=date(2026, 12, 8), at=START)
    for made in (with_todo, risky):
        decisions.accept(cto, made.number, base=1, reason="Now.", at=START)
    assert desk.vciso_home(mine(larkspur.vciso)).due_all == 2
    for made in (with_todo, risky):
        decisions.deprecate(cto, made.number, at=START)
    assert desk.vciso_home(mine(larkspur.vciso)).due_all == 0


def test_what_was_noted_and_not_finished_is_only_its_writers(larkspur: Cast) -> None:
    copies.keep(larkspur.viewer("cto", START), {"title": "Kafka or a table?"}, at=START)
    ((company, copy),), count = homes.unfinished(mine(larkspur.cto))
    assert (company.slug, copy.fields["title"]) == ("larkspur", "Kafka or a table?")
    assert count == 1
    assert homes.unfinished(mine(larkspur.member)) == ([], 0)


def test_a_company_without_a_new_decision_is_quiet_whatever_else_happens(larkspur: Cast) -> None:
    asked(larkspur, "Backups", at=START - timedelta(days=29))
    debt.note(larkspur.viewer("member", START), title="Slow tests", at=START + timedelta(days=11))
    later = START + timedelta(days=12)
    assert [(c.slug, days) for c, days in desk.vciso_home(mine(larkspur.vciso, later)).quiet] == [
        ("larkspur", 41)
    ]
    drafts.draft(larkspur.viewer("cto", later), {"title": "New"}, at=later)
    assert desk.vciso_home(mine(larkspur.vciso, later)).quiet == []


def test_a_company_where_nothing_happens_is_quiet_after_thirty_days(larkspur: Cast) -> None:
    assert desk.vciso_home(mine(larkspur.vciso, START - timedelta(seconds=1))).quiet == []
    later = START + timedelta(days=11)
    assert [(c.slug, days) for c, days in desk.vciso_home(mine(larkspur.vciso, later)).quiet] == [
        ("larkspur", 41)
    ]


def test_nothing_of_a_company_one_has_left_is_shown(larkspur: Cast) -> None:
    asked(larkspur, "Move billing")
    leader = larkspur.viewer("leader", START)
    held = next(e for e in people.engaged(leader.company.id, START) if e.role == "vciso")
    engagements.end(leader, held.id, at=START + timedelta(hours=1))
    assert mine(larkspur.vciso, START + timedelta(hours=2)).companies == {}


def test_a_restricted_decision_of_others_is_not_on_a_delegates_screen(larkspur: Cast) -> None:
    made = asked(larkspur, "Buy a rival")
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    assert titles(choices.cto_home(mine(larkspur.cto)).waiting) == ["Buy a rival"]
    assert choices.cto_home(mine(larkspur.delegate)).waiting == []


def test_the_first_screens_ask_the_same_number_of_queries_for_one_company_and_for_many(
    larkspur: Cast,
) -> None:
    def cost() -> tuple[int, int]:
        me = mine(larkspur.cto)
        with count_queries() as as_cto:
            choices.cto_home(me)
        her = mine(larkspur.vciso)
        with count_queries() as as_vciso:
            desk.vciso_home(her)
        return as_cto.count, as_vciso.count

    asked(larkspur, "First")
    typed = {"title": "Old servers", "decided_on": "2020-05-04"}
    decisions.record_decided(larkspur.viewer("cto", START), typed, at=START)
    before = cost()
    for number in range(6):
        founded = companies.found(
            f"Company {number}", at=START, first=larkspur.leader, roles=["leader"], zone="UTC"
        )
        viewer = people.viewer(larkspur.leader, founded.slug, START)
        for role, person in (("cto", larkspur.cto), ("vciso", larkspur.vciso)):
            engagements.appoint(viewer, role=role, email=person.email, at=START)
        cto = people.viewer(larkspur.cto, founded.slug, START)
        made = drafts.draft(cto, {"title": f"Ask {number}"}, answers=RISKY, at=START)
        reviews.ask(cto, made.number, at=START)
        decisions.record_decided(cto, typed, at=START)
    assert Company.select().count() == 7
    after = cost()
    assert after[0] <= before[0] + 1
    assert after[1] <= before[1] + 1
