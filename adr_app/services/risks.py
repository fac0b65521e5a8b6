"""When risk remains: one question to leadership, and a risk taken with a reason and always an end."""

from datetime import date, datetime, timedelta
from typing import Any

from adr_app.domain.answers import (
    counting_answers,
    objection_now,
    open_conditions,
    risk_after,
    running_risk,
    security_ok,
    text_at_risk,
)
from adr_app.domain.answers import taken_on as earlier_on
from adr_app.domain.decisions import Status
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.exceptions import CLOSINGS, State, Step, after, extended_by, last_day_for, state_of
from adr_app.domain.exceptions import LONGEST as DAYS_AT_MOST
from adr_app.domain.flag_conditions_by_fact import text_that_deviates
from adr_app.domain.permissions import Act
from adr_app.domain.timeline_states import DecisionState, Risk
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import gates, reviews
from adr_app.services.decision_rows import find, revision
from adr_app.services.exception_rows import close, close_question, line, open_question, waiting_on
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

OPEN_TO_RISK = frozenset({Status.DRAFT, Status.PROPOSED, Status.ACCEPTED})

NOTHING_REMAINS = (
    "The vCISO has not said no here, so there is no risk to take. Ask for the security answer first."
)
"""Where nothing needs an exception: no objection, no to-do before going live, no departure from a rule."""

NOT_THE_SAME = "You asked for this yourself, so another leader answers. You may withdraw the request."

ANEW = (
    "An exception is extended by a new request only: somebody asks for it, the vCISO recommends, and then "
    "leadership answers."
)

LONGEST = timedelta(days=DAYS_AT_MOST)
"""No risk is taken for longer than a year at once."""


def take(
    viewer: Viewer,
    number: int,
    *,
    reason: str,
    until: date,
    longer: str = "",
    protects: str = "",
    confirmed: str = "",
    at: datetime,
) -> RiskAcceptance:
    """Take the risk of a decision for the company, until a day's end: the exception is allowed.

    It is taken on the text that the vCISO's no is about. `longer` says why it lasts longer than is usual for
    so much review, `protects` what protects meanwhile, where the request does not; `confirmed` how the leader
    showed who they are, where that is not by being signed in.

    :raises WrongState: when no risk remains, the vCISO has not recommended on the request yet, or it would
        go on from an earlier one without a request.
    :raises NotAllowed: for whoever asked for it, or wrote the decision where nobody asked.
    :raises Invalid: when the reason is missing, or the day is past, more than a year away, or later than is
        usual without a reason for that.
    """
    viewer.require(Act.ACCEPT_RISK)
    words, today = line(reason), local_day(at, viewer.company.zone)
    _check(words, until, today)
    with acting_as(viewer, at=at) as ledger:
        decision, state = _open(viewer, number)
        text = text_at_risk(state, ledger.at)
        taken_on = revision(decision, text.number if text else None)
        request, before = waiting_on(decision), extended_by(state, taken_on.digest)
        _may_take(viewer, decision, state, request, before, ledger.at)
        usual = last_day_for(state.level, today)
        if until > usual and not line(longer):
            raise Invalid("This cannot be saved yet.", {"longer": too_long(usual)})
        taken = RiskAcceptance.create(
            company=viewer.company.id,
            decision_id=decision.id,
            revision=taken_on.number,
            leader=viewer.person.id,
            leader_name=viewer.person.name,
            reason=words,
            starts_at=ledger.at,
            until=end_of_day(until, viewer.company.zone),
            longer=line(longer) if until > usual else "",
            protects=line(protects) or (request.protects if request else ""),
        )
        confirmed = confirmed or reviews.how_confirmed()
        told = {
            "request": request.id if request else None,
            "extends": before.id if before else None,
            "replaces": _replace(decision, state, taken_on.digest, ledger.at),
            "confirmed": confirmed,
        }
        if request is not None:
            close(request, Step.ALLOW, ledger.at, taken)
        close_question(decision, "taken", confirmed, ledger.at)
        ledger.append("risk.accepted", ("decision", decision.id), {**told, **_told(taken, taken_on)})
    return taken


def _check(words: str, until: date, today: date) -> None:
    """Refuse an answer without a reason, or without an end that counts."""
    problems = {}
    if not words:
        problems["reason"] = "Say why, in one line."
    if not today <= until <= today + LONGEST:
        problems["until"] = "Choose a day within the next twelve months: every risk taken has an end."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)


def _told(taken: RiskAcceptance, text: Revision) -> dict[str, Any]:
    """Return what an event says of the exception that is allowed, and of the text it is about."""
    return {
        "acceptance": taken.id,
        "revision": text.id,
        "number": text.number,
        "digest": text.digest,
        "until": int(taken.until.timestamp()),
        "row": taken.row_digest,
        "protects": taken.protects_digest,
    }


def _replace(decision: Decision, state: DecisionState, digest: str, at: datetime) -> list[int]:
    """End what was allowed before on this text: one exception is in force on a text, the last one."""
    over = [risk.id for risk in earlier_on(state, digest) if risk.ended_at is None]
    RiskAcceptance.update(ended_at=at).where(
        RiskAcceptance.company == decision.company_id, RiskAcceptance.id.in_(over)
    ).execute()
    return over


def _unasked(state: DecisionState, at: datetime) -> bool:
    """Return whether leadership may take the risk though nobody asked: what is not in force needs a no."""
    return remains(state) or lacks_end(state, at)


def too_long(usual: date) -> str:
    """Return what is asked of a leader who allows an exception for longer than is usual."""
    return (
        f"An exception here usually ends by {usual:%a} {usual.day} {usual:%b %Y}. "
        "For longer, say why it has to be so long; it is flagged all the same."
    )


def _may_take(
    viewer: Viewer,
    decision: Decision,
    state: DecisionState,
    request: ExceptionRequest | None,
    before: Risk | None,
    at: datetime,
) -> None:
    """Refuse a leader who may not allow this exception now: tested on the person, and on how it stands."""
    if not may_need(state) or (request is None and before is None and not _unasked(state, at)):
        raise WrongState(NOTHING_REMAINS)
    if request is not None:
        after(State(request.state), Step.ALLOW)
        if request.asked_by_id == viewer.person.id:
            raise NotAllowed(NOT_THE_SAME)
        return
    asked = open_question(decision)  # one put before exceptions were asked for
    if asked is not None:
        if asked.asked_by_id == viewer.person.id:
            raise NotAllowed(NOT_THE_SAME)
        return
    if before is not None:
        raise WrongState(ANEW)
    if decision.author_id == viewer.person.id:
        raise NotAllowed("You wrote this decision, so somebody else asks for the exception first.")


def refuse(viewer: Viewer, number: int, *, reason: str, confirmed: str = "", at: datetime) -> None:
    """Answer leadership's question with no: the company does not take the risk.

    :raises WrongState: when no question is open.
    :raises Invalid: when the reason is missing.
    """
    viewer.require(Act.ACCEPT_RISK)
    if not line(reason):
        raise Invalid("This cannot be saved yet.", {"reason": "Say why, in one line."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        asked = open_question(decision)
        if asked is None:
            if gates.running_risk(decision, ledger.at) is not None:
                after(State.ACTIVE, Step.REFUSE)
            raise WrongState("No question to leadership is open on this decision.")
        if asked.asked_by_id == viewer.person.id:
            raise NotAllowed("You asked for this yourself. Withdraw the request instead.")
        request = waiting_on(decision)
        if request is not None:
            close(request, Step.REFUSE, ledger.at)
        confirmed = confirmed or reviews.how_confirmed()
        close_question(decision, "refused", confirmed, ledger.at)
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        ledger.append(
            "risk.declined",
            ("decision", decision.id),
            {"question": asked.id, "confirmed": confirmed, **said},
        )


def report(viewer: Viewer, number: int, *, on: date, at: datetime) -> None:
    """Note that the leader who was asked agreed otherwise, such as by telephone; it opens nothing.

    It is shown as reported until they answer themselves.

    :raises WrongState: when no question is open.
    :raises Invalid: when the day has not come yet.
    """
    viewer.require(Act.PROPOSE)
    if on > local_day(at, viewer.company.zone):
        raise Invalid("That day has not come yet.", {"reported_on": "Give the day of the call."})
    with acting_as(viewer, at=at) as ledger:
        asked = open_question(find(viewer, number))
        if asked is None:
            raise WrongState("No question to leadership is open on this decision.")
        asked.reported_on, asked.reported_by = on, viewer.person.id
        asked.save(only=[RiskQuestion.reported_on, RiskQuestion.reported_by])
        said = {"question": asked.id, "on": on.isoformat()}
        ledger.append("risk.reported", ("decision", asked.decision_id), said)


def end(viewer: Viewer, number: int, *, how: str, at: datetime) -> None:
    """End a risk taken sooner than planned, or one that is over; `how` is one of `CLOSINGS`.

    :raises WrongState: when there is none.
    :raises Invalid: when that is not said.
    """
    viewer.require(Act.ACCEPT_RISK)
    if how not in CLOSINGS:
        raise Invalid("Say how it ends.", {"how": "Choose whether it is fixed or just ends."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        running = gates.running_risk(decision, ledger.at) or gates.lapsed_risk(decision, ledger.at)
        if running is None:
            raise WrongState("No risk is being taken on this decision now.")
        after(state_of(running.until, running.ended_at, ledger.at), Step.END)
        running.ended_at = ledger.at
        running.save(only=[RiskAcceptance.ended_at])
        ledger.append("risk.ended", ("decision", decision.id), {"acceptance": running.id, "how": how})


def _open(viewer: Viewer, number: int) -> tuple[Decision, DecisionState]:
    """Return a decision that is not closed, with its state."""
    decision = find(viewer, number)
    if decision.status not in OPEN_TO_RISK:
        raise WrongState("This decision is closed, so there is no risk to take.")
    return decision, gates.state_of(decision)


def remains(state: DecisionState) -> bool:
    """Return whether there is a risk to take: her no stands, or a to-do she set before going live is open."""
    if objection_now(state) is not None:
        return True
    signoff = security_ok(counting_answers(state))
    return signoff is not None and any(
        c.before_go_live and not c.done for c in open_conditions(state, signoff)
    )


def may_need(state: DecisionState) -> bool:
    """Return whether there is something to allow: a risk remains, or the text knowingly departs from a rule.

    A draft may say anything; it is asked about once it was sent for review.
    """
    deviates = (state.holds or state.status is Status.PROPOSED) and text_that_deviates(state) is not None
    return deviates or remains(state)


def lacks_end(state: DecisionState, at: datetime) -> bool:
    """Return whether the text in force knowingly departs from a rule and leadership set no end to that.

    Only what is in force: a risk taken before would open the way around the vCISO's answer.
    """
    text = text_that_deviates(state) if state.holds else None
    return text is not None and running_risk(state, at, text.digest) is None


def is_uncovered(decision: Decision, at: datetime) -> bool:
    """Return whether a risk remains that no running acceptance covers on the text it is about."""
    state = gates.state_of(decision)
    text = text_at_risk(state, at)
    if lacks_end(state, at):
        return True
    heard = text is not None and risk_after(state, at, text.digest, objection_now(state)) is not None
    return remains(state) and not heard


def objection_stands(decision: Decision, at: datetime) -> bool:
    """Return whether the vCISO objects to a decision that is still open to that, and nobody took the risk."""
    if decision.status not in OPEN_TO_RISK:
        return False
    return objection_now(gates.state_of(decision)) is not None and is_uncovered(decision, at)


def usual_until(decision: Decision, today: date) -> date:
    """Return the last day of an exception on a decision that needs no reason of its own for its length."""
    return last_day_for(gates.state_of(decision).level, today)
