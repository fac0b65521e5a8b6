"""The status of an imported decision whose file states none: said once, by a person."""

from datetime import date, datetime

from adr_app.domain.acceptance import Seen
from adr_app.domain.decisions import Move, Status, transition
from adr_app.domain.errors import Invalid
from adr_app.domain.timeline_states import CLOSED
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.services import gates, links
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.waiting import close_reviews


def state_status(
    viewer: Viewer,
    number: int,
    status: str,
    *,
    decided_on: date | None = None,
    seen: Seen | None = None,
    at: datetime,
) -> Decision:
    """Say what status an imported decision has whose file states none.

    What its file says it replaces leaves force with that, as if the file had stated the status itself.
    `seen` is how it stood on the page that this is said on, where there was one.

    :raises Invalid: when it is no status that can be stated.
    :raises WrongState: when a security answer came since, and it is said to be accepted.
    """
    move = {
        Status.PROPOSED: Move.STATE_PROPOSED,
        Status.ACCEPTED: Move.STATE_ACCEPTED,
        Status.REJECTED: Move.STATE_REJECTED,
        Status.DEPRECATED: Move.STATE_DEPRECATED,
    }.get(Status(status) if status in set(Status) else Status.UNSTATED)
    if move is None:
        raise Invalid("Choose a status.", {"status": "Choose what its status is."})
    if decided_on is not None and decided_on > local_day(at, viewer.company.zone):
        raise Invalid("That day has not come yet.", {"decided_on": "That day has not come yet."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        step = transition(Status(decision.status), move)
        viewer.require(step.needs)
        decision.status, decision.changed_at = step.target, ledger.at
        if step.target is Status.ACCEPTED:
            gates.check_seen(decision, seen, None)
            decision.status, decision.in_force = links.status_in_force(decision), decision.latest
            decision.accepted_at, decision.accepted_by = ledger.at, viewer.person
        elif step.target is not Status.PROPOSED:
            close_reviews(decision, ledger.at)
        superseded = links.take_effect(decision, ledger.at) if gates.is_decided(decision) else []
        if decided_on is not None:
            decision.decided_on = decision.decided_key = decided_on
        decision.save(only=decision.dirty_fields)
        also = links.told_of(viewer.company.id, superseded)
        if step.target in CLOSED:
            also += links.leaning_on(viewer.company.id, [decision.id])
        ledger.append(
            "decision.status-stated",
            ("decision", decision.id),
            {
                "status": step.target,
                "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
                "required": gates.needs_ok(decision),
                "supersedes": superseded,
            },
            also=also,
        )
    return decision
