"""The blocks of a Markdown text, told apart without trying every kind of block on each of them.

Python-Markdown asks some fifteen readers, each with a pattern of its own, whether a block is theirs; nearly
every block of a decision is a paragraph or a list, and the letters its lines begin with say so.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown

_WORDS = r"""(?:\*\*)?["'(`]*[^\W\d_].*+"""
_PARAGRAPH = re.compile(rf"{_WORDS}(?:\n{_WORDS})*+")
"""Lines that begin with a letter, in bold or quotation marks perhaps: no other block has only such lines."""

_ITEM = r"[*+-][ ]++[^\s*_+-].*+"
_WITHIN = r"[ ]{4,}+(?:[*+-][ ]++)?[^\s*_+|:-].*+"
_LIST = re.compile(rf"{_ITEM}(?:\n(?:{_ITEM}|{_WITHIN}))*+")
"""Items of a list and lines that belong to them; what is no rule, table or heading under another reading."""


class Blocks:
    """Reads the blocks of one reader's texts in place of the library's own loop, with the same result."""

    def __init__(self, md: Markdown) -> None:
        """Take over from a reader that has all its extensions."""
        known = md.parser.blockprocessors
        self._readers = list(known)
        self._toll, self._heading = known["toll"], known["hashheader"]
        self._paragraph, self._list = known["paragraph"], known["ulist"]
        md.parser.parseBlocks = self.parse  # type: ignore[method-assign]

    def parse(self, parent: Element, blocks: list[Any]) -> None:
        """Read all blocks into `parent`, as `BlockParser.parseBlocks` does; none are left."""
        while blocks:
            block = blocks[0]
            if _PARAGRAPH.fullmatch(block):
                self._toll.test(parent, block)
                self._paragraph.run(parent, blocks)
            elif _LIST.fullmatch(block):
                self._toll.test(parent, block)
                self._list.run(parent, blocks)
            elif block.startswith("#") and "\n" not in block and self._heading.test(parent, block):
                self._toll.test(parent, block)
                self._heading.run(parent, blocks)
            else:
                self._any(parent, blocks)

    def _any(self, parent: Element, blocks: list[Any]) -> None:
        for reader in self._readers:
            if reader.test(parent, blocks[0]) and reader.run(parent, blocks) is not False:
                return
