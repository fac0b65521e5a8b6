"""Python-Markdown as this product reads it: its extensions, and guards against texts made to stall it."""

import html
import re
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor, Treeprocessor
from markdown.util import AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from adr_app.domain.markdown_lines import spelled_out

LANGUAGES = frozenset(
    {
        "bash",
        "c",
        "console",
        "cpp",
        "cs",
        "csharp",
        "css",
        "diff",
        "docker",
        "dockerfile",
        "go",
        "graphql",
        "groovy",
        "hcl",
        "html",
        "http",
        "ini",
        "java",
        "javascript",
        "js",
        "json",
        "jsonc",
        "kotlin",
        "make",
        "makefile",
        "nginx",
        "php",
        "powershell",
        "properties",
        "proto",
        "protobuf",
        "py",
        "python",
        "rb",
        "rs",
        "ruby",
        "rust",
        "scala",
        "sh",
        "shell",
        "sql",
        "swift",
        "terraform",
        "tf",
        "toml",
        "ts",
        "tsx",
        "typescript",
        "xml",
        "yaml",
        "yml",
    }
)
"""Languages whose code is coloured; every further reader of code is one more thing to feed strange input."""

_LONGEST_COLOURED = 3_000
_MOST_COLOURED = 12_000
_CLASSES_ONLY = HtmlFormatter(nowrap=True)
_GAP = re.compile(r"\s{80}")
_MOST_OPEN_BRACKETS = 50
_MOST_TAGS = 1_000
_LONGEST_ADDRESSES = 1_000_000


class Readers:
    """One thread's readers: they keep state while they work, so no two threads share one."""

    def __init__(self) -> None:
        self.usual = _reader()
        self.without_tags = _reader()
        # A raw tag is then text like any other, and tens of thousands of them cost no more than letters.
        self.without_tags.preprocessors.deregister("html_block")
        self.without_tags.inlinePatterns.deregister("html")
        for reader in (self.usual, self.without_tags):
            reader.treeprocessors.register(_Inline(reader), "inline", _INLINE)

    def reader_for(self, text: str) -> Markdown:
        """Return the reader for `text`: without raw tags where it holds none, or more than people type."""
        has_some = "<" in text or "&" in text
        return self.usual if has_some and text.count("<") <= _MOST_TAGS else self.without_tags

    def read(self, text: str) -> str:
        """Return the HTML of `text`, not yet safe.

        :raises TooLarge: when it would be many times as long as typed.
        :raises RecursionError: when it nests deeper than Python's stack.
        """
        return self.reader_for(text).reset().convert(text)


def _reader() -> Markdown:
    code = _Code()
    return Markdown(
        extensions=[
            "tables",
            "footnotes",
            "sane_lists",
            "pymdownx.superfences",
            "pymdownx.tasklist",
            "pymdownx.tilde",
            "pymdownx.magiclink",
            code,
            _Spelling(),
            _Guards(),
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "pymdownx.highlight": {"use_pygments": False},
            "pymdownx.superfences": {
                "relaxed_headers": True,
                "custom_fences": [
                    {"name": "*", "class": "highlight", "format": code.fence, "validator": _any_fence}
                ],
            },
            "pymdownx.tilde": {"subscript": False},
        },
        output_format="html",
    )


def _any_fence(language: str, inputs: Any, options: Any, attrs: Any, md: Markdown) -> bool:
    return True


class _Code(Extension):
    """Fenced code as HTML, coloured as long as that is cheap.

    The readers of Java, C and others take quadratic time and worse on code made for it (18,000 letters
    took 50 seconds), so a text has some thousand letters of code to spend, and the rest stays plain.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left = _MOST_COLOURED

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)

    def reset(self) -> None:
        """Begin another text."""
        self.left = _MOST_COLOURED

    def fence(
        self, source: str, language: str | None, css_class: str, options: Any, md: Markdown, **_: Any
    ) -> str:
        """Return one block of code as HTML, as the extension for fences asks for it."""
        lexer = _lexer((language or "").lower())
        if lexer and len(source) <= min(self.left, _LONGEST_COLOURED) and not _GAP.search(source):
            self.left -= len(source)
            code = highlight(source, lexer, _CLASSES_ONLY)
        else:
            code = html.escape(source)
        return f'<div class="{css_class}"><pre><code>{code.rstrip()}\n</code></pre></div>'


@cache
def _lexer(language: str) -> Lexer | None:
    return get_lexer_by_name(language, stripnl=False) if language in LANGUAGES else None


_INLINE = 20
"""Where Markdown reads the marks within a line, among the steps that change its tree."""

_BEGINS = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "magic-link": ("://", "w.", "W."),
    "magic-mail": ("@",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
    "delimiter": ("~",),
}
"""What a line holds wherever a mark of this name can be in it; a mark not named here is always tried."""


class _Inline(InlineProcessor):
    """The reader of marks within a line, which does not look for those whose first letter is not there.

    Most lines hold no mark at all, and looking for all of them was half the work of reading a text. Where a
    later Markdown calls its own step by another name, this is unused, and reading is slower but the same.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        names = {id(md.inlinePatterns[name]): name for name in _BEGINS if name in md.inlinePatterns}
        self._tried = []
        for pattern in md.inlinePatterns:
            first, *others = _BEGINS.get(names.get(id(pattern), ""), ("",))
            self._tried.append((pattern, first, others))

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        for index in range(patternIndex, len(self._tried)):
            pattern, first, others = self._tried[index]
            matched, start = True, 0
            while matched and (first in data or (others and any(begin in data for begin in others))):
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, index, start)  # type: ignore[attr-defined]
        return data


class TooLarge(Exception):
    """Laid out, this text would be many times as long as typed."""


class _Spelling(Extension):
    """Lets people type lists and tables as for any other reader of Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        after_fences = 22
        md.preprocessors.register(_SpelledOut(md), "spelled-out", after_fences)


class _SpelledOut(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return spelled_out(lines)


class _Guards(Extension):
    """What keeps a text of a few kilobytes from taking seconds or filling the memory."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_BracketGuard(md), "bracket-guard", _INLINE + 5)
        md.treeprocessors.register(_AddressGuard(md), "address-guard", _INLINE - 5)


class _BracketGuard(Treeprocessor):
    """Keeps hopeless brackets as text: each one that never closes makes the reader walk to the end again."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and hopeless(element.text):
                element.text = AtomicString(element.text)
            if element.tail and hopeless(element.tail):
                element.tail = AtomicString(element.tail)


def hopeless(text: str) -> bool:
    """Return whether brackets open here far more often than people leave one open."""
    unclosed = text.count("[") - text.count("]")
    return unclosed > _MOST_OPEN_BRACKETS or text.count("](<") > _MOST_OPEN_BRACKETS


class _AddressGuard(Treeprocessor):
    """Refuses a text that names one long address thousands of times by a short reference."""

    def run(self, root: Element) -> None:
        lengths = (len(value) for element in root.iter() for value in element.attrib.values())
        if sum(lengths) > _LONGEST_ADDRESSES:
            raise TooLarge
