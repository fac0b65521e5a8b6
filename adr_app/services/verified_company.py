"""What a company chose, its people's roles and names, its systems and debt, against the acts on them."""

from typing import Any

from adr_app.domain.event_kinds import HANDING_OVER
from adr_app.domain.events import Happening
from adr_app.domain.timeline_acts import follow_company
from adr_app.domain.timeline_states import CompanyState
from adr_app.models.events import company_happenings
from adr_app.models.mandates import AppointmentLetter, Handover
from adr_app.models.people import Company, Engagement, Person, System
from adr_app.models.standing_rules import EndedRule, StandingRule
from adr_app.services.bound_rows import (
    PAGE,
    Broken,
    Promise,
    check_row,
    check_rows,
    in_order,
    keys_in_pages,
    missing,
)
from adr_app.services.flags import events_about
from adr_app.services.systems import folded
from adr_app.services.verified_debt import check_debt

CHOSEN = {
    "zone": "time zone",
    "go_live_on": "day this log went live",
    "policy": "policy",
    "working_calendar": "working days and holidays",
    "severities": "gravity of flags",
}
"""What entries say of a company in the open, as a sentence names it; the rest is in a digest."""


def check_company(company: Company) -> None:
    """Compare a company's settings, roles, people's names, systems and debt with the acts on them.

    :raises Broken: at the first row that differs.
    """
    acts = company_happenings(company.id)
    _settings(company, acts)
    roles = _roles(acts)
    check_rows("engagement", in_order(Engagement, Engagement.id, company.id), roles)
    _papers(company.id, acts)
    _rules(company.id, acts)
    _names(acts)
    for ids in keys_in_pages(company.id, "system", System):
        _systems(company.id, ids)
    check_debt(company.id)


def _settings(company: Company, acts: list[Happening]) -> None:
    state, seq, row = CompanyState(), 0, ""
    for act in acts:
        state = follow_company(state, act)
        if act.kind.startswith("company.") and "row" in act.data:
            seq, row = act.seq, act.data["row"]
    told: dict[str, Any] = {"zone": state.zone, "go_live_on": state.go_live_on}
    told |= {"policy": dict(state.policy), "working_calendar": state.calendar}
    told["severities"] = dict(state.severities)
    for column, value in told.items():
        if getattr(company, column) != value:
            said = f"The {CHOSEN[column]} of the company is not the one that was recorded"
            raise Broken(seq, "company changed", f"{said} (entry {seq}).")
    check_row("company", company, Promise(seq, row))


def _roles(acts: list[Happening]) -> dict[int, Promise]:
    roles: dict[int, Promise] = {}
    for act in acts:
        data = act.data
        if act.kind == "engagement.started":
            columns = {"person_id": data["person"], "appointed_by_id": data["by"]}
            columns |= {name: data[name] for name in ("role", "starts_at", "ends_at")}
            columns |= {"away_until": None, "deputy": None}
            roles[data["engagement"]] = Promise(act.seq, None, columns)
        elif act.kind == "engagement.ended" and data["engagement"] in roles:
            roles[data["engagement"]].later(act.seq, ends_at=data["ends_at"])
        elif act.kind == "engagement.away" and data["engagement"] in roles:
            roles[data["engagement"]].later(act.seq, away_until=data["until"], deputy=data["deputy"])
    return roles


def _papers(company_id: int, acts: list[Happening]) -> None:
    """Check the references to appointment letters, and what was handed over with roles."""
    letters, handed = {}, {}
    for act in acts:
        letter = act.data.get("letter") if act.kind.startswith("engagement.") else None
        if letter:
            letters[letter["letter"]] = Promise(act.seq, letter["row"])
        if act.kind in HANDING_OVER and "handover" in act.data:
            handed[act.data["handover"]] = Promise(act.seq, act.data["row"])
    check_rows("letter", in_order(AppointmentLetter, AppointmentLetter.id, company_id), letters)
    check_rows("handover", in_order(Handover, Handover.id, company_id), handed)


def _rules(company_id: int, acts: list[Happening]) -> None:
    """Check what was allowed in advance, as it was signed, and what of it was ended."""
    signed = {a.data["rule"]: Promise(a.seq, a.data["row"]) for a in acts if a.kind == "rule.signed"}
    check_rows("rule", in_order(StandingRule, StandingRule.id, company_id), signed)
    ended = {a.data["rule"]: a for a in acts if a.kind == "rule.ended"}
    for row in in_order(EndedRule, EndedRule.id, company_id):
        act = ended.pop(row.rule_id, None)
        if act is None:
            check_rows("ended rule", [row], {})
            continue
        check_row("ended rule", row, Promise(act.seq, act.data["why"]))
    if ended:
        raise missing("ended rule", min(act.seq for act in ended.values()))


def _names(acts: list[Happening]) -> None:
    """Check that everybody who has or had a role is called as when they were given their last one."""
    told = {a.data["person"]: (a.seq, a.data["named"]) for a in acts if a.kind == "engagement.started"}
    keys = sorted(told)
    for start in range(0, len(keys), PAGE):
        some = keys[start : start + PAGE]
        found = {person.id: person for person in Person.select().where(Person.id.in_(some))}
        for key in some:
            seq, named = told[key]
            if key not in found:
                raise Broken(seq, "person missing", f"The person whom entry {seq} names is no longer there.")
            if found[key].name_digest != named:
                said = "The name of somebody with a role here is not the one that was recorded"
                raise Broken(seq, "person changed", f"{said} (entry {seq}).")


def _systems(company_id: int, ids: list[int]) -> None:
    """Check on which side of the boundary each system is, and what was said of it; a text may make one."""
    events = events_about(company_id, ids, "system")
    rows = {row.id: row for row in in_order(System, System.id, company_id, System.id.in_(ids))}
    for key in ids:
        seq, inside, described = 0, False, System().row_digest
        for event in events.get(key, ()):
            seq = event.seq
            inside = event.data.get("inside_boundary", inside)
            described = event.data.get("row", described)
        row = rows.get(key)
        if row is None:
            raise missing("system", seq)
        told = {"inside_boundary": inside, "folded": folded(row.name)}
        check_row("system", row, Promise(seq, described, told))
