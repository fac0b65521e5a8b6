"""Addresses of debt items, and the way back to the page where a debt was noticed."""

import re
from urllib.parse import urlsplit

from flask import g, request, url_for
from werkzeug.routing import BaseConverter

from adr_app.domain.decisions import debt_reference
from adr_app.web.access import inside
from adr_app.web.references import SPELLED


class DebtReference(BaseConverter):
    """`<debt:number>` in a route: the one spelling of an item's reference; any other is no address."""

    regex = f"TD-{SPELLED}"

    def to_python(self, value: str) -> int:
        """Return the number that a reference names."""
        return int(value.removeprefix("TD-"))

    def to_url(self, value: int) -> str:
        """Return the reference of a number."""
        return debt_reference(int(value))


def address_of(number: int) -> str:
    """Return the address of an item of the viewer's company."""
    return url_for("debt.show", slug=g.viewer.company.slug, number=number)


def came_from() -> str:
    """Return the page of ours that led to this one, or nothing."""
    if asked := request.args.get("next"):
        return inside(asked)
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path == request.path:
        return ""
    return inside(f"{came.path}?{came.query}" if came.query else came.path)


def decision_left() -> str:
    """Return the reference of the decision whose page led to this one, or nothing."""
    here = url_for("decisions.index", slug=g.viewer.company.slug)
    found = re.match(rf"{re.escape(here)}/(AD-{SPELLED})(?:[/?]|$)", came_from())
    return found[1] if found else ""
