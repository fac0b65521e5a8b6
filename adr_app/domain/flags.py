"""Flags as spans of time: pure functions from the recorded acts of one subject to what held when.

The law: an act recorded at `t` leaves every span, cut at `t`, as it was. It holds by construction, because
each stretch of time is judged by what the record held at its start; spans that lie ahead are only what will
be so if nothing else is recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, NamedTuple

from adr_app.domain.answers import read
from adr_app.domain.decisions import Status
from adr_app.domain.events import Happening
from adr_app.domain.flag_conditions import Stretch
from adr_app.domain.flag_conditions_by_fact import company_edges, further_edges
from adr_app.domain.flag_conditions_later import later_edges
from adr_app.domain.flag_rules import RULES, SET_ASIDE, UNREAD, Rule
from adr_app.domain.standing import UNREAD as NOBODY_KNOWS
from adr_app.domain.standing import cuts, input_class, standing_at
from adr_app.domain.timeline import NEW, company_history, history
from adr_app.domain.timeline_acts import UNREADABLE
from adr_app.domain.timeline_states import CLOSED, CompanyState, DecisionState
from adr_app.domain.values import dataclass

__all__ = ["ASIDE", "RULES", "Rule", "Span", "company_spans", "decision_spans", "rule_spans", "stretches"]


ASIDE = "set aside by leadership"
"""How the span of a flag ends that leadership set aside."""


@dataclass(frozen=True, slots=True)
class Span:
    """A finding over `[starts, ends)`, `ends` None being for ever.

    `kind` is `flag`, `standing`, `status` or `input`; `severity` is S1 to S3 for a flag, else empty; `why` a
    code, `detail` plain values. `ended_as` says why it ended (or will), None while it is open: `answered`,
    `taken back`, `no longer in force`, `set aside`, `dealt with`, `overdue`, `time passed`, `older than this
    log`, `decided`, `changed`, `set aside by leadership` or `not known any more`.
    """

    kind: str
    code: str
    severity: str
    starts: datetime
    ends: datetime | None
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    ended_as: str | None = None


class _Found(NamedTuple):
    """What holds in a stretch, before neighbours are joined."""

    code: str
    why: str
    detail: dict[str, Any]
    severity: str = ""


def decision_spans(
    decision_id: int, happenings: Iterable[Happening], company: CompanyState = NEW
) -> list[Span]:
    """Return every span of one decision: its flags, standings, statuses and classes of vCISO input.

    `happenings`, in the order of the record, are its own acts, its company's, and those of decisions that
    replace it; `company` is as for `timeline.history`. Standings, and statuses, follow one another from the
    first act on, for ever, without gap.
    """
    timeline = stretches(decision_id, happenings, company)
    spans: list[Span] = []
    failed: list[set[str]] = [set() for _ in timeline]
    in_force = any(stretch.holds for stretch in timeline)
    for rule in RULES.values():
        if rule.test is not None and (in_force or not rule.in_force_only):
            spans += rule_spans(rule, timeline, failed)
    spans += _joined("flag", timeline, _unjudged(timeline, failed), UNREAD)
    spans += _joined("standing", timeline, [_Found(*stretch.standing) for stretch in timeline])
    spans += _joined("status", timeline, [_Found(str(stretch.state.status), "", {}) for stretch in timeline])
    spans += _joined("input", timeline, [_input(stretch) for stretch in timeline])
    return spans


def stretches(decision_id: int, happenings: Iterable[Happening], before: CompanyState = NEW) -> list[Stretch]:
    """Return the decision's time from its first act on, cut wherever anything about it can change."""
    timeline: list[Stretch] = []
    for starts, ends, state, company in history(decision_id, happenings, before):
        try:
            known = read(state, company) if state.acceptance is not None else None
            found = [
                Stretch(
                    start, end, state, company, standing_at(state, company, start, known), known, state.holds
                )
                for start, end in cuts(state, company, starts, ends, _edges(state, company))
            ]
        except UNREADABLE:
            unread = state._replace(unread=-1)
            found = [Stretch(starts, ends, unread, company, NOBODY_KNOWS, None, state.holds)]
        timeline += found
    return timeline


def _edges(state: DecisionState, company: CompanyState) -> list[datetime]:
    return [] if state.left is not None else further_edges(state, company) + later_edges(state)


def rule_spans(
    rule: Rule, timeline: Sequence[Stretch], failed: Sequence[set[str]] | None = None
) -> list[Span]:
    """Return the spans of one rule over a decision's time; neighbours with the same reason are one.

    Where leadership set the flag aside stands the quiet mark instead. Where the rule cannot be judged, there
    is neither: `failed` is told its code there.
    """
    test = rule.test
    if test is None:
        return []
    found: list[_Found | None] = []
    for place, stretch in enumerate(timeline):
        on = None
        if (not rule.in_force_only or stretch.holds) and not (stretch.state.unread or stretch.company.unread):
            try:
                on = test(stretch)
            except UNREADABLE:
                if failed is not None:
                    failed[place].add(rule.code)
        if on is None:
            found.append(None)
            continue
        graded = rule.severity_at(stretch.state.level, stretch.company.raised(rule.code))
        found.append(_Found(rule.code, *on, graded))
    if not any(found):
        return []
    if not (rule.may_be_set_aside and any(stretch.state.aside for stretch in timeline)):
        return _joined("flag", timeline, found, rule)
    quiet: list[_Found | None] = []
    for place, stretch in enumerate(timeline):
        aside = stretch.state.set_aside(rule.code, stretch.starts) if found[place] else None
        mark = None
        if aside is not None and aside.until is not None:
            detail = {"aside": aside.id, "until": int(aside.until.timestamp())}
            mark = _Found(SET_ASIDE.code, rule.code, detail, SET_ASIDE.severity)
            found[place] = None
        quiet.append(mark)
    return _joined("flag", timeline, found, rule) + _joined("flag", timeline, quiet, SET_ASIDE)


def _unjudged(timeline: Sequence[Stretch], failed: Sequence[set[str]]) -> list[_Found | None]:
    """Return where a decision cannot be judged: an act was not readable, or a rule failed on what was."""
    found: list[_Found | None] = []
    for stretch, codes in zip(timeline, failed, strict=True):
        unread = stretch.state.unread or stretch.company.unread
        if not unread and not codes:
            found.append(None)
            continue
        detail = {"entry": unread} if unread > 0 else {"rules": sorted(codes)}
        found.append(_Found(UNREAD.code, "entry" if unread else "rule", detail, UNREAD.severity))
    return found


def _input(stretch: Stretch) -> _Found | None:
    state = stretch.state
    known = input_class(state, stretch.company, stretch.known)
    accepted = state.acceptance or (state.left.state.acceptance if state.left else None)
    return None if accepted is None or known is None else _Found(known, known, {"month": accepted.month})


def _joined(
    kind: str, timeline: Sequence[Stretch], what: Sequence[_Found | None], rule: Rule | None = None
) -> list[Span]:
    spans: list[Span] = []
    begun: tuple[datetime, _Found] | None = None
    for place, (stretch, found) in enumerate(zip(timeline, what, strict=True)):
        if begun is not None and (found is None or _differs(kind, begun[1], found)):
            starts, was = begun
            ended = _ended(timeline[place - 1], stretch, was, found, rule)
            spans.append(
                Span(kind, was.code, was.severity, starts, stretch.starts, was.why, was.detail, ended)
            )
            begun = None
        if found is not None and begun is None:
            begun = (stretch.starts, found)
    if begun is not None:
        starts, was = begun
        spans.append(Span(kind, was.code, was.severity, starts, None, was.why, was.detail))
    return spans


def _differs(kind: str, was: _Found, now: _Found) -> bool:
    """Return whether a new span begins; a standing also where its values do, as a screen shows them."""
    if (was.code, was.why, was.severity) != (now.code, now.why, now.severity):
        return True
    return kind in ("standing", "input") and was.detail != now.detail


def _ended(before: Stretch, after: Stretch, was: _Found, now: _Found | None, rule: Rule | None) -> str:
    if after.state is before.state and _same_company(before, after):
        return rule.lapsed if rule else "time passed"
    if after.state.acceptance is None and before.state.acceptance is not None:
        return "taken back" if after.state.status == Status.PROPOSED else "no longer in force"
    if after.state.status in CLOSED and before.state.status not in CLOSED:
        return "no longer in force"
    if now is not None or rule is None:
        return "changed"
    if after.state.unread or after.company.unread:
        return "not known any more"
    if rule.may_be_set_aside and after.state.set_aside(rule.code, after.starts):
        return ASIDE
    if after.known is not None and after.known.older and not (before.known and before.known.older):
        return "older than this log"
    if rule.code == "review-waiting" and after.state.holds and not before.state.holds:
        return "decided"
    if rule.code == "accepted-over-objection" and after.standing.code == "risk-accepted":
        return "set aside"
    if rule.code == "reviewer-no-mandate" and len(after.state.given) < len(before.state.given):
        return "taken back"
    return rule.ended


def _same_company(before: Stretch, after: Stretch) -> bool:
    """Return whether nothing of the company changed that a decision depends on: once accepted, no rule."""
    was, now = before.company, after.company
    if was is now:
        return True
    was, now = was.as_decisions_see_it(), now.as_decisions_see_it()
    if was == now:
        return True
    return after.state.acceptance is not None and was._replace(rules=()) == now._replace(rules=())


def company_spans(happenings: Iterable[Happening], *, apart: bool = False) -> list[Span]:
    """Return the spans of a company: such as when nobody is engaged as vCISO; or those told `apart`."""
    edges = [
        (start, company)
        for starts, ends, company in company_history(happenings)
        for start in _company_cuts(company, starts, ends)
    ]
    spans: list[Span] = []
    for rule in RULES.values():
        if rule.company_test is not None and rule.apart is apart:
            spans += _company_rule(rule, edges)
    return spans


def _company_rule(rule: Rule, edges: Sequence[tuple[datetime, CompanyState]]) -> list[Span]:
    spans: list[Span] = []
    begun: tuple[datetime, _Found] | None = None
    test = rule.company_test
    for start, company in edges if test else ():
        on = test(company, start) if test and (not company.unread or rule.code == "company-unread") else None
        found = None if on is None else _Found(rule.code, *on, rule.severity_at(0, company.raised(rule.code)))
        if begun is not None and found != begun[1]:
            spans.append(_company_span(*begun, start, rule.ended if found is None else "changed"))
            begun = None
        if found is not None and begun is None:
            begun = (start, found)
    if begun is not None:
        spans.append(_company_span(*begun, None, None))
    return spans


def _company_span(starts: datetime, found: _Found, ends: datetime | None, ended: str | None) -> Span:
    return Span("flag", found.code, found.severity, starts, ends, found.why, found.detail, ended)


def _company_cuts(company: CompanyState, start: datetime, end: datetime | None) -> list[datetime]:
    edges = company_edges(company)
    return [start, *sorted({t for t in edges if t > start and (end is None or t < end)})]
