"""Roles are given by those who may, never to oneself, from a day to a day, and end for a reason."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import ADVISER_ROLES, Role
from adr_app.models.events import Event
from adr_app.models.people import Engagement, Person
from adr_app.services import engagements, people
from tests.casts import Cast, cast_of, quick_passwords, somebody

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(database):
    with quick_passwords():
        yield cast_of("Larkspur Dental", AT, zone="Europe/London")


def last_event(cast: Cast) -> Event:
    return Event.select().where(Event.company == cast.company.id).order_by(Event.seq.desc()).first()


def roles_of(cast: Cast, person: Person, at: datetime) -> set[Role]:
    try:
        return set(people.viewer(person, cast.company.slug, at).roles)
    except NotFound:
        return set()


@pytest.mark.parametrize("role", list(Role))
def test_leadership_gives_every_role(cast, role):
    new = engagements.appoint(
        cast.viewer("leader", AT), role=role, email="new@example.com", name="Newcomer", at=AT
    )
    assert roles_of(cast, new.person, AT) == {role}
    assert new.appointed_by_id == cast.leader.id


@pytest.mark.parametrize("role", list(Role))
def test_an_admin_gives_every_role_but_those_that_advise_or_lead(cast, role):
    give = {"role": role, "email": "new@example.com", "name": "Newcomer", "at": AT}
    if role in ADVISER_ROLES:
        with pytest.raises(NotAllowed):
            engagements.appoint(cast.viewer("admin", AT), **give)
        assert people.by_email("new@example.com") is None
    else:
        assert engagements.appoint(cast.viewer("admin", AT), **give)


@pytest.mark.parametrize("giver", ["cto", "vciso", "member", "reader", "delegate"])
def test_nobody_else_gives_or_ends_any_role(cast, giver):
    viewer = cast.viewer(giver, AT)
    for role in Role:
        with pytest.raises(NotAllowed):
            engagements.appoint(viewer, role=role, email="new@example.com", name="New", at=AT)
    for row in people.engagement_rows(cast.company.id):
        with pytest.raises(NotAllowed):
            engagements.end(viewer, row.id, at=AT)


@pytest.mark.parametrize("who", ["leader", "admin"])
def test_nobody_appoints_themselves(cast, who):
    viewer = cast.viewer(who, AT)
    for how in ({"person_id": viewer.person.id}, {"email": viewer.person.email.upper()}):
        with pytest.raises(NotAllowed, match="themselves"):
            engagements.appoint(viewer, role=Role.MEMBER, **how, at=AT)


def test_a_delegate_is_never_a_vciso_whichever_came_first(cast):
    leader = cast.viewer("leader", AT)
    for person, role in ((cast.delegate, Role.VCISO), (cast.vciso, Role.DELEGATE)):
        with pytest.raises(Invalid, match="delegate"):
            engagements.appoint(leader, role=role, person_id=person.id, at=AT)


def test_a_delegate_may_become_the_vciso_once_the_first_role_is_over(cast):
    leader = cast.viewer("leader", AT)
    mine = Engagement.get(Engagement.person == cast.delegate.id)
    engagements.end(leader, mine.id, at=AT)
    engagements.appoint(leader, role=Role.VCISO, person_id=cast.delegate.id, at=AT)
    assert roles_of(cast, cast.delegate, AT) == {Role.VCISO}


def test_the_same_person_may_decide_and_check_and_the_page_warns(cast):
    leader = cast.viewer("leader", AT)
    assert engagements.warnings(cast.company, AT) == []
    engagements.appoint(leader, role=Role.VCISO, person_id=cast.cto.id, at=AT)
    (warning,) = engagements.warnings(cast.company, AT)
    assert cast.cto.name in warning


def test_a_role_held_already_in_that_time_is_refused_with_the_reason(cast):
    leader = cast.viewer("leader", AT)
    with pytest.raises(Invalid, match="already has the role") as refusal:
        engagements.appoint(leader, role=Role.CTO, person_id=cast.cto.id, starts_on=date(2027, 1, 1), at=AT)
    assert set(refusal.value.fields) == {"role"}


def test_a_role_may_be_given_again_for_the_time_after_it_ends(cast):
    leader = cast.viewer("leader", AT)
    give = {"role": Role.READER, "email": "auditor@example.com", "name": "Ada", "at": AT}
    engagements.appoint(leader, **give, ends_on=date(2026, 12, 31))
    with pytest.raises(Invalid):
        engagements.appoint(leader, **give, starts_on=date(2026, 12, 31))
    assert engagements.appoint(leader, **give, starts_on=date(2027, 1, 1))


def test_a_term_holds_from_local_midnight_to_the_end_of_its_last_day(cast):
    leader = cast.viewer("leader", AT)
    row = engagements.appoint(
        leader,
        role=Role.READER,
        email="auditor@example.com",
        name="Ada",
        starts_on=date(2027, 7, 1),
        ends_on=date(2027, 7, 2),
        at=AT,
    )
    begins, ends = datetime(2027, 6, 30, 23, tzinfo=UTC), datetime(2027, 7, 2, 23, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert roles_of(cast, row.person, begins - second) == set()
    assert roles_of(cast, row.person, begins) == {Role.READER}
    assert roles_of(cast, row.person, ends - second) == {Role.READER}
    assert roles_of(cast, row.person, ends) == set()


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": date(2026, 11, 23)}, "starts_on"),
        ({"ends_on": date(2026, 11, 23)}, "ends_on"),
        ({"starts_on": date(2027, 1, 2), "ends_on": date(2027, 1, 1)}, "ends_on"),
        ({"ends_on": date.max}, "ends_on"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_their_field(cast, days, field):
    with pytest.raises(Invalid) as refusal:
        engagements.appoint(
            cast.viewer("leader", AT), role=Role.READER, email="a@example.com", name="A", at=AT, **days
        )
    assert field in refusal.value.fields
    assert people.by_email("a@example.com") is None


def test_an_end_is_recorded_about_the_company_so_that_flags_depend_on_it(cast):
    row = Engagement.get(Engagement.person == cast.vciso.id)
    later = AT + timedelta(days=3)
    engagements.end(cast.viewer("leader", later), row.id, at=later)
    event = last_event(cast)
    assert (event.kind, event.subject_type, event.subject_id) == (
        "engagement.ended",
        "company",
        cast.company.id,
    )
    assert event.data == {
        "engagement": row.id,
        "person": cast.vciso.id,
        "role": "vciso",
        "ends_at": int(later.timestamp()),
    }
    assert roles_of(cast, cast.vciso, later) == set()


def test_a_role_ends_once(cast):
    leader = cast.viewer("leader", AT)
    row = Engagement.get(Engagement.person == cast.reader.id)
    engagements.end(leader, row.id, at=AT + timedelta(seconds=1))
    before = last_event(cast).seq
    with pytest.raises(WrongState):
        engagements.end(leader, row.id, at=AT + timedelta(seconds=2))
    assert last_event(cast).seq == before


def test_a_planned_role_that_is_ended_never_holds(cast):
    leader = cast.viewer("leader", AT)
    give = {"role": Role.READER, "email": "a@example.com", "name": "A"}
    row = engagements.appoint(leader, **give, starts_on=date(2027, 1, 1), at=AT)
    ended = engagements.end(leader, row.id, at=AT)
    assert ended.ends_at == ended.starts_at
    assert roles_of(cast, row.person, datetime(2027, 1, 2, tzinfo=UTC)) == set()


def test_the_last_of_leadership_stays(cast):
    leader = cast.viewer("leader", AT)
    mine = Engagement.get(Engagement.person == cast.leader.id)
    with pytest.raises(WrongState, match="leadership"):
        engagements.end(leader, mine.id, at=AT)
    engagements.appoint(leader, role=Role.LEADER, person_id=cast.cto.id, at=AT)
    engagements.end(leader, mine.id, at=AT)
    assert roles_of(cast, cast.leader, AT) == set()


def test_another_companys_roles_and_people_do_not_exist_here(cast):
    other = cast_of("Ostara", AT)
    theirs = Engagement.get(Engagement.company == other.company.id, Engagement.role == Role.READER)
    leader = cast.viewer("leader", AT)
    for missing in (theirs.id, 10**6):
        with pytest.raises(NotFound):
            engagements.end(leader, missing, at=AT)
    for nobody in (other.reader.id, 10**6):
        with pytest.raises(NotFound):
            engagements.appoint(leader, role=Role.READER, person_id=nobody, at=AT)


def test_a_role_that_does_not_exist_is_refused(cast):
    with pytest.raises(Invalid):
        engagements.appoint(cast.viewer("leader", AT), role="emperor", email="a@example.com", name="A", at=AT)


def test_somebody_known_keeps_their_name(cast):
    somebody("vera@example.com", AT, "Vera Holm")
    row = engagements.appoint(
        cast.viewer("leader", AT), role=Role.READER, email="Vera@Example.com", name="V.", at=AT
    )
    assert row.person.name == "Vera Holm"
