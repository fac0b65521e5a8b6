"""Refusals become pages: one table from the kind of refusal to a status code."""

from collections.abc import Iterator

import peewee
from flask import Flask, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Refused, Stale, Unavailable, WrongState

Answer = str | tuple[str, int] | Response

STATUS = {
    NotFound: 404,
    NotAllowed: 403,
    WrongState: 409,
    Stale: 409,
    Invalid: 422,
    Unavailable: 503,
}

WORDS = {
    400: ("That request could not be read", "Go back and try again."),
    405: ("That address does not take this kind of request", "Go back and use the page's own buttons."),
    413: (
        "That is more than this page takes",
        "Shorten the text, or put long material in a linked document. Nothing was saved.",
    ),
    415: ("That kind of content is not understood here", "Use the page's own form."),
}

NOT_OUR_HOST = "This log does not answer under that name. Use the address that it was started with."
BUSY = "Somebody else was saving at the same moment, so nothing was saved. Go back and send it again."
FULL = "The disk is full, so nothing was saved. Keep your text and ask whoever runs adr-app to make room."
READ_ONLY = "The database is read-only, so nothing was saved. Ask whoever runs adr-app to make it writable."
AWAY = "The database cannot be reached, so nothing was saved. Try again, then tell whoever runs adr-app."
NOT_MIGRATED = "This database is not up to date. Ask whoever runs adr-app to run “adr-app migrate”."

DATABASE_TROUBLE = (
    ("readonly", READ_ONLY),
    ("read-only", READ_ONLY),
    ("disk is full", FULL),
    ("no space", FULL),
    ("locked", BUSY),
    ("deadlock", BUSY),
    ("lock timeout", BUSY),
    ("no such table", NOT_MIGRATED),
    ("no such column", NOT_MIGRATED),
    ("does not exist", NOT_MIGRATED),
    ("unable to open", AWAY),
    ("disk i/o", AWAY),
    ("connect", AWAY),
    ("shutting down", AWAY),
    ("starting up", AWAY),
    ("terminating", AWAY),
)
"""Parts of what SQLite and PostgreSQL say, and what it means to whoever waits; the first that fits."""


def refused(error: Refused) -> Answer:
    """Answer a refusal with its page; *not found* is always the same bytes."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    if status == 404:
        return not_found(error)
    return page(status, str(error))


def not_found(error: Exception) -> Answer:
    """Answer with the one constant page that says nothing about what was asked for.

    Another company's thing, a missing one and a hidden one must be the same bytes, whoever asks: so no
    name, no address, no form token, no message left over from before, and no cookie.
    """
    g.bare = True
    return render_template("errors/missing.html", notices=[]), 404


def http_error(error: HTTPException) -> Answer:
    """Answer an error of the framework in the product's words, keeping its headers."""
    if isinstance(error, SecurityError):
        return not_our_host()
    status = error.code or 500
    if status == 404:
        return not_found(error)
    if status < 400:
        return error.get_response()
    heading, hint = WORDS.get(status, ("That did not work", "Go back and try again."))
    g.bare = True
    response = error.get_response()
    response.set_data(render_template("errors/refused.html", heading=heading, message=hint, notices=[]))
    response.content_type = "text/html; charset=utf-8"
    return response


def not_our_host() -> Response:
    """Answer a request for a host that is not ours: in plain text, because no address may be made for it."""
    return Response(NOT_OUR_HOST, 400, content_type="text/plain; charset=utf-8")


def database_error(error: peewee.PeeweeException) -> Answer:
    """Answer trouble of the database: read-only, full, locked or away."""
    text = " ".join(str(one).lower() for one in _behind(error))
    message = next((words for word, words in DATABASE_TROUBLE if word in text), None)
    if message is None:
        return broken(error)
    return page(503, message)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that led to it: SQLite gives a transaction up by itself on a full disk, so
    that what is raised last is that it cannot be given up again."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def page(status: int, message: str, heading: str = "That was not done") -> Answer:
    """Return the page of a refusal, outside the frame: the frame itself may be what does not work."""
    g.bare = True
    words = {"heading": heading, "message": message, "notices": []}
    return render_template("errors/refused.html", **words), status


def broken(error: Exception) -> Answer:
    """Answer a fault of ours, once it has been logged with its address and no form content."""
    current_app.logger.error("fault on %s %s", request.method, request.path, exc_info=error)
    return page(500, "Something went wrong here and nothing was saved. Try again; if it stays, tell us when.")


def init_app(app: Flask) -> None:
    """Answer every refusal and error with a page of ours."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(peewee.OperationalError, database_error)
    app.register_error_handler(peewee.InternalError, database_error)
    app.register_error_handler(peewee.ProgrammingError, database_error)
    app.register_error_handler(peewee.InterfaceError, database_error)
    app.register_error_handler(Exception, broken)
