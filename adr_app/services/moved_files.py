"""Files that the log knows by another name: renamed, renumbered, or swapped since the last import.

A file is followed where exactly one file that is gone can be it; where two can be, nothing is guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from adr_app.domain.decisions import reference
from adr_app.domain.documents import Record
from adr_app.domain.errors import Invalid
from adr_app.models.base import update
from adr_app.models.decisions import ImportedFile, Revision
from adr_app.services import import_runs
from adr_app.services.folders import Folder
from adr_app.services.import_plans import Known, Outcome, text_of
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.systems import folded

BATCH = 200
"""How many files one transaction follows; each has its own event."""

_AT_ONCE = 500
_HEADING = re.compile(r"\A\s*(?:#[^\n]*(?:\n|\Z)|[^\n]+\n(?:=+|-+)[ \t]*(?:\n|\Z))?")

Moves = dict[str, str]
"""The path where each file that moved lies now, with the one where it was."""


def moves(
    viewer: Viewer,
    folder: Folder,
    known: Mapping[str, Known],
    renamed: Mapping[str, Sequence[str]],
    outcome: Outcome,
) -> Moves:
    """Return which of the files that are known lie under another path now, and tell what is not clear.

    A file is known again by its bytes, and where its old path is gone by what git calls it (`renamed`: the
    earlier paths of each, latest first), by its text below the heading, or by its title, in this order.
    """
    records = folder.records
    still = records.keys() | {path for path, _ in folder.skipped}
    lost = {p: k for p, k in known.items() if p not in still or _is_other(folder, p, k, records)}
    coming = [p for p in records if p not in known or _is_other(folder, p, known[p], records)]
    if not lost or not coming:
        return {}
    prints = {path: row.fingerprint for path, row in lost.items()}
    found = _pairs({path: folder.fingerprints[path] for path in coming}, prints)
    fresh = [path for path in coming if path not in known]
    _keep_edited(viewer, found, lost, records)
    _by_git(found, fresh, lost.keys() - still, renamed)
    gone = lost.keys() - still - set(found.values())
    said = _said(viewer, {path: lost[path] for path in gone})
    for which in (1, 0) if said else ():
        waiting = {path: _says(records[path])[which] for path in fresh if path not in found}
        found |= _pairs(waiting, {path: one[which] for path, one in said.items() if path in gone})
        gone -= set(found.values())
    found = _closed(found, known)
    _tell_unclear(folder, [p for p in fresh if p not in found], lost, outcome)
    return found


def _is_other(folder: Folder, path: str, row: Known, records: Mapping[str, Record]) -> bool:
    return path in records and row.fingerprint != folder.fingerprints[path]


def _pairs(coming: Mapping[str, str], lost: Mapping[str, str]) -> Moves:
    """Return the paths whose key one of the lost alone has, and they alone of those coming."""
    new: dict[str, list[str]] = {}
    old: dict[str, list[str]] = {}
    for keys, by_key in ((coming, new), (lost, old)):
        for path, key in keys.items():
            by_key.setdefault(key, []).append(path)
    fitting = {key: (paths, old.get(key, [])) for key, paths in new.items() if key}
    return {paths[0]: befores[0] for paths, befores in fitting.values() if len(paths) == len(befores) == 1}


def _by_git(found: Moves, fresh: Iterable[str], gone: set[str], renamed: Mapping[str, Sequence[str]]) -> None:
    left = gone - set(found.values())
    for path in fresh:
        before = next((old for old in renamed.get(path, ()) if old in left), None)
        if path not in found and before is not None:
            found[path] = before
            left.discard(before)


def _keep_edited(
    viewer: Viewer, found: Moves, lost: Mapping[str, Known], records: Mapping[str, Record]
) -> None:
    """Leave a file where it is that was edited there, while its earlier text came to lie elsewhere too."""
    edited = {new: old for new, old in found.items() if old in records and old not in found}
    said = _said(viewer, {old: lost[old] for old in edited.values()})
    for new, old in edited.items():
        if old in said and said[old][0] == _says(records[old])[0]:
            del found[new]


def _said(viewer: Viewer, rows: Mapping[str, Known]) -> dict[str, tuple[str, str]]:
    """Return what each of these decisions was called when its file was last read, and its text (a digest)."""
    paths: dict[int, str] = {row.decision_id: path for path, row in rows.items()}
    wanted = {row.decision_id: row.revision for row in rows.values()}
    found = {}
    ids = sorted(paths)
    for start in range(0, len(ids), _AT_ONCE):
        texts: Any = Revision.select(
            Revision.decision_id, Revision.number, Revision.title, Revision.fields
        ).where(
            Revision.company == viewer.company.id, Revision.decision_id.in_(ids[start : start + _AT_ONCE])
        )
        for id, number, title, fields in texts.tuples():
            if number == wanted[id]:
                found[paths[id]] = folded(title), _below(fields.get("body", ""))
    return found


def _says(record: Record) -> tuple[str, str]:
    """Return the same of a record; nothing of one that cannot be stored."""
    try:
        text = text_of(record, None)
    except Invalid:
        return "", ""
    return folded(str(text.fields["title"])), _below(text.body)


def _below(text: str) -> str:
    """Return a digest of a text below its heading, which may hold a number; nothing where little is there."""
    rest = "\n".join(line.rstrip() for line in _HEADING.sub("", text, count=1).strip().splitlines())
    return sha256(rest.encode("utf-8", "replace")).hexdigest() if rest else ""


def _closed(found: Moves, known: Mapping[str, Known]) -> Moves:
    """Leave out what would push a file from its path that itself has nowhere to go."""
    leaving = set(found.values())
    stuck = [new for new in found if new in known and new not in leaving]
    while stuck:
        stays = found.pop(stuck.pop())
        if stays in found:
            stuck.append(stays)
    return found


def _tell_unclear(folder: Folder, fresh: list[str], lost: Mapping[str, Known], outcome: Outcome) -> None:
    prints: dict[str, list[str]] = {}
    for row in lost.values():
        prints.setdefault(row.fingerprint, []).append(reference(row.number))
    for path in fresh:
        if refs := prints.get(folder.fingerprints[path]):
            may = " or ".join(sorted(refs))
            outcome.warn(
                path, "moved", f"This may be the file of {may} under another name; it is taken as new."
            )


def follow(
    viewer: Viewer, source: str, known: Mapping[str, Known], moved: Moves, folder: Folder, *, at: datetime
) -> datetime:
    """Keep where the files that moved lie now, `known` by these paths, and return the moment kept."""
    records = folder.records
    mine = {new: old for new, old in moved.items() if known[new].id}
    for steps in _in_order(mine):
        with acting_as(viewer, at=at, many=True) as ledger:
            at = ledger.at
            import_runs.forget(viewer, source)
            ids = [known[path].id for path in steps]
            rows = {
                row.id: row
                for row in ImportedFile.select().where(
                    ImportedFile.company == viewer.company.id, ImportedFile.id.in_(ids)
                )
            }
            if set(steps) & {moved[path] for path in steps}:
                # Files that change places: none may lie where another still does.
                for row in rows.values():
                    row.path = f"\x01{row.id}"
                    update(row)
            for path in steps:
                row, record = rows[known[path].id], records[path]
                row.path, row.number_text = path, (record.number or "")[:100]
                update(row)
                told = {"file": {"file": row.id, "row": row.row_digest}}
                ledger.append("decision.file-moved", ("decision", row.decision_id), told)
    return at


def _in_order(moved: Moves) -> list[list[str]]:
    """Return the new paths in steps, each free when its turn comes; circles last, in one step."""
    to = {old: new for new, old in moved.items()}
    order: list[str] = []
    circles: list[str] = []
    done: set[str] = set()
    for new in moved:
        chain: list[str] = []
        path: str | None = new
        while path is not None and path not in done:
            done.add(path)
            chain.append(path)
            path = to.get(path)
        (circles if chain and path == new else order).extend(reversed(chain))
    steps = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    return [*steps, circles] if circles else steps
