"""The discussion of a decision: remarks, questions, advice of the vCISO, and concerns that block."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act, Role
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.services import comments, concerns, decision_rows
from adr_app.services.passages import find_place
from adr_app.web import reviews, risks
from adr_app.web.access import Answer, needs, now
from adr_app.web.decisions import shown

pages = Blueprint("comments", __name__, url_prefix="/<slug>/decisions/<ref:number>/comments")

ASKED = "Your question stands on the decision until somebody answers."


@pages.post("")
@needs(Act.COMMENT)
def write(slug: str, number: int) -> Answer:
    """Add to the discussion from the decision's page or from that of a risk; advice is confirmed first."""
    form, decision = request.form, decision_rows.find(g.viewer, number)
    words, passage, seen = form.get("comment", ""), form.get("passage", ""), _seen()
    asks = form.get("asks") == "yes" and Role.LEADER in g.viewer.roles
    try:
        if form.get("advice") == "yes" and g.viewer.may(Act.GIVE_VERDICT):
            return reviews.confirm_advice(decision, _with_passage(decision, words, passage, seen))
        comments.write(g.viewer, number, words, asks=asks, passage=passage, seen=seen, at=now())
    except Invalid as refusal:
        return _refused(decision, refusal, {"text": "comment"})
    return _done(number, ASKED if asks else "Said.")


def _seen() -> int | None:
    """Return the version that the page showed, as its form says."""
    version = request.form.get("seen", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None


def _with_passage(decision: Decision, words: str, passage: str, seen: int | None) -> str:
    """Return advice with the words of the text that it is about, which are part of the answer then."""
    if not passage.strip():
        return words
    return f"About “{find_place(decision, passage, seen).passage}”: {words}"


@pages.post("/concern")
@needs(Act.COMMENT)
def raise_concern(slug: str, number: int) -> Answer:
    """Raise a concern that blocks."""
    form, decision = request.form, decision_rows.find(g.viewer, number)
    try:
        name, why, passage = (form.get(one, "") for one in ("concern", "reasons", "concern-passage"))
        concerns.raise_one(g.viewer, number, name, why, passage=passage, seen=_seen(), at=now())
    except Invalid as refusal:
        return _refused(
            decision, refusal, {"name": "concern", "why": "reasons", "passage": "concern-passage"}
        )
    return _done(number, "Your concern stands on the decision until you resolve it.")


@pages.post("/<int:comment>/reply")
@needs(Act.COMMENT)
def reply(slug: str, number: int, comment: int) -> Answer:
    """Answer beneath what somebody said."""
    decision, field = decision_rows.find(g.viewer, number), f"reply-{comment}"
    try:
        comments.reply(g.viewer, number, comment, request.form.get(field, ""), at=now())
    except Invalid as refusal:
        return _refused(decision, refusal, {"text": field})
    return _done(number, "Said.", comment)


@pages.post("/<int:comment>/resolve")
@needs(Act.RESOLVE_COMMENT)
def resolve(slug: str, number: int, comment: int) -> Answer:
    """Mark what was said as resolved."""
    return _closed(comments.resolve, number, comment, "Resolved. It lies folded under the discussion.")


@pages.post("/<int:comment>/reopen")
@needs(Act.RESOLVE_COMMENT)
def reopen(slug: str, number: int, comment: int) -> Answer:
    """Open again what was resolved."""
    return _closed(comments.reopen, number, comment, "It is open again.")


@pages.post("/<int:comment>/set-aside")
@needs(Act.SET_CONCERN_ASIDE)
def set_aside(slug: str, number: int, comment: int) -> Answer:
    """Set a concern aside whose raiser is no longer here."""
    decision, field = decision_rows.find(g.viewer, number), f"aside-{comment}"
    try:
        concerns.set_aside(g.viewer, number, comment, reason=request.form.get(field, ""), at=now())
    except Invalid as refusal:
        return _refused(decision, refusal, {"reason": field})
    return _done(number, "The concern is set aside, with your reason.")


def _closed(act: Callable[..., Comment], number: int, comment: int, words: str) -> Answer:
    act(g.viewer, number, comment, at=now())
    return _done(number, words)


def _refused(decision: Decision, refusal: Invalid, fields: dict[str, str]) -> Answer:
    """Return the page that the form stands on, with what has to be mended and what was typed."""
    errors = {fields.get(name, name): words for name, words in refusal.fields.items()}
    on_risk = request.form.get("from") == "risk"
    return (risks.shown(decision, errors) if on_risk else shown(decision.number, errors)), 422


def _done(number: int, words: str, comment: int = 0) -> Answer:
    """Go back to the discussion on the page that the form stood on."""
    flash(words, "success")
    page = "risks.show" if request.form.get("from") == "risk" else "decisions.show"
    anchor = f"said-{comment}" if comment else "discussion"
    return redirect(url_for(page, slug=g.viewer.company.slug, number=number, _anchor=anchor))
