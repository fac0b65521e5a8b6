"""The four parts of a full review: what a vCISO may say beside an answer, none of which is ever required."""

from collections.abc import Mapping

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid

PARTS = {
    "exposed": "What is exposed?",
    "needed": "Which policy or safeguard does it need?",
    "duty": "Which duty does it touch, by law or contract?",
    "ready": "Are we ready to respond?",
}
"""Each part by its code, in the order in which a review goes through them."""

ASKED_FIRST_FROM = 3
"""From this review level on the page opens them before the answer; no answer ever waits for them."""

UNSAID = {
    "exposed": "what is exposed",
    "needed": "which policy or safeguard it needs",
    "duty": "which duty it touches",
    "ready": "how ready we are to respond",
}
"""Each part as it is told where a full review said nothing of it."""

OF_A_FULL_REVIEW = frozenset({"approve", "approve-with-conditions", "changes-requested", "deny"})
"""The answers after which the parts are missed: the others judge no text, or say that there is nothing to."""

LONGEST = 2000


def unsaid(code: str, level: int, said: Mapping[str, str]) -> str:
    """Return in a sentence which parts an answer to a full review leaves out; empty where none is missed."""
    if level < ASKED_FIRST_FROM or code not in OF_A_FULL_REVIEW:
        return ""
    left = [words for part, words in UNSAID.items() if not said.get(part)]
    if len(left) == len(PARTS):
        return "None of the four parts of a full review is said."
    return f"Of a full review is not said: {', '.join(left)}." if left else ""


def cleaned(typed: Mapping[str, str]) -> dict[str, str]:
    """Return every part as it is kept, empty where nothing was said.

    :raises Invalid: naming each part that is too long or cannot be shown.
    """
    said = {code: clean_text(typed.get(code, ""), f"part-{code}").strip() for code in PARTS}
    long = {code: words for code, words in said.items() if len(words) > LONGEST}
    if long:
        message = f"Shorten this to {LONGEST} characters."
        raise Invalid("Shorten what you wrote.", {f"part-{code}": message for code in long})
    return said
