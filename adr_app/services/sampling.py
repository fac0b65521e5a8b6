"""Declared harmless by their authors: which of them a vCISO is to check, and that she agrees."""

from datetime import date, datetime, timedelta

from peewee import fn

from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.sampling import CHOSEN
from adr_app.domain.standing import standing_at
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.reviews import Verdict
from adr_app.models.spelled import Spelled
from adr_app.services import gates, reviews
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer

DECLARED = "self-declared"
AGREED = "Agreed with its author: not a security matter."


def nth(company: Company, at: datetime) -> int:
    """Return which one of its quarter a decision would be that is declared harmless by an act at `at`."""
    day = local_day(at, company.zone)
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    since = end_of_day(first - timedelta(days=1), company.zone)
    spans = SpanRow.select(fn.COUNT(SpanRow.subject_id.distinct())).where(
        SpanRow.company == company.id,
        SpanRow.kind == "standing",
        SpanRow.code == DECLARED,
        SpanRow.starts >= since,
    )
    return int(spans.scalar() or 0) + 1


def to_check(company_ids: list[int], at: datetime, limit: int) -> tuple[list[SpanRow], int]:
    """Return the first decisions that were chosen and wait for a vCISO, oldest first, and how many do."""
    if not company_ids:
        return [], 0
    rows = _TO_CHECK.rows(companies=company_ids, at=int(at.timestamp()), limit=limit)
    return rows, rows[0].many if rows else 0


_TO_CHECK = Spelled(
    lambda companies, at, limit: (
        SpanRow.select(SpanRow, fn.COUNT(SpanRow.id).over().alias("many"))
        .where(
            SpanRow.company.in_(companies),
            SpanRow.kind == "standing",
            SpanRow.code == DECLARED,
            SpanRow.why == CHOSEN,
            SpanRow.starts <= at,
            SpanRow.ends > at,
        )
        .order_by(SpanRow.starts, SpanRow.id)
        .limit(limit)
    )
)


def agree(viewer: Viewer, number: int, *, base: int, at: datetime) -> Verdict:
    """Agree, as vCISO, that a decision declared harmless is no security matter.

    :raises NotAllowed: when the viewer is no vCISO here, or decided it.
    :raises WrongState: when somebody answered it meanwhile, or its text changed.
    """
    viewer.require(Act.GIVE_VERDICT)
    moment = gates.moment_of(find(viewer, number))
    if standing_at(moment.state, moment.company, max(at, moment.starts)).code != DECLARED:
        raise WrongState("This does not wait for you any more: somebody answered it, or it changed.")
    return reviews.answer(viewer, number, "not-relevant", base=base, text=AGREED, at=at)
