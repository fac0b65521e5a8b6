"""The one page of a decision, put together for its reader: what it says, how it stands, what is next."""

from datetime import datetime
from typing import Any

from flask import g

from adr_app.domain.conditions import GONE
from adr_app.domain.decisions import KINDS, STATUS_NAMES, Status
from adr_app.domain.permissions import Role
from adr_app.domain.plain_words import plain_text
from adr_app.domain.review_parts import PARTS
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.revisions import DATA, UNDO
from adr_app.domain.security import LEVEL_NAMES, level_of
from adr_app.domain.security_questions import QUESTIONS
from adr_app.domain.standing_words import IN_ADVANCE, MARKS
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.models.standing_rules import StandingRule
from adr_app.services import (
    claims,
    conditions,
    debt_links,
    decision_rows,
    diverged,
    gates,
    histories,
    links,
    people,
    review_parts,
    source_files,
    standing_rules,
)
from adr_app.services.laid_out import html_of
from adr_app.web import (
    decision_acts,
    decision_flags,
    discussion,
    history,
    safeguards,
    standings,
    vendors,
)
from adr_app.web import exception_rows as exception_words
from adr_app.web.access import now
from adr_app.web.filters import day, due_day
from adr_app.web.versions import answer_words, difference

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
CONFIRMED = {
    "password": "signed in with a password",
    "demonstration": "in a demonstration, where no password is needed",
}
"""How whoever answered showed who they are, in words."""


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
    security = _security(decision, newest, past.kinds(), at)
    allowed = security["allowed"] = _allowed(decision, standing)
    edges = links.of(viewer, decision)
    acts = decision_acts.open_to_viewer(decision, newest, security, at)
    acts["exception"] = decision_acts.lacks_exception(decision, newest, security)
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
        "links": edges,
        "link_kinds": [(code, words[0]) for code, words in links.KINDS.items()],
        "debt": debt_links.for_decision(viewer.company.id, decision.id),
        "waiting": difference(holds, newest) if holds is not newest else None,
        **decision_flags.content(decision, spans, past, at),
        "entries": history.entries(past, decision, spans, at),
        "origin": origin,
        "file_changed": diverged.waits(decision.company_id, decision.id),
        "cut": past.cut,
        "newest_event": past.acts[0][0] if past.acts else None,
        "line": history.copied_line(decision, fact),
        "acts": acts,
        "sign_off": _sign_off(decision, security, allowed, past),
        "talk": discussion.content(decision, judges=acts["answer"], shown=holds, newest=newest),
        "suggested": claims.suggested(decision, newest, security["vcisos"]) if lacks and may else None,
        **safeguards.named(decision),
        **security,
    }


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


def _security(decision: Decision, newest: Revision, happened: set[str], at: datetime) -> dict[str, Any]:
    """Return what is known of the security review; what never happened is not asked of the database."""
    verdicts = gates.standing_verdicts(decision) if "review.verdict" in happened else []
    assessment = level_of(newest.answers) if newest.answers else None
    vcisos = people.holders(decision.company_id, Role.VCISO, at)
    review = gates.open_review(decision) if decision_was_asked(happened) else None
    return {
        "review": review,
        "deserted": review is not None and gates.is_deserted(review, vcisos),
        "verdicts": verdicts,
        "verdict_kinds": VERDICTS,
        "parts": review_parts.of(decision.company_id, verdicts),
        "part_words": PARTS,
        "todos": [t for t in conditions.of(decision) if t.state not in GONE] if verdicts else [],
        "claim": claims.latest(decision) if happened & {"decision.recorded", "review.claimed"} else None,
        **exception_words.content(decision, at, happened),
        "vciso": vcisos[0] if vcisos else None,
        "vcisos": vcisos,
        "level_words": LEVEL_NAMES[decision.level] if decision.level is not None else "",
        "because": _because(newest, assessment.because) if assessment else [],
        "unanswered": len(assessment.unanswered) + len(assessment.unknown) if assessment else 0,
        "raised": decision.raised_level,
        "answers": [
            (QUESTIONS[code].words, answer_words(code, answer))
            for code, answer in newest.answers.items()
            if code in QUESTIONS
        ],
    }


def _because(newest: Revision, codes: tuple[str, ...]) -> list[str]:
    """Return the questions that set the level, each with its answer."""
    return [
        f"{QUESTIONS[code].words} {answer_words(code, newest.answers.get(code, '')) or 'Not answered'}"
        for code in codes
    ]


def decision_was_asked(happened: set[str]) -> bool:
    """Return whether a review was ever asked of somebody, by itself or with an emergency."""
    return bool(happened & {"review.asked", "decision.accepted"})


def _sign_off(
    decision: Decision, security: dict[str, Any], allowed: StandingRule | None, past: histories.History
) -> list[dict[str, Any]]:
    """Return the rows of the block to sign: who decided, and who answered for security."""
    decided = gates.is_decided(decision)
    rows = [
        {
            "name": past.name(decision.accepted_by_id) if decided else "For technology",
            "role": "decided" if decided else "decides",
            "answer": "Accepted" if decided else "",
            "date": day(decision.accepted_at) if decided else "",
        }
    ]
    if decided and decision.imported and not decision.accepted_by_id:
        # Nobody pressed a button here: the file says that it was decided, and perhaps by whom.
        named = decision_rows.revision(decision, decision.in_force).fields.get("decided_by")
        named = named or ["Not named in its file"]
        rows = [
            {
                "name": ", ".join(named),
                "role": "decided",
                "answer": "Accepted, as its file says",
                "date": day(decision.decided_on),
            }
        ]
    for verdict in security["verdicts"]:
        kind = VERDICTS[verdict.code]
        if kind.is_input:
            rows.append(
                {
                    "name": verdict.person_name,
                    "role": verdict.role_name,
                    "answer": f"{kind.record[:1].upper()}{kind.record[1:]}, version {verdict.number}",
                    "date": day(verdict.at),
                    "how": CONFIRMED.get(verdict.confirmed_by, ""),
                }
            )
    if allowed is not None:
        rows.append(
            {
                "name": allowed.person_name,
                "role": allowed.role_name,
                "answer": f"Allowed in advance: {allowed.title}",
                "date": day(allowed.at),
                "how": CONFIRMED.get(allowed.confirmed_by, ""),
            }
        )
    if len(rows) == 1:
        engaged: Engagement | None = security["vciso"]
        rows.append({"name": engaged.person.name if engaged else "For security", "role": "security (vCISO)"})
    return rows
