"""Files that changed while their decisions changed here too: kept as read until somebody chooses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adr_app.domain.decisions import reference
from adr_app.models.base import insert, writing
from adr_app.models.decisions import ImportedFile
from adr_app.models.diverged import DivergedFile
from adr_app.models.spelled import Spelled
from adr_app.services import import_runs
from adr_app.services.diverged_reading import left_of, to_bytes
from adr_app.services.folders import Folder
from adr_app.services.import_edges import Edges
from adr_app.services.import_plans import Known, Outcome, Plan, Ties
from adr_app.services.people import Viewer
from adr_app.services.record import hold


def address(slug: str, ref: str) -> str:
    """Return the path of the page on which somebody chooses."""
    return f"/{slug}/decisions/{ref}/file-change"


def waits(company_id: int, decision_id: int) -> bool:
    """Return whether a file of this decision waits for a choice."""
    found: bool = _WAITING.first(company=company_id, decision=decision_id) is not None
    return found


_WAITING = Spelled(
    lambda company, decision: (
        DivergedFile.select(DivergedFile.id)
        .where(
            DivergedFile.company == company,
            DivergedFile.decision_id == decision,
            DivergedFile.kept == False,  # noqa: E712
        )
        .limit(1)
    )
)


def looked_at(company_id: int, source: str) -> dict[str, tuple[int, str]]:
    """Return the decision and the fingerprint of each file whose newer text somebody passed over, by path."""
    rows = DivergedFile.select(DivergedFile.path, DivergedFile.decision_id, DivergedFile.fingerprint).where(
        DivergedFile.company == company_id,
        DivergedFile.source == source,
        DivergedFile.kept == True,  # noqa: E712
    )
    return {path: (decision, fingerprint) for path, decision, fingerprint in rows.tuples()}


def store(
    viewer: Viewer,
    source: str,
    folder: Folder,
    ties: Sequence[Ties],
    edges: Edges,
    outcome: Outcome,
    *,
    whole: bool,
    at: datetime,
) -> None:
    """Keep what an import left of a source, and drop what is settled by the files themselves.

    `whole` tells that every file of the source was looked for. Each remark on a file that was left gets the
    address of the page on which somebody chooses.
    """
    before = _fingerprints(viewer.company.id, source)
    if not before and not outcome.left:
        return
    prints = folder.fingerprints
    gone = [
        path
        for path, (fingerprint, kept) in before.items()
        if path not in outcome.left
        and (prints[path] != fingerprint or not kept if path in prints else whole and not kept)
    ]
    mine = (DivergedFile.company == viewer.company.id) & (DivergedFile.source == source)
    left = left_of(outcome.left, ties, folder.records.whole, edges)
    with writing():
        hold(viewer.company.id)  # whoever chooses meanwhile is waited for
        import_runs.forget(viewer, source)  # the folder as it was then would have to be read again
        before = _fingerprints(viewer.company.id, source)
        settled = _settled(viewer.company.id, source, outcome.left) | {
            path for path, (fingerprint, kept) in before.items() if kept and fingerprint == prints.get(path)
        }
        for path, plan in outcome.left.items():
            known = plan.known
            if known is None or path in settled:
                continue
            DivergedFile.delete().where(mine, DivergedFile.path == path).execute()
            insert(DivergedFile(**_row(viewer, source, known, plan, folder, to_bytes(left[path]), at)))
        for path in gone:
            DivergedFile.delete().where(mine, DivergedFile.path == path).execute()
    _tell(viewer, outcome)


def follow(viewer: Viewer, source: str, moved: Mapping[str, str]) -> None:
    """Keep where the files of a source lie now that lay elsewhere before: earlier paths by those of now."""
    now = {old: new for new, old in moved.items()}
    with writing():
        hold(viewer.company.id)
        rows = [
            row
            for row in DivergedFile.select(DivergedFile.id, DivergedFile.path).where(
                DivergedFile.company == viewer.company.id, DivergedFile.source == source
            )
            if row.path in now
        ]
        places = [(row.id, now[row.path]) for row in rows]
        # Files may change places, so each leaves its own before any takes another's.
        for id, path in (*((id, f"\x01{id}") for id, _ in places), *places):
            DivergedFile.update(path=path).where(
                DivergedFile.company == viewer.company.id, DivergedFile.id == id
            ).execute()


def _row(
    viewer: Viewer, source: str, known: Known, plan: Plan, folder: Folder, read: bytes, at: datetime
) -> dict[str, Any]:
    content, size = folder.contents[plan.record.path]
    return {
        "company": viewer.company.id,
        "decision_id": known.decision_id,
        "source": source,
        "path": plan.record.path,
        "fingerprint": plan.fingerprint,
        "base": known.agreed or known.revision,
        "status": plan.record.status or "",
        "size": size,
        "content": content,
        "read": read,
        "kept": False,
        "found_at": at,
    }


def _fingerprints(company_id: int, source: str) -> dict[str, tuple[str, bool]]:
    """Return the fingerprint of every file kept of a source and whether somebody chose, by path."""
    rows = DivergedFile.select(DivergedFile.path, DivergedFile.fingerprint, DivergedFile.kept).where(
        DivergedFile.company == company_id, DivergedFile.source == source
    )
    return {path: (fingerprint, kept) for path, fingerprint, kept in rows.tuples()}


def _settled(company_id: int, source: str, left: Mapping[str, Plan]) -> set[str]:
    """Return those of these files whose text was taken since they were read."""
    found: set[str] = set()
    paths = sorted(left)
    for start in range(0, len(paths), 500):
        rows = ImportedFile.select(ImportedFile.path, ImportedFile.fingerprint).where(
            ImportedFile.company == company_id,
            ImportedFile.source == source,
            ImportedFile.path.in_(paths[start : start + 500]),
        )
        found |= {path for path, fingerprint in rows.tuples() if left[path].fingerprint == fingerprint}
    return found


def _tell(viewer: Viewer, outcome: Outcome) -> None:
    """Add to each remark on a file that was left where somebody chooses."""
    refs = {path: reference(plan.known.number) for path, plan in outcome.left.items() if plan.known}
    for row in outcome.remarks:
        if row["code"] == "diverged" and row["path"] in refs:
            row["page"] = address(viewer.company.slug, refs[row["path"]])
