"""Who asks: the key in the request's `Authorization` header, for the company in the address."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from adr_app.domain.errors import Invalid, NotAllowed
from adr_app.domain.permissions import Act
from adr_app.services import api_keys

View = TypeVar("View", bound=Callable[..., Any])
LARGEST = 64 * 1024
"""The most bytes that a request may send: a note is a few lines."""


class NoKey(NotAllowed):
    """No key came with the request, or one that opens nothing."""


def needs(act: Act) -> Callable[[View], View]:
    """Declare the act that a view does; `g.viewer` is whoever the key acts for, at the company `<slug>`."""

    def declare(view: View) -> View:
        view.needs = act  # type: ignore[attr-defined]
        return view

    return declare


def now() -> datetime:
    """Return the moment of this request: the clock is read once."""
    if "at" not in g:
        g.at = current_app.config["CLOCK"]()
    return g.at


def check() -> None:
    """Refuse the request unless its key opens this company and its maker may do the act there.

    :raises NoKey: without a key that opens anything.
    :raises NotFound: for another company than the key's.
    :raises NotAllowed: when the role does not allow the act.
    """
    if request.endpoint is None:
        return  # an address without a view is answered as missing
    act = getattr(current_app.view_functions[request.endpoint], "needs", None)
    if act is None:
        raise NotAllowed("This address does not say who may use it, so nobody may.")
    request.max_content_length = LARGEST
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise NoKey("Send a key of yours as “Authorization: Bearer adr_…”. Your account's page makes one.")
    try:
        g.viewer = api_keys.opened(token.strip(), (request.view_args or {}).get("slug", ""), at=now())
    except NotAllowed as refusal:
        raise NoKey(str(refusal)) from None
    g.viewer.require(act)


def sent(*names: str, ticked: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the fields of the JSON object that was sent, as they would be typed; those missing are empty.

    Numbers are taken as they are written. Fields that are `ticked` or not are `true` or `false` and nothing
    else, because a text such as “false” would be taken for a yes; no other field is either.

    :raises Invalid: when it is no JSON object, or has a field that is not among `names`.
    """
    if not request.is_json:
        raise Invalid("Send a JSON object, with the header “Content-Type: application/json”.")
    found = _object(request.get_data())
    if found is None:
        raise Invalid("Send one JSON object; what came could not be read as one.")
    known = ", ".join(names)
    problems = {
        str(name): f"There is no such field; there are: {known}." for name in found if name not in names
    }
    problems |= {
        name: "Send true or false." if name in ticked else "Send text or a number."
        for name, value in found.items()
        if name in names and value is not None and not _fits(value, name in ticked)
    }
    if problems:
        raise Invalid("This cannot be saved.", problems)
    return {name: _typed(found.get(name)) for name in names}


def protect(response: Response) -> Response:
    """Add the headers to one answer: nobody keeps it, no browser shows it as a page."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


def init_app(api: Flask) -> None:
    """Install the check before every request and the headers after it."""
    api.before_request(check)
    api.after_request(protect)


def _fits(value: object, ticked: bool) -> bool:
    return (
        isinstance(value, bool)
        if ticked
        else isinstance(value, str | int | float) and not isinstance(value, bool)
    )


def _object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object that some bytes are, None where they are none or lie too deep in each other.

    Python's reader also takes NaN and Infinity, which are no JSON.
    """
    try:
        found = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _typed(value: str | float | bool | None) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    return value if isinstance(value, str) else repr(value)
