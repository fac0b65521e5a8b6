"""What happened to a decision, as one person may know it: acts, remarks beside them, findings."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from adr_app.domain.revisions import EMPTY, STATEMENTS
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.events import NEWEST, Event, newest_about
from adr_app.models.flags import SpanRow
from adr_app.models.spelled import Spelled
from adr_app.services import gates, people
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer


@dataclass(slots=True)
class History:
    """Acts newest first, each as (event, its data); names by person, other decisions and words said by id."""

    acts: list[tuple[Event, dict[str, Any]]]
    names: dict[int, str]
    others: dict[int, Decision]
    said: dict[int, str]
    cut: bool = False
    findings: list[SpanRow] = field(default_factory=list)

    def name(self, person_id: int | None) -> str:
        """Return a person's name, or who else acted."""
        return self.names.get(person_id or 0, "Somebody") if person_id else "The product"

    def kinds(self) -> set[str]:
        """Return which kinds of act have happened."""
        return {event.kind for event, _ in self.acts}


def of(viewer: Viewer, decision: Decision, at: datetime) -> History:
    """Return the history of a decision that this person may see, up to `at`.

    An act that names a decision hidden from this person is left out, as the decision is.
    """
    rows = newest_about(viewer.company.id, "decision", decision.id)
    acts = [(event, event.data) for event in rows[:NEWEST]]
    wanted = {key for event, data in acts for key in _decisions(event, data, decision.id)} - {decision.id}
    others = {row.id: row for row in visible(viewer).where(Decision.id.in_(wanted))} if wanted else {}
    known = {decision.id, *others}
    acts = [(event, data) for event, data in acts if set(_decisions(event, data, decision.id)) <= known]
    said = dict(_SAID.rows(company=viewer.company.id, decision=decision.id))
    persons = {person for event, data in acts for person in (event.actor_id, data.get("of"))}
    persons |= {claim["of"] for _, data in acts if (claim := data.get("claim")) and isinstance(claim, dict)}
    persons |= {decision.author_id, decision.accepted_by_id}
    named = {person for person in persons if isinstance(person, int)}
    names = people.names_at(viewer.company.id, named)
    return History(acts, names, others, said, cut=len(rows) > NEWEST)


def spans(viewer: Viewer, decision: Decision) -> list[SpanRow]:
    """Return every span of a decision, in order of beginning: what holds, what held, what will hold."""
    return _SPANS.rows(company=viewer.company.id, decision=decision.id)


_SAID = Spelled(
    lambda company, decision: (
        Comment.select(Comment.id, Comment.text)
        .where(Comment.company == company, Comment.decision_id == decision)
        .tuples()
    )
)
_SPANS = Spelled(
    lambda company, decision: (
        SpanRow.select()
        .where(
            SpanRow.company == company,
            SpanRow.subject_type == "decision",
            SpanRow.subject_id == decision,
        )
        .order_by(SpanRow.starts, SpanRow.id)
    )
)


def restated(decision: Decision) -> dict[str, tuple[datetime, str]]:
    """Return which statements of a decision were changed after it was accepted: when last, and by whom.

    By field, of `STATEMENTS`; read from the versions between the accepted one and the one in force.
    """
    if decision.in_force is None or decision.in_force == 1:
        return {}
    acceptance = gates.state_of(decision).acceptance
    if acceptance is None or acceptance.number >= decision.in_force:
        return {}
    versions = list(
        Revision.select(Revision.number, Revision.fields, Revision.created_at, Revision.created_by)
        .where(
            Revision.company == decision.company_id,
            Revision.decision_id == decision.id,
            Revision.number.between(acceptance.number, decision.in_force),
        )
        .order_by(Revision.number)
    )
    last = {
        name: later
        for before, later in pairwise(versions)
        for name in STATEMENTS
        if before.fields.get(name, EMPTY[name]) != later.fields.get(name, EMPTY[name])
    }
    names = people.names({version.created_by_id for version in last.values()})
    return {
        name: (version.created_at, names.get(version.created_by_id, "Somebody"))
        for name, version in last.items()
    }


def _decisions(event: Event, data: dict[str, Any], own: int) -> list[int]:
    """Return the decisions that showing an act would tell of, beside the one whose history it is."""
    named = [event.subject_id] if event.subject_type == "decision" else []
    if event.kind in ("decision.linked", "decision.unlinked") and data.get("to"):
        named.append(data["to"])
    # What is replaced, where another decision replaces it: that tells of what it leans on.
    replaced = [edge["decision"] for edge in data.get("supersedes") or () if edge.get("decision")]
    return [*named, *replaced] if named and event.subject_id != own and own not in replaced else named
