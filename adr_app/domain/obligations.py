"""Duties by law or contract: when each is due next, and what presses because of it, from its dates alone."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from adr_app.domain.first_role import HORIZON_DAYS
from adr_app.domain.pressures import KIND_WORDS, Pressure
from adr_app.domain.values import dataclass

SOURCES = {"law": "A law or an authority", "contract": "A contract or a customer"}
"""Where a duty comes from, by code."""

KINDS = {
    code: KIND_WORDS[code]
    for code in (
        *("compliance_deadline", "regulatory_requirement", "contract_security_terms"),
        *("customer_security_review", "customer_audit"),
    )
}
"""What a duty presses as, by code."""

LONGEST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as its dates are read: due on `first_on`, and then every `months` months (None: once).

    `met_until` is the latest day of those it was met for, `since` the day on which it was written down.
    """

    id: int
    name: str
    kind: str
    loses: str
    level: int
    reference: str
    first_on: date
    since: date
    months: int | None = None
    met_until: date | None = None

    @property
    def due_on(self) -> date | None:
        """The first day it is due on and not met for; None where it was due once and is met."""
        if self.met_until is None or self.met_until < self.first_on:
            return self.first_on
        if self.months is None:
            return None
        gone = (self.met_until.year - self.first_on.year) * 12 + self.met_until.month - self.first_on.month
        times = gone // self.months
        while (due := after_months(self.first_on, times * self.months)) <= self.met_until:
            times += 1
        return due

    def pressure(self, today: date) -> Pressure | None:
        """Return what presses because of it, from a year before its day on; else None."""
        due = self.due_on
        if due is None or due > today + timedelta(days=HORIZON_DAYS):
            return None
        return Pressure(
            key=f"duty-{self.id}",
            kind=self.kind,
            name=self.name,
            loses=self.loses,
            level=self.level,
            opened_on=max(self.since, due - timedelta(days=HORIZON_DAYS)),
            bites_on=due,
            evidence=self.reference,
        )


def after_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def pressures_of(duties: Iterable[Duty], today: date) -> list[Pressure]:
    """Return what presses because of duties on this day."""
    return [found for duty in duties if (found := duty.pressure(today)) is not None]


def recurrence(months: int | None) -> str:
    """Return how often a duty comes back, in words."""
    usual = {None: "once", 1: "every month", 3: "every quarter", 12: "every year"}
    return usual.get(months, f"every {months} months")
