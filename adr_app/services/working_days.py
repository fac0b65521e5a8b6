"""A company's working days and holidays: chosen by whoever keeps its settings, followed by every due time."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import due_after_change
from adr_app.models.reviews import Review
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_HOLIDAYS = 400
LONGEST_NAME = 80
_LINE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[\s,;:–-]+(.*))?", re.ASCII)
_YEARS = range(2000, 2101)


def set_calendar(viewer: Viewer, week: Iterable[int], holidays: str, *, at: datetime) -> int | None:
    """Choose on which weekdays the company works, and its holidays, one to a line: “2026-12-25 Christmas”.

    Every answer that is waited for has as many working days left as before, by the new days. Appends
    `company.calendar-set`. Return how many answers are due on another day now, None where nothing is new.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: naming the lines that will not do.
    """
    viewer.require(Act.SETTINGS)
    days, named = _week(week), _holidays(holidays)
    wanted = {"week": days, "holidays": [[day, name] for day, name in sorted(named.items())]}
    if wanted == _chosen(viewer.company.calendar):
        return None
    with acting_as(viewer, at=at) as ledger:
        company = ledger.company
        was, company.calendar = company.working_calendar, wanted
        told = {"week": days, "holidays": sorted(named), "row": company.row_digest}
        moved = 0
        for review in _open(company.id):
            due = due_after_change(review.due_at, ledger.at, company.zone, was, company.working_calendar)
            if due != review.due_at:
                review.due_at = due
                review.save(only=[Review.due_at])
                moved += 1
        ledger.append("company.calendar-set", ("company", company.id), told)
    return moved


def _chosen(calendar: dict[str, object]) -> dict[str, object]:
    """Return what is stored in full: a company that never chose works from Monday to Friday."""
    return calendar or {"week": [0, 1, 2, 3, 4], "holidays": []}


def _open(company_id: int) -> list[Review]:
    """Return the reviews whose due time goes by working days; an emergency goes by the clock."""
    return list(
        Review.select().where(
            Review.company == company_id,
            Review.state.in_(("waiting", "question")),
            Review.emergency == False,  # noqa: E712
        )
    )


def _week(week: Iterable[int]) -> list[int]:
    days = sorted(set(week))
    if not days or days[0] < 0 or days[-1] >= len(WEEK):
        message = "Tick at least one day on which the company works."
        raise Invalid(message, {"week": message})
    return days


def _holidays(text: str) -> dict[str, str]:
    """Return the names of holidays by their ISO day.

    :raises Invalid: under `holidays`, naming the first line that will not do.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(clean_text(text, "holidays").splitlines(), 1):
        words = " ".join(line.split())
        if not words:
            continue
        match = _LINE.fullmatch(words)
        day = _day(match[1]) if match else None
        if match is None or day is None:
            _refuse(f"Line {number}: begin with a day, as in “2026-12-25 Christmas”.")
        elif len(match[2] or "") > LONGEST_NAME:
            _refuse(f"Line {number}: shorten the name to {LONGEST_NAME} characters.")
        elif day.isoformat() in found:
            _refuse(f"Line {number}: {day.isoformat()} is there twice.")
        else:
            found[day.isoformat()] = (match[2] or "").strip()
    if len(found) > MOST_HOLIDAYS:
        _refuse(f"Keep at most {MOST_HOLIDAYS} days; there are {len(found)}.")
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _refuse(message: str) -> None:
    raise Invalid(message, {"holidays": message})
