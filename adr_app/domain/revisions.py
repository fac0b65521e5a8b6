"""What a decision says: its fields, which of them a sign-off covers, and the bytes that are signed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from adr_app.domain.decisions import KINDS
from adr_app.domain.digest import canonical_json, clean_text, digest
from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

DIGEST_VERSION = 1
MAX_TITLE = 200
MAX_LINE = 200
MAX_TEXT = 65_536
MAX_ITEMS = 40

DATA = {
    "public": "Public",
    "internal": "Internal only",
    "personal": "About people",
    "health": "Health",
    "payment": "Payment or card",
    "government": "Government (controlled)",
    "secrets": "Passwords, keys or secrets",
}
"""Kinds of data a decision touches, by code, with the words on the screen."""

UNDO = {"": "Not said", "easy": "Easy to undo", "hard": "Hard to undo"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a decision: what shape it has and whether a sign-off binds to it.

    `shape` is line, text, list (of lines), codes, options, day or choice.
    """

    name: str
    label: str
    shape: str
    material: bool


FIELDS = (
    Field("title", "Title", "line", True),
    Field("kind", "Kind", "choice", False),
    Field("plain_words", "In plain words", "text", False),
    Field("context", "What is the situation?", "text", True),
    Field("drivers", "Why now?", "text", True),
    Field("options", "Options", "options", True),
    Field("decision", "What we decide", "text", True),
    Field("consequences", "What follows", "text", True),
    Field("systems", "Systems", "list", True),
    Field("data", "Data touched", "codes", True),
    Field("vendors", "Outside firms", "list", True),
    Field("undo", "Hard or easy to undo", "choice", False),
    Field("cost_of_not_deciding", "What it costs not to decide", "text", False),
    Field("decided_on", "Decided on", "day", False),
    Field("decided_by", "Who decided", "list", False),
    Field("decide_by", "Decide by", "day", False),
    Field("accountable", "Who answers for it", "line", False),
    Field("consulted", "Asked for advice", "list", False),
    Field("informed", "Told", "list", False),
    Field("tags", "Tags", "list", False),
)
"""Every field of a decision in the order people read it."""

BY_NAME = {field.name: field for field in FIELDS}
MATERIAL = tuple(field.name for field in FIELDS if field.material)
STATEMENTS = ("plain_words", "decided_by", "decided_on", "accountable")
"""Unsigned fields that tell a reader what was decided, by whom and when: once in force, not everybody's."""
EMPTY: dict[str, Any] = {
    field.name: [] if field.shape in ("list", "codes", "options") else "" for field in FIELDS
}
EMPTY["kind"] = "other"


@dataclass(frozen=True, slots=True)
class Draft:
    """What one revision will say, cleaned; `form` is fields or text, and `body` the whole of a text."""

    form: str
    fields: dict[str, Any]
    answers: dict[str, str]
    body: str = ""

    @property
    def canonical(self) -> bytes:
        """Return the bytes that a sign-off binds to (design, section 7; version 1)."""
        if self.form == "text":
            content: dict[str, Any] = {"title": self.fields["title"], "body": self.body}
        else:
            content = {name: self.fields[name] for name in MATERIAL}
        return canonical_json(
            {"v": DIGEST_VERSION, "form": self.form, "content": content, "answers": self.answers}
        )

    @property
    def digest(self) -> str:
        """Return the digest of the signed bytes."""
        return digest(self.canonical)

    def stored(self) -> dict[str, Any]:
        """Return every field as a revision keeps it, the whole body included where it is a text."""
        return {**self.fields, "body": self.body} if self.form == "text" else dict(self.fields)


def clean(
    typed: Mapping[str, Any], answers: Mapping[str, str] | None = None, body: str | None = None
) -> Draft:
    """Return what was typed as a draft of fields, or of a whole text where `body` is given.

    Text becomes NFC with line feeds; missing fields are empty.

    :raises Invalid: naming every field that cannot be saved and what to do about it.
    """
    fields, problems = dict(EMPTY), {}
    for field in FIELDS:
        if field.name not in typed:
            continue
        try:
            fields[field.name] = _SHAPES[field.shape](field, typed[field.name])
        except Invalid as error:
            problems[field.name] = str(error)
    if not fields["title"] and "title" not in problems:
        problems["title"] = "Give the decision a title: one line that says what is decided."
    text = ""
    if body is not None:
        try:
            text = _text(BY_NAME["context"], body, MAX_TEXT * 16)
        except Invalid as error:
            problems["body"] = str(error)
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    form = "fields" if body is None else "text"
    return Draft(form, fields, {str(k): str(v) for k, v in sorted((answers or {}).items())}, text)


def _line(field: Field, value: Any) -> str:
    limit = MAX_TITLE if field.name == "title" else MAX_LINE
    text = " ".join(clean_text(str(value)).split())
    if len(text) > limit:
        raise Invalid(f"Shorten this to {limit} characters; it has {len(text)}.")
    return text


def _text(field: Field, value: Any, limit: int = MAX_TEXT) -> str:
    text = clean_text(str(value)).strip("\n").rstrip()
    if len(text.encode("utf-8")) > limit:
        raise Invalid(
            f"Shorten this to {limit // 1024} kilobytes, or link to a document that holds the rest."
        )
    return text


def _list(field: Field, value: Any) -> list[str]:
    parts = value.replace("\n", ",").replace(";", ",").split(",") if isinstance(value, str) else value
    lines = [_line(field, part) for part in parts]
    unique = list(dict.fromkeys(line for line in lines if line))
    if len(unique) > MAX_ITEMS:
        raise Invalid(f"Name at most {MAX_ITEMS}; these are {len(unique)}.")
    return unique


def _codes(field: Field, value: Any) -> list[str]:
    unknown = [code for code in value if code not in DATA]
    if unknown:
        raise Invalid("Choose from the list.")
    return [code for code in DATA if code in value]


def _options(field: Field, value: Any) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    for row in value:
        option: dict[str, Any] = {
            "title": _line(field, row.get("title", "")),
            "pros": _text(field, row.get("pros", "")),
            "cons": _text(field, row.get("cons", "")),
            "chosen": bool(row.get("chosen")),
        }
        if option["title"]:
            options.append(option)
        elif option["pros"] or option["cons"]:
            raise Invalid("Give every option a name, or empty its reasons.")
    if len(options) > MAX_ITEMS:
        raise Invalid(f"Keep at most {MAX_ITEMS} options; these are {len(options)}.")
    if sum(option["chosen"] for option in options) > 1:
        raise Invalid("Mark one option as chosen, not several.")
    return options


def _day(field: Field, value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Give a day as year-month-day, such as 2026-11-27.") from None
    if not date(1970, 1, 1) <= day < date(9999, 1, 1):
        raise Invalid("Give a day between 1970 and 9998.")
    return day.isoformat()


def _choice(field: Field, value: Any) -> str:
    allowed = KINDS if field.name == "kind" else UNDO
    if value not in allowed:
        raise Invalid("Choose from the list.")
    return str(value)


_SHAPES: dict[str, Callable[[Field, Any], Any]] = {
    "line": _line,
    "text": _text,
    "list": _list,
    "codes": _codes,
    "options": _options,
    "day": _day,
    "choice": _choice,
}
