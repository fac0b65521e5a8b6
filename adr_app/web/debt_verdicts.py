"""What the verdict on a debt says: one sentence with its numbers, for somebody with little time."""

from datetime import date

from flask import g

from adr_app.domain.debt_estimates import DebtSettings
from adr_app.domain.debt_verdicts import Code, Owed, Verdict, pays_on
from adr_app.domain.money import minor_units
from adr_app.services.debt_numbers import Judged, settings_of
from adr_app.services.debt_rows import today_of
from adr_app.web.access import now
from adr_app.web.debt_numbers import long_day, months, weeks, working_days, years
from adr_app.web.filters import money, plural


def worth(effort: float, settings: DebtSettings, currency: str) -> str:
    """Return an effort in whole units of the company's money; in working days where it has no day rate."""
    if settings.day_rate is None:
        return working_days(effort)
    unit = minor_units(currency)
    return money(round(effort * settings.day_rate / 100 / unit) * unit, currency)


def said(found: Judged) -> str:
    """Return in one sentence why the verdict on an item of the viewer's company is what it is."""
    viewer = g.viewer
    today = today_of(viewer, now())
    return sentence_of(found.verdict, found.owed, settings_of(viewer), viewer.company.currency, today)


def sentence_of(verdict: Verdict, owed: Owed, settings: DebtSettings, currency: str, today: date) -> str:
    """Return why a verdict is what it is, with its numbers."""
    paid = pays_on(verdict.pays_after, today)
    saved = worth(abs(verdict.saved), settings, currency)
    after = months(verdict.pays_after)
    horizon, limit = years(settings.horizon), plural(settings.payback_limit, "month")
    match verdict.code:
        case Code.OBLIGATION:
            return _duty(verdict, owed)
        case Code.WRITE_OFF:
            return _retired(owed, paid, today)
        case Code.TOO_WIDE:
            last = (
                "perhaps never"
                if verdict.pays_last is None
                else f"perhaps only after {months(verdict.pays_last)}"
            )
            return (
                f"A fix pays for itself perhaps after {months(verdict.pays_first)}, {last}. "
                "Find out first what is really lost: let the team report it for four weeks."
            )
        case Code.REPAY:
            by = f", by {long_day(paid)}" if paid else ""
            return f"A fix pays for itself after {after}{by}, and saves {saved} within {horizon}."
        case Code.SCHEDULE if verdict.pays_after is None:
            return f"A fix saves {saved} within {horizon}."
        case Code.SCHEDULE:
            return (
                f"A fix saves {saved} within {horizon}, but pays for itself only after {after}; "
                f"our limit is {limit}."
            )
        case Code.CARRY if not verdict.delay:
            return "Nothing is lost each month, so a fix would not pay for itself."
        case Code.CARRY:
            pays = "never pays for itself" if verdict.pays_after is None else f"pays for itself after {after}"
            return f"A fix {pays}: within {horizon} it costs {saved} more than it saves."
    return "Two numbers tell what to do: how many days a fix takes, and how many are lost each month."


def _duty(verdict: Verdict, owed: Owed) -> str:
    due = long_day(owed.due) if owed.due else ""
    if verdict.case is None:
        late = f"It is {plural(verdict.days_late, 'day')} late. " if verdict.days_late else ""
        return f"It must be done by {due}. {late}How long a fix takes is not estimated yet."
    takes = f"a fix takes about {weeks(verdict.weeks)}"
    if verdict.days_late:
        return f"It must be done by {due}, and {takes}: the start is {plural(verdict.days_late, 'day')} late."
    start = long_day(verdict.must_start) if verdict.must_start else ""
    return f"It must be done by {due}. Work must start by {start}: {takes}."


def _retired(owed: Owed, paid: date | None, today: date) -> str:
    ends = owed.limits.retires_on
    when = f"on {long_day(ends)}" if ends else ""
    if ends and ends <= today:
        return f"Its system was to be switched off {when}. Write it off, or correct that day."
    before = f"a fix has paid for itself on {long_day(paid)}" if paid else "a fix would ever pay for itself"
    return f"Its system is switched off {when}, before {before}."
