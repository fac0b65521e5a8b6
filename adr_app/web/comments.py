"""The discussion of a decision: remarks, questions that want an answer, and advice of the vCISO."""

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act, Role
from adr_app.services import comments, decision_rows
from adr_app.web import reviews, risks
from adr_app.web.access import Answer, needs, now
from adr_app.web.decisions import shown

pages = Blueprint("comments", __name__, url_prefix="/<slug>/decisions/<ref:number>/comments")


@pages.post("")
@needs(Act.COMMENT)
def write(slug: str, number: int) -> Answer:
    """Add to the discussion from the decision's page or from that of a risk; advice is confirmed first."""
    form, decision = request.form, decision_rows.find(g.viewer, number)
    words, on_risk = form.get("comment", ""), form.get("from") == "risk"
    if form.get("advice") == "yes" and g.viewer.may(Act.GIVE_VERDICT):
        return reviews.confirm_advice(decision, words)
    asks = form.get("asks") == "yes" and Role.LEADER in g.viewer.roles
    try:
        comments.write(g.viewer, number, words, asks=asks, at=now())
    except Invalid as refusal:
        errors = {"comment": refusal.fields["text"]}
        page = risks.shown(decision, errors) if on_risk else shown(number, errors)
        return page, 422
    flash("Your question stands on the decision until somebody answers." if asks else "Said.", "success")
    page = "risks.show" if on_risk else "decisions.show"
    return redirect(url_for(page, slug=slug, number=number, _anchor="discussion"))
