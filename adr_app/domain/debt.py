"""Technical debt: the states an item goes through, what each of them needs, and what may be typed.

Effort is whole hundredths of a working day everywhere.
"""

import re
from datetime import date
from enum import StrEnum

from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.values import dataclass


class State(StrEnum):
    """Where a debt item stands; that it was carried until a day which is past is worked out, never stored."""

    IDENTIFIED = "identified"
    ANALYSED = "analysed"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in-progress"
    REPAID = "repaid"
    VERIFIED = "verified"
    CARRIED = "carried"
    NOT_DEBT = "not-debt"
    WRITTEN_OFF = "written-off"


STATE_NAMES = {
    State.IDENTIFIED: "Noted",
    State.ANALYSED: "Estimated",
    State.SCHEDULED: "Planned",
    State.IN_PROGRESS: "Being fixed",
    State.REPAID: "Repaid",
    State.VERIFIED: "Repaid and checked",
    State.CARRIED: "Lived with",
    State.NOT_DEBT: "No debt after all",
    State.WRITTEN_OFF: "Not worth fixing",
}

OPEN = frozenset({State.IDENTIFIED, State.ANALYSED, State.SCHEDULED, State.IN_PROGRESS, State.CARRIED})
"""What is still owed and still costs something each month."""

CLOSED = frozenset(State) - OPEN

ESTIMATE = ("system", "fix_days", "monthly_loss", "owner")
"""What an estimate consists of, whenever one is made."""

FIRST_ESTIMATE = (*ESTIMATE, "intent", "care")
"""What the first estimate of an item asks for: also how the debt was taken on."""


class Move(StrEnum):
    """An act that changes where an item stands, or asks for that."""

    ESTIMATE = "estimate"
    SCHEDULE = "schedule"
    START = "start"
    REPAY = "repay"
    VERIFY = "verify"
    ASK_TO_CARRY = "ask-to-carry"
    CARRY = "carry"
    WRITE_OFF = "write-off"
    NOT_DEBT = "not-debt"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table of moves: from where, to where, what must be given, and who may.

    `to` is None where it follows from what is known of the item: see `reopened` and `estimated`.
    """

    sources: frozenset[State]
    to: State | None
    needs: tuple[str, ...]
    who: Act


_ESTIMATED = frozenset({State.ANALYSED, State.CARRIED})
_ON_ITS_WAY = frozenset({State.SCHEDULED, State.IN_PROGRESS, State.CARRIED})

MOVES: dict[Move, Step] = {
    Move.ESTIMATE: Step(OPEN, None, ESTIMATE, Act.NOTE_DEBT),
    Move.SCHEDULE: Step(
        _ESTIMATED | {State.SCHEDULED}, State.SCHEDULED, ("starts_on", "monthly_work"), Act.NOTE_DEBT
    ),
    Move.START: Step(frozenset({State.SCHEDULED}), State.IN_PROGRESS, (), Act.NOTE_DEBT),
    # Somebody may just have fixed it: what has happened is written down, not made to go through a plan.
    Move.REPAY: Step(OPEN, State.REPAID, (), Act.NOTE_DEBT),
    Move.VERIFY: Step(frozenset({State.REPAID}), State.VERIFIED, ("gone",), Act.NOTE_DEBT),
    Move.ASK_TO_CARRY: Step(_ESTIMATED, None, ("reason", "until"), Act.NOTE_DEBT),
    Move.CARRY: Step(_ESTIMATED, State.CARRIED, ("reason", "until"), Act.ACCEPT_RISK),
    Move.WRITE_OFF: Step(OPEN, State.WRITTEN_OFF, ("system", "retires_on"), Act.WRITE_OFF_DEBT),
    Move.NOT_DEBT: Step(OPEN, State.NOT_DEBT, ("reason",), Act.NOTE_DEBT),
    Move.REOPEN: Step(CLOSED | _ON_ITS_WAY, None, ("reason",), Act.NOTE_DEBT),
}
"""A debt item's life: for each move from which states, where to, what must be given, and who may make it."""

VERIFY_AFTER_DAYS = 30
"""Days after a repayment before anybody can say whether the loss has gone."""

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
    "knowledge": "Known to one person only",
    "mess": "Mess: nothing was gained by it",
    "other": "Other",
}

INTENTS = {"deliberate": "Yes, we knew it", "inadvertent": "No, we saw it later"}
"""Whether it was taken on knowingly, by code: one side of the quadrant."""

CARES = {"prudent": "Yes, with reasons", "reckless": "No, nobody thought it through"}
"""Whether it was taken on with care, by code: the other side."""

LINK_ROLES = {
    "incurred_by": "Incurred by",
    "repaid_by": "Repaid by",
    "revealed_by": "Shown by",
    "accepted_by": "Lived with because of",
}

SEEN_FROM_DECISION = {
    "incurred_by": "Caused",
    "repaid_by": "Repays",
    "revealed_by": "Showed",
    "accepted_by": "Lives with",
}
"""What a decision does to a debt it is linked to, by the same roles."""

GONE = {"yes": "Yes, all of it", "partly": "In part", "no": "No"}
"""Whether the loss has gone after a repayment, by code."""

WHAT_TO_GIVE = {
    "title": "Say in one line what is owed.",
    "system": "Name the system it is in.",
    "fix_days": "Say how many working days a fix takes.",
    "monthly_loss": "Say how many working days it costs each month; 0 is an answer.",
    "owner": "Name who answers for it.",
    "intent": "Say whether it was taken on knowingly.",
    "care": "Say whether it was thought through.",
    "benefit": "Say in one line what was gained by it. If nothing was, choose the kind “Mess”.",
    "reason": "Say why, in one line.",
    "starts_on": "Choose the month in which the work begins.",
    "monthly_work": "Say how many working days a month are set aside for it.",
    "until": "Choose the last day until which it is lived with.",
    "retires_on": "Choose the day on which the system is switched off.",
    "gone": "Say whether the loss has gone.",
    "left_over": "Say how much of the loss is left, in per cent.",
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
    step = MOVES[move]
    if state not in step.sources:
        raise WrongState(
            f"This item is “{STATE_NAMES[State(state)].lower()}” now, so that cannot be done. "
            "Look at the page again: somebody may have acted meanwhile."
        )
    if move is Move.ESTIMATE and state == State.IDENTIFIED:
        return FIRST_ESTIMATE
    return step.needs


def moves_from(state: str) -> list[Move]:
    """Return the moves that are possible from a state, in table order."""
    return [move for move, step in MOVES.items() if state in step.sources]


def standing_on(state: str, carried_until: date | None, today: date) -> State:
    """Return where an item stands on a day: what was lived with until an earlier day is open again."""
    if state == State.CARRIED and carried_until is not None and carried_until < today:
        return State.ANALYSED
    return State(state)


def needs_benefit(intent: str, kind: str) -> bool:
    """Return whether it must be said what was gained: by what was taken on knowingly, and is no mess."""
    return intent == "deliberate" and kind != "mess"


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


def in_money(hundredths: int, day_rate: int) -> int:
    """Return what an effort costs in minor units, at so many minor units a day, half rounded up."""
    return (hundredths * day_rate * 2 + 100) // 200
