"""The systems of a company: how big each is, when it ends, what is owed in it, whether an auditor looks."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.debt import effort_text
from adr_app.domain.digest import printable
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.domain.systems import CRITICALITY, GOALS
from adr_app.models.debt import owed_in
from adr_app.models.people import System
from adr_app.services import readings, systems
from adr_app.services.debt_rows import today_of
from adr_app.web import reading_rows
from adr_app.web.access import Answer, needs, now
from adr_app.web.debt_words import worth

pages = Blueprint("systems", __name__, url_prefix="/<slug>/systems")


@pages.get("/system")
@needs(Act.READ)
def show(slug: str) -> str:
    """Show one system, named in the address: what was said of it, and what is owed in it."""
    return _system_page(systems.find(g.viewer, printable(request.args.get("system", ""))))


@pages.post("/describe")
@needs(Act.NOTE_DEBT)
def describe(slug: str) -> Answer:
    """Say how big a system is, how long it stays, and what is to become of it."""
    name = printable(request.form.get("system", ""))
    try:
        system = systems.describe(g.viewer, name, request.form, at=now())
    except Invalid as refusal:
        return _system_page(systems.find(g.viewer, name), refusal.fields), 422
    flash("Saved.", "success")
    return redirect(url_for("systems.show", slug=slug, system=system.name))


@pages.post("/inside")
@needs(Act.RAISE_LEVEL)
def put_inside(slug: str) -> Answer:
    """Say that a system is inside what an auditor looks at."""
    return _marked(inside=True)


@pages.post("/outside")
@needs(Act.LOWER_LEVEL)
def take_out(slug: str) -> Answer:
    """Say that a system is not inside what an auditor looks at."""
    return _marked(inside=False)


def _marked(*, inside: bool) -> Answer:
    system = systems.mark_boundary(g.viewer, request.form.get("system", ""), inside, at=now())
    where = "inside" if inside else "outside"
    flash(f"{system.name} is {where} what an auditor looks at.", "success")
    return redirect(url_for("companies.settings", slug=g.viewer.company.slug, _anchor="systems"))


def _system_page(system: System, errors: dict[str, str] | None = None) -> str:
    owed, today = owed_in(g.viewer.company.id, system.id), today_of(g.viewer, now())
    said: dict[str, Any] = {
        "rebuild": effort_text(system.rebuild),
        "effort": effort_text(system.effort),
        "retires_on": system.retires_on or "",
        "criticality": system.criticality,
        "goal": system.goal,
    }
    return render_template(
        "systems/show.html",
        nav="debt",
        system=system,
        owed=owed,
        share=None if not system.rebuild else round(100 * owed.fix_days / system.rebuild),
        is_gone=system.retires_on is not None and system.retires_on < today,
        typed=request.form if errors else said,
        errors=errors or {},
        criticalities=CRITICALITY,
        goals=GOALS,
        worth=worth,
        **reading_rows.shown(readings.sheet(g.viewer, system.name)),
    )
