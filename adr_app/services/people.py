"""Who somebody is at a company: the viewer that every page and every act is given."""

import re
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any

from peewee import Case, Query

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.domain.permissions import ROLE_NAMES, Act, Role, permits
from adr_app.domain.values import dataclass
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.spelled import Spelled

LONGEST_NAME = 120
LONGEST_EMAIL = 254
"""Most characters of a person's or company's name, and of an e-mail (RFC 5321)."""

_EMAIL = re.compile(r"[^@\s,;<>\"()\[\]\\]+@[^@\s,;<>\"()\[\]\\]+")


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


_HERE = Spelled(
    lambda person, slug, at: (
        Engagement.running(at)
        .select(Engagement, Company)
        .join(Company)
        .where(Engagement.person == person, Company.slug == slug)
    )
)
_NOT_LISTED = {"tree", "last_seq", "last_event_at", "stale_since", "policy", "severities", "remarks_before"}
_LISTED = [column for column in Company._meta.sorted_fields if column.name not in _NOT_LISTED]
_COMPANIES = Spelled(
    lambda person, at: (
        Company.select(*_LISTED, Engagement.role.alias("held"))
        .join(Engagement, on=(Engagement.company == Company.id))
        .where(Engagement.holds_at(at), Engagement.has_come_in(), Engagement.person == person)
        .order_by(Company.name, Company.id)
        .objects()
    )
)


def viewer(person: Person, slug: str, at: datetime) -> Viewer:
    """Return a person as they are at the company with this address.

    :raises NotFound: when there is no such company, or the person has no role there now, or has been
        invited and not come in.
    """
    mine = _HERE.rows(person=person.id, slug=slug, at=int(at.timestamp()))
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


def require_still(viewer: Viewer, at: datetime) -> None:
    """Refuse whoever acts once a role that they came with is over, also where it ended a moment ago.

    Whoever looks holds the role when the page is made; the act is held to what holds when it is recorded.
    Of a vCISO it is the very mandate that they came with: what is said counts by it. Whoever answers a mailed
    question may have been invited and not have come in.

    :raises NotAllowed: when they do not hold every role any more that they came with.
    """
    mine = _ROLES.rows(company=viewer.company.id, person=viewer.person.id, at=int(at.timestamp()))
    if viewer.vciso_engagement is not None and viewer.vciso_engagement not in {key for key, _ in mine}:
        raise NotAllowed("Your role as vCISO here has ended, so nothing was saved.")
    if not viewer.roles <= {Role(role) for _, role in mine}:
        raise NotAllowed("Your role here ended meanwhile, so nothing was saved.")


_ROLES = Spelled(
    lambda company, person, at: (
        Engagement.running(at, invited=True)
        .select(Engagement.id, Engagement.role)
        .where(Engagement.company == company, Engagement.person == person)
        .tuples()
    )
)


def holder(company_id: int, role: Role, at: datetime) -> Engagement | None:
    """Return the longest-running engagement of a role at a company at a moment, or None."""
    return _HOLDER.first(company=company_id, role=str(role), at=int(at.timestamp()))


def holders(company_id: int, role: Role, at: datetime, *, invited: bool = False) -> list[Engagement]:
    """Return everybody who holds a role at a company at a moment, each with its person.

    With `invited`, those too who were invited to it and come in to do what they are asked.
    """
    return _HOLDERS.rows(company=company_id, role=str(role), at=int(at.timestamp()), invited=invited)


_HOLDER = Spelled(
    lambda company, role, at: (
        Engagement.running(at)
        .where(Engagement.company == company, Engagement.role == role)
        .order_by(Engagement.starts_at, Engagement.id)
        .limit(1)
    )
)
_HOLDERS = Spelled(
    lambda company, role, at, invited: (
        Engagement.running(at, invited=invited)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == company, Engagement.role == role)
        .order_by(Engagement.starts_at, Engagement.id)
    )
)


def engaged(company_id: int, at: datetime) -> list[Engagement]:
    """Return every engagement that holds at a company at a moment, each with its person."""
    return list(
        Engagement.running(at)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == company_id)
        .order_by(Engagement.starts_at, Engagement.id)
    )


def companies_of(person_id: int, at: datetime) -> list[tuple[Company, frozenset[Role]]]:
    """Return the companies where a person holds a role now, by name, with those roles.

    What only an act or a page of the company needs is not read: its record's end, its policy.
    """
    found: dict[int, tuple[Company, list[str]]] = {}
    for company in _COMPANIES.rows(person=person_id, at=int(at.timestamp())):
        found.setdefault(company.id, (company, []))[1].append(company.held)
    return [(company, _roles(tuple(roles))) for company, roles in found.values()]


@cache
def _roles(names: tuple[str, ...]) -> frozenset[Role]:
    return frozenset(map(Role, names))


def names(person_ids: set[int]) -> dict[int, str]:
    """Return names by person id; the caller vouches that each id came from its own company's rows."""
    if not person_ids:
        return {}
    return dict(_NAMES.rows(ids=sorted(person_ids)))


_NAMES = Spelled(lambda ids: Person.select(Person.id, Person.name).where(Person.id.in_(ids)).tuples())


def names_at(company_id: int, person_ids: set[int]) -> dict[int, str]:
    """Return names by person id as one company may know them: the e-mail alone of who has not come in.

    The name of somebody invited who is known elsewhere would tell that they are.
    """
    if not person_ids:
        return {}
    return dict(_NAMES_AT.rows(company=company_id, ids=sorted(person_ids)))


def _names_at(company: Any, ids: Any) -> Query:
    rows = Engagement.select(Engagement.person).where(
        Engagement.company == company, ~Engagement.has_come_in()
    )
    words = Case(None, [(Person.id.in_(rows), Person.email)], Person.name)
    return Person.select(Person.id, words).where(Person.id.in_(ids)).tuples()


_NAMES_AT = Spelled(_names_at)


def awaited(company_ids: list[int]) -> set[tuple[int, int]]:
    """Return who was invited to which of these companies and has not come in: company and person."""
    rows = Engagement.select(Engagement.company, Engagement.person).where(
        Engagement.company.in_(company_ids), ~Engagement.has_come_in()
    )
    return set(rows.tuples())


def folded_email(text: str) -> str:
    """Return an e-mail in the one spelling it is kept in; the text need not be an e-mail."""
    shown = "".join(c for c in text.lower() if c.isprintable())
    return unicodedata.normalize("NFC", shown).strip()


def check_email(text: str, field: str = "email") -> str:
    """Return a typed e-mail in the spelling it is kept in.

    :raises Invalid: under `field`, when it has not the form of one.
    """
    folded = folded_email(text)
    if len(folded) > LONGEST_EMAIL or not _EMAIL.fullmatch(folded):
        message = "Type an e-mail such as vera@example.com."
        raise Invalid(message, {field: message})
    return folded


def check_name(text: str, field: str = "name", *, what: str = "a name") -> str:
    """Return a typed name on one line without needless space.

    :raises Invalid: under `field`, when it is empty, too long or cannot be shown.
    """
    name = " ".join(clean_text(text, field).split())
    message = ""
    if not name:
        message = f"Type {what}."
    elif len(name) > LONGEST_NAME:
        message = f"Shorten this to {LONGEST_NAME} characters; it has {len(name)}."
    if message:
        raise Invalid(message, {field: message})
    return name


def by_email(email: str) -> Person | None:
    """Return the person with this e-mail, in any spelling, or None."""
    return Person.get_or_none(Person.email == folded_email(email))


def known(email: str, name: str, *, at: datetime) -> Person:
    """Return the person with this e-mail, made with this name when new; a known one keeps their name.

    :raises Invalid: when the e-mail or the name of somebody new will not do.
    """
    email = check_email(email)
    found = by_email(email)
    if found is not None:
        return found
    return Person.create(email=email, name=check_name(name), created_at=at)


def engagement_rows(company_id: int, *roles: Role) -> list[Engagement]:
    """Return every engagement of a company (in some roles), past and planned too, with people."""
    return list(
        Engagement.select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == company_id, Engagement.role.in_(roles) if roles else True)
        .order_by(Person.name, Person.id, Engagement.starts_at, Engagement.id)
    )


def person_here(company_id: int, person_id: int) -> Person:
    """Return somebody who holds, held or will hold a role at a company.

    :raises NotFound: for everybody else, who look as if they did not exist.
    """
    here = Engagement.select(Engagement.person).where(Engagement.company == company_id)
    found = Person.get_or_none((Person.id == person_id) & Person.id.in_(here))
    if found is None:
        raise NotFound("There is no such person here.")
    return found


def cast(*, at: datetime) -> list[tuple[Person, str]]:
    """Return everybody with a role now, with their roles in words; only a demonstration may show this."""
    rows = (
        Engagement.running(at)
        .select(Engagement, Person, Company)
        .join(Person, on=(Engagement.person == Person.id))
        .switch(Engagement)
        .join(Company, on=(Engagement.company == Company.id))
        .where(Person.disabled_at.is_null())
        .order_by(Person.id, Engagement.id)
    )
    found: dict[int, tuple[Person, dict[str, set[str]]]] = {}
    for row in rows:
        words = found.setdefault(row.person.id, (row.person, {}))[1]
        words.setdefault(ROLE_NAMES[Role(row.role)], set()).add(row.company.name)
    return [(person, _roles_in_words(roles)) for person, roles in found.values()]


def _roles_in_words(roles: dict[str, set[str]]) -> str:
    parts = [f"{role} at {', '.join(sorted(companies))}" for role, companies in roles.items()]
    return "; ".join(parts)
