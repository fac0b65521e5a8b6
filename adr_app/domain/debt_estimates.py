"""Estimates of a debt: what is typed, in which units it is kept, and the limits of systems and companies.

Effort is whole hundredths of a working day; chances, shares and growth are basis points, of which 10,000 are
the whole; lengths are whole months; money is whole minor units of the company's currency.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from adr_app.domain.debt import MAX_REASON, WHAT_TO_GIVE, parse_effort
from adr_app.domain.digest import check_integer, clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

WHOLE = 10_000
"""All of something, in basis points: a hundred in a hundred."""

MOST_MONTHS = 120
"""The longest a repayment may take; what takes longer is several."""

LEAST_GROWTH, MOST_GROWTH = -500, 1_000
"""How much less or more a month is accepted, in basis points; beyond this a number is a slip."""

MOST_AVOIDED = 10**12
"""The largest loss a month that is accepted, in minor units."""

GROWTH: dict[str, tuple[str, int]] = {
    "same": ("Stays the same", 0),
    "slowly": ("Grows slowly", 100),
    "spreads": ("Spreads", 300),
    "contagious": ("Contagious", 600),
}
"""How what is lost each month grows: words by code, each with its basis points a month.

No study has measured these; they are names for sizes, and the form says so. `own` stands for a typed number.
"""

OWN = "own"

CONFIDENCE = {"guess": "A guess", "some": "Some evidence", "measured": "Measured"}
"""How sure somebody is of an estimate, by code; it is shown and never reckoned with."""

MAX_NOTE = 1_000

_PERCENT = re.compile(r"([+\-\N{MINUS SIGN}]?)([0-9]{0,6})(?:[.,]([0-9]{0,2}))?\s*%?")


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """The least, the likeliest and the most that something may be, in hundredths of a working day."""

    low: int
    likely: int
    high: int

    @classmethod
    def of(cls, value: int) -> "ThreePoint":
        """Return a value without a range."""
        return cls(value, value, value)

    @property
    def has_range(self) -> bool:
        """Return whether the least and the most differ."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a fix costs (`fix`) and what is lost each month (`loss`), with all that may be said beside it.

    `chance` is the share of months in which the loss is really felt, `growth` and `fix_growth` how much more
    is lost, and a fix costs, each month; `months` is how long a fix takes, `left_over` the share of the loss
    that remains after it, and `avoided` the money a month that a security loss would cost on average.
    """

    fix: ThreePoint
    loss: ThreePoint
    chance: int = WHOLE
    growth: int = 0
    fix_growth: int = 0
    months: int = 0
    left_over: int = 0
    avoided: int = 0

    @property
    def plain(self) -> bool:
        """Return whether it is the two numbers, and nothing said beside them."""
        beside = (self.growth, self.fix_growth, self.months, self.left_over, self.avoided)
        ranged = self.fix.has_range or self.loss.has_range
        return not ranged and self.chance == WHOLE and not any(beside)


@dataclass(frozen=True, slots=True)
class SystemLimits:
    """What bounds the debt of a system; None is not known.

    `rebuild` is what building it anew would cost, `effort` what is spent on it each month.
    """

    rebuild: int | None = None
    effort: int | None = None
    retires_on: date | None = None


@dataclass(frozen=True, slots=True)
class DebtSettings:
    """What a company reckons its debt with; None is not known.

    `day_rate` is money for a working day, `capacity` effort a month, `discount` basis points a year,
    `horizon` and `payback_limit` months, `interest_limit` the share of capacity that debt may take.
    """

    day_rate: int | None = None
    capacity: int | None = None
    discount: int = 1_000
    horizon: int = 24
    payback_limit: int = 12
    interest_limit: int | None = None
    hours_per_day: int = 8


def clean_estimate(typed: Mapping[str, str], *, minor: int = 100) -> Estimate:
    """Return an estimate as typed; `minor` is how many minor units make one unit of the currency.

    Two fields are enough: `fix_days` and `monthly_loss`, in working days. Beside them `fix_low`, `fix_high`,
    `loss_low`, `loss_high`, `chance` and `left_over` in per cent, `growth` (a code of `GROWTH`, or `own` with
    `growth_own` in per cent a month), `fix_growth` in per cent a month, `growth_reason`, `months`, `avoided`
    in whole units of money, `avoided_reason`. What is empty says nothing.

    :raises Invalid: naming every field that will not do, and what to do about it.
    """
    problems: dict[str, str] = {}
    fix = _three(typed, problems, "fix_days", "fix_low", "fix_high")
    loss = _three(typed, problems, "monthly_loss", "loss_low", "loss_high")
    if fix is not None and fix.high == 0:
        problems["fix_days"] = "A fix takes some time. If there is nothing to do, it is no debt."
    numbers = {
        "chance": _read(typed, problems, "chance", parse_share, WHOLE),
        "growth": _growth(typed, problems),
        "fix_growth": _read(typed, problems, "fix_growth", _a_month, 0),
        "months": _read(
            typed, problems, "months", lambda text: check_integer(text, low=0, high=MOST_MONTHS), 0
        ),
        "left_over": _read(typed, problems, "left_over", parse_share, 0),
        "avoided": _read(typed, problems, "avoided", lambda text: _amount(text, minor), 0),
    }
    if (numbers["growth"] or numbers["fix_growth"]) and not typed.get("growth_reason", "").strip():
        problems["growth_reason"] = (
            "Say in one line why it grows or shrinks; without a reason it stays the same."
        )
    if numbers["avoided"] and not typed.get("avoided_reason", "").strip():
        problems["avoided_reason"] = "Say in one line what would be lost, and how the amount was reckoned."
    if problems or fix is None or loss is None:
        raise Invalid("This cannot be saved yet.", problems)
    return Estimate(fix, loss, **numbers)


def clean_estimate_words(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the words beside an estimate as typed: the two reasons, how sure somebody is, and a note.

    :raises Invalid: naming every field that will not do.
    """
    limits = {"growth_reason": MAX_REASON, "avoided_reason": MAX_REASON, "note": MAX_NOTE}
    words: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, limit in limits.items():
        try:
            words[name] = " ".join(clean_text(typed.get(name, "")).split())
        except Invalid as refusal:
            problems[name] = str(refusal)
            continue
        if len(words[name]) > limit:
            problems[name] = f"Shorten this to {limit:,} characters; it has {len(words[name]):,}."
    words["confidence"] = typed.get("confidence") or "guess"
    if words["confidence"] not in CONFIDENCE:
        problems["confidence"] = "Choose from the list."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return words


def parse_share(text: str, *, low: int = 0, high: int = WHOLE) -> int:
    """Return typed per cent, such as `80`, `2.5` or `-1 %`, as basis points from `low` to `high`.

    :raises Invalid: for anything else.
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        raise Invalid("Type a number in per cent, such as 80 or 2.5.")
    points = int(found[2] or "0") * 100 + int((found[3] or "").ljust(2, "0"))
    points = -points if found[1] and found[1] != "+" else points
    if not low <= points <= high:
        raise Invalid(f"Type a number from {share_text(low)} to {share_text(high)} per cent.")
    return points


def share_text(points: int) -> str:
    """Return basis points as somebody would type them in per cent: `80`, `2.5`, `-1`."""
    sign = "-" if points < 0 else ""
    return sign + f"{abs(points) // 100}.{abs(points) % 100:02d}".rstrip("0").rstrip(".")


def growth_word(points: int) -> str:
    """Return the code of the word that stands for a growth, in basis points a month; `own` for any other."""
    return next((code for code, (_, size) in GROWTH.items() if size == points), OWN)


def _three(
    typed: Mapping[str, str], problems: dict[str, str], likely: str, low: str, high: str
) -> ThreePoint | None:
    """Return the three values of one amount, or None where something is wrong with them."""
    before = len(problems)
    value, least, most = (_read(typed, problems, name, parse_effort, None) for name in (likely, low, high))
    if value is None and likely not in problems:
        problems[likely] = WHAT_TO_GIVE[likely]
    for one, other in ((low, high), (high, low)):
        if typed.get(one, "").strip() and not typed.get(other, "").strip():
            problems[other] = "Give both the least and the most, or neither."
    if len(problems) > before or value is None:
        return None
    if least is None or most is None:
        return ThreePoint.of(value)
    if least > value:
        problems[low] = "The least cannot be more than what is likely."
    if most < value:
        problems[high] = "The most cannot be less than what is likely."
    return ThreePoint(least, value, most) if least <= value <= most else None


def _growth(typed: Mapping[str, str], problems: dict[str, str]) -> int:
    """Return how much more is lost each month, chosen in words or typed."""
    chosen = typed.get("growth", "").strip() or "same"
    if chosen == OWN:
        if not typed.get("growth_own", "").strip():
            problems["growth_own"] = "Type by how many per cent a month, such as 2."
        return _read(typed, problems, "growth_own", _a_month, 0)
    if chosen not in GROWTH:
        problems["growth"] = "Choose from the list."
        return 0
    return GROWTH[chosen][1]


def _read(
    typed: Mapping[str, str], problems: dict[str, str], name: str, reader: Callable[[str], Any], empty: Any
) -> Any:
    """Return one field as its reader reads it; what it refuses is noted under the field's name."""
    text = typed.get(name, "").strip()
    if not text:
        return empty
    try:
        return reader(text)
    except Invalid as refusal:
        problems[name] = str(refusal)
        return empty


def _a_month(text: str) -> int:
    return parse_share(text, low=LEAST_GROWTH, high=MOST_GROWTH)


def _amount(text: str, minor: int) -> int:
    return check_integer(text, low=0, high=MOST_AVOIDED // minor) * minor
