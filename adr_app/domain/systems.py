"""What may be said of a system beside its name: how big it is, when it ends, and what it is to be."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from adr_app.domain.debt import parse_effort
from adr_app.domain.errors import Invalid

CRITICALITY = {
    "low": "A day without it is a nuisance",
    "medium": "A day without it costs money",
    "high": "Without it we stop",
}
"""How much depends on a system, by code."""

GOALS = {"hold": "Kept as it is", "improve": "Made better"}
"""What is to become of a system, by code."""

YEARS_AHEAD = 30
"""How far ahead a system's end may be known."""


def clean_system(typed: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return what was typed of a system: efforts in hundredths of a working day, the end as a day.

    What is empty is not known. A day that is past is accepted: systems end, and their debt then remains to
    be written off.

    :raises Invalid: naming every field that will not do.
    """
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, reader in _READERS.items():
        try:
            fields[name] = reader(typed.get(name, "").strip())
        except Invalid as refusal:
            problems[name] = str(refusal)
    if fields.get("rebuild") == 0:
        problems["rebuild"] = "Building it anew takes some time. Leave it empty where nobody knows."
    ends = fields.get("retires_on")
    if ends is not None and not today.year - YEARS_AHEAD <= ends.year <= today.year + YEARS_AHEAD:
        problems["retires_on"] = f"Choose a day within {YEARS_AHEAD} years of today."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return fields


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Type a day as year-month-day, such as 2026-11-24.") from None


def _one_of(codes: Mapping[str, str]) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text and text not in codes:
            raise Invalid("Choose one of the answers.")
        return text

    return reader


_READERS: dict[str, Callable[[str], Any]] = {
    "rebuild": parse_effort,
    "effort": parse_effort,
    "retires_on": _day,
    "criticality": _one_of(CRITICALITY),
    "goal": _one_of(GOALS),
}
