"""Which review level counts: what the answers ask for, and what somebody set beyond them.

The vCISO's answer sets the level, and anybody may ask for a closer look; both hold over later versions as the
least there is, so that an edit lowers nothing. Riskier answers still raise it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from adr_app.domain.security import UNKNOWN_LEVEL

TEXT, RAISED, LOWERED, ANSWER = "text", "raised", "lowered", "answer"


class LevelAct(NamedTuple):
    """An act that bears on the level: a new text (`level` None: nothing answered), one set, or an answer.

    `by` is the person who set one.
    """

    kind: str
    level: int | None
    verdict: int = 0
    by: int | None = None


def at_least(answers: int | None, least: int | None) -> int | None:
    """Return the level of a text from its answers (None: never answered) and the least that was set."""
    if least is None:
        return answers
    return max(UNKNOWN_LEVEL if answers is None else answers, least)


def level_after(acts: Iterable[LevelAct]) -> tuple[int | None, int | None]:
    """Return the level after these acts, None where nothing settled it, and the least for later texts."""
    level: int | None = None
    least: int | None = None
    for act in acts:
        if act.kind == TEXT:
            level = at_least(act.level, least)
        elif act.kind == LOWERED:
            level, least = act.level, None
        else:
            level = least = act.level
    return level, least
