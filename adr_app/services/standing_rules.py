"""Decisions that a vCISO allows in advance: rules signed, replaced and ended, and what each would cover."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.digest import clean_text, digest
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.in_advance import is_in_force
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.security import level_of
from adr_app.domain.standing_rules import Allows, checked, latest_end, meets
from adr_app.domain.timeline import company_history
from adr_app.domain.timeline_states import CompanyState
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.decisions import Decision, DecisionSystem, Revision
from adr_app.models.events import company_happenings
from adr_app.models.people import Installation, System
from adr_app.models.standing_rules import EndedRule, StandingRule
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer, holder
from adr_app.services.record import acting_as

LONGEST_TITLE = 120
LONGEST_REASON = 2000
TRIED_ON = 50
"""How many of the last decisions a rule is tried on before it is signed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One rule with how it stands: `holds`, or why not any more: `ended`, `replaced`, `role` or `over`."""

    rule: StandingRule
    state: str
    ended: EndedRule | None = None


def sign(
    viewer: Viewer,
    typed: Mapping[str, Collection[str]],
    *,
    title: str,
    reason: str,
    until: str,
    replaces: int | None = None,
    at: datetime,
) -> StandingRule:
    """Allow decisions with such answers in advance, up to and including the day `until`.

    `replaces` is a rule that this one takes the place of; nothing signed is ever changed.

    :raises NotAllowed: when the viewer is no vCISO here.
    :raises Invalid: naming each field that has to be mended.
    :raises NotFound: when there is no such rule to replace.
    :raises WrongState: when it does not hold any more.
    """
    viewer.require(Act.SIGN_RULE)
    allows, said, ends = _checked(viewer, typed, title, reason, until, at)
    with acting_as(viewer, at=at) as ledger:
        if replaces is not None:
            _require_held(viewer, replaces, ledger.at)
        rule = StandingRule(
            company=viewer.company.id,
            person=viewer.person.id,
            person_name=viewer.person.name,
            role_name=ROLE_NAMES[Role.VCISO],
            engagement_id=viewer.vciso_engagement,
            title=said["title"],
            reason=said["reason"],
            allows=[[code, list(some)] for code, some in allows],
            at=ledger.at,
            until=end_of_day(ends, viewer.company.zone),
            replaces_id=replaces,
            confirmed_by=_how_confirmed(),
        )
        rule.canonical = rule.signed
        rule.digest = digest(rule.canonical)
        rule.save(force_insert=True)
        ledger.append(
            "rule.signed",
            ("company", viewer.company.id),
            {
                "rule": rule.id,
                "allows": rule.allows,
                "until": int(rule.until.timestamp()),
                "engagement": rule.engagement_id,
                "digest": rule.digest,
                "row": rule.row_digest,
                "replaces": replaces,
            },
        )
    return rule


def _checked(
    viewer: Viewer,
    typed: Mapping[str, Collection[str]],
    title: str,
    reason: str,
    until: str,
    at: datetime,
) -> tuple[Allows, dict[str, str], date]:
    problems: dict[str, str] = {}
    allows: Allows = ()
    try:
        allows = checked(typed)
    except Invalid as refusal:
        problems |= refusal.fields
    said = {
        "title": " ".join(clean_text(title, "title").split()),
        "reason": clean_text(reason, "reason").strip(),
    }
    if not said["title"]:
        problems["title"] = "Say in a few words what you allow."
    elif len(said["title"]) > LONGEST_TITLE:
        problems["title"] = f"Shorten this to {LONGEST_TITLE} characters."
    if not said["reason"]:
        problems["reason"] = "Say why such decisions need no look of yours."
    elif len(said["reason"]) > LONGEST_REASON:
        problems["reason"] = f"Shorten this to {LONGEST_REASON} characters."
    today = local_day(at, viewer.company.zone)
    try:
        ends = date.fromisoformat(until.strip())
    except ValueError:
        ends = today
        problems["until"] = "Say up to which day this holds."
    if not today <= ends <= latest_end(today):
        problems["until"] = "Choose a day from today to a year from now. You can sign it again then."
    if problems:
        raise Invalid("This cannot be signed yet.", problems)
    return allows, said, ends


def end(viewer: Viewer, rule_id: int, *, reason: str, at: datetime) -> EndedRule:
    """End a rule before its day, with a reason: what it cleared stays cleared, it clears nothing more.

    :raises NotAllowed: when the viewer is no vCISO here.
    :raises Invalid: when the reason is missing.
    :raises NotFound: when there is no such rule here.
    :raises WrongState: when it does not hold any more.
    """
    viewer.require(Act.SIGN_RULE)
    words = clean_text(reason, "reason").strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid("Say why, in one line.", {"reason": "Say why, in one line."})
    with acting_as(viewer, at=at) as ledger:
        rule = _require_held(viewer, rule_id, ledger.at)
        ended = EndedRule.create(
            company=viewer.company.id, rule_id=rule.id, person=viewer.person.id, reason=words, at=ledger.at
        )
        told = {"rule": rule.id, "why": ended.row_digest}
        ledger.append("rule.ended", ("company", viewer.company.id), told)
    return ended


def _require_held(viewer: Viewer, rule_id: int, at: datetime) -> StandingRule:
    rule = find(viewer, rule_id)
    if rule.id not in holding(viewer.company.id, at):
        raise WrongState("This does not hold any more. Look at the page again.")
    return rule


def find(viewer: Viewer, rule_id: int) -> StandingRule:
    """Return one rule of this company by its id.

    :raises NotFound: when there is none.
    """
    rule = of_company(viewer.company.id, rule_id) if 0 < rule_id < 2**31 else None
    if rule is None:
        raise NotFound("There is no such page.")
    return rule


def of_company(company_id: int, rule_id: int) -> StandingRule | None:
    """Return a company's rule by its id, or None."""
    found: StandingRule | None = (
        StandingRule.select().where(StandingRule.company == company_id, StandingRule.id == rule_id).first()
    )
    return found


def company_state(company_id: int) -> CompanyState:
    """Return what the company's own acts amount to now."""
    stretches = company_history(company_happenings(company_id))
    return stretches[-1][2] if stretches else CompanyState()


def holding(company_id: int, at: datetime) -> set[int]:
    """Return the ids of the rules that hold at a company at `at`."""
    state = company_state(company_id)
    return {rule.id for rule in state.rules if is_in_force(rule, state, at)}


def is_used(viewer: Viewer, at: datetime) -> bool:
    """Return whether a page on it is worth a link: somebody could sign a rule, or once did."""
    company = viewer.company.id
    if holder(company, Role.VCISO, at) is not None:
        return True
    return bool(StandingRule.select().where(StandingRule.company == company).exists())


def all_of(viewer: Viewer, at: datetime) -> list[Signed]:
    """Return every rule of the company, newest first, with how it stands."""
    holds = holding(viewer.company.id, at)
    rules = list(
        StandingRule.select()
        .where(StandingRule.company == viewer.company.id)
        .order_by(StandingRule.id.desc())
    )
    ended = {row.rule_id: row for row in EndedRule.select().where(EndedRule.company == viewer.company.id)}
    replaced = {rule.replaces_id for rule in rules}
    found = []
    for rule in rules:
        state = "holds" if rule.id in holds else "role" if rule.until > at else "over"
        state = "ended" if rule.id in ended else "replaced" if rule.id in replaced else state
        found.append(Signed(rule, state, ended.get(rule.id)))
    return found


def would_cover(viewer: Viewer, typed: Mapping[str, Collection[str]]) -> tuple[list[Decision], int]:
    """Return those of the last decisions that a rule would have covered, newest first, of how many.

    It looks at answers alone: who wrote or decided each is not weighed.

    :raises Invalid: when the choices are none that a rule could make.
    """
    allows = checked(typed)
    rows = list(visible(viewer).order_by(Decision.id.desc()).limit(TRIED_ON))
    ids = [row.id for row in rows]
    if not ids:
        return [], 0
    newest = (
        Revision.select(Revision.decision_id, Revision.answers, Revision.level)
        .join(Decision, on=(Decision.id == Revision.decision_id) & (Decision.latest == Revision.number))
        .where(Revision.company == viewer.company.id, Revision.decision_id.in_(ids))
    )
    texts = {row.decision_id: row for row in newest}
    inside = {
        key
        for (key,) in DecisionSystem.select(DecisionSystem.decision_id)
        .join(System, on=(System.id == DecisionSystem.system_id))
        .where(
            DecisionSystem.company == viewer.company.id,
            System.company == viewer.company.id,
            DecisionSystem.decision_id.in_(ids),
            System.inside_boundary == True,  # noqa: E712
        )
        .tuples()
    }
    covered = []
    for row in rows:
        text = texts[row.id]
        within = row.id in inside or (bool(text.answers) and level_of(text.answers).level < (text.level or 0))
        if (row.level or 0) <= 1 and meets(allows, text.answers, inside=within):
            row.company = viewer.company
            covered.append(row)
    return covered, len(rows)


def _how_confirmed() -> str:
    open_to_all = Installation.select().where(Installation.demonstration).exists()
    return "demonstration" if open_to_all else "password"
