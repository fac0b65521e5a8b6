"""Markdown to the HTML that is stored with a revision, and to plain words; what was typed is never trusted.

Python-Markdown reads, nh3 removes what is not on a short list of tags and attributes, and a last pass over
the clean result fits it into a page: headings below the page's own, pictures as links, boxes with names.
"""

import html
import logging
import re
import threading
from collections.abc import Mapping
from typing import Any

import nh3
from pygments.token import STANDARD_TYPES

from adr_app.domain.errors import Invalid
from adr_app.domain.plain_words import plain_text
from adr_app.domain.revisions import FIELDS, MAX_TEXT
from adr_app.services.markdown_limits import TooLarge
from adr_app.services.markdown_reading import Readers

__all__ = ["MAX_TEXT", "as_typed", "plain_text", "render", "render_revision"]

_log = logging.getLogger(__name__)

FIRST_HEADING = 3
"""The level of the highest heading in a text: a page has its title at 1 and its fields at 2."""

AS_TYPED = "This text is shown as it was typed: it is too long or too tangled to be laid out."
"""The sentence above a text that is not laid out; nothing of the text is lost."""

_TIMES_AS_LONG = 20
_LONGER_BY = 100_000
"""HTML beyond so many times the text, and so many letters more, is no text that people wrote."""

_TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "details": {"open"},
    "img": {"src", "alt"},
    "input": {"checked"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"highlight", "footnote"},
    "li": {"task-list-item"},
    "span": set(STANDARD_TYPES.values()) - {""},
    "ul": {"task-list"},
}
_SCHEMES = {"http", "https", "mailto"}
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def render(text: str, prefix: str = "") -> str:
    """Return Markdown as safe HTML; its ids begin with `user-content-` and `prefix`.

    Tables, fenced code with colour classes, footnotes, task lists, struck text and bare addresses are
    understood. Links lead to http, https and mail addresses or within the text; pictures become links.

    :raises Invalid: when `text` is longer than a field may be (64 kilobytes of UTF-8).
    """
    text = _SURROGATE.sub("\ufffd", text)
    if len(text.encode("utf-8")) > MAX_TEXT:
        raise Invalid(
            f"This text is longer than {MAX_TEXT // 1024} kilobytes, so it cannot be laid out. Shorten it."
        )
    return _renderer().render(text, f"user-content-{prefix}-" if prefix else "user-content-")


def as_typed(text: str) -> str:
    """Return `text` letter for letter as HTML, for what cannot be laid out, and a sentence that says so."""
    letters = html.escape(_SURROGATE.sub("�", text))
    return f'<p class="small soft">{AS_TYPED}</p><pre class="as-typed" tabindex="0">{letters}</pre>'


def render_revision(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the HTML of every text among a revision's fields, by field.

    Options give a list in their order, each `{"pros": html, "cons": html}`; an imported `body` that is too
    long to lay out is shown as typed. Empty texts, lines, lists and days have no entry.
    """
    names = [field.name for field in FIELDS if field.shape == "text"]
    rendered: dict[str, Any] = {name: render(fields[name], name) for name in names if fields.get(name)}
    if fields.get("options"):
        rendered["options"] = [
            {side: render(option.get(side) or "", f"option-{place}-{side}") for side in ("pros", "cons")}
            for place, option in enumerate(fields["options"], start=1)
        ]
    body = fields.get("body") or ""
    if body:
        short = len(body.encode("utf-8", "replace")) <= MAX_TEXT
        rendered["body"] = render(body, "body") if short else as_typed(body)
    return rendered


class _Renderer:
    """One thread's readers and cleaner, and the prefix of the ids in the text they are at."""

    def __init__(self) -> None:
        self.prefix = ""
        self.readers = Readers()
        self.cleaner = nh3.Cleaner(
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=self.attribute,
            allowed_classes=_CLASSES,
            url_schemes=_SCHEMES,
            link_rel="noopener nofollow",
        )

    def render(self, text: str, prefix: str) -> str:
        self.prefix = prefix
        try:
            read = self.readers.read(text)
            if len(read) > _TIMES_AS_LONG * len(text) + _LONGER_BY:
                raise TooLarge
        except Exception as error:
            # Saving must not fail over how a text looks: nesting can exceed Python's stack, and a reader of
            # other people's text has faults nobody has met yet.
            if not isinstance(error, RecursionError | TooLarge):
                _log.exception("a text could not be laid out and is shown as typed")
            # What was interrupted still stands within a link or a list, and so would the next text.
            self.readers = Readers()
            return as_typed(text)
        return _Fitting().fit(self.cleaner.clean(read))

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """Return an attribute's value as it may stay, or None to drop it."""
        if name == "id":
            return self.prefix + value
        if name == "href" and value.startswith("#"):
            return f"#{self.prefix}{value[1:]}"
        if name in ("href", "src"):
            return value if _ADDRESS.fullmatch(value) else None
        if name == "align":
            return value if value in ("left", "center", "right") else None
        return value


_of_thread = threading.local()


def _renderer() -> _Renderer:
    if not hasattr(_of_thread, "renderer"):
        _of_thread.renderer = _Renderer()
    renderer: _Renderer = _of_thread.renderer
    return renderer


_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))


class _Fitting:
    """One pass over clean HTML, where each tag is well formed and every other `<` is escaped."""

    _TAG = re.compile(r'<(/?)(a|h[1-6]|img|input|pre|table)((?: [a-z:-]+="[^"]*")*)>')
    _ATTRIBUTE = re.compile(r' ([a-z:-]+)="([^"]*)"')

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.in_link = False

    def fit(self, clean: str) -> str:
        return self._TAG.sub(self._tag, clean)

    def _tag(self, found: re.Match[str]) -> str:
        closing, name, attributes = found.groups()
        if name == "a":
            self.in_link = not closing
        elif name in _HEADINGS:
            return f"<{closing}h{self._level(int(name[1]), bool(closing))}>"
        elif name == "img":
            return self._picture(dict(self._ATTRIBUTE.findall(attributes)))
        elif name == "input":
            state = ' checked="" aria-label="Done"' if "checked=" in attributes else ' aria-label="Not done"'
            return f'<input type="checkbox" disabled=""{state}>'
        elif name == "pre" and not closing:
            return '<pre tabindex="0">'  # it scrolls sideways, so the keyboard must reach it
        elif name == "table":
            return "</table></div>" if closing else '<div class="table-scroll" tabindex="0"><table>'
        return found.group()

    def _level(self, typed: int, closing: bool) -> int:
        """Return a heading's level in the page: never more than one below the heading before it."""
        if not closing:
            while self.levels and self.levels[-1] >= typed:
                self.levels.pop()
            self.levels.append(typed)
        return min(FIRST_HEADING - 1 + max(1, len(self.levels)), 6)

    def _picture(self, attributes: dict[str, str]) -> str:
        # A picture from elsewhere would tell its server who reads this, and when.
        words = attributes.get("alt", "").strip() or "no description"
        address = attributes.get("src")
        if self.in_link or not address:
            return f"[Picture: {words}]"
        return f'<a href="{address}" rel="noopener nofollow">Picture: {words}</a>'
