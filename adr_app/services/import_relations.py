"""What imported records say of each other besides replacing: changing, belonging together, depending."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adr_app.domain.documents import Record
from adr_app.models.base import insert
from adr_app.models.decisions import Decision, Link
from adr_app.services.import_edges import MAX_NOTE, End, open_ends, tell_linked, words_of
from adr_app.services.import_plans import OPEN, Ties, printable
from adr_app.services.record import Ledger

KINDS = {verb: kind for verb, kind in OPEN.items() if kind != "supersedes"}
"""The verbs of the reader with our kind of edge; replacing goes its own way: it takes things out of force."""

Said = tuple[str, str, str]
"""A kind of edge and the paths where it begins and ends."""


@dataclass
class Relations:
    """Every such relation among the records of a folder, and those the log already has.

    `at` maps a path to the relations it is an end of; `ids` maps a path to its decision, as far as it is
    stored; `paths` is the way back for what was known before; `left` are paths whose files are left as they
    are.
    """

    said: dict[Said, End]
    at: dict[str, set[Said]]
    ids: Mapping[str, int]
    paths: Mapping[int, str]
    left: set[str]
    stored: dict[tuple[str, int, int], Link]

    def find(self, kind: str, start: int, end: int) -> Link | None:
        """Return the edge that the log has; what belongs together does so both ways."""
        there = self.stored.get((kind, start, end))
        return there or (self.stored.get((kind, end, start)) if kind == "relates" else None)

    def late(self, records: Iterable[str], coming: Container[str]) -> list[str]:
        """Return the unchanged records that are related to something which only now came, or now says so."""
        return [
            path
            for path in records
            if path in self.at
            and path in self.ids
            and path not in coming
            and path not in self.left
            and any(self._is_new(said, coming) for said in self.at[path])
        ]

    def _is_new(self, said: Said, coming: Container[str]) -> bool:
        kind, start, end = said
        known = self.find(kind, self.ids.get(start, 0), self.ids.get(end, 0))
        return known is None and (start in coming or end in coming)


def relations_of(
    company_id: int, ties: Iterable[Ties | Record], ids: Mapping[str, int], left: set[str]
) -> Relations:
    """Return what the records say of each other, each relation once, and what the log knows of it."""
    said: dict[Said, End] = {}
    at: dict[str, set[Said]] = {}
    for record in ties:
        for link in record.links if record.path not in left else ():
            kind = KINDS.get(link.kind)
            if kind is None or link.path is None or link.path == record.path:
                continue
            start, end = (link.path, record.path) if link.inward else (record.path, link.path)
            if kind == "relates" and (kind, end, start) in said:
                start, end = end, start
            before = said.get((kind, start, end))
            part = link.part and (before is None or before.part)
            said[kind, start, end] = End(part, (before.note if before else "") or link.note)
            for path in (start, end):
                at.setdefault(path, set()).add((kind, start, end))
    rows: Any = ()
    if ids:
        rows = Link.select().where(
            Link.company == company_id,
            Link.kind != "supersedes",
            Link.from_id.is_null(False),
            Link.to_id.is_null(False),
        )
    stored = {(row.kind, row.from_id, row.to_id): row for row in rows}
    return Relations(said, at, ids, {id: path for path, id in ids.items()}, left, stored)


def store_outward(ledger: Ledger, decision: Decision, path: str, relations: Relations) -> list[Link]:
    """Store the relations that begin at a record, as far as their other end is stored; its act binds them."""
    return [edge for _, edge in _new(ledger, decision, path, relations, outward=True)]


def store_inward(
    ledger: Ledger, decision: Decision, path: str, relations: Relations, waiting: Sequence[set[str]]
) -> None:
    """Store the relations that end at a record and begin at one whose own turn has passed.

    Each is an act of its own, as it belongs to where it begins. Each of `waiting` holds paths whose turn is
    still to come.
    """
    for _, edge in _new(ledger, decision, path, relations, outward=False, waiting=waiting):
        tell_linked(ledger, edge)


def _new(
    ledger: Ledger,
    decision: Decision,
    path: str,
    relations: Relations,
    *,
    outward: bool,
    waiting: Sequence[set[str]] = (),
) -> list[tuple[str, Link]]:
    found = []
    for kind, start, end in sorted(relations.at.get(path, ())):
        mine, other = (start, end) if outward else (end, start)
        id = relations.ids.get(other)
        if mine != path or id is None or id == decision.id or any(other in paths for paths in waiting):
            continue
        ends = (decision.id, id) if outward else (id, decision.id)
        if relations.find(kind, *ends) is not None:
            continue
        said = relations.said[kind, start, end]
        edge = Link(
            company=ledger.company.id,
            from_id=ends[0],
            to_id=ends[1],
            kind=kind,
            part=said.part,
            note=" ".join(printable(said.note).split())[:MAX_NOTE],
            effective=True,
            stated=True,
        )
        insert(edge)
        relations.stored[kind, *ends] = edge
        found.append((other, edge))
    return found


def drop_unstated(ledger: Ledger, decision: Decision, path: str, relations: Relations) -> None:
    """Remove the relations of a record that files stated and no file states any more.

    What a person linked stays, and so does what the file at the other end may have said, where that is not
    taken or not there.
    """
    if decision.id not in relations.paths:  # it is new, and all of its relations are those just stated
        return
    for (kind, start, end), edge in list(relations.stored.items()):
        if not edge.stated or decision.id not in (start, end):
            continue
        other = relations.paths.get(end if start == decision.id else start)
        if other is None or other in relations.left:
            continue
        first, last = (path, other) if start == decision.id else (other, path)
        turned = kind == "relates" and (kind, last, first) in relations.said
        if turned or (kind, first, last) in relations.said:
            continue
        del relations.stored[kind, start, end]
        _remove(ledger, edge)


def relate(ledger: Ledger, decision: Decision, record: Record, relations: Relations) -> None:
    """Store what an unchanged file says of files that came only now, and drop the words it was known by."""
    for edge in store_outward(ledger, decision, record.path, relations):
        tell_linked(ledger, edge)
    still = {words_of(link) for link in record.links if link.path is None}
    for edge in Link.select().where(Link.company == ledger.company.id, open_ends(decision)):
        if edge.kind != "supersedes" and (edge.from_text or edge.to_text) not in still:
            _remove(ledger, edge)


def _remove(ledger: Ledger, edge: Link) -> None:
    Link.delete().where(Link.company == ledger.company.id, Link.id == edge.id).execute()
    also = [("decision", edge.to_id)] if edge.from_id and edge.to_id else []
    told = {"link": edge.id, "kind": edge.kind, "to": edge.to_id if edge.from_id else None}
    ledger.append("decision.unlinked", ("decision", edge.from_id or edge.to_id), told, also=also)
