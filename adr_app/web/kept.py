"""Typed text is never lost: a form that met an expired session, or an old token, is shown to send again."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, render_template, request
from itsdangerous import BadData, URLSafeSerializer

from adr_app.services import session
from adr_app.web import csrf, errors
from adr_app.web.access import COOKIE, Answer, inside, me, now

FIELD = "kept"
KEPT_FOR = timedelta(hours=24)
SECRET_FIELDS = ("password", "again", "old", "new", "code", csrf.FIELD, FIELD)
"""Fields that are never carried: whoever sends the form again types them again."""


def keep_typed() -> Answer:
    """Answer a form sent without a session: the sign-in page, carrying what was typed.

    The text travels signed in the page itself, so that nothing of somebody unknown is stored here, and
    remembers whose session it was, so that nobody else who signs in is shown it.
    """
    owner = session.owner_of(request.cookies.get(COOKIE, ""))
    payload = {"path": _path(), "person": owner, "at": int(now().timestamp()), "fields": _fields()}
    g.bare = True
    return render_template("session/sign_in.html", kept=_signer().dumps(payload), next="", notices=[]), 403


def kept_form(person_id: int) -> dict[str, Any] | None:
    """Return the form that the sign-in page carried: `{"path", "fields": [(name, value)]}`, or None.

    None also when it is another person's, older than a day, or not signed by us.
    """
    try:
        payload = _signer().loads(request.form.get(FIELD, ""))
    except BadData:
        return None
    too_old = now().timestamp() - payload["at"] > KEPT_FOR.total_seconds()
    if too_old or payload["person"] not in (None, person_id):
        return None
    return {"path": inside(payload["path"]), "fields": payload["fields"]}


def still_here(error: csrf.FormExpired) -> Answer:
    """Answer a form with an old token: where it surely came from a page of ours, show it to send again."""
    if me() is None or not csrf.is_surely_ours() or not _fields():
        return errors.refused(error)
    g.bare = True
    form = {"path": _path(), "fields": _fields()}
    return render_template("session/resume.html", form=form, expired=True, notices=[]), 403


def _path() -> str:
    return request.full_path.rstrip("?")


def _fields() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="kept form")


def init_app(app: Flask) -> None:
    """Show a form with an old token again, instead of refusing it."""
    app.register_error_handler(csrf.FormExpired, still_here)
