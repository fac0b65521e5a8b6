"""The rows of exceptions that wait: the request on a decision, what was recommended, the open question."""

from datetime import datetime
from typing import Any

from peewee import SQL, Expression, fn

from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import WrongState
from adr_app.domain.exceptions import WAITING, State, Step, after
from adr_app.domain.worktime import answer_due
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.people import Person
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.models.spelled import Spelled
from adr_app.services import gates
from adr_app.services.people import Viewer


def waiting_on(decision: Decision) -> ExceptionRequest | None:
    """Return the request on a decision that somebody is waited for with, or None."""
    return (
        ExceptionRequest.select()
        .where(
            ExceptionRequest.company == decision.company_id,
            ExceptionRequest.decision_id == decision.id,
            ExceptionRequest.state.in_(WAITING),
        )
        .first()
    )


def is_to_recommend(person_id: Any) -> Expression:
    """Return the condition that a request waits for a recommendation: never by whoever asked for it."""
    asked = (ExceptionRequest.state == State.ASKED) & (ExceptionRequest.asked_by != person_id)
    return asked & is_still_open()


def is_still_open() -> Expression:
    """Return the condition that a request is about a decision on which an exception may still be allowed."""
    return fn.EXISTS(
        Decision.select(SQL("1")).where(
            Decision.company == ExceptionRequest.company,
            Decision.id == ExceptionRequest.decision_id,
            Decision.status.in_((Status.DRAFT, Status.PROPOSED, Status.ACCEPTED)),
        )
    )


def to_recommend(company_ids: list[int], person_id: int) -> list[ExceptionRequest]:
    """Return the requests at some companies that wait for a recommendation, with who asks, oldest first.

    There are never many: one to a decision.
    """
    return _TO_RECOMMEND.rows(companies=company_ids, person=person_id) if company_ids else []


_TO_RECOMMEND = Spelled(
    lambda companies, person: (
        ExceptionRequest.select(ExceptionRequest, Person)
        .join(Person, on=(ExceptionRequest.asked_by == Person.id))
        .where(ExceptionRequest.company.in_(companies), is_to_recommend(person))
        .order_by(ExceptionRequest.asked_at, ExceptionRequest.id)
    )
)


def must_wait(decision: Decision) -> ExceptionRequest:
    """Return the request on a decision that somebody is waited for with.

    :raises WrongState: when there is none.
    """
    row = waiting_on(decision)
    if row is None:
        raise WrongState("No exception is asked for on this decision now.")
    return row


def due(viewer: Viewer, row: ExceptionRequest) -> datetime:
    """Return until when the vCISO's recommendation is waited for."""
    due_at: datetime = answer_due(row.asked_at, viewer.company.zone, viewer.company.working_calendar)
    return due_at


def close(
    row: ExceptionRequest, step: Step, at: datetime, acceptance: RiskAcceptance | None = None
) -> ExceptionRequest:
    """End the waiting of a request, within the act that does.

    :raises WrongState: when that is not possible where it stands.
    """
    row.state, row.closed_at = after(State(row.state), step), at
    row.acceptance_id = acceptance.id if acceptance else None
    row.save(only=[ExceptionRequest.state, ExceptionRequest.closed_at, ExceptionRequest.acceptance_id])
    return row


def advice_on(row: ExceptionRequest | None) -> ExceptionAdvice | None:
    """Return what the vCISO recommended on a request, or None."""
    if row is None:
        return None
    return ExceptionAdvice.get_or_none(
        ExceptionAdvice.company == row.company_id, ExceptionAdvice.request_id == row.id
    )


def line(text: str) -> str:
    """Return typed words on one line, cleaned."""
    return " ".join(clean_text(text).split())[:1000]


def open_question(decision: Decision) -> RiskQuestion | None:
    """Return the question to leadership that waits for an answer, or None."""
    return (
        RiskQuestion.select()
        .where(
            RiskQuestion.company == decision.company_id,
            RiskQuestion.decision_id == decision.id,
            RiskQuestion.state == "open",
        )
        .first()
    )


def latest_question(decision: Decision) -> RiskQuestion | None:
    """Return the newest question to leadership, answered or not, or None."""
    return (
        RiskQuestion.select()
        .where(RiskQuestion.company == decision.company_id, RiskQuestion.decision_id == decision.id)
        .order_by(RiskQuestion.id.desc())
        .first()
    )


def close_question(decision: Decision, state: str, confirmed: str | None, at: datetime) -> None:
    """End the question to leadership that is open on a decision, within the act that does."""
    RiskQuestion.update(state=state, answered_at=at, confirmed_by=confirmed).where(
        RiskQuestion.company == decision.company_id,
        RiskQuestion.decision_id == decision.id,
        RiskQuestion.state == "open",
    ).execute()


def security_says(decision: Decision) -> str:
    """Return what the vCISO last answered, as it stands beside a question to leadership."""
    said = [v for v in gates.standing_verdicts(decision) if v.text and v.code != "question"]
    return said[-1].text[:1000] if said else ""
