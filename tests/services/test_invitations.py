"""A link lets one person in, once, and nobody learns or takes over what another company has."""

from datetime import UTC, datetime, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.people import Engagement, Invitation, Person
from adr_app.services import engagements, flags, forgotten, invitations, people, session, throttle
from tests.casts import PASSWORD, cast_of, quick_passwords

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NEW = "an entirely new password"


@pytest.fixture
def cast(database):
    with quick_passwords():
        yield cast_of("Larkspur Dental", AT)


@pytest.fixture
def other(cast):
    return cast_of("Ostara", AT)


def invite(cast, email="vera@example.com", role="member", at=AT, by="leader"):
    return invitations.invite(cast.viewer(by, at), email=email, name="Vera Holm", role=role, at=at)


def works(email: str, password: str, at: datetime = AT) -> bool:
    try:
        return bool(session.sign_in(email, password, at=at))
    except NotAllowed:
        return False


def test_an_invitation_gives_a_role_and_lets_somebody_new_choose_a_password(cast):
    token, engagement = invite(cast)
    assert engagement.role == "member"
    used = invitations.join(token, NEW, at=AT)
    assert (used.person.name, used.company.name) == ("Vera Holm", "Larkspur Dental")
    assert works("vera@example.com", NEW)


def test_both_acts_of_an_invitation_are_recorded_without_the_token(cast):
    token, engagement = invite(cast)
    started, invited = list(Event.select().order_by(Event.seq.desc()).limit(2))[::-1]
    assert (started.kind, invited.kind) == ("engagement.started", "person.invited")
    assert invited.data == {"person": engagement.person_id}
    assert token.encode() not in bytes(invited.body)
    assert token not in Invitation.get().token_hash


def test_opening_a_link_uses_nothing_up(cast):
    token, _ = invite(cast)
    for _ in range(3):
        assert invitations.opened(token, "invitation", at=AT)
    assert invitations.join(token, NEW, at=AT)


def test_a_link_works_once(cast):
    token, _ = invite(cast)
    invitations.join(token, NEW, at=AT)
    with pytest.raises(WrongState):
        invitations.join(token, NEW, at=AT)


def test_a_link_ends_after_seven_days_at_its_second(cast):
    token, _ = invite(cast)
    end = AT + timedelta(days=7)
    assert invitations.opened(token, "invitation", at=end - SECOND)
    with pytest.raises(WrongState):
        invitations.join(token, NEW, at=end)
    assert Person.get(Person.email == "vera@example.com").password_hash is None


def test_a_new_invitation_ends_the_older_one(cast):
    old, engagement = invite(cast)
    new = invitations.invite_again(cast.viewer("leader", AT), engagement.person_id, at=AT)
    with pytest.raises(WrongState):
        invitations.opened(old, "invitation", at=AT)
    assert invitations.join(new, NEW, at=AT)
    with pytest.raises(WrongState):
        invitations.invite_again(cast.viewer("leader", AT), engagement.person_id, at=AT)


def test_a_short_password_leaves_the_invitation_unused(cast):
    token, _ = invite(cast)
    with pytest.raises(Invalid):
        invitations.join(token, "short", at=AT)
    assert invitations.join(token, NEW, at=AT)


def test_an_invitation_never_changes_the_password_of_somebody_known_elsewhere(cast, other):
    token, _ = invite(cast, email=other.vciso.email)
    with pytest.raises(Invalid):
        invitations.join(token, NEW, at=AT)
    assert works(other.vciso.email, PASSWORD)
    assert not works(other.vciso.email, NEW)
    assert invitations.join(token, PASSWORD, at=AT).person == other.vciso


def test_another_company_cannot_take_over_somebody_who_has_not_come_in_yet(cast, other):
    first, _ = invite(cast)
    second, _ = invite(other)
    with pytest.raises(Invalid):
        invitations.join(second, NEW, at=AT)
    assert invitations.join(first, "the password Vera chose", at=AT)
    assert invitations.join(second, "the password Vera chose", at=AT)


def test_the_inviter_is_told_the_same_about_somebody_known_elsewhere_and_somebody_new(cast, other):
    known, _ = invite(cast, email=other.vciso.email)
    new, _ = invite(cast, email="nobody@example.com")
    assert len(known) == len(new)
    waiting = invitations.doorway(cast.company.id, AT).not_yet_here
    for token in (known, new):
        assert invitations.opened(token, "invitation", at=AT).person_id in waiting
    for email in (other.vciso.email, "nobody2@example.com"):
        with pytest.raises(Invalid) as refusal:
            invitations.invite(cast.viewer("leader", AT), email=email, name="", role="reader", at=AT)
        assert set(refusal.value.fields) == {"name"}


def test_until_they_come_in_every_answer_is_the_same_for_somebody_known_elsewhere_and_somebody_new(
    cast, other
):
    forgotten.ask_new_password(other.vciso.email, at=AT - SECOND)
    leader = cast.viewer("leader", AT)
    answers = set()
    for email in (other.vciso.email, "nobody@example.com"):
        token, row = invite(cast, email=email)
        said = []
        for act in (
            lambda: forgotten.reset_link(leader, row.person_id, at=AT),  # noqa: B023
            lambda: invitations.join(token, "short", at=AT),  # noqa: B023
        ):
            with pytest.raises((Invalid, NotAllowed, WrongState)) as refusal:
                act()
            said.append(f"{refusal.type.__name__}: {refusal.value}")
        said.append(row.person_id in invitations.doorway(cast.company.id, AT).asked)
        answers.add(tuple(said))
    assert len(answers) == 1


def test_coming_in_is_recorded_and_makes_the_role_hold(cast):
    token, row = invite(cast, role="cto")
    later = AT + timedelta(hours=1)
    engagements.end(cast.viewer("leader", AT), Engagement.get(Engagement.person == cast.cto.id).id, at=AT)
    assert people.holder(cast.company.id, Role.CTO, later) is None
    assert not cast.viewer("leader", later).cto_engaged
    invitations.join(token, NEW, at=later)
    event = Event.select().order_by(Event.seq.desc()).first()
    assert (event.kind, event.actor_id, event.data) == ("person.joined", row.person_id, {})
    assert people.holder(cast.company.id, Role.CTO, later).person_id == row.person_id
    assert cast.viewer("leader", later).cto_engaged


def test_who_was_invited_and_never_came_in_does_not_keep_leadership(cast):
    invite(cast, role="leader")
    with pytest.raises(WrongState, match="Somebody must stay"):
        engagements.end(
            cast.viewer("leader", AT), Engagement.get(Engagement.person == cast.leader.id).id, at=AT
        )


def test_nobody_is_engaged_as_vciso_until_she_comes_in(cast):
    leader = cast.viewer("leader", AT)
    engagements.end(leader, Engagement.get(Engagement.person == cast.vciso.id).id, at=AT)
    token, _ = invite(cast, role="vciso")
    invitations.join(token, NEW, at=AT + timedelta(days=2))
    (span,) = SpanRow.select().where(SpanRow.code == "no-vciso", SpanRow.ends > AT + SECOND)
    assert (span.starts, span.ends) == (AT, AT + timedelta(days=2))
    assert flags.check(cast.company).different == []


def test_guessing_at_an_invitation_is_slowed_down(cast, other):
    token, _ = invite(cast, email=other.vciso.email)
    for _ in range(throttle.PER_PAIR):
        with pytest.raises(Invalid):
            invitations.join(token, "a guess at it", at=AT)
    with pytest.raises(NotAllowed, match="Too many"):
        invitations.join(token, PASSWORD, at=AT)


@pytest.mark.parametrize("by", ["cto", "vciso", "member", "reader", "delegate"])
def test_only_leadership_and_admins_invite_and_make_links(cast, by):
    with pytest.raises(NotAllowed):
        invite(cast, by=by)
    assert not Invitation.select().exists()
    for act in (invitations.invite_again, forgotten.reset_link):
        with pytest.raises((NotAllowed, WrongState)):
            act(cast.viewer(by, AT), cast.reader.id, at=AT)
    assert not Invitation.select().exists()


def test_a_refused_invitation_leaves_nobody_behind(cast):
    with pytest.raises(NotAllowed):
        invite(cast, by="admin", role="vciso")
    assert Person.get_or_none(Person.email == "vera@example.com") is None


def test_a_new_password_link_sets_the_password_and_ends_every_session(cast):
    old, _ = session.sign_in(cast.member.email, PASSWORD, at=AT)
    token = forgotten.reset_link(cast.viewer("leader", AT), cast.member.id, at=AT)
    with pytest.raises(Invalid):
        forgotten.choose_password(token, "short", "short", at=AT)
    forgotten.choose_password(token, NEW, NEW, at=AT)
    assert session.open_session(old, at=AT) is None
    assert works(cast.member.email, NEW) and not works(cast.member.email, PASSWORD)
    with pytest.raises(WrongState):
        forgotten.choose_password(token, PASSWORD, PASSWORD, at=AT)


def test_making_a_new_password_link_is_recorded(cast):
    forgotten.reset_link(cast.viewer("leader", AT), cast.vciso.id, at=AT)
    event = Event.select().order_by(Event.seq.desc()).first()
    assert (event.kind, event.actor_id) == ("person.password-link-made", cast.leader.id)
    assert event.data == {"person": cast.vciso.id}


def test_the_kinds_of_link_are_not_taken_for_each_other(cast):
    invitation, _ = invite(cast)
    reset = forgotten.reset_link(cast.viewer("leader", AT), cast.member.id, at=AT)
    with pytest.raises(WrongState):
        forgotten.choose_password(invitation, NEW, NEW, at=AT)
    with pytest.raises(WrongState):
        invitations.join(reset, NEW, at=AT)


@pytest.mark.parametrize("role", ["leader", "cto", "vciso", "delegate"])
def test_an_admin_makes_no_link_for_those_who_advise_or_lead(cast, role):
    with pytest.raises(NotAllowed):
        forgotten.reset_link(cast.viewer("admin", AT), getattr(cast, role).id, at=AT)


def test_nobody_makes_a_link_for_themselves(cast):
    with pytest.raises(NotAllowed):
        forgotten.reset_link(cast.viewer("leader", AT), cast.leader.id, at=AT)


def test_a_company_cannot_get_at_the_account_of_somebody_who_also_works_elsewhere(cast, other):
    token, _ = invite(cast, email=other.vciso.email, role="reader")
    invitations.join(token, PASSWORD, at=AT)
    with pytest.raises(NotAllowed, match="adr-app people reset"):
        forgotten.reset_link(cast.viewer("leader", AT), other.vciso.id, at=AT)
    token = forgotten.reset_by_operator(other.vciso.email, at=AT)
    forgotten.choose_password(token, NEW, NEW, at=AT)
    assert works(other.vciso.email, NEW)


def test_whoever_leads_both_companies_may_make_the_link(cast, other):
    token, _ = invite(cast, email=other.member.email, role="reader")
    invitations.join(token, PASSWORD, at=AT)
    engagements.appoint(other.viewer("leader", AT), role="leader", email=cast.leader.email, at=AT)
    assert forgotten.reset_link(cast.viewer("leader", AT), other.member.id, at=AT)


def test_another_companys_people_do_not_exist_here(cast, other):
    for nobody in (other.member.id, 10**6):
        for act in (invitations.invite_again, forgotten.reset_link):
            with pytest.raises(NotFound):
                act(cast.viewer("leader", AT), nobody, at=AT)


def test_a_forgotten_password_is_noted_for_those_who_can_help_and_says_nothing(cast):
    for email in (cast.member.email.upper(), "nobody@example.com", "", "\x00"):
        assert forgotten.ask_new_password(email, at=AT) is None
    assert invitations.doorway(cast.company.id, AT).asked == {cast.member.id}
    forgotten.ask_new_password(cast.member.email, at=AT)
    assert Invitation.select().count() == 1
    forgotten.reset_link(cast.viewer("admin", AT), cast.member.id, at=AT)
    assert invitations.doorway(cast.company.id, AT).asked == frozenset()


def test_asking_for_a_new_password_opens_nothing_by_itself(cast):
    forgotten.ask_new_password(cast.member.email, at=AT)
    note = Invitation.get()
    assert note.expires_at == note.created_at
    assert works(cast.member.email, PASSWORD)


def test_asking_for_everybodys_new_password_is_slowed_down(cast):
    for number in range(throttle.PER_ADDRESS):
        forgotten.ask_new_password(f"n{number}@example.com", at=AT, address="203.0.113.7")
    with pytest.raises(NotAllowed):
        forgotten.ask_new_password("n@example.com", at=AT, address="203.0.113.7")


def test_the_operator_is_told_when_nobody_has_that_e_mail(cast):
    with pytest.raises(NotFound):
        forgotten.reset_by_operator("nobody@example.com", at=AT)


def test_whoever_left_the_company_is_out_of_its_reach(cast):
    row = Engagement.get(Engagement.person == cast.reader.id)
    leader = cast.viewer("leader", AT)
    engagements.end(leader, row.id, at=AT)
    with pytest.raises(NotFound):
        forgotten.reset_link(leader, cast.reader.id, at=AT + SECOND)


def test_asking_for_a_new_password_shuts_nobody_out_of_signing_in(cast):
    for _ in range(throttle.PER_PAIR):
        forgotten.ask_new_password(cast.member.email, at=AT, address="203.0.113.7")
    with pytest.raises(NotAllowed):
        forgotten.ask_new_password(cast.member.email, at=AT, address="203.0.113.7")
    assert session.sign_in(cast.member.email, PASSWORD, at=AT, address="203.0.113.7")
