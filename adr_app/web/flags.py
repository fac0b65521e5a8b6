"""What each flag means and how it stands; flags made graver, set aside for a time, and taken up again."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.flag_rule import GRAVITY, SEVERITIES
from adr_app.domain.flag_rules import RULES, Rule
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import local_day
from adr_app.models.people import Engagement
from adr_app.services import company_settings, decision_rows, people, set_aside
from adr_app.services.flagged import flagged
from adr_app.services.mandates import Depends
from adr_app.web import mandates, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day

pages = Blueprint("flags", __name__, url_prefix="/<slug>")

ENDS = "mandate-ending"
MONTHS_AT_FIRST = 3
"""How long a flag is set aside for unless somebody chooses another day."""


@pages.get("/flags")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show every rule with how often it is on, and the newest decisions it is on for."""
    return _catalogue()


def _catalogue(refused: str = "", errors: dict[str, str] | None = None) -> str:
    found = flagged(g.viewer, at=now())
    order = sorted(RULES.values(), key=lambda rule: (rule.code not in found, severity_of(rule)))
    return render_template(
        "flags/index.html",
        nav="dashboard",
        rules=[(rule, _gravity(rule), found.get(rule.code)) for rule in order],
        choices={
            rule.code: [(code, GRAVITY[code]) for code in SEVERITIES if code <= rule.severity]
            for rule in order
        },
        severities={rule.code: severity_of(rule) for rule in order},
        ending=_ending() if ENDS in found else [],
        counted=mandates.counted,
        refused=refused,
        errors=errors or {},
    )


def _ending() -> list[tuple[str, Engagement, list[Depends]]]:
    """Return the security roles that end soon: whose each is, and what depends on it."""
    company = g.viewer.company.id
    soon = mandates.ending_soon(people.engagement_rows(company, Role.VCISO))
    names = people.names_at(company, {role.person_id for role, _ in soon})
    return [(names[role.person_id], role, depends) for role, depends in soon]


def severity_of(rule: Rule) -> str:
    """Return how grave a flag is at this company."""
    return min(rule.severity, g.viewer.company.severities.get(rule.code, rule.severity))


def _gravity(rule: Rule) -> str:
    words = GRAVITY[severity_of(rule)]
    if rule.grave_from is not None and severity_of(rule) > "S1":
        words += "; in red where a full review is needed"
    return f"{words}, made graver here" if severity_of(rule) != rule.severity else words


@pages.post("/flags/<code>/severity")
@needs(Act.SET_POLICY)
def set_severity(slug: str, code: str) -> Answer:
    """Make a flag graver at this company, or as grave as it was."""
    try:
        new = company_settings.set_severity(
            g.viewer, code, request.form.get(f"severity-{code}", ""), at=now()
        )
    except Invalid as refusal:
        if code not in RULES:
            raise NotFound("There is no such flag.") from refusal
        return _catalogue(code, refusal.fields), 422
    words = "Saved. It holds from now on; what was flagged before stays as it was."
    flash(words if new else "Nothing was different, so nothing was changed.", "success" if new else "info")
    return redirect(url_for("flags.index", slug=slug, _anchor=f"flag-{code}"))


@pages.get("/flags/set-aside")
@needs(Act.READ)
def aside(slug: str) -> str:
    """List what leadership has set aside, the first to come back first."""
    return render_template("flags/aside.html", nav="dashboard", rows=set_aside.listed(g.viewer, now()))


@pages.get("/decisions/<ref:number>/flags/<code>")
@needs(Act.SET_ASIDE)
def put_aside_page(slug: str, number: int, code: str) -> str:
    """Ask for the reason and the day until which a flag is set aside."""
    return _put_aside_page(number, code)


@pages.post("/decisions/<ref:number>/flags/<code>")
@needs(Act.SET_ASIDE)
def put_aside(slug: str, number: int, code: str) -> Answer:
    """Set a flag aside until a day."""
    try:
        until = typed.day("until")
        if until is None:
            raise Invalid("Choose a day.", {"until": "Choose a day: whatever is set aside comes back."})
        set_aside.put_aside(
            g.viewer, number, code, reason=request.form.get("reason", ""), until=until, at=now()
        )
    except Invalid as refusal:
        return _put_aside_page(number, code, refusal.fields), 422
    flash(f"Set aside until {day(until)}, under your name. It comes back by itself.", "success")
    return _to_decision(number)


@pages.post("/decisions/<ref:number>/flags-taken-up")
@needs(Act.SET_ASIDE)
def take_up(slug: str, number: int) -> Answer:
    """Take a flag up again sooner than its day."""
    set_aside.take_up(g.viewer, number, typed.identity("aside"), at=now())
    flash("It counts again.", "success")
    return _to_decision(number)


def _put_aside_page(number: int, code: str, errors: dict[str, str] | None = None) -> str:
    decision = decision_rows.find(g.viewer, number)
    if code not in RULES:
        raise NotFound("There is no such flag.")
    is_on = set_aside.running_span(decision, code, now()) is not None
    return render_template(
        "flags/put_aside.html",
        nav="decisions",
        decision=decision,
        rule=RULES[code],
        why_not=set_aside.refusal(g.viewer, decision, code) if is_on else "This flag is not on here.",
        until=request.form.get("until") or _months_on(local_day(now(), g.viewer.company.zone)),
        reason=request.form.get("reason", ""),
        errors=errors or {},
    )


def _months_on(today: date) -> date:
    year, month = divmod(today.year * 12 + today.month + MONTHS_AT_FIRST, 12)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def _to_decision(number: int) -> Answer:
    page = url_for("decisions.show", slug=g.viewer.company.slug, number=number, _anchor="part-security")
    return redirect(page)
