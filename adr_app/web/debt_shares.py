"""How much working time technical debt takes, month by month, against the company's own limit."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup, escape

from adr_app.web.axes import LEFT, RIGHT, TOP, frame, grid, line, round_steps, text
from adr_app.web.charts import NEAR_JANUARY
from adr_app.web.debt_numbers import share
from adr_app.web.filters import MONTHS
from adr_app.web.filters import month as month_name

HEIGHT = 180
TITLE = "Working time lost to debt, by month"


def shares_by_month(
    months: Sequence[date], shares: Sequence[int], limit: int | None, *, name: str = "shares"
) -> Markup:
    """Return a column for each month with its share of working time, in basis points, and the limit."""
    most = max([*shares, limit or 0, 100]) / 100
    ys = round_steps(most)
    high, slot = ys[-1] * 100, (RIGHT - LEFT) / max(len(months), 1)
    columns, words = [], []
    for at, (month, value) in enumerate(zip(months, shares, strict=True)):
        left, height = LEFT + slot * at, HEIGHT * value / high
        over, middle = limit is not None and value > limit, left + slot / 2
        told = escape(f"{month_name(month)}: {share(value)}")
        columns.append(
            f'<rect class="chart-share{"-over" if over else ""}" x="{left + slot * 0.16:.2f}%" '
            f'y="{TOP + HEIGHT - height:.1f}" width="{slot * 0.68:.2f}%" height="{height:.1f}">'
            f"<title>{told}</title></rect>"
        )
        if value:
            words.append(text(_short(value), middle, TOP + HEIGHT - height - 5, kind="chart-total"))
        words.append(text(MONTHS[month.month - 1], middle, TOP + HEIGHT + 16))
        if month.month == 1 or (at == 0 and month.month < NEAR_JANUARY):
            words.append(text(str(month.year), middle, TOP + HEIGHT + 31))
    bound = "" if limit is None else _bound(limit, TOP + HEIGHT * (1 - limit / high))
    body = [grid(ys, HEIGHT, "Per cent of all working days"), *columns, bound, *words]
    return frame(name, TITLE, shares_sentence(months, shares, limit), TOP + HEIGHT + 40, "".join(body))


def shares_sentence(months: Sequence[date], shares: Sequence[int], limit: int | None) -> str:
    """Return what the picture says, in a sentence or two."""
    if not any(shares):
        return "No working time was estimated as lost in these months."
    said = f"Debt takes {share(shares[-1])} of our working time now"
    if len(shares) > 1:
        said += f"; {len(shares) - 1} months ago it was {share(shares[0])}"
    if limit is None:
        return f"{said}."
    over = sum(value > limit for value in shares)
    if not over:
        return f"{said}. It was never above our limit of {share(limit)}."
    return f"{said}. It was above our limit of {share(limit)} in {over} of {len(shares)} months."


def shares_head() -> list[str]:
    """Return the head of the table twin."""
    return ["Month", "Of all working time", "Against our limit"]


def shares_rows(months: Sequence[date], shares: Sequence[int], limit: int | None) -> list[list[str]]:
    """Return the table twin: a row for each month, newest first."""

    def against(value: int) -> str:
        return "no limit" if limit is None else "above" if value > limit else "within"

    rows = [
        [month_name(month), share(value), against(value)] for month, value in zip(months, shares, strict=True)
    ]
    return rows[::-1]


def _bound(limit: int, y: float) -> str:
    """Return the company's limit: a broken line across, and what it is above the plot."""
    words = text(f"– – our limit {share(limit)}", RIGHT, 12, "end", "chart-bound-words")
    return line("chart-bound", LEFT, y, RIGHT, y) + words


def _short(points: int) -> str:
    """Return a share for a narrow column: whole per cent from ten on."""
    return f"{round(points / 100)}" if points >= 1000 else share(points).removesuffix(" %")
