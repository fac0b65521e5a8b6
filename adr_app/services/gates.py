"""What stands between a decision and its acceptance, drawn from the rows for one person."""

from datetime import datetime
from typing import Any

from peewee import JOIN

from adr_app.domain.acceptance import Gate, Need, Seen, Situation, Way, gate
from adr_app.domain.answers import counting_answers, covers, digest_in_force, risk_after, security_ok
from adr_app.domain.answers import lapsed_risk as lapsed
from adr_app.domain.answers import running_risk as running
from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.in_advance import allowed_by
from adr_app.domain.levels import LOWERED
from adr_app.domain.permissions import Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import OK_NEEDED_FROM, UNKNOWN_LEVEL, first_four_answered
from adr_app.domain.security import level_of as level_of_answers
from adr_app.domain.security_questions import QUESTIONS
from adr_app.domain.timeline import fold
from adr_app.domain.timeline_states import DecisionState, Moment, Risk
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.events import happenings
from adr_app.models.people import Engagement
from adr_app.models.reviews import Claim, Review, RiskAcceptance, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services.deciders import who_may_accept
from adr_app.services.decision_rows import revision
from adr_app.services.people import Viewer, holder

NEEDS = {
    Need.SOMEBODY_ELSE: "You answered for the security of this decision, so somebody else accepts it.",
    Need.FIRST_ANSWERS: "Answer the four security questions first, or send it to the vCISO.",
    Need.SECURITY_OK: "This company wants the vCISO's OK first. Send it to the vCISO.",
    Need.CHANGES: "The vCISO asked for changes first. Make them and send it again, or leadership takes the "
    "risk, with a reason and an end date.",
    Need.LEADERSHIP: "The vCISO said no. Leadership may take the risk, with a reason and an end date.",
}

SAY_SO = (
    f"say so in the security questions: yes to “{QUESTIONS['undo'].words}” and, beneath it, to "
    f"“{QUESTIONS['q14'].words}”"
)
"""How a text says that it cannot wait, for a sentence that begins with “If this cannot wait, …”."""


def gate_for(viewer: Viewer, decision: Decision, at: datetime) -> Gate:
    """Return what acceptance needs now from this person."""
    return gate(situation(viewer, decision, at))


def way_of(found: Gate, reason: str, *, emergency: bool) -> Way:
    """Return how the acceptance is recorded, or refuse it.

    :raises WrongState: when a reason would not be enough.
    :raises Invalid: when a reason is missing.
    """
    if emergency and found.emergency_open:
        if not reason.strip():
            raise Invalid("Say in one line why this cannot wait.", {"reason": "Say why this cannot wait."})
        return Way.EMERGENCY
    if emergency and found.urgency_opens:
        raise WrongState(f"The text does not say that this cannot wait. If it cannot, {SAY_SO}")
    if not found.open:
        raise WrongState(NEEDS[found.need])
    if found.concerns and not reason.strip():
        words = "Say in one line why you decide while a concern is open."
        raise Invalid(words, {"reason": words})
    if found.need is Need.REASON and not reason.strip():
        raise Invalid("Say in one line why you accept it now.", {"reason": "Say why now, in one line."})
    return found.way


def despite(found: Gate) -> dict[str, Any]:
    """Return what the event of an acceptance says of concerns that were open: nothing where none was."""
    return {"concerns": list(found.concerns)} if found.concerns else {}


def situation(viewer: Viewer, decision: Decision, at: datetime) -> Situation:
    """Return what acceptance of the newest text depends on.

    Answers, the level they set and risks taken are read from the record, as the standing is: the two agree.
    """
    newest, review, moment = revision(decision), open_review(decision), moment_of(decision)
    state, unread = moment.state, moment.state.unread or moment.company.unread
    counting = counting_answers(state)
    last, signoff = counting[-1] if counting else None, security_ok(counting)
    # Who answered and then decided after all has still answered: it counts for nothing and binds them.
    answered = {g.by for g in state.given if g.engagement is not None and g.verdict.is_input}
    # So has who lowered the review that it needs, which may be all that stood in the way.
    answered |= {act.by for act in state.level_acts if act.kind == LOWERED}
    return Situation(
        level=level_of(decision),
        enforced=frozenset(int(k) for k, v in (viewer.company.policy or {}).items() if v == "enforce"),
        vciso_engaged=holder(viewer.company.id, Role.VCISO, at) is not None,
        first_answered=first_four_answered(newest.answers),
        asked=review is not None,
        # While her question lies with the author, the time is not hers: it is not counted.
        due_passed=review is not None and review.state == "waiting" and review.due_at <= at,
        verdict=last.code if last else "",
        on_this_text=last is not None and covers(state, last, newest.digest),
        # What could not be read may be a no: nothing before it opens the way any more.
        cleared=not unread
        and (
            (
                signoff is not None
                and covers(state, signoff, newest.digest)
                and (signoff.until is None or signoff.until > at)
            )
            or allowed_by(state, moment.company, state.latest, at, [viewer.person.id]) is not None
        ),
        # A no that came after leadership took the risk is one that leadership has not heard.
        risk_taken=not unread and risk_after(state, at, newest.digest, last) is not None,
        gave_verdict=viewer.person.id in answered,
        others_may_accept=_others_may_accept(viewer, answered, at),
        cannot_wait=cannot_wait(newest),
        concerns=state.concerns,
    )


def check_seen(decision: Decision, seen: Seen | None, found: Gate | None) -> None:
    """Refuse an acceptance from a page that does not show how the decision stands now.

    A plain OK that came meanwhile stands in nobody's way, nor does leadership taking the risk. `seen` is
    None where somebody accepts without a page, `found` where no gate stands before the act.

    :raises WrongState: saying who answered meanwhile, and what.
    """
    if seen is None:
        return
    given = standing_verdicts(decision)
    last = given[-1] if given else None
    newest = last.id if last else 0
    plain = found is not None and found.need is Need.NOTHING and not found.against and not found.sole
    if newest < seen.verdict:
        raise WrongState("The security answer was taken back while this page was open. Look, then decide.")
    if last is not None and newest > seen.verdict:
        kind = VERDICTS[last.code]
        if not (plain and kind.clears and not kind.conditions):
            words = kind.button.removesuffix("…").removesuffix(", because")
            said = f"{words}. {last.text[:300]}".strip()
            name = last.person_name.split()[0]
            raise WrongState(f"{name} answered while this page was open: “{said}” Read it, then decide.")
    if found is not None and not plain and found.token != seen.gate:
        raise WrongState("How this decision stands changed while this page was open. Look, then decide.")


def state_of(decision: Decision) -> DecisionState:
    """Return what the record amounts to: the decision's state after its last act.

    :raises LookupError: for a decision that no act is recorded of.
    """
    return moment_of(decision).state


def moment_of(decision: Decision) -> Moment:
    """Return the decision's state after its last act, with the company's.

    :raises LookupError: for a decision that no act is recorded of.
    """
    moment = fold(decision.id, happenings(decision.company_id, decision.id))
    if moment is None:
        raise LookupError("a decision without an act")
    return moment


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
    return _OPEN_REVIEW.first(company=decision.company_id, decision=decision.id)


_OPEN_REVIEW = Spelled(
    lambda company, decision: (
        Review.select()
        .where(
            Review.company == company,
            Review.decision_id == decision,
            Review.state.in_(("waiting", "question")),
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
)


def is_deserted(asked: Review | Claim, vcisos: list[Engagement]) -> bool:
    """Return whether a review or a claim lies with somebody who is not among the vCISOs engaged now."""
    of = asked.asked_of_id if isinstance(asked, Review) else asked.of_id
    return all(engagement.person_id != of for engagement in vcisos)


def running_risk(decision: Decision, at: datetime) -> RiskAcceptance | None:
    """Return leadership's acceptance of the risk that runs at `at`, on the newest text or that in force."""
    state = state_of(decision)
    newest = state.latest.digest if state.latest else ""
    return _row_of(decision, running(state, at, newest) or running(state, at, digest_in_force(state)))


def lapsed_risk(decision: Decision, at: datetime) -> RiskAcceptance | None:
    """Return leadership's acceptance of the risk of the text in force that is over, where none runs."""
    state = state_of(decision)
    return _row_of(decision, lapsed(state, at, digest_in_force(state)))


def _row_of(decision: Decision, risk: Risk | None) -> RiskAcceptance | None:
    if risk is None:
        return None
    return RiskAcceptance.get(
        RiskAcceptance.company == decision.company_id,
        RiskAcceptance.decision_id == decision.id,
        RiskAcceptance.id == risk.id,
    )


def cannot_wait(newest: Revision) -> bool:
    """Return whether the emergency path fits: a breach or incident, or live before security can look."""
    return newest.fields.get("kind") == "incident" or level_of_answers(newest.answers).expedited


def keep_reason(viewer: Viewer, decision: Decision, reason: str, at: datetime) -> dict[str, Any]:
    """Keep the reason somebody gave with an act, where readers of the decision find it.

    Return what the act's event says of it: nothing where there was no reason.
    """
    text = clean_text(reason).strip()[:2000]
    return said(keep(viewer, decision, "reason", text, at)) if text else {}


def keep(viewer: Viewer, decision: Decision, kind: str, text: str, at: datetime, **about: Any) -> Comment:
    """Store what somebody said, within the act that they said it with; `about` says what it is about."""
    return Comment.create(
        company=decision.company_id,
        decision_id=decision.id,
        person=viewer.person.id,
        kind=kind,
        text=text,
        at=at,
        **about,
    )


def said(comment: Comment) -> dict[str, Any]:
    """Return what an event says of what somebody said with its act: which words, and their digest."""
    return {"said": {"comment": comment.id, "row": comment.row_digest}}


def _others_may_accept(viewer: Viewer, answered: set[int | None], at: datetime) -> bool:
    """Return whether somebody else here may accept, who did not give a security answer themselves."""
    able = who_may_accept(viewer, at)
    return any(person.id != viewer.person.id and person.id not in answered for person in able)


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
    return state_of(decision).may_not_judge(person_id)


def is_decided(decision: Decision) -> bool:
    """Return whether a decision is in force, replaced or no longer used: it was accepted once."""
    return decision.status in (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)
