"""In which orders people put what presses, side by side: disagreement is seen, and nothing averaged."""

from collections.abc import Mapping, Sequence

from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """Where each person put one pressure, 1 for the first; None where it came after their order was made."""

    key: str
    places: tuple[int | None, ...]

    @property
    def apart(self) -> int:
        """How many places the two are apart who agree least."""
        known = [place for place in self.places if place is not None]
        return max(known) - min(known) if known else 0


def compared(keys: Sequence[str], orders: Sequence[Sequence[str]]) -> list[Places]:
    """Return each pressure with the place that everybody gave it among those there are now."""
    now = [[key for key in order if key in keys] for order in orders]
    return [
        Places(key, tuple(order.index(key) + 1 if key in order else None for order in now)) for key in keys
    ]


def put_first(keys: Sequence[str], orders: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return who puts which of the pressures there are now first, by key."""
    found: dict[str, list[str]] = {}
    for name, order in orders.items():
        first = next((key for key in order if key in keys), None)
        if first is not None:
            found.setdefault(first, []).append(name)
    return found
