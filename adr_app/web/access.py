"""Who may open a page: every view declares it, one check enforces it, nothing declared is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from adr_app.domain.errors import NotAllowed, NotFound
from adr_app.domain.permissions import Act, Public
from adr_app.models.people import Person
from adr_app.services import people, session

Answer = str | tuple[str, int] | Response
View = TypeVar("View", bound=Callable[..., Any])
COOKIE = "adr_session"


def needs(permission: Act | Public) -> Callable[[View], View]:
    """Declare what a view asks of whoever opens it; the check itself runs before every request.

    With an `Act`, the address holds the company as `<slug>` and `g.viewer` is set for the view. The act
    is what the *role* must allow, or what an author of the thing may do: the service decides finally.
    """

    def declare(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return declare


def now() -> datetime:
    """Return the moment of this request: the clock is read once."""
    if "at" not in g:
        g.at = current_app.config["CLOCK"]()
    return g.at


def me() -> Person | None:
    """Return who is signed in, or None."""
    if "me" not in g:
        token = request.cookies.get(COOKIE, "")
        g.session = session.open_session(token, at=now()) if token else None
        g.me = g.session.person if g.session else None
    return g.me


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
        return sign_in_first()
    if permission is Public.SIGNED_IN:
        return None
    _check_company(person, permission)
    return None


def _check_company(person: Person, permission: Act) -> None:
    slug = (request.view_args or {}).get("slug")
    if slug is None:
        raise NotFound("There is no such page.")
    g.viewer = people.viewer(person, slug, now())
    if not (g.viewer.may(permission) or g.viewer.may(permission, is_author=True)):
        raise NotAllowed("Your role here does not allow that. Ask somebody whose role does.")


def sign_in_first() -> Answer:
    """Send somebody to the sign-in page and back to what they wanted to read.

    What they typed into a form is kept: see `adr_app.web.kept`.
    """
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("session.show", next=request.full_path.rstrip("?")))
    from adr_app.web import csrf
    from adr_app.web.kept import keep_typed

    if csrf.is_foreign():
        # Another site's form is never carried past the sign-in, where one click would send it.
        raise NotAllowed("This form was sent from another site, so nothing was saved.")
    return keep_typed()


def inside(address: str) -> str:
    """Return an address to go on to when it is a page of ours, else the first page.

    Only a path is taken: another host, `//host` and `/\\host`, which browsers read as one, are not.
    """
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path and address.isprintable() and "\\" not in address else "/"


def full_address(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, to hand to somebody: the public one where it is configured."""
    public = str(current_app.config["ADR"].public_url)
    return f"{public}{url_for(endpoint, **values)}" if public else url_for(endpoint, _external=True, **values)


def init_app(app: Flask) -> None:
    """Install the check before every request, and take no host but ours where that is known."""
    hosts = app.config["ADR"].trusted_hosts
    if hosts and not app.config.get("TRUSTED_HOSTS"):
        app.config["TRUSTED_HOSTS"] = list(hosts)
    app.before_request(check)
