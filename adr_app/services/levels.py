"""How close a security review a decision needs: raised by anybody, lowered only by the vCISO."""

from datetime import datetime

from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision
from adr_app.services import gates, older
from adr_app.services.decision_rows import find, revision
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as


def raise_to(
    viewer: Viewer, number: int, level: int, *, reason: str = "", unchecked: bool = False, at: datetime
) -> Decision:
    """Ask for a closer review than the answers do; it stays so over later versions.

    `unchecked` is of what stands in a list of what is older than the log: only while nobody answered it.

    :raises Invalid: when the level is not higher than now.
    :raises WrongState: when somebody answered what was `unchecked`.
    """
    viewer.require(Act.RAISE_LEVEL)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if unchecked:
            older.require_unchecked(decision, ledger.at)
        if level not in (1, 2, 3) or level <= gates.level_of(decision):
            raise Invalid("Choose a closer review than now.", {"level": "Choose a higher level."})
        decision.level = decision.raised_level = level
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        ledger.append("level.raised", ("decision", decision.id), {"level": level, **said})
    return decision


def lower_to(viewer: Viewer, number: int, level: int, *, reason: str, at: datetime) -> Decision:
    """Lower the review a decision needs, as vCISO, with a reason.

    :raises Invalid: when the level is not lower than now, or the reason is missing.
    :raises NotAllowed: when this person decided it.
    """
    viewer.require(Act.LOWER_LEVEL)
    if not reason.strip():
        raise Invalid("Say why, in one line.", {"reason": "Say why, in one line."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if gates.has_decided(decision, viewer.person.id):
            raise NotAllowed("You decided this yourself, so somebody else lowers the review it needs.")
        if level not in (0, 1, 2) or level >= gates.level_of(decision):
            raise Invalid("Choose a lower level than now.", {"level": "Choose a lower level."})
        decision.level, decision.raised_level = level, None
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        ledger.append("level.lowered", ("decision", decision.id), {"level": level, **said})
    return decision


def declare_harmless(viewer: Viewer, number: int, *, reason: str, at: datetime) -> Decision:
    """Declare that a decision is no security matter; it counts only once the vCISO verified it.

    :raises Invalid: when the reason is missing.
    """
    viewer.require(Act.DRAFT)
    if not reason.strip():
        raise Invalid("Say why, in one line.", {"reason": "Say why it is no security matter."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if gates.is_decided(decision):
            raise WrongState("It is decided already. Ask the vCISO to look at it instead.")
        newest = revision(decision)
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        ledger.append(
            "review.declared-harmless",
            ("decision", decision.id),
            {"revision": newest.id, "digest": newest.digest, **said},
        )
    return decision
