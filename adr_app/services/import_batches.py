"""Storing what an import planned, file by file: each with its text, its bytes, its links and its event."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from adr_app.domain.decisions import Status
from adr_app.domain.documents.record import READER_VERSION, Record
from adr_app.domain.documents.writers.markdown import own_parts
from adr_app.domain.revisions import Draft
from adr_app.models.base import fresh, insert, insert_all, next_ids, update
from adr_app.models.decisions import Decision, ImportedFile, Revision
from adr_app.services import import_runs, links, new_decisions, people, source_files, vendors
from adr_app.services.decision_rows import revision
from adr_app.services.drafts import put_in_force, show_newest, write
from adr_app.services.import_backs import back_in_fields
from adr_app.services.import_edges import (
    HELD,
    Edges,
    store_newer,
    store_older,
    store_unresolved,
    tell_linked,
)
from adr_app.services.import_plans import (
    Known,
    Outcome,
    Plan,
    printable,
    text_of,
)
from adr_app.services.import_relations import Relations, drop_unstated, relate, store_inward, store_outward
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as
from adr_app.services.summaries import summary

_Created = tuple[Decision, Revision, ImportedFile]


@dataclass
class Batches:
    """Stores plans, some hundred in one transaction, each with its event."""

    viewer: Viewer
    source: str
    contents: Mapping[str, tuple[bytes, int]]
    edges: Edges
    related: Relations
    outcome: Outcome
    waiting: set[str]
    late: set[str]
    at: datetime
    planned: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.planned = set(self.waiting)

    def store(self, plans: list[Plan]) -> None:
        """Store some plans in one transaction."""
        with acting_as(self.viewer, at=self.at, many=True) as ledger:
            # What the last import read is no longer what the log holds, even if this one does not end.
            self.at = ledger.at
            import_runs.forget(self.viewer, self.source)
            created = self._create(ledger, [plan for plan in plans if plan.known is None])
            for plan in plans:
                path = plan.record.path
                if path in self.late:
                    self._relate(ledger, plan)
                    continue
                self.waiting.discard(path)
                decision = self._store_one(ledger, plan, created)
                self.edges.ids[path] = decision.id
                drop_unstated(ledger, decision, path, self.related)
                store_inward(ledger, decision, path, self.related, (self.waiting, self.late))
                for newer, _ in store_newer(ledger, decision, path, self.edges, self.waiting):
                    if newer in self.planned:
                        self.outcome.warn(
                            path,
                            "circle",
                            f"This and {newer} replace each other; neither lost its force by it.",
                        )

    def _relate(self, ledger: Ledger, plan: Plan) -> None:
        """Store how an unchanged file belongs with others, now that they are here."""
        path = plan.record.path
        self.late.discard(path)
        decision = Decision.get(Decision.company == ledger.company.id, Decision.id == self.edges.ids[path])
        relate(ledger, decision, plan.record, self.related)
        store_inward(ledger, decision, path, self.related, (self.late,))

    def _store_one(self, ledger: Ledger, plan: Plan, created: dict[str, _Created]) -> Decision:
        known, text = plan.known, plan.text
        if known is None:
            decision, written, file = created[plan.record.path]
            told = {"reference": decision.number, "file": {"file": file.id, "row": file.row_digest}}
            self._append(ledger, "decision.imported", plan, decision, written, _status_of(plan), told)
            return decision
        decision = Decision.get(Decision.company == ledger.company.id, Decision.id == known.decision_id)
        if text is None:
            self._restate(ledger, plan, decision)
        elif decision.imported:
            self._change(ledger, plan, known, decision, text)
        else:
            # Written here, exported, changed in its file: in fields again where those say all of it.
            who = people.names({decision.accepted_by_id} - {None}).get(decision.accepted_by_id, "")
            text = back_in_fields(plan.record, text, revision(decision), who)
            self._change(ledger, replace(plan, text=text), known, decision, text)
        return decision

    def _create(self, ledger: Ledger, plans: list[Plan]) -> dict[str, _Created]:
        """Store the decisions that are new, by path, with their files; their events are yet to come."""
        texts = [(plan.text or text_of(plan.record, None), _status_of(plan)) for plan in plans]
        new = new_decisions.compose(ledger, texts, by=self.viewer.person.id, note="imported")
        for one in new:
            _settle(one.decision, one.revision, ledger.at)
        new_decisions.store(ledger.company.id, new)
        files, kept, company = [], [], ledger.company.id
        for plan, one, file_id in zip(plans, new, next_ids(ImportedFile, len(plans)), strict=True):
            path = plan.record.path
            own = {"id": file_id, "company": company, "decision_id": one.decision.id}
            facts = _facts(plan, one.revision, _status_of(plan), ledger.at)
            files.append(fresh(ImportedFile, **own, source=self.source, path=path, **facts))
            kept.append(source_files.row_of(company, file_id, *self.contents[path], plan.record.warnings))
        insert_all(files)
        source_files.keep_new(kept)
        rows = zip(plans, new, files, strict=True)
        return {plan.record.path: (one.decision, one.revision, file) for plan, one, file in rows}

    def _keep(self, ledger: Ledger, plan: Plan, file_id: int, *, replace: bool) -> None:
        content, size = self.contents[plan.record.path]
        source_files.keep(ledger.company.id, file_id, content, size, plan.record.warnings, replace=replace)

    def _change(self, ledger: Ledger, plan: Plan, known: Known, decision: Decision, text: Draft) -> None:
        """Take the newer text of a file, and the status where it states one."""
        stated = plan.record.status or (Status.UNSTATED if decision.status == Status.UNSTATED else None)
        written = revision(decision)
        if written.form != text.form or written.fields != text.stored():
            written = write(ledger, decision, text, by=self.viewer.person.id, note="imported")
        if stated is not None:
            decision.status = Status(stated)
            _settle(decision, written, ledger.at)
            if decision.status == Status.ACCEPTED and links.is_replaced(ledger.company.id, decision.id):
                decision.status = Status.SUPERSEDED
        left = stated or known.left
        file = self._file(ledger, plan, known, decision)
        for name, value in _facts(plan, written, left, ledger.at).items():
            setattr(file, name, value)
        if file.id is None:
            insert(file)
        else:
            update(file)
        told: dict[str, Any] = {"file": {"file": file.id, "row": file.row_digest}}
        self._keep(ledger, plan, file.id, replace=bool(known.id))
        if stated is not None:
            update(decision)
            self._append(ledger, "decision.reimported", plan, decision, written, Status(stated), told)
            return
        # The file leaves open what is stated here, so its new text is a draft beside what was decided.
        in_force = revision(decision, decision.in_force) if decision.in_force else None
        same = in_force is not None and in_force.digest == written.digest
        if same:
            put_in_force(decision, written)
        update(decision)
        found = store_older(ledger, decision, plan.record.path, self.edges, takes_effect=False)
        found += store_outward(ledger, decision, plan.record.path, self.related)
        found += store_unresolved(ledger, decision, plan.record, replace=True)
        told |= {"in_force": same, "links": [links.bound(edge) for edge in found]}
        firms = vendors.subjects(written.named_vendors)
        ledger.append("decision.revised", ("decision", decision.id), {**summary(written), **told}, also=firms)

    def _file(self, ledger: Ledger, plan: Plan, known: Known, decision: Decision) -> ImportedFile:
        """Return the row of a file, a new one where its decision was written here and exported."""
        company, path = ledger.company, plan.record.path
        if not known.id:
            return ImportedFile(company=company, decision_id=decision.id, source=self.source, path=path)
        return ImportedFile.get(ImportedFile.company == company.id, ImportedFile.id == known.id)

    def _restate(self, ledger: Ledger, plan: Plan, decision: Decision) -> None:
        """Store what an unchanged file replaces, now that the other file is here."""
        status = Status(decision.status)
        if status in HELD:
            written = revision(decision, decision.in_force)
            self._append(ledger, "decision.reimported", plan, decision, written, status, {"restated": True})
            return
        path = plan.record.path
        if found := store_older(ledger, decision, path, self.edges, takes_effect=False):
            unresolved = store_unresolved(ledger, decision, plan.record, replace=True)
            for edge in found:
                tell_linked(ledger, edge, unresolved)

    def _append(
        self,
        ledger: Ledger,
        kind: str,
        plan: Plan,
        decision: Decision,
        written: Revision,
        status: Status,
        told: dict[str, Any],
    ) -> None:
        """Store what the record replaces and append its event."""
        path = plan.record.path
        found = store_older(ledger, decision, path, self.edges, takes_effect=status in HELD)
        besides = store_outward(ledger, decision, path, self.related)
        besides += store_unresolved(ledger, decision, plan.record, replace=plan.known is not None)
        day = plan.decided_on if plan.text else decision.decided_on and decision.decided_on.isoformat()
        data = {
            **summary(written),
            **told,
            "links": [links.bound(edge) for edge in (*found, *besides)],
            "status": status,
            "decided_on": day,
            "supersedes": [{"decision": edge.to_id, "part": edge.part} for edge in found],
        }
        also = links.told_of(decision.company_id, data["supersedes"])
        also += vendors.subjects(written.named_vendors)
        ledger.append(kind, ("decision", decision.id), data, also=also)


_STATUSES = {str(status): status for status in Status}


def _status_of(plan: Plan) -> Status:
    return _STATUSES[plan.record.status] if plan.record.status else Status.UNSTATED


def _settle(decision: Decision, written: Revision, at: datetime) -> None:
    """Let the row follow the status its file states: what came into force, and when that was."""
    if decision.status == Status.ACCEPTED:
        put_in_force(decision, written)
    elif decision.status in HELD:
        decision.in_force = decision.in_force or written.number
    else:
        decision.in_force = decision.accepted_at = decision.accepted_by = None
        if written.number > 1:
            show_newest(decision)
        return
    decision.accepted_at = decision.accepted_at or at


def _facts(plan: Plan, written: Revision, left: str, at: datetime) -> dict[str, Any]:
    """Return what is kept of the file itself; `left` is the status it leaves its decision in."""
    record: Record = plan.record
    return {
        "format": record.format,
        "number_text": (record.number or "")[:100],
        "status_raw": printable(record.status_raw)[:500],
        "date_source": plan.date_source[:100],
        "fingerprint": plan.fingerprint,
        "revision": written.number,
        "extracted": {
            "format_reason": printable(record.format_reason)[:500],
            "date_raw": printable(record.date_raw)[:200],
            "front_matter": own_parts(printable(record.front_matter), record.body)[0],
            "status": str(left),
            **({"committed_by": printable(plan.committed_by)[:200]} if plan.committed_by else {}),
        },
        "reader_version": READER_VERSION,
        "read_at": at,
    }
