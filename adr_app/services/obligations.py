"""Duties by law or contract: written down, changed, met for a day, ended; the next day follows from that."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from peewee import fn

from adr_app.domain.errors import NotFound, WrongState
from adr_app.domain.obligations import KINDS, LONGEST_MONTHS, SOURCES, Duty
from adr_app.domain.permissions import Act
from adr_app.domain.pressures import CONSEQUENCES, LEVEL_WORDS
from adr_app.domain.values import dataclass
from adr_app.domain.worktime import local_day
from adr_app.models.obligations import Obligation, ObligationMet
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.typed import HIGHEST_ID, Typed

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A duty as the register shows it: its row, its dates, and when it was met, the last one first."""

    row: Obligation
    duty: Duty
    met: tuple[ObligationMet, ...] = ()


def checked(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed of a duty as it is kept.

    :raises Invalid: naming each field that has to be mended.
    """
    typed = Typed(fields)
    level = typed.one_of("level", LEVEL_WORDS, "Say how serious it is to fail.")
    said: dict[str, Any] = {
        "name": typed.line("name", "Name it in a few words.", LONGEST_NAME),
        "source": typed.one_of("source", SOURCES, "Say where it comes from."),
        "reference": typed.line(
            "reference", "Say where it is written: the law, or the contract and its part."
        ),
        "asks": typed.line("asks", "Say in one line what it asks of you."),
        "kind": typed.one_of("kind", KINDS, "Choose what it presses as."),
        "consequence": typed.one_of("consequence", CONSEQUENCES, "Choose what follows if it is not met."),
        "loses": typed.line("loses", "Say what you stand to lose."),
        "level": int(level) if level in {str(code) for code in LEVEL_WORDS} else 0,
        "first_on": typed.day("first_on", "Say on which day it is due."),
        "months": typed.number("months", 1, LONGEST_MONTHS),
    }
    typed.check("The duty is not complete yet.")
    return said


def add(viewer: Viewer, fields: Mapping[str, str], *, at: datetime) -> Obligation:
    """Write down a duty.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: naming each field that has to be mended.
    """
    viewer.require(Act.KEEP_DUTIES)
    said = checked(fields)
    with acting_as(viewer, at=at) as ledger:
        row = Obligation.create(
            company=viewer.company.id, person=viewer.person.id, added_at=ledger.at, ended_why="", **said
        )
        ledger.append("obligation.added", ("obligation", row.id), _told(row))
    return row


def change(viewer: Viewer, key: int, fields: Mapping[str, str], *, at: datetime) -> Obligation | None:
    """Change what is written down of a duty; None where nothing is new.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when there is none.
    :raises WrongState: when it has ended.
    :raises Invalid: naming each field that has to be mended.
    """
    viewer.require(Act.KEEP_DUTIES)
    row = find(viewer, key)
    said = checked(fields)
    if row.ended_at is None and all(getattr(row, name) == value for name, value in said.items()):
        return None
    with acting_as(viewer, at=at) as ledger:
        row = _running(viewer, key)
        for name, value in said.items():
            setattr(row, name, value)
        row.save(only=list(said))
        ledger.append("obligation.changed", ("obligation", row.id), _told(row))
    return row


def meet(viewer: Viewer, key: int, *, due_on: str, met_on: str, evidence: str, at: datetime) -> ObligationMet:
    """Say that a duty was met for the day it is due on next; it is due again when it comes back.

    `due_on` is the day that the page showed: who sends the form twice meets it once.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when there is none.
    :raises WrongState: when it has ended, or was met for that day meanwhile.
    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.KEEP_DUTIES)
    find(viewer, key)
    typed = Typed({"due_on": due_on, "met_on": met_on, "evidence": evidence})
    meant, on = typed.day("due_on"), typed.day("met_on", "Say on which day it was met.")
    words = typed.line("evidence", "Say what shows it: a file, an address, a number.")
    if on is not None and on > local_day(at, viewer.company.zone):
        typed.problems["met_on"] = "That day has not come yet."
    typed.check("This cannot be saved yet.")
    with acting_as(viewer, at=at) as ledger:
        row = _running(viewer, key)
        due = duty_of(row, _met_until(viewer.company.id, [row.id]).get(row.id), viewer.company.zone).due_on
        if due is None or due != meant:
            raise WrongState("Somebody said so already, or changed its day. Look at the duty again.")
        made: ObligationMet = ObligationMet.create(
            company=viewer.company.id,
            obligation_id=row.id,
            due_on=due,
            met_on=on,
            evidence=words,
            person=viewer.person.id,
            person_name=viewer.person.name,
            at=ledger.at,
        )
        told = {"met": made.id, "row": made.row_digest, "due_on": due.isoformat()}
        ledger.append("obligation.met", ("obligation", row.id), told)
    return made


def end(viewer: Viewer, key: int, *, why: str, at: datetime) -> Obligation:
    """End a duty: it asks for nothing any more.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when there is none.
    :raises WrongState: when it has ended already.
    :raises Invalid: when the reason is missing.
    """
    viewer.require(Act.KEEP_DUTIES)
    find(viewer, key)
    typed = Typed({"why": why})
    words = typed.line("why", "Say in one line why it asks for nothing any more.")
    typed.check("This cannot be saved yet.")
    with acting_as(viewer, at=at) as ledger:
        row = _running(viewer, key)
        row.ended_at, row.ended_why = ledger.at, words
        row.save(only=["ended_at", "ended_why"])
        ledger.append("obligation.ended", ("obligation", row.id), _told(row))
    return row


def _told(row: Obligation) -> dict[str, Any]:
    return {"obligation": row.id, "row": row.row_digest}


def find(viewer: Viewer, key: int) -> Obligation:
    """Return one duty of the company.

    :raises NotFound: when there is none.
    """
    mine = (Obligation.company == viewer.company.id, Obligation.id == key)
    row: Obligation | None = Obligation.get_or_none(*mine) if key < HIGHEST_ID else None
    if row is None:
        raise NotFound("There is no such page.")
    return row


def _running(viewer: Viewer, key: int) -> Obligation:
    row = find(viewer, key)
    if row.ended_at is not None:
        raise WrongState("This duty has ended, so nothing is asked any more.")
    return row


def duty_of(row: Obligation, met_until: date | None, zone: str) -> Duty:
    """Return a duty as its dates are read."""
    return Duty(
        id=row.id,
        name=row.name,
        kind=row.kind,
        loses=row.loses,
        level=row.level,
        reference=row.reference,
        first_on=row.first_on,
        since=local_day(row.added_at, zone),
        months=row.months,
        met_until=met_until,
    )


def running(company_id: int, zone: str) -> list[tuple[Obligation, Duty]]:
    """Return a company's duties that have not ended, what is due first in front, in two queries."""
    rows = list(Obligation.select().where(Obligation.company == company_id, Obligation.ended_at.is_null()))
    met = _met_until(company_id, [row.id for row in rows])
    found = [(row, duty_of(row, met.get(row.id), zone)) for row in rows]
    return sorted(found, key=lambda pair: (pair[1].due_on or date.max, pair[0].name, pair[0].id))


def ended(company_id: int) -> list[Obligation]:
    """Return the duties that have ended, the last one first."""
    rows = Obligation.select().where(Obligation.company == company_id, Obligation.ended_at.is_null(False))
    return list(rows.order_by(Obligation.ended_at.desc(), Obligation.id.desc()))


def line(viewer: Viewer, key: int) -> Line:
    """Return one duty with its dates and when it was met.

    :raises NotFound: when there is none.
    """
    row = find(viewer, key)
    met = tuple(
        ObligationMet.select()
        .where(ObligationMet.company == viewer.company.id, ObligationMet.obligation_id == row.id)
        .order_by(ObligationMet.due_on.desc())
    )
    return Line(row, duty_of(row, met[0].due_on if met else None, viewer.company.zone), met)


def _met_until(company_id: int, ids: list[int]) -> dict[int, date]:
    rows = (
        ObligationMet.select(ObligationMet.obligation_id, fn.MAX(ObligationMet.due_on))
        .where(ObligationMet.company == company_id, ObligationMet.obligation_id.in_(ids))
        .group_by(ObligationMet.obligation_id)
        .tuples()
    )
    return {key: date.fromisoformat(str(day)) for key, day in rows} if ids else {}
