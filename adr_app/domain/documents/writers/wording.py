"""Words shown as they are: titles, options and names of files that no reader takes for anything else."""

import re
from functools import lru_cache

from adr_app.domain.documents import titles
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.links import find_links
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.options import read_options
from adr_app.domain.documents.places import places
from adr_app.domain.documents.selection import by_name
from adr_app.domain.documents.status import NOTHING
from adr_app.domain.documents.structure import Document
from adr_app.domain.documents.writers.fields import Fields

_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SPECIAL = re.compile(r"[*_`~<>&\[\]\\#|]")
_WORD_START = re.compile(r"(?<![\w&#])[^\W\d_]")
_SLUG = re.compile(r"[\W_]+")
_SAMPLE = (
    "# T\n\n## Considered Options\n\n* {line}\n\n"
    "## Pros and Cons of the Options\n\n### {line}\n\n* Good, because x\n"
)
_KEPT = 1000
"""How many titles are remembered: each is asked for several times in a row."""


def one_line(text: str) -> str:
    """Return a text on one line, without control characters and needless space."""
    return _SPACES.sub(" ", _CONTROLS.sub(" ", text)).strip()


def encoded(text: str) -> str:
    """Return one line in which every sign that Markdown could take for its own is an entity."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)


def literal(text: str) -> str:
    """Return plain words as one line of Markdown that shows exactly them."""
    line = one_line(text)
    return line if plain(line) == line and not line.endswith("#") else encoded(line)


def title(fields: Fields, number: str = "") -> tuple[str, str]:
    """Return the line of a title, and the same title for a field of its own where the line would mislead.

    It would where its words are taken for a number, a status, a relation or a template's. `number` is what
    the format puts before the title.
    """
    return _title(one_line(fields.title) or "Untitled", fields.number, number)


@lru_cache(maxsize=_KEPT)
def _title(words: str, file_number: int | None, number: str) -> tuple[str, str]:
    line = literal(words)
    document = Document(f"# {number}{line}")
    said = titles.heading_text(document)
    told, stated = titles.tidy(said, None if file_number is None else str(file_number))
    misleads = (
        "<!--" in line  # hidden up to the end of the next comment, wherever that is
        or titles.is_placeholder(said)
        or stated.status
        or places(document, {}, [], stated, "")
        or find_links(document, {}, [], range(9))
    )
    if told == words and not misleads:
        return line, ""
    return disguised(words), disguised(words)


def disguised(words: str) -> str:
    """Return one line that shows these words and in which no reader of texts finds one of them."""
    hidden = _WORD_START.sub(lambda match: f"&#{ord(match[0])};", encoded(words))
    if hidden != encoded(words):
        return hidden
    # Without a word that starts with a letter (“1a”, “...”) every sign of it is spelled out.
    return "".join(sign if sign == " " else f"&#{ord(sign)};" for sign in words)


@lru_cache(maxsize=_KEPT)
def option(title: str) -> str:
    """Return the title of an option as it stands in a list and as a heading, taken for nothing else."""
    line = literal(title)
    document = Document(_SAMPLE.format(line=line))
    read = read_options(document) or ()
    told = (
        "<!--" not in line
        and len(read) == 1
        and (read[0].title, read[0].pros, read[0].chosen) == (one_line(title), ("x",), False)
        and not places(document, {}, [], NOTHING, "")
    )
    return line if told else disguised(one_line(title))


def slug(title: str) -> str:
    """Return a title's words joined by dashes, as file names have them."""
    words = _SLUG.sub("-", title.casefold()).strip("-")[:80]
    # Names of files are at most 255 bytes long, and a letter of some scripts takes four.
    return words.encode()[:160].decode("utf-8", "ignore").strip("-") or "decision"


def numbered_name(fields: Fields) -> str:
    """Return the name of a decision's file: four digits, then the title's words joined by dashes."""
    stem = f"{fields.number or 0:04}-{slug(fields.title)}"
    # A name like “template” or “index” would be taken for a file that is no decision.
    reads_as_none = by_name(stem, "", read_name(stem), False)
    return f"{fields.number or 0:04}-about-{slug(fields.title)}.md" if reads_as_none else f"{stem}.md"
