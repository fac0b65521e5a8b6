"""Which role a company needs first: rules over what presses it, the same answer in whatever order they come.

One family of pressures alone asks for its own role; of two, the nearer consequence comes first, then the more
serious one, and where neither decides, leadership does. No amount of money takes part: a guess of one would
decide as if it were known.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from adr_app.domain.pressures import URGENT_KINDS, Family, Level, Pressure
from adr_app.domain.values import dataclass

HORIZON_DAYS = 365
"""What hurts later than this is a hope or a far date, and listed apart."""

COUNTED_FROM = Level.NOTICEABLE
"""The level from which a pressure takes part."""

SAME_TIME_DAYS = 14
"""Dates no further apart than this count as the same time."""

REVIEW_AFTER_DAYS = 90
"""After how many days an answer is to be looked at again."""

EARLY = "early"
"""The stage at which, without any date, technology comes first."""

STAGES = {
    EARLY: "Early: we are building the first product",
    "growth": "Growing: customers come, everything stretches",
    "mid-market": "Grown fast: nobody leads technology or security yet",
    "mature": "Settled: departments with their own leaders",
}
"""Stages of a business, by code."""


class Rule(StrEnum):
    """Which rule decided."""

    NOTHING = "R0"
    ONLY_TECHNOLOGY = "R1"
    ONLY_SECURITY = "R2"
    NEARER = "R3"
    MORE_SERIOUS = "R4"
    OPEN_HOLE = "R5"
    PROFILE = "R6"
    LEADERSHIP = "R7"


class Result(StrEnum):
    """What the answer is."""

    NO_PRESSURE = "NO_PRESSURE"
    CTO_FIRST = "CTO_FIRST"
    VCISO_FIRST = "VCISO_FIRST"
    CTO_THEN_VCISO = "CTO_THEN_VCISO"
    VCISO_THEN_CTO = "VCISO_THEN_CTO"
    UNDECIDED = "UNDECIDED"
    NEXT_CTO = "NEXT_CTO"
    NEXT_VCISO = "NEXT_VCISO"
    CTO_ENOUGH = "CTO_ENOUGH"
    VCISO_ENOUGH = "VCISO_ENOUGH"
    BOTH_ENGAGED = "BOTH_ENGAGED"


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a company's profile takes part: its stage, and why security is asked of it."""

    stage: str = ""
    sensitive: bool = False
    frameworks: tuple[str, ...] = ()
    assurance: bool = False

    @property
    def asks_for_security(self) -> bool:
        """Whether data, a standard or customers ask for security."""
        return self.sensitive or self.assurance or bool(self.frameworks)


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the two roles as it is held: by whom, and from when; empty where nobody holds it.

    `starts_on` may lie ahead: then it is planned and not held yet.
    """

    person: int | None = None
    starts_on: date | None = None

    def is_held(self, today: date) -> bool:
        """Return whether somebody holds it on this day."""
        return self.person is not None and (self.starts_on is None or self.starts_on <= today)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the answer of a day depends on.

    `split` says that it is written down who answers for what, `met_on` when both last met.
    """

    today: date
    pressures: tuple[Pressure, ...] = ()
    profile: Profile = Profile()
    cto: Seat = Seat()
    vciso: Seat = Seat()
    split: bool = False
    met_on: date | None = None

    def counted(self, family: Family | None = None) -> tuple[Pressure, ...]:
        """Return what takes part, what comes first in front; of one family or of both."""
        found = (p for p in self.pressures if p.level >= COUNTED_FROM and not self.is_far(p))
        return ordered((p for p in found if family in (None, p.family)), self.today)

    def is_far(self, pressure: Pressure) -> bool:
        """Return whether a pressure hurts only after the year that counts."""
        day = pressure.hurts_from(self.today)
        return day is not None and day > self.today + timedelta(days=HORIZON_DAYS)

    def far(self) -> tuple[Pressure, ...]:
        """Return what is left out because its day is too far away."""
        return ordered((p for p in self.pressures if self.is_far(p)), self.today)

    def seat(self, family: Family) -> Seat:
        """Return the role that answers for a family."""
        return self.cto if family is Family.TECHNOLOGY else self.vciso


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer, the rule that gave it, which family comes first (None: none does), and what leads each."""

    result: Result
    rule: Rule
    first: Family | None
    technology: Pressure | None
    security: Pressure | None

    def leading(self, family: Family) -> Pressure | None:
        """Return what counts most of one family."""
        return self.technology if family is Family.TECHNOLOGY else self.security


def ordered(pressures: Iterable[Pressure], today: date) -> tuple[Pressure, ...]:
    """Return pressures by when they hurt, the more serious first on one day, those without a day last."""

    def place(one: Pressure) -> tuple[bool, date, int, str, str]:
        day = one.hurts_from(today)
        return (day is None, day or today, -one.level, one.name, one.key)

    return tuple(sorted(pressures, key=place))


def advise(inputs: Inputs) -> Advice:
    """Return which role comes first, by the rules R0 to R7, and what that means beside who is there."""
    technology, security = (inputs.counted(family) for family in Family)
    rule, first = _decided(inputs, technology, security)
    led_by = [_deciding(found, rule) for found in (technology, security)]
    return Advice(_result(inputs, first, bool(technology), bool(security)), rule, first, *led_by)


def _decided(
    inputs: Inputs, technology: Sequence[Pressure], security: Sequence[Pressure]
) -> tuple[Rule, Family | None]:
    if not technology and not security:
        return Rule.NOTHING, None
    if not security:
        return Rule.ONLY_TECHNOLOGY, Family.TECHNOLOGY
    if not technology:
        return Rule.ONLY_SECURITY, Family.SECURITY
    days = [found[0].hurts_from(inputs.today) for found in (technology, security)]
    if (nearer := _nearer(*days)) is not None:
        return Rule.NEARER, nearer
    levels = [max(one.level for one in found) for found in (technology, security)]
    if levels[0] != levels[1]:
        return Rule.MORE_SERIOUS, Family.TECHNOLOGY if levels[0] > levels[1] else Family.SECURITY
    if any(one.kind in URGENT_KINDS and one.hurts_already(inputs.today) for one in security):
        return Rule.OPEN_HOLE, Family.SECURITY
    if days == [None, None]:
        if inputs.profile.asks_for_security:
            return Rule.PROFILE, Family.SECURITY
        if inputs.profile.stage == EARLY:
            return Rule.PROFILE, Family.TECHNOLOGY
    return Rule.LEADERSHIP, None


def _nearer(technology: date | None, security: date | None) -> Family | None:
    if technology is None or security is None:
        if technology is security:
            return None
        return Family.SECURITY if technology is None else Family.TECHNOLOGY
    apart = (technology - security).days
    if abs(apart) <= SAME_TIME_DAYS:
        return None
    return Family.SECURITY if apart > 0 else Family.TECHNOLOGY


def _deciding(found: Sequence[Pressure], rule: Rule) -> Pressure | None:
    """Return what is named of a family: the nearest, or what decided for another reason."""
    if not found:
        return None
    if rule is Rule.MORE_SERIOUS:
        return max(found, key=lambda one: one.level)
    if rule is Rule.OPEN_HOLE:
        return next((one for one in found if one.kind in URGENT_KINDS), found[0])
    return found[0]


def _result(inputs: Inputs, first: Family | None, technology: bool, security: bool) -> Result:
    has_cto, has_vciso = inputs.cto.is_held(inputs.today), inputs.vciso.is_held(inputs.today)
    if has_cto and has_vciso:
        return Result.BOTH_ENGAGED
    if not technology and not security:
        return Result.NO_PRESSURE
    if has_cto:
        return Result.NEXT_VCISO if security else Result.CTO_ENOUGH
    if has_vciso:
        return Result.NEXT_CTO if technology else Result.VCISO_ENOUGH
    if first is None:
        return Result.UNDECIDED
    if first is Family.TECHNOLOGY:
        return Result.CTO_THEN_VCISO if security else Result.CTO_FIRST
    return Result.VCISO_THEN_CTO if technology else Result.VCISO_FIRST
