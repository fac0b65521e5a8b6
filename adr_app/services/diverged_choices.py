"""Choosing between a decision and its file where both changed: the log's text, the file's, or parts."""

from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.errors import Invalid, Stale, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.three_way import has_markers
from adr_app.models.base import writing
from adr_app.models.decisions import Decision, ImportedFile, Link, Revision
from adr_app.models.diverged import DivergedFile
from adr_app.services import drafts, gates, import_runs, source_files
from adr_app.services.decision_rows import find, revision
from adr_app.services.diverged_reading import Left, from_bytes
from adr_app.services.diverged_sides import Sides, sides, text_there
from adr_app.services.import_batches import Batches
from adr_app.services.import_plans import Known, Outcome, Plan
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as, hold

MOVED = "This changed while the page was open, so nothing was done. Look at what differs now, then choose."
CHOOSE = "Both sides still stand in the text. Keep what is right, and take the lines in double brackets out."


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed on which somebody chose.

    The file's fingerprint, the decision's newest version and status, and the id of the newest security answer
    (0: none): the file's text may be an acceptance, and none overtakes an answer.
    """

    fingerprint: str
    version: int
    status: str
    answer: int = 0


def shown(found: Sides) -> Shown:
    """Return what a page shows on which somebody chooses now."""
    decision = found.decision
    return Shown(found.row.fingerprint, decision.latest, decision.status, _answer(decision))


def _answer(decision: Decision) -> int:
    return max((verdict.id for verdict in gates.standing_verdicts(decision)), default=0)


def look(viewer: Viewer, number: int) -> Sides | None:
    """Return both sides of a decision whose file changed too, or None where nothing waits for a choice.

    :raises NotFound: when there is no such decision for this person.
    """
    decision = find(viewer, number)
    mine = (DivergedFile.company == viewer.company.id) & (DivergedFile.decision_id == decision.id)
    row = (
        DivergedFile.select().where(mine, DivergedFile.kept == False).order_by(DivergedFile.id).first()  # noqa: E712
    )
    return None if row is None else sides(row, decision)


def keep(viewer: Viewer, number: int, shown: Shown, *, at: datetime) -> Decision:
    """Keep what the log says; the file's text counts as seen until it changes again.

    :raises NotAllowed: when this person may not import.
    :raises Stale: when either side is no longer as the page showed it.
    """
    viewer.require(Act.IMPORT)
    with acting_as(viewer, at=at) as ledger:
        decision, row = _found(viewer, number, shown)
        _pass_over(viewer, row)
        ledger.append("decision.text-kept", ("decision", decision.id), {"fingerprint": row.fingerprint})
    return decision


def take(viewer: Viewer, number: int, shown: Shown, *, at: datetime) -> Decision:
    """Take the file's text and status, as an import does that finds only the file changed.

    :raises NotAllowed: when this person may not import.
    :raises Stale: when either side is no longer as the page showed it.
    """
    viewer.require(Act.IMPORT)
    with writing():
        hold(viewer.company.id)
        decision, row = _found(viewer, number, shown)
        left = from_bytes(bytes(row.read))
        plan = _plan(decision, row, left)
        DivergedFile.delete().where(
            DivergedFile.company == viewer.company.id, DivergedFile.id == row.id
        ).execute()
        batches, restated = _batches(viewer, decision, row, left, at)
        batches.store([plan, *restated])
    return find(viewer, number)


def put_together(
    viewer: Viewer, number: int, shown: Shown, title: str, text: str, *, at: datetime
) -> Revision | None:
    """Save what somebody made of both texts as a new version, as an edit; the file's text counts as seen.

    Return None where that is what the log says already.

    :raises NotAllowed: when this person may not import.
    :raises Invalid: when both sides still stand in the text, or it cannot be saved.
    :raises WrongState: when the decision is closed.
    :raises Stale: when either side is no longer as the page showed it.
    """
    viewer.require(Act.IMPORT)
    if has_markers(text):
        raise Invalid("This cannot be saved yet.", {"text": CHOOSE})
    with writing():
        hold(viewer.company.id)
        decision, row = _found(viewer, number, shown)
        typed, body = sides(row, decision).typed(title, text)
        written = drafts.revise(
            viewer, number, typed, base=shown.version, body=body, settles=row.fingerprint, at=at
        )
        if written is None:
            keep(viewer, number, shown, at=at)
        else:
            _pass_over(viewer, row)
    return written


def _found(viewer: Viewer, number: int, shown: Shown) -> tuple[Decision, DivergedFile]:
    """Return the decision and its file as the page showed them, while nobody else can write.

    :raises Stale: when either is no longer so.
    :raises WrongState: when the bytes kept of the file are not those that were read.
    """
    decision = find(viewer, number)
    row = (
        DivergedFile.select()
        .where(
            DivergedFile.company == viewer.company.id,
            DivergedFile.decision_id == decision.id,
            DivergedFile.fingerprint == shown.fingerprint,
            DivergedFile.kept == False,  # noqa: E712
        )
        .first()
    )
    if row is not None and not source_files.is_whole(row, row.fingerprint):
        raise WrongState("What was kept of this file was changed. Import it again, then choose.")
    if row is None or Shown(row.fingerprint, decision.latest, decision.status, _answer(decision)) != shown:
        raise Stale(MOVED)
    return decision, row


def _pass_over(viewer: Viewer, row: DivergedFile) -> None:
    """Remember only that this text of the file was seen: it is no text of the log."""
    DivergedFile.update(kept=True, size=0, content=b"", read=b"").where(
        DivergedFile.company == viewer.company.id, DivergedFile.id == row.id
    ).execute()
    import_runs.forget(viewer, row.source)


def _plan(decision: Decision, row: DivergedFile, left: Left) -> Plan:
    here = (ImportedFile.source == row.source) & (ImportedFile.path == row.path)
    file = ImportedFile.select().where(ImportedFile.company == decision.company_id, here).first()
    known = Known(
        file.id if file else 0,
        decision.id,
        decision.number,
        file.fingerprint if file else "",
        row.base,
        decision.latest,
        decision.status,
        left.left,
    )
    text = text_there(decision, revision(decision), left)
    return Plan(left.record, row.fingerprint, known, text, left.date_source, left.committed_by)


def _batches(
    viewer: Viewer, decision: Decision, row: DivergedFile, left: Left, at: datetime
) -> tuple[Batches, list[Plan]]:
    """Return what stores the file, and the unchanged records that replace it as only its new text says."""
    company = viewer.company.id
    mine = (Link.from_id == decision.id) | (Link.to_id == decision.id)
    both = Link.from_id.is_null(False) & Link.to_id.is_null(False)
    stored = list(Link.select().where(Link.company == company, mine, both))
    ends = {end for edge in stored for end in (edge.from_id, edge.to_id)}
    files = ImportedFile.select(ImportedFile.decision_id, ImportedFile.path).where(
        ImportedFile.company == company, ImportedFile.source == row.source, ImportedFile.decision_id.in_(ends)
    )
    paths = {id: path for path, id in left.ids.items()} | dict(files.tuples())
    others = DivergedFile.select(DivergedFile.path).where(
        DivergedFile.company == company, DivergedFile.source == row.source
    )
    waiting = {path for (path,) in others.tuples()} - {row.path}
    edges = left.edges([edge for edge in stored if edge.kind == "supersedes"])
    related = left.relations([edge for edge in stored if edge.kind != "supersedes"], paths, waiting)
    restated = [
        Plan(record, "", Known(0, id, 0, "", 0, 0, "", ""), None)
        for record in left.newer
        if (id := left.ids.get(record.path)) and record.path not in waiting
        if (id, decision.id) not in edges.stored
    ]
    planned = {row.path, *(plan.record.path for plan in restated)}
    content = {row.path: (bytes(row.content), row.size)}
    outcome = Outcome({"warnings": []})
    return Batches(viewer, row.source, content, edges, related, outcome, planned, set(), at), restated
