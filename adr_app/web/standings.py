"""A decision's security standing in the words and dates of whoever reads it."""

from datetime import UTC, date, datetime
from typing import Any

from adr_app.domain.standing_words import MARKS, STANDINGS, words_of
from adr_app.models.flags import SpanRow
from adr_app.web.filters import day, due_day

OPEN = "open"
"""The component's name for the mark of what is neither decided nor asked yet."""


def mark_of(span: SpanRow | None) -> str:
    """Return the mark of a standing as the components name it; without a span nothing was asked."""
    code = STANDINGS[span.code].mark if span is not None else "not-asked"
    return OPEN if code == "not-asked" else code


def fact_of(span: SpanRow | None, today: date, zone: str) -> str:
    """Return the exact standing, such as “Asked, answer due Fri 27 Nov”."""
    if span is None:
        return "Not asked yet"
    detail: dict[str, Any] = dict(span.detail or {})
    say = {
        key: _day_of(detail[key], key in ("due", "until") or span.code == "expired", today, zone)
        for key in ("asked", "due", "on", "until")
        if isinstance(detail.get(key), int)
    }
    return words_of(span.code, span.why, detail, say)


def _day_of(epoch: int, is_end: bool, today: date, zone: str) -> str:
    at = datetime.fromtimestamp(epoch, UTC)
    return due_day(at, zone, today) if is_end else day(at, today, zone)


def line_of(span: SpanRow | None, today: date, zone: str) -> str:
    """Return what stands beneath the mark in a list: the exact standing, less the mark's own words."""
    words = fact_of(span, today, zone)
    if span is None:
        return ""
    mark = MARKS[STANDINGS[span.code].mark]
    return "" if words == mark else words.removeprefix(f"{mark} · ").removeprefix(f"{mark}, ")
