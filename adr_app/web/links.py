"""Links from one decision to another: what it replaces, changes, depends on or belongs with."""

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import decision_rows, links
from adr_app.web import references, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.decisions import shown

pages = Blueprint("links", __name__, url_prefix="/<slug>/decisions/<ref:number>/links")


@pages.post("")
@needs(Act.DRAFT)
def add(slug: str, number: int) -> Answer:
    """Link this decision to another."""
    form = request.form
    decision_rows.find(g.viewer, number)
    try:
        to = references.understood(form.get("to", ""))
        if to is None:
            raise Invalid("Name the other decision.", {"to": "Type its reference, such as AD-0012."})
        part = form.get("part") == "yes"
        links.link(g.viewer, number, to, form.get("kind", ""), part=part, note=form.get("note", ""), at=now())
    except Invalid as refusal:
        return shown(number, refusal.fields), 422
    flash("Linked.", "success")
    return redirect(url_for("decisions.show", slug=slug, number=number, _anchor="links"))


@pages.post("/remove")
@needs(Act.DRAFT)
def remove(slug: str, number: int) -> Answer:
    """Remove a link that is not in force as a replacement."""
    links.unlink(g.viewer, number, typed.identity("link"), at=now())
    flash("The link is removed.", "success")
    return redirect(url_for("decisions.show", slug=slug, number=number, _anchor="links"))
