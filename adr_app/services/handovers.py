"""A role handed over while it still runs, by who holds it or who may end it, and what was said with it."""

from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.errors import NotAllowed, WrongState
from adr_app.domain.permissions import Role
from adr_app.models.mandates import Handover
from adr_app.models.people import Engagement, Person
from adr_app.services import people, successors
from adr_app.services.engagements import act_for, engagement_of
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

SHOWN = 3
"""How many of the last handovers of a role a page shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """One handover: who wrote it, whose role it was, to whom it went (empty: whoever is next), when."""

    by: str
    whose: str
    to: str
    note: str
    at: datetime


def hand_over(
    viewer: Viewer, engagement_id: int, *, successor: int | None, note: str, at: datetime
) -> Handover:
    """Hand a role over before it ends, as its holder or who may end it. Appends `engagement.handed-over`.

    :raises NotFound: when there is no such role here, or no such successor.
    :raises NotAllowed: for everybody else.
    :raises WrongState: when the role is over, has not begun, or nothing goes with it.
    :raises Invalid: as `successors.pass_on`.
    """
    with acting_as(viewer, at=at) as ledger:
        ending = engagement_of(ledger.company.id, engagement_id)
        if not may_hand_over(viewer, ending):
            raise NotAllowed("Only who holds this role hands it over, or who may end it.")
        if not ending.starts_at <= ledger.at or (ending.ends_at is not None and ending.ends_at <= ledger.at):
            raise WrongState("This role does not hold now, so there is nothing to hand over.")
        passed = successors.pass_on(ledger, ending, successor, note)
        ledger.append(
            "engagement.handed-over",
            ("company", ledger.company.id),
            {"engagement": ending.id, "person": ending.person_id, "role": ending.role, **passed.told},
            passed.also,
        )
    return passed.kept


def may_hand_over(viewer: Viewer, engagement: Engagement) -> bool:
    """Return whether a person may hand a role over: their own, or one that they may end."""
    return engagement.person_id == viewer.person.id or viewer.may(act_for(Role(engagement.role)))


def may_read(viewer: Viewer, role: Role) -> bool:
    """Return whether a person may read what was said with a role: who holds it too, and leadership."""
    return role in viewer.roles or Role.LEADER in viewer.roles


def said_with(viewer: Viewer, role: Role) -> list[Said]:
    """Return the last handovers of a role, newest first; none to whom the words are not meant."""
    if not may_read(viewer, role):
        return []
    rows = list(
        Handover.select(Handover, Person)
        .join(Person, on=(Handover.person == Person.id))
        .switch(Handover)
        .join(Engagement, on=(Engagement.id == Handover.engagement_id))
        .where(
            Handover.company == viewer.company.id,
            Engagement.company == viewer.company.id,
            Engagement.role == role,
        )
        .order_by(Handover.id.desc())
        .limit(SHOWN)
    )
    ids = {key for row in rows for key in (row.engagement_id, row.successor_id) if key is not None}
    whose = Engagement.select(Engagement.id, Engagement.person).where(
        Engagement.company == viewer.company.id, Engagement.id.in_(ids)
    )
    persons = dict(whose.tuples()) if ids else {}
    names = people.names_at(viewer.company.id, set(persons.values()))
    return [
        Said(
            row.person.name,
            names[persons[row.engagement_id]],
            names[persons[row.successor_id]] if row.successor_id else "",
            row.note,
            row.at,
        )
        for row in rows
    ]
