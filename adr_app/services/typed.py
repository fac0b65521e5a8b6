"""What somebody types into a form of several fields, cleaned, naming every field that has to be mended."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from adr_app.domain.digest import check_integer, clean_text
from adr_app.domain.errors import Invalid

MAX_LINE = 500
HIGHEST_ID = 2**31
"""No row has such a number: what an address names beyond it is not there."""
MOST_MONEY = 10**15
"""In minor units: beyond what any company turns over."""


class Typed:
    """The fields of a form as text, read one by one; `problems` gathers what has to be mended, by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.problems: dict[str, str] = {}

    def line(self, name: str, ask: str = "", most: int = MAX_LINE) -> str:
        """Return one line of text; with `ask`, which says what to type, it may not be empty."""
        try:
            words = " ".join(clean_text(self.fields.get(name, ""), name).split())
        except Invalid as refusal:
            self.problems |= refusal.fields
            return ""
        if not words and ask:
            self.problems[name] = ask
        if len(words) > most:
            self.problems[name] = f"Shorten this to {most} characters; it has {len(words)}."
        return words

    def one_of(self, name: str, codes: Iterable[Any], ask: str = "Choose from the list.") -> str:
        """Return a code from a list."""
        code = self.fields.get(name, "")
        if code not in {str(one) for one in codes}:
            self.problems[name] = ask
        return code

    def day(self, name: str, ask: str = "") -> date | None:
        """Return a day, or None where the field is empty; with `ask` it may not be."""
        text = self.fields.get(name, "").strip()
        if not text:
            if ask:
                self.problems[name] = ask
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.problems[name] = "Type a day as year-month-day, such as 2026-11-24."
            return None
        if not 2000 <= day.year <= 2100:
            self.problems[name] = "Choose a day between the years 2000 and 2100."
        return day

    def number(self, name: str, low: int, high: int, unit: int = 1) -> int | None:
        """Return a whole number times `unit`, or None where the field is empty."""
        text = self.fields.get(name, "").strip().replace(",", "")
        if not text:
            return None
        try:
            return check_integer(text, name, low, high) * unit
        except Invalid as refusal:
            self.problems |= refusal.fields
            return None

    def check(self, message: str) -> None:
        """Refuse what was typed where anything has to be mended.

        :raises Invalid: naming each such field.
        """
        if self.problems:
            raise Invalid(message, self.problems)
