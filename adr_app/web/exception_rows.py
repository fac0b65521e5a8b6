"""Exceptions in words, and what the viewer may do about the one on a decision now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import g, url_for

from adr_app.domain.answers import text_at_risk
from adr_app.domain.exceptions import ADVICE, WAITING, WORDS, State, extended_by
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import exception_register, exception_rows, exceptions, gates, people, risks
from adr_app.services.exception_register import Line
from adr_app.services.homes import Mine, Row
from adr_app.web import home_rows
from adr_app.web.filters import day, due_day

TONES = {
    State.ASKED: "strong",
    State.ADVISED: "strong",
    State.PUT: "strong",
    State.ACTIVE: "good",
    State.OVER: "gone",
    State.REFUSED: "gone",
    State.WITHDRAWN: "gone",
    State.CLOSED: "gone",
}


def requested(mine: Mine, row: Row, several: bool) -> dict[str, Any]:
    """Return one line of a first screen: an exception that waits for what the vCISO recommends."""
    line, asked = home_rows.line_of(mine, row, several), row.about
    who, until = home_rows.first_name(asked.asked_by.name), day(asked.until, mine.today(row.company.id))
    line["href"] = url_for("risks.show", slug=row.company.slug, number=row.decision.number, _anchor="request")
    line["why"] = f"{who} asks: {home_rows.short(asked.question)}"
    line["when"] = f"Until {until}, asked {home_rows.since_when(asked.asked_at, mine, row.company)}"
    line["act"] = {"label": "Recommend", "href": line["href"]}
    return line


def content(decision: Decision, at: datetime, happened: Collection[str]) -> dict[str, Any]:
    """Return what the page of a decision tells of its exceptions; what never happened is not asked for."""
    put = bool({"risk.asked", "risk.advised"} & set(happened))
    return {
        "risk": gates.running_risk(decision, at) if "risk.accepted" in happened else None,
        "question_to_leadership": exception_rows.open_question(decision) if put else None,
        "exceptions": [] if BEGINNINGS.isdisjoint(happened) else of_decision(decision, at),
    }


BEGINNINGS = frozenset({"risk.requested", "risk.asked", "risk.accepted"})
"""The acts that an exception begins with."""


def of_decision(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    """Return every exception of a decision in words, what waits first, then the newest."""
    return [in_words(line) for line in exception_register.of(g.viewer, decision, at)]


def in_words(line: Line) -> dict[str, Any]:
    """Return one exception as a register shows it."""
    zone, allowed, asked = g.viewer.company.zone, line.allowed, line.request
    words, tone = WORDS[line.state], TONES[line.state]
    if line.overdue:
        words, tone = "Over and still in force", "bad"
    elif allowed and line.state is State.ACTIVE and line.decision.status not in risks.OPEN_TO_RISK:
        words, tone = "No longer needed", "gone"
    until = due_day(allowed.until, zone) if allowed else day(asked.until) if asked and asked.until else ""
    return {
        "decision": line.decision,
        "waits": line.state in WAITING,
        "runs": line.state in (State.ACTIVE, *WAITING),
        "words": words,
        "tone": tone,
        "until": until,
        "question": asked.question if asked else "",
        "protects": (allowed.protects if allowed else "") or (asked.protects if asked else ""),
        "longer": allowed.longer if allowed else "",
        "said": list(_said(line)),
    }


def _said(line: Line) -> Any:
    """Yield who said what, in the order in which it was said."""
    asked, advice, allowed = line.request, line.advice, line.allowed
    if asked:
        verb = "asked for it again" if asked.extends_id else "asked for it"
        yield f"{line.asked_by} {verb} on {day(asked.asked_at)}: {asked.technology_says}"
    else:
        yield "Leadership decided; no request is kept."
    if advice:
        who, said = f"{advice.person_name}, {advice.role_name},", ADVICE[advice.code].lower()
        yield f"{who} recommended {said}: {advice.text}"
    if allowed:
        yield f"{allowed.leader_name} allowed it on {day(allowed.starts_at)}: {allowed.reason}"


def may_recommend(decision: Decision, request: ExceptionRequest | None) -> bool:
    """Return whether a request waits for what the viewer recommends: never whoever asked, or decided."""
    if request is None or request.state != State.ASKED or not g.viewer.may(Act.GIVE_VERDICT):
        return False
    me = g.viewer.person.id
    return bool(request.asked_by_id != me and not gates.has_decided(decision, me))


def open_to_viewer(
    decision: Decision, asked: RiskQuestion | None, running: RiskAcceptance | None, at: datetime
) -> dict[str, Any]:
    """Return the request that waits on a decision, and what the viewer may do now."""
    viewer, me = g.viewer, g.viewer.person.id
    state, request = gates.state_of(decision), exception_rows.waiting_on(decision)
    text = text_at_risk(state, at)
    before = extended_by(state, text.digest if text else "")
    closed = decision.status not in risks.OPEN_TO_RISK
    uncovered = not closed and risks.is_uncovered(decision, at)
    leads, drafts = viewer.may(Act.ACCEPT_RISK), viewer.may(Act.DRAFT)
    unasked = leads and uncovered and before is None and decision.author_id != me
    unasked = unasked and (risks.remains(state) or risks.lacks_end(state, at))
    asker = request.asked_by_id if request else asked.asked_by_id if asked else None
    put = asked is not None and asker != me
    needed = not closed and risks.may_need(state)
    advice = exception_rows.advice_on(request)
    may_ask = needed and request is None and asked is None and drafts and not unasked
    others = set(exceptions.leaders(decision.company_id, at)) != {me}
    return {
        "exception": request,
        "how_far": WORDS[State(request.state)] if request else "",
        "asker": people.names_at(decision.company_id, {asker})[asker] if asker else "",
        "advice": advice,
        "advice_words": f"{ADVICE[advice.code]}." if advice else "",
        "recommend_by": exception_rows.due(viewer, request) if request else None,
        "extends": before is not None,
        "heard_first": exceptions.is_heard_first(viewer, state, before, me, at),
        "may_ask": may_ask and others,
        "others_ask": may_ask and not others,
        "may_advise": may_recommend(decision, request),
        "may_put_on": request is not None and drafts and exceptions.may_be_put(viewer, decision, request, at),
        "may_withdraw": request is not None and asker == me,
        "may_answer": leads and not closed and (put if request or asked else unasked),
        "may_protect": running is not None and drafts,
        "usual": risks.usual_until(decision, local_day(at, viewer.company.zone)),
        "nothing": "" if needed or closed or running or asked else risks.NOTHING_REMAINS,
    }
