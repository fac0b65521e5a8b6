"""What a decision puts at stake, in plain words: what must be protected, and what happens if that fails."""

from collections.abc import Mapping
from typing import Any

from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.domain.stakes import PLAIN_DATA

DATA_WORDS = {
    "personal": "data about people",
    "health": "health data",
    "payment": "card data",
    "government": "government data",
    "secrets": "passwords or keys",
}
"""Sensitive data by its code, as a sentence names it."""

NOT_KNOWN = "Nobody knows yet"

_KEPT = {
    "personal": "confidential or personal data",
    "sensitive": "patient, card or government data, passwords or keys",
    "public": "nothing beyond public or internal data",
}
_DOWN = {
    "days": "Annoying; serious harm only after more than two days",
    "day": "Serious harm within a day",
    "hours": "Serious harm within two hours",
}
_HARMS = (("q9", "If it leaks"), ("q10", "If it is wrong"))


def at_stake(fields: Mapping[str, Any], answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a text and its answers say is at stake, as (words, what), the thing to protect first.

    What nobody answered is left out; what was answered with “don't know” says so, because it is no comfort.
    """
    found = [("To protect", _protected(fields, answers))]
    found += [(words, _harm(code, answers.get(code))) for code, words in _HARMS]
    down = answers.get("q11")
    found.append(("If it is down", NOT_KNOWN if down == UNKNOWN else _DOWN.get(down or "", "")))
    found.append(("Going back", _going_back(fields, answers)))
    return [(words, what) for words, what in found if what]


def _protected(fields: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    named = fields.get("data") or ()
    sensitive = [words for code, words in DATA_WORDS.items() if code in named]
    if sensitive:
        return _sentence(", ".join(sensitive))
    said, kept = answers.get("data"), answers.get("q3")
    if UNKNOWN in (said, kept):
        return NOT_KNOWN
    if kept in _KEPT and said != "no":
        return _sentence(_KEPT[kept])
    if said == "yes":
        return "Data about people, money or health"
    return _sentence(_KEPT["public"]) if said == "no" or set(named) & PLAIN_DATA else ""


def _harm(code: str, answer: str | None) -> str:
    if answer == UNKNOWN:
        return NOT_KNOWN
    return next((one.words for one in QUESTIONS[code].answers if one.code == answer), "")


def _going_back(fields: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    back, hard = answers.get("q12"), answers.get("undo")
    if back == "no":
        return "Not within a day without losing data"
    if UNKNOWN in (back, hard):
        return NOT_KNOWN
    if back == "yes":
        return "Within a day, and no data is lost"
    return "Hard to undo" if hard == "yes" or (hard is None and fields.get("undo") == "hard") else ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
