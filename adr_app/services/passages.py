"""Where in a decision's text the words stand that a comment is about; the text itself is never touched."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.passages import LONGEST, heading_above, holds, part_of
from adr_app.models.decisions import Decision, Revision
from adr_app.services.decision_rows import revision
from adr_app.services.laid_out import html_of

ORDER = (
    *("plain_words", "decision", "drivers", "context", "body", "options"),
    *("consequences", "cost_of_not_deciding"),
)
"""The parts of a decision's text in the order in which its page shows them, after the title."""


@dataclass(frozen=True, slots=True)
class Place:
    """Some words, and where they stood: in which version, in which part, beneath which heading."""

    passage: str
    version: int
    part: str
    section: str

    @property
    def columns(self) -> dict[str, Any]:
        """Return it as a comment stores it."""
        return {
            "passage": self.passage,
            "version": self.version,
            "part": self.part,
            "section": self.section,
        }


def find_place(decision: Decision, words: str, seen: int | None = None) -> Place:
    """Return where words that somebody marked stand, in the version they saw, that in force, or the newest.

    :raises Invalid: under `passage`, when no such version shows them, or they are too long.
    """
    passage = " ".join(clean_text(words, "passage").split())
    if len(passage) > LONGEST:
        message = f"Mark fewer words: {LONGEST} letters at most."
        raise Invalid(message, {"passage": message})
    numbers = [seen if seen and seen <= decision.latest else None, decision.in_force, decision.latest]
    for number in dict.fromkeys(one for one in numbers if one):
        parts = dict(parts_of(revision(decision, number)))
        part = part_of(parts.items(), passage)
        if part is not None:
            return Place(passage, number, part, heading_above(parts[part], passage))
    message = "These words are not in the text. Copy them from it, or leave this empty."
    raise Invalid(message, {"passage": message})


def still_there(written: Revision, passages: set[str]) -> set[str]:
    """Return which of some words a version shows."""
    if not passages:
        return set()
    parts = [markup for _, markup in parts_of(written)]
    return {passage for passage in passages if any(holds(markup, passage) for markup in parts)}


def parts_of(written: Revision) -> Iterator[tuple[str, str]]:
    """Yield each part of a version as its page shows it, by name."""
    yield "title", html.escape(written.title)
    laid_out = html_of(written)
    for name in ORDER:
        if name == "options" and "body" not in laid_out:
            yield name, _options(written)
        elif isinstance(laid_out.get(name), str):
            yield name, laid_out[name]


def _options(written: Revision) -> str:
    """Return the options of a version as one text: they are shown as the words that were typed."""
    lines = [
        line
        for option in written.fields.get("options") or ()
        for line in (option["title"], option.get("pros", ""), option.get("cons", ""))
    ]
    return html.escape("\n".join(lines))
