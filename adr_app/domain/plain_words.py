"""Markdown without its marks: the words that search, summaries and reading times count."""

import html
import re

_STEPS = (
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL), " "),
    (re.compile(r"^[ >]*(?:`{3,}|~{3,}).*$", re.MULTILINE), ""),
    (re.compile(r"</?[A-Za-z][^<>]*>"), " "),
    (re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\n]|\([^()\n]*\))*\)"), r"\1"),
    (re.compile(r"!?\[([^\[\]^][^\[\]]*)\]\[[^\[\]\n]*\]"), r"\1"),
    (re.compile(r"^[ >]*\[[^\[\]^\n][^\[\]\n]*\]:[ \t]*\S.*$", re.MULTILINE), ""),
    (re.compile(r"\[\^[^\[\]\n]+\]:?"), ""),
    (re.compile(r"^[ \t|:+=_*-]+$", re.MULTILINE), ""),
    (
        re.compile(
            r"^[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|[0-9]{1,9}[.)][ \t]+)?", re.MULTILINE
        ),
        "",
    ),
    (re.compile(r"[ \t]#+[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"(?<![\w\\])[*_~]{1,3}(?=\S)|(?<=[^\s\\])[*_~]{1,3}(?!\w)|`"), ""),
    (re.compile(r"[ \t]*\|[ \t]*"), " "),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
    (re.compile(r"\s+"), " "),
)
"""What turns Markdown into words, in order; each reads a text of any kind in time linear in its length."""


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text on one line, without its marks: for search and for summaries."""
    text = markdown
    for pattern, instead in _STEPS:
        text = pattern.sub(instead, text)
    return html.unescape(text).replace("\xa0", " ").strip()
