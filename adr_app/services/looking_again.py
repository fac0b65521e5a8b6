"""Looking at a decision again once time or its surroundings moved on: a day for it, the OK still holds."""

from datetime import date, datetime
from typing import Any

from adr_app.domain.decisions import IN_FORCE
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.flag_conditions_later import concerns_government_keys
from adr_app.domain.permissions import Act
from adr_app.domain.timeline_beneath import changed_since_answered
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.go_live import is_live
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as


def changed_beneath(decision: Decision) -> list[int]:
    """Return the acts that changed what a decision rests on since the vCISO last answered, in order."""
    return [one.seq for one in changed_since_answered(gates.state_of(decision))]


def still_holds(viewer: Viewer, number: int, after: int, *, at: datetime) -> Decision:
    """Say that what changed beneath a decision takes nothing from its security OK.

    `after` is the last of these changes that the page showed.

    :raises WrongState: when nothing changed, something more did, or this person decided it.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if gates.has_decided(decision, viewer.person.id):
            raise WrongState("You decided this, so another vCISO says whether the OK still holds.")
        changed = changed_beneath(decision) if decision.in_force else []
        if not changed:
            raise WrongState("Nothing that this rests on has changed since the last answer.")
        if changed[-1] != after:
            raise WrongState("Something more has changed since you opened the page. Read that first.")
        ledger.append("review.still-holds", ("decision", decision.id), {"after": after})
    return decision


def set_day(viewer: Viewer, number: int, on: date | None, *, at: datetime) -> Decision:
    """Set the day on which a decision in force is to be looked at again, or take it away.

    :raises WrongState: when it is not in force, or its day has passed: then somebody looks at it first.
    :raises Invalid: when the day is not in the future.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = _in_force(viewer, number)
        due = gates.state_of(decision).look_again_at
        if due is not None and due <= ledger.at:
            raise WrongState("Its day has passed. Look at it now, and note in one line what you found.")
        told = {"on": _day(viewer, on, ledger.at)}
        ledger.append("decision.review-on-set", ("decision", decision.id), told)
    return decision


def looked(
    viewer: Viewer, number: int, found: str, *, again_on: date | None = None, at: datetime
) -> Decision:
    """Note what was found when somebody looked at a decision again, and perhaps the next day for that.

    :raises WrongState: when it is not in force, or no day was set for it.
    :raises Invalid: when nothing is said, or the day is not in the future.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = _in_force(viewer, number)
        if gates.state_of(decision).look_again_at is None:
            raise WrongState("No day is set on which to look at it again. Set one first.")
        _check_said(found, "found_again", "Say in one line what you found.")
        told = {"on": _day(viewer, again_on, ledger.at)}
        _note(ledger, viewer, decision, "decision.looked-again", found, told)
    return decision


def _in_force(viewer: Viewer, number: int) -> Decision:
    decision = find(viewer, number)
    viewer.require(Act.LOOK_AGAIN, is_author=decision.author_id == viewer.person.id)
    if decision.status not in IN_FORCE:
        raise WrongState("Only a decision in force is looked at again.")
    return decision


def _check_said(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise Invalid(message, {field: message})


def _note(
    ledger: Ledger,
    viewer: Viewer,
    decision: Decision,
    kind: str,
    text: str,
    told: dict[str, Any] | None = None,
) -> None:
    """Append what somebody noted, with their words kept beside the decision."""
    said = gates.keep_reason(viewer, decision, text, ledger.at)
    ledger.append(kind, ("decision", decision.id), {**(told or {}), **said})


def _day(viewer: Viewer, on: date | None, at: datetime) -> str | None:
    if on is None:
        return None
    if on <= local_day(at, viewer.company.zone):
        message = "Choose a day that is still to come."
        raise Invalid(message, {"again_on": message})
    return on.isoformat()


def described(viewer: Viewer, number: int, where: str, *, at: datetime) -> Decision:
    """Note where the description for the auditor was brought up to date after the work was done.

    :raises WrongState: while the work is not noted as done, or the decision is not in force.
    :raises Invalid: when it is not said where.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = _in_force(viewer, number)
        if not is_live(decision):
            raise WrongState("Nobody has noted yet that the work is done.")
        _check_said(where, "described", "Say in one line where it is: a file, a page or a number.")
        _note(ledger, viewer, decision, "decision.description-updated", where)
    return decision


def module_noted(viewer: Viewer, number: int, which: str, *, at: datetime) -> Decision:
    """Note which approved module encrypts the government data that a decision is about.

    :raises WrongState: when the decision is not in force, or not about the encryption of such data.
    :raises Invalid: when it is not said which.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = _in_force(viewer, number)
        if not concerns_government_keys(gates.state_of(decision)):
            raise WrongState("This is not said to be about the encryption of government data.")
        _check_said(
            which, "module", "Name the module: its certificate number, or the product with its version."
        )
        _note(ledger, viewer, decision, "decision.module-noted", which)
    return decision
