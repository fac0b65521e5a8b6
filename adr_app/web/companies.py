"""A company's beginning and its settings."""

from datetime import date

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from adr_app.domain.debt_estimates import share_text
from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.money import minor_units
from adr_app.domain.permissions import ROLE_NAMES, Act, Public, Role
from adr_app.domain.worktime import local_day
from adr_app.services import (
    companies,
    company_settings,
    flagged,
    frameworks,
    record_checks,
    sending,
    session,
    standing_rules,
    systems,
    vendors,
    working_days,
)
from adr_app.web import receipts, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day, plural, sentence
from adr_app.web.session import device, entered

pages = Blueprint("companies", __name__)

FIRST_ROLES = (Role.LEADER, Role.CTO, Role.VCISO, Role.ADMIN, Role.MEMBER)
"""The roles that the first person may tick, in the order of the page."""

MOST_A_DAY = 1_000_000


@pages.get("/set-up")
@needs(Public.ANYBODY)
def set_up() -> str:
    """Show the form that makes the first company and person.

    :raises NotFound: when there is nothing to set up.
    """
    if not companies.awaits_set_up():
        raise NotFound("There is no such page.")
    return _set_up_page()


@pages.post("/set-up")
@needs(Public.ANYBODY)
def begin() -> Answer:
    """Make the first company and person, and sign them in."""
    form = request.form
    try:
        person, company = companies.set_up(
            form.get("code", ""),
            at=now(),
            email=form.get("email", ""),
            name=form.get("name", ""),
            password=form.get("password", ""),
            again=form.get("again", ""),
            company=form.get("company", ""),
            roles=form.getlist("role"),
            zone=form.get("zone", ""),
            currency=form.get("currency", "").strip().upper(),
            go_live_on=typed.day("go_live_on"),
        )
    except Invalid as refusal:
        return _set_up_page(refusal.fields), 422
    token, opened = session.start(person, at=now(), device=device())
    response = entered(token, opened)
    flash(f"Your decision log is ready. In commands the company is called {company.slug}.", "success")
    return response


@pages.get("/<slug>/settings")
@needs(Act.READ)
def settings(slug: str) -> str:
    """Show what this company has chosen."""
    return _settings_page()


@pages.post("/<slug>/settings/change")
@needs(Act.SETTINGS)
def change_settings(slug: str) -> Answer:
    """Change the company's name, currency and numbers."""
    form = request.form
    try:
        new = company_settings.change_settings(
            g.viewer,
            at=now(),
            name=form.get("name", ""),
            currency=form.get("currency", "").strip().upper(),
            day_rate=_rate(form.get("day_rate", ""), form.get("currency", "")),
            capacity_days=form.get("capacity_days", ""),
            debt_limit_days=form.get("debt_limit_days", ""),
            discount=form.get("discount", ""),
            horizon=form.get("horizon", ""),
            payback_limit=form.get("payback_limit", ""),
            hours_per_day=form.get("hours_per_day", ""),
        )
    except Invalid as refusal:
        return _settings_page(refusal.fields), 422
    return _saved(new)


@pages.post("/<slug>/settings/policy")
@needs(Act.SET_POLICY)
def set_policy(slug: str) -> Answer:
    """Choose for one level whether a missing security OK warns or stops."""
    form = request.form
    try:
        new = company_settings.set_policy(g.viewer, form.get("level", ""), form.get("mode", ""), at=now())
    except Invalid as refusal:
        return _settings_page(refusal.fields), 422
    return _saved(new)


@pages.post("/<slug>/settings/first-day")
@needs(Act.SET_POLICY)
def set_first_day(slug: str) -> Answer:
    """Move the day this log went live."""
    try:
        on = typed.day("go_live_on")
        if on is None:
            message = "Choose the day from which decisions are kept in this log."
            raise Invalid(message, {"go_live_on": message})
        new = company_settings.set_go_live(g.viewer, on, at=now())
    except Invalid as refusal:
        return _settings_page(refusal.fields), 422
    return _saved(new)


@pages.post("/<slug>/settings/working-days")
@needs(Act.SETTINGS)
def set_working_days(slug: str) -> Answer:
    """Choose the company's working days and holidays, which every due day follows from now on."""
    try:
        week = [check_integer(number, "week", 0, 6) for number in request.form.getlist("week")]
        moved = working_days.set_calendar(g.viewer, week, request.form.get("holidays", ""), at=now())
    except Invalid as refusal:
        return _settings_page(refusal.fields), 422
    if not moved:
        return _saved(moved is not None)
    flash(f"Saved. {plural(moved, 'answer is', 'answers are')} due on another day now.", "success")
    return redirect(url_for("companies.settings", slug=slug))


def _rate(text: str, currency: str) -> int | None:
    """Return a day's cost, typed in whole currency, in its minor units."""
    if not text.strip():
        return None
    return check_integer(text, "day_rate", 0, MOST_A_DAY) * minor_units(currency)


def moved_words(moved: company_settings.Moved, zone: str) -> str:
    """Return in a sentence that the first day of a log was moved: from when to when, by whom and when."""
    days = " to ".join(day(on) if on else "no day" for on in (moved.was, moved.on))
    return f"First day of this log moved from {days} by {moved.by} on {day(moved.at, zone=zone)}."


def _saved(new: bool) -> Answer:
    flash("Saved." if new else "Nothing was different, so nothing was changed.", "success" if new else "info")
    return redirect(url_for("companies.settings", slug=g.viewer.company.slug))


def _settings_page(errors: dict[str, str] | None = None) -> str:
    rate = g.viewer.company.day_rate
    return render_template(
        "companies/settings.html",
        nav="settings",
        errors=errors or {},
        typed=request.form,
        systems=list(systems.known(g.viewer)),
        standards=len(frameworks.followed(g.viewer.company.id)),
        firms=vendors.count_known(g.viewer),
        moves=[
            moved_words(moved, g.viewer.company.zone)
            for moved in company_settings.moves_of_first_day(g.viewer.company.id)
        ],
        in_advance=standing_rules.is_used(g.viewer, now()),
        mail_off=current_app.config["ADR"].mail_is_off,
        given_up=sending.given_up(g.viewer.company.id),
        week=list(enumerate(working_days.WEEK)),
        works_on=[str(number) for number in g.viewer.company.working_calendar.week],
        holidays=_holidays(),
        alarm=receipts.alarm(record_checks.latest(g.viewer.company.id)),
        overdue=receipts.overdue() if g.viewer.may(Act.SETTINGS) else "",
        unread=flagged.unread(g.viewer, at=now()) if g.viewer.may(Act.SETTINGS) else 0,
        discount=share_text(g.viewer.company.discount),
        rate="" if rate is None else rate // minor_units(g.viewer.company.currency),
    )


def _holidays() -> list[tuple[str, str, str]]:
    """Return the company's holidays from today on first: the day as typed, as people say it, its name."""
    today = local_day(now(), g.viewer.company.zone).isoformat()
    named = sorted(g.viewer.company.holidays.items(), key=lambda pair: (pair[0] < today, pair[0]))
    return [(on, day(date.fromisoformat(on)), name) for on, name in named]


def _set_up_page(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "companies/set_up.html",
        errors=errors or {},
        typed=request.form,
        ticked=request.form.getlist("role") or [str(Role.LEADER)],
        roles=[(role, sentence(ROLE_NAMES[role]), HINTS[role]) for role in FIRST_ROLES],
        zones=companies.zones(),
        zone=request.form.get("zone") or current_app.config["ADR"].zone,
    )


HINTS = {
    Role.LEADER: "Takes risks for the company and gives the other roles.",
    Role.CTO: "Decides about technology.",
    Role.VCISO: "Checks decisions for security.",
    Role.ADMIN: "Looks after people and settings; has no say on decisions.",
    Role.MEMBER: "Writes decisions down and notes debts.",
}
