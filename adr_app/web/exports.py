"""Taking things along: all that somebody may see of a company's decisions, or the file that one came from."""

import io
from pathlib import PurePosixPath

from flask import Blueprint, g, send_file

from adr_app.domain.permissions import Act
from adr_app.services import decision_rows, exports, source_files
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


@pages.get("/<slug>/decisions/<ref:number>/original")
@needs(Act.READ)
def original(slug: str, number: int) -> Answer:
    """Send the file that a decision came from, byte for byte; of one of several in a file its own part."""
    decision = decision_rows.find(g.viewer, number)
    path, content = source_files.original(decision)
    return send_file(
        io.BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{decision.ref}{PurePosixPath(path).suffix.lower()}",
        etag=False,
        max_age=None,
    )
