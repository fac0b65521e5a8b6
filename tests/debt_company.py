"""Larkspur and Ostara with their people, for the tests about technical debt."""

from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement, Person
from adr_app.services import companies, drafts, people
from adr_app.services.people import Viewer


@dataclass
class Cast:
    """Who is at Larkspur: Sam its CTO, Vera its vCISO, Mia of the team, Ray who reads; Olga is at Ostara."""

    at: datetime
    sam: Viewer
    vera: Viewer
    mia: Viewer
    ray: Viewer
    olga: Viewer

    def decision(self, by: Viewer, title: str, *, restricted: bool = False) -> Decision:
        """Draft a decision, kept from the team where it is restricted."""
        made = drafts.draft(by, {"title": title}, at=self.at)
        if restricted:
            Decision.update(restricted=True).where(Decision.id == made.id).execute()
        return made


def engage(company_id: int, person: Person, role: Role, at: datetime) -> None:
    """Give a person a role from `at`, as set-up by somebody else would."""
    Engagement.create(company=company_id, person=person, role=role, starts_at=at)


def cast(at: datetime) -> Cast:
    """Found both companies and return everybody as they are at `at`."""
    sam, vera, mia, ray, olga = (
        Person.create(email=f"{name.lower()}@example.com", name=name, created_at=at)
        for name in ("Sam", "Vera", "Mia", "Ray", "Olga")
    )
    larkspur = companies.found("Larkspur", at=at, first=sam, roles=[Role.CTO, Role.LEADER])
    companies.found("Ostara", at=at, first=olga, roles=[Role.CTO, Role.LEADER])
    engage(larkspur.id, vera, Role.VCISO, at)
    engage(larkspur.id, mia, Role.MEMBER, at)
    engage(larkspur.id, ray, Role.READER, at)
    here = {person.name: people.viewer(person, "larkspur", at) for person in (sam, vera, mia, ray)}
    return Cast(
        at, here["Sam"], here["Vera"], here["Mia"], here["Ray"], olga=people.viewer(olga, "ostara", at)
    )
