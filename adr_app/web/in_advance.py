"""Allowed in advance: what a vCISO clears by a signed rule; read by everybody, signed and ended by her."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act, Role
from adr_app.domain.security_questions import FIRST, QUESTIONS, Question
from adr_app.domain.standing_rules import LOOKED_AT, choices, effective, latest_end
from adr_app.domain.worktime import last_day, local_day
from adr_app.models.decisions import Decision
from adr_app.models.standing_rules import StandingRule
from adr_app.services import decision_rows, people, standing_rules
from adr_app.services.standing_rules import Signed
from adr_app.web import references
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day, due_day
from adr_app.web.typed import identity
from adr_app.web.versions import answer_words

pages = Blueprint("in_advance", __name__, url_prefix="/<slug>/in-advance")

ALLOW = "allow-"
STATES = {
    "holds": "Holds",
    "ended": "Ended",
    "replaced": "Replaced by a newer one",
    "role": "Over, as the role under which it was signed is",
    "over": "Over",
}


@dataclass
class Sheet:
    """The form of a rule: what is chosen and typed in it, and what it would have covered, if asked."""

    allows: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    reason: str = ""
    until: str = ""
    replaces: StandingRule | None = None
    like: Decision | None = None
    errors: dict[str, str] = field(default_factory=dict)
    tried: tuple[list[Decision], int] | None = None


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show every rule of the company, and to a vCISO the form for another, like a decision or like a rule."""
    sheet = Sheet(until=_a_year_on())
    if g.viewer.may(Act.SIGN_RULE):
        if like := request.args.get("like", ""):
            sheet.like = decision_rows.find(g.viewer, references.number_of(like))
            sheet.allows = _as_answered(sheet.like)
        elif number := references.understood(request.args.get("again", "")):
            _take_over(sheet, standing_rules.find(g.viewer, number))
    return _shown(sheet)


@pages.post("/sign")
@needs(Act.SIGN_RULE)
def sign(slug: str) -> Answer:
    """Sign a rule, or first show which of the last decisions it would have covered."""
    form = request.form
    replaces = identity("replaces") if form.get("replaces") else None
    sheet = Sheet(
        {q.code: form.getlist(ALLOW + q.code) for q in LOOKED_AT},
        form.get("title", ""),
        form.get("reason", ""),
        form.get("until", ""),
        None if replaces is None else standing_rules.find(g.viewer, replaces),
    )
    try:
        if "try" in form:
            sheet.tried = standing_rules.would_cover(g.viewer, sheet.allows)
            return _shown(sheet)
        standing_rules.sign(
            g.viewer,
            sheet.allows,
            title=sheet.title,
            reason=sheet.reason,
            until=sheet.until,
            replaces=replaces,
            at=now(),
        )
    except Invalid as refusal:
        sheet.errors = {
            ALLOW + name if name in QUESTIONS else name: words for name, words in refusal.fields.items()
        }
        return _shown(sheet), 422
    flash("Signed. Decisions with such answers need no answer of yours up to its last day.", "success")
    return redirect(url_for("in_advance.index", slug=slug))


@pages.post("/end")
@needs(Act.SIGN_RULE)
def end(slug: str) -> Answer:
    """End a rule before its day, with a reason."""
    rule, reason = identity("rule"), request.form.get("reason", "")
    try:
        standing_rules.end(g.viewer, rule, reason=reason, at=now())
    except Invalid as refusal:
        errors = {f"end-{rule}-{name}": words for name, words in refusal.fields.items()}
        return _shown(Sheet(until=_a_year_on(), errors=errors)), 422
    flash("Ended. What it cleared stays cleared; it clears nothing more.", "success")
    return redirect(url_for("in_advance.index", slug=slug))


def _a_year_on() -> str:
    return latest_end(local_day(now(), g.viewer.company.zone)).isoformat()


def _as_answered(decision: Decision) -> dict[str, list[str]]:
    """Return what a rule allows that covers decisions with the very answers of this one."""
    answers = decision_rows.revision(decision).answers
    found = {}
    for question in LOOKED_AT:
        answer = effective(answers, question.code, inside=False)
        opened = question.opened_by is None or answers.get(question.opened_by) == "yes"
        if opened and answer in choices(question):
            found[question.code] = [str(answer)]
    return found


def _take_over(sheet: Sheet, rule: StandingRule) -> None:
    """Begin with what an older rule says; it is replaced where it holds still."""
    sheet.allows = {code: list(some) for code, some in rule.allows}
    sheet.title, sheet.reason = rule.title, rule.reason
    sheet.replaces = rule if rule.id in standing_rules.holding(g.viewer.company.id, now()) else None


def _shown(sheet: Sheet) -> str:
    viewer = g.viewer
    signs = viewer.may(Act.SIGN_RULE)
    return render_template(
        "in_advance/index.html",
        nav="settings",
        rules=sorted(
            (_row(one) for one in standing_rules.all_of(viewer, now())), key=lambda row: not row["holds"]
        ),
        signs=signs,
        sheet=sheet,
        errors=sheet.errors,
        typed_reason=request.form.get("reason", "") if request.endpoint == "in_advance.end" else "",
        first=[_asked(question, sheet) for question in LOOKED_AT if question in FIRST],
        behind=[
            (opener.words, [_asked(q, sheet) for q in LOOKED_AT if q.opened_by == opener.code])
            for opener in FIRST
        ],
        opened=any(sheet.allows.get(q.code) or ALLOW + q.code in sheet.errors for q in LOOKED_AT[4:]),
        vciso=people.holder(viewer.company.id, Role.VCISO, now()),
    )


def _asked(question: Question, sheet: Sheet) -> dict[str, Any]:
    return {
        "name": ALLOW + question.code,
        "words": question.words,
        "options": [(code, answer_words(question.code, code)) for code in choices(question)],
        "chosen": sheet.allows.get(question.code, []),
        "error": sheet.errors.get(ALLOW + question.code, ""),
    }


def _row(signed: Signed) -> dict[str, Any]:
    rule, zone = signed.rule, g.viewer.company.zone
    until = due_day(rule.until, zone)
    words = f"{STATES[signed.state]} until {until}" if signed.state == "holds" else STATES[signed.state]
    if signed.ended is not None:
        words = f"Ended on {day(signed.ended.at, zone=zone)}: {signed.ended.reason}"
    elif signed.state == "over":
        words = f"Over since {day(last_day(rule.until, zone))}"
    return {
        "id": rule.id,
        "title": rule.title,
        "reason": rule.reason,
        "signed": f"{rule.person_name}, {rule.role_name}, {day(rule.at, zone=zone)}",
        "allows": conditions_in_words(rule),
        "state": words,
        "holds": signed.state == "holds",
        "digest": rule.digest,
    }


def conditions_in_words(rule: StandingRule) -> list[tuple[str, str]]:
    """Return the questions that a rule looks at, each with the answers it allows."""
    return [
        (QUESTIONS[code].words, " or ".join(f"“{answer_words(code, answer)}”" for answer in some))
        for code, some in rule.allows
    ]
