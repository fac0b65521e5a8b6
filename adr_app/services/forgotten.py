"""Forgotten passwords: a note that one was forgotten, and the link with which a new one is chosen."""

import secrets
from datetime import datetime

from adr_app.domain.errors import NotAllowed, NotFound, WrongState
from adr_app.models.base import writing
from adr_app.models.people import Company, Engagement, Invitation, Person
from adr_app.services import api_keys, passwords, people, session, throttle
from adr_app.services.invitations import (
    GONE,
    NOT_HERE_YET,
    TOKEN_BYTES,
    asked,
    doorway,
    end_links,
    lasting,
    make,
    opened,
    person_in_reach,
    use,
)
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

ELSEWHERE = (
    "A new-password link for this person can only be made by whoever runs this log, "
    "with the command “adr-app people reset”."
)


def reset_link(viewer: Viewer, person_id: int, *, at: datetime) -> str:
    """Return the token of a new-password link for one of the company's people; older ones end.

    Whoever makes such a link could use it, so it is refused for somebody who holds or will hold a role
    where the viewer could not have given it, and for everybody who was invited and has not come in: the
    answer would tell whether they have an account elsewhere. Appends `person.password-link-made`.

    :raises NotFound: when this is nobody of this company.
    :raises NotAllowed: when it is for oneself, or for somebody with a role out of the viewer's reach.
    :raises WrongState: when they have not come in yet.
    """
    person = person_in_reach(viewer, person_id, at)
    if person.id in doorway(viewer.company.id, at).not_yet_here:
        raise WrongState(NOT_HERE_YET)
    if person.id == viewer.person.id:
        raise NotAllowed("Change your own password on the page “Your account”.")
    if not _is_in_reach_everywhere(viewer.person, person, at):
        raise NotAllowed(ELSEWHERE)
    with writing():
        token = make("password", person, at=at, company=viewer.company, by=viewer.person)
        with acting_as(viewer, at=at) as ledger:
            ledger.append("person.password-link-made", ("company", viewer.company.id), {"person": person.id})
    return token


def reset_by_operator(email: str, *, at: datetime) -> str:
    """Return the token of a new-password link made by whoever runs the installation.

    :raises NotFound: when nobody has this e-mail.
    """
    person = people.by_email(email)
    if person is None or person.disabled_at is not None:
        raise NotFound("Nobody here has that e-mail.")
    with writing():
        return make("password", person, at=at)


def ask_new_password(email: str, *, at: datetime, address: str = "") -> None:
    """Note that somebody forgot their password, for whoever may make them a link; says nothing back.

    A note is an unusable link without a maker. The e-mail may be anybody's, known or not.

    :raises NotAllowed: after too many tries.
    """
    email = people.folded_email(email)
    # Whoever asks need not be that person, and must not shut them out of signing in.
    if not throttle.count(email, address, at, what="forgotten "):
        raise NotAllowed(session.TOO_MANY)
    person = people.by_email(email)
    if person is None or person.disabled_at is not None or person.id in asked({person.id}, at):
        return
    with writing():
        Invitation.create(
            token_hash=session.token_hash(secrets.token_urlsafe(TOKEN_BYTES)),
            kind="password",
            person=person,
            created_at=at,
            expires_at=at,
        )


def choose_password(token: str, password: str, again: str, *, at: datetime) -> Person:
    """Use a new-password link: keep the password, end every session, key and other such link.

    Whoever lost a password may have lost it to somebody, who then is shut out of every way in.

    :raises WrongState: when the link is used up or too old.
    :raises Invalid: when the password will not do.
    """
    invitation = opened(token, "password", at=at)
    maker = invitation.created_by
    if maker is not None and not _is_in_reach_everywhere(maker, invitation.person, at):
        # Since the link was made, the person came into a company where the maker could not have made it.
        raise WrongState(GONE)
    passwords.check_new(password, again)
    with writing():
        use(invitation, at)
        end_links("password", invitation.person, at)
        session.set_password(invitation.person, password)
        session.revoke_all(invitation.person, at=at)
        api_keys.end_all(invitation.person, at=at)
    return invitation.person


def _is_in_reach_everywhere(maker: Person, person: Person, at: datetime) -> bool:
    """Return whether somebody could give every role that a person holds or will hold, at every company."""
    for company in _companies_of(person, at):
        try:
            person_in_reach(people.viewer(maker, company.slug, at), person.id, at)
        except (NotFound, NotAllowed):
            return False
    return True


def _companies_of(person: Person, at: datetime) -> list[Company]:
    """Return where a person holds or will hold a role, less where they were invited and never came in."""
    rows = Engagement.select(Engagement.id).where(Engagement.person == person.id, Engagement.has_come_in())
    entered = {row.id for row in rows}
    return list({row.company_id: row.company for row in lasting(person.id, at) if row.id in entered}.values())
