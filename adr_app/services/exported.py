"""Files of an export, met again by an import: they are decisions of this log, not new ones."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from adr_app.models.decisions import Decision, Revision
from adr_app.services import diverged, export_folder
from adr_app.services.decision_rows import visible
from adr_app.services.import_known import known_files as imported_files
from adr_app.services.import_plans import Known
from adr_app.services.people import Viewer

CHANGED = -1
"""Stands for the revision that a changed file would be of: it fits none, so the log's own is left alone."""


def known_files(
    viewer: Viewer,
    root: Path,
    source: str,
    fingerprints: Mapping[str, str],
    *,
    both_ways: bool = False,
    moved: Mapping[str, str] | None = None,
) -> dict[str, Known]:
    """Return those of the files at or below `root` that are decisions of this log, by path.

    They were imported from `source`, or exported from this very log. The list in the folder names each
    exported file's decision; it is believed only where the digest beside it is that of this decision's text
    here, so that what another log exported is imported like anything else. An exported file that was changed
    is left alone unless the folder and the log are kept in step `both_ways`. `moved` are the paths that files
    had before which lie elsewhere now, by their path now; the log may know either. A text that somebody saw
    and passed over is no change.
    """
    moved = moved or {}
    found = imported_files(viewer.company.id, source)
    found |= {new: found.pop(old) for new, old in moved.items() if old in found}
    entries = _entries(root, {path: moved.get(path, path) for path in fingerprints})
    texts = _texts(viewer, {str(entry.get("digest")) for entry in entries.values()})
    for path, entry in entries.items():
        text = texts.get((str(entry.get("decision")), str(entry.get("digest"))))
        imported = found.get(path)
        if text is None or (imported and imported.decision_id != text["decision_id"]):
            continue
        # Where the log wrote a newer text since, whoever put the older one back changed the file.
        put_back = both_ways and imported is not None and text["revision"] > imported.revision
        if imported and imported.fingerprint == fingerprints[path] and not put_back:
            continue  # it was read as it is now, whatever was written there before
        fingerprint = str(entry.get("sha256"))
        same = fingerprint == fingerprints[path]
        if imported is None or same or (both_ways and text["revision"] >= imported.revision):
            row = Known(**text, fingerprint=fingerprint, left=str(entry.get("status") or text["status"]))
            row = row if both_ways else replace(row, revision=CHANGED, agreed=row.revision)
            found[path] = row if imported is None else replace(row, id=imported.id)
    now = {old: new for new, old in moved.items()}
    for before, (decision, fingerprint) in diverged.looked_at(viewer.company.id, source).items():
        path = now.get(before, before)
        known, here = found.get(path), fingerprints.get(path, fingerprint)
        if known is not None and known.decision_id == decision and here == fingerprint:
            found[path] = replace(known, fingerprint=fingerprint, kept=True)
    return found


def absent_files(viewer: Viewer, root: Path, here: Collection[str]) -> dict[str, Known]:
    """Return the decisions whose files the list in the folder names, and which are not `here`, by path."""
    listed = {path: entry for path, entry in _listed(root).items() if path not in here}
    texts = _texts(viewer, {str(entry.get("digest")) for entry in listed.values()})
    return {
        path: Known(**text, fingerprint=str(entry.get("sha256")), left="")
        for path, entry in listed.items()
        if (text := texts.get((str(entry.get("decision")), str(entry.get("digest")))))
    }


def _entries(root: Path, paths: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return what the list says of each path, which it has under another one."""
    listed = _listed(root)
    return {path: listed[known_as] for path, known_as in paths.items() if known_as in listed}


def _listed(root: Path) -> dict[str, dict[str, Any]]:
    """Return what the list of an export, in the folder or in one above it, says of files here, by path."""
    top = root if root.is_dir() else root.parent
    home = export_folder.home_of(root)
    if home is None:
        return {}
    below = top.resolve().relative_to(home.resolve()).as_posix()
    prefix = "" if below == "." else f"{below}/"
    return {
        path.removeprefix(prefix): entry
        for path, entry in export_folder.listed(home).items()
        if path.startswith(prefix) and isinstance(entry, dict)
    }


def _texts(viewer: Viewer, digests: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the facts of every decision whose text has one of these digests, by reference and digest."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    rest = sorted(digests)
    for start in range(0, len(rest), 500):
        rows = (
            visible(viewer)
            .select(
                *(Decision.id, Decision.number, Decision.latest, Decision.status, Revision.digest),
                Revision.number.alias("revision"),
            )
            .join(Revision, on=(Revision.company == Decision.company) & (Revision.decision_id == Decision.id))
            .where(Revision.digest.in_(rest[start : start + 500]))
            .order_by(Revision.number)  # the newest version that says the same counts
            .objects()
        )
        for row in rows:
            facts = {"id": 0, "decision_id": row.id, "number": row.number, "latest": row.latest}
            found[row.ref, row.digest] = {**facts, "status": row.status, "revision": row.revision}
    return found
