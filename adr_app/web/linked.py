"""The decisions that one belongs with, each with its standing; and long lists cut to their first lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, request

from adr_app.domain.decisions import STATUS_NAMES, Status
from adr_app.domain.worktime import local_day
from adr_app.services import lists
from adr_app.web.standings import line_of, mark_of

SHOWN = 6
"""How many linked things of one kind stand on a page; the others are where its last line leads."""

NOT_IN_ORDER = frozenset({"without-input", "another-look"})
"""Marks of what wants a look first."""


def rows(edges: Sequence[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Return links with the standing of the decision at their other end: what wants a look first."""
    company = g.viewer.company
    today = local_day(at, company.zone)
    ids = [edge["other"].id for edge in edges if edge["other"]]
    standing = lists.standings(company.id, ids, at) if ids else {}
    found = []
    for edge in edges:
        other = edge["other"]
        span = standing.get(other.id) if other else None
        found.append(
            {
                **edge,
                "mark": mark_of(span) if other else "",
                "standing": line_of(span, today, company.zone) if other else "",
                "status": STATUS_NAMES[Status(other.status)] if other else "",
            }
        )
    return sorted(found, key=lambda row: row["mark"] not in NOT_IN_ORDER)


def first(name: str, listed: Sequence[Any]) -> dict[str, Any]:
    """Return the first lines of a list and how many there are; the address asks for all by `?all=NAME`."""
    shown = listed if request.args.get("all") == name else listed[:SHOWN]
    return {name: shown, f"{name}_all": len(listed)}
