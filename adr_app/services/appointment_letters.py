"""Letters of appointment by their reference: with a role as it is given, or noted later as an act."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.worktime import local_day
from adr_app.models.mandates import AppointmentLetter
from adr_app.services.record import Ledger

LONGEST_TITLE = 120
LONGEST_PLACE = 500

_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S|\S*://|//", re.IGNORECASE | re.ASCII)
"""What a browser might follow; only the first is ever shown as a link."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as somebody typed it: what it is called, where it lies, and its date."""

    title: str = ""
    place: str = ""
    dated_on: date | None = None

    @property
    def is_given(self) -> bool:
        """Return whether anything was typed at all."""
        return bool(self.title.strip() or self.place.strip() or self.dated_on)


def is_address(place: str) -> bool:
    """Return whether a place may be shown as a link: an address of the web in full."""
    return _WEB.fullmatch(place) is not None


def check(letter: Letter, today: date) -> Letter:
    """Return a letter, cleaned.

    :raises Invalid: naming each field that has to be mended.
    """
    title = " ".join(clean_text(letter.title, "letter_title").split())
    place = " ".join(clean_text(letter.place, "letter_place").split())
    problems = {}
    if not title:
        problems["letter_title"] = "Say what the letter is called, such as: letter of appointment."
    elif len(title) > LONGEST_TITLE:
        problems["letter_title"] = f"Shorten this to {LONGEST_TITLE} characters."
    if not place:
        problems["letter_place"] = "Say where the letter lies: a drawer, a file or an address."
    elif len(place) > LONGEST_PLACE:
        problems["letter_place"] = f"Shorten this to {LONGEST_PLACE} characters."
    elif _SCHEME.match(place) and not is_address(place):
        problems["letter_place"] = "Type an address that begins with https://, or say it in words."
    if letter.dated_on is None:
        problems["letter_on"] = "Give the date of the letter."
    elif letter.dated_on > today:
        problems["letter_on"] = "That day has not come yet. Note the letter once it is dated."
    if problems:
        raise Invalid("The appointment letter is not complete yet.", problems)
    return Letter(title, place, letter.dated_on)


def keep(ledger: Ledger, engagement_id: int, letter: Letter) -> dict[str, Any]:
    """Store a letter within an act and return what its event says of it.

    :raises Invalid: as `check`.
    """
    found = check(letter, local_day(ledger.at, ledger.company.zone))
    kept = AppointmentLetter.create(
        company=ledger.company.id,
        engagement_id=engagement_id,
        title=found.title,
        place=found.place,
        dated_on=found.dated_on,
        person=ledger.actor,
        at=ledger.at,
    )
    return {"letter": kept.id, "row": kept.row_digest}


def of_roles(company_id: int) -> dict[int, list[AppointmentLetter]]:
    """Return the letters of a company's roles, newest first, by the role's id."""
    found: dict[int, list[AppointmentLetter]] = defaultdict(list)
    rows = AppointmentLetter.select().where(AppointmentLetter.company == company_id)
    for row in rows.order_by(AppointmentLetter.engagement_id, AppointmentLetter.id.desc()):
        found[row.engagement_id].append(row)
    return found
