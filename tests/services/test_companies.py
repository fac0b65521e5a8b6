"""A company is founded with somebody in it, set up once by code, and changed by those who may."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.events import Event
from adr_app.models.people import Company, Engagement, Installation, Person
from adr_app.services import companies, company_settings, people, session
from tests.casts import PASSWORD, cast_of, quick_passwords, somebody

AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _quick():
    with quick_passwords():
        yield


def kinds(company: Company) -> list[str]:
    return [event.kind for event in Event.select().where(Event.company == company.id).order_by(Event.seq)]


def founded(name: str = "Larkspur Dental", **more) -> Company:
    first = somebody("priya@larkspur.example", AT)
    return companies.found(name, at=AT, first=first, roles=["leader", "cto"], **more)


def test_a_company_is_founded_with_its_first_person_in_every_role_that_was_ticked():
    company = founded()
    roles = {row.role for row in Engagement.select().where(Engagement.company == company.id)}
    assert roles == {Role.LEADER, Role.CTO}
    assert kinds(company) == ["company.founded", "engagement.started", "engagement.started"]
    assert company.last_seq == 3


def test_the_first_person_was_appointed_by_nobody():
    company = founded()
    assert {row.appointed_by for row in Engagement.select().where(Engagement.company == company.id)} == {None}


def test_the_log_goes_live_today_in_the_zone_of_the_company():
    assert founded(zone="Pacific/Auckland").go_live_on == date(2026, 11, 25)
    assert founded(zone="America/New_York").go_live_on == date(2026, 11, 24)


def test_a_company_without_leadership_is_refused_because_nobody_could_give_roles():
    first = somebody("sam@example.com", AT)
    with pytest.raises(Invalid) as refusal:
        companies.found("Ostara", at=AT, first=first, roles=["cto"])
    assert "role" in refusal.value.fields
    assert not Company.select().exists()


def test_a_delegate_of_the_cto_is_never_the_vciso_too():
    first = somebody("sam@example.com", AT)
    with pytest.raises(Invalid):
        companies.found("Ostara", at=AT, first=first, roles=["leader", "delegate", "vciso"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"currency": "euro"}, "currency"),
        ({"go_live_on": date(1700, 1, 1)}, "go_live_on"),
    ],
)
def test_a_setting_nobody_can_mean_is_refused_by_its_name(wrong, field):
    with pytest.raises(Invalid) as refusal:
        founded(**wrong)
    assert field in refusal.value.fields


def test_two_companies_of_one_name_have_addresses_of_their_own():
    assert [founded("Ostara").slug, founded("Ostara").slug] == ["ostara", "ostara-2"]


def test_a_company_cannot_take_the_address_of_a_page_of_ours():
    assert founded("Sign in").slug == "sign-in-2"


@pytest.mark.parametrize("name", ["日本", "…", "A" * 120])
def test_every_name_gives_an_address(name):
    slug = founded(name).slug
    assert slug == slug.lower() and 0 < len(slug) <= 44 and slug.isascii()


def test_the_set_up_works_once_with_the_newest_code(database):
    first, second = companies.new_setup_code(at=AT), companies.new_setup_code(at=AT)
    assert companies.awaits_set_up()
    with pytest.raises(Invalid) as refusal:
        set_up(first)
    assert set(refusal.value.fields) == {"code"}
    person, company = set_up(second.lower().replace("-", " "))
    assert company.name == "Larkspur Dental"
    assert not companies.awaits_set_up()
    with pytest.raises(NotFound):
        set_up(second)
    token, _ = session.sign_in(person.email, PASSWORD, at=AT)
    assert session.open_session(token, at=AT).person == person


def set_up(code: str, **changed):
    fields = {
        "email": "priya@larkspur.example",
        "name": "Priya Raman",
        "password": PASSWORD,
        "again": PASSWORD,
        "company": "Larkspur Dental",
        "roles": ["leader", "admin"],
        "zone": "Europe/London",
    }
    return companies.set_up(code, at=AT, **(fields | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "short", "again": "short"},
        {"again": "another one entirely"},
        {"name": " "},
        {"email": "priya"},
        {"company": ""},
        {"zone": "nowhere"},
        {"roles": []},
    ],
)
def test_a_set_up_that_is_refused_leaves_nothing_behind_and_the_code_still_works(changed):
    code = companies.new_setup_code(at=AT)
    with pytest.raises(Invalid):
        set_up(code, **changed)
    assert not Person.select().exists()
    assert not Company.select().exists()
    set_up(code)


def test_only_the_hash_of_the_code_is_kept():
    code = companies.new_setup_code(at=AT)
    kept = Installation.get_by_id(1).setup_code_hash
    assert code not in kept and len(kept) == 64


def test_no_code_is_made_once_a_company_is_there():
    founded()
    with pytest.raises(WrongState):
        companies.new_setup_code(at=AT)


def test_only_an_empty_database_becomes_a_demonstration():
    cache: dict = {}
    assert not companies.is_demonstration(cache)
    companies.mark_demonstration(at=AT)
    assert companies.is_demonstration(cache)
    with pytest.raises(WrongState):
        companies.mark_demonstration(at=AT)


def test_a_database_in_use_never_becomes_a_demonstration():
    founded()
    with pytest.raises(WrongState):
        companies.mark_demonstration(at=AT)
    assert not companies.is_demonstration({})


def test_leadership_chooses_when_a_security_ok_is_needed_and_the_record_says_so():
    cast = cast_of("Larkspur Dental", AT)
    assert company_settings.set_policy(cast.viewer("leader", AT), "2", "enforce", at=AT)
    company = Company.get_by_id(cast.company.id)
    assert company.policy == {"1": "advise", "2": "enforce", "3": "enforce"}
    assert kinds(company)[-1] == "company.policy-set"


@pytest.mark.parametrize("role", ["cto", "vciso", "member", "reader", "admin", "delegate"])
def test_nobody_but_leadership_changes_the_policy_or_the_first_day(role):
    cast = cast_of("Larkspur Dental", AT)
    with pytest.raises(NotAllowed):
        company_settings.set_policy(cast.viewer(role, AT), 3, "advise", at=AT)
    with pytest.raises(NotAllowed):
        company_settings.set_go_live(cast.viewer(role, AT), date(2020, 1, 1), at=AT)


@pytest.mark.parametrize(("level", "mode"), [("0", "advise"), ("4", "advise"), ("3", "stop")])
def test_a_policy_that_does_not_exist_is_refused(level, mode):
    cast = cast_of("Larkspur Dental", AT)
    with pytest.raises(Invalid):
        company_settings.set_policy(cast.viewer("leader", AT), level, mode, at=AT)


def test_choosing_what_is_chosen_already_records_nothing():
    cast = cast_of("Larkspur Dental", AT)
    before = kinds(cast.company)
    leader = cast.viewer("leader", AT)
    assert not company_settings.set_policy(leader, 3, "enforce", at=AT)
    assert not company_settings.set_go_live(leader, cast.company.go_live_on, at=AT)
    unchanged = {"name": cast.company.name, "currency": "EUR"}
    assert not company_settings.change_settings(leader, at=AT, **unchanged)
    assert kinds(cast.company) == before


def test_moving_the_first_day_is_an_act():
    cast = cast_of("Larkspur Dental", AT)
    assert company_settings.set_go_live(cast.viewer("leader", AT), date(2026, 9, 1), at=AT)
    company = Company.get_by_id(cast.company.id)
    assert (company.go_live_on, kinds(company)[-1]) == (date(2026, 9, 1), "company.go-live-set")


def test_an_admin_changes_names_and_numbers_and_the_record_names_what_changed():
    cast = cast_of("Larkspur Dental", AT)
    admin = cast.viewer("admin", AT)
    changed = {"name": "Larkspur", "currency": "GBP", "day_rate": 65_000, "capacity_days": "40"}
    assert company_settings.change_settings(admin, at=AT, **changed, debt_limit_days="5")
    company = Company.get_by_id(cast.company.id)
    kept = (company.name, company.currency, company.day_rate, company.capacity_days, company.debt_limit_days)
    assert kept == ("Larkspur", "GBP", 65_000, 40, 5)
    last = Event.select().where(Event.company == company.id).order_by(Event.seq.desc()).first()
    what = ["name", "currency", "day_rate", "capacity_days", "debt_limit_days"]
    assert last.data == {"what": what, "row": company.row_digest}


@pytest.mark.parametrize("number", ["-1", "1.5", "many", "9" * 30, "１００００００"])
def test_numbers_nobody_can_mean_are_refused(number):
    cast = cast_of("Larkspur Dental", AT)
    with pytest.raises(Invalid) as refusal:
        company_settings.change_settings(
            cast.viewer("leader", AT), at=AT, name="L", currency="EUR", capacity_days=number
        )
    assert set(refusal.value.fields) == {"capacity_days"}


def test_acts_after_a_year_keep_their_order():
    company = founded()
    viewer = people.viewer(Person.get(), company.slug, AT)
    company_settings.set_go_live(viewer, date(2025, 1, 1), at=AT - timedelta(days=365))
    last = Event.select().where(Event.company == company.id).order_by(Event.seq.desc()).first()
    assert last.at == AT


def test_the_first_day_of_a_log_in_use_is_never_still_to_come():
    cast = cast_of("Larkspur Dental", AT)
    tomorrow_there = local_day(AT, cast.company.zone) + timedelta(days=1)
    with pytest.raises(Invalid, match="in use"):
        company_settings.set_go_live(cast.viewer("leader", AT), tomorrow_there, at=AT)
    assert company_settings.set_go_live(cast.viewer("leader", AT), date(2026, 1, 1), at=AT)
