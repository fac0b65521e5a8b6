"""What every page's frame needs: who is here, at which company, what they may do."""

from typing import Any

from flask import Flask, current_app, g

from adr_app.domain.permissions import Act, permits
from adr_app.services import companies as company_acts
from adr_app.services import people, portfolio
from adr_app.web.access import me, now


def frame() -> dict[str, Any]:
    """Return the values the base templates read."""
    if g.get("bare"):
        return {
            "me": None,
            "company": None,
            "viewer": None,
            "companies": [],
            "advises": False,
            "may": lambda act: False,
            "zone": "UTC",
            "demonstration": False,
        }
    person = me()
    viewer = g.get("viewer")
    return {
        "me": person,
        "company": viewer.company if viewer else only_company(),
        "viewer": viewer,
        "companies": [company for company, _ in mine()] if person else [],
        "advises": len(portfolio.advised(mine())) > 1 if person else False,
        "may": may,
        "now": now(),
        "zone": viewer.company.zone if viewer else "UTC",
        "demonstration": company_acts.is_demonstration(current_app.config),
    }


def mine() -> list[tuple[Any, Any]]:
    """Return the companies of whoever is signed in, read once per request."""
    if "companies" not in g:
        person = me()
        g.companies = people.companies_of(person.id, now()) if person else []
    return g.companies


def only_company() -> Any:
    """Return the company of somebody who has one only: its pages are then one click away everywhere."""
    found = mine()
    return found[0][0] if len(found) == 1 else None


def may(act: str) -> bool:
    """Return whether the viewer may do an act at this company, or at their only one; else False."""
    viewer = g.get("viewer")
    if viewer:
        return bool(viewer.may(Act(act)))
    return len(mine()) == 1 and permits(Act(act), mine()[0][1])


def init_app(app: Flask) -> None:
    """Offer the frame to every template."""
    app.context_processor(frame)
