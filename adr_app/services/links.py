"""Edges between decisions: replacing, amending, relating; an edge takes effect with its newer end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adr_app.domain.decisions import IN_FORCE, Status
from adr_app.domain.digest import clean_text
from adr_app.domain.documents.inline import plain
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision, Link
from adr_app.models.spelled import Spelled
from adr_app.services.decision_rows import find, visible
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

KINDS = {
    "supersedes": ("replaces", "replaced by"),
    "amends": ("changes", "changed by"),
    "depends": ("depends on", "needed by"),
    "relates": ("belongs with", "belongs with"),
}
"""Each kind of edge with its words forwards and backwards."""

OFFERED = 30
"""Decisions that a form offers by name; any other is named by its reference."""

REPLACEABLE = (Status.ACCEPTED, Status.SUPERSEDED, Status.UNSTATED)
"""What a newer decision can replace; an import that states no status is replaced once it is said to hold."""


def link(
    viewer: Viewer, number: int, to: int, kind: str, *, part: bool = False, note: str = "", at: datetime
) -> Link:
    """Link a decision to another of the company; replacing waits until the newer one is accepted.

    :raises Invalid: when the other decision cannot be linked this way.
    :raises NotFound: when the other decision is missing, another company's or hidden.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision, other = find(viewer, number), _other(viewer, to)
        if kind not in KINDS:
            raise Invalid("Choose how they belong together.", {"kind": "Choose from the list."})
        if decision.id == other.id:
            raise Invalid("A decision cannot be linked to itself.", {"to": "Name another decision."})
        if kind == "supersedes" and decision.status not in (Status.DRAFT, Status.PROPOSED):
            raise WrongState(
                "Only a decision that is not accepted yet can replace another: its text says so."
            )
        if kind == "supersedes":
            _require_in_force(other, "to")
        same = (Link.company == viewer.company.id) & (Link.from_id == decision.id)
        if Link.select().where(same, Link.to_id == other.id, Link.kind == kind).exists():
            raise Invalid("These two are linked like that already.", {"to": "Already linked."})
        edge = Link.create(
            company=viewer.company.id,
            from_id=decision.id,
            to_id=other.id,
            kind=kind,
            part=bool(part),
            note=" ".join(clean_text(note).split())[:300],
            effective=kind != "supersedes",
        )
        ledger.append(
            "decision.linked",
            ("decision", decision.id),
            {"link": edge.id, "kind": kind, "to": other.id, "row": edge.row_digest},
            also=[("decision", other.id)],
        )
    return edge


def replace_at_once(
    viewer: Viewer, decision: Decision, to: int, *, part: bool, note: str, at: datetime
) -> dict[str, Any]:
    """Let a decision that is in force already replace another, within the act that records it.

    Return what the act's event says of it: the edge and what took effect.

    :raises Invalid: under `replaces`, when the other is missing, another company's, hidden or not in force;
        under `replaces_note`, when it does not say which part.
    """
    words = " ".join(clean_text(note).split())[:300]
    other = _other(viewer, to, "replaces")
    if other.id == decision.id:  # its own number, which was given a moment ago
        raise Invalid("There is no such decision.", {"replaces": "Name an earlier decision."})
    _require_in_force(other, "replaces")
    if part and not words:
        raise Invalid("Say which part of it is replaced.", {"replaces_note": "Say which part is replaced."})
    edge = Link.create(
        company=viewer.company.id,
        from_id=decision.id,
        to_id=other.id,
        kind="supersedes",
        part=part,
        note=words,
    )
    return {"links": [bound(edge)], "supersedes": take_effect(decision, at)}


def bound(edge: Link) -> dict[str, Any]:
    """Return what an event says of an edge that its act made: which, and the digest of its row."""
    return {"link": edge.id, "row": edge.row_digest, "open": edge.from_id is None or edge.to_id is None}


def _require_in_force(other: Decision, field: str) -> None:
    if other.status not in IN_FORCE:
        raise Invalid("Only a decision in force can be replaced.", {field: f"{other.ref} is not in force."})


def in_force(viewer: Viewer) -> list[Decision]:
    """Return the newest decisions in force that this person may know of: what can be replaced."""
    return list(
        visible(viewer)
        .where(Decision.status.in_(sorted(IN_FORCE)))
        .order_by(Decision.id.desc())
        .limit(OFFERED)
    )


def unlink(viewer: Viewer, number: int, link_id: int, *, at: datetime) -> None:
    """Remove an edge that has not taken effect as a replacement.

    :raises NotFound: when there is no such edge, or its other end is hidden from this person.
    :raises WrongState: when the replacement is already in force.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        edge = (
            Link.select()
            .where(Link.company == viewer.company.id, Link.from_id == decision.id, Link.id == link_id)
            .first()
        )
        if edge is None or not _known(viewer, edge.to_id):
            raise NotFound("There is no such link.")
        if edge.kind == "supersedes" and edge.effective:
            raise WrongState("That replacement is in force. Take the acceptance back, or decide anew.")
        also = [("decision", edge.to_id)] if edge.to_id else []
        data = {"link": edge.id, "kind": edge.kind, "to": edge.to_id}
        Link.delete().where(Link.company == viewer.company.id, Link.id == edge.id).execute()
        ledger.append("decision.unlinked", ("decision", decision.id), data, also=also)


_EDGES = Spelled(
    lambda company, decision: Link.select().where(
        Link.company == company, (Link.from_id == decision) | (Link.to_id == decision)
    )
)


def of(viewer: Viewer, decision: Decision) -> list[dict[str, Any]]:
    """Return the edges of a decision as this person may see them: words, other end or its text."""
    edges = _EDGES.rows(company=viewer.company.id, decision=decision.id)
    ends = {e.to_id if e.from_id == decision.id else e.from_id for e in edges} - {None}
    seen = {d.id: d for d in visible(viewer).where(Decision.id.in_(ends))} if ends else {}
    rows = []
    for edge in edges:
        forward = edge.from_id == decision.id
        other = edge.to_id if forward else edge.from_id
        text = edge.to_text if forward else edge.from_text
        if other is not None and other not in seen:
            continue  # hidden from this person: as if the edge were not there
        rows.append(
            {
                "id": edge.id,
                "kind": edge.kind,
                "words": KINDS[edge.kind][0 if forward else 1],
                "forward": forward,
                "other": seen.get(other),
                "text": plain(text),
                "part": edge.part,
                "note": edge.note,
                "effective": edge.effective,
            }
        )
    return rows


def take_effect(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    """Put the replacements that wait for this decision in force; return them as its event says.

    What was marked as no longer used meanwhile stays so: it has left force already.
    """
    edges = [edge for edge in _replacements(decision, effective=False) if _status(edge) in REPLACEABLE]
    for edge in edges:
        edge.effective = True
        edge.save(only=[Link.effective])
        if not edge.part and _status(edge) == Status.ACCEPTED:
            _set_status(decision.company_id, edge.to_id, Status.SUPERSEDED, at)
    return [{"decision": edge.to_id, "part": edge.part} for edge in edges]


def undo_effect(decision: Decision, at: datetime) -> list[int]:
    """Take back the replacements this decision put in force; return the ids of what is in force again."""
    restored = []
    for edge in _replacements(decision, effective=True):
        edge.effective = False
        edge.save(only=[Link.effective])
        was = _status(edge)
        if edge.part or was not in REPLACEABLE or is_replaced(edge.company_id, edge.to_id):
            continue
        if was == Status.SUPERSEDED:
            _set_status(decision.company_id, edge.to_id, Status.ACCEPTED, at)
        restored.append(edge.to_id)
    return restored


def _replacements(decision: Decision, *, effective: bool) -> list[Link]:
    return list(
        Link.select().where(
            Link.company == decision.company_id,
            Link.from_id == decision.id,
            Link.kind == "supersedes",
            Link.effective == effective,
            Link.to_id.is_null(False),
        )
    )


def ends_of(replaced: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return the decisions that an act replaces as its event lists what it is about."""
    return [("decision", edge["decision"]) for edge in replaced]


def leaning_on(company_id: int, decisions: Iterable[int]) -> list[tuple[str, int]]:
    """Return the decisions that rest on some others by a link, as an act on those lists what it is about."""
    ids = set(decisions)
    if not ids:
        return []
    here, leans = Link.company == company_id, Link.kind.in_(("depends", "amends", "relates"))
    resting = Link.select(Link.from_id, Link.to_id, Link.kind).where(
        here, leans, Link.to_id.in_(ids) | Link.from_id.in_(ids)
    )
    found = set()
    for older, newer, kind in resting.tuples():
        if newer in ids:
            found.add(older)
        if older in ids and kind == "relates":
            found.add(newer)
    return [("decision", key) for key in sorted(found - {None})]


def told_of(company_id: int, replaced: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return what else an act is about that replaces some decisions: those, and what rests on them."""
    ends = ends_of(replaced)
    return [*ends, *leaning_on(company_id, [key for _, key in ends])]


def status_in_force(decision: Decision) -> Status:
    """Return the status of what comes into force now: something in force may have replaced it before."""
    return Status.SUPERSEDED if is_replaced(decision.company_id, decision.id) else Status.ACCEPTED


def is_replaced(company_id: int, decision_id: int) -> bool:
    """Return whether something in force replaces a decision whole."""
    return (
        Link.select()
        .where(
            Link.company == company_id,
            Link.to_id == decision_id,
            Link.kind == "supersedes",
            Link.effective == True,  # noqa: E712
            Link.part == False,  # noqa: E712
        )
        .exists()
    )


def _status(edge: Link) -> str | None:
    found: str | None = (
        Decision.select(Decision.status)
        .where(Decision.company == edge.company_id, Decision.id == edge.to_id)
        .scalar()
    )
    return found


def _set_status(company_id: int, decision_id: int, status: Status, at: datetime) -> None:
    (
        Decision.update(status=status, changed_at=at)
        .where(Decision.company == company_id, Decision.id == decision_id)
        .execute()
    )


def _known(viewer: Viewer, decision_id: int | None) -> bool:
    """Return whether a person may know of an edge's end; one that was never resolved hides nothing."""
    return decision_id is None or visible(viewer).where(Decision.id == decision_id).exists()


def _other(viewer: Viewer, number: int, field: str = "to") -> Decision:
    try:
        return find(viewer, number)
    except NotFound:
        raise Invalid("There is no such decision.", {field: "Name a decision of this company."}) from None
