"""People and companies that tests begin with, made by the product's own acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adr_app.models.people import Company, Person
from adr_app.services import companies, engagements, passwords, people, session
from adr_app.services.people import Viewer
from tests.remembered import remembered

PASSWORD = "four words make one"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Hash at the lowest cost while the body runs: the tests sign in often."""
    usual, passwords.HASHER = passwords.HASHER, QUICK
    try:
        yield
    finally:
        passwords.HASHER = usual


@dataclass
class Cast:
    """A company with somebody in every role, all with the password `PASSWORD`."""

    company: Company
    leader: Person
    cto: Person
    vciso: Person
    member: Person
    reader: Person
    admin: Person
    delegate: Person

    def viewer(self, role: str, at: datetime) -> Viewer:
        """Return somebody at the company by the role they hold there."""
        return people.viewer(getattr(self, role), self.company.slug, at)


def somebody(email: str, at: datetime, name: str = "") -> Person:
    """Return a person who can sign in with `PASSWORD`."""
    person = people.known(email, name or email.split("@")[0].title(), at=at)
    session.set_password(person, PASSWORD)
    return person


def cast_of(company: str, at: datetime, **founding: Any) -> Cast:
    """Return a company just founded, with every role given to somebody of its own."""
    key = ("cast", company, at, passwords.HASHER is QUICK, repr(sorted(founding.items())))
    return remembered(key, lambda: _cast_of(company, at, **founding))


def _cast_of(company: str, at: datetime, **founding: Any) -> Cast:
    domain = company.lower().replace(" ", "-")
    leader = somebody(f"leader@{domain}.example", at)
    made = companies.found(company, at=at, first=leader, roles=["leader"], **founding)
    viewer = people.viewer(leader, made.slug, at)
    others = {}
    for role in ("cto", "vciso", "member", "reader", "admin", "delegate"):
        others[role] = somebody(f"{role}@{domain}.example", at)
        engagements.appoint(viewer, role=role, email=others[role].email, at=at)
    return Cast(company=Company.get_by_id(made.id), leader=leader, **others)


def csrf_token(client: FlaskClient) -> str:
    """Return the token that this browser's forms carry, as a page would show it."""
    with client.session_transaction() as state:
        return state.setdefault("csrf", token_urlsafe())


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send a form of ours."""
    return client.post(path, data={"csrf_token": csrf_token(client), **fields})


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Sign a person in by the sign-in page and return their browser."""
    answer = send(client, "/sign-in", email=person.email, password=PASSWORD)
    assert answer.status_code == 302, answer.text
    return client
