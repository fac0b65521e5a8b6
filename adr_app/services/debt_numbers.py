"""The verdict on each debt of a company as of a moment: read at once, judged one by one, never stored."""

from datetime import UTC, date, datetime

from adr_app.domain.debt import State, standing_on
from adr_app.domain.debt_estimates import DebtSettings, Estimate, SystemLimits, ThreePoint
from adr_app.domain.debt_flow import months_grown
from adr_app.domain.debt_verdicts import Owed, Verdict, judge
from adr_app.domain.decisions import debt_reference
from adr_app.domain.errors import NotFound
from adr_app.domain.values import dataclass
from adr_app.domain.worktime import local_day
from adr_app.models import debt_numbers as tables
from adr_app.models.debt_numbers import EstimateRow, OwedRow
from adr_app.services.people import Viewer


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict: where it stands today, whether security has a say, and when it is planned.

    `other_currency` says that a loss avoided was estimated in a currency that is no longer the company's, so
    that it does not count.
    """

    id: int
    number: int
    title: str
    state: State
    is_security: bool
    starts_on: date | None
    owed: Owed
    verdict: Verdict
    other_currency: bool = False
    system: str = ""

    @property
    def number_ref(self) -> str:
        """Return the item's address within its company."""
        return debt_reference(self.number)


def judged(viewer: Viewer, at: datetime) -> list[Judged]:
    """Return every open item of a company with its verdict, by number, in one query."""
    settings, today = settings_of(viewer), local_day(at, viewer.company.zone)
    rows = tables.owed_rows(viewer.company.id)
    return [_judged(row, settings, today, viewer) for row in rows]


def judged_one(viewer: Viewer, number: int, at: datetime) -> Judged:
    """Return one item with its verdict, whether it is open or not.

    :raises NotFound: when there is none here.
    """
    rows = tables.owed_rows(viewer.company.id, number) if 0 < number < 2**31 else []
    if not rows:
        raise NotFound("There is no such item.")
    return _judged(rows[0], settings_of(viewer), local_day(at, viewer.company.zone), viewer)


def settings_of(viewer: Viewer) -> DebtSettings:
    """Return what the company reckons its debt with."""
    settings: DebtSettings = viewer.company.debt_settings
    return settings


def _judged(row: OwedRow, settings: DebtSettings, today: date, viewer: Viewer) -> Judged:
    zone, currency = viewer.company.zone, viewer.company.currency
    other = bool(row.avoided) and row.currency != currency
    owed = Owed(
        row.number,
        _estimate(row, other),
        SystemLimits(row.rebuild, row.effort, _day(row.retires_on)),
        _day(row.obligation_on),
        row.monthly_work,
        _age(row, zone, today),
    )
    return Judged(
        row.id,
        row.number,
        row.title,
        standing_on(row.state, _day(row.carried_until), today),
        bool(row.security) or row.kind == "security",
        _day(row.starts_on),
        owed,
        judge(owed, settings, today),
        other,
        row.system or "",
    )


def _estimate(row: OwedRow, other_currency: bool) -> Estimate | None:
    if row.estimated_at is None:
        return None
    # A loss in money that is no longer the company's cannot be reckoned with.
    return estimate_of(row._replace(avoided=0) if other_currency else row)


def estimate_of(row: OwedRow | EstimateRow) -> Estimate:
    """Return an estimate as it is reckoned with, from the numbers of its row."""
    return Estimate(
        ThreePoint(row.fix_low, row.fix_likely, row.fix_high),
        ThreePoint(row.loss_low, row.loss_likely, row.loss_high),
        row.chance,
        row.growth,
        row.fix_growth,
        row.months,
        row.left_over,
        row.avoided,
    )


def _age(row: OwedRow, zone: str, today: date) -> int:
    """Return how many months an estimate has grown; what does not grow needs no look at the calendar."""
    if row.estimated_at is None or not (row.growth or row.fix_growth):
        return 0
    return months_grown(local_day(datetime.fromtimestamp(row.estimated_at, UTC), zone), today)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
