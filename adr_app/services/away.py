"""A vCISO who is away: until when, and who answers meanwhile at each of their companies.

Each company learns of itself alone. Nothing stops a clock: past the due time the CTO may decide without.
"""

from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import local_day
from adr_app.models.people import Engagement, Person
from adr_app.services import people
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Away:
    """That somebody is away: until which day, when they are back, and who answers meanwhile, if anybody."""

    name: str
    until: date
    deputy: str


def check_until(until: date | None, today: date) -> date:
    """Return the day on which somebody is back.

    :raises Invalid: when there is none, or it is not after today or too far off.
    """
    message = ""
    if until is None:
        message = "Choose the day on which you are back."
    elif until <= today:
        message = "Choose a day after today."
    elif (until - today).days > LONGEST_DAYS:
        message = "Choose a day within a year. For longer, leadership appoints somebody else."
    if until is None or message:
        raise Invalid(message, {"until": message})
    return until


def leave(viewer: Viewer, until: date | None, deputy: int | None, *, at: datetime) -> Engagement:
    """Say until when one is away here, and who of the vCISOs here answers meanwhile (None: nobody).

    :raises Invalid: for a day that nobody can mean.
    :raises NotFound: when `deputy` is nobody else who is engaged as vCISO here.
    """
    viewer.require(Act.GIVE_VERDICT)
    back = check_until(until, local_day(at, viewer.company.zone))
    others = {one.person_id for one in people.holders(viewer.company.id, Role.VCISO, at)} - {viewer.person.id}
    if deputy is not None and deputy not in others:
        raise NotFound("There is no such person here.")
    return _say(viewer, back, deputy, at)


def come_back(viewer: Viewer, *, at: datetime) -> Engagement | None:
    """Say that one is here again, where one was away."""
    viewer.require(Act.GIVE_VERDICT)
    mine = Engagement.get(Engagement.company == viewer.company.id, Engagement.id == viewer.vciso_engagement)
    return _say(viewer, None, None, at) if mine.away_until is not None else None


def _say(viewer: Viewer, until: date | None, deputy: int | None, at: datetime) -> Engagement:
    with acting_as(viewer, at=at) as ledger:
        mine: Engagement = Engagement.get(
            Engagement.company == ledger.company.id, Engagement.id == viewer.vciso_engagement
        )
        mine.away_until, mine.deputy = until, deputy
        mine.save(only=[Engagement.away_until, Engagement.deputy])
        told = {"engagement": mine.id, "until": until.isoformat() if until else None, "deputy": deputy}
        ledger.append("engagement.away", ("company", ledger.company.id), told)
    return mine


def is_away(engagement: Engagement, today: date) -> bool:
    """Return whether whoever holds an engagement is away on a day: not on the one they are back."""
    return engagement.away_until is not None and today < engagement.away_until


def whom(engaged: list[Engagement], today: date) -> Engagement:
    """Return of whom a review is asked where nobody is named: the first engaged, while away their deputy.

    Where there is no deputy it is whoever is here; where nobody is, the first after all.
    """
    first = engaged[0]
    if not is_away(first, today):
        return first
    here = [one for one in engaged if not is_away(one, today)]
    named = [one for one in here if one.person_id == first.deputy]
    return [*named, *here, first][0]


def who_is(company_ids: list[int], at: datetime) -> dict[tuple[int, int], Away]:
    """Return which vCISOs of some companies are away, by company and person; in two queries at most."""
    if not company_ids:
        return {}
    rows = list(
        Engagement.running(at)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(
            Engagement.company.in_(company_ids),
            Engagement.role == Role.VCISO,
            Engagement.away_until > at.date(),
        )
    )
    deputies = people.names({row.deputy for row in rows if row.deputy is not None})
    still = {(row.company_id, row.person_id) for row in _engaged_deputies(company_ids, set(deputies), at)}
    return {
        (row.company_id, row.person_id): Away(
            row.person.name,
            row.away_until,
            deputies.get(row.deputy, "") if (row.company_id, row.deputy) in still else "",
        )
        for row in rows
    }


def _engaged_deputies(company_ids: list[int], person_ids: set[int], at: datetime) -> list[Engagement]:
    if not person_ids:
        return []
    return list(
        Engagement.running(at).where(
            Engagement.company.in_(company_ids),
            Engagement.role == Role.VCISO,
            Engagement.person.in_(person_ids),
        )
    )
