"""Refusals become JSON: one table from the kind of refusal to a status code."""

import peewee
from flask import Flask, current_app, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from adr_app.api.access import NoKey
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Refused, Stale, Unavailable, WrongState

STATUS = {
    NoKey: 401,
    NotFound: 404,
    NotAllowed: 403,
    WrongState: 409,
    Stale: 409,
    Invalid: 422,
    Unavailable: 503,
}
MISSING = "There is no such address, or this key does not open it."
BUSY = "The database could not take this now, and nothing was saved. Send it again in a moment."
BROKEN = "Something went wrong here and nothing was saved. Send it again; if it stays, tell us when."


def refused(error: Refused) -> Response:
    """Answer a refusal; what is missing, hidden or another company's is always the same bytes."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    if status == 404:
        return answer(404, MISSING)
    response = answer(status, str(error), getattr(error, "fields", None))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def http_error(error: HTTPException) -> Response:
    """Answer an error of the framework, keeping its headers."""
    status = error.code or 500
    said = answer(status, MISSING if status == 404 else error.description or "That did not work.")
    for name, value in error.get_headers():
        if name == "Allow":
            said.headers[name] = value
    return said


def database_error(error: peewee.PeeweeException) -> Response:
    """Answer trouble of the database, once it has been logged without what was sent."""
    current_app.logger.warning("database trouble on %s %s", request.method, request.path, exc_info=error)
    return answer(503, BUSY)


def broken(error: Exception) -> Response:
    """Answer a fault of ours, once it has been logged without what was sent."""
    current_app.logger.error("fault on %s %s", request.method, request.path, exc_info=error)
    return answer(500, BROKEN)


def answer(status: int, message: str, fields: dict[str, str] | None = None) -> Response:
    """Return a refusal as JSON: what to do about it, and about each field where it is one's fault."""
    error: dict[str, object] = {"message": message}
    if fields:
        error["fields"] = fields
    response = jsonify({"error": error})
    response.status_code = status
    return response


def init_app(api: Flask) -> None:
    """Answer every refusal and error in JSON."""
    api.register_error_handler(Refused, refused)
    api.register_error_handler(HTTPException, http_error)
    api.register_error_handler(peewee.OperationalError, database_error)
    api.register_error_handler(peewee.InternalError, database_error)
    api.register_error_handler(Exception, broken)
