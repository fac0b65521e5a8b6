"""Importing a folder of decision records: new, updated, diverged, unchanged; nothing lost, nothing twice."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.services import (
    diverged,
    exported,
    flagged,
    gitdates,
    import_reports,
    import_runs,
    moved_files,
    reading,
)
from adr_app.services.import_batches import Batches
from adr_app.services.import_edges import (
    edges_of,
    older_first,
    restated,
)
from adr_app.services.import_plans import (
    Known,
    Outcome,
    Plan,
    as_kept_now,
    plans_of,
    printable,
    warn_of_removed,
)
from adr_app.services.import_relations import relations_of
from adr_app.services.people import Viewer
from adr_app.services.reading import Folder

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
    folder, known, plans, outcome = planned(viewer, root, source, both_ways=both_ways)
    if not named and "known_from" in outcome.report:
        raise WrongState(_KNOWN.format(**outcome.report["known_from"]))
    records = folder.reading.records
    edges = edges_of(viewer.company.id, records, known)
    # What a file says that is left is not followed either, be it for now or because somebody chose so.
    left = {*outcome.diverged, *(path for path, row in known.items() if row.kept)}
    settled = {path: row for path, row in known.items() if path not in left}
    plans |= restated(edges, plans, records, settled)
    related = relations_of(viewer.company.id, records, edges.ids, left)
    late = {
        r.path: Plan(r, known[r.path].fingerprint, known[r.path], None) for r in related.late(records, plans)
    }
    if outcome.moved:
        diverged.follow(viewer, source, outcome.moved)
        at = moved_files.follow(viewer, source, known, outcome.moved, folder, at=at)
    batches = Batches(viewer, source, folder.contents, edges, related, outcome, set(plans), set(late), at)
    ordered = [*older_first(plans, edges), *late.values()]
    for start in range(0, len(ordered), BATCH):
        progress(start, len(ordered))
        batches.store(ordered[start : start + BATCH])
    diverged.store(viewer, source, folder, edges, outcome, whole=root.is_dir(), at=batches.at)
    import_runs.finish(viewer, outcome, edges.ids)
    if both_ways:
        import_runs.forget(viewer, source)
    elif not outcome.diverged:  # what diverged is looked at again next time
        import_runs.remember(viewer, source, folder.signature, outcome, at)
    if ordered:
        outcome.report["flagged"] = flagged.of_source(viewer.company.id, source, batches.at)
    return outcome


def planned(
    viewer: Viewer, root: Path, source: str, *, both_ways: bool = False
) -> tuple[Folder, dict[str, Known], dict[str, Plan], Outcome]:
    """Return a folder as read, what the log knows of it, what is to be stored, and the report so far."""
    folder = reading.read_folder(root)
    outcome = Outcome(import_reports.report(folder.reading))
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
    plans = plans_of(folder, known, history.firsts, outcome)
    if root.is_dir():
        warn_of_removed(folder, known, outcome)
    return folder, known, plans, outcome


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
