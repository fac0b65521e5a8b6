"""Refusals: what the product says when it will not do what was asked.

Services raise them, entry points turn each kind into one status code or exit code, once.
"""


class Refused(Exception):
    """The act was refused; `str()` is a sentence for the person who tried, saying what to do."""


class NotAllowed(Refused):
    """This person may not do this here."""


class NotFound(Refused):
    """There is no such thing for this person: missing, another company's and hidden look the same."""


class WrongState(Refused):
    """The thing is no longer in a state in which this can be done."""


class Stale(Refused):
    """Somebody else changed the text meanwhile; nothing was saved."""


class Invalid(Refused):
    """What was typed cannot be saved; `fields` maps a field's name to what to do about it."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class Unavailable(Refused):
    """The database cannot serve now: read-only, full, locked, or of another version."""
