"""The four parts of a review beside the answers they were said with."""

from collections.abc import Iterable, Mapping
from typing import Any

from adr_app.domain.review_parts import cleaned
from adr_app.models.review_parts import ReviewParts
from adr_app.models.reviews import Verdict


def keep(given: Verdict, typed: Mapping[str, str]) -> dict[str, Any]:
    """Store what was said beside an answer, within its act; return what the act's event says of it.

    :raises Invalid: as `cleaned` does.
    """
    said = cleaned(typed)
    if not any(said.values()):
        return {}
    row = ReviewParts.create(
        company=given.company_id, decision_id=given.decision_id, verdict_id=given.id, **said
    )
    return {"parts": {"parts": row.id, "row": row.row_digest}}


def of(company_id: int, given: Iterable[Verdict]) -> dict[int, dict[str, str]]:
    """Return what was said beside some answers, by the answer's id, in one query."""
    ids = [verdict.id for verdict in given]
    if not ids:
        return {}
    rows = ReviewParts.select().where(ReviewParts.company == company_id, ReviewParts.verdict_id.in_(ids))
    return {row.verdict_id: row.said for row in rows}
