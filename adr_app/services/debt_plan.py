"""The plan of fixes by month: what is worked out, what people planned otherwise, and what that costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.debt import State
from adr_app.domain.debt_months import months_between
from adr_app.domain.debt_order import PLANNED, Placed, Plan, in_order, plan
from adr_app.domain.debt_verdicts import Code
from adr_app.domain.worktime import local_day
from adr_app.services.debt_numbers import Judged, judged, settings_of
from adr_app.services.people import Viewer

ON_ITS_WAY = frozenset({State.SCHEDULED, State.IN_PROGRESS})
"""States in which an item was put into a month by hand."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything that its page says.

    `by_item` has the items of the plan by number, `rest` what is open and in no plan, by what is to be done
    about it; `capacity` is hundredths of a working day a month. `beyond` is what the hands cost more than
    the plan without them, in hundredths of a working day (less than zero: they save).
    """

    plan: Plan
    by_item: dict[int, Judged]
    rest: dict[Code | State, list[Judged]]
    capacity: int
    hands: dict[int, int | None]
    beyond: float


def planned(
    viewer: Viewer,
    at: datetime,
    *,
    capacity: int | None = None,
    tried: Mapping[int, date | None] | None = None,
) -> Planned | None:
    """Return the plan of a company, with what is planned by hand; None where its capacity is not known.

    `capacity` tries another effort a month than all of the company's; `tried` puts items into another month,
    or takes them out, without storing anything.
    """
    settings, today = settings_of(viewer), local_day(at, viewer.company.zone)
    room = settings.capacity if capacity is None else capacity
    if not room:
        return None
    items = judged(viewer, at)
    asked = dict(tried or {})
    included = [item for item in items if _is_planned(item, asked)]
    ordered = in_order(item.verdict for item in included)
    hands = _hands(included, asked, today)
    made = plan(ordered, room, today, settings.horizon, hands)
    beyond = made.cost - plan(ordered, room, today, settings.horizon).cost if hands else 0.0
    numbers = {item.number for item in included}
    rest: dict[Code | State, list[Judged]] = {}
    for item in items:
        if item.number not in numbers:
            kind = State.CARRIED if item.state is State.CARRIED else item.verdict.code
            rest.setdefault(kind, []).append(item)
    return Planned(made, {item.number: item for item in included}, rest, room, hands, beyond)


def row_of(found: Planned, number: int) -> Placed | None:
    """Return where an item stands in a plan, or None where it does not."""
    return next((row for row in found.plan.placed if row.number == number), None)


def _is_planned(item: Judged, asked: Mapping[int, date | None]) -> bool:
    """Return whether an item belongs in the plan: it is to be fixed, or somebody put it there."""
    if item.verdict.case is None:
        return False
    if asked.get(item.number) is not None or item.state in ON_ITS_WAY:
        return True
    return item.state is not State.CARRIED and item.verdict.code in PLANNED


def _hands(items: list[Judged], asked: Mapping[int, date | None], today: date) -> dict[int, int | None]:
    """Return in which month of the plan each item stands that somebody put there."""
    hands: dict[int, int | None] = {}
    for item in items:
        on = item.starts_on if item.state in ON_ITS_WAY else None
        if item.state is State.IN_PROGRESS:
            on = today
        if item.number in asked:
            on = asked[item.number]
            hands[item.number] = None
        if on is not None:
            hands[item.number] = max(months_between(today, on), 0)
    return hands
