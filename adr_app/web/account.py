"""Somebody's own account: the password, and the devices that are signed in."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Public
from adr_app.services import session
from adr_app.web import typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.session import address

pages = Blueprint("account", __name__, url_prefix="/account")

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)
"""Parts of what a browser calls itself, the first that fits: Chrome also says Safari, Android also Linux."""


@pages.app_template_filter("device")
def device_words(agent: str) -> str:
    """Return what a browser calls itself in words, such as “Chrome on Windows”."""
    browser = next((words for part, words in BROWSERS if part in agent), "")
    system = next((words for part, words in SYSTEMS if part in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or agent or "A browser that gave no name"


@pages.get("")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show the account of whoever is signed in."""
    return _page()


@pages.post("/change-password")
@needs(Public.SIGNED_IN)
def change_password() -> Answer:
    """Change the password and sign every other device out."""
    form = request.form
    try:
        session.change_password(
            g.session,
            form.get("old", ""),
            form.get("new", ""),
            form.get("again", ""),
            at=now(),
            address=address(),
        )
    except Invalid as refusal:
        return _page(refusal.fields), 422
    flash("Your password is changed, and your other devices are signed out.", "success")
    return redirect(url_for("account.show"))


@pages.post("/end-session")
@needs(Public.SIGNED_IN)
def end_session() -> Answer:
    """Sign one device out."""
    session.revoke(g.me, typed.identity("session"), at=now())
    flash("That device is signed out.", "success")
    return redirect(url_for("account.show"))


def _page(errors: dict[str, str] | None = None) -> str:
    opened = session.sessions_of(g.me, at=now())
    words = {"sessions": opened, "current": g.session.id, "errors": errors or {}}
    return render_template("session/account.html", **words)
