"""Reading what a statement holds, strictly: each value of its shape, nothing besides, nothing missing."""

import re
from datetime import UTC, datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class BadStatement(ValueError):
    """A file that is no statement; the text says why in words for a person."""


def written(at: datetime | None) -> str | None:
    """Return a moment as a statement holds it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exactly(value: Any, keys: set[str]) -> dict[str, Any]:
    """Return an object that has these keys and no others.

    :raises BadStatement: when it has not.
    """
    if not isinstance(value, dict) or value.keys() != keys:
        raise BadStatement("it does not have the parts of a statement")
    return value


def short_text(value: Any) -> str:
    """Return a text of a statement.

    :raises BadStatement: when it is none, or a long one.
    """
    if not isinstance(value, str) or len(value) > 1000:
        raise BadStatement("it holds something that should be a short text")
    return value


def moment(value: Any) -> datetime:
    """Return a moment of a statement.

    :raises BadStatement: when it is none.
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise BadStatement("it holds something that should be a moment")
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadStatement("it names a day that does not exist") from error
