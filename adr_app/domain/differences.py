"""What changed between two texts, word for word, in time that no text can stretch.

Paragraphs are matched first, then words within what is left between them. Matching spends from a budget;
where it runs out, the rest counts as replaced, which is true of any two texts, only less fine.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, NamedTuple

from adr_app.domain.values import dataclass

EQUAL, INSERT, DELETE = "equal", "insert", "delete"

_PARAGRAPH = re.compile(r"[^\n]*(?:\n|\Z)(?:[ \t]*\n)*")
_WORD = re.compile(r"\s*[^\s]+|\s+")
_BUDGET = 2_000_000
"""Comparisons of one word with another, per pair of texts; some tenths of a second at most."""
_LEAST_ALIKE = 0.25
"""Below this share of common letters, a changed passage reads better as out with this, in with that."""


class Segment(NamedTuple):
    """A stretch of text that both have (`equal`), or only the new (`insert`) or the old (`delete`)."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A passage, from paragraph to paragraph; its segments keep every space and line end."""

    segments: tuple[Segment, ...]

    @property
    def changed(self) -> bool:
        """Return whether anything in it differs."""
        return any(segment.op != EQUAL for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a field that changed: a whole text, or one line or option of a list.

    `path` tells the pieces of an option apart: its title, and which of its texts. A text has none.
    """

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that changed, and what in it."""

    name: str
    parts: tuple[Part, ...]


def text_difference(old: str, new: str) -> tuple[Block, ...]:
    """Return the passages of both texts in order; equal paragraphs are blocks of their own.

    The equal and deleted segments together are `old`, the equal and inserted ones `new`.
    """
    before, after = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    budget = _Budget(_BUDGET)
    blocks: list[Block] = []
    for op, gone, come in _runs(before, after, budget):
        if op == EQUAL:
            blocks += [Block((Segment(EQUAL, text),)) for text in gone if text]
        else:
            segments = _words("".join(gone), "".join(come), budget)
            blocks += [Block(segments)] if segments else []
    return tuple(blocks)


def field_differences(
    old: Mapping[str, Any], new: Mapping[str, Any], order: Iterable[str]
) -> tuple[FieldDifference, ...]:
    """Return the fields named in `order` that differ between two revisions, in that order.

    A field is a string, a list of strings, or a list of options; a missing one counts as empty.
    """
    found = []
    for name in order:
        before, after = old.get(name) or "", new.get(name) or ""
        if before == after:
            continue
        if isinstance(before, str) and isinstance(after, str):
            parts = _text_parts((), before, after)
        else:
            parts = tuple(_list_parts(before or [], after or []))
        found.append(FieldDifference(name, parts))
    return tuple(found)


def _text_parts(path: tuple[str, ...], before: str, after: str) -> tuple[Part, ...]:
    return (Part(path, text_difference(before, after)),) if before != after else ()


def _list_parts(before: Sequence[Any], after: Sequence[Any]) -> Iterator[Part]:
    if any(isinstance(item, Mapping) for item in (*before, *after)):
        yield from _option_parts(before, after)
        return
    for op, gone, come in _runs(
        [str(item) for item in before], [str(item) for item in after], _Budget(_BUDGET)
    ):
        if op == EQUAL:
            yield from (Part((), (Block((Segment(EQUAL, item),)),)) for item in gone)
        else:
            yield from (Part((), (Block((Segment(DELETE, item),)),)) for item in gone)
            yield from (Part((), (Block((Segment(INSERT, item),)),)) for item in come)


def _option_parts(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    """Yield what changed in options; a new order alone is a part with the path `("", "order")`."""
    pairs = _paired_options([_title(option) for option in before], [_title(option) for option in after])
    for place, other in pairs:
        earlier = {} if place is None else before[place]
        later = {} if other is None else after[other]
        for key in dict.fromkeys((*earlier, *later)):
            path = (_title(later or earlier), str(key))
            yield from _text_parts(path, _as_text(earlier.get(key)), _as_text(later.get(key)))
    kept = [place for place, other in pairs if place is not None and other is not None]
    if kept != sorted(kept):
        was, now = ("\n".join(_title(before[place]) for place in places) for places in (sorted(kept), kept))
        yield from _text_parts(("", "order"), was, now)


def _title(option: Mapping[str, Any]) -> str:
    return str(option.get("title", ""))


def _paired_options(before: list[str], after: list[str]) -> list[tuple[int | None, int | None]]:
    """Return places in both lists that are one option: the same title, else the same place."""
    left = dict.fromkeys(range(len(before)))
    pairs: list[tuple[int | None, int | None]] = []
    for other, title in enumerate(after):
        same = next((place for place in left if before[place] == title), None)
        if same is not None:
            del left[same]
        pairs.append((same, other))
    for number, (found, _) in enumerate(pairs):
        if found is None and number in left:
            del left[number]
            pairs[number] = (number, number)
    return pairs + [(place, None) for place in left]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return "\n".join(str(item) for item in value)
    return "" if value is None else str(value)


def _words(old: str, new: str, budget: "_Budget") -> tuple[Segment, ...]:
    """Return the segments of a changed passage, out before in."""
    segments: list[Segment] = []
    common = 0
    for op, gone, come in _runs(_WORD.findall(old), _WORD.findall(new), budget):
        if op == EQUAL:
            common += sum(len(word.strip()) for word in gone)
            segments.append(Segment(EQUAL, "".join(gone)))
        else:
            segments += [Segment(DELETE, "".join(gone)), Segment(INSERT, "".join(come))]
    if common < _LEAST_ALIKE * min(len(old), len(new)):
        segments = [Segment(DELETE, old), Segment(INSERT, new)]
    return tuple(segment for segment in segments if segment.text)


class _Budget:
    """How many more comparisons may be made."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self, steps: int) -> bool:
        """Take `steps` and return True, or return False and keep what is left when there are not as many."""
        if steps > self.steps:
            return False
        self.steps -= steps
        return True


def _runs(a: list[str], b: list[str], budget: _Budget) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield `("equal", same, same)` and `("replace", gone, come)` in turn, which together are both lists."""
    in_a = in_b = 0
    for at_a, at_b, size in _matches(a, b, budget):
        if at_a > in_a or at_b > in_b:
            yield "replace", a[in_a:at_a], b[in_b:at_b]
        if size:
            yield EQUAL, a[at_a : at_a + size], b[at_b : at_b + size]
        in_a, in_b = at_a + size, at_b + size


def _matches(a: list[str], b: list[str], budget: _Budget) -> list[tuple[int, int, int]]:
    """Return runs that both lists have, as (place in a, place in b, length), the last of them empty.

    This is the method of `difflib` (the longest run first, then left and right of it), which alone takes
    cubic time on lists of a few words repeated; so every search first pays for what it may look at.
    """
    shortest = min(len(a), len(b))
    head = next((i for i in range(shortest) if a[i] != b[i]), shortest)
    tail = next((i for i in range(shortest - head) if a[-1 - i] != b[-1 - i]), shortest - head)
    found = [(0, 0, head), (len(a) - tail, len(b) - tail, tail), (len(a), len(b), 0)]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    times = Counter(b)
    costs = list(accumulate((1 + times[item] for item in a), initial=0))
    regions = [(head, len(a) - tail, head, len(b) - tail)]
    while regions:
        from_a, to_a, from_b, to_b = regions.pop()
        if from_a == to_a or from_b == to_b or not budget.spend(costs[to_a] - costs[from_a]):
            continue
        at_a, at_b, size = matcher.find_longest_match(from_a, to_a, from_b, to_b)
        if size:
            found.append((at_a, at_b, size))
            regions += [(from_a, at_a, from_b, at_b), (at_a + size, to_a, at_b + size, to_b)]
    return sorted(found)
