"""What pages of technical debt show of the time that was lost to items, and of their tickets."""

from collections.abc import Collection
from typing import Any

from flask import g

from adr_app.domain.debt_reports import DAYS_COUNTED, Observed, tenths_text, time_text
from adr_app.domain.worktime import local_day
from adr_app.models.debt import DebtItem
from adr_app.services import debt_reports, debt_tickets, people
from adr_app.web.access import now


def beside(item: DebtItem) -> dict[str, Any]:
    """Return what an item's page shows beside the estimate: the time really lost, by whom, and tickets."""
    rows, today = debt_reports.newest(g.viewer, item), local_day(now(), g.viewer.company.zone)
    names = people.names({row.reported_by_id for row in rows})
    return {
        "observed": observed([item.id])[item.id],
        "takes_reports": debt_reports.takes_reports(item),
        "reports": [
            {
                "id": row.id,
                "on": row.lost_on,
                "who": names.get(row.reported_by_id, ""),
                "time": time_text(row.minutes),
                "text": row.text,
                "fault": row.fault,
                "counts": debt_reports.counts_now(row, today),
                "mine": debt_reports.may_take_back(g.viewer, row),
            }
            for row in rows
        ],
        "tickets": [
            {"id": one.id, "words": debt_tickets.shown(one), "href": one.address}
            for one in debt_tickets.of(g.viewer, item)
        ],
        "days_counted": DAYS_COUNTED,
        "today": today,
    }


def observed(debt_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return, for each item, what it was seen to cost: in words, with the number of reports."""
    found = debt_reports.observed(g.viewer, debt_ids, now())
    return {key: _worded(one) for key, one in found.items()}


def _worded(one: Observed) -> dict[str, Any]:
    text = "" if one.monthly is None else tenths_text(one.monthly)
    return {"reports": one.reports, "monthly": one.monthly, "text": text}
