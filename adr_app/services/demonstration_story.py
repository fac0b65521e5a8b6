"""What every story of the demonstration is told with: moments of working days, and acts of its people."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.people import Company, Person
from adr_app.services import companies, company_settings, engagements, people
from adr_app.services.demonstration_cast import Member
from adr_app.services.people import Viewer

ZONE = "Europe/Berlin"
NO, YES = "no", "yes"


class Story:
    """A company's past: each line happens some days before now, during the working day."""

    def __init__(self, everybody: dict[str, Person], now: datetime) -> None:
        self.everybody = everybody
        self.now = now
        self.company: Company | None = None
        self.clock = now - timedelta(days=200)

    def when(self, days_ago: float) -> datetime:
        """Return a moment of a working day that long before now, never before the story's last line.

        Whole days name the day, nine o'clock; the fraction by which it is less is the way to five o'clock.
        """
        whole = ceil(days_ago)
        day = self.working_day(whole)
        morning = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        told = morning + timedelta(seconds=int((whole - days_ago) * 8 * 3600))
        self.clock = max(self.clock + timedelta(minutes=7), told)
        return self.clock

    def found(self, name: str, first: Member, days_ago: float, **settings: Any) -> None:
        """Found the company with its leader as first person."""
        at = self.when(days_ago)
        self.company = companies.found(
            name,
            at=at,
            first=self.everybody[first.email],
            roles=[Role.LEADER, Role.ADMIN],
            zone=ZONE,
            go_live_on=local_day(at, ZONE),
        )
        company_settings.change_settings(
            self.as_(first, at), at=self.when(days_ago), name=name, currency="EUR", **settings
        )

    def as_(self, member: Member, at: datetime) -> Viewer:
        """Return a member of the cast at this company."""
        if self.company is None:
            raise RuntimeError("the company is founded first")
        return people.viewer(self.everybody[member.email], self.company.slug, at)

    def act(
        self, days_ago: float, member: Member, verb: Callable[..., Any], *args: Any, **values: Any
    ) -> Any:
        """Let a member do something at a moment of the story."""
        at = self.when(days_ago)
        return verb(self.as_(member, at), *args, at=at, **values)

    def appoint(self, days_ago: float, by: Member, member: Member, role: Role) -> None:
        """Let somebody appoint a member of the cast."""
        self.act(days_ago, by, engagements.appoint, role=role, email=member.email, name=member.name)

    def id_of(self, member: Member) -> str:
        """Return the id of a member of the cast, as a form would send it."""
        return str(self.everybody[member.email].id)

    def day(self, days_ahead: int) -> date:
        """Return the local day that many days from now (negative: ago)."""
        return local_day(self.now, ZONE) + timedelta(days=days_ahead)

    def working_day(self, days_ago: int) -> date:
        """Return the local day that long ago, or the Friday before it."""
        day = self.day(-days_ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def end_of_march(self) -> date:
        """Return the next last day of March."""
        this = self.day(0).replace(month=3, day=31)
        return this if self.day(0) <= this else this.replace(year=this.year + 1)

    def answers(
        self, data: str = NO, access: str = NO, outside: str = NO, undo: str = NO, **more: str
    ) -> dict[str, str]:
        """Return answers to the four first questions, and to any of those behind them."""
        return {"data": data, "access": access, "outside": outside, "undo": undo, **more}
