"""The company's record as its people read it: every act, newest first, less what a person may not know."""

from dataclasses import dataclass
from typing import Any

from peewee import Expression

from adr_app.domain.decisions import debt_reference, reference
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision
from adr_app.models.events import Event, EventSubject
from adr_app.models.obligations import Obligation
from adr_app.models.people import System
from adr_app.models.pressures import PressureRow
from adr_app.models.vendors import Vendor
from adr_app.services import people, restricted, systems, vendor_confidence, vendors
from adr_app.services.decision_rows import visible
from adr_app.services.histories import History
from adr_app.services.people import Viewer

PAGE = 50
LINKS = ("decision.linked", "decision.unlinked")


@dataclass(frozen=True, slots=True)
class Line:
    """One act: the event, what it carried, and the reference and title of what it is mainly about."""

    event: Event
    data: dict[str, Any]
    ref: str = ""
    title: str = ""
    decision: int | None = None
    debt: int | None = None
    firm: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """A page of the record, names and decisions to tell it with, and where older acts begin."""

    lines: list[Line]
    history: History
    older: int | None
    newest: bool


def page(viewer: Viewer, *, before: int | None = None, size: int = PAGE) -> Log:
    """Return up to `size` acts before number `before` (the newest without), in at most nine queries.

    Acts on decisions that are hidden from this person are left out before a page is cut, so that its length
    tells nothing of them; those on systems, firms and debt that come with such a decision are left out after.
    """
    query = Event.select().where(Event.company == viewer.company.id, *_open_to(viewer))
    if before is not None:
        query = query.where(Event.seq < before)
    rows = list(query.order_by(Event.seq.desc()).limit(size + 1))
    acts = [(event, event.data) for event in rows[:size]]
    wanted = {key for event, data in acts for key in decisions_in(event, data)}
    seen = {row.id: row for row in visible(viewer).where(Decision.id.in_(wanted))} if wanted else {}
    shown = [(event, data) for event, data in acts if decisions_in(event, data) <= seen.keys()]
    items = _debt(viewer, shown)
    named = _named(viewer, shown)
    private = vendor_confidence.in_confidence(viewer, (event for event, _ in shown))
    shown = [
        (event, data)
        for event, data in shown
        if event.subject_type not in NAMED
        or ((event.subject_type, event.subject_id) in named and event.seq not in private)
    ]
    persons = {
        key
        for event, data in shown
        for key in (event.actor_id, data.get("of"), data.get("person"), _claimed_of(data))
        if isinstance(key, int)
    } if shown else set()  # fmt: skip
    history = History(shown, people.names_at(viewer.company.id, persons), seen, {})
    lines = [_line(event, data, seen, items, named) for event, data in shown]
    older = acts[-1][0].seq if len(rows) > size else None
    return Log(lines, history, older, before is None)


def _open_to(viewer: Viewer) -> list[Expression]:
    """Return the conditions that an act is on no decision that is hidden from this person, at either end."""
    hidden = restricted.hidden_from(viewer)
    if not hidden:
        return []
    touching = EventSubject.select(EventSubject.seq).where(
        EventSubject.company_id == viewer.company.id,
        EventSubject.subject_type == "decision",
        EventSubject.subject_id.in_(hidden),
    )
    on_it = (Event.subject_type == "decision") & Event.subject_id.in_(hidden)
    return [~on_it, ~(Event.kind.in_(LINKS) & Event.seq.in_(touching))]


def _claimed_of(data: dict[str, Any]) -> int | None:
    """Return the vCISO named by a recorded decision's claim; a claim of its own act names her as `of`."""
    claim = data.get("claim")
    return claim.get("of") if isinstance(claim, dict) else None


def decisions_in(event: Event, data: dict[str, Any]) -> set[int]:
    """Return the decisions that showing an act would tell of."""
    found = {event.subject_id} if event.subject_type == "decision" else set()
    if event.kind in LINKS and data.get("to"):
        found.add(data["to"])
    if event.kind.startswith("debt.") and data.get("decision"):
        found.add(data["decision"])
    return found


def _debt(viewer: Viewer, acts: list[tuple[Event, dict[str, Any]]]) -> dict[int, DebtItem]:
    wanted = {event.subject_id for event, _ in acts if event.subject_type == "debt"}
    if not wanted:
        return {}
    rows = DebtItem.select(DebtItem.id, DebtItem.number, DebtItem.title).where(
        DebtItem.company == viewer.company.id, DebtItem.id.in_(wanted)
    )
    return {row.id: row for row in rows}


def _all_of(table: Any) -> Any:
    return lambda viewer: table.select().where(table.company == viewer.company.id)


NAMED = {
    "system": (systems.known, System),
    "vendor": (vendors.visible_to, Vendor),
    "pressure": (_all_of(PressureRow), PressureRow),
    "obligation": (_all_of(Obligation), Obligation),
}
"""What acts are about that is told by its name, to who may know of it: which rows those are, and of what."""


def _named(viewer: Viewer, acts: list[tuple[Event, dict[str, Any]]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for kind, (known, table) in NAMED.items():
        wanted = {event.subject_id for event, _ in acts if event.subject_type == kind}
        rows = known(viewer).where(table.id.in_(wanted)) if wanted else ()
        found |= {(kind, row.id): row.name for row in rows}
    return found


def _line(
    event: Event,
    data: dict[str, Any],
    decisions: dict[int, Decision],
    items: dict[int, DebtItem],
    named: dict[tuple[str, int], str],
) -> Line:
    if event.subject_type == "decision":
        found = decisions[event.subject_id]
        return Line(event, data, reference(found.number), found.title, decision=found.number)
    if event.subject_type == "debt" and event.subject_id in items:
        item = items[event.subject_id]
        return Line(event, data, debt_reference(item.number), item.title, debt=item.number)
    name = named.get((event.subject_type, event.subject_id), "")
    return Line(event, data, title=name, firm=name if event.subject_type == "vendor" else "")
