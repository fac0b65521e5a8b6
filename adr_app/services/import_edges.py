"""Which imported record replaces which: stated at either end, across batches, with ends that no file has."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adr_app.domain.decisions import Status
from adr_app.domain.documents import Link as Stated
from adr_app.domain.documents import Record
from adr_app.models.base import insert
from adr_app.models.decisions import Decision, Link
from adr_app.services.import_plans import OPEN, Known, Ties, printable
from adr_app.services.links import bound
from adr_app.services.record import Ledger

HELD = frozenset({Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED})
"""A record with one of these was in force, so what it replaces has left force."""

MAX_TEXT, MAX_NOTE = 500, 300

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class End:
    """The older end of a replacement as the files state it: whether only in part, and their remark."""

    part: bool
    note: str


@dataclass
class Edges:
    """Every replacement among the records of a folder, and those the log already has.

    `older` and `newer` map a path to the paths at the other end; `stored` maps the ids of both ends to the
    row; `ids` maps a path to its decision, as far as it is stored.
    """

    older: dict[str, dict[str, End]]
    newer: dict[str, set[str]]
    ids: dict[str, int]
    stored: dict[Pair, Link] = field(default_factory=dict)


def edges_of(company_id: int, ties: Iterable[Ties | Record], known: Mapping[str, Known]) -> Edges:
    """Return what records say of each other, and what the log knows of it."""
    older: dict[str, dict[str, End]] = {}
    newer: dict[str, set[str]] = {}
    for record in ties:
        for link in record.links:
            if link.kind != "supersedes" or link.path is None or link.path == record.path:
                continue
            new, old = (link.path, record.path) if link.inward else (record.path, link.path)
            ends = older.setdefault(new, {})
            before = ends.get(old)
            # Either end may state it; where they differ, whole wins over part.
            part = link.part and (before is None or before.part)
            ends[old] = End(part, (before.note if before else "") or link.note)
            newer.setdefault(old, set()).add(new)
    stored = {}
    if known:
        rows = Link.select().where(
            Link.company == company_id,
            Link.kind == "supersedes",
            Link.from_id.is_null(False),
            Link.to_id.is_null(False),
        )
        stored = {(row.from_id, row.to_id): row for row in rows}
    return Edges(older, newer, {path: row.decision_id for path, row in known.items()}, stored)


def restated(
    edges: Edges, plans: Container[str], records: Container[str], known: Mapping[str, Known]
) -> dict[str, Known]:
    """Return the unchanged files that replace something which only now came, or now says so."""
    found = {}
    for path, ends in edges.older.items():
        row = known.get(path)
        if row is None or path in plans or path not in records:
            continue
        for older in ends:
            if older in plans and (row.decision_id, edges.ids.get(older, 0)) not in edges.stored:
                found[path] = row
    return found


def older_first(plans: Collection[str], edges: Edges) -> list[str]:
    """Return the paths so that what is replaced comes before what replaces it; a circle is cut."""
    ordered: list[str] = []
    done: set[str] = set()
    for path in sorted(plans):
        stack = [(path, iter(sorted(edges.older.get(path, ()))))]
        visiting = {path}
        while stack:
            top, ends = stack[-1]
            following = next((e for e in ends if e in plans and e not in done and e not in visiting), None)
            if following is not None:
                visiting.add(following)
                stack.append((following, iter(sorted(edges.older.get(following, ())))))
                continue
            stack.pop()
            if top not in done:
                done.add(top)
                ordered.append(top)
    return ordered


def store_older(
    ledger: Ledger, decision: Decision, path: str, edges: Edges, *, takes_effect: bool
) -> list[Link]:
    """Store what a record replaces, as far as that is stored; what it replaces whole leaves force with it."""
    found = []
    for older, end in sorted(edges.older.get(path, {}).items()):
        other = edges.ids.get(older)
        if other is None or other == decision.id:
            continue
        edge = _edge(ledger, decision.id, other, end, edges)
        if takes_effect:
            _take_effect(ledger, edge)
        found.append(edge)
    return found


def _edge(ledger: Ledger, newer: int, older: int, end: End, edges: Edges) -> Link:
    edge = edges.stored.get((newer, older))
    if edge is None:
        edge = Link(
            company=ledger.company.id,
            from_id=newer,
            to_id=older,
            kind="supersedes",
            part=end.part,
            note=" ".join(printable(end.note).split())[:MAX_NOTE],
            stated=True,
        )
        insert(edge)
        edges.stored[newer, older] = edge
    return edge


def _take_effect(ledger: Ledger, edge: Link) -> None:
    if not edge.effective:
        edge.effective = True
        edge.save(only=[Link.effective])
    if not edge.part:
        Decision.update(status=Status.SUPERSEDED, changed_at=ledger.at).where(
            Decision.company == ledger.company.id,
            Decision.id == edge.to_id,
            Decision.status == Status.ACCEPTED,
        ).execute()


def store_newer(
    ledger: Ledger, decision: Decision, path: str, edges: Edges, waiting: set[str]
) -> list[tuple[str, Link]]:
    """Store, without effect, that something replaces this record whose own turn has passed.

    That is so in a circle, and where the newer decision was changed here and so is left as it is.
    `waiting` are the paths whose turn is still to come.
    """
    found = []
    # What is made here is not of the act on this record, so it is an act of its own.
    for newer in sorted(edges.newer.get(path, ())):
        other = edges.ids.get(newer)
        if other is None or other == decision.id or newer in waiting:
            continue
        if (other, decision.id) not in edges.stored:
            end = edges.older[newer][path]
            edge = _edge(ledger, other, decision.id, end, edges)
            tell_linked(ledger, edge)
            found.append((newer, edge))
    return found


def tell_linked(ledger: Ledger, edge: Link, unresolved: Sequence[Link] | None = None) -> None:
    """Append that a record replaces another; `unresolved` are the open ends that it has now besides."""
    told: dict[str, Any] = {"link": edge.id, "kind": edge.kind, "to": edge.to_id, "row": edge.row_digest}
    if unresolved is not None:
        told["links"] = [bound(row) for row in unresolved]
    ledger.append("decision.linked", ("decision", edge.from_id), told, also=[("decision", edge.to_id)])


def store_unresolved(ledger: Ledger, decision: Decision, record: Record, *, replace: bool) -> list[Link]:
    """Keep the words for what a record replaces, changes, depends on and so on, where they mean no file.

    Return the edges, which the act's event binds.
    """
    if replace:
        Link.delete().where(Link.company == ledger.company.id, open_ends(decision)).execute()
    rows = []
    for link in record.links:
        kind = OPEN.get(link.kind)
        if kind is None or link.path is not None or not link.target:
            continue
        mine, other = (None, decision.id) if link.inward else (decision.id, None)
        edge = Link(
            company=ledger.company.id,
            from_id=mine,
            from_text=words_of(link) if link.inward else "",
            to_id=other,
            to_text="" if link.inward else words_of(link),
            kind=kind,
            part=link.part,
            note=" ".join(printable(link.note).split())[:MAX_NOTE],
            effective=kind != "supersedes",
            stated=True,
        )
        insert(edge)
        rows.append(edge)
    return rows


def words_of(link: Stated) -> str:
    """Return the words that an end is known by where no file is meant by them."""
    return printable(link.target)[:MAX_TEXT]


def open_ends(decision: Decision) -> Any:
    """Return the condition on the edges of a decision whose other end is only known by its words."""
    begins = (Link.from_id == decision.id) & Link.to_id.is_null()
    return begins | ((Link.to_id == decision.id) & Link.from_id.is_null())
