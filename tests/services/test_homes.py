"""First screens: what needs somebody today, across all their companies and nothing of anybody else's."""

from datetime import date, timedelta

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import companies, decisions, desk, drafts, engagements, homes, people, reviews, risks
from adr_app.services import working_copies as copies
from adr_app.services.homes import Mine
from tests.casts import Cast, cast_of
from tests.conftest import START

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
    home = homes.cto_home(mine(larkspur.cto))
    assert (home.needs, home.waiting, home.unfinished) == ([], [], [])
    assert [row["undecided"] for row in home.table] == [0]
    seen = desk.vciso_home(mine(larkspur.vciso))
    assert (seen.answers, seen.decided, seen.due, seen.minutes) == ([], [], [], 0)


def test_what_was_asked_waits_for_others_at_the_cto_and_for_an_answer_at_the_vciso(larkspur: Cast) -> None:
    asked(larkspur, "Move billing")
    assert titles(homes.cto_home(mine(larkspur.cto)).waiting) == ["Move billing"]
    assert titles(desk.vciso_home(mine(larkspur.vciso)).answers) == ["Move billing"]


def test_the_vcisos_queue_is_in_the_order_of_due_times(larkspur: Cast) -> None:
    asked(larkspur, "Later", at=START - timedelta(days=1))
    asked(larkspur, "Second", at=START)
    Decision.update(title="First").where(Decision.title == "Later").execute()
    assert titles(desk.vciso_home(mine(larkspur.vciso)).answers) == ["First", "Second"]


def test_a_checked_decision_is_ready_to_be_decided(larkspur: Cast) -> None:
    made = asked(larkspur, "Renew the contract")
    reviews.answer(larkspur.viewer("vciso", START), made.number, "approve", base=1, at=START)
    home = homes.cto_home(mine(larkspur.cto))
    assert [(row.what, row.decision.title) for row in home.needs] == [("decide", "Renew the contract")]
    assert home.waiting == []


def test_a_question_of_the_vciso_waits_for_the_author_and_not_for_her(larkspur: Cast) -> None:
    made = asked(larkspur, "Text reminders")
    vciso = larkspur.viewer("vciso", START)
    reviews.answer(vciso, made.number, "question", base=1, text="Where are the numbers kept?", at=START)
    assert [row.what for row in homes.cto_home(mine(larkspur.cto)).needs] == ["answer"]
    seen = desk.vciso_home(mine(larkspur.vciso))
    assert (titles(seen.answers), titles(seen.waiting)) == ([], ["Text reminders"])


def test_what_was_decided_unasked_needs_the_cto_and_stands_at_the_vciso(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    made = drafts.draft(cto, {"title": "New login"}, answers=RISKY, at=START)
    decisions.propose(cto, made.number, at=START)
    decisions.accept(cto, made.number, base=1, reason="No time.", at=START)
    assert [row.what for row in homes.cto_home(mine(larkspur.cto)).needs] == ["ask"]
    ((company, count, newest),) = desk.vciso_home(mine(larkspur.vciso)).decided
    assert (company.slug, count) == ("larkspur", 1)
    assert newest is not None
    assert newest.decision.title == "New login"


def test_a_claimed_meeting_asks_the_vciso_and_not_the_cto(larkspur: Cast) -> None:
    cto = larkspur.viewer("cto", START)
    typed = {"title": "Chat with patients", "decided_on": "2026-11-23"}
    decisions.record_decided(cto, typed, took_part=True, at=START)
    assert homes.cto_home(mine(larkspur.cto)).needs == []
    assert titles(desk.vciso_home(mine(larkspur.vciso)).claims) == ["Chat with patients"]


def test_a_question_of_risk_waits_for_leadership_instead_of_the_cto(larkspur: Cast) -> None:
    made = asked(larkspur, "Keep the codes")
    reviews.answer(larkspur.viewer("vciso", START), made.number, "deny", base=1, text="Unsafe.", at=START)
    assert [row.what for row in homes.cto_home(mine(larkspur.cto)).needs] == ["stuck"]
    risks.put_to_leadership(
        larkspur.viewer("cto", START),
        made.number,
        question="May we keep them?",
        technology_says="Yes.",
        answer_by=date(2026, 11, 27),
        at=START,
    )
    home = homes.cto_home(mine(larkspur.cto))
    assert (home.needs, [row.what for row in home.waiting]) == ([], ["leadership"])


def test_a_to_do_of_the_vciso_stands_in_the_thirty_days_before_it_is_due(larkspur: Cast) -> None:
    made = asked(larkspur, "Backups")
    todos = [
        {"text": "Restore one", "due_on": "2026-12-01"},
        {"text": "Next year", "due_on": "2027-03-01"},
    ]
    reviews.answer(
        larkspur.viewer("vciso", START), made.number, "approve-with-conditions", base=1, todos=todos, at=START
    )
    assert [row.about.text for row in desk.vciso_home(mine(larkspur.vciso)).due] == ["Restore one"]


def test_what_was_noted_and_not_finished_is_only_its_writers(larkspur: Cast) -> None:
    copies.keep(larkspur.viewer("cto", START), {"title": "Kafka or a table?"}, at=START)
    ((company, copy),) = homes.unfinished(mine(larkspur.cto))
    assert (company.slug, copy.fields["title"]) == ("larkspur", "Kafka or a table?")
    assert homes.unfinished(mine(larkspur.member)) == []


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
    assert titles(homes.cto_home(mine(larkspur.cto)).waiting) == ["Buy a rival"]
    assert homes.cto_home(mine(larkspur.delegate)).waiting == []


def test_the_first_screens_ask_the_same_number_of_queries_for_one_company_and_for_many(
    larkspur: Cast,
) -> None:
    def cost() -> tuple[int, int]:
        me = mine(larkspur.cto)
        with count_queries() as as_cto:
            homes.cto_home(me)
        her = mine(larkspur.vciso)
        with count_queries() as as_vciso:
            desk.vciso_home(her)
        return as_cto.count, as_vciso.count

    asked(larkspur, "First")
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
    assert Company.select().count() == 7
    after = cost()
    assert after[0] <= before[0] + 1
    assert after[1] <= before[1] + 1
