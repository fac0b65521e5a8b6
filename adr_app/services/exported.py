"""Files of an export, met again by an import: they are decisions of this log, not new ones."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adr_app.models.decisions import Decision, Revision
from adr_app.services import export_folder
from adr_app.services.decision_rows import visible
from adr_app.services.import_plans import Known
from adr_app.services.people import Viewer

CHANGED = -1
"""Stands for the revision that a changed file would be of: it fits none, so the log's own is left alone."""


def known_files(viewer: Viewer, root: Path, paths: Iterable[str]) -> dict[str, Known]:
    """Return those of the files at or below `root` that were exported from this very log, by path.

    The list in the folder names each file's decision; it is believed only where the digest beside it is
    that of this decision's text here, so that what another log exported is imported like anything else.
    """
    top = root if root.is_dir() else root.parent
    home = next((f for f in (top, *top.resolve().parents) if (f / export_folder.LIST).is_file()), None)
    if home is None:
        return {}
    listed = export_folder.listed(home)
    below = top.resolve().relative_to(home.resolve()).as_posix()
    prefix = "" if below == "." else f"{below}/"
    entries = {path: entry for path in paths if isinstance(entry := listed.get(prefix + path), dict)}
    texts = _texts(viewer, {str(entry.get("digest")) for entry in entries.values()})
    found = {}
    for path, entry in entries.items():
        text = texts.get((str(entry.get("decision")), str(entry.get("digest"))))
        if text is not None:
            found[path] = Known(fingerprint=str(entry.get("sha256")), revision=CHANGED, **text)
    return found


def _texts(viewer: Viewer, digests: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the facts of every decision whose text has one of these digests, by reference and digest."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    rest = sorted(digests)
    for start in range(0, len(rest), 500):
        rows = (
            visible(viewer)
            .select(Decision.id, Decision.number, Decision.latest, Decision.status, Revision.digest)
            .join(Revision, on=(Revision.company == Decision.company) & (Revision.decision_id == Decision.id))
            .where(Revision.digest.in_(rest[start : start + 500]))
            .objects()
        )
        for row in rows:
            facts = {"id": 0, "decision_id": row.id, "number": row.number, "latest": row.latest}
            found[row.ref, row.digest] = {**facts, "status": row.status, "left": row.status}
    return found
