"""What an export reads of a company's log: its decisions in batches, each with all that belongs to it.

Rows are read by the company and the ids of a batch, so the number of queries grows with the batches only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import JOIN, Case, fn

from adr_app.domain.conditions import GONE
from adr_app.domain.decisions import Status, reference
from adr_app.models.decisions import Decision, ImportedFile, Link, Revision, SourceFile
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import Condition, Verdict, VerdictTakenBack
from adr_app.services import controls, lists, people, review_parts
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer

BATCH = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What every other decision's file needs of this one: its reference, title and day, and its own file."""

    number: int
    title: str
    date: str
    source: str
    path: str
    file_number: int | None

    @property
    def reference(self) -> str:
        """Return the reference in the log."""
        return reference(self.number)


@dataclass(slots=True)
class Row:
    """One decision with the text that is exported, and all that belongs to it."""

    decision: Decision
    revision: Revision
    standing: SpanRow | None = None
    file: ImportedFile | None = None
    content: bytes | None = None
    accepted_by: str = ""
    edges: list[Link] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    parts: dict[int, dict[str, str]] = field(default_factory=dict)
    todos: list[Condition] = field(default_factory=list)
    safeguards: list[str] = field(default_factory=list)


class Log:
    """The decisions that somebody exports: what they may see, without the restricted ones unless wanted.

    Of a decision that is no longer in force and whose newest text is its file's, that text is read where
    `ended_as_filed`: nothing is in force that it could pass for.
    """

    def __init__(
        self, viewer: Viewer, at: datetime, *, restricted: bool, ended_as_filed: bool = False
    ) -> None:
        self.viewer, self.at = viewer, at
        self._ended_as_filed = ended_as_filed
        self.company = viewer.company.id
        seen = visible(viewer)
        self.left_out = 0
        if not restricted:
            self.left_out = seen.where(Decision.restricted == True).count()  # noqa: E712
            seen = seen.where(Decision.restricted == False)  # noqa: E712
        rows: Any = (
            seen.select(
                Decision.id,
                Decision.number,
                Decision.title,
                Decision.decided_on,
                ImportedFile.source,
                ImportedFile.path,
                ImportedFile.number_text,
            )
            .join(
                ImportedFile,
                JOIN.LEFT_OUTER,
                on=(ImportedFile.company == Decision.company) & (ImportedFile.decision_id == Decision.id),
            )
            .order_by(Decision.number, ImportedFile.id)
            .tuples()
        )
        self.known: dict[int, Known] = {}
        for id, number, title, day, source, path, text in rows:
            digits = (text or "").split(".")[0]
            found = Known(
                number,
                title,
                day.isoformat() if day else "",
                source or "",
                path or "",
                int(digits) if digits.isdigit() else None,
            )
            self.known.setdefault(id, found)

    def batches(self, *, html: bool = False) -> Iterator[list[Row]]:
        """Yield the decisions by reference, some hundred at a time; `html` reads what pages show too."""
        ids = list(self.known)
        for start in range(0, len(ids), BATCH):
            yield self._batch(ids[start : start + BATCH], html)

    def row(self, id: int) -> Row:
        """Return one decision of the export."""
        return self._batch([id], html=False)[0]

    def _batch(self, ids: list[int], html: bool) -> list[Row]:
        decisions = {
            row.id: row
            for row in Decision.select().where(Decision.company == self.company, Decision.id.in_(ids))
        }
        rows = {text.decision_id: Row(decisions[text.decision_id], text) for text in self._texts(ids, html)}
        standings = lists.standings(self.company, ids, self.at)
        names = people.names({d.accepted_by_id for d in decisions.values() if d.accepted_by_id})
        for id, row in rows.items():
            row.standing = standings.get(id)
            row.accepted_by = names.get(row.decision.accepted_by_id, "")
        for id, lines in controls.lines_of(self.company, ids).items():
            rows[id].safeguards = lines
        for edge in self._edges(ids):
            for end in {edge.from_id, edge.to_id}:
                if end in rows:
                    rows[end].edges.append(edge)
        verdicts = list(self._verdicts(ids))
        parts = review_parts.of(self.company, verdicts)
        for verdict in verdicts:
            rows[verdict.decision_id].verdicts.append(verdict)
            rows[verdict.decision_id].parts[verdict.id] = parts.get(verdict.id, {})
        here = Condition.company == self.company
        stands = Condition.state.not_in(sorted(GONE))
        todos = Condition.select().where(here, Condition.decision_id.in_(ids), stands)
        for todo in todos.order_by(Condition.id):
            rows[todo.decision_id].todos.append(todo)
        for file in self._files([id for id in ids if self.known[id].path]):
            rows[file.decision_id].file = file
            rows[file.decision_id].content = getattr(file, "content", None)
        return [rows[id] for id in ids]

    def _texts(self, ids: list[int], html: bool) -> Any:
        """Return the text of each that is in force, or the newest where none is."""
        columns = [Revision.id, Revision.decision_id, Revision.number, Revision.form, Revision.title]
        columns += [Revision.fields, Revision.answers, Revision.digest, *([Revision.html] if html else [])]
        number = fn.COALESCE(Decision.in_force, Decision.latest)
        if self._ended_as_filed:
            filed = ImportedFile.select(ImportedFile.id).where(
                ImportedFile.company == Decision.company,
                ImportedFile.decision_id == Decision.id,
                ImportedFile.revision == Decision.latest,
            )
            ended = Decision.status.in_([Status.SUPERSEDED, Status.DEPRECATED])
            number = Case(None, [(ended & fn.EXISTS(filed), Decision.latest)], number)
        return (
            Revision.select(*columns)
            .join(Decision, on=(Decision.company == Revision.company) & (Decision.id == Revision.decision_id))
            .where(
                Revision.company == self.company,
                Revision.decision_id.in_(ids),
                Revision.number == number,
            )
            .objects()
        )

    def _edges(self, ids: list[int]) -> list[Link]:
        """Return the edges whose other end may be seen, or is only known by its words."""
        here = Link.company == self.company
        mine = Link.from_id.in_(ids) | Link.to_id.in_(ids)
        found = Link.select().where(here, mine).order_by(Link.id)
        return [edge for edge in found if {edge.from_id, edge.to_id} - {None} <= self.known.keys()]

    def _verdicts(self, ids: list[int]) -> Any:
        return (
            Verdict.select()
            .join(
                VerdictTakenBack,
                JOIN.LEFT_OUTER,
                on=(VerdictTakenBack.company == Verdict.company)
                & (VerdictTakenBack.verdict_id == Verdict.id),
            )
            .where(
                Verdict.company == self.company,
                Verdict.decision_id.in_(ids),
                VerdictTakenBack.id.is_null(),
            )
            .order_by(Verdict.id)
        )

    def _files(self, ids: list[int]) -> Any:
        if not ids:
            return []
        return (
            ImportedFile.select(ImportedFile, SourceFile.content)
            .join(
                SourceFile,
                JOIN.LEFT_OUTER,
                on=(SourceFile.company == ImportedFile.company) & (SourceFile.file_id == ImportedFile.id),
            )
            .where(ImportedFile.company == self.company, ImportedFile.decision_id.in_(ids))
            .order_by(ImportedFile.id.desc())
            .objects()
        )
