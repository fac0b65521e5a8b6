"""Whether a rule of the vCISO's clears one decision: what she said on the decision itself comes first.

Nobody clears their own in advance either: a rule says nothing on what its signer wrote, decides or answers
for. Where somebody engaged as vCISO has answered or asked something, that is what counts.
"""

from collections.abc import Collection
from datetime import date, datetime

from adr_app.domain.events import Happening
from adr_app.domain.standing_rules import HIGHEST, Rule, meets
from adr_app.domain.timeline_states import Allowed, CompanyState, DecisionState, Revision
from adr_app.domain.worktime import local_day


def allowed_by(
    state: DecisionState,
    company: CompanyState,
    revision: Revision | None,
    at: datetime,
    deciders: Collection[int] = (),
) -> Rule | None:
    """Return the rule that clears this text of a decision at `at`, the oldest where several do, or None.

    `deciders` are those who decide on it, where that is known.
    """
    if revision is None or not company.rules or max(state.level, revision.level) > HIGHEST:
        return None
    if any(given.engagement is not None for given in state.given):
        return None
    own = {state.author, revision.by, *revision.owners, *deciders}
    for rule in company.rules:
        if rule.person in own or not is_in_force(rule, company, at):
            continue
        if meets(rule.allows, dict(revision.answers), inside=revision.inside):
            return rule
    return None


def noted(
    state: DecisionState, company: CompanyState, act: Happening, decided: date | None = None
) -> DecisionState:
    """Note the rule that clears the text that an act just put in force, where one does.

    It holds at the act, and had begun by the day of the decision: what was decided before it, it never saw.
    """
    revision = state.in_force
    rule = allowed_by(state, company, revision, act.at, [person for person, _ in state.deciders])
    if rule is None or revision is None:
        return state
    if decided is not None and decided < local_day(rule.starts_at, company.zone):
        return state
    return state._replace(allowed=(*state.allowed, Allowed(act.seq, rule.id, revision.digest)))


def is_in_force(rule: Rule, company: CompanyState, at: datetime) -> bool:
    """Return whether a rule holds at `at`: neither it nor the role it was signed under has ended."""
    return rule.runs(at) and any(e.id == rule.engagement and e.runs(at) for e in company.engagements)


def turning_points(company: CompanyState) -> list[datetime]:
    """Return the moments at which a rule, left alone, begins or ceases to hold."""
    signed_under = {rule.engagement for rule in company.rules}
    found = [rule.until for rule in company.rules]
    for role in company.engagements:
        if role.id in signed_under:
            found += [edge for edge in (role.starts_at, role.ends_at) if edge is not None]
    return found
