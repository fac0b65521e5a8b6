"""What a form carries besides text: days and ids, read once and refused in the same words everywhere."""

from datetime import date

from flask import request

from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, NotFound

HIGHEST_ID = 2**31 - 1


def day(field: str) -> date | None:
    """Return the calendar day typed into a field of this request's form, or None when it is empty.

    :raises Invalid: under `field`, when it is no day.
    """
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = "Type a day as year-month-day, such as 2026-11-24."
        raise Invalid(message, {field: message}) from error


def identity(field: str) -> int:
    """Return the id that a form's hidden field carries; what is no id names nothing.

    :raises NotFound: when it is not a number an id can be.
    """
    try:
        return check_integer(request.form.get(field, ""), field, 1, HIGHEST_ID)
    except Invalid as error:
        raise NotFound("There is no such thing here.") from error
