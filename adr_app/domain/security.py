"""How much security review a decision needs, from the answers to the security questions."""

from collections.abc import Mapping
from datetime import date, datetime

from adr_app.domain.errors import Invalid
from adr_app.domain.security_questions import FIRST, FOLLOW_UPS, QUESTIONS, UNKNOWN, Question
from adr_app.domain.values import dataclass
from adr_app.domain.worktime import same_date_next_year

LEVEL_NAMES = {
    0: "No review",
    1: "Tell the vCISO",
    2: "vCISO's OK",
    3: "vCISO's OK, full review",
}
"""Review levels 0 to 3 in the words of the screen."""

OK_NEEDED_FROM = 2
"""From this level on, a decision needs the vCISO's OK."""

UNKNOWN_LEVEL = 2
"""What a question without a known answer counts as."""

VALID_MONTHS: dict[int, int | None] = {0: None, 1: None, 2: 24, 3: 12}
"""How long a security OK holds, in months, by level; None is without end."""

_FLOORS = {q.code: {a.code: a.floor for a in q.answers} for q in QUESTIONS.values()}
_OPTIONAL = frozenset({"q1"})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level the answers ask for, and why.

    `because` are the codes of the questions that set the level; `unanswered` those on the screen without an
    answer and `unknown` those answered “unknown”: both go to the vCISO. `expedited` means that the check
    comes after the fact.
    """

    level: int
    because: tuple[str, ...]
    expedited: bool
    unanswered: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def open_questions(answers: Mapping[str, str]) -> tuple[Question, ...]:
    """Return the questions a screen shows: the first four, and what a yes (or unknown) among them opens."""
    opening = {q.code for q in FIRST if answers.get(q.code) in ("yes", UNKNOWN)}
    return (*FIRST, *(q for q in FOLLOW_UPS if q.opened_by is None or q.opened_by in opening))


def first_four_answered(answers: Mapping[str, str]) -> bool:
    """Return whether each of the four first questions has a yes or a no."""
    return all(answers.get(q.code) in ("yes", "no") for q in FIRST)


def check_answers(answers: Mapping[str, str]) -> None:
    """Refuse an answer that its question does not offer.

    :raises Invalid: naming each such field.
    """
    wrong = {
        code: "Choose one of the answers offered."
        for code, answer in answers.items()
        if code not in _FLOORS or (answer != UNKNOWN and answer not in _FLOORS[code])
    }
    if wrong:
        raise Invalid("Some security questions have an answer that is not offered. Choose again.", wrong)


def level_of(answers: Mapping[str, str], *, inside_boundary: bool = False) -> Assessment:
    """Return the review level that `answers` (question code to answer code) ask for.

    The level is the highest that any open question asks for; then “cannot go back” adds one to a level of 1
    or 2. Without a known answer a question counts as level 2. Below a first question answered no, nothing
    counts, so four times no is level 0. `inside_boundary` says that a system named in the decision lies
    inside a compliance boundary: level 1 at least, like a yes to that question. A first question answered
    “unknown” is level 2 already, so its follow-ups need no answer, but what they say still counts.

    :raises Invalid: for an answer that is not offered.
    """
    check_answers(answers)
    floors: dict[str, int] = {}
    unanswered, unknown = [], []
    for question in open_questions(answers):
        code = question.code
        answer = answers.get(code)
        if answer == UNKNOWN:
            unknown.append(code)
            floors[code] = UNKNOWN_LEVEL
        elif answer is not None:
            floors[code] = _FLOORS[code][answer]
        elif code not in _OPTIONAL and answers.get(question.opened_by or "") != UNKNOWN:
            unanswered.append(code)
            floors[code] = UNKNOWN_LEVEL
    if inside_boundary:
        floors["q13"] = max(floors.get("q13", 0), 1)
    level = max(floors.values())
    because = [code for code, floor in floors.items() if floor == level and level > 0]
    opened_undo = answers.get("undo") in ("yes", UNKNOWN)
    if opened_undo and answers.get("q12") == "no" and 1 <= level < 3:
        level += 1
        because.append("q12")
    return Assessment(
        level,
        tuple(because),
        opened_undo and answers.get("q14") == "yes",
        tuple(unanswered),
        tuple(unknown),
    )


def valid_until(level: int, at: datetime, zone: str) -> date | None:
    """Return the last day on which an OK given at `at` still holds, or None when it holds without end."""
    months = VALID_MONTHS[level]
    return None if months is None else same_date_next_year(at, zone, months // 12)


def marks_of(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the answers tell beyond a level: `deviates` (from a rule), `unknown` (some are)."""
    asked = {question.code: answers.get(question.code) for question in open_questions(answers)}
    deviates, unknown = asked.get("q8") == "yes", UNKNOWN in asked.values()
    return (("deviates",) if deviates else ()) + (("unknown",) if unknown else ())
