"""The acts that the record keeps: their kinds, what each carries, and the sentence it reads as.

Data carries ids, dates, digests and codes, never what somebody typed. An instant is whole seconds since
1970 UTC, a day is an ISO date, a decision, revision or person is its database id unless the key says
`number`. Rules and histories read these and nothing else.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from adr_app.domain.values import dataclass

_OF_A_REVISION = frozenset({"row", "answers", "inside", "owners", "vendors"})
HANDING_OVER = frozenset({"engagement.handed-over", "engagement.ended"})
"""Acts on the company by which a review may come to lie with somebody else."""

_HANDED = ("handover", "row", "to", "of", "reviews")
"""What an act carries that hands a role over: the row's id and digest, the successor's role and person (None:
whoever holds it next), and which reviews lie with them from then on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its code, the keys its data may carry, and its sentence in a history.

    An act that writes a revision carries `answers` (codes of the security questions), `inside` (a system it
    names is inside a compliance boundary) and `owners` (persons named as answering for it, or deciding it).
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


@dataclass(frozen=True, slots=True)
class Happening:
    """One recorded act as rules see it.

    `seq` is its place in the company's record, `at` aware UTC in whole seconds, `actor` a person's id or
    None (the product itself), `subject` what it is mainly about, such as `("decision", 12)`, `root` that of
    the record once the act is in it.
    """

    seq: int
    at: datetime
    actor: int | None
    kind: str
    subject: tuple[str, int]
    data: Mapping[str, Any] = field(default_factory=dict)
    root: str = ""


_KINDS = (
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
    # outside firms: `vendor` is what is known of the firm after the act
    Kind("vendor.described", ("vendor", "row"), "said what an outside firm does and touches"),
    Kind("vendor.agreed", ("vendor", "agreement", "row"), "recorded an agreement with an outside firm"),
    Kind("vendor.agreement-ended", ("vendor", "agreement"), "ended an agreement with an outside firm"),
    Kind("vendor.assessed", ("vendor", "assessment", "row"), "assessed an outside firm"),
    # a decision's life
    # `reference` is the decision's own number, `number` that of its version
    Kind(
        "decision.drafted",
        ("revision", "number", "digest", "level", "kind", "reference"),
        "wrote the first draft",
    ),
    Kind(
        "decision.recorded",
        (
            "revision",
            "number",
            "digest",
            "level",
            "required",
            "decided_on",
            "sole",
            "supersedes",
            "deciders",  # persons whose own security answer on it counts for nothing
            "way",
            "claim",  # {"claim": id, "of": person, "on": day} where the vCISO is said to have taken part
            "reference",
            "links",
            "nth",  # which one of its quarter it is among those declared harmless by their authors
        ),
        "recorded a decision already made",
    ),
    Kind(
        "decision.revised",
        # `fingerprint` is of the file's newer text that was put together with what stood here
        ("revision", "number", "digest", "level", "in_force", "links", "file", "fingerprint"),
        "wrote version",
    ),
    # the file's newer text, by its fingerprint, was seen and passed over
    Kind("decision.text-kept", ("fingerprint",), "kept what the log says, not the newer text of its file"),
    Kind("decision.proposed", ("revision", "number", "digest"), "proposed it"),
    Kind(
        "decision.accepted",
        (
            "revision",
            "number",
            "digest",
            "level",
            "required",
            "way",
            "decided_on",
            "sole",
            "supersedes",
            "review",  # the review that an acceptance in an emergency asked for, or hurried
            "of",  # and who is asked by it
            "nth",
            "concerns",  # the concerns that were open all the same
        ),
        "accepted it",
    ),
    Kind(
        "decision.text-accepted",
        ("revision", "number", "digest", "level", "required", "way", "review", "of", "concerns"),
        "accepted the new text without a new security OK",
    ),
    Kind("decision.rejected", (), "rejected it"),
    Kind("decision.withdrawn", (), "withdrew it"),
    Kind("decision.reopened", (), "took it back to draft"),
    Kind("decision.taken-back", ("accepted_seq", "restores"), "took the acceptance back"),
    Kind("decision.deprecated", (), "marked it as no longer used"),
    Kind("decision.implementation-set", ("state",), "noted how far the work is"),
    Kind("decision.linked", ("link", "kind", "to", "row", "links"), "linked it"),
    Kind("decision.unlinked", ("link", "kind", "to"), "removed a link"),
    Kind(
        "decision.imported",
        # `file` is what is kept of the file: {"file": id, "row": digest of its row}
        (
            *("revision", "number", "digest", "level", "status", "decided_on", "supersedes"),
            *("reference", "links", "file"),
        ),
        "imported it from a file",
    ),
    Kind(
        "decision.reimported",
        # `restated`: the file is as it was, and only what it replaces is new
        (
            *("revision", "number", "digest", "level", "status", "decided_on", "supersedes"),
            *("restated", "links", "file"),
        ),
        "imported a newer text of its file",
    ),
    Kind("decision.file-moved", ("file",), "followed its file to a new name"),
    Kind(
        "decision.status-stated",
        ("status", "decided_on", "required", "level", "supersedes"),
        "stated its status",
    ),
    Kind("decision.mapped", ("framework", "control", "effect"), "said what it does to a safeguard"),
    Kind("decision.unmapped", ("framework", "control"), "said that it does nothing to a safeguard"),
    # `to` is the remark that this one answers
    Kind("decision.commented", ("asks", "to"), "commented"),
    Kind("comment.resolved", ("comment",), "marked a comment as resolved"),
    Kind("comment.reopened", ("comment",), "opened a comment again"),
    # `concern` is the comment that says it
    Kind("concern.raised", ("concern",), "raised a concern that blocks"),
    Kind("concern.resolved", ("concern",), "resolved a concern that blocked"),
    Kind("concern.reopened", ("concern",), "opened a concern that blocks again"),
    Kind("concern.set-aside", ("concern",), "set a concern aside whose raiser is no longer here"),
    # security review
    Kind(
        "review.asked",
        ("review", "of", "revision", "number", "digest", "level", "due_at", "emergency"),
        "asked for a security review by",
    ),
    Kind("review.look-on", ("review", "on"), "said when they will look"),
    Kind("review.taken", ("review",), "took the security review"),
    Kind(
        "review.verdict",
        (
            "verdict",
            "code",
            "revision",
            "number",
            "digest",
            "level",
            "engagement",
            "valid_until",
            # each {"condition": id, "due_on": day, "before_go_live", "owned": whether somebody is named,
            # "binds_at": when silence binds (None: from the start), "row": digest of its row}
            "conditions",
            # what was said part by part: {"parts": id, "row": digest of its row}; absent where nothing was
            "parts",
        ),
        "answered",
    ),
    Kind("review.verdict-taken-back", ("verdict",), "took the answer back"),
    Kind("review.replied", ("review",), "answered the question"),
    Kind(
        "review.same-meaning",
        ("verdict", "revision", "number", "digest", "signed_digest", "engagement"),
        "confirmed that the new text means the same",
    ),
    Kind("review.claimed", ("claim", "of", "on"), "said that the vCISO took part in the meeting"),
    Kind("review.claim-answered", ("claim", "yes", "engagement"), "answered whether they took part"),
    Kind("review.declared-harmless", ("revision", "digest"), "declared it not a security matter"),
    # `word` is what was said with it: {"word": id, "row": digest of its row}; `check_by` until when it may
    # wait for its check; `newer` the to-do that takes its place, as an answer tells of one
    Kind("condition.agreed", ("condition", "word"), "agreed to a to-do"),
    Kind("condition.contested", ("condition", "why", "word"), "contested a to-do"),
    Kind("condition.kept", ("condition", "word"), "kept a to-do as it is"),
    Kind("condition.changed", ("condition", "newer", "word"), "changed a to-do"),
    Kind("condition.dropped", ("condition", "word"), "dropped a to-do"),
    Kind("condition.assigned", ("condition", "owner"), "named who does a to-do"),  # digest of the name
    Kind("condition.done", ("condition", "evidence", "check_by"), "finished a to-do"),
    Kind("condition.verified", ("condition",), "checked a to-do"),
    Kind("condition.moved", ("condition", "due_on", "word"), "moved the date of a to-do"),
    Kind("risk.asked", ("question", "of", "row"), "asked leadership whether to take the risk"),
    Kind(
        "risk.accepted",
        # `confirmed`: how the leader showed who they are
        ("acceptance", "revision", "number", "digest", "until", "confirmed"),
        "took the risk for the company",
    ),
    Kind("risk.declined", ("question", "confirmed"), "refused to take the risk"),
    Kind("risk.reported", ("question", "on"), "reported that leadership agreed, which counts once confirmed"),
    Kind("risk.ended", ("acceptance",), "ended the acceptance of the risk"),
    Kind("level.raised", ("level",), "asked for a closer security review"),
    Kind("level.lowered", ("level",), "lowered the security review needed"),
    Kind("review.went-live-checked", (), "looked at it after it went live"),
    # `row` binds who set it aside and why
    Kind("flag.set-aside", ("aside", "code", "until", "row"), "set a flag aside"),
    Kind("flag.taken-up", ("aside",), "took a flag up again that was set aside"),
    # technical debt
    Kind("debt.noted", ("number", "decision", "role", "row", "called"), "noted it"),
    # `why` is the digest of the reason given, `called` that of the system's name
    Kind("debt.revised", ("fields", "row", "called"), "changed it"),
    Kind("debt.analysed", ("fix_days", "monthly_loss", "owner", "system", "row", "called"), "estimated it"),
    Kind("debt.repaid", ("actual_days", "decision", "row"), "repaid it"),
    Kind("debt.not-debt", ("row", "why"), "found that it is no debt"),
    Kind("debt.reopened", ("state", "row", "why"), "opened it again"),
    Kind("debt.linked", ("decision", "role"), "linked a decision"),
    Kind("debt.unlinked", ("decision", "role"), "removed the link to a decision"),
)

KINDS = {kind.code: kind for kind in _KINDS}
"""Every kind of event by its code."""

if len(KINDS) != len(_KINDS):
    raise ValueError("two kinds of event share a code")


def check_data(kind: str, data: Mapping[str, Any]) -> None:
    """Refuse data that the kind does not declare, or that is not plain (str, int, bool, None, list, dict).

    :raises ValueError: naming the kind and the key.
    """
    declared = KINDS[kind]
    for key, value in data.items():
        if not declared.carries(key):
            raise ValueError(f"{kind} does not carry {key!r}; declare it in adr_app/domain/events.py")
        if not _plain(value):
            raise ValueError(f"{kind}.{key} must be ids, codes, dates or digests, not {type(value).__name__}")


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | int | bool)
