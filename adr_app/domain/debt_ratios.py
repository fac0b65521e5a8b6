"""Debt in relation: to a company's working time, to building anew, and to what fixes really took.

Effort is hundredths of a working day, shares are basis points; None stands for not known, never for zero.
"""

from collections.abc import Sequence
from statistics import median

from adr_app.domain.debt_estimates import WHOLE
from adr_app.domain.values import dataclass

REBUILD_MARK = 5_000
"""From this share of a rebuild on, building anew is worth a thought: half."""

MINUTES_A_LINE = 30
"""What SonarQube takes for the cost of writing one line of code."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The middle one of what fixes took by what was estimated, in basis points, and of how many."""

    ratio: int
    items: int


def interest_share(losses: Sequence[float], capacity: int | None) -> int | None:
    """Return which share of its working time a company loses to debt, the whole at most.

    F13a: `σ = Σ p·i / capacity`. Items overlap, so this is an upper figure and never more than everything.
    """
    if not capacity:
        return None
    return min(round(sum(losses) * WHOLE / capacity), WHOLE)


def months_to_clear(costs: Sequence[float], capacity: int | None) -> float | None:
    """Return how many months all fixes take if nothing else is done (F13b: `Σ P / capacity`)."""
    return sum(costs) / capacity if capacity else None


def debt_to_rebuild(costs: Sequence[float], rebuild: int | None) -> int | None:
    """Return the fixes of a system as a share of building it anew, in basis points (F13c)."""
    return round(sum(costs) * WHOLE / rebuild) if rebuild else None


def sonarqube_ratio(minutes: int, lines: int) -> int | None:
    """Return SonarQube's own debt ratio, in basis points, as its readings are explained.

    F13d: remediation ÷ (30 minutes × lines).
    """
    return round(minutes * WHOLE / (MINUTES_A_LINE * lines)) if lines > 0 else None


def build_effort(size: float, stars: float) -> float:
    """Return what building a system costs by SIG's reckoning: `size / 2^((stars − 3)/2)` (F13e)."""
    return float(size / 2 ** ((stars - 3) / 2))


def accuracy(pairs: Sequence[tuple[int, int]]) -> Accuracy | None:
    """Return how far estimates were off, from pairs of what a fix took and what was estimated.

    F16: the median of actual ÷ estimated. None where nothing was both estimated and measured.
    """
    ratios = [took / estimated for took, estimated in pairs if estimated > 0]
    return Accuracy(round(median(ratios) * WHOLE), len(ratios)) if ratios else None


def job_points(value: int, urgency: int, risk: int, size: int) -> float | None:
    """Return SAFe's relative points for a job: F12 `(value + time criticality + risk) / size`.

    Points are no quantities, so nothing is ordered by them here; they serve whoever reports them elsewhere.
    """
    return (value + urgency + risk) / size if size > 0 else None
