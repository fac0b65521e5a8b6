"""What goes over to a successor as a role is handed over: the reviews that lie with its holder, a note."""

from dataclasses import dataclass
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.permissions import ADVISER_ROLES, Role
from adr_app.models.mandates import Handover
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.services import people
from adr_app.services.record import Ledger, Subject

LONGEST_NOTE = 8000
OPEN = ("waiting", "question")


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A handover as it was kept, with what its event says and which decisions it is about as well."""

    kept: Handover
    told: dict[str, Any]
    also: list[Subject]


def check_note(note: str) -> str:
    """Return the words for a successor, cleaned.

    :raises Invalid: when there are too many.
    """
    words = clean_text(note, "note").strip()
    if len(words) > LONGEST_NOTE:
        message = f"Shorten this to {LONGEST_NOTE} characters."
        raise Invalid(message, {"note": message})
    return words


def of(ending: Engagement, at: Any) -> list[Engagement]:
    """Return who could take a role over: everybody else who holds the same one now, each with its person."""
    if ending.role not in ADVISER_ROLES:
        return []
    held = people.holders(ending.company_id, Role(ending.role), at)
    return [one for one in held if one.person_id != ending.person_id]


def pass_on(ledger: Ledger, ending: Engagement, successor: int | None, note: str) -> PassedOn:
    """Keep a handover within an act; the reviews that lie with the holder lie with the successor from now.

    Without a successor (an engagement of the same role) nothing moves: it waits for whoever is engaged next.

    :raises Invalid: when there is neither a successor nor a note, or the note is too long.
    :raises NotFound: when the successor is nobody else who holds this role now.
    :raises WrongState: for a role with which nothing goes.
    """
    words = check_note(note)
    if ending.role not in ADVISER_ROLES:
        raise WrongState("Nothing goes with this role that could be handed over.")
    if successor is None and not words:
        message = "Name a successor, or write what whoever comes next has to know."
        raise Invalid(message, {"note": message})
    next_one = next((one for one in of(ending, ledger.at) if one.id == successor), None)
    if successor is not None and next_one is None:
        raise NotFound("There is no such person here.")
    moved = _move(ledger, ending, next_one) if next_one and ending.role == Role.VCISO else []
    kept = Handover.create(
        company=ledger.company.id,
        engagement_id=ending.id,
        successor_id=successor,
        note=words,
        person=ledger.actor,
        at=ledger.at,
    )
    told = {
        "handover": kept.id,
        "row": kept.row_digest,
        "to": successor,
        "of": next_one.person_id if next_one else None,
        "reviews": [review for review, _ in moved],
    }
    return PassedOn(kept, told, [("decision", key) for _, key in moved])


def _move(ledger: Ledger, ending: Engagement, successor: Engagement) -> list[tuple[int, int]]:
    lies = (
        (Review.company == ledger.company.id) & (Review.asked_of == ending.person_id) & Review.state.in_(OPEN)
    )
    rows = list(Review.select(Review.id, Review.decision_id).where(lies).order_by(Review.id).tuples())
    if rows:
        Review.update(asked_of=successor.person_id, taken_at=ledger.at).where(lies).execute()
    return rows
