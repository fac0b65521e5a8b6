"""An import in the browser: what was sent waits unpacked until somebody says so, then is stored step by step.

Each person has one at a time for each company, in a private folder of the data directory. All that is known
of it stands there, so that any process answers for it, and whatever ends a process ends at a whole step.
"""

import json
import logging
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from adr_app.domain.errors import Invalid, Refused, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.base import database
from adr_app.services import archives, export_folder, imports
from adr_app.services.import_plans import printable
from adr_app.services.people import Viewer

SILENT = timedelta(minutes=2)
"""After so long without a step an import was interrupted: its process is gone."""

BEAT_SECONDS = 30.0
"""How often a running import says that it is alive."""

KEPT = timedelta(days=1)
"""How long what was sent waits for somebody to say so."""

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)
_working: dict[Path, threading.Thread] = {}


@dataclass(frozen=True, slots=True)
class Job:
    """What was sent, and how far storing it is.

    `state` is waiting, running, stopped, failed or done; `left` counts files of the archive that no reader
    looks at; `seen` is when anything last happened, in seconds since 1970. `folder` is the one of this
    machine that is imported where none was sent.
    """

    name: str
    source: str
    files: int
    left: int
    state: str
    stored: int
    total: int
    seen: int
    folder: str = ""


class _Stopped(Refused):
    """Somebody stopped the import between two steps."""


def send(viewer: Viewer, upload: IO[bytes], *, name: str, source: str, uploads: Path, at: datetime) -> Job:
    """Unpack an archive for a look at what is in it; it takes the place of an earlier one.

    :raises Invalid: when it cannot be read, or names no source.
    :raises WrongState: while an import of this person runs here.
    """
    here = _free_place(viewer, uploads, at)
    source = " ".join(printable(source).split())[-imports.MAX_SOURCE :]
    if not source:
        raise Invalid("Nothing was kept.", {"source": "Say in a few words where the files come from."})
    shutil.rmtree(here, ignore_errors=True)
    files = here / "files"
    files.mkdir(parents=True, mode=0o700)
    try:
        found = archives.unpack(upload, files)
    except BaseException:
        shutil.rmtree(here, ignore_errors=True)
        raise
    job = Job(printable(name)[-200:], source, found.files, found.left, "waiting", 0, 0, _seconds(at))
    _write(here, job)
    return job


def point(viewer: Viewer, allowed: Path, below: str, *, source: str, uploads: Path, at: datetime) -> Job:
    """Point at a folder of this machine for a look at what is in it: one `below` a folder that is `allowed`.

    :raises Invalid: when there is no such folder there.
    :raises WrongState: while an import of this person runs here.
    """
    here = _free_place(viewer, uploads, at)
    top = allowed.resolve()
    try:
        folder = (top / below.strip().strip("/")).resolve()
        there = folder.is_relative_to(top) and folder.is_dir()
    except (OSError, ValueError):
        there = False
    if not there:
        raise Invalid("Nothing to read.", {"below": f"There is no such folder in {allowed}."})
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True, mode=0o700)
    source = " ".join(printable(source).split())[-imports.MAX_SOURCE :] or imports.source_of(folder)
    job = Job(printable(str(folder))[-200:], source, 0, 0, "waiting", 0, 0, _seconds(at), str(folder))
    _write(here, job)
    return job


def current(viewer: Viewer, uploads: Path, at: datetime) -> Job | None:
    """Return this person's import here, or None; one whose process is gone counts as stopped."""
    return _job(_place(viewer, uploads), at)


def _job(here: Path, at: datetime) -> Job | None:
    try:
        job = Job(**json.loads((here / "job.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    alive = here in _working and _working[here].is_alive()
    silent = _seconds(at) - job.seen > SILENT.total_seconds()
    return replace(job, state="stopped") if job.state == "running" and silent and not alive else job


def preview(viewer: Viewer, uploads: Path, job: Job) -> dict[str, Any]:
    """Return what storing it would do, as the command's report says it, with `statuses` counted.

    It is kept until the log says something new: reading ten thousand files takes seconds.
    """
    viewer.require(Act.IMPORT)
    here, seq = _place(viewer, uploads), viewer.company.last_seq
    kept = _read(here / "preview.json")
    if kept.get("seq") == seq and not job.folder:
        return dict(kept["report"])
    *_, outcome = imports.planned(viewer, _files(here, job), job.source)
    report = outcome.finish()
    report["statuses"] = Counter(row["status"] or "" for row in report["decisions"])
    export_folder.put(here / "preview.json", json.dumps({"seq": seq, "report": report}).encode())
    return report


def start(viewer: Viewer, uploads: Path, clock: Clock) -> None:
    """Store what waits, or go on where it was stopped, while other pages are answered.

    :raises WrongState: when there is nothing to store, or it is being stored.
    """
    viewer.require(Act.IMPORT)
    here, job = _place(viewer, uploads), current(viewer, uploads, clock())
    if job is None or job.state not in ("waiting", "stopped", "failed"):
        raise WrongState("There is nothing to import, or it is being imported already. Look again.")
    for other in uploads.glob(f"{viewer.company.id}-*"):
        if other != here and (theirs := _job(other, clock())) and theirs.state == "running":
            raise WrongState("Somebody is importing here now. Try again when that is done.")
    (here / "stop").unlink(missing_ok=True)
    _write(here, replace(job, state="running", seen=_seconds(clock())))
    _working[here] = threading.Thread(target=_work, args=(viewer, here, job, clock), daemon=False)
    _working[here].start()


def wait(viewer: Viewer, uploads: Path) -> None:
    """Wait until this process has done with this person's import here."""
    if thread := _working.get(_place(viewer, uploads)):
        thread.join()


def stop(viewer: Viewer, uploads: Path) -> None:
    """Stop after the step that is being stored; what is stored stays."""
    viewer.require(Act.IMPORT)
    here = _place(viewer, uploads)
    if here.is_dir():
        (here / "stop").touch()


def discard(viewer: Viewer, uploads: Path, at: datetime) -> None:
    """Throw away what was sent.

    :raises WrongState: while it is being stored.
    """
    viewer.require(Act.IMPORT)
    job = current(viewer, uploads, at)
    if job is not None and job.state == "running":
        raise WrongState("The import is running. Stop it first.")
    shutil.rmtree(_place(viewer, uploads), ignore_errors=True)


def result(viewer: Viewer, uploads: Path) -> dict[str, Any]:
    """Return the report of an import that is done, or nothing."""
    return _read(_place(viewer, uploads) / "report.json")


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _work(viewer: Viewer, here: Path, job: Job, clock: Clock) -> None:
    state, total, stored = "done", 0, 0

    def progress(done: int, of: int) -> None:
        nonlocal total, stored
        total, stored = of, done
        if (here / "stop").exists():
            raise _Stopped("Stopped.")
        _write(here, replace(job, state="running", stored=done, total=of, seen=_seconds(clock())))

    done = threading.Event()

    def beat() -> None:  # reading ten thousand files takes longer than a process may be silent
        while not done.wait(BEAT_SECONDS):
            _write(here, replace(job, state="running", stored=stored, total=total, seen=_seconds(clock())))

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        database.connect(reuse_if_open=True)
        report = imports.run(viewer, _files(here, job), source=job.source, progress=progress, at=clock())
        export_folder.put(here / "report.json", json.dumps(report).encode())
        stored = total
        shutil.rmtree(here / "files", ignore_errors=True)
    except _Stopped:
        state = "stopped"
    except Exception:
        state = "failed"
        _log.exception("an import in the background failed")
    finally:
        done.set()
        beating.join()
        if not database.is_closed():
            database.close()
        _write(here, replace(job, state=state, stored=stored, total=total, seen=_seconds(clock())))
        _working.pop(here, None)


def _files(here: Path, job: Job) -> Path:
    return Path(job.folder) if job.folder else here / "files"


def _free_place(viewer: Viewer, uploads: Path, at: datetime) -> Path:
    viewer.require(Act.IMPORT)
    _forget_old(uploads, at)
    if (before := current(viewer, uploads, at)) and before.state == "running":
        raise WrongState("An import is running. Stop it first, or wait until it is done.")
    return _place(viewer, uploads)


def _place(viewer: Viewer, uploads: Path) -> Path:
    return uploads / f"{viewer.company.id}-{viewer.person.id}"


def _write(here: Path, job: Job) -> None:
    export_folder.put(here / "job.json", json.dumps(asdict(job)).encode())


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _forget_old(uploads: Path, at: datetime) -> None:
    """Remove what waits since yesterday or longer, whoever sent it."""
    uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in uploads.iterdir():
        try:
            file = folder / "job.json"
            seconds = json.loads(file.read_text())["seen"] if file.exists() else folder.stat().st_mtime
            seen = datetime.fromtimestamp(seconds, UTC)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if at - seen > KEPT and folder not in _working:
            shutil.rmtree(folder, ignore_errors=True)
