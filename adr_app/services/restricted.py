"""Numbers without what is hidden: a total that counted a restricted decision would tell that there is one.

Restricted decisions are few, so totals are read as they stand and what is hidden is taken off again.
"""

from collections import Counter
from datetime import datetime

from peewee import SQL, Query

from adr_app.models import tallies
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.services.people import Viewer


def hidden_from(viewer: Viewer) -> list[int]:
    """Return the ids of the company's decisions that this person must not know of."""
    if viewer.sees_restricted:
        return []
    return hidden_in([viewer.company.id], viewer.person.id).get(viewer.company.id, [])


def hidden_in(company_ids: list[int], person_id: int) -> dict[int, list[int]]:
    """Return, by company, the ids of decisions hidden from somebody whose roles there show none of them."""
    if not company_ids:
        return {}
    rows = Decision.select(Decision.company, Decision.id).where(
        Decision.company.in_(company_ids),
        # Spelled as the index of restricted decisions is, or SQLite would read every decision.
        SQL('"t1"."restricted"'),
        Decision.author != person_id,
    )
    found: dict[int, list[int]] = {}
    for company_id, key in rows.tuples():
        found.setdefault(company_id, []).append(key)
    return found


def running(viewer: Viewer, hidden: list[int], kind: str, at: datetime) -> Counter[tuple[str, str]]:
    """Return how many spans of a kind hold at `at`, by `(code, why)`, as far as this person may know."""
    totals = tallies.running(viewer.company.id, kind, at)
    if hidden:
        totals.subtract(running_on(viewer.company.id, hidden, kind, at))
    return Counter({key: n for key, n in totals.items() if n})


def inputs_by_month(viewer: Viewer, hidden: list[int], months: list[str]) -> dict[str, Counter[str]]:
    """Return, for each month `YYYY-MM`, how many known decisions were made with which security input."""
    found = tallies.inputs_by_month(viewer.company.id, months)
    if hidden:
        rows = list(_spans(viewer.company.id, hidden, "input").dicts())
        for (_, _, why, month), n in tallies.of(rows).items():
            if month in found:
                found[month][why] -= n
    return found


def running_on(company_id: int, hidden: list[int], kind: str, at: datetime) -> Counter[tuple[str, str]]:
    """Return how many spans of a kind hold at `at` on some hidden decisions, by `(code, why)`."""
    rows = _spans(company_id, hidden, kind).where(SpanRow.starts <= at, SpanRow.ends > at)
    return Counter((row.code, row.why) for row in rows)


def _spans(company_id: int, hidden: list[int], kind: str) -> Query:
    return SpanRow.select().where(
        SpanRow.company == company_id,
        SpanRow.subject_type == "decision",
        SpanRow.subject_id.in_(hidden),
        SpanRow.kind == kind,
    )
