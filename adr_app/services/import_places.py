"""Where an import in the browser waits: one private folder for each person and company.

All that is known of it is in files of the data directory, so that any process answers for it.
"""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adr_app.domain.errors import WrongState
from adr_app.services import export_folder
from adr_app.services.people import Viewer

SILENT = timedelta(minutes=2)
"""After so long without a sign an import was interrupted: its process is gone."""

KEPT = timedelta(days=1)
"""How long what was sent waits for somebody to say so."""

BUSY = "Somebody is importing here now. Try again when that is done."
GONE = "This folder is no longer there, or may no longer be imported. Discard it, and choose again."


@dataclass(frozen=True, slots=True)
class Job:
    """What was sent, and how far storing it is.

    `state` is waiting, running, stopped, failed or done; `left` counts files of the archive that no reader
    looks at; `seen` is when anything last happened, in seconds since 1970. `folder` is the one of this
    machine that is imported where none was sent; `earlier` were stored before it was stopped.
    """

    name: str
    source: str
    left: int
    state: str
    stored: int
    total: int
    seen: int
    folder: str = ""
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place at one company below `uploads`; `folders` of this machine may be imported."""

    viewer: Viewer
    uploads: Path
    folders: tuple[Path, ...] = ()

    @property
    def here(self) -> Path:
        """Return the private folder."""
        return self.uploads / f"{self.viewer.company.id}-{self.viewer.person.id}"

    def read(self, at: datetime) -> Job | None:
        """Return what is known of the import, or None; silent for too long, it counts as stopped."""
        try:
            job = Job(**read(self.here / "job.json"))
        except TypeError:
            return None
        gone = seconds(at) - job.seen > SILENT.total_seconds()
        return replace(job, state="stopped") if job.state == "running" and gone else job

    def write(self, job: Job) -> None:
        """Keep what is known of the import."""
        write(self.here / "job.json", asdict(job))

    def files(self, job: Job) -> Path:
        """Return the folder to read.

        :raises WrongState: when one of this machine is gone, leads elsewhere by now, or is allowed no more.
        """
        if not job.folder:
            return self.here / "files"
        folder = Path(job.folder)
        try:
            allowed = any(folder.is_relative_to(top.resolve()) for top in self.folders)
            if allowed and folder.resolve() == folder and folder.is_dir():
                return folder
        except OSError:
            pass
        raise WrongState(GONE)

    def take(self, at: datetime) -> None:
        """Take the company's turn to store an import: there is one at a time.

        :raises WrongState: when somebody has it.
        """
        self.uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
        for _ in range(2):
            try:
                with self._turn.open("x") as file:
                    file.write(str(seconds(at)))
                return
            except FileExistsError:
                since = self.turn_seen()
                if seconds(at) - since <= SILENT.total_seconds():
                    break
                self.give_back()  # whoever had it is gone
        raise WrongState(BUSY)

    def beat(self, job: Job) -> None:
        """Say that the import runs, and that its turn is not over."""
        self.write(job)
        self._turn.write_text(str(job.seen))

    def give_back(self) -> None:
        """End the company's turn."""
        self._turn.unlink(missing_ok=True)

    def turn_seen(self) -> int:
        """Return when whoever has the turn last gave a sign, in seconds since 1970; 0 for nobody."""
        try:
            return int(self._turn.read_text())
        except (OSError, ValueError):
            return 0

    def clear(self) -> None:
        """Remove everything here."""
        shutil.rmtree(self.here, ignore_errors=True)

    @property
    def _turn(self) -> Path:
        return self.uploads / f"{self.viewer.company.id}.turn"


def forget_old(uploads: Path, at: datetime) -> None:
    """Remove what waits since yesterday or longer, whoever sent it."""
    uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in uploads.iterdir():
        try:
            seen = read(folder / "job.json").get("seen") or folder.stat().st_mtime
            old = at - datetime.fromtimestamp(seen, UTC) > KEPT
        except (OSError, ValueError, TypeError, OverflowError):
            continue
        if old and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)


def read(file: Path) -> dict[str, Any]:
    """Return what a file of ours holds, or nothing."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(file: Path, held: dict[str, Any]) -> None:
    """Write a file of ours, whole or not at all."""
    export_folder.put(file, json.dumps(held, default=list).encode())


def seconds(at: datetime) -> int:
    """Return a moment as whole seconds since 1970."""
    return int(at.timestamp())
