"""When a debt that concerns security has no plan: spans from its own acts and its company's.

Such a debt has a plan once somebody answers for it and a day stands by which it is fixed or begun, and while
leadership lives with it until a day. Acts from before this could be said tell nothing of it and flag nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from adr_app.domain.events import Happening
from adr_app.domain.flag_rules import RULES
from adr_app.domain.flags import Span
from adr_app.domain.timeline import NEW
from adr_app.domain.timeline_acts import UNREADABLE, follow_company
from adr_app.domain.timeline_states import CompanyState
from adr_app.domain.values import dataclass
from adr_app.domain.worktime import end_of_day

UNPLANNED = RULES["debt-security-unplanned"]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the last act said of a debt that concerns security; `carried` is when its time is over."""

    is_open: bool
    planned: bool
    carried: datetime | None

    def is_on(self, at: datetime) -> bool:
        """Return whether the flag is on from a moment on, if nothing else is told."""
        return self.is_open and not self.planned and (self.carried is None or self.carried <= at)


def debt_spans(debt_id: int, happenings: Iterable[Happening], company: CompanyState = NEW) -> list[Span]:
    """Return the flags of one debt item from its own acts and its company's, in the order of the record.

    `company` is what the company's acts before these came to.
    """
    spans: list[Span] = []
    told: _Told | None = None
    begun: tuple[datetime, str] | None = None
    for act in happenings:
        if told is not None and begun is None:
            begun = _came_back(told, act.at, company)
        company = follow_company(company, act)
        if act.subject == ("debt", debt_id) and "security" in act.data:
            told = _read(act.data["security"], company.zone)
        on = told is not None and told.is_on(act.at)
        severity = UNPLANNED.severity_at(0, company.raised(UNPLANNED.code))
        if begun is not None and (not on or begun[1] != severity):
            spans.append(_span(begun, act.at, "changed" if on else UNPLANNED.ended))
            begun = None
        if on and begun is None:
            begun = (act.at, severity)
    if told is not None and begun is None:
        begun = _came_back(told, None, company)
    if begun is not None:
        spans.append(_span(begun, None, None))
    return spans


def _came_back(told: _Told, before: datetime | None, company: CompanyState) -> tuple[datetime, str] | None:
    """Return the flag's beginning where the time for which a debt is lived with is over before a moment."""
    over = told.carried
    if over is None or not told.is_on(over) or (before is not None and over >= before):
        return None
    return over, UNPLANNED.severity_at(0, company.raised(UNPLANNED.code))


def _read(said: Any, zone: str) -> _Told | None:
    """Return what an act tells of a debt that concerns security; None for any other, or unreadable."""
    if said is None:
        return None
    try:
        until = date.fromisoformat(said["carried"]) if said["carried"] else None
        over = end_of_day(until, zone) if until else None
        return _Told(bool(said["open"]), bool(said["planned"]), over)
    except UNREADABLE:
        return None


def _span(begun: tuple[datetime, str], ends: datetime | None, ended: str | None) -> Span:
    starts, severity = begun
    return Span("flag", UNPLANNED.code, severity, starts, ends, "", {}, ended)
