"""Bringing decisions in as an archive of their files: a look at what is in it first, then storing it."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)

from adr_app.domain.errors import Invalid, Refused
from adr_app.domain.permissions import Act
from adr_app.services import import_jobs, import_reports, import_runs
from adr_app.services.archives import LARGEST_UPLOAD
from adr_app.services.import_places import Job, Place
from adr_app.web.access import Answer, needs, now, takes

pages = Blueprint("imports", __name__, url_prefix="/<slug>/import")

SHOWN = 50
"""How many rows of each kind a page shows; the whole is in the report."""

_ENDING = re.compile(r"(?: ?\(\d+\))?(?:\.tar\.gz|\.tgz|\.tar|\.zip)$", re.I)
"""What an archive's name ends in, with the number that a browser gives to a second copy."""


@pages.get("")
@needs(Act.IMPORT)
def show(slug: str) -> Answer:
    """Show the form, or what was sent: what is in it, how far it is, how it ended."""
    place, trouble = _place(), ""
    job = place.read(now())
    if job is None:
        return _form({}, {})
    report: dict[str, Any] = {}
    try:
        report = _report(place, job)
    except (Refused, OSError) as refusal:  # what waits can no longer be read, and can be discarded
        trouble = str(refusal)
    unclear = import_reports.counted(report) if report and job.state == "waiting" else []
    told = {"report": report, "trouble": trouble, "unclear": unclear}
    return render_template("imports/show.html", nav="decisions", job=job, shown=SHOWN, **told)


@pages.post("")
@needs(Act.IMPORT)
@takes(LARGEST_UPLOAD)
def send(slug: str) -> Answer:
    """Unpack what was sent and go on to what is in it."""
    file = request.files.get("file")
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name if file else ""
    typed = {"source": request.form.get("source", "")}
    if file is None or not name:
        return _form(typed, {"file": "Choose a ZIP or TAR archive of the files."}), 422
    source = typed["source"].strip() or _ENDING.sub("", name)
    return _looked_at(
        typed, lambda: import_jobs.send(_place(), file.stream, name=name, source=source, at=now())
    )


@pages.post("/folder")
@needs(Act.IMPORT)
def point(slug: str) -> Answer:
    """Go on to what is in a folder of this machine, where the configuration allows that."""
    place = _place()
    typed = {name: request.form.get(name, "") for name in ("top", "below", "folder_source")}
    top = next((folder for folder in place.folders if str(folder) == typed["top"]), None)
    if top is None:
        return _form(typed, {"top": "Choose one of the folders."}), 422
    source = typed["folder_source"]
    return _looked_at(typed, lambda: import_jobs.point(place, top, typed["below"], source=source, at=now()))


@pages.get("/report.json")
@needs(Act.IMPORT)
def report(slug: str) -> Answer:
    """Send the whole report, of what would be or of what was done."""
    place = _place()
    job = place.read(now())
    sent: Response = jsonify(_report(place, job) if job else {})
    sent.headers["Content-Disposition"] = "attachment; filename=import.json"
    return sent


@pages.post("/source")
@needs(Act.IMPORT)
def rename(slug: str) -> Answer:
    """Take what waits as coming from where most of it came from before."""
    import_jobs.rename(_place(), request.form.get("source", ""), now())
    return _to_page()


@pages.post("/start")
@needs(Act.IMPORT)
def start(slug: str) -> Answer:
    """Store what was sent, or go on storing it."""
    import_jobs.start(_place(), current_app.config["CLOCK"])
    return _to_page()


@pages.post("/stop")
@needs(Act.IMPORT)
def stop(slug: str) -> Answer:
    """Stop storing after the step that is under way."""
    import_jobs.stop(_place())
    return _to_page()


@pages.post("/discard")
@needs(Act.IMPORT)
def discard(slug: str) -> Answer:
    """Throw away what was sent."""
    place = _place()
    job = place.read(now())
    import_jobs.discard(place, now())
    if job is not None and job.state == "waiting":
        flash("What was sent is gone. The log is as it was.", "success")
    return _to_page()


def _report(place: Place, job: Job) -> dict[str, Any]:
    if job.state == "waiting":
        return import_jobs.preview(place, job)
    return import_jobs.result(place)


def _looked_at(typed: dict[str, str], look: Callable[[], Job]) -> Answer:
    """Go on to what is in it, or show the form again with what is wrong."""
    try:
        look()
    except Invalid as refusal:
        return _form(typed, refusal.fields), 422
    return _to_page()


def _form(typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "imports/new.html",
        nav="decisions",
        typed=typed,
        errors=errors,
        megabytes=LARGEST_UPLOAD // 1_048_576,
        sources=import_runs.sources(g.viewer),
        folders=[(str(folder), str(folder)) for folder in _place().folders],
    )


def _to_page() -> Answer:
    return redirect(url_for("imports.show", slug=g.viewer.company.slug))


def _place() -> Place:
    config = current_app.config["ADR"]
    return Place(g.viewer, config.data_dir / "uploads", config.import_folders)
