"""Every change comes from a form of ours: a token in the form that matches this browser's."""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask import session as state

from adr_app.domain.errors import NotAllowed

FIELD = "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FormExpired(NotAllowed):
    """The form's token is missing or of another sign-in."""


class ForeignForm(NotAllowed):
    """The form was sent by another site."""


def token() -> str:
    """Return this browser's token, made when a form is first shown to it."""
    if "csrf" not in state:
        state["csrf"] = secrets.token_urlsafe(24)
    return str(state["csrf"])


def rotate() -> None:
    """Forget everything this browser was told before it signed in or out, its token first of all."""
    state.clear()


def is_foreign() -> bool:
    """Return whether the browser says that another site caused this request."""
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site"


def is_surely_ours() -> bool:
    """Return whether the browser vouches that a page of ours caused this request."""
    origin = request.headers.get("Origin", "")
    return not is_foreign() and (
        urlsplit(origin).netloc == request.host or request.headers.get("Sec-Fetch-Site") == "same-origin"
    )


def check() -> None:
    """Refuse a change that no form of ours sent.

    :raises ForeignForm: when the request comes from another site.
    :raises FormExpired: when the token is missing or wrong.
    """
    if request.method in SAFE or request.endpoint is None:
        return  # an address without a page is answered as missing, whoever sent the form
    if getattr(current_app.view_functions[request.endpoint], "keyed", False):
        return
    if is_foreign():
        raise ForeignForm("This form was sent from another site, so nothing was saved.")
    kept, sent = state.get("csrf", ""), request.form.get(FIELD, "")
    if not kept or not hmac.compare_digest(sent.encode(), str(kept).encode()):
        raise FormExpired("This form is no longer valid, so nothing was saved yet. Open the page again.")


def init_app(app: Flask) -> None:
    """Check every change after the access check, and offer the token to templates."""
    app.before_request(check)
    app.jinja_env.globals["csrf_token"] = token
