"""Somebody's keys for programs: make one, see it once, end it."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Public
from adr_app.services import api_keys, people
from adr_app.web import typed
from adr_app.web.access import Answer, needs, now

pages = Blueprint("api_keys", __name__, url_prefix="/account/keys")


@pages.get("")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show the keys that still open something, and the form that makes one."""
    return _page({})


@pages.post("")
@needs(Public.SIGNED_IN)
def make() -> Answer:
    """Make a key and show it, this once."""
    form = request.form
    try:
        token, made = api_keys.make(
            g.me,
            where=form.get("where", ""),
            name=form.get("name", ""),
            days=form.get("days", ""),
            at=now(),
        )
    except Invalid as refusal:
        return _page(form, errors=refusal.fields, refusal=str(refusal)), 422
    return _page({}, made=made, token=token)


@pages.post("/end")
@needs(Public.SIGNED_IN)
def end() -> Answer:
    """End a key."""
    api_keys.end(g.me, typed.identity("key"), at=now())
    flash("That key opens nothing any more.", "success")
    return redirect(url_for("api_keys.show"))


def _page(form: object, **words: object) -> str:
    choices = [(one.slug, one.name) for one, _ in people.companies_of(g.me.id, now())]
    return render_template(
        "session/api_keys.html",
        keys=api_keys.keys_of(g.me, at=now()),
        choices=choices,
        lasts=list(api_keys.LASTS.items()),
        form=form,
        address=current_app.config["ADR"].address,
        **{"errors": {}, "refusal": "", "made": None, "token": "", **words},
    )
