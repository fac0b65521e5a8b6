"""The flags of a decision as its page shows them: those that are on, set aside, and of earlier."""

from datetime import date, datetime
from typing import Any

from flask import g

from adr_app.domain.decisions import IN_FORCE
from adr_app.domain.flag_rules import RULES, SET_ASIDE
from adr_app.domain.flags import ASIDE
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.services import histories, looking_again, set_aside
from adr_app.web import history

CHANGED = "context-changed"
LOOK_AGAIN = "review-date-passed"
MODULE = "module-not-named"
DESCRIPTION = "description-not-updated"


def content(
    decision: Decision, spans: list[SpanRow], past: histories.History, at: datetime
) -> dict[str, Any]:
    """Return the flags that are on, each with whether this person may set it aside, and the others."""
    on = [s for s in spans if s.kind == "flag" and s.starts <= at < s.ends and s.code in RULES]
    rules = [RULES[s.code] for s in on if s.code != SET_ASIDE.code]
    quiet = len(on) > len(rules)
    asked = g.viewer.may(Act.SET_ASIDE) and any(rule.may_be_set_aside for rule in rules)
    may = asked and not set_aside.barred(g.viewer, decision)
    acts = set_aside.of(decision, at) if quiet else []
    changed = looking_again.changed_beneath(decision) if any(r.code == CHANGED for r in rules) else []
    looks = g.viewer.may(Act.LOOK_AGAIN, is_author=decision.author_id == g.viewer.person.id)
    return {
        "flags": [(rule, may and rule.may_be_set_aside) for rule in rules],
        "describe": any(s.code == DESCRIPTION and s.ends > at for s in spans),
        "name_module": any(r.code == MODULE for r in rules),
        "look_again": _day_ahead(spans, at),
        "may_look_again": looks and decision.status in IN_FORCE,
        "beneath": history.told(past, decision, changed),
        "beneath_last": changed[-1] if changed else 0,
        "aside": [(RULES[row.code], row) for row in acts],
        "past_flags": [
            (RULES[s.code], history.ENDED.get(s.ended_as, s.ended_as))
            for s in spans
            if s.kind == "flag" and s.ends <= at and s.code in RULES and s.code not in history.UNTOLD
            if s.ended_as != ASIDE  # that stands beside it, with who did it and why
        ],
    }


def _day_ahead(spans: list[SpanRow], at: datetime) -> dict[str, Any] | None:
    """Return the day on which the decision is to be looked at again, and whether it has passed."""
    ahead = [span for span in spans if span.code == LOOK_AGAIN and span.ends > at]
    return {"on": date.fromisoformat(ahead[0].detail["on"]), "due": ahead[0].starts <= at} if ahead else None
