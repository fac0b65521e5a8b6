"""The picture of one metric of another tool over time: a line that breaks where the tool changed.

Drawn as `adr_app.web.charts` draws: plain data in, markup out, every fill a class, places across in per cent.
"""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from markupsafe import Markup, escape

from adr_app.domain.readings import Point, stretches, value_text
from adr_app.services.readings import Line
from adr_app.web.filters import day

TOP = 30
HEIGHT = 140
BASE = TOP + HEIGHT
SPACE = 26
LEFT, RIGHT = 4, 94
"""Where the first and the last day stand, in per cent of the width."""

Across = Callable[[date], float]
Down = Callable[[int], float]


def line_chart(line: Line, title: str, *, today: date, name: str = "reading") -> Markup:
    """Return the drawing of a line; `title` is what a screen reader calls it."""
    points = line.points
    first, last = points[0].on, points[-1].on
    lowest, highest = min(0, *(p.value for p in points)), max(0, *(p.value for p in points))
    span = (highest - lowest) or 1

    def across(on: date) -> float:
        days = (last - first).days
        return LEFT + (RIGHT - LEFT) * ((on - first).days / days if days else 0.5)

    def down(value: int) -> float:
        return BASE - HEIGHT * (value - lowest) / span

    drawn = [_step(n, (across(s.before) + across(s.after)) / 2) for n, s in enumerate(line.steps, 1)]
    drawn += _strokes(points, across, down)
    drawn += [
        f'<circle class="chart-reading-dot" cx="{across(p.on):.2f}%" cy="{down(p.value):.1f}" r="3">'
        f"<title>{escape(f'{day(p.on, today)}: {value_text(p.value, line.unit)}')}</title></circle>"
        for p in points
    ]
    end = points[-1]
    drawn.append(
        f'<text class="chart-total" x="{RIGHT + 3}%" y="{down(end.value) - 9:.1f}" '
        f'text-anchor="end" aria-hidden="true">{escape(value_text(end.value, line.unit))}</text>'
    )
    return Markup(  # noqa: S704 - every text in it went through escape()
        f'<svg role="img" width="100%" height="{BASE + SPACE}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-desc" focusable="false">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-desc">{escape(sentence(line, today))}</desc>'
        f'<line class="chart-axis" x1="0" x2="100%" y1="{down(0):.1f}" y2="{down(0):.1f}"/>'
        f"{''.join(drawn)}{_days(points, across, today)}</svg>"
    )


def sentence(line: Line, today: date) -> str:
    """Return what the picture says: how the newest piece moved, and that what was before does not compare."""
    piece = stretches(line.points)[-1]
    first, last = piece[0], piece[-1]
    now = f"{value_text(last.value, line.unit)} on {day(last.on, today)}"
    if len(piece) == 1:
        said = f"{now}."
    elif first.value == last.value:
        said = f"{now}, as on {day(first.on, today)}."
    else:
        way = "up" if last.value > first.value else "down"
        said = f"{now}, {way} from {value_text(first.value, line.unit)} on {day(first.on, today)}."
    if not line.steps:
        return said
    return f"{said} What was read before cannot be compared: {line.steps[-1].what}."


def rows(line: Line, today: date) -> list[list[str]]:
    """Return the table twin, the newest first: day, value, version and settings."""
    return [
        [day(p.on, today), value_text(p.value, line.unit), p.version, p.settings or "–"]
        for p in reversed(line.points)
    ]


HEAD = ["Day", "Value", "Version", "Settings"]


def step_lines(line: Line, today: date) -> list[str]:
    """Return a sentence for each place where the line breaks."""
    return [f"Between {day(s.before, today)} and {day(s.after, today)}: {s.what}." for s in line.steps]


def _strokes(points: tuple[Point, ...], across: Across, down: Down) -> list[str]:
    """Return the strokes between neighbours of each piece; between two pieces there is none."""
    return [
        f'<line class="chart-reading" x1="{across(a.on):.2f}%" y1="{down(a.value):.1f}" '
        f'x2="{across(b.on):.2f}%" y2="{down(b.value):.1f}"/>'
        for piece in stretches(points)
        for a, b in pairwise(piece)
    ]


def _step(number: int, at: float) -> str:
    x = f"{at:.2f}%"
    return (
        f'<line class="chart-reading-break" x1="{x}" x2="{x}" y1="16" y2="{BASE}"/>'
        f'<text class="chart-text" x="{x}" y="11" text-anchor="middle" aria-hidden="true">{number}</text>'
    )


def _days(points: tuple[Point, ...], across: Across, today: date) -> str:
    """Return the first and the last day under the axis."""
    ends = list(dict.fromkeys((points[0].on, points[-1].on)))
    anchors = ["start", "end"] if len(ends) == 2 else ["middle"]
    places = [LEFT - 3, RIGHT + 3] if len(ends) == 2 else [across(ends[0])]
    return "".join(
        f'<text class="chart-text" x="{x:.2f}%" y="{BASE + 17}" text-anchor="{anchor}" aria-hidden="true">'
        f"{escape(day(on, today))}</text>"
        for on, anchor, x in zip(ends, anchors, places, strict=True)
    )
