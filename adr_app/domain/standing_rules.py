"""Rules by which a vCISO allows harmless decisions in advance: what each looks at, and while it holds.

A rule names questions and, for each, the answers it allows. It clears nothing above level 1, nothing it looks
at that is unknown or unanswered, and nothing after its end or after the role under which it was signed.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from adr_app.domain.errors import Invalid
from adr_app.domain.security import level_of
from adr_app.domain.security_questions import FIRST, QUESTIONS, Question

HIGHEST = 1
"""The highest review level that can be cleared in advance."""

LONGEST_MONTHS = 12

Allows = tuple[tuple[str, tuple[str, ...]], ...]
"""The answers a rule allows, by question, in the order of the screen."""


class Rule(NamedTuple):
    """A rule as the record holds it: who signed it under which role, what it allows, from when to when."""

    id: int
    person: int
    engagement: int
    allows: Allows
    starts_at: datetime
    until: datetime
    ended_at: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Return whether the rule holds at `at`, as far as it depends on itself."""
        return self.starts_at <= at < self.until and (self.ended_at is None or at < self.ended_at)


def choices(question: Question) -> tuple[str, ...]:
    """Return the answers to a question that a rule may allow: those that alone ask for level 1 at most."""
    return tuple(answer.code for answer in question.answers if answer.floor <= HIGHEST)


LOOKED_AT = tuple(q for q in QUESTIONS.values() if q in FIRST or q.opened_by is not None)
"""The questions a rule can look at: all but the one that asks for the vCISO herself."""


def checked(typed: Mapping[str, Collection[str]]) -> Allows:
    """Return the answers a rule is to allow, in the order of the screen; a question without any is left out.

    :raises Invalid: when no question is named, or an answer is not one that can be allowed in advance.
    """
    offered = {question.code: choices(question) for question in LOOKED_AT}
    wrong = [code for code, some in typed.items() if some and not set(some) <= set(offered.get(code, ()))]
    if wrong:
        raise Invalid(
            "Some answers cannot be allowed in advance. Choose again.",
            dict.fromkeys(wrong, "Choose from the answers offered."),
        )
    found = tuple(
        (code, tuple(answer for answer in some if answer in typed[code]))
        for code, some in offered.items()
        if typed.get(code)
    )
    if not found:
        message = "Choose at least one question, and which answers to it you allow."
        raise Invalid(message, {"allows": message})
    return found


def effective(answers: Mapping[str, str], code: str, *, inside: bool) -> str | None:
    """Return the answer to a question as a rule reads it, None where there is none.

    What lies behind a first question answered no is as harmless as can be. A system inside a compliance
    boundary says so itself, whatever was answered.
    """
    if code == "q13" and inside:
        return "yes"
    question = QUESTIONS[code]
    if question.opened_by is not None and answers.get(question.opened_by) == "no":
        return question.answers[0].code
    return answers.get(code)


def meets(allows: Allows, answers: Mapping[str, str], *, inside: bool) -> bool:
    """Return whether answers are among those that a rule allows, and ask for no more than it may clear.

    Unknown and unanswered are never among them.
    """
    if not answers or level_of(answers, inside_boundary=inside).level > HIGHEST:
        return False
    return all(effective(answers, code, inside=inside) in allowed for code, allowed in allows)


def latest_end(today: date) -> date:
    """Return the last day on which a rule signed today may end: the same date a year on."""
    try:
        return today.replace(year=today.year + LONGEST_MONTHS // 12)
    except ValueError:
        return today.replace(year=today.year + LONGEST_MONTHS // 12, day=28)
