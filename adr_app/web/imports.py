"""Bringing decisions in as an archive of their files: a look at what is in it first, then storing it."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
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

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import import_jobs
from adr_app.services.archives import LARGEST_UPLOAD
from adr_app.web.access import Answer, needs, now, takes

pages = Blueprint("imports", __name__, url_prefix="/<slug>/import")

SHOWN = 50
"""How many rows of each kind a page shows; the whole is in the report."""

_ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")


@pages.get("")
@needs(Act.IMPORT)
def show(slug: str) -> Answer:
    """Show the form, or what was sent: what is in it, how far it is, how it ended."""
    job = import_jobs.current(g.viewer, _uploads(), now())
    if job is None:
        return _form({}, {})
    report: dict[str, Any] = {}
    if job.state == "waiting":
        report = import_jobs.preview(g.viewer, _uploads(), job)
    elif job.state == "done":
        report = import_jobs.result(g.viewer, _uploads())
    return render_template("imports/show.html", nav="decisions", job=job, report=report, shown=SHOWN)


@pages.post("")
@needs(Act.IMPORT)
@takes(LARGEST_UPLOAD)
def send(slug: str) -> Answer:
    """Unpack what was sent and go on to what is in it."""
    file = request.files.get("file")
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name if file else ""
    typed = {"source": request.form.get("source", "")}
    if file is None or not name:
        return _refused(typed, {"file": "Choose a ZIP or TAR archive of the files."})
    try:
        import_jobs.send(
            g.viewer,
            file.stream,
            name=name,
            source=typed["source"].strip() or _stem(name),
            uploads=_uploads(),
            at=now(),
        )
    except Invalid as refusal:
        return _refused(typed, refusal.fields)
    return _to_page(slug)


@pages.post("/folder")
@needs(Act.IMPORT)
def point(slug: str) -> Answer:
    """Go on to what is in a folder of this machine, where the configuration allows that."""
    allowed = {str(folder): folder for folder in current_app.config["ADR"].import_folders}
    typed = {name: request.form.get(name, "") for name in ("top", "below", "folder_source")}
    if typed["top"] not in allowed:
        return _refused(typed, {"top": "Choose one of the folders."})
    try:
        import_jobs.point(
            g.viewer,
            allowed[typed["top"]],
            typed["below"],
            source=typed["folder_source"],
            uploads=_uploads(),
            at=now(),
        )
    except Invalid as refusal:
        return _refused(typed, refusal.fields)
    return _to_page(slug)


@pages.get("/report.json")
@needs(Act.IMPORT)
def report(slug: str) -> Answer:
    """Send the whole report, of what would be or of what was done."""
    job = import_jobs.current(g.viewer, _uploads(), now())
    found: dict[str, Any] = {}
    if job is not None and job.state == "waiting":
        found = import_jobs.preview(g.viewer, _uploads(), job)
    elif job is not None:
        found = import_jobs.result(g.viewer, _uploads())
    sent: Response = jsonify(found)
    sent.headers["Content-Disposition"] = "attachment; filename=import.json"
    return sent


@pages.post("/start")
@needs(Act.IMPORT)
def start(slug: str) -> Answer:
    """Store what was sent, or go on storing it."""
    clock: Callable[[], Any] = current_app.config["CLOCK"]
    import_jobs.start(g.viewer, _uploads(), clock)
    return _to_page(slug)


@pages.post("/stop")
@needs(Act.IMPORT)
def stop(slug: str) -> Answer:
    """Stop storing after the step that is under way."""
    import_jobs.stop(g.viewer, _uploads())
    return _to_page(slug)


@pages.post("/discard")
@needs(Act.IMPORT)
def discard(slug: str) -> Answer:
    """Throw away what was sent."""
    job = import_jobs.current(g.viewer, _uploads(), now())
    import_jobs.discard(g.viewer, _uploads(), now())
    if job is not None and job.state == "waiting":
        flash("What was sent is gone. The log is as it was.", "success")
    return _to_page(slug)


def _form(typed: dict[str, str], errors: dict[str, str]) -> str:
    megabytes = LARGEST_UPLOAD // 1_048_576
    return render_template(
        "imports/new.html",
        nav="decisions",
        typed=typed,
        errors=errors,
        megabytes=megabytes,
        folders=[(str(folder), str(folder)) for folder in current_app.config["ADR"].import_folders],
    )


def _refused(typed: dict[str, str], errors: dict[str, str]) -> Answer:
    return _form(typed, errors), 422


def _stem(name: str) -> str:
    ending = next((ending for ending in _ENDINGS if name.casefold().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def _to_page(slug: str) -> Answer:
    return redirect(url_for("imports.show", slug=slug))


def _uploads() -> Path:
    folder: Path = current_app.config["ADR"].data_dir
    return folder / "uploads"
