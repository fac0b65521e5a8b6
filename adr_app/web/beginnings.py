"""What to do first at a company that has no decision yet: whom to invite, what to write, what to bring in."""

from typing import Any

from flask import url_for

from adr_app.domain.first_role import Result
from adr_app.domain.permissions import Act, Role, permits
from adr_app.models.people import Company
from adr_app.services import first_role, homes, role_inputs
from adr_app.services.homes import Mine

FIRST_ROLES = (
    (Role.CTO, "Invite who decides", "The fractional CTO. You get a link to hand over."),
    (Role.VCISO, "Invite the vCISO", "Who says whether security is in order. You get a link to hand over."),
)

VCISO_FIRST = frozenset({Result.VCISO_FIRST, Result.VCISO_THEN_CTO, Result.NEXT_VCISO})


def of(mine: Mine) -> list[dict[str, Any]]:
    """Return the companies without a decision that the person leads or decides at, with their next acts."""
    theirs = [mine.companies[key] for key in mine.where(Role.LEADER, Role.CTO, Role.DELEGATE)]
    empty = [company for company in theirs if company.next_decision == 1]
    held = homes.roles_held([company.id for company in empty], mine.at)
    asked = first_role.asked([company.id for company in empty])
    return [
        _acts(mine.roles[company.id], company, held[company.id], asked.get(company.id)) for company in empty
    ]


def _acts(roles: frozenset[Role], company: Company, held: set[Role], answer: Result | None) -> dict[str, Any]:
    acts: list[dict[str, Any]] = []
    # Whoever asked which role comes first is not shown the other one above it.
    first = FIRST_ROLES[::-1] if answer in VCISO_FIRST else FIRST_ROLES
    for role, title, why in first:
        if permits(Act.APPOINT_ADVISER, roles) and role not in held:
            acts.append(_link(title, why, "Invite", url_for("people.new", slug=company.slug, role=role)))
    if permits(Act.ASSESS_ROLES, roles) and not set(role_inputs.ROLES) <= held:
        acts.insert(0, _first_role(company, answer is not None))
    if permits(Act.DRAFT, roles):
        why = "Three minutes; what was decided in yesterday’s meeting takes one."
        href = url_for("drafts.new", slug=company.slug)
        acts.append(_link("Record the first decision", why, "Record it", href))
    if permits(Act.IMPORT, roles, cto_engaged=Role.CTO in held):
        why = "A ZIP of Markdown records; you see what is in it before anything is stored."
        href = url_for("imports.show", slug=company.slug)
        acts.append(_link("Bring in the decisions you have", why, "Import", href))
    return {"company": company, "acts": acts}


def _first_role(company: Company, asked: bool) -> dict[str, Any]:
    title = "Which role do you need first?"
    if asked:
        href = url_for("first_role.index", slug=company.slug)
        return _link(title, "You have asked. The answer is kept, with its reasons.", "See the answer", href)
    why = "The fractional CTO or the vCISO: ten minutes of questions end in an answer."
    return _link(title, why, "Find out", url_for("first_run.ask", slug=company.slug))


def _link(title: str, why: str, label: str, href: str) -> dict[str, Any]:
    return {"title": title, "href": href, "why": why, "act": {"label": label, "href": href}}
