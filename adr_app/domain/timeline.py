"""What the recorded acts amount to: the state of one decision, and of its company, between any two acts.

Folding reads acts in the order of the record and never looks ahead, so what was true at a moment cannot be
changed by an act recorded later. Rules read the states and nothing else.
"""

from collections.abc import Iterable
from datetime import datetime

from adr_app.domain.events import Happening
from adr_app.domain.timeline_acts import follow, follow_company
from adr_app.domain.timeline_states import CompanyState, DecisionState, Moment

NEW = CompanyState()
"""A company before its first act."""


def history(decision_id: int, happenings: Iterable[Happening], company: CompanyState = NEW) -> list[Moment]:
    """Return the decision's states from its first act on, in order, without gap or overlap.

    `happenings` come in the order of the record: the decision's own acts, those of its company, and acts on
    newer decisions that replace it. Acts of the same second make one moment. Those of the company from before
    the first of the others may be left out where `company` is what they amount to (see `company_states`).
    """
    state = DecisionState(decision_id)
    moments: list[Moment] = []
    for act in happenings:
        folded_company = follow_company(company, act)
        folded = follow(state, folded_company, act)
        if folded is state and folded_company is company:
            continue
        state, company = folded, folded_company
        if state.born is None:
            continue
        if moments:
            previous = moments.pop()
            if previous.starts < act.at:
                moments.append(previous._replace(ends=act.at))
        moments.append(Moment(act.at, None, state, company))
    return moments


def fold(decision_id: int, happenings: Iterable[Happening]) -> Moment | None:
    """Return the moment that lasts: the state after the last act, or None where the decision has no act."""
    moments = history(decision_id, happenings)
    return moments[-1] if moments else None


def company_states(happenings: Iterable[Happening]) -> list[CompanyState]:
    """Return the company as it stood before each of its acts, in order, and after the last."""
    states = [NEW]
    for act in happenings:
        states.append(follow_company(states[-1], act))
    return states


def company_history(happenings: Iterable[Happening]) -> list[tuple[datetime, datetime | None, CompanyState]]:
    """Return the company's states from its first act on, as `(starts, ends, state)` in order."""
    company = CompanyState()
    stretches: list[tuple[datetime, datetime | None, CompanyState]] = []
    for act in happenings:
        folded = follow_company(company, act)
        if folded is company:
            continue
        company = folded
        if stretches:
            starts, _, before = stretches.pop()
            if starts < act.at:
                stretches.append((starts, act.at, before))
        stretches.append((act.at, None, company))
    return stretches
