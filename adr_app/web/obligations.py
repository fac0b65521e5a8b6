"""Duties by law or contract: what each asks, when it is due next, when it was met."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.obligations import KINDS, SOURCES, Duty, recurrence
from adr_app.domain.permissions import Act
from adr_app.domain.pressures import CONSEQUENCES, LEVEL_WORDS
from adr_app.domain.worktime import local_day
from adr_app.models.obligations import Obligation
from adr_app.services import obligations
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import ago_days, day

pages = Blueprint("obligations", __name__, url_prefix="/<slug>/duties")

WORDS: dict[str, Any] = {
    "sources": list(SOURCES.items()),
    "kinds": list(KINDS.items()),
    "consequences": list(CONSEQUENCES.items()),
    "levels": list(LEVEL_WORDS.items()),
}
"""What every form of this feature offers."""

FIELDS = (
    *("name", "source", "reference", "asks", "kind", "consequence", "loses", "level"),
    *("first_on", "months"),
)


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """List the company's duties, what is due first in front."""
    return _index()


@pages.post("/add")
@needs(Act.KEEP_DUTIES)
def add(slug: str) -> Answer:
    """Write down a duty."""
    try:
        row = obligations.add(g.viewer, request.form, at=now())
    except Invalid as refusal:
        return _index(refusal.fields), 422
    flash(f"{row.name} is written down.", "success")
    return redirect(url_for("obligations.show", slug=slug, duty=row.id))


@pages.get("/<int:duty>")
@needs(Act.READ)
def show(slug: str, duty: int) -> str:
    """Show one duty, with what was done for it."""
    return _page(duty)


@pages.post("/<int:duty>/change")
@needs(Act.KEEP_DUTIES)
def change(slug: str, duty: int) -> Answer:
    """Change what is written down of a duty."""
    try:
        changed = obligations.change(g.viewer, duty, request.form, at=now())
    except Invalid as refusal:
        return _page(duty, "change", refusal.fields), 422
    new = changed is not None
    flash("Saved." if new else "Nothing was different, so nothing was changed.", "success" if new else "info")
    return redirect(url_for("obligations.show", slug=slug, duty=duty))


@pages.post("/<int:duty>/meet")
@needs(Act.KEEP_DUTIES)
def meet(slug: str, duty: int) -> Answer:
    """Say that a duty was met for the day that the page showed."""
    typed = {name: request.form.get(name, "") for name in ("due_on", "met_on", "evidence")}
    try:
        obligations.meet(g.viewer, duty, **typed, at=now())
    except Invalid as refusal:
        return _page(duty, "meet", refusal.fields), 422
    due = obligations.line(g.viewer, duty).duty.due_on
    flash(f"Met. It is due again on {day(due)}." if due else "Met. It does not come back.", "success")
    return redirect(url_for("obligations.show", slug=slug, duty=duty))


@pages.post("/<int:duty>/end")
@needs(Act.KEEP_DUTIES)
def end(slug: str, duty: int) -> Answer:
    """End a duty that asks for nothing any more."""
    try:
        obligations.end(g.viewer, duty, why=request.form.get("why", ""), at=now())
    except Invalid as refusal:
        return _page(duty, "end", refusal.fields), 422
    flash("It has ended. It stays listed under Ended.", "success")
    return redirect(url_for("obligations.index", slug=slug))


def in_words(row: Obligation, duty: Duty) -> dict[str, Any]:
    """Return one duty as a list shows it."""
    today = local_day(now(), g.viewer.company.zone)
    due = duty.due_on
    return {
        "name": row.name,
        "href": url_for("obligations.show", slug=g.viewer.company.slug, duty=row.id),
        "asks": row.asks,
        "source": SOURCES[row.source],
        "reference": row.reference,
        "again": recurrence(row.months),
        "due": day(due) if due else "",
        "in": ago_days(due, today) if due else "",
        "late": due is not None and due < today,
    }


def rows() -> list[dict[str, Any]]:
    """Return the duties that hold at the company, what is due first in front."""
    company = g.viewer.company
    return [in_words(row, duty) for row, duty in obligations.running(company.id, company.zone)]


def _index(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "obligations/index.html",
        nav="people",
        rows=rows(),
        ended=obligations.ended(g.viewer.company.id),
        errors=errors or {},
        typed=request.form if errors else {},
        **WORDS,
    )


def _page(key: int, form: str = "", errors: dict[str, str] | None = None) -> str:
    """Return a duty's page; `form` is the one that was refused, with what has to be mended."""
    line = obligations.line(g.viewer, key)
    kept = {name: getattr(line.row, name) for name in FIELDS}
    return render_template(
        "obligations/show.html",
        nav="people",
        row=line.row,
        duty=line.duty,
        words=in_words(line.row, line.duty),
        met=line.met,
        consequence=CONSEQUENCES[line.row.consequence],
        level=LEVEL_WORDS[line.row.level],
        kind=KINDS[line.row.kind],
        today=local_day(now(), g.viewer.company.zone),
        form=form,
        errors=errors or {},
        typed=request.form if form == "change" else {k: "" if v is None else v for k, v in kept.items()},
        said=request.form if form in ("meet", "end") else {},
        **WORDS,
    )
