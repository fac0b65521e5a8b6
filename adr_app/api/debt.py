"""Technical debt for programs: note an item, see what is owed."""

from typing import Any

from flask import Blueprint, current_app, g, jsonify, request
from werkzeug.wrappers import Response

from adr_app.api.access import needs, now, sent
from adr_app.domain.debt import OPEN, STATE_NAMES, effort_text
from adr_app.domain.permissions import Act
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem
from adr_app.models.debt_pages import page_of
from adr_app.services import debt
from adr_app.services.debt_rows import today_of

addresses = Blueprint("debt", __name__, url_prefix="/companies/<slug>/debt")


@addresses.get("")
@needs(Act.READ)
def index(slug: str) -> Response:
    """List what is still owed, what was noted last first, fifty at a time; `next` is `after` of the rest."""
    query = tables.listed(g.viewer.company.id, states=OPEN, today=today_of(g.viewer, now()))
    page = page_of(query, sort="reference", after=request.args.get("after", ""))
    return jsonify({"items": [_said(item) for item in page.items], "next": page.after or None})


@addresses.post("")
@needs(Act.NOTE_DEBT)
def note(slug: str) -> Response:
    """Note an item: `title`, and `system` and `symptoms` where known."""
    said = sent("title", "system", "symptoms")
    item = debt.note(
        g.viewer, title=said["title"], system=said["system"], symptoms=said["symptoms"], at=now()
    )
    return _made(_said(debt.find(g.viewer, item.number)))


def _said(item: DebtItem) -> dict[str, Any]:
    """Return an item as programs read it; efforts are in working days, and null where nobody said."""
    return {
        "reference": item.ref,
        "title": item.title,
        "standing": STATE_NAMES[item.standing(today_of(g.viewer, now()))],
        "system": item.system_name,
        "fix_days": _days(item.fix_days),
        "days_lost_a_month": _days(item.monthly_loss),
        "page": f"{current_app.config['ADR'].address}/{g.viewer.company.slug}/debt/{item.ref}",
    }


def _days(hundredths: int | None) -> float | None:
    return None if hundredths is None else float(effort_text(hundredths) or 0)


def _made(what: dict[str, Any]) -> Response:
    response = jsonify(what)
    response.status_code = 201
    return response
