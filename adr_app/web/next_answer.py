"""Where a vCISO goes after an answer: to the next review that waits, at whichever company it does."""

from typing import Any

from flask import url_for

from adr_app.models.decisions import Decision
from adr_app.services import desk, homes
from adr_app.web.access import me, now
from adr_app.web.filters import due_day
from adr_app.web.layout import mine


def after(decision: Decision) -> dict[str, Any] | None:
    """Return the next review as href, title, and the line beneath it, or None where nothing else waits."""
    person: Any = me()  # the page is for people who may judge here, so somebody is signed in
    mine_now = homes.mine(person, mine(), now())
    row = desk.next_answer(mine_now, besides=decision.id)
    if row is None:
        return None
    late = row.about.due_at <= now()
    due = due_day(row.about.due_at, row.company.zone, mine_now.today(row.company.id))
    where = [row.company.name] if len(mine_now.companies) > 1 else []
    return {
        "href": url_for("reviews.show", slug=row.company.slug, number=row.decision.number),
        "title": f"{row.decision.ref} {row.decision.title}",
        "line": " · ".join([*where, f"was due {due}" if late else f"answer by {due}"]),
    }
