"""Links that let somebody in: an invitation to a company, and a new password for a forgotten one.

These links are not mailed: whoever makes one copies it and hands it over. It is a secret of 256 bits, shown
once, kept as a hash, good for seven days and one use. A company's people may never get at somebody's
account through it who also belongs to another company, nor learn that there is such an account.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.base import writing
from adr_app.models.people import Company, Engagement, Invitation, Person
from adr_app.services import engagements, passwords, people, session, throttle
from adr_app.services.appointment_letters import Letter
from adr_app.services.people import Viewer
from adr_app.services.record import acting, acting_as

VALID = timedelta(days=7)
TOKEN_BYTES = 32

GONE = "This link has been used or is too old. Ask whoever gave it to you for a new one."
NOT_HERE_YET = "This person has not come in yet. Make them a new invitation link instead."
NOT_THEIRS = (
    "That is not the password you have here already. Type that one; if it is forgotten, ask whoever runs "
    "this log for a new-password link."
)


@dataclass(frozen=True, slots=True)
class Doorway:
    """Who of a company's people has not come in yet, and who asked for a new password (ids)."""

    not_yet_here: frozenset[int]
    asked: frozenset[int]


def invite(
    viewer: Viewer,
    *,
    email: str,
    name: str,
    role: Role | str,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    letter: Letter | None = None,
) -> tuple[str, Engagement]:
    """Give somebody a role by e-mail and return a link's token to hand over, and the engagement.

    The answer is the same whether this e-mail is known to another company or to nobody. Two acts in one
    transaction: `engagement.started` and `person.invited`.

    :raises NotAllowed: as `engagements.appoint`.
    :raises Invalid: as `engagements.appoint`.
    """
    with writing():
        # Both are checked whether or not the person is known, so that an error tells nothing either.
        email, name = people.check_email(email), people.check_name(name)
        _refuse_who_is_here(viewer, email, at)
        engagement = engagements.appoint(
            viewer,
            role=role,
            at=at,
            email=email,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            letter=letter,
        )
        return _record_link(viewer, engagement.person, at=at), engagement


def invite_again(viewer: Viewer, person_id: int, *, at: datetime) -> str:
    """Return the token of a new invitation for somebody who has not come in yet; older ones end.

    :raises NotFound: when this is nobody of this company.
    :raises NotAllowed: when the viewer may not give the roles this person has.
    :raises WrongState: when they have come in already.
    """
    person = person_in_reach(viewer, person_id, at)
    if person.id not in doorway(viewer.company.id, at).not_yet_here:
        raise WrongState("This person has come in already, so no invitation is needed.")
    with writing():
        return _record_link(viewer, person, at=at)


def opened(token: str, kind: str, *, at: datetime) -> Invitation:
    """Return the link with this token, its person and company, without using it up.

    :raises WrongState: when it is unknown, used, of another kind or too old.
    """
    found = (
        Invitation.select(Invitation, Person, Company)
        .join(Person, on=(Invitation.person == Person.id))
        .switch(Invitation)
        .left_outer_join(Company, on=(Invitation.company == Company.id))
        .where(
            Invitation.token_hash == session.token_hash(token),
            Invitation.kind == kind,
            Invitation.used_at.is_null(),
            Invitation.expires_at > at,
            Person.disabled_at.is_null(),
        )
        .first()
    )
    if found is None:
        raise WrongState(GONE)
    return found


def join(token: str, password: str, *, at: datetime, address: str = "") -> Invitation:
    """Use an invitation: somebody new chooses a password with it, somebody known types theirs.

    The page asks the same of both, so that a link does not tell who is known here. Only the company
    that brought a person in may let them choose the first password. Appends `person.joined`: from then on
    the person holds what they were given.

    :raises WrongState: when the link is used up or too old.
    :raises Invalid: when the password will not do, or is not theirs.
    :raises NotAllowed: after too many tries.
    """
    invitation = opened(token, "invitation", at=at)
    person = invitation.person
    if not throttle.count(person.email, address, at):
        raise NotAllowed(session.TOO_MANY)
    # Checked before anything tells the two apart: who made the link might try it too.
    passwords.check_new(password)
    chosen = _brought_in(invitation)
    if not chosen and not passwords.matches(person.password_hash, password):
        raise Invalid(NOT_THEIRS, {"password": NOT_THEIRS})
    with writing():
        use(invitation, at)
        if chosen:
            session.set_password(person, password)
            session.revoke_all(person, at=at)
        with acting(invitation.company.id, at=at, actor=person.id) as ledger:
            ledger.append("person.joined", ("company", invitation.company.id))
    throttle.forget(person.email, address, at)
    return invitation


def doorway(company_id: int, at: datetime) -> Doorway:
    """Return who of a company's people has not come in yet, and who asked for a new password."""
    rows = list(
        Invitation.select(Invitation.person, Invitation.used_at).where(
            Invitation.company == company_id, Invitation.kind == "invitation"
        )
    )
    came = {row.person_id for row in rows if row.used_at is not None}
    invited = {row.person_id for row in rows}
    here = {row.person_id for row in Engagement.select().where(Engagement.company == company_id)}
    # Whoever has not come in asked elsewhere, if at all, and that is nobody's business here.
    return Doorway(frozenset(invited - came), frozenset(asked(here - (invited - came), at)))


def asked(person_ids: set[int], at: datetime) -> set[int]:
    """Return which of these people asked for a new password and wait for a link."""
    rows = Invitation.select(Invitation.person).where(
        Invitation.person.in_(person_ids),
        Invitation.kind == "password",
        Invitation.created_by.is_null(),
        Invitation.used_at.is_null(),
        Invitation.created_at > at - VALID,
    )
    return {row.person_id for row in rows} if person_ids else set()


def person_in_reach(viewer: Viewer, person_id: int, at: datetime) -> Person:
    """Return one of the company's people, all of whose roles the viewer may give and end.

    :raises NotFound: when the person holds no role here, now or later.
    :raises NotAllowed: when a role is out of reach.
    """
    rows = [row for row in lasting(person_id, at) if row.company_id == viewer.company.id]
    if not rows:
        raise NotFound("There is no such person here.")
    for row in rows:
        viewer.require(engagements.act_for(Role(row.role)))
    return rows[0].person


def lasting(person_id: int, at: datetime) -> list[Engagement]:
    """Return what a person holds or will hold, at every company."""
    return list(
        Engagement.select(Engagement, Person, Company)
        .join(Person, on=(Engagement.person == Person.id))
        .switch(Engagement)
        .join(Company, on=(Engagement.company == Company.id))
        .where(Engagement.person == person_id, Engagement.ends_at.is_null() | (Engagement.ends_at > at))
    )


def _refuse_who_is_here(viewer: Viewer, email: str, at: datetime) -> None:
    # An invitation has to be used before its company opens: it must not shut out who is in already.
    person = people.by_email(email)
    if person is None or person.id in doorway(viewer.company.id, at).not_yet_here:
        return
    if any(row.company_id == viewer.company.id for row in lasting(person.id, at)):
        message = "This person is here already. Choose “Give a role” under People instead."
        raise Invalid(message, {"email": message})


def _brought_in(invitation: Invitation) -> bool:
    person = invitation.person
    if person.password_hash is not None:
        return False
    first = Engagement.select().where(Engagement.person == person.id).order_by(Engagement.id).first()
    return first is not None and invitation.company is not None and first.company_id == invitation.company.id


def _record_link(viewer: Viewer, person: Person, *, at: datetime) -> str:
    with acting_as(viewer, at=at) as ledger:
        ledger.append("person.invited", ("company", viewer.company.id), {"person": person.id})
    return make("invitation", person, at=at, company=viewer.company, by=viewer.person)


def make(
    kind: str, person: Person, *, at: datetime, company: Company | None = None, by: Person | None = None
) -> str:
    """Return the token of a new link of a kind for a person; only its digest is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    end_links(kind, person, at, company)
    Invitation.create(
        token_hash=session.token_hash(token),
        kind=kind,
        person=person,
        company=company,
        created_by=by,
        created_at=at,
        expires_at=at + VALID,
    )
    return token


def end_links(kind: str, person: Person, at: datetime, company: Company | None = None) -> None:
    """End a person's unused links of one kind, of one company where it is named."""
    # Ended by its time, not as used: a used invitation means that somebody came in.
    mine: Any = (Invitation.kind == kind) & (Invitation.person == person.id) & Invitation.used_at.is_null()
    if kind == "invitation" and company is not None:
        mine &= Invitation.company == company.id
    Invitation.update(expires_at=at).where(mine, Invitation.expires_at > at).execute()
    if kind == "password":
        # Somebody has seen to it: the notes that it was forgotten are answered.
        Invitation.update(used_at=at).where(mine, Invitation.created_by.is_null()).execute()


def use(invitation: Invitation, at: datetime) -> None:
    """Use a link up; two that use it at once cannot both succeed."""
    used = Invitation.update(used_at=at).where(
        Invitation.id == invitation.id, Invitation.used_at.is_null(), Invitation.expires_at > at
    )
    if not used.execute():
        raise WrongState(GONE)  # another tab was faster
