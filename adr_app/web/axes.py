"""What pictures with two axes share: the frame, round numbers for an axis, lines and words beside them.

Across, a place is in per cent of the drawing; up and down it is pixels, so text keeps its size on a telephone
and on a projector. What has to bend (a curve, a band) is drawn in a box of its own that stretches.
"""

from collections.abc import Sequence
from math import floor, log10

from markupsafe import Markup, escape

LEFT, RIGHT = 8.0, 97.0
"""Where the plot begins and ends, in per cent of the drawing: room for the numbers of an axis."""

TOP = 30
"""Pixels above the plot: room for what an axis counts, and for the words of lines that leave upwards."""


def round_steps(most: float, steps: int = 4) -> list[float]:
    """Return round numbers from 0 on that reach `most`, about `steps` of them: steps of 1, 2 or 5."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / steps
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.999_999)
    count = int(-(-most // step)) if most / step > 1 else 1
    return [round(step * at, 6) for at in range(count + 1)]


def month_steps(last: int) -> list[float]:
    """Return the months that an axis names, from 0 to `last` or just beyond it: by years and their parts."""
    step = next(step for step in (1, 3, 6, 12, 24) if last <= step * 6 or step == 24)
    return [float(at) for at in range(0, last + step, step)]


def across(share: float) -> float:
    """Return where a share of the plot's width lies, in per cent of the drawing."""
    return LEFT + (RIGHT - LEFT) * share


def plain(value: float) -> str:
    """Return a number as it stands at an axis: no more decimals than it needs."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def frame(name: str, title: str, sentence: str, height: int, body: str, role: str = "img") -> Markup:
    """Return a drawing as markup, with its name and its sentence for those who do not see it.

    A drawing with links in it has the role of a group: an image has no parts.
    """
    return Markup(  # noqa: S704 - words are escaped, bodies are put together from escaped ones
        f'<svg role="{role}" width="100%" height="{height}" aria-labelledby="{escape(name)}-title '
        f'{escape(name)}-desc" focusable="false"><title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-desc">{escape(sentence)}</desc>{body}</svg>'
    )


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a straight line from one place to another, with a class of the stylesheet."""
    return f'<line class="{kind}" x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}"/>'


def text(words: str, x: float, y: float, anchor: str = "middle", kind: str = "chart-text") -> str:
    """Return words at a place; a screen reader has the sentence instead."""
    return (
        f'<text class="{kind}" x="{x:.2f}%" y="{y:.1f}" text-anchor="{anchor}" aria-hidden="true">'
        f"{escape(words)}</text>"
    )


def grid(steps: Sequence[float], height: int, counted: str) -> str:
    """Return the lines across the plot with their numbers, and above them what they count."""
    parts = [text(counted, 0, 12, "start")]
    for value in steps:
        y = TOP + height * (1 - value / steps[-1])
        parts.append(line("chart-axis" if value == 0 else "chart-grid", LEFT, y, RIGHT, y))
        parts.append(text(plain(value), LEFT - 1, y + 4, "end"))
    return "".join(parts)


def along(steps: Sequence[float], height: int, counted: str) -> str:
    """Return the numbers beneath the plot, and beneath them what they count."""
    base = TOP + height
    numbers = [text(plain(value), across(value / steps[-1]), base + 16) for value in steps]
    return "".join(numbers) + text(counted, RIGHT, base + 34, "end")


def bent(body: str, height: int) -> str:
    """Return a box over the plot in which curves are drawn from 0 to 100 either way, y downwards."""
    return (
        f'<svg x="{LEFT}%" y="{TOP}" width="{RIGHT - LEFT}%" height="{height}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none">{body}</svg>'
    )


def swatch(drawing: str, words: str) -> str:
    """Return a line of a legend: a small drawing in a box of sixteen and its words."""
    return f'<li><svg viewBox="0 0 16 16" aria-hidden="true">{drawing}</svg>{escape(words)}</li>'


def legend(swatches: Sequence[str]) -> Markup:
    """Return the lines of a legend as one list."""
    return Markup(f'<ul class="legend">{"".join(swatches)}</ul>')  # noqa: S704 - swatches are escaped


def span_bar(start: int, end: int, steps: int, words: str) -> Markup:
    """Return a bar over some of many equal steps, both ends counted; `words` say which."""
    left, width = 100 * start / steps, 100 * (end - start + 1) / steps
    return Markup(  # noqa: S704 - words are escaped
        f'<svg class="span-bar" role="img" width="100%" height="14" aria-label="{escape(words)}">'
        f'<rect class="chart-track" x="0" y="4" width="99.6%" height="6" rx="2"/>'
        f'<rect class="chart-share" x="{left:.2f}%" y="2" width="{width:.2f}%" height="10" rx="2"/></svg>'
    )
