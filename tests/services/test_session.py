"""Sessions open for a password, can be seen and revoked, and give nothing away."""

from datetime import UTC, datetime, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.models.base import database as bound
from adr_app.models.people import Attempt, Person, Session
from adr_app.services import passwords, session, throttle
from tests.casts import PASSWORD, quick_passwords, somebody

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def vera(database):
    with quick_passwords():
        yield somebody("vera@example.com", AT, "Vera Holm")


def attempt(email: str = "vera@example.com", password: str = PASSWORD, *, at: datetime = AT, **more):
    return session.sign_in(email, password, at=at, address=more.pop("address", "203.0.113.7"), **more)


def test_a_password_opens_a_session_and_only_its_hash_is_kept(vera):
    token, opened = attempt(device="A phone\n\x00")
    found = session.open_session(token, at=AT)
    assert (found.id, found.person.name, found.device) == (opened.id, "Vera Holm", "A phone")
    assert len(token) == 43
    assert token not in Session.get().token_hash


def test_the_e_mail_is_taken_in_any_spelling(vera):
    assert attempt("  VERA@Example.COM ")


def test_a_session_and_its_person_are_read_in_one_query(vera, monkeypatch):
    token, _ = attempt()
    asked = []
    execute = bound.obj.execute_sql
    monkeypatch.setattr(
        bound.obj, "execute_sql", lambda sql, *a, **k: asked.append(sql) or execute(sql, *a, **k)
    )
    assert session.open_session(token, at=AT).person.email == "vera@example.com"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("vera@example.com", "wrong"),
        ("vera@example.com", ""),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("vera@example.com\x00", PASSWORD + "\x00"),
        ("\ud800@example.com", "\udfff"),
        ("x" * 100_000, "y" * 100_000),
    ],
)
def test_every_wrong_sign_in_is_refused_in_the_same_words(vera, email, password):
    with pytest.raises(NotAllowed) as refusal:
        attempt(email, password)
    assert str(refusal.value) == session.WRONG
    assert not Session.select().exists()


@pytest.mark.parametrize("email", ["vera@example.com", "nobody@example.com", "new@example.com"])
def test_an_unknown_e_mail_costs_the_same_work_as_a_wrong_password(vera, email, monkeypatch):
    Person.create(email="new@example.com", name="Never came in", created_at=AT)
    verified = []

    class Counting(type(passwords.HASHER)):
        def verify(self, kept, given):
            verified.append(kept.split("$")[3])
            return super().verify(kept, given)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    with pytest.raises(NotAllowed):
        attempt(email, "wrong")
    assert verified == ["m=8,t=1,p=1"]


def test_somebody_disabled_cannot_sign_in_and_their_sessions_are_over(vera):
    token, _ = attempt()
    Person.update(disabled_at=AT).execute()
    assert session.open_session(token, at=AT) is None
    with pytest.raises(NotAllowed, match="do not belong together"):
        attempt()


@pytest.mark.parametrize(("remember", "lasts"), [(True, timedelta(days=30)), (False, timedelta(hours=12))])
def test_a_session_ends_at_its_second(vera, remember, lasts):
    token, _ = attempt(remember=remember)
    assert session.open_session(token, at=AT + lasts - SECOND)
    assert session.open_session(token, at=AT + lasts) is None


def test_how_long_a_device_is_remembered_can_be_chosen(vera):
    _, opened = attempt(remember=True, days=3)
    assert opened.expires_at == AT + timedelta(days=3)


def test_when_a_session_was_used_is_noted_at_most_once_an_hour(vera):
    token, _ = attempt()
    hour = timedelta(hours=1)
    session.open_session(token, at=AT + hour - SECOND)
    assert Session.get().seen_at == AT
    session.open_session(token, at=AT + hour)
    assert Session.get().seen_at == AT + hour


def test_signing_out_ends_this_session_and_no_other(vera):
    (token, _), (other, _) = attempt(), attempt()
    session.sign_out(token, at=AT)
    assert session.open_session(token, at=AT) is None
    assert session.open_session(other, at=AT)
    session.sign_out("a token nobody has", at=AT)


def test_one_sees_and_revokes_ones_own_sessions_only(vera):
    token, opened = attempt(device="Phone")
    sam = somebody("sam@example.com", AT)
    assert [one.device for one in session.sessions_of(vera, at=AT)] == ["Phone"]
    assert session.sessions_of(sam, at=AT) == []
    for nothing in (opened.id, 10**6):
        with pytest.raises(NotFound):
            session.revoke(sam, nothing, at=AT)
    session.revoke(vera, opened.id, at=AT)
    assert session.open_session(token, at=AT) is None
    with pytest.raises(NotFound):
        session.revoke(vera, opened.id, at=AT)


def test_changing_the_password_ends_the_other_sessions(vera):
    (mine, _), (other, _) = attempt(), attempt()
    current = session.open_session(mine, at=AT)
    session.change_password(current, PASSWORD, "another fine password", "another fine password", at=AT)
    assert session.open_session(mine, at=AT)
    assert session.open_session(other, at=AT) is None
    assert attempt(password="another fine password")
    with pytest.raises(NotAllowed):
        attempt()


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "another fine password", "another fine password", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "another fine password", "another fine passwort", "new"),
        (PASSWORD, "x" * 201, "x" * 201, "new"),
    ],
)
def test_a_change_of_password_that_will_not_do_changes_nothing(vera, old, new, again, field):
    token, _ = attempt()
    with pytest.raises(Invalid) as refusal:
        session.change_password(session.open_session(token, at=AT), old, new, again, at=AT)
    assert set(refusal.value.fields) == {field}
    assert attempt()


def test_guessing_one_e_mail_is_stopped_even_with_the_right_password_until_the_window_is_over(vera):
    for number in range(throttle.PER_EMAIL):
        with pytest.raises(NotAllowed, match="belong together"):
            attempt(password="wrong", address=f"203.0.113.{number}")
    with pytest.raises(NotAllowed, match="Too many"):
        attempt()
    with pytest.raises(NotAllowed, match="Too many"):
        attempt(at=AT + throttle.WINDOW - SECOND)
    assert attempt(at=AT + throttle.WINDOW)


def test_somebody_elsewhere_who_guesses_shuts_nobody_out_of_signing_in(vera):
    for number in range(throttle.PER_EMAIL + 5):
        with pytest.raises(NotAllowed, match="belong together" if number < throttle.PER_PAIR else "Too many"):
            attempt(password="wrong", address="198.51.100.1")
    assert attempt(address="203.0.113.7")
    with pytest.raises(NotAllowed, match="Too many"):
        attempt(address="198.51.100.1")


def test_signing_in_does_not_forget_what_was_guessed_elsewhere(vera):
    for number in range(throttle.PER_EMAIL):
        with pytest.raises(NotAllowed, match="belong together"):
            attempt(password="wrong", address=f"198.51.100.{number}")
        if number == throttle.PER_EMAIL // 2:
            assert attempt()
    with pytest.raises(NotAllowed, match="Too many"):
        attempt(password="wrong", address="198.51.100.250")


def test_an_unknown_e_mail_is_slowed_down_in_the_same_way(vera):
    for _ in range(throttle.PER_PAIR):
        with pytest.raises(NotAllowed, match="belong together"):
            attempt("nobody@example.com", "wrong")
    with pytest.raises(NotAllowed, match="Too many"):
        attempt("nobody@example.com", "wrong")


@pytest.mark.parametrize(
    "addresses", [["203.0.113.7"] * 2, ["2001:db8::1", "2001:db8::ffff:1"], ["", "not an address"]]
)
def test_guessing_many_e_mails_from_one_network_is_stopped(vera, addresses):
    for number in range(throttle.PER_ADDRESS):
        with pytest.raises(NotAllowed, match="belong together"):
            attempt(f"somebody{number}@example.com", "wrong", address=addresses[number % 2])
    with pytest.raises(NotAllowed, match="Too many"):
        attempt(address=addresses[0])
    assert attempt(address="198.51.100.1")


def test_signing_in_often_with_the_right_password_is_never_stopped(vera):
    for _ in range(throttle.PER_ADDRESS + 5):
        attempt()
    assert Attempt.select().where(Attempt.count > 0).count() == 0


def test_a_password_kept_at_an_older_cost_is_hashed_again_at_the_next_sign_in(vera, monkeypatch):
    stronger = type(passwords.HASHER)(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", stronger)
    attempt()
    assert "m=16,t=2" in Person.get_by_id(vera.id).password_hash
    assert attempt()


def test_a_password_is_the_same_from_every_keyboard(vera):
    session.set_password(vera, "Caf\u00e9 au lait, s'il")
    assert attempt(password="Cafe\u0301 au lait, s'il")
