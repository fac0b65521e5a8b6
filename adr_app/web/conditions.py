"""To-dos that came with a security OK: marked done by the team, checked or moved by the vCISO."""

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import conditions, decision_rows
from adr_app.web import review_page, typed
from adr_app.web.access import Answer, needs, now

pages = Blueprint("conditions", __name__, url_prefix="/<slug>/decisions/<ref:number>/to-dos/<int:todo>")


@pages.post("/done")
@needs(Act.DRAFT)
def finish(slug: str, number: int, todo: int) -> Answer:
    """Mark a to-do as done, with what shows it."""
    conditions.finish(g.viewer, number, todo, evidence=request.form.get("evidence", ""), at=now())
    flash("Done. It waits for the vCISO to check it.", "success")
    return _back(number)


@pages.post("/check")
@needs(Act.GIVE_VERDICT)
def verify(slug: str, number: int, todo: int) -> Answer:
    """Confirm that a to-do is really done."""
    conditions.verify(g.viewer, number, todo, at=now())
    flash("Checked.", "success")
    return _back(number)


@pages.post("/move")
@needs(Act.GIVE_VERDICT)
def move(slug: str, number: int, todo: int) -> Answer:
    """Give a to-do another date."""
    conditions.find_one(decision_rows.find(g.viewer, number), todo)
    try:
        day = typed.day("due_on")
        if day is None:
            raise Invalid("Choose a day.", {"due_on": "Choose the new day."})
        conditions.move(g.viewer, number, todo, day, at=now())
    except Invalid as refusal:
        decision = decision_rows.find(g.viewer, number)
        errors = {f"due_on-{todo}": message for message in refusal.fields.values()}
        return review_page.show(decision, errors=errors, form=f"move-{todo}"), 422
    flash("Saved.", "success")
    return _back(number)


def _back(number: int) -> Answer:
    return redirect(url_for("reviews.show", slug=g.viewer.company.slug, number=number, _anchor="to-dos"))
