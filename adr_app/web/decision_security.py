"""What the page of a decision tells of its security: who was asked, what was answered, and who signed."""

from datetime import datetime
from typing import Any

from adr_app.domain.conditions import GONE
from adr_app.domain.permissions import Role
from adr_app.domain.review_parts import PARTS
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import LEVEL_NAMES, level_of
from adr_app.domain.security_questions import QUESTIONS
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Engagement
from adr_app.models.standing_rules import StandingRule
from adr_app.services import claims, conditions, decision_rows, gates, histories, people, review_parts
from adr_app.web import exception_rows
from adr_app.web.filters import day
from adr_app.web.versions import answer_words

CONFIRMED = {
    "password": "signed in with a password",
    "demonstration": "in a demonstration, where no password is needed",
}
"""How whoever answered showed who they are, in words."""


def content(decision: Decision, newest: Revision, happened: set[str], at: datetime) -> dict[str, Any]:
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
        **exception_rows.content(decision, at, happened),
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


def sign_off(
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
