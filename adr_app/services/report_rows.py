"""Rows of a report: ten thousand take as little memory as some hundred do, as they are kept compressed."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

Row = dict[str, Any]

_PIECE = 128
"""Rows that are kept together."""

_FAST = 1


class Rows(Sequence[Row]):
    """Rows of plain values, in order; what is read of them is theirs no longer and may be changed."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """Begin with some rows, if any."""
        self._pieces: list[bytes] = []
        self._last: list[Row] = []
        for row in rows:
            self.append(row)

    def append(self, row: Row) -> None:
        """Put a row at the end."""
        self._last.append(row)
        if len(self._last) == _PIECE:
            self._pieces.append(zlib.compress(_spelled(self._last).encode("utf-8", "surrogatepass"), _FAST))
            self._last = []

    def changed(self, change: Callable[[Row], Row | None]) -> "Rows":
        """Return the rows that `change` makes of these, without those of which it makes None."""
        return Rows(row for one in self if (row := change(one)) is not None)

    def stored(self) -> dict[str, Any]:
        """Return the rows as a plain value in which they take little room; `from_stored` reads it."""
        return {"pieces": [b64encode(piece).decode() for piece in self._pieces], "rows": self._last}

    @classmethod
    def from_stored(cls, value: Any) -> "Rows":
        """Return the rows of what `stored` returned, or of a plain list, as it was kept before."""
        if isinstance(value, list):
            return cls(value)
        rows = cls(value["rows"])
        rows._pieces = [b64decode(piece) for piece in value["pieces"]]
        return rows

    def __iter__(self) -> Iterator[Row]:
        for piece in self._pieces:
            yield from _read(piece)
        yield from self._last

    def __len__(self) -> int:
        return len(self._pieces) * _PIECE + len(self._last)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        piece, within = divmod(range(len(self))[place], _PIECE)
        return (_read(self._pieces[piece]) if piece < len(self._pieces) else self._last)[within]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows | list) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __repr__(self) -> str:
        return f"Rows({list(self)!r})"


_spelled = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _read(piece: bytes) -> list[Row]:
    rows: list[Row] = json.loads(zlib.decompress(piece).decode("utf-8", "surrogatepass"))
    return rows
