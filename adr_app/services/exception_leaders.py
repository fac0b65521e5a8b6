"""Who answers an exception for leadership, and who has to appoint somebody where nobody could."""

from datetime import datetime

from adr_app.domain.permissions import Act, Role
from adr_app.models.exceptions import ExceptionRequest
from adr_app.services import people
from adr_app.services.people import Viewer

NOBODY_LEADS = (
    "Nobody is in leadership here now, so nobody could answer. Only leadership gives that role: tell whoever "
    "set this company up."
)

ONLY_ASKER_LEADS = (
    "{name} asked for it and nobody else is in leadership here, so nobody could answer. {name} has to give "
    "somebody else that role under People."
)


def leaders(company_id: int, at: datetime) -> list[int]:
    """Return who leads; one who has never signed in may be asked: the invitation lets her in to answer."""
    return [one.person_id for one in people.holders(company_id, Role.LEADER, at, invited=True)]


def still_leading(row: ExceptionRequest, at: datetime) -> int | None:
    """Return the leader a request goes to: who was named, or another one where they left; None: nobody."""
    others = [key for key in leaders(row.company_id, at) if key != row.asked_by_id]
    return row.asked_of_id if row.asked_of_id in others else next(iter(others), None)


def may_answer(viewer: Viewer, row: ExceptionRequest) -> bool:
    """Return whether somebody may answer a request once it is put to them: a leader, but whoever asked."""
    return viewer.may(Act.ACCEPT_RISK) and row.asked_by_id != viewer.person.id


def must_be_appointed(row: ExceptionRequest, at: datetime) -> str:
    """Return who has to appoint a leader before a request can be answered; empty where one is there."""
    found = leaders(row.company_id, at)
    if set(found) - {row.asked_by_id}:
        return ""
    if not found:
        return NOBODY_LEADS
    name = people.names_at(row.company_id, {row.asked_by_id})[row.asked_by_id]
    return ONLY_ASKER_LEADS.format(name=name)
