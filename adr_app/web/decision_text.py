"""A decision's text as a form carries it: read from what was sent, and shown again as it was typed."""

from typing import Any

from flask import request

from adr_app.domain.errors import Invalid
from adr_app.domain.revisions import EMPTY, FIELDS, MAX_ITEMS
from adr_app.domain.security import open_questions
from adr_app.domain.security_questions import FIRST, FOLLOW_UPS, QUESTIONS, UNKNOWN, Question

ANSWER = "answer-"
"""What the name of a security question's field begins with: some codes are also names of fields."""

WHOLE = "whole"
"""A hidden field that says: what this form does not carry was emptied, as a browser sends no empty box."""

_ROWS = MAX_ITEMS + 10
_OPTION_PARTS = ("title", "pros", "cons")


def fields() -> dict[str, Any]:
    """Return the fields of a decision that this request's form carries, as they were typed."""
    form = request.form
    found: dict[str, Any] = {}
    for field in FIELDS:
        if field.shape == "options":
            if WHOLE in form:
                found[field.name] = _options()
        elif field.shape == "codes":
            if WHOLE in form or field.name in form:
                found[field.name] = form.getlist(field.name)
        elif field.name in form:
            found[field.name] = form[field.name]
    return found


def body() -> str | None:
    """Return the whole text of a decision that is one, or None where the form has no such field."""
    return request.form.get("body")


def answers() -> dict[str, str] | None:
    """Return the answers to the security questions, less those that the first four did not bring up.

    None where the form does not carry the questions at all.

    :raises Invalid: naming the field of each answer that is not offered.
    """
    if WHOLE not in request.form:
        return None
    given = {code: request.form.get(ANSWER + code, "") for code in QUESTIONS}
    given = {code: answer for code, answer in given.items() if answer}
    wrong = {
        ANSWER + code: "Choose one of the answers offered."
        for code, answer in given.items()
        if answer != UNKNOWN and answer not in {offered.code for offered in QUESTIONS[code].answers}
    }
    if wrong:
        raise Invalid("Choose again where an answer is not one of those offered.", wrong)
    opened = {question.code for question in open_questions(given)}
    return {code: answer for code, answer in given.items() if code in opened}


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """Return fields as a form shows them: lists as one line, everything else as it is."""
    values = {**EMPTY, **stored}
    for field in FIELDS:
        if field.shape == "list" and not isinstance(values[field.name], str):
            values[field.name] = ", ".join(values[field.name])
    return values


def chosen(options: list[dict[str, Any]]) -> int | None:
    """Return the place of the option that was chosen, or None."""
    return next((place for place, option in enumerate(options) if option.get("chosen")), None)


def groups() -> list[tuple[Question, list[Question]]]:
    """Return each first question with the follow-ups that its yes brings up."""
    return [(first, [q for q in FOLLOW_UPS if q.opened_by == first.code]) for first in FIRST]


def always_open() -> list[Question]:
    """Return the follow-ups that every decision is asked."""
    return [question for question in FOLLOW_UPS if question.opened_by is None]


def _options() -> list[dict[str, Any]]:
    form = request.form
    places = []
    for name in form:
        first, _, rest = name.partition("-")
        place, _, part = rest.partition("-")
        if (
            first == "option"
            and part in _OPTION_PARTS
            and place.isascii()
            and place.isdigit()
            and len(place) < 5
        ):
            places.append(int(place))
    rows = []
    for at in sorted(set(places))[:_ROWS]:
        row: dict[str, Any] = {part: form.get(f"option-{at}-{part}", "") for part in _OPTION_PARTS}
        row["chosen"] = form.get("option-chosen") == str(at)
        if any(row[part].strip() for part in _OPTION_PARTS):
            rows.append(row)
    return rows
