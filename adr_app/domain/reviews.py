"""The vCISO's answers: what each means, who may give one, and who may no longer accept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.decisions import TAKE_BACK_WITHIN, Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """One kind of answer.

    `is_input` says that it counts as the vCISO having been heard, `clears` that it is a security OK,
    `objects` that accepting afterwards goes against it. `button` is what the phone shows, `record` how the
    history and the sign-off block put it.
    """

    code: str
    is_input: bool
    clears: bool
    objects: bool
    button: str
    record: str
    needs_text: bool
    conditions: bool


_VERDICTS = (
    Verdict("approve", True, True, False, "OK", "said OK", False, False),
    Verdict(
        "approve-with-conditions", True, True, False, "OK, with to-dos…", "said OK, with to-dos", False, True
    ),
    Verdict(
        "not-relevant",
        True,
        True,
        False,
        "Not a security matter…",
        "found that it is not a security matter",
        True,
        False,
    ),
    Verdict("advise", True, False, False, "My advice…", "gave advice", True, False),
    Verdict(
        "changes-requested", True, False, True, "Change this first…", "asked for changes first", True, False
    ),
    Verdict("deny", True, False, True, "No, because…", "said no", True, False),
    Verdict("question", False, False, False, "I have a question…", "asked a question", True, False),
)

VERDICTS = {verdict.code: verdict for verdict in _VERDICTS}
"""Every kind of answer by its code, in the order in which a screen offers them."""

PHONE_ANSWERS = ("approve", "approve-with-conditions", "question", "deny", "not-relevant")
"""The answers on the one-page review, in screen order; the others are a tap further."""


def verdict_counts(giver: int, engagement: int | None, deciders: Collection[int]) -> bool:
    """Return whether an answer counts: given under a vCISO role, by somebody who did not decide."""
    return engagement is not None and giver not in deciders


def may_give_verdict(person: int, *, is_vciso: bool, deciders: Collection[int]) -> bool:
    """Return whether `person` may answer on a decision now: engaged as vCISO, and did not decide it."""
    return is_vciso and person not in deciders


def may_accept(person: int, answered: Collection[int]) -> bool:
    """Return whether `person` may accept as anybody may: none of the answers in `answered` is theirs.

    `answered` are the people whose answers on this decision would count.
    """
    return person not in answered


def must_accept_alone(person: int, answered: Collection[int], others_who_may: Collection[int]) -> bool:
    """Return whether `person` gave an answer and yet nobody else may accept.

    They may then accept, with a reason, and it is recorded as `sole`: their answer counts for nothing.
    `others_who_may` are the people with the right to accept, before this rule is asked.
    """
    if person not in answered:
        return False
    return not any(other != person and other not in answered for other in others_who_may)


def may_take_back(
    by: int, at: datetime, given_by: int, given_at: datetime, status: Status, *, of_verdict: bool
) -> bool:
    """Return whether an act may still be taken back: by the same person, within ten minutes.

    An answer (`of_verdict`) only while the decision is not yet accepted, an acceptance only while it stands.
    """
    if by != given_by or at - given_at > TAKE_BACK_WITHIN:
        return False
    return (status == Status.ACCEPTED) != of_verdict


def is_current(asked_number: int, newest_number: int) -> bool:
    """Return whether an answer is about the newest proposed version; one about an older is refused."""
    return asked_number == newest_number
