"""How closely security must look at a decision: raised by anybody who writes, lowered by the vCISO."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.decisions import reference
from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import decision_rows, levels, sampling
from adr_app.web import references, review_page
from adr_app.web.access import Answer, needs, now

pages = Blueprint("levels", __name__, url_prefix="/<slug>/decisions/<ref:number>/review")


@pages.post("/raise")
@needs(Act.RAISE_LEVEL)
def raise_to(slug: str, number: int) -> Answer:
    """Ask for a closer security review."""
    return _done(number, "raise", partial(levels.raise_to, g.viewer, number, _level(), at=now()))


@pages.post("/lower")
@needs(Act.LOWER_LEVEL)
def lower_to(slug: str, number: int) -> Answer:
    """Lower the security review that is needed, with a reason."""
    reason = request.form.get("reason", "")
    act = partial(levels.lower_to, g.viewer, number, _level(), reason=reason, at=now())
    return _done(number, "lower", act)


@pages.post("/harmless")
@needs(Act.DRAFT)
def declare(slug: str, number: int) -> Answer:
    """Declare that a decision is no security matter, until the vCISO verifies it."""
    reason = request.form.get("reason", "")
    act = partial(levels.declare_harmless, g.viewer, number, reason=reason, at=now())
    return _done(number, "harmless", act)


@pages.post("/agree")
@needs(Act.GIVE_VERDICT)
def agree(slug: str, number: int) -> Answer:
    """Agree with the author that a decision is no security matter, from the first screen."""
    decision_rows.find(g.viewer, number)
    base = check_integer(request.form.get("base", ""), "base", 1, references.HIGHEST)
    sampling.agree(g.viewer, number, base=base, at=now())
    flash(f"Agreed: {reference(number)} is no security matter.", "success")
    return redirect(url_for("home.show", _anchor="declared"))


def _level() -> int:
    text = request.form.get("level", "")
    return int(text) if text in ("0", "1", "2", "3") else -1


def _done(number: int, form: str, act: Callable[[], object]) -> Answer:
    try:
        act()
    except Invalid as refusal:
        decision = decision_rows.find(g.viewer, number)
        errors = {f"{form}-{name}": message for name, message in refusal.fields.items()}
        return review_page.show(decision, typed=dict(request.form), errors=errors, form=form), 422
    flash("Saved.", "success")
    return redirect(url_for("reviews.show", slug=g.viewer.company.slug, number=number))
