"""Which role first: the answer with its reasons, the answers that were kept, and what leadership decided."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.first_role import Result, advise
from adr_app.domain.first_role_words import RESULTS, Explanation, explain
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import local_day
from adr_app.services import first_role, homes, role_inputs
from adr_app.web import pressures
from adr_app.web.access import Answer, needs, now

pages = Blueprint("first_role", __name__, url_prefix="/<slug>/which-role")

SHOWN = 20
"""How many answers are listed."""

COMES = {
    Result.CTO_FIRST: Role.CTO,
    Result.CTO_THEN_VCISO: Role.CTO,
    Result.NEXT_CTO: Role.CTO,
    Result.VCISO_FIRST: Role.VCISO,
    Result.VCISO_THEN_CTO: Role.VCISO,
    Result.NEXT_VCISO: Role.VCISO,
}
"""Which role an answer says to bring in now."""


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show the answer of today, and those that were kept."""
    return _index()


@pages.post("/keep")
@needs(Act.ASSESS_ROLES)
def keep(slug: str) -> Answer:
    """Keep the answer of today with everything it was given for."""
    gains, interest = request.form.get("gains", ""), request.form.get("interest", "")
    try:
        row = first_role.assess(g.viewer, gains=gains, interest=interest, at=now())
    except Invalid as refusal:
        return _index(refusal.fields), 422
    flash("The answer is kept, with everything it was given for. Leadership decides on it.", "success")
    return redirect(url_for("first_role.show", slug=slug, assessment=row.id))


@pages.get("/<int:assessment>")
@needs(Act.READ)
def show(slug: str, assessment: int) -> str:
    """Show an answer as it was given."""
    return _answer(assessment)


@pages.post("/<int:assessment>/choose")
@needs(Act.CHOOSE_ROLE)
def choose(slug: str, assessment: int) -> Answer:
    """Decide whether an answer is followed."""
    followed, why = request.form.get("followed", ""), request.form.get("why", "")
    try:
        first_role.choose(g.viewer, assessment, followed=followed, why=why, at=now())
    except Invalid as refusal:
        return _answer(assessment, refusal.fields), 422
    flash("Your decision is kept beside the answer.", "success")
    return redirect(url_for("first_role.show", slug=slug, assessment=assessment))


def facts_of(told: Explanation) -> list[tuple[str, Any]]:
    """Return an answer's reasons as pairs of words, in the order in which they are read."""
    return [
        ("Because", told.because),
        ("Compared with", told.compared),
        ("The rule", told.rule),
        ("Then", told.then),
        ("Would change if", " ".join(told.changes)),
    ]


def _index(errors: dict[str, str] | None = None) -> str:
    inputs = role_inputs.of_company(g.viewer.company, now())
    advice = advise(inputs)
    told = explain(inputs, advice)
    kept = first_role.answers(g.viewer, SHOWN)
    today = local_day(now(), g.viewer.company.zone)
    return render_template(
        "first_role/index.html",
        nav="people",
        told=told,
        facts=facts_of(told),
        sides=pressures.sides(inputs),
        order=pressures.orders(inputs),
        empty=not inputs.pressures,
        kept=kept,
        results=RESULTS,
        changed=bool(kept) and (kept[0].row.result, kept[0].row.rule) != (advice.result, advice.rule),
        overdue=bool(kept) and kept[0].row.review_on < today,
        gains=list(first_role.GAINS.items()),
        errors=errors or {},
        typed=request.form if errors else {},
    )


def _invited(kept: first_role.Kept) -> Role | None:
    """Return the role to invite by an answer that is followed, unless somebody holds it by now."""
    role = COMES.get(Result(kept.row.result))
    if role is None or not (kept.choice and kept.choice.followed):
        return None
    return None if role in homes.roles_held([g.viewer.company.id], now())[g.viewer.company.id] else role


def _answer(key: int, errors: dict[str, str] | None = None) -> str:
    kept = first_role.find(g.viewer, key)
    newest = first_role.newest(g.viewer)
    is_newest = newest is not None and newest.row.id == kept.row.id
    return render_template(
        "first_role/show.html",
        nav="people",
        kept=kept,
        told=kept.told,
        facts=facts_of(kept.told),
        sides=pressures.sides(kept.inputs),
        newer=None if is_newest or newest is None else newest.row,
        invite=_invited(kept),
        errors=errors or {},
        typed=request.form if errors else {},
    )
