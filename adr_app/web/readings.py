"""What other tools measured on a system: the newest of each metric, a line, and the form that takes more."""

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.datastructures import FileStorage

from adr_app.domain.digest import printable
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.domain.reading_files import MOST_BYTES, refused
from adr_app.domain.readings import Reading
from adr_app.domain.worktime import local_day
from adr_app.services import people, readings, systems
from adr_app.web import reading_rows, typed
from adr_app.web.access import Answer, needs, now, takes

pages = Blueprint("readings", __name__, url_prefix="/<slug>/systems/readings")


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """List the systems, with the day of the newest reading of each."""
    rows = [(one.name, reading_rows.address_of(one.name), on) for one, on in readings.with_days(g.viewer)]
    return render_template("readings/index.html", nav="debt", rows=rows)


@pages.get("/of")
@needs(Act.READ)
def show(slug: str) -> str:
    """Show what other tools said of the system that the address names."""
    return _system_page(printable(request.args.get("system", "")))


@pages.post("/take")
@needs(Act.TAKE_READINGS)
@takes(MOST_BYTES + 65_536)
def take(slug: str) -> Answer:
    """Take what a file of another tool says."""
    name, form = printable(request.form.get("system", "")), request.form
    systems.find(g.viewer, name)
    try:
        taken = readings.take_file(g.viewer, name, _sent(request.files.get("file")), form, at=now())
    except Invalid as refusal:
        return _system_page(name, refusal.fields), 422
    flash(told(taken) if taken else "Nothing is new: all of this was here.", "success" if taken else "info")
    return redirect(reading_rows.address_of(name))


@pages.post("/take-back")
@needs(Act.TAKE_READINGS)
def take_back(slug: str) -> Answer:
    """Take back what was read from one file."""
    name = printable(request.form.get("system", ""))
    readings.take_back(g.viewer, name, typed.identity("taking"), at=now())
    flash("Taken back. It is no longer shown here, and stays in the record.", "success")
    return redirect(reading_rows.address_of(name))


def told(taken: list[Reading]) -> str:
    """Return in a sentence what was taken, and what was passed over."""
    parts = [
        f"{one.tool} {one.version}: {len(one.measures)} number{'' if len(one.measures) == 1 else 's'}"
        for one in taken
    ]
    passed = [name for one in taken for name in one.passed_over]
    more = f" Passed over, as they are no numbers: {', '.join(passed[:5])}." if passed else ""
    return f"Taken from {'; '.join(parts)}.{more}"


def _sent(file: FileStorage | None) -> bytes:
    content = file.stream.read(MOST_BYTES + 1) if file and file.filename else None
    if content is None:
        message = "Choose a file: SARIF, or SonarQube's measures as JSON."
        raise Invalid("This cannot be saved yet.", {"file": message})
    if not content.strip():
        raise refused("it is empty")
    return content


def _system_page(name: str, errors: dict[str, str] | None = None) -> str:
    asked = request.args
    tool, metric = (printable(asked.get(part, "")) for part in ("tool", "metric"))
    sheet = readings.sheet(g.viewer, name, tool, metric)
    today = local_day(now(), g.viewer.company.zone)
    return render_template(
        "readings/show.html",
        nav="debt",
        system=sheet.system,
        **reading_rows.shown(sheet),
        takings=[
            {"seq": t.seq, "tools": t.tools, "on": t.on, "count": t.count, "at": t.taken_at, "by": t.taken_by}
            for t in sheet.takings
        ],
        names=people.names({t.taken_by for t in sheet.takings}),
        errors=errors or {},
        typed=request.form if errors else {},
        today=today,
        megabytes=MOST_BYTES // 1024 // 1024,
    )
