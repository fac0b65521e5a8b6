"""Living with a debt until a day: who is asked, in which order, and until when at most."""

from collections.abc import Collection
from datetime import date

from adr_app.domain.debt_days import last_day_to_carry
from adr_app.domain.errors import WrongState

STATES = ("asked", "agreed", "refused", "carried", "declined", "withdrawn")
"""Asked; the vCISO agreed or refused; leadership took it on or declined; or whoever asked withdrew it.

What security does not concern goes from asked to leadership at once.
"""

WAITING = ("asked", "agreed")
"""States in which somebody is waited for; an item has one such request at most."""

HEARD_OF = frozenset(
    {"title", "kind", "system", "symptoms", "impact", "obligation_on", "fix_days", "monthly_loss"}
)
"""What of an item the vCISO goes by who agrees that it is lived with."""


def is_outdated(state: str, *, changed: Collection[str], concerns_security: bool, concerned: bool) -> bool:
    """Return whether a request that waits in `state` is over as the item says something else now.

    What the vCISO agreed to is what she read. Where the item came to concern security only now, she was not
    asked: her time to answer would be over before it began.
    """
    if not concerns_security:
        return False
    return not concerned or (state == "agreed" and not HEARD_OF.isdisjoint(changed))


WORDS = {
    "asked": "Asked for",
    "agreed": "The vCISO agrees",
    "refused": "The vCISO does not agree",
    "carried": "Taken on by leadership",
    "declined": "Declined by leadership",
    "withdrawn": "Withdrawn",
}


def until_problem(until: date | None, today: date) -> str:
    """Return what is wrong with the last day until which an item is to be lived with, or nothing."""
    if until is None:
        return "Choose the last day until which it is lived with."
    if until < today:
        return "Choose today or a later day."
    if until > last_day_to_carry(today):
        return "Choose a day within the next twelve months: then somebody looks at it again."
    return ""


def check_agreed(state: str, *, concerns_security: bool, vciso_engaged: bool, late: bool) -> None:
    """Refuse to let leadership take on what the vCISO has not agreed to and still can.

    Nobody is stopped by somebody's absence: where no vCISO is engaged, or their time to answer is over
    (`late`), leadership decides alone, and the flag on such a debt stays.

    :raises WrongState: saying who is waited for.
    """
    if concerns_security and state != "agreed" and vciso_engaged and not late:
        raise WrongState("This concerns security, so the vCISO has to agree first.")
