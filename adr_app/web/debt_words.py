"""What a debt costs, in sentences, wherever it is told: in working days and in the company's money."""

from flask import g

from adr_app.domain.debt import in_money
from adr_app.services.debt_links import Caused
from adr_app.web.filters import about_days, money, plural


def worth(effort: int | None) -> str:
    """Return an effort in the company's money, or nothing where it has no day rate."""
    company = g.viewer.company
    if effort is None or company.day_rate is None:
        return ""
    return money(in_money(effort, company.day_rate), company.currency)


def effort(hundredths: int) -> str:
    """Return an effort with its unit and, in brackets, its worth: “2.5 working days (€2,000)”."""
    words = f"{about_days(hundredths)} working day{'' if hundredths == 100 else 's'}"
    return f"{words} ({worth(hundredths)})" if worth(hundredths) else words


def caused_words(caused: Caused | None) -> str:
    """Return in sentences what a decision cost in debt; nothing where it caused none."""
    if caused is None:
        return ""
    found = []
    if caused.still_owed > caused.unestimated:
        found.append(
            f"Still owed because of it: {effort(caused.fix_days)} to fix, and {effort(caused.monthly_loss)} "
            "lost each month."
        )
    if caused.still_owed - caused.unestimated > 1:
        found.append("An upper figure: items overlap.")
    if caused.unestimated:
        found.append(f"{plural(caused.unestimated, 'item')} without an estimate.")
    if caused.repaid:
        took = f", which took {effort(caused.repaid_days)}" if caused.repaid_days else ""
        found.append(f"Repaid so far: {plural(caused.repaid, 'item')}{took}.")
    return " ".join(found)
