"""The door before every page: what a view declares is enforced here, and nothing declared is refused."""

from flask import Flask, current_app, g, redirect, request, url_for

from adr_app.domain.errors import NotAllowed, NotFound
from adr_app.domain.permissions import Act, Public
from adr_app.models.people import Person
from adr_app.services import people
from adr_app.web import csrf
from adr_app.web.access import Answer, me, now
from adr_app.web.kept import keep_typed


def check() -> Answer | None:
    """Refuse the request unless its view's declaration allows this person."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "needs", None)
    if permission is None:
        raise NotAllowed("This page does not say who may open it, so nobody may.")
    if permission is Public.ANYBODY:
        return None
    person = me()
    if person is None:
        return _sign_in_first()
    if permission is Public.SIGNED_IN:
        return None
    _check_company(person, permission)
    if largest := getattr(view, "takes", 0):
        request.max_content_length = request.max_form_memory_size = largest
    return None


def _check_company(person: Person, permission: Act) -> None:
    slug = (request.view_args or {}).get("slug")
    if slug is None:
        raise NotFound("There is no such page.")
    g.viewer = people.viewer(person, slug, now())
    if not (g.viewer.may(permission) or g.viewer.may(permission, is_author=True)):
        raise NotAllowed("Your role here does not allow that. Ask somebody whose role does.")


def _sign_in_first() -> Answer:
    """Send somebody to the sign-in page and back to what they wanted to read.

    What they typed into a form is kept: see `adr_app.web.kept`.
    """
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("session.show", next=request.full_path.rstrip("?")))
    if csrf.is_foreign():
        # Another site's form is never carried past the sign-in, where one click would send it.
        raise NotAllowed("This form was sent from another site, so nothing was saved.")
    return keep_typed()


def init_app(app: Flask) -> None:
    """Install the check before every request."""
    app.before_request(check)
