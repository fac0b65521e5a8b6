"""Time that people lose to a debt: reported in ten seconds, shown beside the estimate, taken back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from adr_app.domain.debt import OPEN
from adr_app.domain.debt_reports import (
    TAKES_NONE,
    Observed,
    check_takes_reports,
    clean_report,
    counted_from,
)
from adr_app.domain.errors import NotFound, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models import debt_reports as tables
from adr_app.models.debt import DebtItem
from adr_app.models.debt_reports import DebtReport
from adr_app.services import debt
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

OFFERED = 200
"""Items to choose from; another one is typed by its reference."""

MOST_SHOWN = 50
"""How many reports an item's page lists; all of them are in its history."""


def report(viewer: Viewer, number: int, typed: Mapping[str, str], *, at: datetime) -> DebtReport:
    """Report time lost to an item: `lost` (hours, or `45 min`), and `text`, `fault` and `on`, where given.

    :raises Invalid: naming every field that cannot be saved.
    :raises NotFound: when there is no such item here.
    :raises WrongState: when the item is closed as no debt, or given up.
    """
    viewer.require(Act.NOTE_DEBT)
    told = clean_report(typed, local_day(at, viewer.company.zone))
    with acting_as(viewer, at=at) as ledger:
        item = debt.find(viewer, number)
        check_takes_reports(item.state)
        made = DebtReport.create(
            company=viewer.company.id,
            debt_id=item.id,
            reported_by=viewer.person.id,
            reported_at=ledger.at,
            lost_on=told.on,
            minutes=told.minutes,
            fault=told.fault,
            text=told.text,
        )
        touch(ledger, item)
        row = {"report": made.id, "row": made.row_digest}
        data = {"report": row, "minutes": told.minutes, "on": told.on.isoformat()}
        ledger.append("debt.reported", ("debt", item.id), data)
    return made


def take_back(viewer: Viewer, number: int, key: int, *, at: datetime) -> None:
    """Take a report back that was mistyped: it stays in the history, and no longer counts.

    Whoever reported it may, and whoever may correct reports of others.

    :raises NotFound: when this item has no such report.
    :raises NotAllowed: when it is somebody else's.
    :raises WrongState: when it was taken back already.
    """
    viewer.require(Act.NOTE_DEBT)
    with acting_as(viewer, at=at) as ledger:
        item = debt.find(viewer, number)
        mine = (DebtReport.company == viewer.company.id) & (DebtReport.debt_id == item.id)
        row = DebtReport.get_or_none(mine & (DebtReport.id == key))
        if row is None:
            raise NotFound("There is no such report.")
        if row.reported_by_id != viewer.person.id:
            viewer.require(Act.CORRECT_REPORTS)
        if row.taken_back_at is not None:
            raise WrongState("This report was taken back already.")
        row.taken_back_at = ledger.at
        row.save(only=[DebtReport.taken_back_at])
        touch(ledger, item)
        ledger.append("debt.report-taken-back", ("debt", item.id), {"report": row.id})


def may_take_back(viewer: Viewer, row: DebtReport) -> bool:
    """Return whether this person may take this report back."""
    if row.taken_back_at is not None or not viewer.may(Act.NOTE_DEBT):
        return False
    return row.reported_by_id == viewer.person.id or viewer.may(Act.CORRECT_REPORTS)


def observed(viewer: Viewer, debt_ids: Collection[int], at: datetime) -> dict[int, Observed]:
    """Return what some items of the company were seen to cost each month, in one query."""
    since = counted_from(local_day(at, viewer.company.zone))
    return tables.observed(viewer.company.id, debt_ids, since, hours_a_day=viewer.company.hours_per_day)


def item(viewer: Viewer, number: int) -> DebtItem | None:
    """Return the company's item with this number, None where there is none."""
    try:
        return debt.find(viewer, number)
    except NotFound:
        return None


def offered(viewer: Viewer) -> list[str]:
    """Return the items to choose from, what changed last first, each as its reference and title."""
    open_ones = DebtItem.select().where(
        DebtItem.company == viewer.company.id, DebtItem.state.in_(sorted(OPEN))
    )
    rows = open_ones.order_by(DebtItem.changed_at.desc(), DebtItem.id.desc()).limit(OFFERED)
    return [f"{one.ref} {one.title}" for one in rows]


def takes_reports(item: DebtItem) -> bool:
    """Return whether time lost to an item can be reported in the state it is in."""
    return item.state not in TAKES_NONE


def newest(viewer: Viewer, item: DebtItem) -> list[DebtReport]:
    """Return an item's newest reports that count or counted, by the day of the loss, with who reported."""
    rows = DebtReport.select().where(DebtReport.company == viewer.company.id, DebtReport.debt_id == item.id)
    rows = rows.where(DebtReport.taken_back_at.is_null())
    return list(rows.order_by(DebtReport.lost_on.desc(), DebtReport.id.desc()).limit(MOST_SHOWN))


def counts_now(row: DebtReport, today: date) -> bool:
    """Return whether a report is recent enough to count in what the item is seen to cost."""
    return row.taken_back_at is None and row.lost_on >= counted_from(today)


def touch(ledger: Ledger, item: DebtItem) -> None:
    """Move an item up in the list of what changed last, within an act on it."""
    mine = (DebtItem.company == item.company_id) & (DebtItem.id == item.id)
    DebtItem.update(changed_at=ledger.at).where(mine).execute()
