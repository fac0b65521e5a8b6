"""How an amount that is due every month adds up over time: growing, shrinking, or held at a cap.

A course is a geometric series cut off at a cap, so it has two parts at most: it grows up to the cap and stays
there, or it stays at the cap until it has shrunk below. Each part has a closed form, so nothing here walks
from month to month; tests compare every result with walking.

Numbers are floats: these are forecasts, never booked. Months are counted from one; a part of a month counts
as the closed form has it.
"""

from math import expm1, floor, inf, log, log1p

from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """`first` in the first month, `growth` more each month (0.03 is 3 %), never more than `cap`.

    `bend` is after how many whole months the second part begins; infinite where there is none.
    """

    first: float
    growth: float
    cap: float
    bend: float

    def month(self, number: int) -> float:
        """Return what is due in one month (F2: `I(k) = p·i·(1+g)^(k−1)`, capped)."""
        return min(self.first * (1 + self.growth) ** (number - 1), self.cap)

    def total(self, months: float) -> float:
        """Return what has been due after so many months (F4: the sum of a geometric series, capped)."""
        growth = self.growth
        if growth == 0:
            return self.first * months
        early = min(months, self.bend)
        late = months - early
        if growth > 0:
            return _sum(self.first, growth, early) + (self.cap * late if late else 0)
        return (self.cap * early if early else 0) + _sum(self._at_bend(), growth, late)

    def reached(self, amount: float) -> float | None:
        """Return after how many months the total is `amount`; None where it never is.

        The inverse of `total`: `ln(1 + g·amount/first) / ln(1+g)` before the cap, a straight line at it.
        """
        if amount <= 0:
            return 0.0
        if self.first <= 0 or self.cap <= 0:
            return None
        if self.growth == 0:
            return amount / self.first
        before = self.total(self.bend) if self.bend < inf else inf
        if self.growth > 0:
            if amount <= before:
                return log1p(self.growth * amount / self.first) / log1p(self.growth)
            return self.bend + (amount - before) / self.cap
        if self.bend and amount <= before:
            return amount / self.cap
        rest = amount - (before if self.bend else 0)
        argument = self.growth * rest / self._at_bend()
        return self.bend + log1p(argument) / log1p(self.growth) if argument > -1 else None

    def worth(self, after: int, until: int, discount: float) -> float:
        """Return what is due in months `after` + 1 to `until`, in today's value, at a discount a month."""
        if until <= after:
            return 0.0
        if self.growth == 0:
            return _discounted(self.first, 0, after, until, discount)
        middle = int(min(max(after, self.bend), until))
        if self.growth > 0:
            rising = _discounted(self.first, self.growth, after, middle, discount)
            return rising + _discounted(self.cap, 0, middle, until, discount)
        held = _discounted(self.cap, 0, after, middle, discount)
        return held + _discounted(self.first, self.growth, middle, until, discount)

    def _at_bend(self) -> float:
        """Return what would be due in the first month after the bend."""
        return self.first * (1 + self.growth) ** self.bend if self.bend else self.first


def course(first: float, growth: float = 0.0, cap: float | None = None) -> Course:
    """Return the course of what is `first` now, grows by a share a month, and never exceeds `cap`."""
    if cap is None:
        cap = inf
    if growth == 0 or first <= 0 or cap <= 0:
        return Course(min(first, cap), 0.0, cap, inf)
    if cap == inf:
        return Course(first, growth, cap, inf if growth > 0 else 0)
    return Course(first, growth, cap, _bend(first, growth, cap))


def _bend(first: float, growth: float, cap: float) -> int:
    """Return how many months lie before the bend: up to the cap while growing, above it while shrinking."""

    def is_before(month: int) -> bool:
        amount = first * (1 + growth) ** (month - 1)
        return amount <= cap if growth > 0 else amount > cap

    # The logarithm may be off by one in its last digit, so the months around it are looked at.
    found = max(floor(log(cap / first) / log1p(growth)) + 1, 0)
    while is_before(found + 1):
        found += 1
    while found > 0 and not is_before(found):
        found -= 1
    return found


def _sum(first: float, growth: float, months: float) -> float:
    return first * expm1(months * log1p(growth)) / growth


def _discounted(first: float, growth: float, after: int, until: int, discount: float) -> float:
    """Return the sum of `first·(1+growth)^(k−1) / (1+discount)^k` over the months after `after`."""
    if until <= after or first <= 0:
        return 0.0
    ratio = (1 + growth) / (1 + discount)
    if ratio == 1:
        return first / (1 + discount) * (until - after)
    return first / (1 + discount) * ratio**after * expm1((until - after) * log(ratio)) / (ratio - 1)
