"""Lost time for programs: report it on an item."""

from flask import Blueprint, g, jsonify
from werkzeug.wrappers import Response

from adr_app.api.access import needs, now, sent
from adr_app.domain.permissions import Act
from adr_app.services import debt, debt_reports

addresses = Blueprint("debt_reports", __name__, url_prefix="/companies/<slug>/debt/TD-<int:number>/reports")


@addresses.post("")
@needs(Act.NOTE_DEBT)
def report(slug: str, number: int) -> Response:
    """Report time lost to an item: `lost` in hours, and `text`, `fault` and `on` where known."""
    said = sent("lost", "text", "fault", "on", ticked=("fault",))
    made = debt_reports.report(g.viewer, number, said, at=now())
    item = debt.find(g.viewer, number)
    told = {"item": item.ref, "minutes": made.minutes, "on": made.lost_on.isoformat(), "fault": made.fault}
    response = jsonify(told)
    response.status_code = 201
    return response
