"""When risk remains: the CTO puts one question to leadership, and a leader answers it on one page."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.exceptions import ADVICE
from adr_app.domain.permissions import Act, Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.worktime import ANSWER_WORKING_DAYS, add_working_days, local_day
from adr_app.models.decisions import Decision
from adr_app.models.reviews import RiskQuestion
from adr_app.services import (
    comments,
    decision_rows,
    exception_leaders,
    exception_rows,
    exceptions,
    gates,
    people,
    post,
    risks,
)
from adr_app.web import discussion, typed
from adr_app.web import exception_rows as exception_acts
from adr_app.web.access import Answer, needs, now
from adr_app.web.reasons import reasons

pages = Blueprint("risks", __name__, url_prefix="/<slug>/decisions/<ref:number>/risk")

ANSWERS = {
    "take": "We take this risk",
    "refuse": "We do not take this risk",
    "ask": "Ask a question",
}

CLOSING_CHOICES = [
    ("fixed", "It is fixed: nothing departs from the rule any more"),
    ("ended", "It just ends: we no longer allow it"),
]


@pages.get("")
@needs(Act.READ)
def show(slug: str, number: int) -> str:
    """Show the question to leadership and what both advisers say; looking answers nothing."""
    return shown(decision_rows.find(g.viewer, number))


@pages.post("/put")
@needs(Act.DRAFT)
def put(slug: str, number: int) -> Answer:
    """Put the question to a leader."""
    form = request.form
    try:
        answer_by = typed.day("answer_by")
        if answer_by is None:
            raise Invalid("Choose a day.", {"answer_by": "Choose the day by which you need the answer."})
        asked = exceptions.ask(
            g.viewer,
            number,
            question=form.get("question", ""),
            technology_says=form.get("technology_says", ""),
            protects=form.get("protects", ""),
            if_wrong=form.get("if_wrong", ""),
            until=typed.day("until"),
            answer_by=answer_by,
            of=typed.identity("of") if form.get("of") else None,
            at=now(),
        )
    except Invalid as refusal:
        return shown(decision_rows.find(g.viewer, number), refusal.fields), 422
    return put_on(number, asked.asked_of_id, asked.question_id)


def put_on(number: int, leader: int, question: int | None) -> Answer:
    """Say where a request goes now: to the vCISO first, or to leadership."""
    if question is None:
        flash("Asked for. The vCISO recommends on it first, then it goes on to leadership.", "success")
        return back(number)
    if leader == g.viewer.person.id:
        flash("It is put to you: answer it below.", "success")
        return back(number)
    name = people.names_at(g.viewer.company.id, {leader})[leader]
    mailed = "It goes to them by mail." if post.current() else "Hand over the link below."
    flash(f"The question is put to {name}. {mailed}", "success")
    return back(number, anchor="link")


@pages.post("/report")
@needs(Act.PROPOSE)
def report(slug: str, number: int) -> Answer:
    """Note that the leader who was asked agreed by telephone; it is shown as reported."""
    try:
        on = typed.day("reported_on")
        if on is None:
            raise Invalid("Choose a day.", {"reported_on": "Give the day of the call."})
        risks.report(g.viewer, number, on=on, at=now())
    except Invalid as refusal:
        return shown(decision_rows.find(g.viewer, number), refusal.fields), 422
    flash("Noted as reported. It counts once they answer themselves.", "success")
    return back(number)


@pages.post("/confirm")
@needs(Act.ACCEPT_RISK)
def confirm(slug: str, number: int) -> Answer:
    """Repeat the question and the chosen answer before it counts."""
    decision, form = decision_rows.find(g.viewer, number), request.form
    if "edit" in form:
        return shown(decision)
    choice = form.get("choice", "")
    if choice == "ask":
        return _ask(decision)
    until, errors = chosen(decision, g.viewer.company.zone)
    if errors:
        return shown(decision, errors), 422
    return render_template(
        "risks/confirm.html",
        nav="decisions",
        decision=decision,
        asked=exception_rows.open_question(decision),
        choice=choice,
        words=ANSWERS[choice],
        reason=form[f"reason-{choice}"].strip(),
        until=until,
        longer=request.form.get("longer", "").strip() if choice == "take" else "",
    )


@pages.post("/take")
@needs(Act.ACCEPT_RISK)
def take(slug: str, number: int) -> Answer:
    """Take the risk for the company until a day."""
    reason = request.form.get("reason-take", "")
    try:
        until = typed.day("until")
        if until is None:
            raise Invalid("Choose a day.", {"until": "Choose a day: every risk taken has an end."})
        longer = request.form.get("longer", "")
        risks.take(g.viewer, number, reason=reason, until=until, longer=longer, at=now())
    except Invalid as refusal:
        return _refused(number, "take", refusal)
    flash("Saved under your name. It ends by itself; you can end it sooner.", "success")
    return back(number)


@pages.post("/refuse")
@needs(Act.ACCEPT_RISK)
def refuse(slug: str, number: int) -> Answer:
    """Answer the question with no."""
    try:
        risks.refuse(g.viewer, number, reason=request.form.get("reason-refuse", ""), at=now())
    except Invalid as refusal:
        return _refused(number, "refuse", refusal)
    flash("Saved: the company does not take this risk.", "success")
    return back(number)


@pages.post("/end")
@needs(Act.ACCEPT_RISK)
def end(slug: str, number: int) -> Answer:
    """End a risk taken sooner than planned, and say whether what it was for is fixed."""
    how = request.form.get("how", "")
    try:
        risks.end(g.viewer, number, how=how, at=now())
    except Invalid as refusal:
        return shown(decision_rows.find(g.viewer, number), refusal.fields), 422
    follows = "" if how == "fixed" else " The decision needs another look now."
    flash(f"It is ended and stays in the register.{follows}", "success")
    return back(number)


def _refused(number: int, choice: str, refusal: Invalid) -> Answer:
    errors = {f"reason-{choice}" if name == "reason" else name: m for name, m in refusal.fields.items()}
    return shown(decision_rows.find(g.viewer, number), errors), 422


def _ask(decision: Decision) -> Answer:
    try:
        comments.write(g.viewer, decision.number, request.form.get("reason-ask", ""), asks=True, at=now())
    except Invalid:
        return shown(decision, {"reason-ask": "Type your question."}), 422
    flash("Your question stands on the decision. The answer comes there; nothing is decided yet.", "success")
    return back(decision.number)


def chosen(decision: Decision, zone: str) -> tuple[date | None, dict[str, str]]:
    """Return the end that was chosen with an answer, and what is missing of the answer, by field."""
    choice, errors = request.form.get("choice", ""), {}
    until = None
    if choice not in ANSWERS:
        errors["choice"] = "Choose an answer."
    elif not request.form.get(f"reason-{choice}", "").strip():
        errors[f"reason-{choice}"] = "Type your question." if choice == "ask" else "Say why, in one line."
    if choice == "take":
        try:
            until = typed.day("until")
        except Invalid as refusal:
            errors |= refusal.fields
        today = local_day(now(), zone)
        if until is None or not today <= until <= today + risks.LONGEST:
            errors["until"] = "Choose a day within the next twelve months: every risk taken has an end."
        elif (
            until > (usual := risks.usual_until(decision, today))
            and not request.form.get("longer", "").strip()
        ):
            errors["longer"] = risks.too_long(usual)
    return until, errors


def shown(decision: Decision, errors: dict[str, str] | None = None) -> str:
    """Return the page, with what has to be mended in one of its forms."""
    at, viewer = now(), g.viewer
    today = local_day(at, viewer.company.zone)
    newest = decision_rows.revision(decision)
    given = gates.standing_verdicts(decision)
    said = next((one for one in reversed(given) if one.code != "question"), None)
    last = exception_rows.latest_question(decision)
    asked, running = exception_rows.open_question(decision), gates.running_risk(decision, at)
    leads, lapsed = viewer.may(Act.ACCEPT_RISK), None if running else gates.lapsed_risk(decision, at)
    acts = exception_acts.open_to_viewer(decision, asked, running, at)
    said = acts["advice"] or said
    request_until = acts["exception"].until if acts["exception"] else acts["usual"]
    return render_template(
        "risks/show.html",
        nav="decisions",
        decision=decision,
        newest=newest,
        asked=asked,
        running=running,
        last=last,
        by_code=last is not None and last.confirmed_by == "mailed-code" and last.state == "taken",
        today=today,
        may_report=asked is not None and not leads and viewer.may(Act.PROPOSE),
        names=_names(asked),
        said=said,
        said_words=in_words(said.code) if said else "",
        reasons=reasons(newest),
        talk=discussion.content(decision),
        nobody_leads=exception_leaders.NOBODY_LEADS,
        leaders=_leaders(viewer.company.id, at),
        may_end=leads and (running is not None or lapsed is not None),
        lapsed=lapsed,
        closings=CLOSING_CHOICES,
        history=[one for one in exception_acts.of_decision(decision, at) if not one["waits"]],
        **acts,
        link=url_for("risks.show", slug=viewer.company.slug, number=decision.number, _external=True),
        answer_by=add_working_days(today, ANSWER_WORKING_DAYS, g.viewer.company.working_calendar),
        until=request_until,
        errors=errors or {},
        typed=_typed(),
    )


def in_words(code: str) -> str:
    """Return what a vCISO answered or recommended in a word or two: “No.”, “OK, with to-dos.”"""
    if code in ADVICE:
        return f"{ADVICE[code]}."
    return VERDICTS[code].button.removesuffix("…").removesuffix(", because") + "."


def _typed() -> dict[str, Any]:
    return {name: value for name, value in request.form.items() if name != "csrf_token"}


def _names(asked: RiskQuestion | None) -> dict[int, str]:
    wanted = {asked.asked_of_id, asked.asked_by_id, asked.reported_by} - {None} if asked else set()
    return people.names_at(g.viewer.company.id, wanted)


def _leaders(company_id: int, at: datetime) -> list[tuple[int, str]]:
    """Return who may be asked, with the words they are shown by."""
    found = [one.person_id for one in people.holders(company_id, Role.LEADER, at, invited=True)]
    names = people.names_at(company_id, set(found))
    return [(person, names[person]) for person in dict.fromkeys(found)]


def back(number: int, anchor: str | None = None) -> Answer:
    """Lead back to the page of the question."""
    return redirect(url_for("risks.show", slug=g.viewer.company.slug, number=number, _anchor=anchor))
