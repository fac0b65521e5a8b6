"""Exceptions: somebody asks, the vCISO recommends, and only then does it go on to leadership as a question.

What leadership answers is `adr_app.services.risks`: an exception that is allowed is a risk taken.
"""

from datetime import date, datetime
from typing import Any

from adr_app.domain.answers import objection_now, text_at_risk
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.exceptions import (
    ADVICE,
    State,
    Step,
    after,
    extended_by,
    last_day_for,
)
from adr_app.domain.exceptions import LONGEST as DAYS_AT_MOST
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.timeline_states import DecisionState, Risk
from adr_app.domain.worktime import ANSWER_WORKING_DAYS, add_working_days, local_day
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import conditions, gates, risks
from adr_app.services.decision_rows import find
from adr_app.services.exception_leaders import (
    NOBODY_LEADS,
    leaders,
    may_answer,
    must_be_appointed,
    still_leading,
)
from adr_app.services.exception_rows import (
    advice_on,
    close,
    close_question,
    due,
    line,
    must_wait,
    open_question,
    security_says,
    waiting_on,
)
from adr_app.services.people import Viewer, holders
from adr_app.services.record import Ledger, acting_as


def ask(
    viewer: Viewer,
    number: int,
    *,
    question: str,
    technology_says: str,
    answer_by: date,
    until: date | None = None,
    protects: str = "",
    if_wrong: str = "",
    of: int | None = None,
    at: datetime,
) -> ExceptionRequest:
    """Ask for an exception until a day (None: for as long as is usual); the vCISO recommends on it first.

    Where the vCISO has said no since the last one, that is the recommendation, and where nobody could give
    one there is none: then it is put to leadership at once. One that goes on from an earlier one is linked to
    it by itself.

    :raises WrongState: when nothing here needs one, one waits already, or nobody could allow it.
    :raises Invalid: naming what is missing, or a day that is past or more than a year away.
    """
    viewer.require(Act.DRAFT)
    texts = {"question": question, "technology_says": technology_says, "protects": protects}
    texts = {name: line(text) for name, text in (*texts.items(), ("if_wrong", if_wrong))}
    today = local_day(at, viewer.company.zone)
    problems = _problems(texts, answer_by, until, today)
    if problems:
        raise Invalid("The request is not complete yet.", problems)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        state = _may_be_asked(decision)
        leader = _leader(viewer, of, ledger.at)
        text = text_at_risk(state, ledger.at)
        before = extended_by(state, text.digest if text else "")
        row = ExceptionRequest.create(
            company=viewer.company.id,
            decision_id=decision.id,
            asked_by=viewer.person.id,
            asked_at=ledger.at,
            asked_of=leader,
            answer_by=answer_by,
            until=until or last_day_for(state.level, today),
            extends_id=before.id if before else None,
            state=State.ASKED,
            **texts,
        )
        told = {"request": row.id, "until": row.until.isoformat(), "extends": row.extends_id}
        told["row"], subject = row.row_digest, ("decision", decision.id)
        if is_heard_first(viewer, state, before, viewer.person.id, ledger.at):
            ledger.append("risk.requested", subject, told)
        else:
            put = _put(ledger, viewer, decision, row, leader)
            ledger.append("risk.asked", subject, {**put, "request": told})
    return row


def _problems(texts: dict[str, str], answer_by: date, until: date | None, today: date) -> dict[str, str]:
    problems = {}
    if not texts["question"]:
        problems["question"] = "Ask it in one line, such as: may we keep text-message codes until 31 March?"
    if not texts["technology_says"]:
        problems["technology_says"] = "Say in one line what you recommend and why."
    if answer_by < today:
        problems["answer_by"] = "Choose today or a later day."
    if until is not None and not 0 <= (until - today).days <= DAYS_AT_MOST:
        problems["until"] = "Choose a day within the next twelve months: every exception has an end."
    return problems


def _may_be_asked(decision: Decision) -> DecisionState:
    """Return the state of a decision on which an exception may be asked for.

    :raises WrongState: saying why none may.
    """
    if decision.status not in risks.OPEN_TO_RISK:
        raise WrongState("This decision is closed, so there is no risk to take.")
    state = gates.state_of(decision)
    if waiting_on(decision) is not None:
        raise WrongState("An exception is asked for already. It is answered or withdrawn first.")
    if open_question(decision) is not None:
        raise WrongState("Leadership has been asked already.")
    if not risks.may_need(state):
        raise WrongState(risks.NOTHING_REMAINS)
    return state


def is_heard_first(
    viewer: Viewer, state: DecisionState, before: Risk | None, asker: int, at: datetime
) -> bool:
    """Return whether a vCISO recommends on a new request before it goes to leadership.

    Not where their no stands, said since the exception that this one goes on from; nor where nobody could.
    """
    objection = objection_now(state)
    if objection is not None and (before is None or objection.seq > before.seq):
        return False
    return bool(_reviewers(viewer, state, asker, at))


def _reviewers(viewer: Viewer, state: DecisionState, asker: int, at: datetime) -> list[int]:
    """Return who may recommend: the vCISOs engaged now, but whoever asks and whoever decided it."""
    found = [one.person_id for one in holders(viewer.company.id, Role.VCISO, at)]
    return [key for key in found if key != asker and not state.may_not_judge(key)]


def _leader(viewer: Viewer, of: int | None, at: datetime) -> int:
    """Return whom a request goes to: never whoever asks."""
    found = leaders(viewer.company.id, at)
    if not found:
        raise WrongState(NOBODY_LEADS)
    if of is not None and of not in found:
        raise NotFound("There is no such person here.")
    others = [key for key in found if key != viewer.person.id]
    if not others or of == viewer.person.id:
        raise WrongState("Whoever asks does not answer. Let somebody else ask, or ask another leader.")
    return of or int(others[0])


def _put(ledger: Ledger, viewer: Viewer, decision: Decision, row: ExceptionRequest, leader: int) -> Any:
    """Put a request to leadership, within the act that does; return what its event says of the question."""
    today = local_day(ledger.at, viewer.company.zone)
    later = add_working_days(today, ANSWER_WORKING_DAYS, viewer.company.working_calendar)
    advice = advice_on(row)
    asked = RiskQuestion.create(
        company=row.company_id,
        decision_id=decision.id,
        asked_of=leader,
        asked_by=row.asked_by_id,
        asked_at=ledger.at,
        answer_by=row.answer_by if row.answer_by >= today else later,
        question=row.question,
        technology_says=row.technology_says,
        security_says=advice.text if advice else security_says(decision),
        if_wrong=row.if_wrong,
    )
    row.question_id, row.state = asked.id, after(State(row.state), Step.PUT)
    row.save(only=[ExceptionRequest.question_id, ExceptionRequest.state])
    return {"question": asked.id, "of": asked.asked_of_id, "row": asked.row_digest}


def advise(viewer: Viewer, number: int, *, code: str, text: str, at: datetime) -> ExceptionAdvice:
    """Recommend on an exception as vCISO, with a sentence; it goes on to leadership in the same act.

    :raises WrongState: when nothing waits for a recommendation.
    :raises NotAllowed: for whoever asked for it, or decided.
    :raises Invalid: when the answer or the sentence is missing.
    """
    viewer.require(Act.GIVE_VERDICT)
    words, problems = line(text), {}
    if code not in ADVICE:
        problems["advice"] = "Choose what you recommend."
    if not words:
        problems["advice_text"] = "Say why, in one sentence that leadership can read."
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        row = must_wait(decision)
        state = after(State(row.state), Step.ADVISE)
        if row.asked_by_id == viewer.person.id:
            raise NotAllowed("You asked for this yourself, so another vCISO recommends on it.")
        conditions.require_reviewer(viewer, decision)
        if problems:
            raise Invalid("The recommendation is not complete yet.", problems)
        advice = ExceptionAdvice.create(
            company=row.company_id,
            decision_id=decision.id,
            request_id=row.id,
            code=code,
            text=words,
            person=viewer.person.id,
            person_name=viewer.person.name,
            role_name=ROLE_NAMES[Role.VCISO],
            engagement_id=viewer.vciso_engagement,
            at=ledger.at,
        )
        row.state = state
        row.save(only=[ExceptionRequest.state])
        told = {"request": row.id, "advice": advice.id, "code": code, "row": advice.row_digest}
        leader = still_leading(row, ledger.at)
        if leader is not None:
            told["put"] = _put(ledger, viewer, decision, row, leader)
        ledger.append("risk.advised", ("decision", decision.id), told)
    return advice


def put(viewer: Viewer, number: int, *, at: datetime) -> RiskQuestion:
    """Put a request to leadership that waited in vain for the vCISO, or for a leader to be there.

    :raises WrongState: while the vCISO's time to recommend runs, or when nobody leads.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        row = must_wait(decision)
        after(State(row.state), Step.PUT)
        if not may_be_put(viewer, decision, row, ledger.at):
            raise WrongState("The vCISO's time to recommend on this is not over yet.")
        leader = viewer.person.id if may_answer(viewer, row) else still_leading(row, ledger.at)
        if leader is None:
            raise WrongState(must_be_appointed(row, ledger.at))
        told = _put(ledger, viewer, decision, row, leader)
        ledger.append("risk.asked", ("decision", decision.id), {**told, "request": {"request": row.id}})
    return RiskQuestion.get(RiskQuestion.company == row.company_id, RiskQuestion.id == told["question"])


def may_be_put(viewer: Viewer, decision: Decision, row: ExceptionRequest, at: datetime) -> bool:
    """Return whether a request may go on to leadership now: nobody's absence holds it up."""
    if row.state != State.ASKED:
        return row.state == State.ADVISED
    return due(viewer, row) <= at or not _reviewers(viewer, gates.state_of(decision), row.asked_by_id, at)


def withdraw(viewer: Viewer, number: int, *, at: datetime) -> None:
    """Withdraw one's own request, as long as nobody allowed or refused it.

    :raises WrongState: when none waits.
    :raises NotAllowed: for anybody but whoever asked.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        row = must_wait(decision)
        if row.asked_by_id != viewer.person.id:
            raise NotAllowed("Only whoever asked for an exception withdraws the request.")
        close(row, Step.WITHDRAW, ledger.at)
        close_question(decision, "closed", None, ledger.at)
        ledger.append("risk.withdrawn", ("decision", decision.id), {"request": row.id})


def protect(viewer: Viewer, number: int, *, protects: str, at: datetime) -> RiskAcceptance:
    """Name what protects us meanwhile, on the exception that is allowed now.

    :raises WrongState: when none is.
    :raises Invalid: when nothing is named.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        running = gates.running_risk(decision, ledger.at)
        if running is None:
            raise WrongState("No exception is allowed on this decision now.")
        words = line(protects)
        if not words:
            raise Invalid("Name it in one line.", {"protects": "Say what protects us meanwhile."})
        running.protects = words
        running.save(only=[RiskAcceptance.protects])
        told = {"acceptance": running.id, "protects": running.protects_digest}
        ledger.append("risk.protected", ("decision", decision.id), told)
    return running
