"""What a company owed over time: the bridge of a period, and the working time lost by month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

from adr_app.domain.debt_estimates import SystemLimits
from adr_app.domain.debt_flow import Change, DebtAct, Flow, Posting, flow, losses_on, postings
from adr_app.domain.debt_months import month_end, month_of, months_later
from adr_app.domain.debt_ratios import interest_share
from adr_app.domain.decisions import debt_reference
from adr_app.domain.worktime import local_day
from adr_app.models import debt_numbers as tables
from adr_app.services.debt_numbers import estimate_of, settings_of
from adr_app.services.people import Viewer

CHANGES = {
    "debt.repaid": Change.REPAID,
    "debt.written-off": Change.WRITTEN_OFF,
    "debt.not-debt": Change.NOT_DEBT,
    "debt.reopened": Change.REOPENED,
}
"""What each kind of act does to the books."""

BEHIND = 200
"""How many postings the page behind a bridge shows, the largest first."""

MONTHS = 12
"""How many months the picture of working time lost goes back."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One posting behind a bridge, with the number and title of its item."""

    number: int
    title: str
    posting: Posting

    @property
    def number_ref(self) -> str:
        """Return the item's address within its company."""
        return debt_reference(self.number)


def histories(viewer: Viewer) -> dict[int, list[DebtAct]]:
    """Return what happened to the books of each item of a company, by its id, in the order of the acts."""
    zone = ZoneInfo(viewer.company.zone)
    acts: dict[int, list[tuple[int, DebtAct]]] = defaultdict(list)
    for made in tables.estimate_rows(viewer.company.id):
        act = DebtAct(_on(made.at, zone), Change.ESTIMATED, estimate_of(made))
        acts[made.debt_id].append((made.seq, act))
    for closed in tables.closing_rows(viewer.company.id):
        if closed.debt_id in acts:
            acts[closed.debt_id].append((closed.seq, DebtAct(_on(closed.at, zone), CHANGES[closed.kind])))
    _bound(viewer, acts, zone)
    return {key: [act for _, act in sorted(found, key=itemgetter(0))] for key, found in acts.items()}


def _bound(viewer: Viewer, acts: dict[int, list[tuple[int, DebtAct]]], zone: ZoneInfo) -> None:
    """Add what was said of the size of systems to the acts of each item that is in them now."""
    told = tables.limits_told(viewer.company.id)
    items = tables.systems_of(viewer.company.id) if told else {}
    for system, seq, at, rebuild, effort in told:
        act = DebtAct(_on(at, zone), Change.BOUNDED, limits=SystemLimits(rebuild, effort))
        for item in items.get(system, ()):
            if item in acts:
                acts[item].append((seq, act))


def bridge(viewer: Viewer, first: date, last: date, known: dict[int, list[DebtAct]] | None = None) -> Flow:
    """Return the bridge of a company over a period of days, both counted."""
    found = histories(viewer) if known is None else known
    return sum((flow(acts, first, last) for acts in found.values()), Flow())


def behind(
    viewer: Viewer, first: date, last: date, known: dict[int, list[DebtAct]]
) -> tuple[list[Behind], int]:
    """Return the postings of a period, the largest first, and how many there are in all."""
    found = [
        (key, posting)
        for key, acts in known.items()
        for posting in postings(acts, last)
        if posting.on >= first
    ]
    found.sort(key=lambda pair: (-abs(pair[1].amount), pair[1].on, pair[0]))
    shown = found[:BEHIND]
    names = tables.names_of(viewer.company.id, sorted({key for key, _ in shown}))
    return [Behind(*names[key], posting) for key, posting in shown], len(found)


def shares(
    viewer: Viewer, at: datetime, known: dict[int, list[DebtAct]]
) -> tuple[list[date], list[int]] | None:
    """Return the last months, and the share of working time lost to debt at the end of each, or today.

    None where the company has not said how many working days it has.
    """
    settings, today = settings_of(viewer), local_day(at, viewer.company.zone)
    if not settings.capacity:
        return None
    months = [months_later(month_of(today), back - MONTHS + 1) for back in range(MONTHS)]
    ends = [*(month_end(month) for month in months[:-1]), today]
    sums = [0.0] * MONTHS
    for acts in known.values():
        for place, loss in enumerate(losses_on(acts, ends, settings)):
            sums[place] += loss
    return months, [interest_share([lost], settings.capacity) or 0 for lost in sums]


def _on(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date()
