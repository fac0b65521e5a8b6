"""Taking everything along: all that somebody may see of a company's decisions, in one archive."""

from flask import Blueprint, g, send_file

from adr_app.domain.permissions import Act
from adr_app.services import exports
from adr_app.web.access import Answer, needs, now

pages = Blueprint("exports", __name__)


@pages.get("/<slug>/everything.zip")
@needs(Act.READ)
def everything(slug: str) -> Answer:
    """Send every decision that the viewer may see as files of MADR 4, and one table for spreadsheets.

    The work grows with the log, as it must; nothing is kept on the server.
    """
    held = exports.archive(g.viewer, now())
    return send_file(
        held,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{g.viewer.company.slug}-decisions.zip",
        etag=False,
        max_age=None,
    )
