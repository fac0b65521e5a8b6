"""What a kind of event is, and the kinds about a company, its people, outside firms and technical debt."""

from adr_app.domain.values import dataclass

_OF_A_REVISION = frozenset({"row", "answers", "inside", "owners", "vendors", "government"})
HANDING_OVER = frozenset({"engagement.handed-over", "engagement.ended"})
"""Acts on the company by which a review may come to lie with somebody else."""

_OF_DEBT = ("row", "security")
"""What every act on a debt item may carry that changes it."""

_HANDED = ("handover", "row", "to", "of", "reviews")
"""What an act carries that hands a role over: the row's id and digest, the successor's role and person (None:
whoever holds it next), and which reviews lie with them from then on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its code, the keys its data may carry, and its sentence in a history.

    An act that writes a revision carries `answers` (codes of the security questions), `inside` (a system it
    names is inside a compliance boundary), `owners` (persons named as answering for it, or deciding it) and,
    where it says that government data is touched, `government`.
    An act that names a revision may also carry `row`: the digest of the stored row (of the revision, or of
    the answer given on it), which binds what is shown beside what is signed; and, where it wrote the
    revision, `vendors`: what is known of each outside firm that the text names (see
    `adr_app.domain.vendors.Known`). An act that somebody said
    something with carries `said`, `{"comment": id, "row": digest of its row}`. An act that makes links
    besides carries `links`, each `{"link": id, "row": digest of its row, "open": whether an end is only
    words}`; those of a file that was read again take the place of its earlier open ones. What else stands in
    rows follows from the other keys (see `adr_app.domain.replay`) or is bound by a `row` of its own.
    """

    code: str
    keys: tuple[str, ...]
    sentence: str

    def carries(self, key: str) -> bool:
        """Return whether the kind's data may hold `key`."""
        if "revision" in self.keys and key in _OF_A_REVISION:
            return True
        return key in self.keys or key == "said"


OF_COMPANY = (
    # the company and its people
    Kind("company.founded", ("zone", "go_live_on", "policy", "row"), "set up the company"),
    Kind("company.go-live-set", ("on", "row"), "set the day this log went live"),
    Kind("company.policy-set", ("level", "mode", "row"), "changed when a security OK is needed first"),
    # `week` are weekdays (Monday is 0), `holidays` days; their names are in the row's digest
    Kind("company.calendar-set", ("week", "holidays", "row"), "changed the working days and holidays"),
    Kind("company.severity-set", ("code", "severity"), "changed how grave a flag is"),
    Kind("company.settings-changed", ("what", "row"), "changed the company's settings"),
    Kind(
        "engagement.started",
        # `named` is the digest of the person's name, `by` who appointed them (None: the company began so),
        # `letter` that of the appointment: {"letter": id, "row": digest of its row}
        ("engagement", "person", "role", "starts_at", "ends_at", "by", "named", "letter"),
        "appointed",
    ),
    # with `handover` the role is handed over as it ends
    Kind("engagement.ended", ("engagement", "person", "role", "ends_at", *_HANDED), "ended the role of"),
    Kind(
        "engagement.letter-noted",
        ("engagement", "person", "role", "letter"),
        "noted the appointment letter of",
    ),
    Kind("engagement.handed-over", ("engagement", "person", "role", *_HANDED), "handed over the role of"),
    # without a day: they are back
    Kind("engagement.away", ("engagement", "until", "deputy"), "said until when they are away"),
    Kind("person.invited", ("person",), "invited"),
    Kind("person.joined", (), "came in by the invitation"),
    Kind("person.password-link-made", ("person",), "made a new-password link for"),
    # `allows` are pairs of a question and the answers it allows, `digest` is that of the signed bytes
    Kind(
        "rule.signed",
        ("rule", "allows", "until", "engagement", "digest", "row", "replaces"),
        "allowed such decisions in advance",
    ),
    # `why` is the digest of the reason given
    Kind("rule.ended", ("rule", "why"), "stopped allowing such decisions in advance"),
    Kind("system.added", ("system", "inside_boundary"), "added a system"),
    Kind("company.framework-followed", ("framework",), "said that the company follows a standard"),
    Kind("company.framework-left", ("framework",), "said that the company no longer follows a standard"),
    # `rows` is the digest over all that is kept of the catalog
    Kind("company.catalog-loaded", ("framework", "rows"), "loaded a catalog of safeguards"),
    # the record itself: a check is an act only where it came out otherwise than the last one;
    # `fault` is the first entry that does not verify
    Kind("record.checked", ("check", "result", "fault", "row"), "checked the record"),
    Kind("record.receipt-given", ("receipt", "row"), "gave out a receipt of the record"),
    # outside firms: `vendor` is what is known of the firm after the act
    # `anew`: it touches other data than was known
    Kind("vendor.described", ("vendor", "row", "anew"), "said what an outside firm does and touches"),
    Kind("vendor.agreed", ("vendor", "agreement", "row"), "recorded an agreement with an outside firm"),
    Kind("vendor.agreement-ended", ("vendor", "agreement"), "ended an agreement with an outside firm"),
    Kind("vendor.assessed", ("vendor", "assessment", "row"), "assessed an outside firm"),
    # what a company is and what presses it; `row` is the digest of the whole row after the act
    Kind("profile.set", ("profile", "row"), "said what the company is like"),
    Kind("pressure.noted", ("pressure", "row"), "wrote down what presses"),
    Kind("pressure.changed", ("pressure", "row"), "changed what presses"),
    Kind("pressure.closed", ("pressure", "row", "how"), "said that it no longer presses"),
    Kind("pressure.ordered", ("order", "row"), "put what presses in order"),
    Kind("obligation.added", ("obligation", "row"), "wrote down a duty"),
    Kind("obligation.changed", ("obligation", "row"), "changed a duty"),
    Kind("obligation.met", ("met", "row", "due_on"), "said that a duty was met"),
    Kind("obligation.ended", ("obligation", "row"), "ended a duty"),
    # `profile` and `pressures` are those that were written down with it: each its id and its row's digest
    Kind(
        "first-role.assessed",
        ("assessment", "row", "result", "rule", "profile", "pressures"),
        "asked which role comes first",
    ),
    Kind(
        "first-role.chosen", ("choice", "assessment", "followed", "row"), "decided on which role comes first"
    ),
    # how big a system is, when it ends, and what it is to be
    Kind(
        "system.described",
        ("system", "row", "rebuild", "effort"),
        "said how big a system is and how long it stays",
    ),
    # technical debt: `row` is the digest of the item's row, `called` that of its system's name, `why` that of
    # the reason given; `security` is what the rule on security debts goes by, None: it concerns none any more
    Kind("debt.noted", ("number", "decision", "role", *_OF_DEBT, "called"), "noted it"),
    Kind("debt.revised", ("fields", *_OF_DEBT, "called", "carry"), "changed it"),
    # `estimate` is {"estimate": id, "row": digest of its row}; the numbers are its averages
    Kind(
        "debt.analysed",
        ("fix_days", "monthly_loss", "owner", "system", *_OF_DEBT, "called", "estimate", "carry"),
        "estimated it",
    ),
    Kind("debt.scheduled", ("starts_on", "monthly_work", *_OF_DEBT, "carry"), "planned when it is fixed"),
    Kind("debt.started", _OF_DEBT, "began to fix it"),
    Kind("debt.repaid", ("actual_days", "decision", *_OF_DEBT, "carry"), "repaid it"),
    # `left_over` is the share of the loss that is left, in basis points
    Kind("debt.verified", ("left_over", *_OF_DEBT), "looked whether the loss has gone"),
    # `carry` is {"carry": id, "row": digest of its row} of what was asked about living with it
    Kind("debt.carry-asked", ("carry", "until", *_OF_DEBT), "asked to live with it"),
    Kind("debt.carry-answered", ("carry", "agrees", *_OF_DEBT), "answered for security"),
    Kind("debt.carry-withdrawn", ("carry", *_OF_DEBT), "withdrew the wish to live with it"),
    Kind("debt.carry-declined", ("carry", *_OF_DEBT), "declined to live with it"),
    Kind("debt.carried", ("carry", "until", *_OF_DEBT), "decided to live with it"),
    Kind("debt.written-off", ("on", *_OF_DEBT, "carry"), "wrote it off"),
    Kind("debt.not-debt", (*_OF_DEBT, "why", "carry"), "found that it is no debt"),
    Kind("debt.reopened", ("state", *_OF_DEBT, "why", "carry"), "opened it again"),
    Kind("debt.linked", ("decision", "role"), "linked a decision"),
    Kind("debt.unlinked", ("decision", "role"), "removed the link to a decision"),
    # `report` is {"report": id, "row": digest of its row}, `ticket` likewise; elsewhere they are ids
    Kind("debt.reported", ("report", "minutes", "on"), "lost time to it"),
    Kind("debt.report-taken-back", ("report",), "took a report of lost time back"),
    Kind("debt.ticket-linked", ("ticket",), "linked a ticket"),
    Kind("debt.ticket-unlinked", ("ticket",), "removed the link to a ticket"),
    # what other tools measured on a system: each reading with the digest of its row
    Kind("system.readings-taken", ("readings",), "took readings of another tool on a system"),
    # `of` is the number of the act that took them
    Kind("system.readings-taken-back", ("of",), "took readings of another tool back"),
)
"""Everything that happens to a company besides its decisions."""
