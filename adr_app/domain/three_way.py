"""What two sides made of one text: what only one of them changed, what both did, and the two put together.

Passages are those of `adr_app.domain.differences`: paragraphs, matched in time that no text can stretch.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from adr_app.domain.differences import DELETE, INSERT, text_difference
from adr_app.domain.values import dataclass

HERE = "[[ Changed on both sides. Here it says: ]]"
THERE = "[[ And the file says: ]]"
END = "[[ End of what both sides changed ]]"
MARKERS = frozenset({HERE, THERE, END})
"""Lines between which a text put together holds both sides; somebody has to choose before it is saved."""


class Who(StrEnum):
    """Who changed a passage."""

    NOBODY = "nobody"
    HERE = "here"
    THERE = "there"
    ALIKE = "alike"
    BOTH = "both"


class Passage(NamedTuple):
    """A passage in the text both last agreed on, here and in the file; `who` changed it."""

    who: Who
    base: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class _Change:
    """What one side made of the stretch from `start` to `end` of the base, counted in characters."""

    side: Who
    start: int
    end: int
    text: str


def three_way(base: str, here: str, there: str) -> tuple[Passage, ...]:
    """Return the passages of three texts in order; each column put together is the text it stands for.

    Neighbouring passages that nobody changed are one. Changes that touch the same paragraph, or come in
    at the same place, count as of both.
    """
    changes = sorted(
        [*_changes(Who.HERE, base, here), *_changes(Who.THERE, base, there)],
        key=lambda change: (change.start, change.end),
    )
    passages: list[Passage] = []
    done = 0
    for group in _groups(changes):
        start, end = min(c.start for c in group), max(c.end for c in group)
        if done < start:
            same = base[done:start]
            passages.append(Passage(Who.NOBODY, same, same, same))
        passages.append(_passage(base, start, end, group))
        done = end
    if done < len(base):
        passages.append(Passage(Who.NOBODY, base[done:], base[done:], base[done:]))
    return tuple(passages)


def _changes(side: Who, base: str, text: str) -> Iterator[_Change]:
    at = 0
    for block in text_difference(base, text):
        was = "".join(s.text for s in block.segments if s.op != INSERT)
        if block.changed:
            now = "".join(s.text for s in block.segments if s.op != DELETE)
            yield _Change(side, at, at + len(was), now)
        at += len(was)


def _groups(changes: Iterable[_Change]) -> Iterator[list[_Change]]:
    """Yield the changes that belong together: they overlap, or one comes in where another one is."""
    group: list[_Change] = []
    end = 0
    for change in changes:
        touches = change.start == end and any(c.start == c.end for c in (change, *group))
        if group and not (change.start < end or touches):
            yield group
            group = []
        group.append(change)
        end = max(end, change.end) if len(group) > 1 else change.end
    if group:
        yield group


def _passage(base: str, start: int, end: int, group: list[_Change]) -> Passage:
    was = base[start:end]
    here, there = (_side(base, start, end, [c for c in group if c.side is s]) for s in (Who.HERE, Who.THERE))
    if here == there:
        return Passage(Who.ALIKE, was, here, there)
    sides = {change.side for change in group}
    return Passage(Who.BOTH if len(sides) == 2 else sides.pop(), was, here, there)


def _side(base: str, start: int, end: int, changes: list[_Change]) -> str:
    parts, at = [], start
    for change in changes:
        parts += [base[at : change.start], change.text]
        at = change.end
    return "".join([*parts, base[at:end]])


def merged(passages: Iterable[Passage]) -> str:
    """Return the text with the changes of either side; what both changed stands twice, between `MARKERS`."""
    parts = []
    for passage in passages:
        if passage.who is Who.BOTH:
            parts.append("".join(map(_line, (HERE, passage.here, THERE, passage.there, END))))
        else:
            parts.append(passage.there if passage.who is Who.THERE else passage.here)
    text = ""
    for part in parts:
        begins_with_marker = part.startswith(HERE) and text and not text.endswith("\n")
        text += f"\n{part}" if begins_with_marker else part
    return text


def _line(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def has_markers(text: str) -> bool:
    """Return whether a text still holds both sides of something, so that nobody has chosen yet."""
    return any(line.strip() in MARKERS for line in text.splitlines())


def either(base: Any, here: Any, there: Any) -> Any:
    """Return a short value put together: what the file says where only the file changed it."""
    return there if here == base else here


def three_fields(
    base: Mapping[str, Any], here: Mapping[str, Any], there: Mapping[str, Any], names: Iterable[str]
) -> dict[str, tuple[Who, Any]]:
    """Return, for each of these fields that differs, who changed it and its value put together."""
    found = {}
    for name in names:
        was, now, new = base.get(name), here.get(name), there.get(name)
        if was == now == new:
            continue
        who = Who.ALIKE if now == new else Who.THERE if now == was else Who.HERE if new == was else Who.BOTH
        found[name] = who, either(was, now, new)
    return found
