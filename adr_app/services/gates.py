"""What stands between a decision and its acceptance, drawn from the rows for one person."""

from datetime import datetime

from peewee import JOIN

from adr_app.domain.acceptance import Gate, Need, Situation, Way, gate
from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act, Role, permits
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import OK_NEEDED_FROM, UNKNOWN_LEVEL, first_four_answered
from adr_app.domain.timeline import fold
from adr_app.models.decisions import Comment, Decision
from adr_app.models.events import happenings
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review, RiskAcceptance, Verdict, VerdictTakenBack
from adr_app.services.drafts import revision
from adr_app.services.people import Viewer, holder

NEEDS = {
    Need.SOMEBODY_ELSE: "You gave the security answer on this decision, so somebody else accepts it.",
    Need.FIRST_ANSWERS: "Answer the four security questions first, or send it to the vCISO.",
    Need.SECURITY_OK: "This company wants the vCISO's OK first. Send it to the vCISO.",
    Need.LEADERSHIP: "The vCISO said no. Leadership may take the risk, with a reason and an end date.",
}


def gate_for(viewer: Viewer, decision: Decision, at: datetime) -> Gate:
    """Return what acceptance needs now from this person."""
    return gate(situation(viewer, decision, at))


def way_of(found: Gate, reason: str, *, emergency: bool) -> Way:
    """Return how the acceptance is recorded, or refuse it.

    :raises WrongState: when a reason would not be enough.
    :raises Invalid: when a reason is missing.
    """
    if emergency and (found.emergency_open or found.open):
        if not reason.strip():
            raise Invalid("Say in one line why this cannot wait.", {"reason": "Say why this cannot wait."})
        return Way.EMERGENCY
    if not found.open:
        raise WrongState(NEEDS[found.need])
    if found.need is Need.REASON and not reason.strip():
        raise Invalid("Say in one line why you accept it now.", {"reason": "Say why now, in one line."})
    return found.way


def situation(viewer: Viewer, decision: Decision, at: datetime) -> Situation:
    """Return what the rows say that acceptance depends on."""
    newest = revision(decision)
    review = open_review(decision)
    counting = [
        v for v in standing_verdicts(decision) if v.engagement_id is not None and VERDICTS[v.code].is_input
    ]
    on_this = [v for v in counting if v.digest == newest.digest]
    last = (on_this or counting)[-1] if counting else None
    return Situation(
        level=level_of(decision),
        enforced=frozenset(int(k) for k, v in (viewer.company.policy or {}).items() if v == "enforce"),
        vciso_engaged=holder(viewer.company.id, Role.VCISO, at) is not None,
        first_answered=first_four_answered(newest.answers),
        asked=review is not None,
        due_passed=review is not None and review.due_at <= at,
        verdict=last.code if last else "",
        cleared=bool(on_this)
        and VERDICTS[on_this[-1].code].clears
        and (on_this[-1].valid_until is None or on_this[-1].valid_until > at),
        risk_taken=running_risk(decision, at) is not None,
        gave_verdict=any(v.person_id == viewer.person.id for v in counting),
        others_may_accept=_others_may_accept(viewer, {v.person_id for v in counting}, at),
    )


def standing_verdicts(decision: Decision) -> list[Verdict]:
    """Return the answers on a decision that were not taken back, oldest first."""
    return list(
        Verdict.select()
        .join(
            VerdictTakenBack,
            JOIN.LEFT_OUTER,
            on=(VerdictTakenBack.company == Verdict.company) & (VerdictTakenBack.verdict_id == Verdict.id),
        )
        .where(
            Verdict.company == decision.company_id,
            Verdict.decision_id == decision.id,
            VerdictTakenBack.id.is_null(),
        )
        .order_by(Verdict.id)
    )


def open_review(decision: Decision) -> Review | None:
    """Return the review that waits for an answer or for the author, or None."""
    return (
        Review.select()
        .where(
            Review.company == decision.company_id,
            Review.decision_id == decision.id,
            Review.state.in_(("waiting", "question")),
        )
        .order_by(Review.id.desc())
        .first()
    )


def running_risk(decision: Decision, at: datetime) -> RiskAcceptance | None:
    """Return leadership's acceptance of the risk that runs at `at`, or None."""
    return (
        RiskAcceptance.select()
        .where(
            RiskAcceptance.company == decision.company_id,
            RiskAcceptance.decision_id == decision.id,
            RiskAcceptance.ended_at.is_null(),
            RiskAcceptance.until > at,
        )
        .order_by(RiskAcceptance.id.desc())
        .first()
    )


def keep_reason(viewer: Viewer, decision: Decision, reason: str, at: datetime) -> None:
    """Keep the reason somebody gave with an act, where readers of the decision find it."""
    text = clean_text(reason).strip()[:2000]
    if text:
        Comment.create(
            company=decision.company_id, decision_id=decision.id, person=viewer.person.id, text=text, at=at
        )


def _others_may_accept(viewer: Viewer, answered: set[int], at: datetime) -> bool:
    """Return whether somebody else here may accept, who did not give a security answer themselves."""
    roles: dict[int, set[Role]] = {}
    for engagement in Engagement.running(at).where(Engagement.company == viewer.company.id):
        roles.setdefault(engagement.person_id, set()).add(Role(engagement.role))
    return any(
        person != viewer.person.id
        and person not in answered
        and permits(Act.ACCEPT, held, cto_engaged=viewer.cto_engaged)
        for person, held in roles.items()
    )


def level_of(decision: Decision) -> int:
    """Return the review level, 0 to 3, that counts: where no question was answered, that of *unknown*."""
    return UNKNOWN_LEVEL if decision.level is None else decision.level


def needs_ok(decision: Decision) -> bool:
    """Return whether a decision needs the vCISO's OK, by its level."""
    return level_of(decision) >= OK_NEEDED_FROM


def has_decided(decision: Decision, person_id: int) -> bool:
    """Return whether a person decided this, by the record: no security answer of theirs would count now.

    Accepting is deciding, and so is putting a changed text in force or stating an import's status; writing
    a text down or importing it is not.
    """
    moment = fold(decision.id, happenings(decision.company_id, decision.id))
    return moment is not None and moment.state.may_not_judge(person_id)


def is_decided(decision: Decision) -> bool:
    """Return whether a decision is in force, replaced or no longer used: it was accepted once."""
    return decision.status in (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)
