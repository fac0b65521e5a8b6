"""Who somebody is at a company: the viewer that every page and every act is given."""

from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.errors import NotAllowed, NotFound
from adr_app.domain.permissions import Act, Role, permits
from adr_app.models.people import Company, Engagement, Person


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at one company at one moment, with the roles they hold there then."""

    person: Person
    company: Company
    roles: frozenset[Role]
    cto_engaged: bool
    vciso_engagement: int | None

    def may(self, act: Act, *, is_author: bool = False) -> bool:
        """Return whether this person may do this act here."""
        return permits(act, self.roles, is_author=is_author, cto_engaged=self.cto_engaged)

    def require(self, act: Act, *, is_author: bool = False) -> None:
        """Refuse an act this person may not do here.

        :raises NotAllowed: naming who may.
        """
        if not self.may(act, is_author=is_author):
            raise NotAllowed("Your role here does not allow that. Ask somebody whose role does.")

    @property
    def sees_restricted(self) -> bool:
        """Return whether restricted decisions of others are visible to this person."""
        return bool(self.roles & {Role.LEADER, Role.CTO, Role.VCISO})


def viewer(person: Person, slug: str, at: datetime) -> Viewer:
    """Return a person as they are at the company with this address.

    :raises NotFound: when there is no such company, or the person has no role there now.
    """
    mine = list(
        Engagement.running(at)
        .select(Engagement, Company)
        .join(Company)
        .where(Engagement.person == person.id, Company.slug == slug)
    )
    if not mine:
        raise NotFound("There is no such page.")
    company = mine[0].company
    return Viewer(
        person=person,
        company=company,
        roles=frozenset(Role(engagement.role) for engagement in mine),
        cto_engaged=any(e.role == Role.CTO for e in mine) or holder(company.id, Role.CTO, at) is not None,
        vciso_engagement=next((e.id for e in mine if e.role == Role.VCISO), None),
    )


def holder(company_id: int, role: Role, at: datetime) -> Engagement | None:
    """Return the longest-running engagement of a role at a company at a moment, or None."""
    return (
        Engagement.running(at)
        .where(Engagement.company == company_id, Engagement.role == role)
        .order_by(Engagement.starts_at, Engagement.id)
        .first()
    )


def holders(company_id: int, role: Role, at: datetime) -> list[Engagement]:
    """Return everybody who holds a role at a company at a moment, each with its person."""
    return list(
        Engagement.running(at)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == company_id, Engagement.role == role)
        .order_by(Engagement.starts_at, Engagement.id)
    )


def companies_of(person_id: int, at: datetime) -> list[tuple[Company, frozenset[Role]]]:
    """Return the companies where a person holds a role now, by name, with those roles."""
    found: dict[int, tuple[Company, set[Role]]] = {}
    rows = (
        Engagement.running(at)
        .select(Engagement, Company)
        .join(Company)
        .where(Engagement.person == person_id)
        .order_by(Company.name, Company.id)
    )
    for engagement in rows:
        found.setdefault(engagement.company.id, (engagement.company, set()))[1].add(Role(engagement.role))
    return [(company, frozenset(roles)) for company, roles in found.values()]


def names(person_ids: set[int]) -> dict[int, str]:
    """Return names by person id; the caller vouches that each id came from its own company's rows."""
    if not person_ids:
        return {}
    return {p.id: p.name for p in Person.select(Person.id, Person.name).where(Person.id.in_(person_ids))}
