"""What the reader took from a file that an import left, kept until somebody chooses: the record and its ties.

The file alone would not do: what other files say of it, and where its links lead, is known only while the
whole folder is read.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from adr_app.domain.documents import Link, Note, Option, Record
from adr_app.models.decisions import Link as Edge
from adr_app.services.import_edges import Edges, End
from adr_app.services.import_plans import Plan, Ties
from adr_app.services.import_relations import Relations, Said, relations_of
from adr_app.services.packing import packed, unpacked


@dataclass(frozen=True, slots=True)
class Left:
    """A record that an import left, with what else it takes to store it later as an import does.

    `day` is when it was decided, as far as known; `left` the status that its file left the decision in;
    `older` and `said` are the ties of its path with others, `ids` their decisions, and `newer` the records
    that replace it, without their texts.
    """

    record: Record
    day: str = ""
    date_source: str = ""
    committed_by: str = ""
    left: str = ""
    older: dict[str, dict[str, End]] = field(default_factory=dict)
    said: dict[Said, End] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    newer: tuple[Record, ...] = ()

    @property
    def decided_on(self) -> date | None:
        """Return the day the decision was made, where it is known."""
        return date.fromisoformat(self.day) if self.day else None

    def edges(self, stored: Sequence[Edge]) -> Edges:
        """Return the replacements it is an end of; `stored` are those that the log has."""
        newer: dict[str, set[str]] = {}
        for path, ends in self.older.items():
            for end in ends:
                newer.setdefault(end, set()).add(path)
        known = {(row.from_id, row.to_id): row for row in stored}
        return Edges(self.older, newer, dict(self.ids), known)

    def relations(self, stored: Sequence[Edge], paths: Mapping[int, str], left: set[str]) -> Relations:
        """Return its other ties; `stored` are those that the log has, `paths` where other decisions lie."""
        at: dict[str, set[Said]] = {}
        for said in self.said:
            for path in said[1:]:
                at.setdefault(path, set()).add(said)
        known = {(row.kind, row.from_id, row.to_id): row for row in stored}
        return Relations(dict(self.said), at, dict(self.ids), paths, left, known)


def left_of(
    plans: Mapping[str, Plan], ties: Sequence[Ties], whole: Callable[[str], Record], edges: Edges
) -> dict[str, Left]:
    """Return what is to be kept of the records that an import leaves, by path; `plans` are those records.

    `ties` are what all records say of each other, `whole` returns one of them.
    """
    relations = relations_of(0, ties, {}, set())
    found = {}
    for path, plan in plans.items():
        newer = sorted(edges.newer.get(path, ()))
        older = {path: edges.older.get(path, {})} | {new: {path: edges.older[new][path]} for new in newer}
        said = {one: relations.said[one] for one in sorted(relations.at.get(path, ()))}
        ends = {*older, *older[path], *(end for one in said for end in one[1:])}
        found[path] = Left(
            plan.record,
            plan.decided_on or "",
            plan.date_source,
            plan.committed_by,
            plan.known.left if plan.known else "",
            older,
            said,
            {end: edges.ids[end] for end in sorted(ends) if end in edges.ids},
            tuple(replace(whole(new), body="", front_matter="") for new in newer if new not in plans),
        )
    return found


def to_bytes(left: Left) -> bytes:
    """Return what is kept, as it is stored."""
    told = {
        **{name: getattr(left, name) for name in ("day", "date_source", "committed_by", "left", "ids")},
        "record": asdict(left.record),
        "newer": [asdict(record) for record in left.newer],
        "older": [
            [new, old, end.part, end.note] for new, ends in left.older.items() for old, end in ends.items()
        ],
        "said": [[*said, end.part, end.note] for said, end in left.said.items()],
    }
    return packed(json.dumps(told).encode())


def from_bytes(stored: bytes) -> Left:
    """Return what was kept."""
    told = json.loads(unpacked(stored))
    older: dict[str, dict[str, End]] = {}
    for new, old, part, note in told["older"]:
        older.setdefault(new, {})[old] = End(part, note)
    return Left(
        _record(told["record"]),
        told["day"],
        told["date_source"],
        told["committed_by"],
        told["left"],
        older,
        {(kind, start, end): End(part, note) for kind, start, end, part, note in told["said"]},
        told["ids"],
        tuple(map(_record, told["newer"])),
    )


def _record(told: dict[str, Any]) -> Record:
    known = {f.name for f in fields(Record)}
    facts: dict[str, Any] = {
        name: tuple(map(_line, value)) if isinstance(value, list) else value
        for name, value in told.items()
        if name in known
    }
    facts["links"] = tuple(Link(**link) for link in told["links"])
    facts["warnings"] = tuple(Note(**note) for note in told["warnings"])
    if told["options"] is not None:
        facts["options"] = tuple(
            Option(**{name: _line(value) for name, value in option.items()}) for option in told["options"]
        )
    return Record(**facts)


def _line(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
