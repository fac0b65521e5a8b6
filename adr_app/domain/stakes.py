"""How much hangs on a decision by what its text says: what is hard to undo first, then what is sensitive.

It orders what nobody has checked yet, so that the first hour goes where it counts. What a text does not say
stands between yes and no: unknown is no comfort.
"""

from collections.abc import Mapping
from typing import Any

from adr_app.domain.revisions import DATA

PLAIN_DATA = frozenset({"public", "internal"})
SENSITIVE_DATA = frozenset(DATA) - PLAIN_DATA

NOT_SAID = 4
"""The stakes of a text that says nothing of either."""


def stakes(fields: Mapping[str, Any], answers: Mapping[str, str]) -> int:
    """Return from 0 (easy to undo, nothing sensitive) to 8 (hard to undo, sensitive data).

    An answer to a security question weighs more than the field that says the same.
    """
    return 3 * _hard_to_undo(fields, answers) + _sensitive(fields, answers)


def _hard_to_undo(fields: Mapping[str, Any], answers: Mapping[str, str]) -> int:
    answer, field = answers.get("undo"), fields.get("undo")
    if answer in ("yes", "no"):
        return 2 if answer == "yes" else 0
    return {"hard": 2, "easy": 0}.get(str(field), 1)


def _sensitive(fields: Mapping[str, Any], answers: Mapping[str, str]) -> int:
    answer, named = answers.get("data"), set(fields.get("data") or ())
    if answer == "yes" or named & SENSITIVE_DATA:
        return 2
    return 0 if answer == "no" or named else 1
