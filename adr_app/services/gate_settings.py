"""The settings of a repository's gate, at or above a folder; in a change, those from before it count."""

import os
from pathlib import Path

from adr_app.domain.gate.findings import Finding
from adr_app.domain.gate.settings import FILE, BadSettings, Settings, read_settings
from adr_app.services.gitchanges import Change, nearest_at


def load(folder: Path, top: Path | None, change: Change | None) -> tuple[Settings, list[Finding]]:
    """Return the settings that count for a folder, and what a change did to them.

    Whoever changes records may change this file too, so in a change the file of the revision counts, and
    only where there was none yet the one that the change brings.

    :raises BadSettings: naming the file and what to change in it.
    """
    path = _nearest(folder, top)
    content = _read(path) if path else None
    now = _parsed(content, path) if path and content is not None else Settings()
    if change is None:
        return now, []
    shown = os.path.relpath(path, folder).replace(os.sep, "/") if path else FILE
    before = nearest_at(change, FILE)
    if before is None:
        return now, [Finding(shown, 1, "settings-new")] if path else []
    name, old = before
    then = _parsed(old, Path(f"{name} of {change.revision[:12]}"))
    return then, [] if old == content else [Finding(shown, 1, "settings-changed")]


def _nearest(folder: Path, top: Path | None) -> Path | None:
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return place / FILE
        if place == top:
            return None
    return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from error


def _parsed(content: bytes, path: Path) -> Settings:
    try:
        return read_settings(content)
    except BadSettings as error:
        raise BadSettings(f"{path} {error}.") from error
