"""Receipts: the size and root of a company's record, given to somebody outside, and when one is due.

A record that was written anew from its start, or whose end was cut off, shows only against a root that was
kept where whoever runs the log cannot change it. So one is given out at least every thirty days.
"""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adr_app.domain.timeline_states import CompanyState

GIVEN_EVERY = timedelta(days=30)
"""How long one receipt is enough."""

_KEPT = re.compile(r"(?<![0-9])([0-9]{1,10}):([0-9a-f]{64})(?![0-9a-f])", re.IGNORECASE)


def due_from(since: datetime) -> datetime:
    """Return from when on a receipt is due, the last one (or the record's beginning) being of `since`."""
    return since + GIVEN_EVERY


def line_in(text: str) -> str:
    """Return the one line that counts of a pasted receipt, or an empty text where there is none."""
    found = {f"{entries}:{root.lower()}" for entries, root in _KEPT.findall(text)}
    return found.pop() if len(found) == 1 else ""


def stale(company: "CompanyState", at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Tell that the last receipt is thirty days old, or that none was ever given out for so long."""
    since = company.receipt_at
    return None if since is None or at < due_from(since) else ("", {"since": int(since.timestamp())})


def broken(company: "CompanyState", at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Tell that the last check found the record changed, or could not read it."""
    if not company.record_fault:
        return None
    return company.record_fault, {"check": company.record_check}


def edges(company: "CompanyState") -> list[datetime]:
    """Return the moments at which these flags could turn with nothing recorded."""
    return [] if company.receipt_at is None else [due_from(company.receipt_at)]
