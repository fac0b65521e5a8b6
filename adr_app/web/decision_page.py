"""The one page of a decision, put together for its reader: what it says, how it stands, what is next."""

from typing import Any

from flask import g

from adr_app.domain.debt import SEEN_FROM_DECISION
from adr_app.domain.decisions import KINDS, STATUS_NAMES, Status
from adr_app.domain.plain_words import plain_text
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.revisions import DATA, UNDO
from adr_app.domain.standing_words import IN_ADVANCE, MARKS
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.models.flags import SpanRow
from adr_app.models.reviews import Review
from adr_app.models.standing_rules import StandingRule
from adr_app.services import (
    claims,
    debt_links,
    decision_rows,
    diverged,
    gates,
    histories,
    links,
    source_files,
    standing_rules,
)
from adr_app.services.laid_out import html_of
from adr_app.web import (
    decision_acts,
    decision_flags,
    decision_security,
    discussion,
    history,
    linked,
    safeguards,
    standings,
    vendors,
)
from adr_app.web.access import now
from adr_app.web.debt_words import caused_words
from adr_app.web.filters import day, due_day
from adr_app.web.versions import difference

TONES = {
    Status.PROPOSED: "strong",
    Status.ACCEPTED: "good",
    Status.SUPERSEDED: "gone",
    Status.DEPRECATED: "gone",
    Status.REJECTED: "gone",
    Status.WITHDRAWN: "gone",
}

OLDER = {
    "inherited": "This was decided before this log began. The security questions were not asked then.",
    "date-unknown": "Nobody knows when this was decided, so it counts as older than this log. "
    "The security questions were not asked then.",
}
"""What is true of the security questions where nobody has to answer them any more, by standing."""

IMPORTS = frozenset({"decision.imported", "decision.reimported"})


def content(decision: Decision) -> dict[str, Any]:
    """Return everything that the page of a decision shows to the viewer."""
    viewer, at = g.viewer, now()
    today = local_day(at, viewer.company.zone)
    newest = decision_rows.revision(decision)
    holds = newest
    if decision.in_force is not None and decision.in_force != decision.latest:
        holds = decision_rows.revision(decision, decision.in_force)
    spans = histories.spans(viewer, decision)
    past = histories.of(viewer, decision, at)
    standing = next((s for s in spans if s.kind == "standing" and s.starts <= at < s.ends), None)
    security = decision_security.content(decision, newest, past.kinds(), at)
    allowed = security["allowed"] = _allowed(decision, standing)
    edges = links.of(viewer, decision)
    acts = decision_acts.open_to_viewer(decision, newest, security, at)
    acts["exception"] = decision_acts.lacks_exception(decision, newest, security)
    named = safeguards.named(decision)
    restated = {
        name: f"Changed on {day(when)} by {who}" for name, (when, who) in histories.restated(decision).items()
    }
    origin = source_files.of(decision) if decision.imported else None
    fact = _sentence(decision, security, allowed, standings.fact_of(standing, today, viewer.company.zone))
    lacks, may = standing and standing.code == "no-input", acts["draft"] and not acts["answer"]
    return {
        "decision": decision,
        "revision": holds,
        "laid_out": html_of(holds),
        "newest": newest,
        "status_words": status_words(decision, edges),
        "tone": TONES.get(Status(decision.status), "plain"),
        "kind_words": KINDS[decision.kind],
        "older_words": OLDER.get(standing.code, "") if standing else "",
        "mark": standings.mark_of(standing),
        "fact": fact,
        "options": _options(holds),
        "restated": restated,
        "facts": _facts(decision, holds, past.names, restated, _is_from_git(decision, origin, past)),
        **linked.first("links", linked.rows(edges, at)),
        "link_kinds": [(code, words[0]) for code, words in links.KINDS.items()],
        **_debt(decision),
        "waiting": difference(holds, newest) if holds is not newest else None,
        **decision_flags.content(decision, spans, past, at),
        "entries": history.entries(past, decision, spans, at),
        "origin": origin,
        "file_changed": diverged.waits(decision.company_id, decision.id),
        "cut": past.cut,
        "newest_event": past.acts[0][0] if past.acts else None,
        "line": history.copied_line(decision, fact),
        "acts": acts,
        "sign_off": decision_security.sign_off(decision, security, allowed, past),
        "talk": discussion.content(decision, judges=acts["answer"], shown=holds, newest=newest),
        "suggested": claims.suggested(decision, newest, security["vcisos"]) if lacks and may else None,
        **named,
        **linked.first("safeguards", named["safeguards"]),
        **security,
    }


def _debt(decision: Decision) -> dict[str, Any]:
    """Return the debts that the decision caused, repays, showed or lives with, and what the first cost."""
    items = debt_links.for_decision(decision.company_id, decision.id)
    costs = caused_words(debt_links.caused(items))
    return {"debt": items, "debt_costs": costs, "debt_roles": SEEN_FROM_DECISION}


def _allowed(decision: Decision, standing: SpanRow | None) -> StandingRule | None:
    """Return the rule that cleared the decision in advance, if one did."""
    if standing is None or standing.why != IN_ADVANCE:
        return None
    return standing_rules.of_company(decision.company_id, standing.detail["rule"])


def _sentence(decision: Decision, security: dict[str, Any], allowed: StandingRule | None, words: str) -> str:
    """Return the exact standing in a sentence, with the person it is about where one is known."""
    if allowed is not None:
        return f"Allowed in advance by {allowed.person_name}: {allowed.title}"
    review: Review | None = security["review"]
    if security["deserted"] and not gates.is_decided(decision):
        return f"Asked of {review.asked_of.name}, who is no longer engaged here" if review else words
    if review is not None and review.state == "waiting" and not gates.is_decided(decision):
        return f"With {first_name(review.asked_of.name)}, due {due_day(review.due_at)}"
    if words in (MARKS["checked"], MARKS["checked-todos"]) and security["verdicts"]:
        last = security["verdicts"][-1]
        return f"{last.person_name} {VERDICTS[last.code].record} on {day(last.at)}, on version {last.number}"
    return words


def first_name(name: str) -> str:
    """Return what people call somebody: the first word of the name."""
    return name.split()[0] if name.split() else name


def status_words(decision: Decision, edges: list[dict[str, Any]]) -> str:
    """Return a decision's status, naming what replaced it."""
    status = Status(decision.status)
    if status is Status.SUPERSEDED:
        newer = [
            e["other"].ref for e in edges if e["kind"] == "supersedes" and not e["forward"] and e["other"]
        ]
        if newer:
            return f"Replaced by {', '.join(newer)}"
    return STATUS_NAMES[status]


def _options(revision: Revision) -> list[dict[str, Any]]:
    return [
        {
            "title": option["title"],
            "chosen": option.get("chosen", False),
            "pros": _points(option.get("pros", "")),
            "cons": _points(option.get("cons", "")),
        }
        for option in revision.fields.get("options", [])
    ]


def _points(text: str) -> list[str]:
    """Return the points of an option: one on each line, its bullet left out."""
    return [words for line in text.split("\n") if (words := plain_text(line))]


def _is_from_git(decision: Decision, origin: source_files.Origin | None, past: histories.History) -> bool:
    """Return whether the day of the decision is that of a commit, and nobody has stated another since."""
    if origin is None or origin.date_source != "from git" or decision.decided_on is None:
        return False
    read = [data.get("decided_on") for event, data in past.acts if event.kind in IMPORTS]
    return read[:1] == [decision.decided_on.isoformat()]


def _facts(
    decision: Decision, revision: Revision, names: dict[int, str], restated: dict[str, str], from_git: bool
) -> list[tuple[str, Any]]:
    def stated(name: str, value: str) -> str:
        changed = restated.get(name, "")
        return f"{value} · {changed[:1].lower()}{changed[1:]}" if value and changed else value or changed

    fields = revision.fields
    decided = day(decision.decided_on) if gates.is_decided(decision) else ""
    decided_by = fields.get("decided_by") or []
    if not decided_by and decision.accepted_by_id and not decision.imported:
        decided_by = [names[decision.accepted_by_id]]
    named = [
        ("Decided on", stated("decided_on", f"{decided}, from git" if from_git and decided else decided)),
        ("Decided by", stated("decided_by", ", ".join(decided_by))),
        ("Decide by", day(decision.decide_by) if not gates.is_decided(decision) else ""),
        ("Answers for it", stated("accountable", fields.get("accountable", ""))),
        ("Asked for advice", ", ".join(fields.get("consulted") or [])),
        ("Told", ", ".join(fields.get("informed") or [])),
        ("Systems", ", ".join(fields.get("systems") or [])),
        ("Data touched", ", ".join(DATA[code] for code in fields.get("data") or [])),
        ("Outside firms", vendors.linked(fields.get("vendors") or [])),
        ("Undo", UNDO[fields["undo"]] if fields.get("undo") else ""),
        ("Tags", ", ".join(fields.get("tags") or [])),
        ("Written by", f"{names[decision.author_id]}, {day(decision.created_at)}"),
    ]
    return [(words, value) for words, value in named if value]
