"""How each recorded act changes the state of a decision or of its company: one small function per kind.

Every function takes the state before and returns the state after, the very same object where the act does
not touch it. They never refuse: whether an act was allowed was settled when it was recorded. An act that
cannot be read (a newer program wrote it, or hands did) leaves all as it was and says so for ever after: what
was true before it still is, and nothing since is known for sure.
"""

from datetime import UTC, datetime

from adr_app.domain.decisions import Status
from adr_app.domain.event_kinds import HANDING_OVER
from adr_app.domain.events import Happening
from adr_app.domain.standing_rules import Rule
from adr_app.domain.timeline_beneath import decision_changed, firm_changed, system_changed
from adr_app.domain.timeline_controls import CONTROL_STEPS
from adr_app.domain.timeline_further import FURTHER_STEPS
from adr_app.domain.timeline_life import LIFE_STEPS, close
from adr_app.domain.timeline_review import REVIEW_STEPS
from adr_app.domain.timeline_states import CompanyState, DecisionState, Engagement
from adr_app.domain.vendors import Known, named_by, renewed
from adr_app.domain.worktime import calendar_of, day_of, due_after_change, instant, local_day

_STEPS = LIFE_STEPS | REVIEW_STEPS | CONTROL_STEPS | FURTHER_STEPS
BIRTHS = frozenset({"decision.drafted", "decision.recorded", "decision.imported"})
_ABOUT_DECISIONS = ("decision.", "review.", "condition.", "risk.", "level.", "flag.", "concern.")
_ABOUT_COMPANY = ("company.", "engagement.", "person.", "rule.", "record.")
_TAKES_EFFECT = frozenset({Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED})
_BRINGS_INTO_FORCE = frozenset(
    {
        "decision.accepted",
        "decision.recorded",
        "decision.imported",
        "decision.reimported",
        "decision.status-stated",
    }
)


UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError)
"""What reading an act, or judging what it led to, raises where it is not what this program knows."""


def follow(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Return the decision's state after `act`, an act on it, on a decision that replaces it, or neither."""
    try:
        return _follow(state, company, act)
    except UNREADABLE:
        return state._replace(born=state.born or act.at, unread=state.unread or act.seq)


def _follow(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    about, which = act.subject
    if about == "decision" and which != state.id:
        return decision_changed(_other_decision(state, company, act), act)
    if about == "vendor":
        return firm_changed(_firm_told(state, act), act)
    if about == "system":
        return system_changed(state, act)
    if act.kind == "company.calendar-set":
        return _calendar_changed(state, company, act)
    if act.kind in HANDING_OVER:
        return _handed_over(state, act)
    if not act.kind.startswith(_ABOUT_DECISIONS):
        return state
    if state.born is None:
        if act.kind not in BIRTHS:
            return state
        state = state._replace(born=act.at, author=act.actor)
    step = _STEPS.get(act.kind)
    if step is None:
        return state
    return _with_firms(step(state, company, act), act) if "vendors" in act.data else step(state, company, act)


def _with_firms(state: DecisionState, act: Happening) -> DecisionState:
    """Follow which outside firms a new version names, and what was known of them then."""
    naming, firms = named_by(state.naming, state.firms, act.data)
    return state._replace(naming=naming, firms=firms)


def _firm_told(state: DecisionState, act: Happening) -> DecisionState:
    """Follow what was said of an outside firm that the decision names.

    A text older than the register of firms was written without saying which it names: its newest version is
    the one that does.
    """
    if state.latest is None:
        return state
    firm = Known(*act.data["vendor"])
    naming = state.naming
    if not any(firm.id in ids for _, ids in naming):
        naming = (*naming, (state.latest.number, (firm.id,)))
    return state._replace(naming=naming, firms=renewed(state.firms, firm))


def _calendar_changed(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Move the day by which an answer is due, from now on; an emergency goes by the clock."""
    asked = state.asked
    if asked is None or asked.emergency:
        return state
    due = due_after_change(asked.due_at, act.at, company.zone, company.calendar_was, company.calendar)
    return state if due == asked.due_at else state._replace(asked=asked._replace(due_at=due))


def _handed_over(state: DecisionState, act: Happening) -> DecisionState:
    """Let a review lie with the successor of whoever was asked."""
    asked = state.asked
    if asked is None or asked.review not in (act.data.get("reviews") or ()):
        return state
    return state._replace(asked=asked._replace(of=act.data["of"]))


def follow_company(company: CompanyState, act: Happening) -> CompanyState:
    """Return the company's state after `act`; most acts leave it as it is."""
    if not act.kind.startswith(_ABOUT_COMPANY):
        return company
    try:
        return _follow_company(company, act)
    except UNREADABLE:
        return company._replace(unread=company.unread or act.seq)


def _follow_company(company: CompanyState, act: Happening) -> CompanyState:
    data = act.data
    if act.kind == "company.founded":
        zone = data.get("zone") or company.zone
        on = day_of(data.get("go_live_on")) or local_day(act.at, zone)
        policy = tuple(sorted((str(k), str(v)) for k, v in (data.get("policy") or {}).items()))
        return company._replace(zone=zone, go_live_on=on, policy=policy, receipt_at=act.at)
    if act.kind == "company.go-live-set":
        return company._replace(go_live_on=day_of(data.get("on")))
    if act.kind == "company.policy-set":
        kept = tuple(pair for pair in company.policy if pair[0] != str(data["level"]))
        return company._replace(policy=(*kept, (str(data["level"]), data["mode"])))
    if act.kind in ("company.framework-followed", "company.framework-left"):
        others = tuple(key for key in company.frameworks if key != data["framework"])
        now = (data["framework"],) if act.kind == "company.framework-followed" else ()
        return company._replace(frameworks=(*others, *now))
    if act.kind == "company.calendar-set":
        return company._replace(calendar=calendar_of(data), calendar_was=company.calendar)
    if act.kind == "company.severity-set":
        graver = tuple(pair for pair in company.severities if pair[0] != data["code"])
        return company._replace(severities=(*graver, (data["code"], data["severity"])))
    if act.kind in ("engagement.started", "engagement.ended"):
        return _engagement(company, act)
    if act.kind in ("rule.signed", "rule.ended"):
        return company._replace(rules=_rules(company.rules, act))
    if act.kind == "record.receipt-given":
        return company._replace(receipt_at=act.at)
    if act.kind == "record.checked":
        fault = "" if data["result"] == "whole" else data["result"]
        return company._replace(record_fault=fault, record_check=data["check"])
    if act.kind == "person.invited":
        return _invited(company, data["person"], act)
    if act.kind == "person.joined":
        return _joined(company, act)
    return company


def _rules(rules: tuple[Rule, ...], act: Happening) -> tuple[Rule, ...]:
    """Return the rules after one is signed, perhaps in place of another, or ended."""
    data = act.data
    over = data.get("replaces") if act.kind == "rule.signed" else data["rule"]
    ended = tuple(r._replace(ended_at=r.ended_at or act.at) if r.id == over else r for r in rules)
    if act.kind == "rule.ended" or act.actor is None:
        return ended
    allows = tuple((code, tuple(some)) for code, some in data["allows"])
    until = datetime.fromtimestamp(data["until"], UTC)
    return (*ended, Rule(data["rule"], act.actor, data["engagement"], allows, act.at, until))


def _invited(company: CompanyState, person: int, act: Happening) -> CompanyState:
    """Let what a person was given with the invitation wait until they come in."""
    if person in company.joined or person in company.awaited:
        return company
    # What they held before they were invited stays as it was.
    waits = tuple(
        e._replace(waits=True) if e.person == person and e.starts_at and e.starts_at >= act.at else e
        for e in company.engagements
    )
    return company._replace(engagements=waits, awaited=(*company.awaited, person))


def _joined(company: CompanyState, act: Happening) -> CompanyState:
    """Let what waited for a person hold from now: nobody acted in it before."""
    if act.actor is None or act.actor in company.joined:
        return company
    begun = tuple(
        e._replace(waits=False, starts_at=max(e.starts_at or act.at, act.at))
        if e.person == act.actor and e.waits
        else e
        for e in company.engagements
    )
    awaited = tuple(person for person in company.awaited if person != act.actor)
    return company._replace(engagements=begun, awaited=awaited, joined=(*company.joined, act.actor))


def _engagement(company: CompanyState, act: Happening) -> CompanyState:
    data = act.data
    ends = instant(data.get("ends_at"), company.zone)
    others = tuple(e for e in company.engagements if e.id != data["engagement"])
    if act.kind == "engagement.started":
        starts = instant(data.get("starts_at"), company.zone) or act.at
        waits = data["person"] in company.awaited
        started = Engagement(data["engagement"], data["person"], data["role"], starts, ends, waits)
        return company._replace(engagements=(*others, started))
    known = [e for e in company.engagements if e.id == data["engagement"]]
    ended = tuple(e._replace(ends_at=ends or act.at) for e in known)
    return company._replace(engagements=(*others, *ended))


def _other_decision(state: DecisionState, company: CompanyState, act: Happening) -> DecisionState:
    """Follow a newer decision: it replaces this one when it comes into force, unless only in part."""
    if act.kind == "decision.taken-back":
        if state.id not in (act.data.get("restores") or ()) or not state.superseded_by:
            return state
        state = state._replace(superseded_by=())
        if state.status != Status.SUPERSEDED or state.acceptance is None:
            return state
        return state._replace(status=Status.ACCEPTED, left=None)
    edges = act.data.get("supersedes")
    if not edges or act.data.get("status", Status.ACCEPTED) not in _TAKES_EFFECT:
        return state
    if act.kind not in _BRINGS_INTO_FORCE:
        return state
    if not any(e.get("decision") == state.id and not e.get("part") for e in edges):
        return state
    if act.subject[1] not in state.superseded_by:
        state = state._replace(superseded_by=(*state.superseded_by, act.subject[1]))
    return close(state, company, act, Status.SUPERSEDED) if state.holds else state
