"""What may be typed about a technical debt, and what is saved of it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from adr_app.domain.debt import (
    CARES,
    GONE,
    INTENTS,
    KINDS,
    MAX_REASON,
    MAX_SYMPTOMS,
    MAX_SYSTEM,
    MAX_TITLE,
    WHAT_TO_GIVE,
    parse_effort,
)
from adr_app.domain.debt_estimates import parse_share
from adr_app.domain.digest import check_integer, clean_text
from adr_app.domain.errors import Invalid


def clean(typed: Mapping[str, str], needed: Collection[str] = ()) -> dict[str, Any]:
    """Return what was typed, cleaned: lines and text as NFC, efforts in hundredths, shares in basis points.

    Only the fields given are returned; empty efforts, shares, days and an empty owner are None.

    :raises Invalid: naming every field that cannot be saved, or is `needed` and empty, and what to do.
    """
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in typed.items():
        try:
            fields[name] = _CLEANERS[name](text)
        except Invalid as error:
            problems[name] = str(error)
    for name in needed:
        if name not in problems and fields.get(name) in (None, ""):
            problems[name] = WHAT_TO_GIVE[name]
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return fields


def _line(limit: int) -> Callable[[str], str]:
    def cleaner(text: str) -> str:
        line = " ".join(clean_text(text).split())
        if len(line) > limit:
            raise Invalid(f"Shorten this to {limit} characters; it has {len(line)}.")
        return line

    return cleaner


def _symptoms(text: str) -> str:
    cleaned = clean_text(text).strip("\n").rstrip()
    if len(cleaned) > MAX_SYMPTOMS:
        raise Invalid(f"Shorten this to {MAX_SYMPTOMS:,} characters; it has {len(cleaned):,}.")
    return cleaned


def _kind(text: str) -> str:
    if text not in KINDS:
        raise Invalid("Choose a kind from the list.")
    return text


def _one_of(codes: Collection[str]) -> Callable[[str], str]:
    def cleaner(text: str) -> str:
        if text and text not in codes:
            raise Invalid("Choose one of the answers.")
        return text

    return cleaner


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Type a day as year-month-day, such as 2026-11-24.") from None


def _month(text: str) -> date | None:
    """Return the first day of a typed month, such as `2026-11`; any day stands for its month."""
    typed = text.strip()
    try:
        found = _day(f"{typed}-01" if len(typed) == len("2026-11") else typed)
    except Invalid:
        raise Invalid("Type a month as year-month, such as 2026-11.") from None
    return found.replace(day=1) if found else None


def _share(text: str) -> int | None:
    return parse_share(text) if text.strip() else None


def _owner(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return check_integer(text, low=1, high=2**31 - 1)
    except Invalid:
        raise Invalid("Choose from the list.") from None


_CLEANERS: dict[str, Callable[[str], Any]] = {
    "title": _line(MAX_TITLE),
    "system": _line(MAX_SYSTEM),
    "symptoms": _symptoms,
    "impact": _line(MAX_REASON),
    "benefit": _line(MAX_REASON),
    "reason": _line(MAX_REASON),
    "kind": _kind,
    "intent": _one_of(INTENTS),
    "care": _one_of(CARES),
    "security": lambda text: text == "yes",
    "owner": _owner,
    "fix_days": parse_effort,
    "monthly_loss": parse_effort,
    "actual_days": parse_effort,
    "monthly_work": parse_effort,
    "review_on": _day,
    "obligation_on": _day,
    "until": _day,
    "retires_on": _day,
    "starts_on": _month,
    "gone": _one_of(GONE),
    "left_over": _share,
}
