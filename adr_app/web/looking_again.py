"""Looking at a decision again: the buttons by which a flag of its page is dealt with."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import looking_again
from adr_app.web import decisions, typed
from adr_app.web.access import Answer, needs, now

WORDS = "Noted, with your words."

pages = Blueprint("looking_again", __name__, url_prefix="/<slug>/decisions/<ref:number>")


@pages.post("/still-holds")
@needs(Act.GIVE_VERDICT)
def still_holds(slug: str, number: int) -> Answer:
    """Say that the security OK still holds after something that it rests on changed."""
    looking_again.still_holds(g.viewer, number, typed.identity("after"), at=now())
    flash("Noted: the security OK still holds.", "success")
    return _to_page(number)


@pages.post("/again-on")
@needs(Act.LOOK_AGAIN)
def set_day(slug: str, number: int) -> Answer:
    """Set the day on which to look at a decision again."""
    return _noted(number, lambda: looking_again.set_day(g.viewer, number, typed.day("again_on"), at=now()))


@pages.post("/looked-again")
@needs(Act.LOOK_AGAIN)
def looked(slug: str, number: int) -> Answer:
    """Note what was found when somebody looked at a decision again."""
    found = request.form.get("found_again", "")
    return _noted(
        number,
        lambda: looking_again.looked(g.viewer, number, found, again_on=typed.day("again_on"), at=now()),
        WORDS,
    )


@pages.post("/described")
@needs(Act.LOOK_AGAIN)
def described(slug: str, number: int) -> Answer:
    """Note where the description for the auditor was brought up to date."""
    where = request.form.get("described", "")
    return _noted(number, lambda: looking_again.described(g.viewer, number, where, at=now()), WORDS)


@pages.post("/module")
@needs(Act.LOOK_AGAIN)
def module_noted(slug: str, number: int) -> Answer:
    """Note which approved module encrypts government data."""
    which = request.form.get("module", "")
    return _noted(number, lambda: looking_again.module_noted(g.viewer, number, which, at=now()), WORDS)


def _noted(number: int, note: Callable[[], object], said: str = "Noted.") -> Answer:
    """Do what a form asks for; what is not complete yet comes back on the decision's page as it was typed."""
    try:
        note()
    except Invalid as refusal:
        return decisions.shown(number, refusal.fields), 422
    flash(said, "success")
    return _to_page(number)


def _to_page(number: int) -> Answer:
    return redirect(url_for("decisions.show", slug=g.viewer.company.slug, number=number))
