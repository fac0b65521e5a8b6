"""The table of technical debt: sent for spreadsheets, and taken in after a look at what it would do."""

import io

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from adr_app.domain.debt_csv import MOST_BYTES, MOST_ROWS, Unreadable
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.services import debt_csv
from adr_app.web.access import Answer, needs, now, takes

pages = Blueprint("debt_csv", __name__, url_prefix="/<slug>/debt")


@pages.get("/table.csv")
@needs(Act.READ)
def export(slug: str) -> Answer:
    """Send every item with all its fields as a table."""
    return _sent("".join(debt_csv.export(g.viewer, now())), "debt")


@pages.get("/template.csv")
@needs(Act.READ)
def template(slug: str) -> Answer:
    """Send an empty table to fill in, with one row as an example."""
    return _sent(debt_csv.template(g.viewer), "debt-template")


@pages.get("/import")
@needs(Act.IMPORT)
def choose(slug: str) -> str:
    """Show the form that takes a table, and what it may hold."""
    return _page()


@pages.post("/import")
@needs(Act.IMPORT)
@takes(MOST_BYTES + 65_536)
def look(slug: str) -> Answer:
    """Show what a table would do, cell by cell where something is wrong; nothing is stored."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(errors={"file": "Choose the table, a CSV file."}), 422
    content = file.stream.read(MOST_BYTES + 1)
    try:
        done = debt_csv.load(g.viewer, content, at=now(), dry=True)
    except Unreadable as refusal:
        return _page(errors=refusal.fields, problems=refusal.problems), 422
    text = debt_csv.text_of(content) if not done.problems else ""
    return _page(done=done, problems=tuple(done.problems), text=text), 422 if done.problems else 200


@pages.post("/import/store")
@needs(Act.IMPORT)
@takes(2 * MOST_BYTES)
def store(slug: str) -> Answer:
    """Import a table that was looked at: all of it, or nothing."""
    text = request.form.get("table", "")
    try:
        done = debt_csv.load(g.viewer, text.encode(), at=now())
    except Unreadable as refusal:
        return _page(errors=refusal.fields, problems=refusal.problems), 422
    if not done.stored:
        return _page(done=done, problems=tuple(done.problems)), 422
    flash(_told(done), "success")
    return redirect(url_for("debt.index", slug=slug))


def _told(done: debt_csv.Outcome) -> str:
    noted = f"{done.new} {'item' if done.new == 1 else 'items'} noted"
    same = f", {done.same} as {'it was' if done.same == 1 else 'they were'}" if done.same else ""
    return f"{noted}, {done.changed} changed{same}."


def _page(**shown: object) -> str:
    return render_template(
        "debt/import.html",
        nav="debt",
        most_rows=MOST_ROWS,
        megabytes=MOST_BYTES // 1024 // 1024,
        **{"errors": {}, "problems": (), "done": None, "text": "", **shown},
    )


def _sent(text: str, name: str) -> Response:
    day = local_day(now(), g.viewer.company.zone)
    sent = Response(io.BytesIO(text.encode()), mimetype="text/csv")
    sent.headers["Content-Disposition"] = (
        f'attachment; filename="{g.viewer.company.slug}-{name}-{day.isoformat()}.csv"'
    )
    return sent
