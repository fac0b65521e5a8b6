"""Readings of other tools on a system: what is kept of one, in words, and where a line of them breaks.

A reading is what a tool said on a day, with its version and its settings. It never becomes a debt item, and
two are compared only where neither changed: a jump that a new version made is nothing that happened to the
system.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

THOUSANDTHS = 1000
"""Values are whole thousandths of their unit, so that they have one spelling and add up."""

LARGEST = 10**15 * THOUSANDTHS
LONGEST_LINE = 200
LONGEST_SETTINGS = 500
MOST_METRICS = 60
"""Metrics of one tool that are taken at once."""

MOST_TOOLS = 20
"""Tools, or runs of one, in one file."""

EARLIEST = date(2000, 1, 1)

SONARQUBE = "SonarQube"

METRICS: dict[str, tuple[str, str]] = {
    "sqale_index": ("Time it gives for its findings on upkeep", "minutes"),
    "software_quality_maintainability_remediation_effort": (
        "Time it gives for its findings on upkeep",
        "minutes",
    ),
    "reliability_remediation_effort": ("Time it gives for its findings on faults", "minutes"),
    "software_quality_reliability_remediation_effort": (
        "Time it gives for its findings on faults",
        "minutes",
    ),
    "security_remediation_effort": ("Time it gives for its findings on security", "minutes"),
    "software_quality_security_remediation_effort": (
        "Time it gives for its findings on security",
        "minutes",
    ),
    "sqale_debt_ratio": ("Its findings on upkeep, against writing anew", "%"),
    "software_quality_maintainability_debt_ratio": ("Its findings on upkeep, against writing anew", "%"),
    "ncloc": ("Lines of code", "lines"),
    "coverage": ("Covered by tests", "%"),
    "duplicated_lines_density": ("Duplicated lines", "%"),
    "violations": ("Findings", "findings"),
    "code_smells": ("Findings on upkeep", "findings"),
    "software_quality_maintainability_issues": ("Findings on upkeep", "findings"),
    "bugs": ("Findings on faults", "findings"),
    "software_quality_reliability_issues": ("Findings on faults", "findings"),
    "vulnerabilities": ("Findings on security", "findings"),
    "software_quality_security_issues": ("Findings on security", "findings"),
    "security_hotspots": ("Places to check for security", "places"),
    "sarif_error": ("Findings it calls errors", "findings"),
    "sarif_warning": ("Findings it calls warnings", "findings"),
    "sarif_note": ("Findings it calls notes", "findings"),
    "sarif_suppressed": ("Findings set aside in the code", "findings"),
}
"""Metrics whose meaning is known here: in words, and the unit."""

_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,30})?(?:[eE]0)?")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: the tool's own name of the metric, its value in thousandths, the unit (may be empty)."""

    metric: str
    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one tool said at once: `on` is its day where the file says so, `passed_over` what is no number."""

    tool: str
    version: str
    settings: str
    measures: tuple[Measure, ...]
    on: date | None = None
    passed_over: tuple[str, ...] = ()


class Point(NamedTuple):
    """One value of a line: its day, its value in thousandths, and how the tool was then."""

    on: date
    value: int
    version: str
    settings: str


class Step(NamedTuple):
    """A place where a line breaks: from which day to which, and what changed in words."""

    before: date
    after: date
    what: str


def thousandths(text: str) -> int | None:
    """Return a number as whole thousandths, half rounded away from zero; None for none, or one too large."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lower().removesuffix("e0").lstrip("-").partition(".")
    digits = (part + "0000")[:4]
    value = (int(whole) * 10 * THOUSANDTHS + int(digits) + 5) // 10
    return sign * value if value <= LARGEST else None


def measure(metric: str, text: str) -> Measure | None:
    """Return a number that a tool gives for a metric, with the unit known for it; None for what is none."""
    value = thousandths(text)
    return None if value is None else Measure(metric, value, METRICS.get(metric, ("", ""))[1])


def words_of(metric: str) -> str:
    """Return what a metric says, in words; the tool's own name where it is not known here."""
    return METRICS[metric][0] if metric in METRICS else metric


def value_text(value: int, unit: str) -> str:
    """Return a value with its unit, as it is read: `1,250 lines`, `3.2 %`, minutes as `2 days 4 hours`.

    Days are of eight hours, as the tools count them.
    """
    if unit == "minutes" and value % THOUSANDTHS == 0 and value >= 60 * THOUSANDTHS:
        hours, minutes = divmod(value // THOUSANDTHS, 60)
        days, hours = divmod(hours, 8)
        parts = [(days, "day"), (hours, "hour"), (minutes if not days else 0, "minute")]
        return " ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in parts if n)
    number = plain_number(value)
    return f"{number} {unit if number != '1' or unit == '%' else unit.removesuffix('s')}".strip()


def plain_number(value: int) -> str:
    """Return a value in thousandths as a number: `1,250`, `3.2`, `-0.125`."""
    whole, part = divmod(abs(value), THOUSANDTHS)
    text = f"{whole:,}" + (f".{part:03d}".rstrip("0") if part else "")
    return f"-{text}" if value < 0 else text


def clean_line(text: str, field: str, most: int = LONGEST_LINE) -> str:
    """Return a line without needless space.

    :raises Invalid: under `field`, when it is too long or cannot be shown.
    """
    line = " ".join(clean_text(text, field).split())
    if len(line) > most:
        message = f"Shorten this to {most} characters; it has {len(line)}."
        raise Invalid(message, {field: message})
    return line


def completed(found: Reading, typed: Mapping[str, str], today: date) -> Reading:
    """Return a reading with what its file does not say: `version`, `settings` and `on`, as typed.

    What is typed for the version counts only where the file says none; settings are put beside its own.

    :raises Invalid: naming the field that is missing or cannot be saved.
    """
    version = found.version or clean_line(typed.get("version", ""), "version")
    if not version:
        message = f"The file does not say which version of {found.tool} it is from. Type it."
        raise Invalid("This cannot be saved yet.", {"version": message})
    said = clean_line(typed.get("settings", ""), "settings", LONGEST_SETTINGS)
    settings = "; ".join(part for part in (found.settings, said) if part)
    on = _day(typed.get("on", "")) or found.on or today
    if not EARLIEST <= on <= today:
        message = "That day has not come yet." if on > today else "No reading is as old as that."
        raise Invalid("This cannot be saved yet.", {"on": message})
    settings = clean_line(settings, "settings", 2 * LONGEST_SETTINGS)
    return Reading(found.tool, version, settings, found.measures, on, found.passed_over)


def stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Return a line's points, given by day, in pieces: a new one begins where version or settings change."""
    pieces: list[list[Point]] = []
    for point in points:
        if pieces and pieces[-1][-1][2:] == point[2:]:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return pieces


def steps(points: Sequence[Point]) -> list[Step]:
    """Return where a line breaks, and why."""
    return [
        Step(before[-1].on, after[0].on, difference(before[-1], after[0]))
        for before, after in pairwise(stretches(points))
    ]


def difference(before: Point, after: Point) -> str:
    """Return in words what of the tool changed between two points; empty where nothing did."""
    parts = []
    if before.version != after.version:
        parts.append(f"version {before.version} became {after.version}")
    if before.settings != after.settings:
        parts.append("its settings changed")
    return " and ".join(parts)


def one_a_day(points: Iterable[Point]) -> list[Point]:
    """Return the points of a line, given by day and then as they came: of a day only the last."""
    return list({point.on: point for point in points}.values())


def _day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "Type a day as year-month-day, such as 2026-11-24."
        raise Invalid("This cannot be saved yet.", {"on": message}) from None
