"""What keeps a text of a few kilobytes from taking seconds or filling the memory, whoever wrote it.

Reading is paid for in letters looked at. Prose costs a few times its length; what is made to stall the reader
makes it look at the same letters again and again, runs out, and is shown as typed.
"""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor as InlinePattern
from markdown.treeprocessors import Treeprocessor

MOST_LETTERS = 10_000_000
"""Letters looked at for one text: about a second. The longest real records take a tenth of it."""

MOST_FOOTNOTES = 500
"""Footnotes and places that name one: the reader compares each of them with every other."""

_LETTERS_A_CELL = 400
_LETTERS_A_LINE = 15
_LETTERS_A_MARK = 500
_LONGEST_ADDRESSES = 1_000_000
_BEFORE_EVERY_BLOCK = 1_000
_AFTER_MARKS = 15


class TooLarge(Exception):
    """Laid out, this text would take far longer, or become far longer, than people's texts do."""


class Purse:
    """The letters that one text may still have looked at."""

    def __init__(self) -> None:
        self.left = MOST_LETTERS

    def fill(self) -> None:
        """Begin another text."""
        self.left = MOST_LETTERS

    def pay(self, letters: int) -> None:
        """Pay for letters that are looked at.

        :raises TooLarge: when there is nothing left to pay with.
        """
        self.left -= letters
        if self.left < 0:
            raise TooLarge

    def metered(self, handle: Callable[..., Any]) -> Callable[..., Any]:
        """Return the handler of a mark within a line as one that pays for what it looks at."""

        def pay_and_handle(found: Any, data: str) -> Any:
            node, start, end = handle(found, data)
            # What turns out to be no mark was looked for up to the end, most often.
            in_vain = start is None or end is None
            self.pay(len(data) - found.start() if in_vain else end - start + _LETTERS_A_MARK)
            return node, start, end

        return pay_and_handle


class Limits(Extension):
    """Makes one reader pay for the blocks, tables and marks it reads."""

    def __init__(self, purse: Purse) -> None:
        super().__init__()
        self.purse = purse

    def extendMarkdown(self, md: Markdown) -> None:
        """Put the tolls into a reader."""
        md.registerExtension(self)
        md.parser.blockprocessors.register(_Toll(md.parser, self.purse), "toll", _BEFORE_EVERY_BLOCK)
        md.treeprocessors.register(_AddressGuard(md), "address-guard", _AFTER_MARKS)

    def reset(self) -> None:
        """Begin another text."""
        self.purse.fill()


def meter_marks(md: Markdown, purse: Purse) -> None:
    """Make a reader pay for every mark within a line, once all its marks are known."""
    for pattern in md.inlinePatterns:
        if isinstance(pattern, InlinePattern):
            pattern.handleMatch = purse.metered(pattern.handleMatch)  # type: ignore[method-assign]


class _Toll(BlockProcessor):
    """Pays for each block before anything reads it: what cuts off a line reads all the rest again."""

    def __init__(self, parser: Any, purse: Purse) -> None:
        super().__init__(parser)
        self.purse = purse

    def test(self, parent: Element, block: str) -> bool:
        lines = block.count("\n")
        self.purse.pay(len(block) + lines * _LETTERS_A_LINE)
        if lines and "|" in block:
            self._pay_for_table(block.split("\n"))
        return False

    def _pay_for_table(self, lines: list[str]) -> None:
        # Which bar stands within code is found by comparing every bar of a row with every backtick.
        self.purse.pay(sum(line.count("`") * line.count("|") // 4 for line in lines))
        if not lines[1].strip(" |:-"):
            # Every row gets as many cells as the second line has columns, however short it is.
            self.purse.pay((lines[1].count("|") + 1) * len(lines) * _LETTERS_A_CELL)


class _AddressGuard(Treeprocessor):
    """Refuses a text that names one long address thousands of times by a short reference."""

    def run(self, root: Element) -> None:
        lengths = (len(value) for element in root.iter() for value in element.attrib.values())
        if sum(lengths) > _LONGEST_ADDRESSES:
            raise TooLarge
