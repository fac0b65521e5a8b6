"""What the table of technical debt says of each item, as its cells are typed back."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from adr_app.domain.debt import CARES, INTENTS, KINDS, LINK_ROLES, STATE_NAMES, effort_text
from adr_app.domain.debt_csv import COLUMNS
from adr_app.domain.debt_estimates import CONFIDENCE, GROWTH, OWN, WHOLE, growth_word, share_text
from adr_app.domain.debt_reports import counted_from
from adr_app.domain.decisions import reference
from adr_app.domain.money import minor_units
from adr_app.domain.worktime import local_day
from adr_app.models import debt as tables
from adr_app.models import debt_reports
from adr_app.models.debt import DebtItem, DebtLink
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.debt_reports import DebtTicket
from adr_app.models.decisions import Decision
from adr_app.services import decision_rows, people
from adr_app.services.people import Viewer

BATCH = 300
"""Items that are read at a time."""


def cells(viewer: Viewer, at: datetime) -> Iterator[dict[str, str]]:
    """Yield every item of the company by its number, as the cells of its row by column.

    Decisions that this person may not know of are not named.
    """
    last = 0
    while True:
        query = tables.named(viewer.company.id).where(DebtItem.number > last)
        items = list(query.order_by(DebtItem.number).limit(BATCH))
        if not items:
            return
        yield from of(viewer, items, at)
        last = items[-1].number


def of(viewer: Viewer, items: Sequence[DebtItem], at: datetime) -> list[dict[str, str]]:
    """Return the cells of some items, in their order."""
    company, today = viewer.company, local_day(at, viewer.company.zone)
    ids = [item.id for item in items]
    estimates = _estimates(company.id, ids)
    links, tickets = _links(viewer, ids), _tickets(company.id, ids)
    names = people.names({item.noted_by_id for item in items})
    seen = debt_reports.observed(company.id, ids, counted_from(today), hours_a_day=company.hours_per_day)
    rows = []
    for item in items:
        observed = seen[item.id]
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "reference": item.ref,
            "title": item.title,
            "kind": KINDS[item.kind],
            "state": STATE_NAMES[item.standing(today)],
            "system": item.system_name or "",
            "owner": item.owner_name or "",
            "symptoms": item.symptoms,
            "impact": item.impact,
            "benefit": item.benefit,
            "intent": INTENTS.get(item.intent, ""),
            "care": CARES.get(item.care, ""),
            "security": "yes" if item.security else "",
            "review_on": _day(item.review_on),
            "obligation_on": _day(item.obligation_on),
            "actual_days": effort_text(item.actual_days),
            "noted_on": local_day(item.noted_at, company.zone).isoformat(),
            "noted_by": names.get(item.noted_by_id, ""),
            "closed_on": local_day(item.closed_at, company.zone).isoformat() if item.closed_at else "",
            "starts_on": _day(item.starts_on)[:7],
            "monthly_work": effort_text(item.monthly_work),
            "carried_until": _day(item.carried_until),
            "reports": str(observed.reports) if observed.reports else "",
            "observed": effort_text(observed.monthly),
            "tickets": " ".join(tickets.get(item.id, ())),
        }
        row |= {role: ", ".join(links.get((item.id, role), ())) for role in LINK_ROLES}
        if estimate := estimates.get(item.id):
            row |= of_estimate(estimate)
        rows.append(row)
    return rows


def of_estimate(row: DebtEstimate) -> dict[str, str]:
    """Return the cells of an estimate: the two numbers, and what was said beside them."""
    said, minor = row.estimate, minor_units(row.currency)
    cells = {
        "fix_days": effort_text(said.fix.likely),
        "monthly_loss": effort_text(said.loss.likely),
        "chance": share_text(said.chance) if said.chance != WHOLE else "",
        "fix_growth": share_text(said.fix_growth) if said.fix_growth else "",
        "growth_reason": row.growth_reason,
        "months": str(said.months) if said.months else "",
        "left_over": share_text(said.left_over) if said.left_over else "",
        "avoided": str(said.avoided // minor) if said.avoided else "",
        "currency": row.currency if said.avoided else "",
        "avoided_reason": row.avoided_reason,
        "confidence": CONFIDENCE[row.confidence] if row.confidence != "guess" else "",
        "note": row.note,
    }
    if said.growth:
        word = growth_word(said.growth)
        cells["growth"] = share_text(said.growth) if word == OWN else GROWTH[word][0]
    for name, three in (("fix", said.fix), ("loss", said.loss)):
        if three.has_range:
            cells |= {f"{name}_low": effort_text(three.low), f"{name}_high": effort_text(three.high)}
    return cells


def _estimates(company_id: int, ids: list[int]) -> dict[int, DebtEstimate]:
    """Return the estimate of each item that counts: the newest."""
    rows = DebtEstimate.select().where(DebtEstimate.company == company_id, DebtEstimate.debt_id.in_(ids))
    return {row.debt_id: row for row in rows.order_by(DebtEstimate.seq)}


def _links(viewer: Viewer, ids: list[int]) -> dict[tuple[int, str], list[str]]:
    rows = (
        decision_rows.visible(viewer)
        .select(DebtLink.debt_id, DebtLink.role, Decision.number)
        .join(DebtLink, on=(DebtLink.company == Decision.company) & (DebtLink.decision_id == Decision.id))
        .where(DebtLink.debt_id.in_(ids))
        .order_by(Decision.number)
        .tuples()
    )
    found: dict[tuple[int, str], list[str]] = {}
    for debt, role, number in rows:
        found.setdefault((debt, role), []).append(reference(number))
    return found


def _tickets(company_id: int, ids: list[int]) -> dict[int, list[str]]:
    rows = DebtTicket.select().where(DebtTicket.company == company_id, DebtTicket.debt_id.in_(ids))
    found: dict[int, list[str]] = {}
    for row in rows.order_by(DebtTicket.id):
        found.setdefault(row.debt_id, []).append(row.address)
    return found


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
