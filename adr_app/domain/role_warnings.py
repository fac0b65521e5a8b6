"""What to watch beside the answer to which role comes first: W1 to W8, each a rule of its own."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from adr_app.domain.first_role import Advice, Inputs
from adr_app.domain.pressures import PLATFORM_KINDS, Family

APART_DAYS = 30
"""Two roles that begin within so many days begin together."""

WAITED_DAYS = 90
"""For how long something may press while nobody is engaged for it."""

MEETING_DAYS = 30
"""After how many days without a meeting of both roles that is said."""


class Warn(StrEnum):
    """What is odd."""

    ONE_PERSON = "W1"
    TOGETHER = "W2"
    DELAYED = "W3"
    OTHER_GAP = "W4"
    NOTHING_OF_SECURITY = "W5"
    APART = "W6"
    UNSEEN = "W7"
    FAR = "W8"


def warnings(inputs: Inputs, advice: Advice) -> list[Warn]:
    """Return what is odd, in the order of the table."""
    return [code for code, holds in _RULES.items() if holds(inputs, advice)]


def _one_person(inputs: Inputs, advice: Advice) -> bool:
    return inputs.cto.person is not None and inputs.cto.person == inputs.vciso.person


def _together(inputs: Inputs, advice: Advice) -> bool:
    """Tell whether both roles begin at once, and one of them has not begun: it can still be changed."""
    starts = [seat.starts_on for seat in (inputs.cto, inputs.vciso) if seat.person and seat.starts_on]
    if len(starts) < 2 or max(starts) <= inputs.today:
        return False
    return max(starts) - min(starts) <= timedelta(days=APART_DAYS)


def _delayed(inputs: Inputs, advice: Advice) -> bool:
    if any(inputs.seat(family).is_held(inputs.today) for family in Family):
        return False
    since = inputs.today - timedelta(days=WAITED_DAYS)
    return any(one.opened_on < since for one in inputs.counted())


def _other_gap(inputs: Inputs, advice: Advice) -> bool:
    """Tell whether the only role that is held answers for what comes second."""
    held = [family for family in Family if inputs.seat(family).is_held(inputs.today)]
    return len(held) == 1 and advice.first is held[0].other


def _nothing_of_security(inputs: Inputs, advice: Advice) -> bool:
    asked = inputs.profile.sensitive or bool(inputs.profile.frameworks)
    return asked and not any(one.family is Family.SECURITY for one in inputs.pressures)


def _apart(inputs: Inputs, advice: Advice) -> bool:
    if not all(inputs.seat(family).is_held(inputs.today) for family in Family):
        return False
    since = inputs.today - timedelta(days=MEETING_DAYS)
    return not inputs.split or inputs.met_on is None or inputs.met_on < since


def _unseen(inputs: Inputs, advice: Advice) -> bool:
    if inputs.vciso.is_held(inputs.today):
        return False
    dated = (one for one in inputs.counted(Family.TECHNOLOGY) if one.bites_on is not None and not one.now)
    return any(one.kind in PLATFORM_KINDS for one in dated)


def _far(inputs: Inputs, advice: Advice) -> bool:
    return bool(inputs.far())


_RULES: dict[Warn, Callable[[Inputs, Advice], bool]] = {
    Warn.ONE_PERSON: _one_person,
    Warn.TOGETHER: _together,
    Warn.DELAYED: _delayed,
    Warn.OTHER_GAP: _other_gap,
    Warn.NOTHING_OF_SECURITY: _nothing_of_security,
    Warn.APART: _apart,
    Warn.UNSEEN: _unseen,
    Warn.FAR: _far,
}
