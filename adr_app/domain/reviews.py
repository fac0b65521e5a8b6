"""The vCISO's answers: what each means, and which of them count."""

from adr_app.domain.values import dataclass


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


def verdict_counts(code: str, engagement: int | None, decided: bool) -> bool:
    """Return whether an answer counts as the vCISO's input on a decision.

    `engagement` is the vCISO role it was given under, None where there was none; `decided` says that the
    giver accepted or made that decision: nobody both decides and judges.
    """
    return VERDICTS[code].is_input and engagement is not None and not decided
