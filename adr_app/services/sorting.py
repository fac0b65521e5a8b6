"""Quick sorting of what is older than the log: many short answers at once, each an act of its own.

A row that cannot be answered now is refused with its reason, and the others are stored all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import peewee

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound, Refused, WrongState
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision
from adr_app.services import gates, levels, older, reviews
from adr_app.services.people import Viewer

CLOSER = "closer"
"""The choice that answers nothing: it asks for a full review, and says why."""

ANSWERS = {
    "approve": "OK as it is",
    "not-relevant": "Not a security matter",
    CLOSER: "Needs a closer look",
}
"""What can be said of a decision in one line, by code: two of the vCISO's answers, or a closer look."""

LONGEST_REASON = 300
DECIDE_FIRST = "Choose an answer for this reason, or empty it."
TEXT_WAITS = "A changed text waits beside the one in force. Open it and compare the two."

NOT_NOW = "The database could not save this one just now. Send it again."


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was said of one decision: the version that was shown, a code of `ANSWERS`, and why.

    Without a code it is left for later.
    """

    number: int
    base: int
    code: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """Which decisions were answered, and why each of the others was not, by number."""

    answered: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def sort(viewer: Viewer, said: Iterable[Sorted], *, at: datetime) -> Outcome:
    """Store each answer as an act of its own; nothing is said of what is left for later.

    :raises NotAllowed: when this person is no vCISO here.
    :raises NotFound: when one of them is missing, hidden or another company's: then nothing is stored.
    :raises Invalid: when there are more than a page holds.
    """
    viewer.require(Act.GIVE_VERDICT)
    wanted = [one for one in said if one.code or one.reason.strip()]
    if len(wanted) > older.PAGE:
        raise Invalid(f"Answer at most {older.PAGE} at once.")
    known = older.numbered(viewer, (one.number for one in wanted))
    if any(one.number not in known for one in wanted):
        raise NotFound("There is no such decision.")
    outcome = Outcome()
    for one in wanted:
        try:
            _store(viewer, known[one.number], one, at)
        except Refused as refusal:
            outcome.refused[one.number] = next(iter(getattr(refusal, "fields", {}).values()), str(refusal))
        except peewee.OperationalError:
            # A page that says that nothing was saved would be wrong once something was.
            if not outcome.answered:
                raise
            outcome.refused[one.number] = NOT_NOW
        else:
            outcome.answered.append(one.number)
    return outcome


def _store(viewer: Viewer, decision: Decision, one: Sorted, at: datetime) -> None:
    if one.code not in ANSWERS:
        raise Invalid(DECIDE_FIRST if not one.code else "Choose one of the answers offered.")
    reason = " ".join(clean_text(one.reason, "reason").split())
    if not reason:
        raise Invalid("Say why, in one line.")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Shorten this to {LONGEST_REASON} characters; it has {len(reason)}.")
    if decision.latest != one.base:
        raise WrongState("The text changed since you opened this page. Read the new version, then answer.")
    if gates.level_of(decision) >= older.FULL_REVIEW:
        raise WrongState("Somebody asked for a full review of this. Open it and answer there.")
    if one.code == CLOSER:
        levels.raise_to(viewer, one.number, older.FULL_REVIEW, reason=reason, unchecked=True, at=at)
        return
    if decision.in_force != decision.latest:
        raise WrongState(TEXT_WAITS)
    reviews.answer(viewer, one.number, one.code, base=one.base, text=reason, unchecked=True, at=at)
