"""Allowed exceptions: how one lives, how long it may last, and what must be said with it.

One is asked for, the vCISO recommends, a leader allows or refuses it, and it ends by itself on its day. That
day is all there is to *over*: nobody types it, and no job writes it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from adr_app.domain.answers import counting_answers, taken_on
from adr_app.domain.errors import WrongState
from adr_app.domain.security import OK_NEEDED_FROM
from adr_app.domain.timeline_states import DecisionState, Risk
from adr_app.domain.worktime import last_day, local_day


class State(StrEnum):
    """Where an exception is in its life; `OVER` is worked out from its last day and never stored."""

    ASKED = "asked"
    ADVISED = "advised"
    PUT = "put"
    ACTIVE = "active"
    OVER = "over"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Step(StrEnum):
    """What somebody does with an exception."""

    ADVISE = "advise"
    PUT = "put"
    ALLOW = "allow"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    END = "end"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.ASKED, Step.ADVISE): State.ADVISED,
    (State.ASKED, Step.PUT): State.PUT,
    (State.ADVISED, Step.PUT): State.PUT,
    (State.PUT, Step.ALLOW): State.ACTIVE,
    (State.PUT, Step.REFUSE): State.REFUSED,
    (State.ASKED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ADVISED, Step.WITHDRAW): State.WITHDRAWN,
    (State.PUT, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACTIVE, Step.END): State.CLOSED,
    (State.OVER, Step.END): State.CLOSED,
}
"""What may follow what; all else is refused. What is active is ended, never refused."""

WORDS: dict[State, str] = {
    State.ASKED: "Waits for the vCISO's recommendation",
    State.ADVISED: "Recommended on, not put to leadership yet",
    State.PUT: "Waits for leadership",
    State.ACTIVE: "Allowed",
    State.OVER: "Over",
    State.REFUSED: "Refused",
    State.WITHDRAWN: "Withdrawn",
    State.CLOSED: "Ended",
}

WAITING = (State.ASKED, State.ADVISED, State.PUT)
"""States in which somebody is waited for; a decision has one such request at most."""

KEPT = (*WAITING, State.ACTIVE, State.REFUSED, State.WITHDRAWN)
"""States that a request is kept in: what becomes of one that was allowed is kept with the allowance."""

ADVICE = {"yes": "Yes", "no": "No"}
"""What the vCISO recommends, by code."""

CLOSINGS = {"fixed": "Fixed", "ended": "Ended, not fixed"}
"""How one is closed, by code: what it was for is mended, or it is only not allowed any more."""

LIMITS = {0: 365, 1: 365, 2: 90, 3: 30}
"""For how many days an exception is allowed, by the review the decision needs; longer takes a reason."""

LONGEST = 366
"""Days that no reason stretches: no exception is allowed for more than a year at once."""

EXTENSIONS = 1
"""How often one may be extended before that is a flag."""

STRETCH = 2
"""How many times the limit one may last, with its extensions, before that is a flag."""


def after(state: State, step: Step) -> State:
    """Return the state that a step leads to.

    :raises WrongState: when the step is not possible, saying what is.
    """
    found = TRANSITIONS.get((state, step))
    if found is None:
        if state in (State.ACTIVE, State.OVER) and step in (Step.REFUSE, Step.WITHDRAW):
            raise WrongState("This exception is allowed already, so it can be ended, and nothing else.")
        if state in WAITING and step is Step.ALLOW:
            raise WrongState("The vCISO has not recommended anything on this yet, so nobody allows it.")
        if step is Step.ADVISE and state in WAITING:
            raise WrongState("The vCISO has said what they recommend on this already.")
        raise WrongState(f"That is not possible any more. How it stands: {WORDS[state]}.")
    return found


def state_of(until: datetime, ended_at: datetime | None, at: datetime) -> State:
    """Return where an exception that was allowed is in its life at `at`."""
    if ended_at is not None and ended_at <= at:
        return State.CLOSED
    return State.ACTIVE if at < until else State.OVER


def last_day_for(level: int, today: date) -> date:
    """Return the last day until which an exception is allowed without a reason of its own for the length."""
    return today + timedelta(days=LIMITS[level])


def needs_protection(level: int) -> bool:
    """Return whether what protects meanwhile has to be named, by the review a decision needs."""
    return level >= OK_NEEDED_FROM


def days_of(risk: Risk, zone: str) -> int:
    """Return for how many days a risk was taken, from the day it was taken on to its last."""
    return 0 if risk.until is None else (last_day(risk.until, zone) - local_day(risk.at, zone)).days


def is_too_long(risk: Risk, level: int, zone: str) -> bool:
    """Return whether a risk was taken for longer than is allowed at a level."""
    return days_of(risk, zone) > LIMITS[level]


def chain(risks: Sequence[Risk], last: Risk) -> list[Risk]:
    """Return the exceptions that `last` extends, one after the other, and itself, the first one first."""
    by_id = {risk.id: risk for risk in risks}
    found = [last]
    while (before := by_id.get(found[0].extends)) is not None and before not in found:
        found.insert(0, before)
    return found


def is_rolled(risks: Sequence[Risk], last: Risk, level: int, zone: str) -> bool:
    """Return whether an exception was extended more than once, or lasts twice its limit by extensions."""
    links = chain(risks, last)
    if len(links) - 1 > EXTENSIONS:
        return True
    if len(links) == 1 or last.until is None:
        return False
    whole = (last_day(last.until, zone) - local_day(links[0].at, zone)).days
    return whole > STRETCH * LIMITS[level]


def extended_by(state: DecisionState, digest: str) -> Risk | None:
    """Return the exception that a new one on this text would extend, or None where it would be the first.

    A security OK in between ends the story: what comes after it begins anew.
    """
    taken = taken_on(state, digest)
    last = taken[-1] if taken else None
    if last is None or any(g.verdict.clears and g.at > last.at for g in counting_answers(state)):
        return None
    return last
