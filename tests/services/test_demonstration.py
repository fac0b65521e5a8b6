"""The demonstration tells its stories by the product's own acts, and everything in it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adr_app.domain.errors import WrongState
from adr_app.models.debt import DebtItem, DebtLink
from adr_app.models.decisions import Decision, ImportedFile
from adr_app.models.first_role import RoleAssessment
from adr_app.models.flags import SpanRow
from adr_app.models.obligations import Obligation
from adr_app.models.people import Company, Engagement, Installation, Person
from adr_app.models.reviews import Claim, Condition, Review, RiskQuestion
from adr_app.services import demonstration, flags, people, session
from adr_app.services.verification import verify
from tests.casts import quick_passwords
from tests.conftest import connected
from tests.databases import Databases

DECISIONS = Path(__file__).resolve().parents[2] / "decisions"
MOMENTS = (
    datetime(2026, 11, 24, 9, 0, tzinfo=UTC),  # a Tuesday in the morning
    datetime(2026, 3, 29, 22, 30, tzinfo=UTC),  # a Sunday night on which the clocks change
    datetime(2028, 3, 1, 0, 0, tzinfo=UTC),  # a Wednesday just after midnight, behind a leap day
)


class Played:
    """The demonstration on an engine as it had grown at a moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.larkspur = Company.get(Company.slug == "larkspur-dental")
        self.ostara = Company.get(Company.slug == "ostara-software")

    def standing(self, company: Company) -> dict[str, str]:
        """Return the security standing of every decision of a company, by title."""
        titles = dict(
            Decision.select(Decision.id, Decision.title).where(Decision.company == company.id).tuples()
        )
        return {
            titles[span.subject_id]: span.code for span in SpanRow.running(company.id, "standing", self.at)
        }


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> Iterator[dict[str, str]]:
    """One database for each engine, seeded when it is first asked for: these tests change none."""
    urls: dict[str, str] = {}
    yield urls
    for url in urls.values():
        databases.discard(url)


@pytest.fixture
def played(databases: Databases, seeded: dict[str, str], engine: str) -> Iterator[Played]:
    if engine not in seeded:
        seeded[engine] = databases.migrated(engine)
        with connected(seeded[engine]), quick_passwords():
            demonstration.seed(at=MOMENTS[0], decisions=DECISIONS)
    with connected(seeded[engine]):
        yield Played(MOMENTS[0])


def test_there_are_four_companies_with_the_cast_in_their_roles(played: Played) -> None:
    assert Installation.get_by_id(1).demonstration
    assert {company.name for company in Company.select()} == {
        *("Larkspur Dental", "Ostara Software", "Marlow Booking", "Cedar Health")
    }
    roles = {
        (row.company.name.split()[0], row.person.name.split()[0], row.role)
        for row in Engagement.running(played.at)
    }
    assert roles >= {
        ("Larkspur", "Priya", "leader"), ("Larkspur", "Sam", "cto"), ("Larkspur", "Vera", "vciso"),
        ("Ostara", "Omar", "leader"), ("Ostara", "Sam", "cto"), ("Ostara", "Vera", "vciso"),
    }  # fmt: skip
    assert {person.email for person in Person.select()} == {member.email for member in demonstration.CAST}


def test_everybody_signs_in_with_the_password_that_is_printed(played: Played) -> None:
    for member in demonstration.CAST:
        token, opened = session.sign_in(member.email, demonstration.PASSWORD, at=played.at)
        assert token and people.companies_of(opened.person_id, played.at)


def test_flags_and_record_are_what_the_acts_give(played: Played) -> None:
    for company in (played.larkspur, played.ostara):
        found = flags.check(company)
        assert (found.different, found.stale) == ([], 0)
        report = verify(company)
        assert report.broken is None and report.events == company.last_seq > 20


def test_nothing_in_it_happens_after_now(played: Played) -> None:
    for company in (played.larkspur, played.ostara):
        assert company.last_event_at <= played.at


def test_a_decision_was_made_without_vciso_input_and_checked_later_or_not_yet(played: Played) -> None:
    standing = played.standing(played.larkspur)
    assert "no-input" in standing.values() and "reviewed-late" in standing.values()
    flagged = SpanRow.running(played.larkspur.id, "flag", played.at).where(
        SpanRow.code == "accepted-no-input"
    )
    assert flagged.count() >= 1
    assert "nobody-engaged" in played.standing(played.ostara).values()


def test_a_review_waits_a_question_waits_and_one_is_late(played: Played) -> None:
    waiting = list(Review.select().where(Review.state == "waiting"))
    assert {row.company_id for row in waiting} == {played.larkspur.id, played.ostara.id}
    assert any(row.due_at < played.at for row in waiting)
    assert Review.select().where(Review.state == "question").exists()
    assert {"asked", "question"} <= set(played.standing(played.larkspur).values())


def test_a_decision_is_cleared_with_open_to_dos_and_one_is_done(played: Played) -> None:
    standing = played.standing(played.larkspur)
    assert {"cleared", "cleared-with-conditions"} <= set(standing.values())
    done = [row.done_at is not None for row in Condition.select()]
    assert True in done and False in done


def test_the_vciso_said_no_and_leadership_is_asked(played: Played) -> None:
    question = RiskQuestion.get(RiskQuestion.state == "open")
    assert question.company_id == played.larkspur.id and question.answer_by > played.at.date()
    assert Person.get_by_id(question.asked_of_id).email == demonstration.PRIYA.email


def test_a_meeting_is_claimed_and_waits_for_a_yes(played: Played) -> None:
    assert Claim.get(Claim.company == played.larkspur.id).yes is None


def test_debt_costs_something_and_is_linked_to_the_decision_that_brought_it(played: Played) -> None:
    linked = DebtLink.get(DebtLink.company == played.larkspur.id)
    assert linked.role == "incurred_by"
    assert DebtItem.get_by_id(linked.debt_id).monthly_loss > 0
    assert DebtItem.select().where(DebtItem.company == played.larkspur.id).count() == 5
    states = {row.state for row in DebtItem.select().where(DebtItem.company == played.larkspur.id)}
    assert states == {"verified", "analysed", "scheduled", "carried", "identified"}


def test_the_projects_own_decisions_are_imported_into_the_second_company(played: Played) -> None:
    files = {row.path for row in ImportedFile.select().where(ImportedFile.company == played.ostara.id)}
    assert files == {file.name for file in DECISIONS.glob("*.md")}
    imported = Decision.select().where(Decision.company == played.ostara.id, Decision.imported)
    assert imported.count() == len(files) >= 10
    assert {row.status for row in imported} == {"accepted"}


def test_a_database_in_use_is_not_seeded(played: Played) -> None:
    before = Company.select().count()
    with pytest.raises(WrongState):
        demonstration.seed(at=played.at)
    assert Company.select().count() == before


@pytest.mark.parametrize("at", MOMENTS[1:])
def test_it_can_be_seeded_at_any_moment(database, at: datetime) -> None:
    with quick_passwords():
        demonstration.seed(at=at)
    for company in Company.select():
        assert flags.check(company).different == [] and verify(company).broken is None
        assert company.last_event_at <= at


def test_both_that_have_no_adviser_have_asked_which_one_comes_first(played: Played) -> None:
    told = {}
    for row in RoleAssessment.select(RoleAssessment, Company).join(Company):
        told[row.company.name] = (row.result, row.rule, [code for code, *_ in row.told["watch"]])
        assert verify(row.company).broken is None and flags.check(row.company).different == []
    assert told == {
        "Marlow Booking": ("CTO_FIRST", "R1", ["W7"]),
        "Cedar Health": ("VCISO_THEN_CTO", "R3", []),
    }
    assert Obligation.get(Obligation.company == played.larkspur.id).months == 12
