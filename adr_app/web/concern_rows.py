"""The rows of first screens about concerns that block: what each says, and the one act at its end."""

from flask import url_for

from adr_app.services.homes import Mine, Row
from adr_app.web.filters import day
from adr_app.web.home_rows import Line, first_name, line_of

ACTS = {"answer": "Answer", "resolve": "Is it resolved?", "set-aside": "Look"}


def concern(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of a concern that waits for the viewer, with what they can do about it."""
    line, one = line_of(mine, row, several), row.about
    answered = row.what == "resolve"
    line["why"] = f"Answered: {one.concern}" if answered else f"{first_name(one.person.name)}: {one.concern}"
    line["when"] = f"Raised {day(one.at, mine.today(row.company.id), row.company.zone)}"
    place = {"slug": row.company.slug, "number": row.decision.number}
    href = url_for("decisions.show", **place, _anchor=f"said-{one.id}")
    line["act"] = {"label": ACTS[row.what], "href": href}
    return line
