"""The kinds of row that entries bind: their tables, and what a sentence calls them and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adr_app.models.comments import Comment
from adr_app.models.debt import DebtItem, DebtRemark
from adr_app.models.debt_carries import DebtCarry
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.debt_reports import DebtReport, DebtTicket
from adr_app.models.decisions import Decision, ImportedFile, Link, Revision
from adr_app.models.exceptions import ExceptionAdvice, ExceptionRequest
from adr_app.models.first_role import RoleAssessment, RoleChoice
from adr_app.models.flags import FlagSetAside
from adr_app.models.mandates import AppointmentLetter, Handover
from adr_app.models.obligations import Obligation, ObligationMet
from adr_app.models.people import Company, Engagement, System
from adr_app.models.pressures import PressureOrder, PressureRow
from adr_app.models.profiles import CompanyProfile
from adr_app.models.readings import ExternalReading
from adr_app.models.record_checks import Receipt, RecordCheck
from adr_app.models.review_parts import ReviewParts
from adr_app.models.reviews import (
    Claim,
    Condition,
    ConditionWord,
    Review,
    RiskAcceptance,
    RiskQuestion,
    Verdict,
)
from adr_app.models.standing_rules import EndedRule, StandingRule
from adr_app.models.vendors import Vendor, VendorAgreement, VendorAssessment


@dataclass(frozen=True, slots=True)
class Bound:
    """One kind of row: its table, how a sentence calls it, and its columns as a sentence names them."""

    table: Any
    what: str
    words: Mapping[str, str] = field(default_factory=dict)


_NUMBERS = ("fix_low", "fix_likely", "fix_high", "loss_low", "loss_likely", "loss_high")

BOUND: dict[str, Bound] = {
    "decision": Bound(
        Decision,
        "a decision",
        {
            "number": "number",
            "title": "title",
            "kind": "kind",
            "plain_words": "summary in plain words",
            "accountable": "person who answers for it",
            "decide_by": "day to decide by",
            "decide_by_key": "place in lists by the day to decide by",
            "status": "status",
            "level": "security review needed",
            "raised_level": "security review asked for",
            "stakes": "place in quick sorting",
            "author_id": "author",
            "created_at": "time of the first draft",
            "changed_at": "time of the last change",
            "proposed_at": "time at which it was sent for review",
            "accepted_by_id": "person who accepted it",
            "accepted_at": "time of acceptance",
            "decided_on": "day on which it was decided",
            "decided_key": "place in lists by the day of the decision",
            "latest": "newest version",
            "in_force": "version in force",
            "implementation": "state of the work",
            "imported": "origin",
            "restricted": "circle of readers",
        },
    ),
    "revision": Bound(Revision, "a version of a decision"),
    "verdict": Bound(Verdict, "an answer of the vCISO"),
    "parts": Bound(ReviewParts, "the parts of a review"),
    "condition": Bound(
        Condition,
        "a to-do",
        {
            "due_on": "day",
            "done_at": "time at which it was done",
            "done_by_id": "person who did it",
            "verified_at": "time at which it was checked",
            "evidence_digest": "proof that it was done",
            "state": "what the advisers agreed on",
            "binds_at": "time from which it binds",
            "assigned_digest": "person named to do it",
        },
    ),
    "word": Bound(ConditionWord, "what was said on a to-do"),
    "risk": Bound(
        RiskAcceptance,
        "a risk that was taken",
        {"ended_at": "end", "protects_digest": "protection meanwhile"},
    ),
    "exception": Bound(
        ExceptionRequest,
        "a request for an exception",
        {
            "state": "state",
            "closed_at": "end",
            "question_id": "question to leadership",
            "acceptance_id": "answer",
        },
    ),
    "advice": Bound(ExceptionAdvice, "what the vCISO recommended on an exception"),
    "question": Bound(
        RiskQuestion,
        "a question to leadership",
        {
            "state": "state",
            "answered_at": "time of the answer",
            "confirmed_by": "way the answer was confirmed",
            "reported_on": "day of a reported answer",
            "reported_by": "person who reported an answer",
        },
    ),
    "set aside": Bound(FlagSetAside, "a flag that was set aside", {"ended_at": "end"}),
    "remark": Bound(
        Comment,
        "a remark",
        {
            "resolved_at": "time at which it was resolved",
            "resolved_by_id": "person who resolved it",
        },
    ),
    "review": Bound(
        Review,
        "a security review",
        {
            "decision_id": "decision",
            "asked_by_id": "person who asked",
            "asked_of_id": "person asked",
            "asked_at": "time of asking",
            "due_at": "time at which the answer is due",
            "emergency": "haste",
            "look_on": "day announced",
            "state": "state",
            "closed_at": "end",
            "taken_at": "time at which somebody took it",
        },
    ),
    "claim": Bound(
        Claim,
        "a claim that the vCISO took part",
        {
            "decision_id": "decision",
            "of_id": "person named",
            "on": "day of the meeting",
            "claimed_by_id": "person who says so",
            "claimed_at": "time of saying so",
            "yes": "answer",
            "answered_at": "time of the answer",
        },
    ),
    "link": Bound(Link, "a link between decisions", {"effective": "effect"}),
    "file": Bound(ImportedFile, "the facts of an imported file"),
    "engagement": Bound(
        Engagement,
        "a role",
        {
            "person_id": "person",
            "role": "name",
            "starts_at": "beginning",
            "ends_at": "end",
            "appointed_by_id": "person who gave it",
            "away_until": "end of an absence",
            "deputy": "deputy",
        },
    ),
    "letter": Bound(AppointmentLetter, "an appointment letter"),
    "handover": Bound(Handover, "what was handed over with a role"),
    "company": Bound(Company, "what the company chose"),
    "rule": Bound(StandingRule, "a rule that allows decisions in advance"),
    "ended rule": Bound(EndedRule, "the end of a rule that allows decisions in advance"),
    "system": Bound(System, "a system", {"inside_boundary": "boundary", "folded": "name"}),
    "vendor": Bound(Vendor, "an outside firm", {"folded": "name"}),
    "agreement": Bound(VendorAgreement, "an agreement with an outside firm", {"ended_at": "end"}),
    "assessment": Bound(VendorAssessment, "what was found of an outside firm"),
    "profile": Bound(CompanyProfile, "what the company said of itself"),
    "pressure": Bound(PressureRow, "what presses the company"),
    "order of pressures": Bound(PressureOrder, "somebody’s order of what presses"),
    "duty": Bound(Obligation, "a duty"),
    "met duty": Bound(ObligationMet, "that a duty was met"),
    "first role": Bound(RoleAssessment, "an answer to which role comes first"),
    "choice of role": Bound(RoleChoice, "what leadership decided on which role comes first"),
    "check": Bound(RecordCheck, "how a check of the record came out"),
    "receipt": Bound(Receipt, "a receipt of the record"),
    "debt": Bound(DebtItem, "a debt item", {"changed_at": "time of the last change", "called": "system"}),
    "debt estimate": Bound(
        DebtEstimate,
        "an estimate of a debt item",
        {"person_id": "person who made it", "at": "time", **dict.fromkeys(_NUMBERS, "amount")},
    ),
    "debt carry": Bound(DebtCarry, "what was asked about living with a debt", {"debt_id": "debt item"}),
    "debt remark": Bound(DebtRemark, "a reason given for a debt item", {"debt_id": "debt item"}),
    "report": Bound(
        DebtReport,
        "a report of lost time",
        {"debt_id": "debt item", "minutes": "time", "lost_on": "day", "taken_back_at": "withdrawal"},
    ),
    "ticket": Bound(DebtTicket, "a link to a ticket", {"debt_id": "debt item"}),
    "reading": Bound(
        ExternalReading,
        "a reading of another tool",
        {"system_id": "system", "seq": "act that took it", "taken_back_at": "withdrawal"},
    ),
}
"""Each kind of row that entries bind, by the name that a report gives it."""
