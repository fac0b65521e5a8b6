"""Pictures drawn on the server as SVG: plain data in, markup out, no colour and no style inside.

Every fill is a class of the stylesheet, so that dark mode, print and high contrast follow by themselves, and
every series has a texture of its own, so that a black-and-white copy still tells them apart. Positions across
are in per cent and text keeps its size, so one drawing serves a telephone and a projector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from adr_app.web.filters import MONTHS
from adr_app.web.filters import month as month_name

TEXTURES = frozenset({"meeting", "after"})

PLOT_TOP = 22
PLOT_HEIGHT = 150
EMPTY_HEIGHT = 56
AXIS_SPACE = 36
BASE = PLOT_TOP + PLOT_HEIGHT
NEAR_JANUARY = 11
"""From this month on, January's own year stands so close that a second one would touch it."""
GAP = 1.5
"""Pixels between two stacked segments, so that their edges stay apart."""


@dataclass(frozen=True, slots=True)
class Series:
    """One layer of the stack: `key` is before, meeting, after or none; `counts` has one number a month."""

    key: str
    words: str
    counts: tuple[int, ...]


def input_series(
    before: Sequence[int], meeting: Sequence[int], after: Sequence[int], none: Sequence[int]
) -> tuple[Series, ...]:
    """Return the four layers of *security input by month*, bottom first, with their words."""
    return (
        Series("before", "Before we decided", tuple(before)),
        Series("meeting", "In the meeting, confirmed", tuple(meeting)),
        Series("after", "Only afterwards", tuple(after)),
        Series("none", "No vCISO input", tuple(none)),
    )


def stacked_months(months: Sequence[date], series: Sequence[Series], *, name: str = "input") -> Markup:
    """Return a stacked column for each month; `name` keeps the ids of two drawings on a page apart.

    :raises ValueError: when a series has not one count for each month.
    """
    if any(len(layer.counts) != len(months) for layer in series):
        raise ValueError("every series needs one count for each month")
    totals = _totals(months, series)
    base = PLOT_TOP + (PLOT_HEIGHT if any(totals) else EMPTY_HEIGHT)
    body = _columns(months, series, totals, name) if any(totals) else _nothing()
    return Markup(  # noqa: S704 - every text in it went through escape()
        f'<svg role="img" width="100%" height="{base + AXIS_SPACE}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-desc" focusable="false">'
        f'<title id="{escape(name)}-title">Security input by month</title>'
        f'<desc id="{escape(name)}-desc">{escape(months_sentence(months, series))}</desc>'
        f"{_patterns(series, name)}{body}"
        f'<line class="chart-axis" x1="0" x2="100%" y1="{base}" y2="{base}"/>'
        f"{_month_names(months, base)}</svg>"
    )


def months_sentence(months: Sequence[date], series: Sequence[Series]) -> str:
    """Return what the picture says, in a sentence or two."""
    totals = _totals(months, series)
    if not any(totals):
        return "No decision was made in these months."
    by_key = {layer.key: sum(layer.counts) for layer in series}
    total, without = sum(totals), by_key.get("none", 0)
    in_time = by_key.get("before", 0) + by_key.get("meeting", 0)
    span = f"In the last {len(months)} months" if len(months) > 1 else "This month"
    if in_time == total:
        return f"{span}, {_all(total)} had vCISO input."
    said = f"{span}, {in_time} of {total} decisions had vCISO input in time."
    if without == 0:
        return f"{said} The others were looked at afterwards."
    return f"{said} {without} still {'has' if without == 1 else 'have'} none."


def month_rows(months: Sequence[date], series: Sequence[Series]) -> list[list[str]]:
    """Return the table twin: a row for each month, newest first, with its name, every count and the total."""
    totals = _totals(months, series)
    rows = [
        [month_name(month), *(str(layer.counts[at]) for layer in series), str(totals[at])]
        for at, month in enumerate(months)
    ]
    return rows[::-1]


def month_head(series: Sequence[Series]) -> list[str]:
    """Return the head of the table twin."""
    return ["Month", *(layer.words for layer in series), "All"]


def legend(series: Sequence[Series], *, name: str = "input") -> Markup:
    """Return the words of every layer beside a swatch of its texture, the top of the stack first."""
    entries = []
    for layer in reversed(series):
        swatch = _segment(layer.key, f"{name}-legend", "1", "14", 1, 14, "")
        texture = _patterns([layer], f"{name}-legend")
        drawing = f'<svg viewBox="0 0 16 16" aria-hidden="true">{texture}{swatch}</svg>'
        entries.append(f"<li>{drawing}{escape(layer.words)}</li>")
    return Markup(f'<ul class="legend">{"".join(entries)}</ul>')  # noqa: S704 - words are escaped above


def share_bar(value: int, whole: int, *, limit: int | None = None, words: str, name: str = "share") -> Markup:
    """Return a bar of `value` in `whole` with a stroke at `limit`, all in one unit; `words` say it.

    :raises ValueError: when `whole` is not positive or a number is negative.
    """
    if whole <= 0 or value < 0 or (limit is not None and limit < 0):
        raise ValueError("a share needs a positive whole and no negative part")
    over = limit is not None and value > limit
    mark = ""
    if limit is not None:
        at = _percent(min(limit, whole), whole)
        mark = f'<line class="chart-limit" x1="{at}" x2="{at}" y1="0" y2="22"/>'
    return Markup(  # noqa: S704 - words are escaped
        f'<svg role="img" width="100%" height="22" aria-labelledby="{escape(name)}-title" focusable="false">'
        f'<title id="{escape(name)}-title">{escape(words)}</title>'
        f'<rect class="chart-track" x="0" y="5" width="100%" height="12" rx="2"/>'
        f'<rect class="chart-share{"-over" if over else ""}" x="0" y="5" '
        f'width="{_percent(min(value, whole), whole)}" height="12" rx="2"/>{mark}</svg>'
    )


def _totals(months: Sequence[date], series: Sequence[Series]) -> list[int]:
    return [sum(layer.counts[at] for layer in series) for at in range(len(months))]


def _columns(months: Sequence[date], series: Sequence[Series], totals: list[int], name: str) -> str:
    """Return one stack for each month; the highest month fills the plot."""
    highest = max(totals)
    slot = 100 / len(months)
    parts: list[str] = []
    for at, month in enumerate(months):
        bottom = float(BASE)
        for layer in series:
            count = layer.counts[at]
            if not count:
                continue
            height = PLOT_HEIGHT * count / highest
            bottom -= height
            title = f"{month_name(month)}: {count} – {layer.words}"
            left = f"{slot * at + slot * 0.16:.2f}%"
            drawn = max(height - GAP, 1)
            parts.append(_segment(layer.key, name, left, f"{slot * 0.68:.2f}%", bottom, drawn, title))
        if totals[at]:
            middle = f"{slot * (at + 0.5):.2f}%"
            parts.append(
                f'<text class="chart-total" x="{middle}" y="{bottom - 6:.1f}" text-anchor="middle" '
                f'aria-hidden="true">{totals[at]}</text>'
            )
    return "".join(parts)


def _segment(key: str, name: str, left: str, width: str, top: float, height: float, title: str) -> str:
    """Return one piece: its ground and, where the series has one, its texture above."""
    place = f'x="{left}" y="{top:.1f}" width="{width}" height="{height:.1f}" rx="1"'
    said = f"<title>{escape(title)}</title>" if title else ""
    texture = ""
    if key in TEXTURES:
        texture = f'<rect class="chart-cover" {place} fill="url(#{escape(name)}-{escape(key)})">{said}</rect>'
    return f'<rect class="chart-{escape(key)}" {place}>{said}</rect>{texture}'


def _patterns(series: Sequence[Series], name: str) -> str:
    """Return the textures: slanted lines for a meeting, dots for afterwards."""
    drawn = {
        "meeting": '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path class="chart-weave chart-weave-meeting" d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5"/></pattern>',
        "after": '<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<circle class="chart-dot-after" cx="2.5" cy="2.5" r="1.1"/></pattern>',
    }
    used = [
        drawn[layer.key].format(id=escape(f"{name}-{layer.key}")) for layer in series if layer.key in TEXTURES
    ]
    return f"<defs>{''.join(used)}</defs>" if used else ""


def _month_names(months: Sequence[date], base: int) -> str:
    """Return the months under the axis; the year stands under January and, where none is near, the first."""
    parts = []
    slot = 100 / max(len(months), 1)
    for at, month in enumerate(months):
        middle = f"{slot * (at + 0.5):.2f}%"
        text = f'<text class="chart-text" x="{middle}" text-anchor="middle" aria-hidden="true"'
        parts.append(f'{text} y="{base + 15}">{MONTHS[month.month - 1]}</text>')
        if month.month == 1 or (at == 0 and month.month < NEAR_JANUARY):
            parts.append(f'{text} y="{base + 30}">{month.year}</text>')
    return "".join(parts)


def _nothing() -> str:
    return (
        f'<text class="chart-empty" x="50%" y="{PLOT_TOP + EMPTY_HEIGHT // 2}" text-anchor="middle">'
        "No decisions in these months</text>"
    )


def _all(total: int) -> str:
    return "the one decision" if total == 1 else f"all {total} decisions"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%"
