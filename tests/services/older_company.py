"""A company with decisions older than its log, each with what its text says of undoing and of data."""

from datetime import date, datetime, timedelta
from typing import Any

from adr_app.models.decisions import Decision
from adr_app.services import decisions
from tests.casts import Cast

YEARS_AGO = date(2020, 5, 4)


def inherited(cast: Cast, at: datetime, title: str = "Old servers", **typed: Any) -> Decision:
    """Return a decision that the CTO wrote down, made long before the log."""
    answers = typed.pop("answers", None)
    fields = {"title": title, "decided_on": YEARS_AGO.isoformat(), **typed}
    return decisions.record_decided(cast.viewer("cto", at), fields, answers=answers, at=at)


def many(cast: Cast, at: datetime, count: int) -> list[int]:
    """Return the numbers of some decisions, each a day younger than the one before."""
    return [
        inherited(cast, at, f"Decision {n}", decided_on=(YEARS_AGO + timedelta(days=n)).isoformat()).number
        for n in range(count)
    ]
