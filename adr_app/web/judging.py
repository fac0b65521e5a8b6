"""What whoever judges a decision needs to know beside its text, each part with the count of what there is.

The number of queries is the same however much is linked: each list shows a handful, its count is whole, and
the rest is one link away. What is hidden from somebody is neither shown nor counted.
"""

from datetime import datetime
from typing import Any

from flask import g

from adr_app.domain.at_stake import at_stake
from adr_app.domain.debt import SEEN_FROM_DECISION
from adr_app.domain.frameworks import EFFECTS
from adr_app.domain.review_parts import ASKED_FIRST_FROM, PARTS, unsaid
from adr_app.domain.revisions import DATA
from adr_app.domain.security import level_of
from adr_app.domain.security_questions import QUESTIONS
from adr_app.models.decisions import Decision, Revision
from adr_app.models.reviews import Verdict
from adr_app.services import (
    controls,
    debt_links,
    exception_register,
    frameworks,
    gates,
    links,
    review_parts,
    systems,
)
from adr_app.web import exception_rows, linked, obligations, vendors
from adr_app.web.filters import day, days_effort
from adr_app.web.linked import SHOWN
from adr_app.web.versions import answer_words

Parts = dict[int, dict[str, str]]


def content(
    decision: Decision, newest: Revision, given: list[Verdict], todos: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    """Return what the page of a review shows beside the text and the answers."""
    parts = review_parts.of(decision.company_id, given)
    return {
        "at_stake": at_stake(newest.fields, newest.answers),
        "set_by": _set_by(newest),
        **_named(newest),
        **_duties(decision, newest, given, parts),
        **_linked(decision, at),
        **_debt(decision),
        **_exceptions(decision, at),
        "open_todos": sum(not row["gone"] and row["todo"].done_at is None for row in todos),
        "part_words": PARTS,
        "parts": parts,
        "unsaid": {one.id: _unsaid(decision, one, parts) for one in given},
        "parts_first": gates.level_of(decision) >= ASKED_FIRST_FROM,
        "parts_before": _said_before(given, parts),
    }


def _set_by(newest: Revision) -> list[str]:
    """Return the questions whose answers set how close a look is needed."""
    if not newest.answers:
        return []
    return [
        f"{QUESTIONS[code].words} {answer_words(code, newest.answers.get(code, '')) or 'Not answered'}"
        for code in level_of(newest.answers).because
    ]


def _named(newest: Revision) -> dict[str, Any]:
    """Return the systems, data and firms that the text names, with what is known of each."""
    fields = newest.fields
    named, firms = fields.get("systems") or [], vendors.lines(fields.get("vendors") or [])
    inside = systems.inside_boundary(g.viewer.company.id, named)
    firms.sort(key=lambda firm: (not firm["lacks"], not firm["overdue"]))
    return {
        "systems": [(name, systems.folded(name) in inside) for name in named],
        "data": ", ".join(DATA[code] for code in fields.get("data") or []),
        "firms": firms[:SHOWN],
        "firms_all": len(firms),
        "firms_lacking": sum(firm["lacks"] for firm in firms),
    }


def _duties(decision: Decision, newest: Revision, given: list[Verdict], parts: Parts) -> dict[str, Any]:
    """Return what law, contracts and standards ask of the company, and what the decision does to it.

    Which duty it touches is what the vCISO says of it in a review.
    """
    followed = [one for one in frameworks.standards(g.viewer) if one.followed]
    touched = [(one, EFFECTS[e]) for one, e in controls.of(decision, [one.key for one in followed])]
    touched.sort(key=lambda pair: pair[1] != EFFECTS["weakens"])
    owed = obligations.rows()
    said = [(v, parts[v.id]["duty"]) for v in reversed(given) if "duty" in parts.get(v.id, {})]
    return {
        "obligations": owed[:SHOWN],
        "obligations_all": len(owed),
        "follows": [one.name for one in followed],
        "safeguards": touched[:SHOWN],
        "safeguards_all": len(touched),
        "weakened": sum(effect == EFFECTS["weakens"] for _, effect in touched),
        "in_boundary": newest.answers.get("q13") == "yes",
        "duty_said": said[0] if said else None,
    }


def _linked(decision: Decision, at: datetime) -> dict[str, Any]:
    """Return the decisions this one belongs with, each with its exact standing: what wants a look first."""
    rows = linked.rows(links.of(g.viewer, decision), at)
    return {
        "linked": rows[:SHOWN],
        "linked_all": len(rows),
        "linked_odd": sum(row["mark"] in linked.NOT_IN_ORDER for row in rows),
    }


def _debt(decision: Decision) -> dict[str, Any]:
    """Return the debt that the decision causes or repays, what is still owed and costs most first."""
    items = debt_links.for_decision(decision.company_id, decision.id)
    items.sort(key=lambda pair: (not pair[1].is_open, -(pair[1].monthly_loss or 0)))
    costs = sum(item.monthly_loss or 0 for role, item in items if item.is_open and role == "incurred_by")
    note = f"costs {days_effort(costs)} days a month" if costs else ""
    return {
        "debts": [(SEEN_FROM_DECISION[role], item) for role, item in items[:SHOWN]],
        "debts_all": len(items),
        "debts_note": note,
    }


def _exceptions(decision: Decision, at: datetime) -> dict[str, Any]:
    """Return the exceptions of the decision, what waits first, and whether the viewer is to recommend."""
    found = exception_register.of(g.viewer, decision, at)
    return {
        "exceptions": [exception_rows.in_words(line) for line in found[:SHOWN]],
        "exceptions_all": len(found),
        "to_recommend": bool(found) and exception_rows.may_recommend(decision, found[0].request),
    }


def _unsaid(decision: Decision, one: Verdict, parts: Parts) -> str:
    level = gates.level_of(decision) if one.level is None else one.level
    return unsaid(one.code, level, parts.get(one.id, {}))


def _said_before(given: list[Verdict], parts: Parts) -> dict[str, Any]:
    """Return what the reader said of the parts with their last answer: nobody types it twice."""
    mine = [verdict for verdict in given if verdict.person_id == g.viewer.person.id and verdict.id in parts]
    if not mine:
        return {}
    return {"on": day(mine[-1].at), "said": parts[mine[-1].id]}
