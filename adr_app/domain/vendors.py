"""Outside firms: what is known of each that a rule depends on, and the words for their papers and risks."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from adr_app.domain.worktime import end_of_day

HEALTH = "health"
"""The kind of data that no outside firm may touch without a health-data contract."""

HEALTH_CONTRACT = "health"

AGREEMENTS = {
    HEALTH_CONTRACT: "Health-data contract",
    "data": "Contract about personal data",
    "service": "Service contract",
    "secrecy": "Agreement to keep secrets",
    "other": "Another agreement",
}
"""Kinds of agreement with an outside firm, by code, with the words on the screen."""

RISKS = {"low": "Low", "medium": "Medium", "high": "High"}
"""What an assessment found: how much risk a firm brings."""


class Known(NamedTuple):
    """What acts carry of a firm: whether it touches patient data, and its health-data contract.

    `agreed` says that one is recorded and was not ended; it holds until `until` (epoch seconds, None: open).
    """

    id: int
    health: bool
    agreed: bool
    until: int | None

    def covered(self, at: datetime) -> bool:
        """Return whether the firm may touch patient data at `at`, as far as the record says."""
        return not self.health or (self.agreed and (self.until is None or at.timestamp() < self.until))


def known(firm: int, data: Iterable[str], ends: Iterable[date | None], zone: str) -> Known:
    """Return what acts carry of a firm that touches `data`, `ends` being those of its health-data contracts.

    A contract without an end is open; of several the longest counts.
    """
    last = list(ends)
    until = None
    if last and None not in last:
        until = int(end_of_day(max(day for day in last if day is not None), zone).timestamp())
    return Known(firm, HEALTH in data, bool(last), until)


Naming = tuple[tuple[int, tuple[int, ...]], ...]
"""Which firms the versions of a text name: the number of a version, and the firms' ids."""


def named_by(naming: Naming, facts: tuple[Known, ...], data: Mapping[str, Any]) -> tuple[Naming, Any]:
    """Return both after a new version that names the firms an act carries, or none."""
    told = tuple(Known(*row) for row in data.get("vendors") or ())
    if not told:
        return naming, facts
    return (*naming, (data["number"], tuple(firm.id for firm in told))), renewed(facts, *told)


def renewed(facts: tuple[Known, ...], *told: Known) -> tuple[Known, ...]:
    """Return what is known of firms once an act said something new of some."""
    known_by_id = {firm.id: firm for firm in (*facts, *told)}
    return tuple(known_by_id[key] for key in sorted(known_by_id))
