"""Keys for programs open one company for their maker, until a day, and nothing else."""

from datetime import timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.domain.permissions import Role
from adr_app.models.api_keys import ApiKey
from adr_app.models.people import Engagement, Person
from adr_app.services import api_keys, forgotten, session
from tests.casts import PASSWORD, cast_of
from tests.conftest import START


def made(cast, *, person=None, days="90", name="Build server"):
    return api_keys.make(person or cast.member, where=cast.company.slug, name=name, days=days, at=START)


def test_a_key_acts_for_its_maker_at_its_company_and_only_its_hash_is_kept(cast):
    token, kept = made(cast)
    assert token.startswith("adr_") and token not in kept.token_hash
    viewer = api_keys.opened(token, cast.company.slug, at=START)
    assert (viewer.person, viewer.company, viewer.roles) == (cast.member, cast.company, {Role.MEMBER})


def test_a_key_opens_no_other_company_not_even_one_of_its_makers(cast):
    other = cast_of("Harbour Freight", START)
    Engagement.create(
        company=other.company, person=cast.member, role="member", starts_at=START, appointed_by=None
    )
    token, _ = made(cast)
    with pytest.raises(NotFound):
        api_keys.opened(token, other.company.slug, at=START)


@pytest.mark.parametrize(("days", "later"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_key_opens_until_its_last_second_and_then_nothing(cast, days, later):
    token, _ = made(cast, days=days)
    last = START + timedelta(days=later)
    assert api_keys.opened(token, cast.company.slug, at=last - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        api_keys.opened(token, cast.company.slug, at=last)


def test_an_ended_key_opens_nothing_and_is_ended_by_its_maker_only(cast):
    token, kept = made(cast)
    with pytest.raises(NotFound):
        api_keys.end(cast.cto, kept.id, at=START)
    api_keys.end(cast.member, kept.id, at=START)
    with pytest.raises(NotAllowed):
        api_keys.opened(token, cast.company.slug, at=START)
    with pytest.raises(NotFound):
        api_keys.end(cast.member, kept.id, at=START)
    assert api_keys.keys_of(cast.member, at=START) == []


def test_a_key_opens_nothing_once_the_role_is_over_or_the_person_may_not_sign_in(cast):
    token, _ = made(cast)
    Engagement.update(ends_at=START).where(Engagement.person == cast.member.id).execute()
    with pytest.raises(NotFound):
        api_keys.opened(token, cast.company.slug, at=START + timedelta(seconds=1))
    token, _ = made(cast, person=cast.cto)
    Person.update(disabled_at=START).where(Person.id == cast.cto.id).execute()
    with pytest.raises(NotAllowed):
        api_keys.opened(token, cast.company.slug, at=START)


def test_what_a_key_needs_is_asked_for_field_by_field_and_nothing_is_kept(cast):
    with pytest.raises(Invalid) as refusal:
        api_keys.make(cast.member, where="elsewhere", name="  ", days="7", at=START)
    assert set(refusal.value.fields) == {"where", "name", "days"}
    with pytest.raises(Invalid) as refusal:
        made(cast, name="x" * 81)
    assert set(refusal.value.fields) == {"name"}
    assert not ApiKey.select().exists()


def test_when_a_key_was_used_is_noted_once_an_hour(cast):
    token, _ = made(cast)
    for minutes, noted in ((0, 0), (59, 0), (60, 60)):
        api_keys.opened(token, cast.company.slug, at=START + timedelta(minutes=minutes))
        assert ApiKey.get().used_at == START + timedelta(minutes=noted)


def test_nobody_collects_keys_without_end(cast):
    for _ in range(api_keys.MOST_KEYS):
        made(cast)
    with pytest.raises(Invalid, match="End one"):
        made(cast)


def test_a_changed_password_leaves_keys_and_a_forgotten_one_ends_them(cast):
    token, _ = made(cast)
    _, opened = session.start(cast.member, at=START)
    session.change_password(opened, PASSWORD, *["a longer pass phrase"] * 2, at=START)
    assert api_keys.opened(token, cast.company.slug, at=START)
    link = forgotten.reset_by_operator(cast.member.email, at=START)
    forgotten.choose_password(link, *["another pass phrase"] * 2, at=START)
    with pytest.raises(NotAllowed):
        api_keys.opened(token, cast.company.slug, at=START)
