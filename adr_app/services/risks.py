"""When risk remains: one question to leadership, and a risk taken with a reason and always an end."""

from datetime import date, datetime, timedelta

from adr_app.domain.answers import (
    counting_answers,
    objection_now,
    open_conditions,
    running_risk,
    security_ok,
    text_at_risk,
)
from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.flag_conditions_by_fact import text_that_deviates
from adr_app.domain.permissions import Act, Role
from adr_app.domain.timeline_states import DecisionState
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.decisions import Decision
from adr_app.models.reviews import RiskAcceptance, RiskQuestion
from adr_app.services import gates, reviews
from adr_app.services.decision_rows import find, revision
from adr_app.services.people import Viewer, holders
from adr_app.services.record import acting

OPEN_TO_RISK = frozenset({Status.DRAFT, Status.PROPOSED, Status.ACCEPTED})

NOTHING_REMAINS = (
    "The vCISO has not said no here, so there is no risk to take. Ask for the security answer first."
)

LONGEST = timedelta(days=366)
"""No risk is taken for longer than a year at once."""


def put_to_leadership(
    viewer: Viewer,
    number: int,
    *,
    question: str,
    technology_says: str,
    answer_by: date,
    if_wrong: str = "",
    of: int | None = None,
    at: datetime,
) -> RiskQuestion:
    """Ask a leader whether the company takes the risk; the vCISO's sentence is their own answer's.

    :raises WrongState: when no risk remains, no leader is engaged, or a question is open.
    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.DRAFT)
    texts = {
        "question": _line(question),
        "technology_says": _line(technology_says),
        "if_wrong": _line(if_wrong),
    }
    problems = {}
    if not texts["question"]:
        problems["question"] = "Ask it in one line, such as: may we keep text-message codes until 31 March?"
    if not texts["technology_says"]:
        problems["technology_says"] = "Say in one line what you recommend and why."
    if answer_by < local_day(at, viewer.company.zone):
        problems["answer_by"] = "Choose today or a later day."
    if problems:
        raise Invalid("The question is not complete yet.", problems)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision, _ = _at_risk(viewer, number, ledger.at)
        if open_question(decision) is not None:
            raise WrongState("Leadership has been asked already.")
        leader = _leader(viewer, of, ledger.at)
        asked = RiskQuestion.create(
            company=viewer.company.id,
            decision_id=decision.id,
            asked_of=leader,
            asked_by=viewer.person.id,
            asked_at=ledger.at,
            answer_by=answer_by,
            security_says=_security_says(decision),
            **texts,
        )
        ledger.append(
            "risk.asked",
            ("decision", decision.id),
            {"question": asked.id, "of": asked.asked_of_id, "row": asked.row_digest},
        )
    return asked


def _leader(viewer: Viewer, of: int | None, at: datetime) -> int:
    # A leader who has never signed in may be asked: the invitation lets her in to answer.
    found = holders(viewer.company.id, Role.LEADER, at, invited=True)
    leaders = [engagement.person_id for engagement in found]
    if not leaders:
        raise WrongState("Nobody is engaged as leadership here. An admin can invite somebody under People.")
    if of is not None and of not in leaders:
        raise NotFound("There is no such person here.")
    return of or int(leaders[0])


def take(
    viewer: Viewer, number: int, *, reason: str, until: date, confirmed: str = "", at: datetime
) -> RiskAcceptance:
    """Take the risk of a decision for the company, on the text the vCISO's no is about, until a day's end.

    `confirmed` says how the leader showed who they are, where that is not by being signed in.

    :raises WrongState: when no risk remains: the vCISO did not object, and no to-do is open that she set
        before going live.
    :raises Invalid: when the reason is missing, or the day is past or more than a year away.
    """
    viewer.require(Act.ACCEPT_RISK)
    words = _line(reason)
    today = local_day(at, viewer.company.zone)
    problems = {}
    if not words:
        problems["reason"] = "Say why, in one line."
    if not today <= until <= today + LONGEST:
        problems["until"] = "Choose a day within the next twelve months: every risk taken has an end."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision, state = _at_risk(viewer, number, ledger.at)
        text = text_at_risk(state, ledger.at)
        taken_on = revision(decision, text.number if text else None)
        taken = RiskAcceptance.create(
            company=viewer.company.id,
            decision_id=decision.id,
            revision=taken_on.number,
            leader=viewer.person.id,
            leader_name=viewer.person.name,
            reason=words,
            starts_at=ledger.at,
            until=end_of_day(until, viewer.company.zone),
        )
        confirmed = confirmed or reviews.how_confirmed()
        _close_question(decision, "taken", confirmed, ledger.at)
        ledger.append(
            "risk.accepted",
            ("decision", decision.id),
            {
                "acceptance": taken.id,
                "revision": taken_on.id,
                "number": taken_on.number,
                "digest": taken_on.digest,
                "until": int(taken.until.timestamp()),
                "confirmed": confirmed,
                "row": taken.row_digest,
            },
        )
    return taken


def refuse(viewer: Viewer, number: int, *, reason: str, confirmed: str = "", at: datetime) -> None:
    """Answer leadership's question with no: the company does not take the risk.

    :raises WrongState: when no question is open.
    :raises Invalid: when the reason is missing.
    """
    viewer.require(Act.ACCEPT_RISK)
    if not _line(reason):
        raise Invalid("This cannot be saved yet.", {"reason": "Say why, in one line."})
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        asked = open_question(decision)
        if asked is None:
            raise WrongState("No question to leadership is open on this decision.")
        confirmed = confirmed or reviews.how_confirmed()
        _close_question(decision, "refused", confirmed, ledger.at)
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
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        asked = open_question(find(viewer, number))
        if asked is None:
            raise WrongState("No question to leadership is open on this decision.")
        asked.reported_on, asked.reported_by = on, viewer.person.id
        asked.save(only=[RiskQuestion.reported_on, RiskQuestion.reported_by])
        said = {"question": asked.id, "on": on.isoformat()}
        ledger.append("risk.reported", ("decision", asked.decision_id), said)


def end(viewer: Viewer, number: int, *, at: datetime) -> None:
    """End a risk taken sooner than planned.

    :raises WrongState: when none runs.
    """
    viewer.require(Act.ACCEPT_RISK)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        running = gates.running_risk(decision, ledger.at)
        if running is None:
            raise WrongState("No risk is being taken on this decision now.")
        running.ended_at = ledger.at
        running.save(only=[RiskAcceptance.ended_at])
        ledger.append("risk.ended", ("decision", decision.id), {"acceptance": running.id})


def _at_risk(viewer: Viewer, number: int, at: datetime) -> tuple[Decision, DecisionState]:
    """Return a decision with its state, where a risk remains that leadership may take."""
    decision = find(viewer, number)
    if decision.status not in OPEN_TO_RISK:
        raise WrongState("This decision is closed, so there is no risk to take.")
    state = gates.state_of(decision)
    if not (remains(state) or lacks_end(state, at)):
        raise WrongState(NOTHING_REMAINS)
    return decision, state


def remains(state: DecisionState) -> bool:
    """Return whether there is a risk to take: her no stands, or a to-do she set before going live is open."""
    if objection_now(state) is not None:
        return True
    signoff = security_ok(counting_answers(state))
    return signoff is not None and any(
        c.before_go_live and not c.done for c in open_conditions(state, signoff)
    )


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
    return remains(state) and (text is None or running_risk(state, at, text.digest) is None)


def objection_stands(decision: Decision, at: datetime) -> bool:
    """Return whether the vCISO objects to a decision that is still open to that, and nobody took the risk."""
    if decision.status not in OPEN_TO_RISK:
        return False
    return objection_now(gates.state_of(decision)) is not None and is_uncovered(decision, at)


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


def _close_question(decision: Decision, state: str, confirmed: str, at: datetime) -> None:
    RiskQuestion.update(state=state, answered_at=at, confirmed_by=confirmed).where(
        RiskQuestion.company == decision.company_id,
        RiskQuestion.decision_id == decision.id,
        RiskQuestion.state == "open",
    ).execute()


def _security_says(decision: Decision) -> str:
    said = [v for v in gates.standing_verdicts(decision) if v.text and v.code != "question"]
    return said[-1].text[:1000] if said else ""


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())[:1000]
