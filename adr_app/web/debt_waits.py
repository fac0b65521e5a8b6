"""The rows of first screens about debts: what waits for somebody, and the one act at its end."""

from flask import url_for

from adr_app.services.debt_waits import Waits
from adr_app.services.homes import Mine
from adr_app.web.filters import day
from adr_app.web.home_rows import first_name, short
from adr_app.web.lines import Line

WORDS = {
    "obligation": ("It must be fixed", "Fix by {on}", "Look"),
    "carried": ("It is no longer to be lived with", "Since {on}", "Decide again"),
    "review": ("It was to be looked at again", "Look by {on}", "Look at it"),
    "check": ("It was repaid a month ago: has the loss gone?", "Since {on}", "Say so"),
}
"""What is said of a debt whose day has come, when, and the act, by what it asks for."""


def line(mine: Mine, waits: Waits, several: bool) -> Line:
    """Return one line of a debt that waits for the viewer."""
    company, item = waits.company, waits.item
    today = mine.today(company.id)
    href = url_for("debt.show", slug=company.slug, number=item.number)
    found = Line(company=company.name if several else "", ref=item.ref, title=item.title, href=href)
    if waits.carry is not None:
        who = first_name(waits.carry.asked_by.name)
        found["why"] = f"{who} asks to live with it until {day(waits.on, today)}: {short(waits.carry.reason)}"
        label = "Answer for security" if waits.what == "agree" else "Decide"
        found["act"] = Line(label=label, href=f"{href}#carry", primary=True)
        return found
    why, when, label = WORDS[waits.what]
    found |= {"why": why, "when": when.format(on=day(waits.on, today)), "late": waits.on < today}
    found["act"] = Line(label=label, href=f"{href}#what-now")
    return found
