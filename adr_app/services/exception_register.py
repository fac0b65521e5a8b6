"""The register of exceptions of one company: what is allowed, until when, and what was asked for it.

What a leader allowed and nobody asked for (before requests were kept, or after a no) stands in it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from peewee import EnclosedNodeList, Expression, Query, Value

from adr_app.domain.exceptions import WAITING, State, state_of
from adr_app.models.decisions import Decision
from adr_app.models.events import Event, EventSubject
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import people, restricted, risks
from adr_app.services.people import Viewer

PAGE = 50
"""Exceptions on one page."""

IN_FORCE, ASKED, ENDED, NOT_ALLOWED = "in-force", "asked", "ended", "not-allowed"
_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Line:
    """One exception: its decision, where it stands, what was allowed, asked for and recommended.

    `how` is what was said as it was closed, one of `CLOSINGS`; empty where nobody said.
    """

    decision: Decision
    state: State
    overdue: bool = False
    allowed: RiskAcceptance | None = None
    request: ExceptionRequest | None = None
    advice: ExceptionAdvice | None = None
    asked_by: str = ""
    how: str = ""


@dataclass(slots=True)
class Page:
    """One page of the register, and the place after which the next one begins."""

    lines: list[Line] = field(default_factory=list)
    after: str = ""


def page(viewer: Viewer, what: str, at: datetime, *, place: str = "") -> Page:
    """Return a page of what is in force (the first to end first, so what is overdue stands on top) or else.

    `what` is one of `IN_FORCE`, `ASKED`, `ENDED` and `NOT_ALLOWED`; whatever else means the first.
    """
    overdue = _overdue(viewer, at)
    if what in (ASKED, NOT_ALLOWED):
        requests = list(_requests(viewer, what, place))
        more, requests = len(requests) > PAGE, requests[:PAGE]
        before = _put_before(viewer) if what == ASKED and not place else []
        lines = _lines(viewer, [], [*before, *requests], overdue, at)
        return Page(lines, f"0.{requests[-1].id}" if more else "")
    allowed = list(wanted(viewer, what, at, overdue, place=place))
    more, allowed = len(allowed) > PAGE, allowed[:PAGE]
    last = allowed[-1] if more else None
    return Page(
        _lines(viewer, allowed, [], overdue, at),
        f"{int(last.until.timestamp())}.{last.id}" if last is not None else "",
    )


def wanted(viewer: Viewer, what: str, at: datetime, overdue: set[int], *, place: str = "") -> Query:
    """Return the query for a page of what was allowed, and one more, which tells of another page."""
    holds = (RiskAcceptance.until > at) | RiskAcceptance.id.in_(sorted(overdue))
    is_open = Decision.status.in_(sorted(risks.OPEN_TO_RISK))
    query = (
        RiskAcceptance.select(RiskAcceptance, Decision)
        .join(
            Decision,
            on=(Decision.company == RiskAcceptance.company) & (Decision.id == RiskAcceptance.decision_id),
        )
        .where(RiskAcceptance.company == viewer.company.id)
    )
    hidden = restricted.hidden_from(viewer)
    if hidden:
        query = query.where(RiskAcceptance.decision_id.not_in(hidden))
    forwards = what != ENDED
    if forwards:
        query = query.where(RiskAcceptance.ended_at.is_null(), holds, is_open)
    else:
        query = query.where(RiskAcceptance.ended_at.is_null(False) | ~holds | ~is_open)
    keys = (RiskAcceptance.until, RiskAcceptance.id)
    found = _PLACE.fullmatch(place)
    if found is not None:
        beyond = [Value(int(value), converter=False) for value in found.groups()]
        sign = ">" if forwards else "<"
        query = query.where(Expression(EnclosedNodeList(list(keys)), sign, EnclosedNodeList(beyond)))
    return query.order_by(*(key.asc() if forwards else key.desc() for key in keys)).limit(PAGE + 1)


def _requests(viewer: Viewer, what: str, place: str) -> Query:
    states = WAITING if what == ASKED else (State.REFUSED, State.WITHDRAWN)
    query = _asked(viewer).where(ExceptionRequest.state.in_(states))
    found = _PLACE.fullmatch(place)
    if what == ASKED:
        query = query.where(Decision.status.in_(sorted(risks.OPEN_TO_RISK)))
        query = query.where(ExceptionRequest.id > int(found[2])) if found else query
        return query.order_by(ExceptionRequest.id).limit(PAGE + 1)
    query = query.where(ExceptionRequest.id < int(found[2])) if found else query
    return query.order_by(ExceptionRequest.id.desc()).limit(PAGE + 1)


def _asked(viewer: Viewer) -> Query:
    query = (
        ExceptionRequest.select(ExceptionRequest, Decision)
        .join(
            Decision,
            on=(Decision.company == ExceptionRequest.company) & (Decision.id == ExceptionRequest.decision_id),
        )
        .where(ExceptionRequest.company == viewer.company.id)
    )
    hidden = restricted.hidden_from(viewer)
    return query.where(ExceptionRequest.decision_id.not_in(hidden)) if hidden else query


def _put_before(viewer: Viewer) -> list[ExceptionRequest]:
    """Return the questions that were put to leadership before requests were kept, and wait still, as such."""
    asked = ExceptionRequest.select(ExceptionRequest.question_id).where(
        ExceptionRequest.company == viewer.company.id, ExceptionRequest.state == State.PUT
    )
    rows = (
        RiskQuestion.select(RiskQuestion, Decision)
        .join(
            Decision,
            on=(Decision.company == RiskQuestion.company) & (Decision.id == RiskQuestion.decision_id),
        )
        .where(
            RiskQuestion.company == viewer.company.id,
            RiskQuestion.state == "open",
            RiskQuestion.id.not_in(asked),
            Decision.status.in_(sorted(risks.OPEN_TO_RISK)),
        )
        .order_by(RiskQuestion.id)
    )
    hidden = set(restricted.hidden_from(viewer))
    found = []
    for row in rows:
        if row.decision_id not in hidden:
            said = {"question": row.question, "technology_says": row.technology_says}
            asker = {"asked_by": row.asked_by_id, "asked_at": row.asked_at, "state": State.PUT}
            found.append(
                ExceptionRequest(company=row.company_id, decision_id=row.decision_id, **asker, **said)
            )
            found[-1].decision = row.decision
    return found


def waiting(viewer: Viewer) -> int:
    """Return how many requests wait for somebody, as far as this person may know."""
    found: int = (
        _asked(viewer)
        .where(ExceptionRequest.state.in_(WAITING), Decision.status.in_(sorted(risks.OPEN_TO_RISK)))
        .count()
    )
    return found + len(_put_before(viewer))


def _overdue(viewer: Viewer, at: datetime) -> set[int]:
    """Return which exceptions are over and still in force: those that the flag is on for."""
    rows = SpanRow.running(viewer.company.id, "flag", at).where(SpanRow.code == "exception-expired")
    return {row.detail["acceptance"] for row in rows}


def of(viewer: Viewer, decision: Decision, at: datetime) -> list[Line]:
    """Return every exception of a decision, what waits first, then the newest."""
    mine = (RiskAcceptance.company == decision.company_id, RiskAcceptance.decision_id == decision.id)
    allowed = list(RiskAcceptance.select().where(*mine).order_by(RiskAcceptance.id.desc()))
    requests = list(
        ExceptionRequest.select()
        .where(
            ExceptionRequest.company == decision.company_id,
            ExceptionRequest.decision_id == decision.id,
            ExceptionRequest.acceptance_id.is_null(),
        )
        .order_by(ExceptionRequest.id.desc())
    )
    for row in (*allowed, *requests):
        row.decision = decision
    found = _lines(viewer, allowed, requests, _overdue(viewer, at) if allowed else set(), at)
    return sorted(found, key=lambda line: line.state not in WAITING)


def _lines(
    viewer: Viewer,
    allowed: Iterable[RiskAcceptance],
    requests: Iterable[ExceptionRequest],
    overdue: set[int],
    at: datetime,
) -> list[Line]:
    """Return lines of what was allowed, each with the request behind it, and of requests that were not."""
    taken, asked = list(allowed), list(requests)
    company_id = viewer.company.id
    behind = {
        row.acceptance_id: row
        for row in (
            ExceptionRequest.select().where(
                ExceptionRequest.company == company_id,
                ExceptionRequest.decision_id.in_({one.decision_id for one in taken}),
                ExceptionRequest.acceptance_id.is_null(False),
            )
            if taken
            else ()
        )
    }
    known = [*asked, *behind.values()]
    advice = {
        row.request_id: row
        for row in (
            ExceptionAdvice.select().where(
                ExceptionAdvice.company == company_id,
                ExceptionAdvice.request_id.in_([row.id for row in known]),
            )
            if known
            else ()
        )
    }
    names = people.names_at(company_id, {row.asked_by_id for row in known})
    lines, closed = [], _closed(company_id, [one for one in taken if one.ended_at is not None])
    for one in taken:
        request = behind.get(one.id)
        one.decision.company = viewer.company
        late = one.id in overdue
        state = state_of(one.until, one.ended_at, at)
        said = _said(request, advice, names)
        lines.append(Line(one.decision, state, late, one, *said, closed.get(one.id, "")))
    for row in asked:
        row.decision.company = viewer.company
        lines.append(Line(row.decision, State(row.state), False, None, *_said(row, advice, names)))
    return lines


def _closed(company_id: int, ended: list[RiskAcceptance]) -> dict[int, str]:
    """Return how some exceptions were closed, by id: the acts say it, nothing stores it besides."""
    if not ended:
        return {}
    rows = (
        Event.select()
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company == company_id,
            EventSubject.subject_type == "decision",
            EventSubject.subject_id.in_({one.decision_id for one in ended}),
            Event.kind == "risk.ended",
        )
    )
    return {row.data["acceptance"]: row.data.get("how", "") for row in rows}


def _said(
    request: ExceptionRequest | None, advice: dict[int, ExceptionAdvice], names: dict[int, str]
) -> tuple[ExceptionRequest | None, ExceptionAdvice | None, str]:
    if request is None:
        return None, None, ""
    return request, advice.get(request.id), names[request.asked_by_id]
