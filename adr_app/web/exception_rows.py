"""Exceptions in words, and what the viewer may do about the one on a decision now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import g, url_for

from adr_app.domain.answers import text_at_risk
from adr_app.domain.exceptions import ADVICE, CLOSINGS, WAITING, WORDS, State, extended_by
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import (
    exception_leaders,
    exception_register,
    exception_rows,
    exceptions,
    gates,
    people,
    risks,
)
from adr_app.services.exception_register import Line
from adr_app.services.homes import Mine, Row
from adr_app.web import home_rows, lines
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


def requested(mine: Mine, row: Row, several: bool) -> lines.Line:
    """Return one line of a first screen: an exception that waits for what the vCISO recommends."""
    line, asked = home_rows.line_of(mine, row, several), row.about
    who, until = home_rows.first_name(asked.asked_by.name), day(asked.until, mine.today(row.company.id))
    line["href"] = url_for("risks.show", slug=row.company.slug, number=row.decision.number, _anchor="request")
    line["why"] = f"{who} asks: {home_rows.short(asked.question)}"
    line["when"] = f"Until {until}, asked {home_rows.since_when(asked.asked_at, mine, row.company)}"
    line["act"] = {"label": "Recommend", "href": line["href"]}
    return line


def awaited(mine: Mine, row: Row, several: bool) -> lines.Line:
    """Return one line of what waits for others: an exception, for whom, and what may be done about it."""
    line, one = home_rows.line_of(mine, row, several), row.about
    today, zone, state = mine.today(row.company.id), row.company.zone, State(one.request.state)
    line["href"] = url_for("risks.show", slug=row.company.slug, number=row.decision.number, _anchor="request")
    line["why"] = f"An exception is asked for: {home_rows.short(one.request.question)}"
    line["act"] = {"label": "Look", "href": line["href"]}
    if state is State.PUT:
        line["when"] = f"With leadership, answer by {day(one.request.answer_by, today)}"
        return line
    put = url_for("exceptions.put", slug=row.company.slug, number=row.decision.number)
    due = due_day(one.due_at, zone, today)
    line["late"] = late = one.due_at <= mine.at
    if state is State.ADVISED:
        line["late"] = not one.is_led
        line["when"] = "Not put to leadership yet" if one.is_led else "No leader is there to answer"
    elif one.vciso is None:
        line["when"] = "Nobody is vCISO here now"
    else:
        who = home_rows.first_name(one.vciso.name)
        line["when"] = f"No recommendation, was due {due}" if late else f"With {who}, due {due}"
    if one.is_led and (state is State.ADVISED or one.vciso is None or late):
        line["act"] = {"label": "Put it to leadership", "action": put}
    elif state is State.ASKED and one.vciso is not None:
        remind = home_rows.remind(row, who, f"with {who}, due {due}", "risks.show")
        # its review may wait on the same screen, and an id is there once
        line["act"] = remind | {"line_id": f"{remind['line_id']}-exception"}
    return line


def unput(mine: Mine, row: Row, several: bool) -> lines.Line:
    """Return one line for a leader: an exception that nobody was there for when it was recommended on."""
    asked, advice = row.about.request, row.about.advice
    said = f"{home_rows.SAID[advice.code]} {advice.text}"
    on = day(asked.asked_at, mine.today(row.company.id), row.company.zone)
    line = home_rows.line_of(mine, row, several)
    line |= {
        "title": asked.question,
        "when": f"Asked {on}, put to nobody yet",
        "href": url_for("risks.show", slug=row.company.slug, number=row.decision.number),
        "advice": [
            (f"{home_rows.first_name(advice.person_name)}, security", said),
            (f"{home_rows.first_name(asked.asked_by.name)}, technology", asked.technology_says),
        ],
        "act": {
            "label": "Answer",
            "action": url_for("exceptions.put", slug=row.company.slug, number=row.decision.number),
            "primary": True,
        },
    }
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
    elif line.how:
        words, tone = CLOSINGS[line.how], "good" if line.how == "fixed" else "gone"
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
    alone = exception_leaders.must_be_appointed(request, at) if request is not None else ""
    mine_to_answer = request is not None and exception_leaders.may_answer(viewer, request)
    others = set(exception_leaders.leaders(decision.company_id, at)) != {me}
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
        "may_put_on": request is not None
        and not alone
        and drafts
        and exceptions.may_be_put(viewer, decision, request, at),
        "put_words": "Answer it now" if mine_to_answer else "Put it to leadership now",
        "alone": alone,
        "may_withdraw": request is not None and asker == me,
        "may_answer": leads and not closed and (put if request or asked else unasked),
        "may_protect": running is not None and drafts,
        "usual": risks.usual_until(decision, local_day(at, viewer.company.zone)),
        "nothing": "" if needed or closed or running or asked else risks.NOTHING_REMAINS,
    }
