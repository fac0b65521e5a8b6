"""What the answer to which role comes first depends on: read of a company, frozen with it, read again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from adr_app.domain.first_role import Inputs, Profile, Seat
from adr_app.domain.obligations import pressures_of
from adr_app.domain.permissions import Role
from adr_app.domain.pressures import Pressure
from adr_app.domain.worktime import day_of, local_day
from adr_app.models.people import Company, Engagement
from adr_app.services import obligations, pressures, profiles

ROLES = (Role.CTO, Role.VCISO)


def of_company(company: Company, at: datetime) -> Inputs:
    """Return what the answer depends on at a company now, in a handful of queries."""
    today = local_day(at, company.zone)
    found = [pressures.as_read(row, company.zone) for row in pressures.open_ones(company.id)]
    found += pressures_of((duty for _, duty in obligations.running(company.id, company.zone)), today)
    cto, vciso = seats(company, at)
    return Inputs(today, tuple(found), profiles.as_read(company.id), cto, vciso)


def seats(company: Company, at: datetime) -> tuple[Seat, Seat]:
    """Return both roles as they are held or planned; one person in both only where nobody else holds one."""
    rows = Engagement.select(Engagement.role, Engagement.person, Engagement.starts_at).where(
        Engagement.company == company.id,
        Engagement.role.in_([str(role) for role in ROLES]),
        Engagement.ends_at.is_null() | (Engagement.ends_at > at),
    )
    held: dict[str, list[tuple[datetime, int]]] = {str(role): [] for role in ROLES}
    for row in rows.order_by(Engagement.starts_at, Engagement.id):
        held[row.role].append((row.starts_at, row.person_id))
    cto, vciso = (held[str(role)] for role in ROLES)
    others = [pair for pair in vciso if pair[1] not in {person for _, person in cto}]
    return _seat(cto, company.zone), _seat(others or vciso, company.zone)


def _seat(held: list[tuple[datetime, int]], zone: str) -> Seat:
    if not held:
        return Seat()
    starts_at, person = held[0]
    return Seat(person, local_day(starts_at, zone))


def missing(company_ids: list[int], at: datetime) -> dict[int, set[Role]]:
    """Return which of both roles nobody holds at each of some companies, in one query."""
    found = {key: set(ROLES) for key in company_ids}
    rows = Engagement.running(at, invited=True).select(Engagement.company, Engagement.role)
    for row in rows.where(Engagement.company.in_(company_ids)) if company_ids else ():
        found[row.company_id].discard(row.role)
    return found


def frozen(inputs: Inputs) -> dict[str, Any]:
    """Return inputs as they are kept with an answer."""
    return {
        "today": inputs.today.isoformat(),
        "pressures": [
            {
                "key": one.key,
                "kind": one.kind,
                "name": one.name,
                "loses": one.loses,
                "level": int(one.level),
                "opened_on": one.opened_on.isoformat(),
                "bites_on": _day(one.bites_on),
                "now": one.now,
                "evidence": one.evidence,
                "shapes_years": one.shapes_years,
            }
            for one in inputs.pressures
        ],
        "profile": {
            "stage": inputs.profile.stage,
            "sensitive": inputs.profile.sensitive,
            "frameworks": list(inputs.profile.frameworks),
            "assurance": inputs.profile.assurance,
        },
        "cto": [inputs.cto.person, _day(inputs.cto.starts_on)],
        "vciso": [inputs.vciso.person, _day(inputs.vciso.starts_on)],
        "split": inputs.split,
        "met_on": _day(inputs.met_on),
    }


def thawed(kept: Mapping[str, Any]) -> Inputs:
    """Return inputs as they were when an answer was given: the rules give the same answer for them."""
    profile = kept["profile"]
    return Inputs(
        today=date.fromisoformat(kept["today"]),
        pressures=tuple(
            Pressure(
                **one
                | {"opened_on": date.fromisoformat(one["opened_on"]), "bites_on": day_of(one["bites_on"])}
            )
            for one in kept["pressures"]
        ),
        profile=Profile(**profile | {"frameworks": tuple(profile["frameworks"])}),
        cto=Seat(kept["cto"][0], day_of(kept["cto"][1])),
        vciso=Seat(kept["vciso"][0], day_of(kept["vciso"][1])),
        split=kept["split"],
        met_on=day_of(kept["met_on"]),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
