"""An import in the browser: what was sent waits unpacked until somebody says so, then is stored step by step.

Whatever ends a process ends the import at a whole step, and going on is the same act as beginning.
"""

import logging
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from adr_app.domain.errors import Invalid, Refused, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.base import database
from adr_app.services import archives, import_runs, imports
from adr_app.services.import_places import Job, Place, forget_old, read, seconds, write
from adr_app.services.import_plans import printable
from adr_app.services.report_rows import Row
from adr_app.services.spilling import Disk

BEAT_SECONDS = 30.0
"""How often a running import says that it is alive."""

BECAME = ("created", "updated", "diverged", "unchanged")
"""What storing does with a record."""

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)
_working: dict[Path, threading.Thread] = {}


class _Stopped(Refused):
    """Somebody stopped the import between two steps."""


def send(place: Place, upload: IO[bytes], *, name: str, source: str, at: datetime) -> Job:
    """Unpack an archive for a look at what is in it; it takes the place of an earlier one.

    :raises Invalid: when it cannot be read, or names no source.
    :raises WrongState: while an import of this person runs here.
    """
    _make_free(place, at)
    source = _source(source)
    if not source:
        raise Invalid("Nothing was kept.", {"source": "Say in a few words where the files come from."})
    place.clear()
    files = place.here / "files"
    files.mkdir(parents=True, mode=0o700)
    try:
        found = archives.unpack(upload, files)
        job = Job(printable(name)[-200:], source, found.left, "waiting", 0, 0, seconds(at))
        place.write(job)
    except BaseException:
        place.clear()
        raise
    return job


def point(place: Place, allowed: Path, below: str, *, source: str, at: datetime) -> Job:
    """Point at a folder of this machine for a look at what is in it: one `below` a folder that is `allowed`.

    :raises Invalid: when there is no such folder there.
    :raises WrongState: while an import of this person runs here.
    """
    _make_free(place, at)
    told = {"below": f"There is no such folder in {allowed}."}
    try:
        folder = (allowed.resolve() / below.strip().strip("/")).resolve()
        source = _source(source) or imports.source_of(folder)
        job = Job(printable(str(folder))[-200:], source, 0, "waiting", 0, 0, seconds(at), str(folder))
        Place(place.viewer, place.uploads, (allowed,)).files(job)
    except (OSError, ValueError, WrongState) as error:
        raise Invalid("Nothing to read.", told) from error
    place.clear()
    place.here.mkdir(parents=True, mode=0o700)
    place.write(job)
    return job


def preview(place: Place, job: Job) -> dict[str, Any]:
    """Return what storing it would do, as the command's report says it, with `statuses` counted.

    Each decision says what it `becomes`: one of `BECAME`, or “renamed” where only its file's name is new.

    It is kept until the log says something new: reading ten thousand files takes seconds.

    :raises WrongState: when the folder to read is gone, or may no longer be read.
    """
    place.viewer.require(Act.IMPORT)
    files, seq = place.files(job), place.viewer.company.last_seq
    kept = read(place.here / "preview.json")
    if kept.get("seq") == seq and not job.folder:
        return dict(kept["report"])
    with Disk() as room:
        outcome = imports.planned(place.viewer, files, job.source, room=room).outcome
    became = {path: name for name in BECAME for path in getattr(outcome, name)}
    statuses: Counter[str] = Counter()

    def told(row: Row) -> Row:
        statuses[row["status"] or ""] += 1
        becomes = became.get(row["path"], "unchanged")
        renamed = becomes == "unchanged" and row["path"] in outcome.moved
        return {**row, "becomes": "renamed" if renamed else becomes}

    report = outcome.finish(told)
    # As plain lists, as the file keeps them: what comes by the browser is bounded by what it may send.
    report |= {"statuses": statuses, **{name: [*report[name]] for name in ("decisions", "warnings")}}
    write(place.here / "preview.json", {"seq": seq, "report": report})
    return report


def rename(place: Place, source: str, at: datetime) -> None:
    """Take what waits as coming from a source that the log knows, so that it brings that up to date.

    :raises WrongState: when nothing waits, or nothing came from there before.
    """
    place.viewer.require(Act.IMPORT)
    job = place.read(at)
    if job is None or job.state != "waiting" or not import_runs.is_source(place.viewer, source):
        raise WrongState("There is nothing to import from there. Look again.")
    (place.here / "preview.json").unlink(missing_ok=True)
    place.write(replace(job, source=source, seen=seconds(at)))


def start(place: Place, clock: Clock) -> None:
    """Store what waits, or go on where it was stopped, while other pages are answered.

    :raises WrongState: when there is nothing to store, or somebody of the company stores something.
    """
    place.viewer.require(Act.IMPORT)
    place.take(clock())
    try:
        job = place.read(clock())
        if job is None or job.state not in ("waiting", "stopped", "failed"):
            raise WrongState("There is nothing to import, or it is being imported already. Look again.")
        place.files(job)
        (place.here / "stop").unlink(missing_ok=True)
        earlier = job.earlier + job.stored
        job = replace(job, earlier=earlier, stored=0, total=0, state="running", seen=seconds(clock()))
        place.beat(job)
        thread = threading.Thread(target=_work, args=(place, job, clock))
        _working[place.here] = thread
        thread.start()
    except BaseException:
        place.give_back()
        raise


def wait(place: Place) -> None:
    """Wait until this process has done with this person's import here."""
    if thread := _working.get(place.here):
        thread.join()


def stop(place: Place) -> None:
    """Stop after the step that is being stored; what is stored stays."""
    place.viewer.require(Act.IMPORT)
    if place.here.is_dir():
        (place.here / "stop").touch()


def discard(place: Place, at: datetime) -> None:
    """Throw away what was sent.

    :raises WrongState: while it is being stored.
    """
    _make_free(place, at)
    place.clear()


def result(place: Place) -> dict[str, Any]:
    """Return the report of an import that is done, or nothing."""
    return read(place.here / "report.json")


def _work(place: Place, job: Job, clock: Clock) -> None:
    state, done = "done", threading.Event()

    def beat() -> None:  # reading ten thousand files takes longer than an import may be silent
        while not done.wait(BEAT_SECONDS):
            place.beat(replace(job, seen=seconds(clock())))

    def progress(stored: int, total: int) -> None:
        nonlocal job
        job = replace(job, stored=stored, total=total, seen=seconds(clock()))
        if (place.here / "stop").exists():
            raise _Stopped("Stopped.")
        place.beat(job)

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        database.connect(reuse_if_open=True)
        report = imports.run(place.viewer, place.files(job), source=job.source, progress=progress, at=clock())
        write(place.here / "report.json", report)
        job = replace(job, stored=job.total)
        shutil.rmtree(place.here / "files", ignore_errors=True)
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
        place.write(replace(job, state=state, seen=seconds(clock())))
        place.give_back()
        if _working.get(place.here) is threading.current_thread():
            del _working[place.here]


def _make_free(place: Place, at: datetime) -> None:
    place.viewer.require(Act.IMPORT)
    forget_old(place.uploads, at)
    if (before := place.read(at)) and before.state == "running":
        raise WrongState("An import is running. Stop it first, or wait until it is done.")


def _source(typed: str) -> str:
    return " ".join(printable(typed).split())[-imports.MAX_SOURCE :]
