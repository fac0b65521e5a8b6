"""References in addresses: `AD-0012` stands for the company's decision number 12, and nothing else does."""

import re

from flask import Flask
from werkzeug.routing import BaseConverter

from adr_app.domain.decisions import reference
from adr_app.domain.errors import NotFound

HIGHEST = 999_999_999
SPELLED = r"(?!0000)(?:0[0-9]{3}|[1-9][0-9]{3,8})"
"""The one spelling of a number in an address: four digits at least, nine at most, and never nought.

It is all in the pattern, because an address that a converter refuses only afterwards is answered with
*method not allowed* where another method has the same address.
"""
_TYPED = re.compile(r"(?:AD-)?([0-9]{1,10})", re.IGNORECASE | re.ASCII)


def number_of(text: str) -> int:
    """Return the number that a reference names.

    :raises NotFound: when it is none.
    """
    number = understood(text)
    if number is None:
        raise NotFound("There is no such decision.")
    return number


def understood(text: str) -> int | None:
    """Return the number that somebody typed as `AD-0012`, `ad-12` or `12`, or None."""
    found = _TYPED.fullmatch(text.strip())
    number = int(found.group(1)) if found else 0
    return number if 0 < number <= HIGHEST else None


class DecisionReference(BaseConverter):
    """`<ref:number>` in a route: the one spelling of a decision's reference; any other is no address."""

    regex = f"AD-{SPELLED}"

    def to_python(self, value: str) -> int:
        return int(value.removeprefix("AD-"))

    def to_url(self, value: int) -> str:
        return reference(int(value))


def init_app(app: Flask) -> None:
    """Let routes take references; call it before any route is added."""
    app.url_map.converters["ref"] = DecisionReference
