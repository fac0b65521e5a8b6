"""Technical debt: the states an item goes through, what each of them needs, and what may be typed.

Effort is whole hundredths of a working day everywhere.
"""

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any

from adr_app.domain.digest import check_integer, clean_text
from adr_app.domain.errors import Invalid, WrongState


class State(StrEnum):
    """Where a debt item stands."""

    IDENTIFIED = "identified"
    ANALYSED = "analysed"
    REPAID = "repaid"
    NOT_DEBT = "not-debt"


STATE_NAMES = {
    State.IDENTIFIED: "Noted",
    State.ANALYSED: "Estimated",
    State.REPAID: "Repaid",
    State.NOT_DEBT: "No debt after all",
}

OPEN = frozenset({State.IDENTIFIED, State.ANALYSED})

CLOSED = frozenset(State) - OPEN

ESTIMATE = ("system", "fix_days", "monthly_loss", "owner")
"""What an estimate consists of."""


class Move(StrEnum):
    """An act that changes where an item stands."""

    ESTIMATE = "estimate"
    REPAY = "repay"
    NOT_DEBT = "not-debt"
    REOPEN = "reopen"


MOVES: dict[Move, tuple[frozenset[State], tuple[str, ...]]] = {
    Move.ESTIMATE: (OPEN, ESTIMATE),
    Move.REPAY: (OPEN, ()),
    Move.NOT_DEBT: (OPEN, ("reason",)),
    Move.REOPEN: (CLOSED, ("reason",)),
}
"""Each move: the states it is possible from, and what must be given for it."""

KINDS = {
    "architecture": "Architecture",
    "code": "Code",
    "data": "Data or database",
    "infrastructure": "Infrastructure",
    "dependency": "Outdated dependency",
    "testing": "Testing",
    "documentation": "Documentation",
    "security": "Security",
    "process": "Build or release process",
    "other": "Other",
}

LINK_ROLES = {"incurred_by": "Incurred by", "repaid_by": "Repaid by"}

WHAT_TO_GIVE = {
    "title": "Say in one line what is owed.",
    "system": "Name the system it is in.",
    "fix_days": "Say how many working days a fix takes.",
    "monthly_loss": "Say how many working days it costs each month; 0 is an answer.",
    "owner": "Name who answers for it.",
    "reason": "Say why, in one line.",
}

MAX_TITLE = 200
MAX_SYSTEM = 200
MAX_SYMPTOMS = 10_000
MAX_REASON = 300
MAX_EFFORT = 100_000_00
"""The largest effort accepted, in hundredths of a working day (100,000 days)."""

_EFFORT = re.compile(r"([0-9]{0,12})(?:[.,]([0-9]*))?")


def needs(state: str, move: Move) -> tuple[str, ...]:
    """Return what must be given to make a move from a state.

    :raises WrongState: when the move is not possible from there.
    """
    sources, facts = MOVES[move]
    if state not in sources:
        raise WrongState(
            f"This item is “{STATE_NAMES[State(state)].lower()}” now, so that cannot be done. "
            "Look at the page again: somebody may have acted meanwhile."
        )
    return facts


def moves_from(state: str) -> list[Move]:
    """Return the moves that are possible from a state, in table order."""
    return [move for move, (sources, _) in MOVES.items() if state in sources]


def clean(typed: Mapping[str, str], needed: Collection[str] = ()) -> dict[str, Any]:
    """Return what was typed, cleaned: lines and text as NFC, efforts in hundredths, the owner as an id.

    Only the fields given are returned; empty efforts and an empty owner are None.

    :raises Invalid: naming every field that cannot be saved, or is `needed` and empty, and what to do.
    """
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in typed.items():
        try:
            fields[name] = _CLEANERS[name](text)
        except Invalid as error:
            problems[name] = str(error)
    for name in needed:
        if name not in problems and fields.get(name) in (None, ""):
            problems[name] = WHAT_TO_GIVE[name]
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return fields


def parse_effort(text: str) -> int | None:
    """Return typed working days, such as `2`, `0.5` or `2,5`, as hundredths; None for nothing typed.

    :raises Invalid: for anything but a plain number with at most two decimals, up to `MAX_EFFORT`.
    """
    text = text.strip()
    if not text:
        return None
    found = _EFFORT.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        if text.startswith(("-", "\N{MINUS SIGN}")):
            raise Invalid("Working days cannot be less than zero.")
        raise Invalid("Type working days as a number, such as 2 or 0.5.")
    whole, part = found[1] or "0", found[2] or ""
    if len(part) > 2:
        # 1,000 is a thousand to some and one to others, so it is asked for again, never guessed.
        raise Invalid("Use at most two decimals, and nothing between thousands: 0.25 or 1000.")
    hundredths = int(whole) * 100 + int(part.ljust(2, "0"))
    if hundredths > MAX_EFFORT:
        raise Invalid(f"Give at most {MAX_EFFORT // 100:,} working days; split what is larger.")
    return hundredths


def effort_text(hundredths: int | None) -> str:
    """Return an effort as somebody would type it: `2`, `0.5`, `12.25`, or nothing where unknown."""
    if hundredths is None:
        return ""
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")


def months_to_pay_off(fix_days: int | None, monthly_loss: int | None) -> int | None:
    """Return after how many whole months a fix has paid for itself, rounded up.

    Both efforts in hundredths of a working day; None where either is unknown or nothing is lost.
    Linear payback without growth: cost of the fix divided by what is lost each month.
    """
    if not fix_days or not monthly_loss:
        return None
    return -(-fix_days // monthly_loss)


def outlook(fix_days: int | None, monthly_loss: int | None) -> str:
    """Return in one sentence what the two estimates mean together; nothing while either is unknown."""
    if fix_days is None or monthly_loss is None:
        return ""
    if monthly_loss == 0:
        return "It costs nothing each month, so a fix would not pay for itself."
    months = months_to_pay_off(fix_days, monthly_loss)
    if months is None:
        return "A fix takes no time, so it pays for itself at once."
    if months == 1:
        return "A fix pays for itself within a month."
    if months < 24:
        return f"A fix pays for itself in about {months} months."
    if months <= 120:
        return f"A fix pays for itself in about {round(months / 12)} years."
    return "A fix would need more than ten years to pay for itself."


def in_money(hundredths: int, day_rate: int) -> int:
    """Return what an effort costs in minor units, at so many minor units a day, half rounded up."""
    return (hundredths * day_rate * 2 + 100) // 200


def _line(limit: int) -> Callable[[str], str]:
    def cleaner(text: str) -> str:
        line = " ".join(clean_text(text).split())
        if len(line) > limit:
            raise Invalid(f"Shorten this to {limit} characters; it has {len(line)}.")
        return line

    return cleaner


def _symptoms(text: str) -> str:
    cleaned = clean_text(text).strip("\n").rstrip()
    if len(cleaned) > MAX_SYMPTOMS:
        raise Invalid(f"Shorten this to {MAX_SYMPTOMS:,} characters; it has {len(cleaned):,}.")
    return cleaned


def _kind(text: str) -> str:
    if text not in KINDS:
        raise Invalid("Choose a kind from the list.")
    return text


def _owner(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return check_integer(text, low=1, high=2**31 - 1)
    except Invalid:
        raise Invalid("Choose from the list.") from None


_CLEANERS: dict[str, Callable[[str], Any]] = {
    "title": _line(MAX_TITLE),
    "system": _line(MAX_SYSTEM),
    "symptoms": _symptoms,
    "reason": _line(MAX_REASON),
    "kind": _kind,
    "owner": _owner,
    "fix_days": parse_effort,
    "monthly_loss": parse_effort,
    "actual_days": parse_effort,
}
