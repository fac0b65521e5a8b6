"""The living page of the design language: every component with the words of a real day."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template

from adr_app.domain.permissions import Public
from adr_app.web import charts
from adr_app.web.access import needs

pages = Blueprint("patterns", __name__)

YEAR = tuple(date(2025 + (11 + at) // 12, (11 + at) % 12 + 1, 1) for at in range(12))
SERIES = charts.input_series(
    before=(0, 0, 1, 1, 0, 2, 3, 2, 2, 3, 4, 3),
    meeting=(0, 0, 0, 1, 0, 0, 1, 0, 1, 2, 1, 1),
    after=(0, 0, 2, 1, 0, 1, 0, 1, 0, 0, 1, 0),
    none=(0, 0, 3, 2, 2, 3, 1, 1, 1, 2, 0, 1),
)
NOTHING = charts.input_series((0,) * 12, (0,) * 12, (0,) * 12, (0,) * 12)


def examples() -> dict[str, Any]:
    """Return the pictures of the living page, drawn from made-up counts."""
    return {
        "drawing": charts.stacked_months(YEAR, SERIES),
        "legend": charts.legend(SERIES),
        "sentence": charts.months_sentence(YEAR, SERIES),
        "head": charts.month_head(SERIES),
        "body": charts.month_rows(YEAR, SERIES),
        "empty_drawing": charts.stacked_months(YEAR, NOTHING, name="begun"),
        "empty_sentence": charts.months_sentence(YEAR, NOTHING),
        "share": charts.share_bar(600, 4000, limit=500, words="6 of 40 working days a month; our limit is 5"),
    }


@pages.get("/design-language")
@needs(Public.ANYBODY)
def show() -> str:
    """Show every component."""
    return render_template("patterns/show.html", **examples())
