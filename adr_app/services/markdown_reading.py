"""Python-Markdown as this product reads it: its extensions, and guards against texts made to stall it."""

import html
import re
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import STX, AtomicString, Registry
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from adr_app.domain.markdown_lines import spelled_out
from adr_app.services.markdown_blocks import Blocks
from adr_app.services.markdown_limits import MOST_FOOTNOTES, Limits, Purse, TooLarge, meter_marks

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

_ALSO_CALLED = {"jsonc": "json"}
_LONGEST_COLOURED = 3_000
_MOST_COLOURED = 12_000
_MOST_SQUARED = 20_000_000
_TIMES_AS_LONG = 30
_CLASSES_ONLY = HtmlFormatter(nowrap=True)
_GAP = re.compile(r"\s{80}")
_MOST_TAGS = 1_000
_MOST_FOR_TAGS = 30_000_000
_LONG_RUN = 1_000
_LONGEST_RUN = re.compile(rf"[*_~]{{{_LONG_RUN}}}")
_MOST_STARS = 20_000


class Readers:
    """One thread's readers: they keep state while they work, so no two threads share one."""

    def __init__(self) -> None:
        self.purse = Purse()
        self.usual = _reader(self.purse)
        self.without_tags = _reader(self.purse)
        # A raw tag is then text like any other, and tens of thousands of them cost no more than letters.
        self.without_tags.preprocessors.deregister("html_block")
        self.without_tags.inlinePatterns.deregister("html")
        self.bare = _reader(self.purse)
        for registry, names in _for_marks(self.bare):
            for name in names:
                registry.deregister(name)
        for reader in (self.usual, self.without_tags, self.bare):
            meter_marks(reader, self.purse)
            reader.treeprocessors.register(_Inline(reader, self.purse), "inline", _INLINE)
            Blocks(reader)

    def reader_for(self, text: str) -> Markdown:
        """Return the reader for `text`: without raw tags where it holds none, or more than people type.

        Where it holds none of `_MARKS` either, what looks for those is left out.
        """
        has_some, tags = "<" in text or "&" in text, text.count("<")
        # A tag that never ends is looked for to the end of the text, each time anew.
        few = tags <= _MOST_TAGS and tags * len(text) <= _MOST_FOR_TAGS
        if has_some:
            return self.usual if few else self.without_tags
        return self.without_tags if any(map(text.__contains__, _MARKS)) else self.bare

    def read(self, text: str) -> str:
        """Return the HTML of `text`, not yet safe.

        :raises TooLarge: when it would take far longer, or become far longer, than people's texts do.
        :raises RecursionError: when it nests deeper than Python's stack.
        """
        stars = text.count("*") + text.count("_")
        if text.count("[^") > MOST_FOOTNOTES or stars > _MOST_STARS:
            raise TooLarge
        if stars + text.count("~") >= _LONG_RUN and _LONGEST_RUN.search(text):
            raise TooLarge
        return self.reader_for(text).reset().convert(text)


_MARKS = ("```", "~~~", "[^", "[ ]", "[x]", "[X]", "\\")
"""What a text holds at least one of that has code in fences, a footnote, a task or a mark that is none."""


def _for_marks(md: Markdown) -> tuple[tuple[Registry[Any], tuple[str, ...]], ...]:
    """Return the steps of a reader that do nothing for a text without tags and `_MARKS`."""
    return (
        (md.preprocessors, ("html_block", "fenced_code_block")),
        (md.inlinePatterns, ("html", "autolink", "automail", "entity", "footnote", "escape")),
        (md.parser.blockprocessors, ("footnote",)),
        (md.treeprocessors, ("footnote", "footnote-duplicate", "task-list", "unescape")),
    )


def _reader(purse: Purse) -> Markdown:
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
            Limits(purse),
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

    The readers of Java, C# and others take quadratic time and worse on code made for it (18,000 letters
    took 50 seconds), so a text has some thousand letters of code to spend, and fewer where its blocks are
    long; the rest stays plain. So does what becomes many times as long in colours.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)

    def reset(self) -> None:
        """Begin another text."""
        self.left = _MOST_COLOURED
        self.squared_left = _MOST_SQUARED

    def fence(
        self, source: str, language: str | None, css_class: str, options: Any, md: Markdown, **_: Any
    ) -> str:
        """Return one block of code as HTML, as the extension for fences asks for it."""
        lexer = _lexer((language or "").lower())
        code = self._coloured(source, lexer) if lexer and self._is_cheap(source) else html.escape(source)
        return f'<div class="{css_class}"><pre><code>{code.rstrip()}\n</code></pre></div>'

    def _is_cheap(self, source: str) -> bool:
        length = len(source)
        short = length <= min(self.left, _LONGEST_COLOURED) and length**2 <= self.squared_left
        return short and not _GAP.search(source)

    def _coloured(self, source: str, lexer: Lexer) -> str:
        self.left -= len(source)
        self.squared_left -= len(source) ** 2
        code = highlight(source, lexer, _CLASSES_ONLY)
        if len(code) > _TIMES_AS_LONG * len(source) + _LONGEST_COLOURED:
            self.left = 0
            return html.escape(source)
        return code


@cache
def _lexer(language: str) -> Lexer | None:
    name = _ALSO_CALLED.get(language, language)
    return get_lexer_by_name(name, stripnl=False) if name in LANGUAGES else None


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


_LETTERS = dict.fromkeys(begin for begins in _BEGINS.values() for begin in begins if len(begin) == 1)
_LONGER = dict.fromkeys(
    begin for begins in _BEGINS.values() for begin in begins if _LETTERS.keys().isdisjoint(begin)
)
_ANY = (STX, *_LETTERS, *_LONGER)
"""One of these is in every line that holds a mark; and what was set aside before stands behind the first."""


class _Inline(InlineProcessor):
    """The reader of marks within a line, which does not look for those whose first letter is not there.

    Most lines hold no mark at all, and looking for all of them was half the work of reading a text. Where a
    later Markdown calls its own step by another name, this is unused, and reading is slower but the same.
    """

    def __init__(self, md: Markdown, purse: Purse) -> None:
        super().__init__(md)
        self._purse = purse
        names = {id(md.inlinePatterns[name]): name for name in _BEGINS if name in md.inlinePatterns}
        self._tried = []
        for pattern in md.inlinePatterns:
            first, *others = _BEGINS.get(names.get(id(pattern), ""), ("",))
            self._tried.append((pattern, first, others))

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Read the marks within every line, after what holds none is set aside as read."""
        for element in tree.iter():
            if element.text and not any(map(element.text.__contains__, _ANY)):
                element.text = AtomicString(element.text)
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        for index in range(patternIndex, len(self._tried)):
            pattern, first, others = self._tried[index]
            matched, start = True, 0
            while matched and (first in data or (others and any(map(data.__contains__, others)))):
                self._purse.pay(len(data) - start)
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, index, start)  # type: ignore[attr-defined]
        return data


class _Spelling(Extension):
    """Lets people type lists and tables as for any other reader of Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        after_fences = 22
        md.preprocessors.register(_SpelledOut(md), "spelled-out", after_fences)


class _SpelledOut(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return spelled_out(lines)
