"""Who asks for a page, when, and what the page says of who may open it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app, g, request, url_for
from werkzeug.wrappers import Response

from adr_app.domain.permissions import Act, Public
from adr_app.models.people import Person
from adr_app.services import session

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


def takes(largest: int) -> Callable[[View], View]:
    """Declare that a view is sent up to `largest` bytes, once who sends them may open it."""

    def declare(view: View) -> View:
        view.takes = largest  # type: ignore[attr-defined]
        return view

    return declare


def keyed(view: View) -> View:
    """Declare that a view's address is signed by us for one purpose, so that no form of ours need send it.

    Mail readers send such a form themselves; no other site knows the address.
    """
    view.keyed = True  # type: ignore[attr-defined]
    return view


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
