"""Markdown without its marks: the words that search, summaries and reading times count."""

import html
import re
from collections.abc import Callable

WORDS_A_MINUTE = 220
"""How fast an adult reads prose silently, rounded down (Brysbaert 2019 found 238 for English)."""


def _emphasis(found: re.Match[str]) -> str:
    """Return nothing for marks around emphasis or code, and marks within a word or between words as typed."""
    text, marks = found.string, found.group()
    before = text[found.start() - 1] if found.start() else " "
    after = text[found.end()] if found.end() < len(text) else " "
    within_word = before.isalnum() and after.isalnum()
    if marks[0] != "`" and (before == "\\" or within_word or (before.isspace() and after.isspace())):
        return marks
    return ""


Steps = tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

_BEFORE_LINES: Steps = (
    (("  ", "\t"), re.compile(r"[ \t]{2,}|\t"), " "),
    (("<!--",), re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL), " "),
    (("```", "~~~"), re.compile(r"^[ >]*(?:`{3,}|~{3,}).*$", re.MULTILINE), ""),
    (("<",), re.compile(r"</?[A-Za-z][^<>]*>"), " "),
    (("![",), re.compile(r"!\[([^\[\]]*)\]\((?:[^()\n]|\([^()\n]*\))*\)"), r"\1"),
    (("](",), re.compile(r"\[([^\[\]]*)\]\((?:[^()\n]|\([^()\n]*\))*\)"), r"\1"),
    (("][",), re.compile(r"!?\[([^\[\]^][^\[\]]*)\]\[[^\[\]\n]*\]"), r"\1"),
    (("]:",), re.compile(r"^[ >]*\[[^\[\]^\n][^\[\]\n]*\]:[ \t]*\S.*$", re.MULTILINE), ""),
    (("[^",), re.compile(r"\[\^[^\[\]\n]+\]:?"), ""),
)
_AFTER_LINES: Steps = (
    ((" #", "\t#"), re.compile(r"[ \t]#+[ \t]*$", re.MULTILINE), ""),
    (("*", "_", "~", "`"), re.compile(r"[*_~`](?:(?<=`)`*|(?<!`)[*_~]*)"), _emphasis),
    (("|",), re.compile(r"[ \t]*\|[ \t]*"), " "),
    (("\\",), re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
"""What turns Markdown into words, in order; each reads a text of any kind in time linear in its length.

First stands what a text holds wherever the step finds anything: looking for that is far cheaper. A pattern
whose first letter is one of a few is searched for several times faster than one that begins with a choice.
Between the two, what begins a line is taken from it.
"""

_RULE = re.compile(r"[ \t|:+=_*-]+")
_RULED = frozenset(" \t|:+=_*-")
_MARKER = re.compile(r"[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|[0-9]{1,9}[.)][ \t]+)?")
_BEGINS = frozenset(" \t>#-*+|:=_0123456789")
"""What a line begins with that is a rule or has a marker; most lines do not."""


_FIELD_LINE = re.compile(r"[ \t>*_-]*[A-Z][\w/-]*(?: [\w/-]+){0,2}[*_]*:")
_PROSE = re.compile(r"(?!#{1,6}[ \t]|<!--|\||`{3}|~{3}|={2,}|-{3})")
_UNDERLINE = re.compile(r"\n[=-]{2,}[ \t]*\Z")
FEWEST_WORDS = 4
"""Fewer than these say nothing: a status, a name, a number."""


def first_prose(markdown: str) -> str:
    """Return the words of the first paragraph that says something: no heading, no field such as “Date: …”.

    Empty where a text has no paragraph of a few words.
    """
    for block in re.split(r"\n[ \t]*\n", markdown):
        text = block.strip()
        if not text or not _PROSE.match(text) or _UNDERLINE.search(text):
            text = "\n".join(text.split("\n")[1:]) if text.startswith("#") else ""
        lines = [line for line in text.split("\n") if not _FIELD_LINE.match(line)]
        words = plain_text("\n".join(lines))
        if len(words.split()) >= FEWEST_WORDS:
            return words
    return ""


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text on one line, without its marks: for search and for summaries."""
    text = _changed(_BEFORE_LINES, markdown)
    lines = [_without_marker(line) if line[:1] in _BEGINS else line for line in text.split("\n")]
    return " ".join(html.unescape(_changed(_AFTER_LINES, "\n".join(lines))).split())


def _changed(steps: Steps, text: str) -> str:
    for held, pattern, instead in steps:
        if any(map(text.__contains__, held)):
            text = pattern.sub(instead, text)
    return text


def _without_marker(line: str) -> str:
    if line[-1:] in _RULED and _RULE.fullmatch(line):
        return ""
    marker = _MARKER.match(line)
    return line[marker.end() :] if marker else line
