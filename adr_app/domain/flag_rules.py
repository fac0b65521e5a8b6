"""The flags: one table of rules, with the words each shows and the test that says when it is on.

Grounding names the source of a rule in public standards. Help and documentation print this table.
"""

from dataclasses import dataclass

from adr_app.domain.flag_conditions import (
    Test,
    changed,
    condition_no_owner,
    condition_overdue,
    condition_self_closed,
    control_unmapped,
    emergency_unreviewed,
    exception_expired,
    implemented_before_condition,
    no_mandate,
    no_signoff,
    review_waiting,
    self_cert_unverified,
    signoff_expired,
    vendor_no_agreement,
    while_standing,
    written_down_late,
)
from adr_app.domain.standing_words import HEADLINE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is called, how grave it is, what it says and when it is on.

    `kind` is `fact` (something that happened: never cleared, only answered) or `state` (cleared by an act);
    `severity` S1 (shown in red), S2 (warns), S3 (notes); from review level `grave_from` on it is S1. `ended`
    is the word for an end by an act, `lapsed` for an end by mere time. `in_force_only` rules speak of nothing
    else than decisions in force.
    """

    code: str
    kind: str
    severity: str
    subject: str
    title: str
    sentence: str
    grounding: str
    switched_on_by: str
    clears_by: str
    test: Test | None = None
    in_force_only: bool = True
    ended: str = "answered"
    lapsed: str = "time passed"
    grave_from: int | None = None

    def severity_at(self, level: int) -> str:
        """Return how grave the rule is on a decision of this review level."""
        return "S1" if self.grave_from is not None and level >= self.grave_from else self.severity


_ALWAYS = "every company"

_RULES = (
    Rule(
        "accepted-no-input",
        "fact",
        "S1",
        "decision",
        "Made without vCISO input",
        "This was decided before the vCISO was heard.",
        "NIST SP 800-53r5 CM-3(4), CM-4; CMMC 3.4.4; CSF 2.0 ID.RA-07; SOC 2 CC8.1",
        _ALWAYS,
        "An answer by the vCISO; the fact stays in the history.",
        while_standing(*sorted(HEADLINE)),
    ),
    Rule(
        "accepted-no-signoff",
        "fact",
        "S1",
        "decision",
        "Accepted without the security OK it needed",
        "The vCISO was heard, but the security OK this decision needs was not there when it was accepted.",
        "NIST SP 800-53r5 CM-3b",
        _ALWAYS,
        "A security OK on the text in force; the fact stays in the history.",
        no_signoff,
    ),
    Rule(
        "accepted-over-objection",
        "fact",
        "S1",
        "decision",
        "Decided against the vCISO's advice",
        "The vCISO advised against this, and it is in force.",
        "NIST SP 800-53r5 CA-6, RA-7",
        _ALWAYS,
        "Leadership takes the risk until a date, or the vCISO gives another answer.",
        while_standing("against-advice"),
    ),
    Rule(
        "exception-expired",
        "state",
        "S1",
        "decision",
        "Allowed exception is over",
        "The time for which leadership took this risk has passed.",
        "NIST SP 800-53r5 CA-5, RA-7",
        "a risk taken until a date",
        "Leadership takes the risk anew or ends it, or the vCISO gives a security OK.",
        exception_expired,
        True,
        "dealt with",
    ),
    Rule(
        "self-review",
        "state",
        "S1",
        "decision",
        "Checked by the person who decided",
        "The security answer and the decision come from the same person.",
        "NIST SP 800-53r5 AC-5; 800-171r2 3.1.4; ISO/IEC 27001 A.5.3",
        _ALWAYS,
        "An answer by another vCISO.",
        while_standing("self-reviewed"),
    ),
    Rule(
        "reviewer-no-mandate",
        "state",
        "S1",
        "decision",
        "Answer without a mandate",
        "A security answer was given by somebody who had no vCISO role here at that moment.",
        "HIPAA 164.308(a)(2)",
        _ALWAYS,
        "An answer by an engaged vCISO.",
        no_mandate,
        False,
    ),
    Rule(
        "no-vciso",
        "state",
        "S1",
        "company",
        "Nobody is engaged as vCISO",
        "Nobody holds the security role here, so no decision can be checked.",
        "HIPAA 164.308(a)(2); CSF 2.0 GV.RR-02",
        _ALWAYS,
        "A vCISO is appointed.",
        None,
        False,
        "dealt with",
        "dealt with",
    ),
    Rule(
        "changed-after-signoff",
        "state",
        "S1",
        "decision",
        "Changed since the security OK",
        "The text in force is not the text that got the security OK.",
        "NIST SP 800-53r5 CM-3, CM-4",
        _ALWAYS,
        "The vCISO says that the new text means the same, or answers anew.",
        changed,
    ),
    Rule(
        "signoff-expired",
        "state",
        "S2",
        "decision",
        "Security OK ran out",
        "The security OK was given for a time, and that time is over.",
        "OWASP SAMM D-TA-3-B",
        "a security OK at level 2 or 3",
        "A new answer by the vCISO.",
        signoff_expired,
    ),
    Rule(
        "condition-overdue",
        "state",
        "S2",
        "decision",
        "To-do overdue",
        "A to-do that came with the security OK is past its date.",
        "NIST SP 800-53r5 CA-5; 800-171r2 3.12.2",
        "a security OK with to-dos",
        "The to-do is done, or the vCISO moves its date or drops it.",
        condition_overdue,
        True,
        "dealt with",
        grave_from=3,
    ),
    Rule(
        "condition-self-closed",
        "state",
        "S2",
        "decision",
        "To-do done and not checked",
        "A to-do is said to be done, and nobody else has checked it in time.",
        "NIST SP 800-53r5 CM-4(2)",
        "a security OK with to-dos",
        "The vCISO checks it.",
        condition_self_closed,
        True,
        "dealt with",
    ),
    Rule(
        "condition-no-owner",
        "state",
        "S2",
        "decision",
        "To-do without anybody to do it",
        "A to-do that came with the security OK names nobody who does it.",
        "NIST SP 800-53r5 CA-5",
        "a security OK with to-dos",
        "Somebody is named, or the to-do is done.",
        condition_no_owner,
        True,
        "dealt with",
    ),
    Rule(
        "implemented-before-condition",
        "fact",
        "S1",
        "decision",
        "Went live before a to-do was done",
        "It went live while something was open that was to be done before.",
        "NIST SP 800-53r5 CM-3, CM-4",
        "a to-do to be done before go-live",
        "Nothing; it is how it was. A slip can be mended for ten minutes.",
        implemented_before_condition,
        True,
        "taken back",
    ),
    Rule(
        "review-waiting",
        "state",
        "S2",
        "decision",
        "Security review waits",
        "A security review was asked for and its answer is still to come.",
        "SOC 2 CC8.1",
        _ALWAYS,
        "Any answer by the vCISO, or the decision is made.",
        review_waiting,
        False,
        "answered",
        "overdue",
    ),
    Rule(
        "emergency-unreviewed",
        "fact",
        "S1",
        "decision",
        "Decided in an emergency and not checked",
        "This was decided at once, to be checked afterwards, and the time for the check is over.",
        "SOC 2 CC8.1",
        "a decision made as an emergency",
        "An answer by the vCISO; the fact stays in the history.",
        emergency_unreviewed,
    ),
    Rule(
        "written-down-late",
        "fact",
        "S2",
        "decision",
        "Written down late",
        "More than three days passed between the decision and its record.",
        "NIST SP 800-53r5 AU-10",
        _ALWAYS,
        "Nothing; it is how it was.",
        written_down_late,
    ),
    Rule(
        "self-cert-unverified",
        "state",
        "S3",
        "decision",
        "Declared harmless, not verified",
        "The security questions were all answered no; this was chosen to be checked, and 30 days are over.",
        "NIST SP 800-53r5 CM-4",
        "a decision without security matters by its own answers, one of those chosen",
        "An answer by the vCISO.",
        self_cert_unverified,
    ),
    Rule(
        "inherited-not-assessed",
        "state",
        "S3",
        "decision",
        "Older than this log, not checked",
        "This was decided before the log went live, or at an unknown date, and was never checked.",
        "CSF 2.0 ID.RA-07",
        "decisions from before the log went live",
        "An answer by the vCISO.",
        while_standing("inherited", "date-unknown"),
    ),
    Rule(
        "vendor-no-agreement",
        "state",
        "S1",
        "decision",
        "Outside firm with patient data, no contract recorded",
        "An outside firm named here touches patient data, and no health-data contract with it is recorded.",
        "HIPAA 164.308(b)(1), 164.314(a)",
        "an outside firm that touches patient data",
        "The reference of the contract is recorded, or the firm no longer touches patient data.",
        vendor_no_agreement,
        True,
        "dealt with",
    ),
    Rule(
        "control-unmapped",
        "state",
        "S3",
        "decision",
        "No safeguard named",
        "The company follows a standard, and this decision names none of its safeguards.",
        "NIST SP 800-53r5 CM-4; CSF 2.0 GV.OC-03",
        "a standard that the company follows",
        "Somebody names the safeguard that it supports, weakens or changes.",
        control_unmapped,
        True,
        "dealt with",
    ),
)

RULES = {rule.code: rule for rule in _RULES}
"""Every rule by its code; help and documentation print this table."""
