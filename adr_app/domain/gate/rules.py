"""What the gate looks for: one table of rules with the words each shows; help and documentation print it."""

from adr_app.domain.values import dataclass

SEVERITIES = ("error", "warning", "notice")
"""How grave a finding is, the gravest first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how grave it is unless the repository says otherwise, what it says, and what to do.

    `sentence` may hold `{}` for what was found; `concerns` is `record` (whatever the record says),
    `sign-off` (its security OK) or `change` (what a change did).
    """

    code: str
    severity: str
    concerns: str
    title: str
    sentence: str
    todo: str


def _rule(concerns: str, severity: str, code: str, title: str, sentence: str, todo: str) -> Rule:
    return Rule(code, severity, concerns, title, sentence, todo)


_REVIEW = "Ask the vCISO to look at this text, then write her OK beside it with `adr-app sign-offs`."

_RECORDS = (
    _rule(
        "record",
        "error",
        "number-twice",
        "Number used twice",
        "The number {} stands on more than one record of this folder.",
        "Give the newer record the next free number.",
    ),
    _rule(
        "record",
        "error",
        "link-broken",
        "Link leads nowhere",
        "There is nothing at “{}”.",
        "Correct the link, or add what it leads to.",
    ),
    _rule(
        "record",
        "warning",
        "replaced-one-sided",
        "Only one of two records says that it was replaced",
        "This record names {}, which does not name it back.",
        "Say it in both records: “Supersedes …” in the newer, “Superseded by …” in the older.",
    ),
    _rule(
        "record",
        "error",
        "replaced-too-early",
        "Replaced by a decision that is not in force",
        "This record says that it was replaced by {}, which is not accepted.",
        "Keep this decision accepted until the newer one is, or accept the newer one.",
    ),
    _rule(
        "record",
        "error",
        "status-unknown",
        "Status not recognised",
        "{}",
        "Write one of: draft, proposed, accepted, rejected, deprecated, superseded by …",
    ),
    _rule(
        "record",
        "warning",
        "status-unstated",
        "No status stated",
        "The record does not say whether it was decided.",
        "State its status: proposed, accepted, rejected, deprecated or superseded by …",
    ),
    _rule(
        "record",
        "error",
        "status-twice",
        "Two statuses that disagree",
        "{}",
        "Keep one of them.",
    ),
    _rule(
        "record",
        "warning",
        "status-left-behind",
        "Replaced, and yet called something else",
        "The record names its successor but not the status “superseded”.",
        "Change the status to “superseded by …”.",
    ),
    _rule(
        "record",
        "error",
        "key-twice",
        "Stated twice in the front matter",
        "“{}” stands twice in the front matter; readers differ in which they take.",
        "Keep one of them.",
    ),
    _rule(
        "record",
        "warning",
        "front-matter",
        "Front matter with a mistake",
        "{}",
        "Correct the block between the two lines of dashes.",
    ),
    _rule(
        "record",
        "error",
        "section-missing",
        "Part missing",
        "Your team wants “{}” in every record; here it is missing or empty.",
        "Write it, or take it off the list `required` in .adr-app.toml.",
    ),
    _rule(
        "record",
        "error",
        "template-unfilled",
        "Template not filled in",
        "{}",
        "Replace what the template says by what you decided.",
    ),
    _rule(
        "record",
        "error",
        "date-impossible",
        "No such day",
        "{}",
        "Write the day as year-month-day, such as 2026-11-27.",
    ),
    _rule(
        "record",
        "warning",
        "date-ambiguous",
        "Day and month cannot be told apart",
        "{}",
        "Write the day as year-month-day, such as 2026-11-27.",
    ),
    _rule(
        "record",
        "warning",
        "encoding",
        "Not UTF-8",
        "The file is not UTF-8; it was read as Windows-1252.",
        "Save it as UTF-8.",
    ),
    _rule(
        "record",
        "error",
        "unreadable",
        "Cannot be read",
        "The file was not read: {}.",
        "Put an ordinary text file in its place.",
    ),
)

_SIGN_OFFS = (
    _rule(
        "sign-off",
        "error",
        "signoff-missing",
        "Accepted without a security OK",
        "There is no security OK for this text.",
        _REVIEW,
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-text-changed",
        "Changed after the security OK",
        "The text changed after the security OK.",
        _REVIEW,
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-ran-out",
        "Security OK ran out",
        "The security OK ran out on {}.",
        _REVIEW,
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-not-ok",
        "The vCISO's answer is no OK",
        "The answer beside this record is no security OK: the vCISO {}.",
        "Settle it with the vCISO, then write her OK beside the record with `adr-app sign-offs`.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-foreign-key",
        "Signed by a key that is not pinned",
        "The security OK was signed by a key that this repository does not pin ({}).",
        "If it is your installation's key, pin it first: `adr-app key` prints the lines.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-forged",
        "Signature does not hold",
        "The security OK was changed after it was signed, or never was.",
        "Write it anew with `adr-app sign-offs`, and find out who changed it.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-other-company",
        "Another company's security OK",
        "The security OK belongs to another company ({}).",
        "Remove it, and write this company's with `adr-app sign-offs`.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-other-record",
        "Another record's security OK",
        "The security OK was given for another record ({}).",
        "Write the one for this record with `adr-app sign-offs`; a renamed record needs that too.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-reused",
        "One security OK for two records",
        "The security OK of {} stands beside more than one record.",
        "Keep it beside the record it was given for.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-early",
        "Security OK from the future",
        "The security OK says that it was given at {}, which is still to come.",
        "Set the clock of this machine, or that of the installation.",
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-no-mandate",
        "Signed without a mandate",
        "{} was not engaged as vCISO when the security OK was given.",
        _REVIEW,
    ),
    _rule(
        "sign-off",
        "error",
        "signoff-unreadable",
        "Security OK cannot be read",
        "The file beside this record is no security OK: {}.",
        "Remove it, and write it anew with `adr-app sign-offs`.",
    ),
    _rule(
        "sign-off",
        "notice",
        "allowed-in-advance",
        "Allowed in advance",
        "The vCISO did not read this text; a rule of hers allows such decisions ({}).",
        "Nothing, unless the answers to the security questions no longer hold.",
    ),
    _rule(
        "sign-off",
        "notice",
        "to-dos-open",
        "To-dos before going live",
        "The security OK came with to-dos; still to be done before going live: {}.",
        "Do them before this goes live; they stand in the log.",
    ),
)

_CHANGES = (
    _rule(
        "change",
        "warning",
        "accepted-text-changed",
        "Text of an accepted record changed",
        "This record was accepted before, without a security OK, and its text is changed here.",
        _REVIEW,
    ),
    _rule(
        "change",
        "warning",
        "record-removed",
        "Record removed",
        "This record is gone, or is no longer read as one: {}.",
        "Keep it, and state that it is superseded, deprecated or rejected.",
    ),
    _rule(
        "change",
        "notice",
        "settings-new",
        "First settings of the gate",
        "This change brings the first .adr-app.toml; nothing older says whether its keys are right.",
        "Compare the keys with what `adr-app key` prints before you merge.",
    ),
    _rule(
        "change",
        "warning",
        "settings-changed",
        "Settings of the gate changed",
        "This change alters .adr-app.toml; what it said before was applied here.",
        "Look at that file closely; it counts from the next change on.",
    ),
)

RULES = {rule.code: rule for rule in (*_SIGN_OFFS, *_CHANGES, *_RECORDS)}
"""Every rule by its code, in the order in which help and documentation show them."""
