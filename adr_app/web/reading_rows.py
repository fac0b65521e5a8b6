"""What pages show of the readings of other tools: the newest of each metric, and a picture of one."""

from typing import Any

from flask import g, url_for

from adr_app.domain.readings import value_text, words_of
from adr_app.domain.worktime import local_day
from adr_app.services.readings import Line, Newest, Sheet
from adr_app.web import reading_chart
from adr_app.web.access import now
from adr_app.web.filters import day


def shown(sheet: Sheet) -> dict[str, Any]:
    """Return what a page shows of a system's readings: rows of the newest ones, and a picture or None."""
    return {
        "newest": [_row(sheet.system.name, one, sheet.line) for one in sheet.newest],
        "picture": _picture(sheet.line) if sheet.line else None,
    }


def address_of(name: str, tool: str | None = None, metric: str | None = None) -> str:
    """Return the address of what other tools say of a system, perhaps with the line of one metric."""
    return url_for("readings.show", slug=g.viewer.company.slug, system=name, tool=tool, metric=metric)


def _row(system: str, one: Newest, line: Line | None) -> dict[str, Any]:
    if one.broken:
        change = f"not comparable: {one.broken}"
    elif one.change is None:
        change = "first reading"
    elif one.change == 0:
        change = "no change"
    else:
        way, before = "up" if one.change > 0 else "down", one.before.on if one.before else None
        unit = "points" if one.unit == "%" else one.unit  # the difference of two shares is no share
        change = f"{way} {value_text(abs(one.change), unit)} since {day(before)}"
    return {
        "tool": one.tool,
        "version": one.point.version,
        "words": words_of(one.metric),
        "metric": one.metric,
        "value": value_text(one.point.value, one.unit),
        "change": change,
        "on": one.point.on,
        "href": address_of(system, tool=one.tool, metric=one.metric),
        "current": line is not None and (one.tool, one.metric) == (line.tool, line.metric),
    }


def _picture(line: Line) -> dict[str, Any]:
    today = local_day(now(), g.viewer.company.zone)
    title = f"{words_of(line.metric)}, by {line.tool}"
    return {
        "title": title,
        "sentence": reading_chart.sentence(line, today),
        "drawing": reading_chart.line_chart(line, title, today=today),
        "head": reading_chart.HEAD,
        "body": reading_chart.rows(line, today),
        "steps": reading_chart.step_lines(line, today),
    }
