"""The security standings: their order, their mark in lists, and the words on the screen."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from adr_app.domain.sampling import CHOSEN
from adr_app.domain.values import dataclass

MARKS = {
    "checked": "Checked",
    "checked-todos": "Checked, to-dos open",
    "waiting": "Waiting",
    "without-input": "Made without vCISO input",
    "another-look": "Needs another look",
    "older": "Older than this log",
    "not-asked": "Not asked yet",
}
"""The marks of lists by code. `not-asked` only stands on what is not decided."""


IN_ADVANCE = "in-advance"
"""Why a decision is cleared, where a rule of the vCISO's allowed it in advance."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One standing: its place (0 for all before acceptance), mark, words, and finer words by reason.

    Words may carry `{asked}`, `{due}`, `{on}`, `{until}` (instants) and `{n}` (a count with its noun), filled
    from a span's detail by `words_of`.
    """

    code: str
    rank: int
    mark: str
    words: str
    counts_in_headline: bool = False
    because: Mapping[str, str] = field(default_factory=dict)


_STANDINGS = (
    Standing(
        "not-asked",
        0,
        "not-asked",
        "Not asked yet",
        because={
            "new-text": "Changed since the security OK, not asked again yet",
            "ok-needed": "Advised; a security OK is needed and not asked for yet",
        },
    ),
    Standing("asked", 0, "waiting", "Asked, answer due {due}"),
    Standing("question", 0, "waiting", "A question waits for the author"),
    Standing("advised-before", 0, "checked", "Advised, no security OK needed"),
    Standing(
        "cleared-before", 0, "checked", "Checked", because={IN_ADVANCE: "Allowed in advance by the vCISO"}
    ),
    Standing("cleared-with-conditions-before", 0, "checked-todos", "Checked, to-dos open"),
    Standing(
        "refused",
        0,
        "another-look",
        "The vCISO said no",
        because={"changes-requested": "The vCISO asked for changes first"},
    ),
    # An entry of the record could not be read: whatever it stood as, nobody can say so any more.
    Standing("unread", 0, "another-look", "Could not be checked"),
    Standing("inherited", 1, "older", "Older than this log, not checked"),
    Standing("date-unknown", 2, "older", "Date unknown, not checked"),
    Standing("review-waiting", 3, "waiting", "Decided now, checked after; answer due {due}"),
    Standing(
        "against-advice",
        4,
        "another-look",
        "Decided against the vCISO's advice",
        because={
            "late": "The vCISO said no after it was decided",
            "expired": "Decided against the vCISO's advice; the allowed exception is over",
        },
    ),
    Standing("risk-accepted", 4, "another-look", "Leadership takes this risk until {until}"),
    Standing("self-reviewed", 5, "another-look", "Checked by the person who decided"),
    Standing(
        "no-input",
        6,
        "without-input",
        "Made without vCISO input",
        True,
        {
            "not-asked": "Made without vCISO input · not asked",
            "no-answer": "Made without vCISO input · asked {asked}, no answer in {n}",
            "asked-shortly-before": "Made without vCISO input · asked {n} before",
            "question-open": "Made without vCISO input · her question was not answered",
            "claimed": "Made without vCISO input · claimed, not confirmed",
            "claim-denied": "Made without vCISO input · claimed, and not confirmed when asked",
            "emergency": "Made without vCISO input · decided in an emergency, not checked by {due}",
        },
    ),
    Standing("nobody-engaged", 7, "without-input", "Made without vCISO input · nobody was engaged", True),
    Standing(
        "self-declared",
        8,
        "another-look",
        "Declared harmless by its author, not verified",
        because={CHOSEN: "Declared harmless by its author, chosen to be verified"},
    ),
    Standing("changed", 9, "another-look", "Changed since the security OK"),
    Standing("expired", 10, "another-look", "Security OK ran out, it held until {until}"),
    Standing("ok-not-given", 11, "another-look", "Advised, but the security OK it needed was not given"),
    Standing(
        "reviewed-late",
        12,
        "checked",
        "Checked {n} late",
        because={
            "same-day": "Checked the same day, after it was decided",
            "emergency": "Decided in an emergency, checked after {n}",
        },
    ),
    Standing("advised", 13, "checked", "Advised"),
    Standing("advised-meeting", 13, "checked", "Advised in the meeting, confirmed {on}"),
    Standing("cleared-with-conditions", 14, "checked-todos", "Checked, to-dos open"),
    Standing("cleared", 15, "checked", "Checked", because={IN_ADVANCE: "Allowed in advance by the vCISO"}),
)

STANDINGS = {standing.code: standing for standing in _STANDINGS}
"""Every standing by its code, in the order of the first that holds."""

HEADLINE = frozenset(s.code for s in _STANDINGS if s.counts_in_headline)
"""Standings that count as made without vCISO input, while the decision is in force."""


def words_of(code: str, why: str, detail: Mapping[str, Any], say: Mapping[str, str]) -> str:
    """Return the sentence of a standing.

    `detail` is the span's; `say` gives the caller's words, in the reader's zone and language of dates, for
    the instants among `asked`, `due`, `on`, `until` that the detail holds as epoch seconds.
    """
    standing = STANDINGS[code]
    template = standing.because.get(why, standing.words)
    words = {key: say.get(key, "…") for key in ("asked", "due", "on", "until")}
    return template.format(n=_count(detail), **words)


def _count(detail: Mapping[str, Any]) -> str:
    for key, one, many in (
        ("working_days", "working day", "working days"),
        ("days", "day", "days"),
        ("minutes", "minute", "minutes"),
    ):
        if key not in detail:
            continue
        n = detail[key]
        if key == "minutes" and n >= 60:
            n, one, many = n // 60, "hour", "hours"
        return f"{n} {one if n == 1 else many}"
    return ""
