"""The register of what presses a company: written down, changed, ended, and put in order by its people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.pressures import (
    BLOCKED_SALE,
    CLOSINGS,
    CONSEQUENCES,
    EVIDENCE_FROM,
    KIND_WORDS,
    LEVEL_WORDS,
    Pressure,
)
from adr_app.domain.worktime import local_day
from adr_app.models.people import Engagement
from adr_app.models.pressures import PressureOrder, PressureRow
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.typed import HIGHEST_ID, MOST_MONEY, Typed

WHEN = {"now": "It hurts already", "day": "From a day on", "open": "Nobody knows a day"}
"""When something hurts, as a form asks it."""

LONGEST_NAME = 120
MONEY = ("money_low", "money_likely", "money_high", "deal_value")
FIELDS = (
    *("kind", "name", "loses", "consequence", "level", "bites_on", "evidence", "shapes_years"),
    *("deal", "waiting_since", "reported_by", "interest"),
)
"""The columns that a form holds as they are kept, besides amounts."""


def checked(fields: Mapping[str, str], unit: int = 1) -> dict[str, Any]:
    """Return what was typed of a pressure as it is kept; amounts are typed in `unit` minor units.

    :raises Invalid: naming each field that has to be mended.
    """
    typed = Typed(fields)
    kind = typed.one_of("kind", KIND_WORDS, "Choose what presses.")
    level = typed.one_of("level", LEVEL_WORDS, "Say how serious it is.")
    when = typed.one_of("when", WHEN, "Say when it hurts.")
    said: dict[str, Any] = {
        "kind": kind,
        "name": typed.line("name", "Name it in a few words.", LONGEST_NAME),
        "loses": typed.line("loses", "Say what you stand to lose: that is what decides."),
        "consequence": typed.one_of("consequence", CONSEQUENCES, "Choose what follows if nothing is done."),
        "level": int(level) if level in {str(code) for code in LEVEL_WORDS} else 0,
        "bites_on": typed.day("bites_on", "Say from which day on it hurts." if when == "day" else ""),
        "now": when == "now",
        "evidence": typed.line("evidence"),
        "shapes_years": typed.number("shapes_years", 0, 50) or 0,
        "deal": typed.line("deal") if kind == BLOCKED_SALE else "",
        "waiting_since": typed.day("waiting_since") if kind == BLOCKED_SALE else None,
        "reported_by": typed.line("reported_by", most=LONGEST_NAME),
        "interest": typed.line("interest"),
    }
    said |= {name: typed.number(name, 0, MOST_MONEY // unit, unit) for name in MONEY}
    if kind != BLOCKED_SALE:
        said["deal_value"] = None
    _look_at(said, when, typed.problems)
    typed.check("This is not complete yet.")
    return said


def _look_at(said: dict[str, Any], when: str, problems: dict[str, str]) -> None:
    if said["level"] >= EVIDENCE_FROM and not said["evidence"]:
        problems.setdefault(
            "evidence",
            "Say what shows it, such as a letter, a number or an event. Only what is small needs none.",
        )
    if when != "day" and said["bites_on"] is not None:
        problems["bites_on"] = "Leave the day empty, or choose “From a day on”."
    amounts = [said[name] for name in MONEY[:3] if said[name] is not None]
    if amounts != sorted(amounts):
        problems["money_likely"] = "The low amount comes first, then the likely, then the high one."


def note(viewer: Viewer, fields: Mapping[str, str], *, unit: int = 1, at: datetime) -> PressureRow:
    """Write down something that presses.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: naming each field that has to be mended.
    """
    viewer.require(Act.NOTE_PRESSURE)
    said = checked(fields, unit)
    _not_ahead(viewer, said, at)
    with acting_as(viewer, at=at) as ledger:
        row = make(viewer, said, ledger.at)
        told = {"pressure": row.id, "row": row.row_digest}
        ledger.append("pressure.noted", ("pressure", row.id), told)
    return row


def make(viewer: Viewer, said: Mapping[str, Any], at: datetime) -> PressureRow:
    """Store a pressure within an act."""
    row: PressureRow = PressureRow.create(
        company=viewer.company.id, person=viewer.person.id, opened_at=at, closed_how="", closed_why="", **said
    )
    return row


def _not_ahead(viewer: Viewer, said: Mapping[str, Any], at: datetime) -> None:
    if said["waiting_since"] is not None and said["waiting_since"] > local_day(at, viewer.company.zone):
        message = "That day has not come yet."
        raise Invalid(message, {"waiting_since": message})


def change(
    viewer: Viewer, key: int, fields: Mapping[str, str], *, unit: int = 1, at: datetime
) -> PressureRow | None:
    """Change what is written down of a pressure; None where nothing is new.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when there is none.
    :raises WrongState: when it has ended.
    :raises Invalid: naming each field that has to be mended.
    """
    viewer.require(Act.NOTE_PRESSURE)
    row = find(viewer, key)
    said = checked(fields, unit)
    _not_ahead(viewer, said, at)
    if row.closed_at is None and all(getattr(row, name) == value for name, value in said.items()):
        return None
    with acting_as(viewer, at=at) as ledger:
        row = _open(viewer, key)
        for name, value in said.items():
            setattr(row, name, value)
        row.save(only=list(said))
        told = {"pressure": row.id, "row": row.row_digest}
        ledger.append("pressure.changed", ("pressure", row.id), told)
    return row


def close(viewer: Viewer, key: int, *, how: str, why: str, at: datetime) -> PressureRow:
    """Say that something no longer presses, and how it came to its end.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when there is none.
    :raises WrongState: when it has ended already.
    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.NOTE_PRESSURE)
    find(viewer, key)
    typed = Typed({"how": how, "why": why})
    code = typed.one_of("how", CLOSINGS, "Say how it came to its end.")
    words = typed.line("why", "Say in one line what happened.")
    typed.check("This cannot be saved yet.")
    with acting_as(viewer, at=at) as ledger:
        row = _open(viewer, key)
        row.closed_at, row.closed_how, row.closed_why = ledger.at, code, words
        row.save(only=["closed_at", "closed_how", "closed_why"])
        told = {"pressure": row.id, "row": row.row_digest, "how": code}
        ledger.append("pressure.closed", ("pressure", row.id), told)
    return row


def find(viewer: Viewer, key: int) -> PressureRow:
    """Return one pressure of the company.

    :raises NotFound: when there is none.
    """
    mine = (PressureRow.company == viewer.company.id, PressureRow.id == key)
    row: PressureRow | None = PressureRow.get_or_none(*mine) if key < HIGHEST_ID else None
    if row is None:
        raise NotFound("There is no such page.")
    return row


def _open(viewer: Viewer, key: int) -> PressureRow:
    row = find(viewer, key)
    if row.closed_at is not None:
        raise WrongState(f"It does not press any more: {CLOSINGS[row.closed_how].lower()}.")
    return row


def open_ones(company_id: int) -> list[PressureRow]:
    """Return everything that presses a company now, as written down."""
    return list(
        PressureRow.select()
        .where(PressureRow.company == company_id, PressureRow.closed_at.is_null())
        .order_by(PressureRow.id)
    )


def closed_ones(company_id: int, most: int) -> tuple[list[PressureRow], int]:
    """Return the last that came to an end, newest first, and how many there are in all."""
    query = PressureRow.select().where(
        PressureRow.company == company_id, PressureRow.closed_at.is_null(False)
    )
    return list(
        query.order_by(PressureRow.closed_at.desc(), PressureRow.id.desc()).limit(most)
    ), query.count()


def as_read(row: PressureRow, zone: str) -> Pressure:
    """Return a pressure as the advice reads it."""
    return Pressure(
        key=key_of(row),
        kind=row.kind,
        name=row.name,
        loses=row.loses,
        level=row.level,
        opened_on=local_day(row.opened_at, zone),
        bites_on=row.bites_on,
        now=row.now,
        evidence=row.evidence,
        shapes_years=row.shapes_years,
    )


def key_of(row: PressureRow) -> str:
    """Return what names a pressure among all that presses its company."""
    return f"pressure-{row.id}"


def put_in_order(viewer: Viewer, keys: Sequence[str], known: Sequence[str], *, at: datetime) -> bool:
    """Keep in which order somebody puts what presses, most pressing first; return whether that is new.

    `known` are the keys of all that presses now: each has to stand in the order once.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: where something is missing, strange or there twice.
    """
    viewer.require(Act.NOTE_PRESSURE)
    given = [clean_text(key, "order") for key in keys]
    if sorted(given) != sorted(known) or not given:
        message = "Something was added or ended meanwhile, or stands there twice. Give each its own place."
        raise Invalid(message, {"order": message})
    if (last := orders(viewer.company.id).get(viewer.person.id)) is not None and last.keys == given:
        return False
    with acting_as(viewer, at=at) as ledger:
        row = PressureOrder.create(
            company=viewer.company.id,
            person=viewer.person.id,
            person_name=viewer.person.name,
            keys=given,
            at=ledger.at,
        )
        ledger.append(
            "pressure.ordered", ("pressure_order", row.id), {"order": row.id, "row": row.row_digest}
        )
    return True


def orders(company_id: int) -> dict[int, PressureOrder]:
    """Return the newest order of each person, by person."""
    rows = PressureOrder.select().where(PressureOrder.company == company_id).order_by(PressureOrder.id)
    return {row.person_id: row for row in rows}


def orders_now(company_id: int, at: datetime) -> list[PressureOrder]:
    """Return the newest order of each person who has a role here now, by name."""
    here = {
        row.person_id
        for row in Engagement.running(at).select(Engagement.person).where(Engagement.company == company_id)
    }
    found = (row for person, row in orders(company_id).items() if person in here)
    return sorted(found, key=lambda row: (row.person_name, row.id))
