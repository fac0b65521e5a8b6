"""A company that nobody leads any more: whoever runs the installation names a leader, on the record."""

from datetime import datetime

from adr_app.domain.errors import NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.base import writing
from adr_app.models.people import Company, Engagement, Person
from adr_app.services import engagements, invitations, people
from adr_app.services.engagements import Term
from adr_app.services.record import acting


def name_leader(slug: str, email: str, person_name: str = "", *, at: datetime) -> tuple[Company, Person, str]:
    """Give somebody leadership of a company that has none, and return the link's token for them.

    Whoever is among its people already needs no link: the token is empty then. Appends `engagement.started`,
    appointed by nobody, and `person.invited` where there is a link.

    :raises NotFound: when there is no such company.
    :raises WrongState: while somebody leads it, or was invited to: they appoint others themselves.
    :raises Invalid: when the e-mail, or the name of somebody new, will not do.
    """
    company = Company.get_or_none(Company.slug == slug)
    if company is None:
        raise NotFound(f"There is no company called {slug} here.")
    with writing():
        if people.by_email(email) is None:
            people.check_name(person_name, "leader_name", what="the leader's name")
        with acting(company.id, at=at, actor=None) as ledger:
            if people.holders(company.id, Role.LEADER, ledger.at, invited=True):
                raise WrongState(
                    f"{company.name} has somebody in leadership. They appoint others under People."
                )
            leader = people.known(email, person_name, at=ledger.at)
            is_here = _is_here(company.id, leader.id)
            term = Term(ledger.at, None)
            engagements.check_free(company.id, leader.id, Role.LEADER, term)
            engagements.start(ledger, leader, Role.LEADER, term, appointed_by=None)
        if is_here:
            return company, leader, ""
        with acting(company.id, at=at, actor=None) as ledger:
            ledger.append("person.invited", ("company", company.id), {"person": leader.id})
        token = invitations.make("invitation", leader, at=at, company=company)
    return company, leader, token


def _is_here(company_id: int, person_id: int) -> bool:
    """Return whether somebody is or was among a company's people and came in."""
    rows = Engagement.select().where(Engagement.company == company_id, Engagement.person == person_id)
    return rows.exists() and (company_id, person_id) not in people.awaited([company_id])
