"""The acts that the record keeps: their kinds, what each carries, and the sentence it reads as.

Data carries ids, dates, digests and codes, never what somebody typed. An instant is whole seconds since
1970 UTC, a day is an ISO date, a decision, revision or person is its database id unless the key says
`number`. Rules and histories read these and nothing else.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from adr_app.domain.event_kinds import OF_COMPANY, Kind
from adr_app.domain.values import dataclass


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
    *OF_COMPANY,
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
    # `on`: the day on which it is to be looked at again, None for no day
    Kind("decision.review-on-set", ("on",), "set the day to look at it again"),
    Kind("decision.looked-again", ("on",), "looked at it again"),
    Kind(
        "decision.description-updated",
        (),
        "noted where the description for the auditor is up to date",
    ),
    Kind("decision.module-noted", (), "noted which approved encryption module is used"),
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
    # an exception: `until` is the day it is asked for, `extends` the acceptance it goes on from, `request`
    # the same of one that is put to leadership at once, or the id alone of one that waited
    Kind("risk.requested", ("request", "until", "extends", "row"), "asked for an exception"),
    # `put`: the question to leadership that it goes on as, `{"question", "of", "row"}`
    Kind("risk.advised", ("request", "advice", "code", "row", "put"), "recommended on an exception"),
    Kind("risk.withdrawn", ("request",), "withdrew the request for an exception"),
    Kind("risk.asked", ("question", "of", "row", "request"), "asked leadership whether to take the risk"),
    Kind(
        "risk.accepted",
        # `confirmed`: how the leader showed who they are; `replaces` are those on this text that it ends;
        # `protects` is the digest of what protects meanwhile, None where nothing is named
        (
            *("acceptance", "revision", "number", "digest", "until", "confirmed"),
            *("request", "extends", "replaces", "protects"),
        ),
        "took the risk for the company",
    ),
    Kind("risk.declined", ("question", "confirmed"), "refused to take the risk"),
    Kind("risk.reported", ("question", "on"), "reported that leadership agreed, which counts once confirmed"),
    # `how`: one of `CLOSINGS` in `adr_app.domain.exceptions`; older acts do not say
    Kind("risk.ended", ("acceptance", "how"), "ended the acceptance of the risk"),
    Kind("risk.protected", ("acceptance", "protects"), "named what protects meanwhile"),
    Kind("level.raised", ("level",), "asked for a closer security review"),
    Kind("level.lowered", ("level",), "lowered the security review needed"),
    Kind("review.went-live-checked", (), "looked at it after it went live"),
    # `after` is the last act that changed what it rests on, of those they were shown
    Kind("review.still-holds", ("after",), "said that the security OK still holds"),
    # `row` binds who set it aside and why
    Kind("flag.set-aside", ("aside", "code", "until", "row"), "set a flag aside"),
    Kind("flag.taken-up", ("aside",), "took a flag up again that was set aside"),
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
            raise ValueError(f"{kind} does not carry {key!r}; declare it in adr_app.domain.events")
        if not _plain(value):
            raise ValueError(f"{kind}.{key} must be ids, codes, dates or digests, not {type(value).__name__}")


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | int | bool)
