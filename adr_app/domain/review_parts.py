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

LONGEST = 2000


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
