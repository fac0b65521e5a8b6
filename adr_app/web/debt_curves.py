"""The picture of one item: what has been lost so far against what a fix costs, month by month.

Where the two lines cross, as much has been lost as a fix costs. The band is how far the estimate of what is
lost reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adr_app.web.axes import (
    TOP,
    across,
    along,
    bent,
    frame,
    grid,
    legend,
    line,
    month_steps,
    round_steps,
    swatch,
    text,
)
from adr_app.web.debt_numbers import days, months, working_days

HEIGHT = 240
TITLE = "What is lost if nothing is done"


@dataclass(frozen=True, slots=True)
class Curves:
    """What is lost by the end of each month from now on (0 first), the least and most of it, and the fix.

    Efforts are hundredths of a working day; `cost` is what a fix costs today, `crossing` is in months, None
    where the lines never meet.
    """

    lost: tuple[float, ...]
    least: tuple[float, ...]
    most: tuple[float, ...]
    cost: float
    crossing: float | None

    @property
    def has_range(self) -> bool:
        """Return whether the estimate of what is lost reaches from one number to another."""
        return self.least != self.most


def curves(drawn: Curves, *, name: str = "curves") -> Markup:
    """Return the picture of one item."""
    top = max(*drawn.lost, drawn.cost, *(drawn.most if drawn.has_range else ()), 1)
    # A band that reaches far above everything would press the crossing to the floor.
    ceiling = max(*drawn.lost, drawn.cost) * 2
    ys = round_steps(min(top, max(ceiling, 1)) / 100)
    last = len(drawn.lost) - 1
    xs = month_steps(last)
    wide, high = xs[-1], ys[-1] * 100
    inside = []
    if drawn.has_range:
        inside.append(f'<path class="chart-band" d="{_band(drawn.least, drawn.most, wide, high)}"/>')
    inside.append(f'<path class="chart-cost" d="{_path([drawn.cost] * len(drawn.lost), wide, high)}"/>')
    inside.append(f'<path class="chart-lost" d="{_path(drawn.lost, wide, high)}"/>')
    body = [
        grid(ys, HEIGHT, "Working days"),
        along(xs, HEIGHT, "Months from now"),
        bent("".join(inside), HEIGHT),
        _crossing(drawn, wide, high),
    ]
    return frame(name, TITLE, curves_sentence(drawn), TOP + HEIGHT + 42, "".join(body))


def curves_sentence(drawn: Curves) -> str:
    """Return what the picture says, in a sentence or two."""
    last = len(drawn.lost) - 1
    if drawn.lost[-1] <= 0:
        return "Nothing is lost each month, so it never costs as much as a fix."
    said = f"In {months(last)} {working_days(drawn.lost[-1])} will be lost"
    if drawn.has_range:
        said += f" (from {days(drawn.least[-1])} to {days(drawn.most[-1])})"
    if drawn.crossing is None:
        return f"{said}. That never comes to what a fix costs."
    return f"{said}. After {months(drawn.crossing)} it is as much as a fix costs."


def curves_head(drawn: Curves) -> list[str]:
    """Return the head of the table twin."""
    between = ["at least", "at most"] if drawn.has_range else []
    return ["Months from now", "Days lost so far", *between, "Days a fix costs today"]


def curves_rows(drawn: Curves) -> list[list[str]]:
    """Return the table twin: a row for each month."""
    rows = []
    for at, (lost, least, most) in enumerate(zip(drawn.lost, drawn.least, drawn.most, strict=True)):
        between = [days(least), days(most)] if drawn.has_range else []
        rows.append([str(at), days(lost), *between, days(drawn.cost)])
    return rows


def curves_legend(drawn: Curves) -> Markup:
    """Return what the lines and the band mean."""
    lines = [
        swatch('<line class="chart-lost" x1="0" y1="8" x2="16" y2="8"/>', "Lost so far"),
        swatch('<line class="chart-cost" x1="0" y1="8" x2="16" y2="8"/>', "What a fix costs today"),
    ]
    if drawn.has_range:
        lines.append(swatch('<rect class="chart-band" y="2" width="16" height="12"/>', "Least to most lost"))
    return legend(lines)


def _point(at: int, value: float, wide: float, high: float) -> str:
    return f"{100 * at / wide:.2f} {100 - 100 * value / high:.2f}"


def _path(values: Sequence[float], wide: float, high: float) -> str:
    return "M" + "L".join(_point(at, value, wide, high) for at, value in enumerate(values))


def _band(least: Sequence[float], most: Sequence[float], wide: float, high: float) -> str:
    back = [_point(at, value, wide, high) for at, value in reversed(list(enumerate(least)))]
    return _path(most, wide, high) + "L" + "L".join(back) + "Z"


def _crossing(drawn: Curves, wide: float, high: float) -> str:
    """Return the place where as much has been lost as a fix costs, if it lies within the plot."""
    last = len(drawn.lost) - 1
    if drawn.crossing is None or drawn.crossing > last or drawn.crossing <= 0:
        return ""
    x = across(drawn.crossing / wide)
    y = TOP + HEIGHT * (1 - drawn.cost / high)
    anchor, aside = ("end", -1.5) if x > 60 else ("start", 1.5)
    # The red line runs above the dashed one right of the crossing, so words there stand below both.
    beside = 16 if anchor == "start" else -10
    return (
        line("chart-drop", x, y, x, TOP + HEIGHT)
        + f'<circle class="chart-crossing" cx="{x:.2f}%" cy="{y:.1f}" r="5"/>'
        + text(f"after {months(drawn.crossing)}", x + aside, y + beside, anchor, "chart-total")
    )
