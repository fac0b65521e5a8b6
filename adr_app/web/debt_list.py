"""What the list of technical debt shows: which part of it, in which order, and the ways to the rest."""

from collections.abc import Callable, Set
from typing import Any

from flask import g, request, url_for

from adr_app.domain.debt import OPEN, State
from adr_app.domain.digest import printable
from adr_app.domain.flag_rules import RULES
from adr_app.models import debt as tables
from adr_app.models.debt_pages import page_of
from adr_app.services import systems
from adr_app.services.debt_rows import today_of
from adr_app.web.access import now

SORTS = {"cost": "Costs most each month", "changed": "Changed last", "reference": "Noted last"}
STATES: dict[str, tuple[str, Set[State]]] = {
    "open": ("Still owed", OPEN),
    "planned": ("Planned", {State.SCHEDULED, State.IN_PROGRESS}),
    "carried": ("Lived with", {State.CARRIED}),
    "repaid": ("Repaid", {State.REPAID, State.VERIFIED}),
    "not-debt": ("Closed", {State.NOT_DEBT, State.WRITTEN_OFF}),
    "all": ("All", frozenset(State)),
}


def chosen() -> dict[str, Any]:
    """Return what the list's template reads, as this request's address asks for it.

    A choice that does not exist is the first one: it is part of an address that people may change.
    """
    asked, company = request.args, g.viewer.company
    today = today_of(g.viewer, now())
    state = asked.get("state", "") if asked.get("state") in STATES else "open"
    sort = asked.get("sort", "") if asked.get("sort") in SORTS else "cost"
    mine, system = asked.get("mine") == "yes", printable(asked.get("system", ""))
    query = tables.listed(
        company.id,
        states=STATES[state][1],
        today=today,
        system=systems.folded(system),
        owner=g.viewer.person.id if mine else None,
    )
    if flag := asked.get("flag", ""):
        flag = flag if flag in RULES and RULES[flag].subject == "debt" else ""
    if flag:
        query = query.where(tables.DebtItem.id.in_(tables.flagged_now(company.id, flag, now())))
    address = _addresses(
        {"flag": flag, "state": state, "sort": sort, "mine": "yes" if mine else "", "system": system}
    )
    counts = tables.counts(company.id, today)
    return {
        "page": page_of(query, sort=sort, before=asked.get("before", ""), after=asked.get("after", "")),
        "cost": tables.monthly_cost(company.id),
        "tabs": [
            (words, address(state=code), code == state, sum(counts[one] for one in states))
            for code, (words, states) in STATES.items()
        ],
        "state": state,
        "flag": RULES[flag].title if flag else "",
        "today": today,
        "sort": sort,
        "sorts": list(SORTS.items()),
        "mine": mine,
        "system": system,
        "system_choices": [(name, name) for name in systems.names(g.viewer)],
        "any": bool(sum(counts.values())),
        "address": address,
    }


def _addresses(now_chosen: dict[str, str]) -> Callable[..., str]:
    """Return a function that gives this list's address with some choices changed."""
    usual = {"state": "open", "sort": "cost"}

    def address(**changed: str) -> str:
        choices = {**now_chosen, **changed}
        kept: dict[str, Any] = {
            name: value for name, value in choices.items() if value and usual.get(name) != value
        }
        return url_for("debt.index", slug=g.viewer.company.slug, **kept)

    return address
