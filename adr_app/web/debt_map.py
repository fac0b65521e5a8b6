"""The debt map: what a fix costs against what is lost each month, with lines for when it has paid for itself.

Whatever stands above a line has paid for itself sooner. The lines take what is lost as it is now; growth and
what a fix leaves over are in each item's own numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from adr_app.web.axes import (
    LEFT,
    RIGHT,
    TOP,
    across,
    along,
    frame,
    grid,
    legend,
    line,
    round_steps,
    swatch,
    text,
)
from adr_app.web.debt_numbers import days
from adr_app.web.filters import plural

LINES = (3, 6, 12, 24)
"""Months after which a fix has paid for itself, one straight line for each."""

HEIGHT = 320
MOST_DOTS = 300
"""More dots than these hide each other; those that cost most each month are drawn."""

APART_ACROSS, APART_DOWN = 17, 15
"""Per cent and pixels that the words of two lines keep between them."""

TITLE = "What a fix costs, and what it costs not to fix"


@dataclass(frozen=True, slots=True)
class Dot:
    """One item on the map; efforts in hundredths of a working day. An empty `href` leads nowhere."""

    ref: str
    title: str
    cost: float
    loss: float
    is_carried: bool = False
    is_security: bool = False
    href: str = ""


def map_of(dots: Sequence[Dot], limit: int, *, name: str = "map") -> Markup:
    """Return the map of some items; the sentence counts those that pay within `limit` months."""
    drawn = shown(dots)
    xs = round_steps(max((dot.cost for dot in drawn), default=0) / 100)
    ys = round_steps(max((dot.loss for dot in drawn), default=0) / 100)
    body = [grid(ys, HEIGHT, "Working days lost each month"), along(xs, HEIGHT, "Working days to fix")]
    if drawn:
        body.append(_lines(xs[-1], ys[-1]))
        body += [_dot(dot, xs[-1] * 100, ys[-1] * 100) for dot in reversed(drawn)]
    else:
        body.append(text("Nothing is estimated yet", 50, TOP + HEIGHT / 2, kind="chart-empty"))
    role = "group" if any(dot.href for dot in drawn) else "img"
    return frame(name, TITLE, map_sentence(dots, limit), TOP + HEIGHT + 42, "".join(body), role)


def shown(dots: Sequence[Dot]) -> list[Dot]:
    """Return the dots that are drawn: all of them, or those that cost most each month."""
    return sorted(dots, key=lambda dot: (-dot.loss, dot.cost, dot.ref))[:MOST_DOTS]


def map_sentence(dots: Sequence[Dot], limit: int) -> str:
    """Return what the map says, in a sentence or two."""
    if not dots:
        return "No item that is still owed has an estimate."
    soon = sum(dot.loss * limit >= dot.cost for dot in dots)
    worst = max(dots, key=lambda dot: (dot.loss, dot.ref))
    items = "the one estimated item" if len(dots) == 1 else f"{len(dots):,} estimated items"
    if len(dots) == 1:
        said = f"A fix of the one estimated item {'pays' if soon else 'does not pay'} for itself within "
        said += f"{plural(limit, 'month')}."
    else:
        verb = "pays" if soon == 1 else "pay"
        said = f"{soon:,} of {items} {verb} for {'itself' if soon == 1 else 'themselves'} within "
        said += f"{plural(limit, 'month')} of a fix; most is lost to {worst.ref} {worst.title}."
    if len(dots) > MOST_DOTS:
        said += f" Drawn are the {MOST_DOTS} that cost most each month."
    return said


def map_head() -> list[str]:
    """Return the head of the table twin."""
    return ["Item", "Days to fix", "Days lost each month", "Has paid for itself after", "What it is"]


def map_rows(dots: Sequence[Dot]) -> list[list[str | Markup]]:
    """Return the table twin: a row for each dot drawn, what costs most first."""
    return [[_linked(dot), days(dot.cost), days(dot.loss), _pays(dot), _what(dot)] for dot in shown(dots)]


def map_legend() -> Markup:
    """Return what the shapes of the map mean."""
    return legend(
        [
            swatch('<circle class="chart-dot" cx="8" cy="8" r="5"/>', "Still owed"),
            swatch('<circle class="chart-dot-hollow" cx="8" cy="8" r="5"/>', "We live with it"),
            swatch('<rect class="chart-dot" x="3" y="3" width="10" height="10"/>', "Concerns security"),
            swatch('<line class="chart-even" x1="0" y1="14" x2="16" y2="2"/>', "Pays for itself after"),
        ]
    )


def _linked(dot: Dot) -> str | Markup:
    words = f"{dot.ref} {dot.title}"
    return Markup('<a href="{}">{}</a>').format(dot.href, words) if dot.href else words


def _pays(dot: Dot) -> str:
    if dot.loss <= 0:
        return "never"
    return plural(max(-(-int(dot.cost) // max(int(dot.loss), 1)), 1), "month")


def _what(dot: Dot) -> str:
    words = ["We live with it" if dot.is_carried else "Still owed"]
    return ", ".join([*words, "security"] if dot.is_security else words)


def _dot(dot: Dot, most_cost: float, most_loss: float) -> str:
    x, y = across(dot.cost / most_cost), TOP + HEIGHT * (1 - dot.loss / most_loss)
    kind = "chart-dot-hollow" if dot.is_carried else "chart-dot"
    told = f"{dot.ref} {dot.title}: {days(dot.cost)} to fix, {days(dot.loss)} lost each month"
    title = f"<title>{escape(told)}</title>"
    if dot.is_security:
        # A square about a place in per cent: the box is moved by a corner of its own.
        shape = (
            f'<svg class="chart-mark" x="{x:.2f}%" y="{y:.1f}" width="1" height="1">'
            f'<rect class="{kind}" x="-5" y="-5" width="10" height="10">{title}</rect></svg>'
        )
    else:
        shape = f'<circle class="{kind}" cx="{x:.2f}%" cy="{y:.1f}" r="5">{title}</circle>'
    if not dot.href:
        return shape
    # For a mouse: by keys, and read aloud, the table beneath has the same links without the positions.
    return f'<a href="{escape(dot.href)}" tabindex="-1" aria-label="{escape(told)}">{shape}</a>'


def _lines(most_cost: float, most_loss: float) -> str:
    """Return a line through the origin for each number of months, with its words where it leaves the plot.

    Where words would touch, those of the longer time stand: beneath that line a fix pays late.
    """
    parts: list[str] = []
    base = TOP + HEIGHT
    tops: list[float] = []
    sides: list[float] = []
    for months in reversed(LINES):
        loss = most_cost / months
        x = across(min(most_loss * months / most_cost, 1))
        y = base - HEIGHT * min(loss / most_loss, 1)
        parts.append(line("chart-even", LEFT, base, x, y))
        words = plural(months, "month")
        if loss > most_loss:
            if x <= RIGHT - 5 and all(abs(x - other) >= APART_ACROSS for other in tops):
                parts.append(text(words, x, TOP - 6, kind="chart-even-words"))
                tops.append(x)
        elif y <= base - 6 and all(abs(y - other) >= APART_DOWN for other in sides):
            parts.append(text(words, RIGHT, y - 5, "end", "chart-even-words"))
            sides.append(y)
    return "".join(parts)
