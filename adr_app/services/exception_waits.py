"""Exceptions on first screens: what waits for others, and what waits until a leader is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Query

from adr_app.domain.exceptions import WAITING, State
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import answer_due
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.people import Engagement, Person
from adr_app.models.spelled import Spelled
from adr_app.services import homes
from adr_app.services.exception_rows import is_still_open
from adr_app.services.homes import Mine, Row


@dataclass(frozen=True, slots=True)
class Awaited:
    """A request that waits for somebody: until when, for which vCISO, and whether somebody could answer."""

    request: ExceptionRequest
    due_at: datetime
    vciso: Person | None
    is_led: bool


@dataclass(frozen=True, slots=True)
class Unput:
    """A request that was recommended on while no leader was there, with what the vCISO said."""

    request: ExceptionRequest
    advice: ExceptionAdvice


def awaited(me: Mine) -> list[Row]:
    """Return the requests that wait for others: those at companies of a CTO, and elsewhere the person's own.

    What is put to leadership already is not among those of a CTO: it stands there as a question. There are
    never many, one to a decision, so none is left out.
    """
    ids = me.where(Role.CTO, Role.DELEGATE)
    elsewhere = [key for key in me.companies if key not in ids]
    found = _AWAITED.rows(led=ids, elsewhere=elsewhere, person=me.person.id) if me.companies else []
    if not found:
        return []
    where = sorted({row.company_id for row in found})
    vcisos, leaders = homes.vcisos(where, me.at), _leaders(where, me.at)
    pairs = []
    for row in found:
        company = me.companies[row.company_id]
        due_at = answer_due(row.asked_at, company.zone, company.working_calendar)
        led = bool(leaders.get(company.id, set()) - {row.asked_by_id})
        about = Awaited(row, due_at, vcisos.get(company.id), led)
        pairs.append(("exception", about, row.decision_id))
    return homes.rows_of(me, list(me.companies), pairs)


def for_leaders(me: Mine) -> list[Row]:
    """Return the requests that could be put to nobody when the vCISO recommended, where the person leads now.

    Whoever asked does not answer it.
    """
    ids = me.where(Role.LEADER)
    waits = ExceptionRequest.company.in_(ids) & (ExceptionRequest.state == State.ADVISED)
    found = list(_asked(waits & (ExceptionRequest.asked_by != me.person.id))) if ids else []
    if not found:
        return []
    advice = {
        row.request_id: row
        for row in ExceptionAdvice.select().where(
            ExceptionAdvice.company.in_(ids), ExceptionAdvice.request_id.in_([row.id for row in found])
        )
    }
    pairs = [("unput", Unput(row, advice[row.id]), row.decision_id) for row in found]
    return homes.rows_of(me, ids, pairs)


def _asked(which: object) -> Query:
    return (
        ExceptionRequest.select(ExceptionRequest, Person)
        .join(Person, on=(ExceptionRequest.asked_by == Person.id))
        .where(which, is_still_open())
        .order_by(ExceptionRequest.asked_at, ExceptionRequest.id)
    )


def _awaited(led: Any, elsewhere: Any, person: Any) -> Query:
    theirs = ExceptionRequest.company.in_(led) & ExceptionRequest.state.in_((State.ASKED, State.ADVISED))
    own = ExceptionRequest.company.in_(elsewhere)
    own &= ExceptionRequest.state.in_(WAITING) & (ExceptionRequest.asked_by == person)
    return _asked(theirs | own)


_AWAITED = Spelled(_awaited)


def _leaders(company_ids: list[int], at: datetime) -> dict[int, set[int]]:
    rows = Engagement.running(at, invited=True).select(Engagement.company, Engagement.person)
    found: dict[int, set[int]] = {}
    for company, person in rows.where(
        Engagement.company.in_(company_ids), Engagement.role == Role.LEADER
    ).tuples():
        found.setdefault(company, set()).add(person)
    return found
