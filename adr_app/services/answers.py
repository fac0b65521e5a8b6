"""What may follow a security answer: it is taken back, or extended to a text that means the same."""

from datetime import datetime

from adr_app.domain.decisions import TAKE_BACK_WITHIN
from adr_app.domain.errors import NotAllowed, WrongState
from adr_app.domain.levels import level_after
from adr_app.domain.permissions import Act
from adr_app.domain.reviews import VERDICTS
from adr_app.models.decisions import Decision, Revision
from adr_app.models.reviews import VerdictTakenBack
from adr_app.services import gates
from adr_app.services.decision_rows import find, revision
from adr_app.services.drafts import put_in_force
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.waiting import wait_as_recorded


def check_seen(viewer: Viewer, decision: Decision, seen: int | None) -> None:
    """Refuse an answer from a page that does not show the newest one: sent twice, or by two at once.

    `seen` is the newest answer that the page showed, 0 for none; None where somebody answers without a page.

    :raises WrongState: saying what was answered meanwhile, and by whom.
    """
    given = gates.standing_verdicts(decision) if seen is not None else []
    last = given[-1] if given else None
    if seen is None or (last.id if last else 0) == seen:
        return
    if last is None or last.id < seen:
        raise WrongState("The last answer was taken back while this page was open. Look, then answer.")
    said = VERDICTS[last.code].record
    if last.person_id == viewer.person.id:
        raise WrongState(f"You {said} already, on version {last.number}. A new answer can follow it.")
    name = last.person_name.split()[0]
    raise WrongState(f"{name} {said} while this page was open. Read it, then answer.")


def take_back(viewer: Viewer, number: int, *, at: datetime) -> None:
    """Take the newest answer back: the same person, within ten minutes, before acceptance.

    The level that stood before it stands again, and so does the review it answered.

    :raises WrongState: when it is too late for that.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        given = gates.standing_verdicts(decision)
        last = given[-1] if given else None
        if last is None or last.person_id != viewer.person.id:
            raise WrongState("There is no answer of yours to take back.")
        if gates.is_decided(decision):
            raise WrongState("The decision was accepted meanwhile. Give a new answer instead.")
        if ledger.at - last.at > TAKE_BACK_WITHIN:
            raise WrongState("The ten minutes are over. Give a new answer instead; both stay in the record.")
        VerdictTakenBack.create(company=viewer.company.id, verdict_id=last.id, at=ledger.at)
        ledger.append("review.verdict-taken-back", ("decision", decision.id), {"verdict": last.id})
        state = gates.state_of(decision)
        decision.level, decision.raised_level = level_after(state.level_acts)
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        wait_as_recorded(decision, state, ledger.at)


def same_meaning(viewer: Viewer, number: int, *, base: int, at: datetime) -> Revision:
    """Confirm that the newest text means what was answered: it takes effect and the OK goes on holding.

    Where there is no OK but a no, so does what leadership took upon itself after it.

    :raises WrongState: when no changed text waits, or there is neither.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        given = gates.standing_verdicts(decision)
        signed = [v for v in given if VERDICTS[v.code].clears]
        signed = signed or [v for v in given if VERDICTS[v.code].objects]
        newest = revision(decision)
        if decision.latest != base or not signed or signed[-1].digest == newest.digest:
            raise WrongState("There is no changed text to compare, or it changed again. Look at it first.")
        if gates.has_decided(decision, viewer.person.id):
            raise NotAllowed("You decided this yourself, so somebody else confirms it.")
        if gates.is_decided(decision):
            put_in_force(decision, newest)
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        ledger.append(
            "review.same-meaning",
            ("decision", decision.id),
            {
                "verdict": signed[-1].id,
                "revision": newest.id,
                "number": newest.number,
                "digest": newest.digest,
                "signed_digest": signed[-1].digest,
                "engagement": viewer.vciso_engagement,
            },
        )
    return newest
