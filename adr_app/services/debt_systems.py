"""What is owed in each system, and beside it what building the system anew would cost.

Items of one system overlap, so each sum is an upper figure.
"""

from dataclasses import dataclass, field
from datetime import datetime

from adr_app.domain.debt_ratios import REBUILD_MARK, Accuracy, accuracy, debt_to_rebuild
from adr_app.models import debt_numbers as tables
from adr_app.services.debt_numbers import Judged, judged
from adr_app.services.people import Viewer


@dataclass(slots=True)
class OwedIn:
    """What is owed in one system; its name is empty where none is named.

    `cost` is what all fixes are expected to cost, `loss` what is lost each month, both in hundredths of a
    working day; `rebuild` is None where nobody said what building it anew costs.
    """

    name: str
    items: int = 0
    unestimated: int = 0
    cost: float = 0.0
    loss: float = 0.0
    rebuild: int | None = None
    worst: Judged | None = field(default=None)

    @property
    def share(self) -> int | None:
        """Return the fixes as a share of building it anew, in basis points; None where that is not known."""
        return debt_to_rebuild([self.cost], self.rebuild)

    @property
    def is_half(self) -> bool:
        """Return whether fixing everything costs half as much as building it anew, or more."""
        return (self.share or 0) >= REBUILD_MARK


def by_system(viewer: Viewer, at: datetime) -> list[OwedIn]:
    """Return what is owed in each system of a company, where most is lost each month first."""
    found: dict[str, OwedIn] = {}
    for item in judged(viewer, at):
        one = found.setdefault(item.system, OwedIn(item.system, rebuild=item.owed.limits.rebuild))
        case = item.verdict.case
        one.items += 1
        if case is None:
            one.unestimated += 1
            continue
        one.cost += case.cost
        one.loss += case.loss.month(1)
        if one.worst is None or item.verdict.delay > one.worst.verdict.delay:
            one.worst = item
    return sorted(found.values(), key=lambda one: (-one.loss, -one.cost, one.name))


def how_well_estimated(viewer: Viewer) -> Accuracy | None:
    """Return how far estimates of a company were off, by what fixes took; None where nothing tells."""
    return accuracy(tables.repaid_rows(viewer.company.id))
