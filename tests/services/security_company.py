"""A company with both advisers, and decisions at the points where reviews begin."""

from datetime import datetime
from typing import Any

from adr_app.models.base import FOREVER
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import drafts, flags, reviews
from adr_app.services.verification import verify
from tests.casts import Cast

NONE = {"data": "no", "access": "no", "outside": "no", "undo": "no"}
PLAIN = {"data": "no", "access": "no", "outside": "yes", "undo": "no"}
RISKY = {"data": "yes", "access": "yes", "outside": "no", "undo": "no", "q2": "changes"}


def drafted(cast: Cast, at: datetime, answers: dict[str, str] | None = None, **typed: Any) -> Decision:
    """Return a decision that the CTO drafted."""
    viewer = cast.viewer("cto", at)
    return drafts.draft(viewer, {"title": "Move billing", **typed}, answers=answers, at=at)


def asked(cast: Cast, at: datetime, answers: dict[str, str] | None = None, **typed: Any) -> Decision:
    """Return a decision that was sent to the vCISO."""
    made = drafted(cast, at, answers, **typed)
    reviews.ask(cast.viewer("cto", at), made.number, at=at)
    return again(made)


def again(decision: Decision) -> Decision:
    """Return the decision as it is stored now."""
    return Decision.get_by_id(decision.id)


def standing(decision: Decision, at: datetime) -> tuple[str, str]:
    """Return the code and reason of the decision's standing at a moment."""
    row = (
        SpanRow.select()
        .where(
            SpanRow.subject_type == "decision",
            SpanRow.subject_id == decision.id,
            SpanRow.kind == "standing",
            SpanRow.starts <= at,
            SpanRow.ends > at,
        )
        .get()
    )
    return row.code, row.why


def open_flags(decision: Decision) -> set[str]:
    """Return the codes of the flags of a decision that have no end yet."""
    rows = SpanRow.select().where(
        SpanRow.subject_type == "decision",
        SpanRow.subject_id == decision.id,
        SpanRow.kind == "flag",
        SpanRow.ends == FOREVER,
    )
    return {row.code for row in rows}


def assert_true(cast: Cast) -> None:
    """Check that stored flags are what the acts give, and that the record verifies."""
    company = Company.get_by_id(cast.company.id)
    found = flags.check(company)
    assert not found.different and not found.stale
    broken = verify(company).broken
    assert broken is None, broken
