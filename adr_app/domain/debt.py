"""Technical debt: the states an item goes through and what each of them needs.

Effort is whole hundredths of a working day everywhere.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from adr_app.domain.errors import Invalid, WrongState


class State(StrEnum):
    """Where a debt item stands."""

    IDENTIFIED = "identified"
    ANALYSED = "analysed"
    REPAID = "repaid"
    NOT_DEBT = "not-debt"


STATE_NAMES = {
    State.IDENTIFIED: "Noted",
    State.ANALYSED: "Estimated",
    State.REPAID: "Repaid",
    State.NOT_DEBT: "No debt after all",
}

OPEN = frozenset({State.IDENTIFIED, State.ANALYSED})

MOVES: dict[tuple[State, State], tuple[str, ...]] = {
    (State.IDENTIFIED, State.ANALYSED): ("system", "fix_days", "monthly_loss", "owner"),
    (State.IDENTIFIED, State.NOT_DEBT): ("reason",),
    (State.ANALYSED, State.NOT_DEBT): ("reason",),
    (State.ANALYSED, State.REPAID): (),
    (State.IDENTIFIED, State.REPAID): (),
    (State.REPAID, State.ANALYSED): ("reason",),
    (State.NOT_DEBT, State.IDENTIFIED): ("reason",),
}
"""Permitted moves, and the facts that must be known before each."""

KINDS = {
    "architecture": "Architecture",
    "code": "Code",
    "data": "Data or database",
    "infrastructure": "Infrastructure",
    "dependency": "Outdated dependency",
    "testing": "Testing",
    "documentation": "Documentation",
    "security": "Security",
    "process": "Build or release process",
    "other": "Other",
}

LINK_ROLES = {"incurred_by": "Incurred by", "repaid_by": "Repaid by"}

WHAT_TO_GIVE = {
    "system": "Name the system it is in.",
    "fix_days": "Say how many working days a fix takes.",
    "monthly_loss": "Say how many working days it costs each month; 0 is an answer.",
    "owner": "Name who answers for it.",
    "reason": "Say why, in one line.",
}

MAX_EFFORT = 100_000_00
"""The largest effort accepted, in hundredths of a working day (100,000 days)."""


def check_move(source: State, target: State, known: Mapping[str, Any]) -> None:
    """Refuse a move that the table does not have, or whose facts are not known yet.

    :raises WrongState: when the table has no such move.
    :raises Invalid: naming each fact that is missing and what to give.
    """
    needs = MOVES.get((State(source), State(target)))
    if needs is None:
        raise WrongState(
            f"An item that is “{STATE_NAMES[State(source)].lower()}” cannot become "
            f"“{STATE_NAMES[State(target)].lower()}”."
        )
    missing = {name: WHAT_TO_GIVE[name] for name in needs if known.get(name) in (None, "")}
    if missing:
        raise Invalid("One thing is still needed." if len(missing) == 1 else "Some things are needed.", missing)


def months_to_pay_off(fix_days: int | None, monthly_loss: int | None) -> int | None:
    """Return after how many whole months a fix has paid for itself, rounded up.

    Both efforts in hundredths of a working day; None where either is unknown or nothing is lost.
    Linear payback without growth: cost of the fix divided by what is lost each month.
    """
    if not fix_days or not monthly_loss:
        return None
    return -(-fix_days // monthly_loss)
