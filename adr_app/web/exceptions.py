"""Exceptions: the register of a company, and what is done with a request before and beside leadership."""

from flask import Blueprint, flash, g, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import (
    decision_rows,
    exception_leaders,
    exception_register,
    exception_rows,
    exceptions,
)
from adr_app.services.exception_register import ASKED, ENDED, IN_FORCE, NOT_ALLOWED
from adr_app.web import exception_rows as lines
from adr_app.web.access import Answer, needs, now
from adr_app.web.risks import back, put_on, shown

pages = Blueprint("exceptions", __name__, url_prefix="/<slug>")

TABS = {IN_FORCE: "In force", ASKED: "Asked for", ENDED: "Ended", NOT_ALLOWED: "Not allowed"}
"""The parts of the register, by the word in their address."""


@pages.get("/exceptions")
@needs(Act.READ)
def index(slug: str) -> str:
    """List the exceptions of the company: what is over and still in force stands first."""
    what = request.args.get("show", IN_FORCE)
    what = what if what in TABS else IN_FORCE
    found = exception_register.page(g.viewer, what, now(), place=request.args.get("after", ""))
    waits = exception_register.waiting(g.viewer)
    return render_template(
        "exceptions/index.html",
        nav="decisions",
        what=what,
        tabs=[
            (words, url_for("exceptions.index", slug=slug, show=code), code == what)
            + ((waits,) if code == ASKED and waits else ())
            for code, words in TABS.items()
        ],
        lines=[lines.in_words(line) for line in found.lines],
        following=url_for("exceptions.index", slug=slug, show=what, after=found.after) if found.after else "",
        first=url_for("exceptions.index", slug=slug, show=what) if request.args.get("after") else "",
    )


@pages.post("/decisions/<ref:number>/risk/put-on")
@needs(Act.DRAFT)
def put(slug: str, number: int) -> Answer:
    """Put a request to leadership that the vCISO did not recommend on in time."""
    asked = exceptions.put(g.viewer, number, at=now())
    return put_on(number, asked.asked_of_id, asked.id)


@pages.post("/decisions/<ref:number>/risk/recommend")
@needs(Act.GIVE_VERDICT)
def recommend(slug: str, number: int) -> Answer:
    """Recommend on a request, as vCISO."""
    form, decision = request.form, decision_rows.find(g.viewer, number)
    try:
        exceptions.advise(
            g.viewer, number, code=form.get("advice", ""), text=form.get("advice_text", ""), at=now()
        )
    except Invalid as refusal:
        return shown(decision, refusal.fields), 422
    row = exception_rows.waiting_on(decision)
    alone = exception_leaders.must_be_appointed(row, now()) if row else ""
    flash(f"Saved under your name. {alone or 'It goes on to leadership with your sentence.'}", "success")
    return back(number)


@pages.post("/decisions/<ref:number>/risk/withdraw")
@needs(Act.DRAFT)
def withdraw(slug: str, number: int) -> Answer:
    """Withdraw one's own request."""
    exceptions.withdraw(g.viewer, number, at=now())
    flash("Withdrawn. Nobody is asked any more.", "success")
    return back(number)


@pages.post("/decisions/<ref:number>/risk/protect")
@needs(Act.DRAFT)
def protect(slug: str, number: int) -> Answer:
    """Name what protects us meanwhile."""
    try:
        exceptions.protect(g.viewer, number, protects=request.form.get("protects_now", ""), at=now())
    except Invalid as refusal:
        return shown(decision_rows.find(g.viewer, number), {"protects_now": refusal.fields["protects"]}), 422
    flash("Saved.", "success")
    return back(number)
