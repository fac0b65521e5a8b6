"""Importing a folder of decision records: new, updated, diverged, unchanged; nothing lost, nothing twice."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from adr_app.domain.documents.room import Room
from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.services import diverged, exported, flagged, gitdates, import_runs, moved_files
from adr_app.services.folders import Folder, read_folder
from adr_app.services.import_batches import Batches
from adr_app.services.import_edges import edges_of, older_first, restated
from adr_app.services.import_known import as_kept_now
from adr_app.services.import_plans import (
    Intake,
    Known,
    Outcome,
    Plans,
    Ties,
    plans_of,
    printable,
    warn_of_removed,
)
from adr_app.services.import_relations import relations_of
from adr_app.services.people import Viewer
from adr_app.services.spilling import Disk

BATCH = 200
"""How many files one transaction takes; each has its own event."""

MAX_SOURCE = 200

_KNOWN = (
    "{files} of {of} files looked at are in the log already, from “{source}”; nothing was stored. "
    "To bring it up to date, import again with --source “{source}”; if these are others, give another name."
)

Progress = Callable[[int, int], None]


def run(
    viewer: Viewer,
    root: Path,
    *,
    source: str = "",
    progress: Progress = lambda done, total: None,
    at: datetime,
) -> dict[str, Any]:
    """Import every record at or below `root` and return the report.

    `source` names where the files come from, so that the same paths elsewhere are other decisions; by
    default the folder's place (see `source_of`). A decision changed here and in its file is reported as
    diverged and left as it is; its file's text is kept until somebody chooses. Up to 200 files make one
    transaction: whatever interrupts the import, every file is stored whole or not at all, and importing again
    goes on from there. `progress` is told how many of how many are stored before each transaction; what it
    raises ends the import there.

    :raises NotAllowed: when this person may not import.
    :raises UnreadableFolder: when there is nothing to read.
    :raises WrongState: when no `source` is named and half of the files came from another one before.
    """
    return taken_in(viewer, root, source=source, progress=progress, at=at).report


def taken_in(
    viewer: Viewer,
    root: Path,
    *,
    source: str = "",
    both_ways: bool = False,
    progress: Progress = lambda done, total: None,
    at: datetime,
) -> Outcome:
    """Import as `run` does and return what became of each file.

    Files that were exported from this log and changed since are taken only where both are kept in step
    `both_ways`.

    :raises NotAllowed, UnreadableFolder, WrongState: as `run` does.
    """
    viewer.require(Act.IMPORT)
    named = bool(source) or both_ways
    source = " ".join(printable(source or source_of(root)).split())[-MAX_SOURCE:]
    # What both sides last agreed on may be later than the last import, so that is no short cut for them.
    again = None if both_ways else import_runs.unchanged(viewer, source, root)
    if again is not None:
        return Outcome(again)
    with Disk() as room:  # what was read of many files takes no memory
        found = planned(viewer, root, source, both_ways=both_ways, room=room)
        if not named and "known_from" in found.outcome.report:
            raise WrongState(_KNOWN.format(**found.outcome.report["known_from"]))
        _store(viewer, source, found, progress, whole=root.is_dir(), both_ways=both_ways, at=at)
    return found.outcome


class Planned(NamedTuple):
    """A folder as read, what its records say of each other, what the log knows, what to store; the report."""

    folder: Folder
    ties: list[Ties]
    known: dict[str, Known]
    plans: Plans
    outcome: Outcome


def _store(
    viewer: Viewer,
    source: str,
    found: Planned,
    progress: Progress,
    *,
    whole: bool,
    both_ways: bool,
    at: datetime,
) -> None:
    """Store what was planned and finish the report; `whole` tells that every file of the source was read."""
    folder, ties, known, plans, outcome = found
    edges = edges_of(viewer.company.id, ties, known)
    # What a file says that is left is not followed either, be it for now or because somebody chose so.
    left = {*outcome.diverged, *(path for path, row in known.items() if row.kept)}
    settled = {path: row for path, row in known.items() if path not in left}
    plans.add_same(restated(edges, plans, folder.records, settled))
    related = relations_of(viewer.company.id, ties, edges.ids, left)
    ordered, late = older_first(plans, edges), related.late(folder.records, plans)
    if outcome.moved:
        diverged.follow(viewer, source, outcome.moved)
        at = moved_files.follow(viewer, source, known, outcome.moved, folder, at=at)
    batches = Batches(viewer, source, folder.contents, edges, related, outcome, set(plans), set(late), at)
    plans.add_same({path: known[path] for path in late})
    ordered += late
    for start in range(0, len(ordered), BATCH):
        progress(start, len(ordered))
        batches.store([plans[path] for path in ordered[start : start + BATCH]])
    diverged.store(viewer, source, folder, ties, edges, outcome, whole=whole, at=batches.at)
    import_runs.finish(viewer, outcome, edges.ids)
    if both_ways:
        import_runs.forget(viewer, source)
    elif not outcome.diverged:  # what diverged is looked at again next time
        import_runs.remember(viewer, source, folder.signature, outcome, at)
    if ordered:
        outcome.report["flagged"] = flagged.of_source(viewer.company.id, source, batches.at)


def planned(
    viewer: Viewer, root: Path, source: str, *, both_ways: bool = False, room: Room | None = None
) -> Planned:
    """Return what storing a folder would do; `room` is where is kept what was read, by default in memory."""
    intake = Intake()
    folder = read_folder(root, room, intake.see, brief=True)
    outcome = Outcome(intake.account.report(folder.files, folder.skipped))
    prints, history = folder.fingerprints, gitdates.history_of(root)
    known = as_kept_now(exported.known_files(viewer, root, source, prints, both_ways=both_ways), folder)
    if root.is_dir():
        before = exported.absent_files(viewer, root, prints.keys()) | known
        outcome.moved = moved_files.moves(viewer, folder, before, history.renamed, outcome)
        if outcome.moved:
            known = exported.known_files(
                viewer, root, source, prints, both_ways=both_ways, moved=outcome.moved
            )
            known = as_kept_now(known, folder)
    if not known and (elsewhere := import_runs.known_elsewhere(viewer, prints.values())):
        outcome.report["known_from"] = elsewhere
    plans = plans_of(folder, intake, known, history.firsts, outcome)
    if root.is_dir():
        warn_of_removed(folder, known, outcome)
    return Planned(folder, intake.ties, known, plans, outcome)


def source_of(root: Path) -> str:
    """Return the name of a folder's place: within its repository where it has one, else on this machine.

    Folders of decisions are all called alike, so the last name would make two of them one; and a copy of a
    repository elsewhere is the same source.
    """
    folder = (root if root.is_dir() else root.parent).resolve()
    top = gitdates.top_of(folder)
    if top is None or not folder.is_relative_to(top):
        return folder.as_posix()
    return (Path(top.name) / folder.relative_to(top)).as_posix()
