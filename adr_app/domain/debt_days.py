"""The days on which something about a debt has to be done, worked out from what is said of it."""

from datetime import date, timedelta

from adr_app.domain.debt import OPEN, VERIFY_AFTER_DAYS, State
from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """What is said of an item as far as it asks somebody to act: `repaid_on` is the local day of that."""

    state: str
    review_on: date | None = None
    obligation_on: date | None = None
    carried_until: date | None = None
    repaid_on: date | None = None


def may_be_checked_from(repaid_on: date) -> date:
    """Return the first day on which anybody can say whether the loss has gone."""
    return repaid_on + timedelta(days=VERIFY_AFTER_DAYS)


def last_day_to_carry(today: date) -> date:
    """Return the last day until which an item may be lived with: the same date a year on."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # 29 February
        return today.replace(year=today.year + 1, day=28)


def due(days: Days, today: date) -> list[tuple[str, date]]:
    """Return what somebody has to do on an item by now, with the day since which, the earliest first.

    Codes are `obligation`, `carried` (its time is over), `review` and `check` (whether the loss has gone).
    """
    found = [(code, on) for code, on in _asks(days) if on <= today]
    return sorted(found, key=lambda pair: pair[1])


def act_by(days: Days) -> date | None:
    """Return the first day on which somebody has to act, or None where no day asks for anything."""
    return min((on for _, on in _asks(days)), default=None)


def _asks(days: Days) -> list[tuple[str, date]]:
    if days.state == State.REPAID and days.repaid_on is not None:
        return [("check", may_be_checked_from(days.repaid_on))]
    if days.state not in OPEN:
        return []
    found = []
    if days.obligation_on is not None:
        found.append(("obligation", days.obligation_on))
    if days.state == State.CARRIED and days.carried_until is not None:
        found.append(("carried", days.carried_until + timedelta(days=1)))
    if days.review_on is not None:
        found.append(("review", days.review_on))
    return found
