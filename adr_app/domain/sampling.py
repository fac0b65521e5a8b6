"""Which decisions declared harmless by their author are chosen to be checked: all of few, a tenth of many.

The lot of a decision is the root of the record once its first acceptance is in it: nobody knows it before,
and whoever holds the record finds it again. Accepting it anew draws no second lot.
"""

from datetime import timedelta
from typing import NamedTuple

ALL_BELOW = 10
"""Fewer than so many in a quarter are all checked: the first nine of each."""

ONE_IN = 10
CHECKED_WITHIN = timedelta(days=30)

CHOSEN = "chosen"
"""Why a decision declared harmless waits for the vCISO."""


class Lot(NamedTuple):
    """What chooses: the decision's place among those of its quarter (None: not counted), and the root."""

    nth: int | None
    root: str


def is_chosen(lot: Lot | None) -> bool:
    """Return whether a decision declared harmless is to be checked; what cannot be told apart is."""
    if lot is None or lot.nth is None or lot.nth < ALL_BELOW or not lot.root:
        return True
    return int(lot.root[:16], 16) % ONE_IN == 0
