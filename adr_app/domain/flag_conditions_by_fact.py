"""When the flags are on that a fact switches on; and the moments at which time alone turns them.

Written as those of `flag_conditions`: a test answers None while its flag is off.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from adr_app.domain import receipts
from adr_app.domain.answers import (
    counting_answers,
    digest_in_force,
    lapsed_risk,
    objection_now,
    risk_after,
    running_risk,
    text_at_risk,
)
from adr_app.domain.decisions import Status
from adr_app.domain.exceptions import days_of, is_rolled, is_too_long, needs_protection
from adr_app.domain.flag_conditions import On, Stretch
from adr_app.domain.levels import LOWERED
from adr_app.domain.permissions import Role
from adr_app.domain.security import OK_NEEDED_FROM
from adr_app.domain.timeline_states import CompanyState, DecisionState, Given, Revision, Risk
from adr_app.domain.worktime import USUAL, Calendar, add_working_days, answer_due, end_of_day, local_day

LEFT_OPEN_DAYS = 10
"""Working days for which a question may lie with the author, or an answer stay *unknown*."""

ENDING = timedelta(days=30)
"""How long before its end a risk taken, or the last vCISO's role, is told of."""

LOOKED_AT_WITHIN = timedelta(days=30)
"""How long after going live somebody looks whether it was built as decided."""

FULL_REVIEW = 3


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def left_open_until(since: datetime, zone: str, calendar: Calendar = USUAL) -> datetime:
    """Return until when something may lie open that began at `since`."""
    return end_of_day(add_working_days(local_day(since, zone), LEFT_OPEN_DAYS, calendar), zone)


def questions_unanswered(stretch: Stretch) -> On:
    """A proposal carries no security answers, and the vCISO was not asked either."""
    state = stretch.state
    if state.status is not Status.PROPOSED or state.open_ask is not None or counting_answers(state):
        return None
    return ("", {}) if state.latest is not None and "unanswered" in state.latest.marks else None


def _unknown_since(state: DecisionState) -> datetime | None:
    """Return since when an answer of a proposal is *unknown* with nobody's judgement on it, or None."""
    if state.status is not Status.PROPOSED or counting_answers(state):
        return None
    since = None
    for revision in reversed(state.revisions):
        if "unknown" not in revision.marks:
            break
        since = revision.at
    return since


def answer_unknown(stretch: Stretch) -> On:
    """An answer has been *unknown* for ten working days, through however many versions."""
    since, company = _unknown_since(stretch.state), stretch.company
    if since is None or stretch.starts < left_open_until(since, company.zone, company.calendar):
        return None
    return "", {"since": _epoch(since)}


def _undecided_risk(state: DecisionState) -> Given | None:
    """Return the vCISO's no to a proposal of the highest level that leadership has not refused since."""
    objection = objection_now(state)
    if state.status is not Status.PROPOSED or state.level < FULL_REVIEW or objection is None:
        return None
    return None if state.risk_refused_seq > objection.seq else objection


def _put_off_since(state: DecisionState, objection: Given) -> datetime:
    """Return since when leadership could have decided: since it was asked, else since the no."""
    asked = state.risk_asked_at
    return objection.at if asked is None else max(asked, objection.at)


def risk_undecided(stretch: Stretch) -> On:
    """A no after a full review waits for leadership's word for longer than an answer may take."""
    state, company, objection = stretch.state, stretch.company, _undecided_risk(stretch.state)
    if objection is None:
        return None
    if stretch.starts < answer_due(_put_off_since(state, objection), company.zone, company.calendar):
        return None
    text = text_at_risk(state, stretch.starts)
    if text is not None and risk_after(state, stretch.starts, text.digest, objection) is not None:
        return None
    return "", {"verdict": objection.id}


def level_lowered(stretch: Stretch) -> On:
    """A later version's answers ask for less than those sent for review, and the vCISO has not seen that."""
    state = stretch.state
    if state.status is not Status.PROPOSED and not stretch.holds:
        return None
    if counting_answers(state) or any(act.kind == LOWERED for act in state.level_acts):
        return None
    answered = [r for r in state.revisions if r.number >= state.sent_from > 0 and "unanswered" not in r.marks]
    if not answered or answered[-1].level >= max(r.level for r in answered):
        return None
    return "", {"from": max(r.level for r in answered), "to": answered[-1].level}


def last_editor_approved(stretch: Stretch) -> On:
    """Whoever gave the security OK that stands wrote the version that it is on."""
    known = stretch.known
    if known is None or known.signoff is None or known.changed or known.signoff.by is None:
        return None
    number = known.signoff.number
    wrote = next((r.by for r in stretch.state.revisions if r.number == number and not r.from_file), None)
    return ("", {"verdict": known.signoff.id}) if wrote == known.signoff.by else None


def exception_ending(stretch: Stretch) -> On:
    """A risk that leadership took ends within thirty days."""
    risk = _risk_now(stretch)
    if risk is None or risk.until is None or stretch.starts < _ending_from(risk, risk.until):
        return None
    return "", {"acceptance": risk.id, "until": _epoch(risk.until)}


def _ending_from(risk: Risk, until: datetime) -> datetime:
    """Return from when an exception ends soon: thirty days before, and never in the first half of its time.

    One that lasts thirty days at most would else end soon from its first day on.
    """
    return max(until - ENDING, risk.at + timedelta(seconds=int((until - risk.at).total_seconds()) // 2))


def _risk_now(stretch: Stretch) -> Risk | None:
    """Return the risk that leadership takes of the text in force, or of a proposal's newest text."""
    state = stretch.state
    if state.status is not Status.PROPOSED and not stretch.holds:
        return None
    return running_risk(state, stretch.starts, digest_in_force(state))


def exception_too_long(stretch: Stretch) -> On:
    """A risk was taken for longer than is allowed where so much review is needed."""
    risk, state = _risk_now(stretch), stretch.state
    if risk is None or not is_too_long(risk, state.level, stretch.company.zone):
        return None
    return "", {"acceptance": risk.id, "days": days_of(risk, stretch.company.zone)}


def exception_rolled(stretch: Stretch) -> On:
    """A risk taken goes on from others before it, again and again or for twice as long as is allowed."""
    risk, state = _risk_now(stretch), stretch.state
    if risk is None or not is_rolled(state.risks, risk, state.level, stretch.company.zone):
        return None
    return "", {"acceptance": risk.id}


def exception_unprotected(stretch: Stretch) -> On:
    """A risk is taken of what needs a security OK, and nobody says what protects meanwhile."""
    risk = _risk_now(stretch)
    if risk is None or risk.protected or not needs_protection(stretch.state.level):
        return None
    return "", {"acceptance": risk.id}


def text_that_deviates(state: DecisionState) -> Revision | None:
    """Return the text in force, or the newest of a proposal, where it knowingly departs from a rule."""
    text = state.in_force or state.latest
    # What is in force is known under its first number; what it says is the same.
    return text if text is not None and "deviates" in text.marks else None


def deviation_without_exception(stretch: Stretch) -> On:
    """The text in force knowingly departs from a rule, and leadership never took that risk."""
    state, known = stretch.state, stretch.known
    if known is None or known.older or text_that_deviates(state) is None:
        return None
    digest = digest_in_force(state)
    if running_risk(state, stretch.starts, digest) or lapsed_risk(state, stretch.starts, digest):
        return None
    return "", {}


def author_waited_for(stretch: Stretch) -> On:
    """The vCISO's question has been with the author for ten working days."""
    state, began = stretch.state, stretch.state.turn_began
    if state.status is not Status.PROPOSED or began is None:
        return None
    return (
        None
        if stretch.starts < left_open_until(began, stretch.company.zone, stretch.company.calendar)
        else ("", {"since": _epoch(began)})
    )


def built_first(stretch: Stretch) -> On:
    """The work was noted as done before the decision was made."""
    acceptance = stretch.state.acceptance
    return ("", {}) if acceptance is not None and acceptance.built_first else None


def not_looked_at(stretch: Stretch) -> On:
    """What needed the vCISO's OK went live a month ago, and nobody looked whether it is as decided."""
    state, known = stretch.state, stretch.known
    if known is None or known.older or state.built_at is None or state.went_live_checked:
        return None
    if state.level < OK_NEEDED_FROM or stretch.starts < state.built_at + LOOKED_AT_WITHIN:
        return None
    return "", {"built": _epoch(state.built_at)}


def nobody_engaged(company: CompanyState, at: datetime) -> On:
    """Nobody holds the security role."""
    return None if company.engaged(Role.VCISO, at) else ("", {})


def mandate_ending(company: CompanyState, at: datetime) -> On:
    """The last vCISO's role ends within thirty days, and nobody's begins by then."""
    held = [e for e in company.engagements if e.role == Role.VCISO and not e.waits]
    running = [e for e in held if e.runs(at)]
    last = max((e.ends_at for e in running if e.ends_at is not None), default=None)
    if last is None or any(e.ends_at is None for e in running) or at < last - ENDING:
        return None
    if any(e.starts_at is not None and at < e.starts_at <= last and e.runs(last) for e in held):
        return None
    return "", {"until": _epoch(last)}


def company_unread(company: CompanyState, at: datetime) -> On:
    """An act about the company could not be read."""
    return ("", {"entry": company.unread}) if company.unread else None


def further_edges(state: DecisionState, company: CompanyState) -> list[datetime]:
    """Return the moments at which a state, left alone, could turn one of these flags on."""
    if state.left is not None:
        return []
    edges = [_ending_from(r, r.until) for r in state.risks if r.until is not None]
    edges += [a.until for a in state.aside if a.until is not None]
    if state.built_at is not None:
        edges.append(state.built_at + LOOKED_AT_WITHIN)
    if state.status is Status.PROPOSED:
        since: list[tuple[datetime | None, Callable[[datetime, str, Calendar], datetime]]] = [
            (state.turn_began, left_open_until),
            (_unknown_since(state), left_open_until),
        ]
        objection = _undecided_risk(state)
        if objection is not None:
            since.append((_put_off_since(state, objection), answer_due))
        edges += [until(began, company.zone, company.calendar) for began, until in since if began is not None]
    return edges


def company_edges(company: CompanyState) -> list[datetime]:
    """Return the moments at which a company's flags could turn with nothing recorded."""
    edges = [t for e in company.engagements for t in (e.starts_at, e.ends_at) if t is not None]
    edges += receipts.edges(company)
    return edges + [e.ends_at - ENDING for e in company.engagements if e.ends_at and e.role == Role.VCISO]
