"""Larkspur and Ostara as their own acts made them, live since October: for the tests about decisions."""

from datetime import date, datetime

from adr_app.domain.permissions import Role
from adr_app.models.people import Person
from adr_app.services import companies, engagements, people
from tests.debt_company import Cast

LIVE_SINCE = date(2026, 10, 1)


def cast(at: datetime) -> Cast:
    """Found both companies, appoint everybody by acts, and return them as they are at `at`."""
    sam, olga = (
        Person.create(email=f"{name.lower()}@example.com", name=name, created_at=at)
        for name in ("Sam", "Olga")
    )
    for name, first in (("Larkspur", sam), ("Ostara", olga)):
        companies.found(name, at=at, first=first, roles=[Role.CTO, Role.LEADER], go_live_on=LIVE_SINCE)
    boss = people.viewer(sam, "larkspur", at)
    for name, role in (("Vera", Role.VCISO), ("Mia", Role.MEMBER), ("Ray", Role.READER)):
        engagements.appoint(boss, role=role, email=f"{name.lower()}@example.com", name=name, at=at)
    here = {
        name: people.viewer(Person.get(Person.name == name), "larkspur", at)
        for name in ("Sam", "Vera", "Mia", "Ray")
    }
    return Cast(
        at, here["Sam"], here["Vera"], here["Mia"], here["Ray"], olga=people.viewer(olga, "ostara", at)
    )
