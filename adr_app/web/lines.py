"""Lines of lists: what stands in each, by the names that `components/lists.html` reads."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup

KEPT = 2_000
"""How many lines are kept as they were written, some megabytes at most."""

_PLAIN = {str, bool, type(None)}
_kept: dict[tuple[Any, ...], Markup] = {}


class Line(dict[str, Any]):
    """One line of a list; what it does not have is nothing to a template, which asks for a great deal."""

    def __missing__(self, name: str) -> None:
        return None


def kept_row(line: Mapping[str, Any], write: Callable[[Any], Markup]) -> Markup:
    """Return a line as `write` writes it; one with the very same words in it is not written again.

    Whoever looks after many companies opens the same list over and over, between one answer and the next.
    What a line says is all of its key, so nothing is shown that does not hold any more.
    """
    key = _said_in(line)
    if key is None:
        return write(line)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[key] = write(line)
    return found


def _said_in(line: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return all that a line says; None where it has more in it than plain words, as a form and its token.

    Words and ready-made markup may be alike and are not written alike: only words are plain.
    """
    act = line["act"] if type(line) is Line else None
    if type(act) is not Line or act["action"]:
        return None
    said: list[Any] = [
        *(line["company"], line["ref"], line["title"], line["href"]),
        *(line["when"], line["late"], line["why"]),
        *(act["label"], act["href"], act["primary"], act["line"], act["line_label"], act["line_id"]),
    ]
    for pair in line["advice"] or ():
        said += pair
    return tuple(said) if _PLAIN.issuperset(map(type, said)) else None


def init_app(app: Flask) -> None:
    """Offer kept lines to every template."""
    app.jinja_env.filters["kept_row"] = kept_row
