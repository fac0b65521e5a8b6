"""Lists and tables as people type them, in the spelling that Python-Markdown reads.

It wants an empty line before a list and before a table, and four spaces for each level of a list; nearly
everybody writes for readers that want neither (CommonMark, section 5.2). Only white space and the sign
after a number change.
"""

import re

from adr_app.domain.values import dataclass

_ITEM = re.compile(r"( *)([-*+]|[0-9]{1,9}[.)])( +)(?=\S)")
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
_NO_PARAGRAPH = ("#", ">", "|", "\x02")
"""What begins a line that never goes on a paragraph: heading, quotation, table, stored code."""
_LEVEL = 4
_LEAST_INDENT = 2


@dataclass(frozen=True, slots=True)
class _Item:
    """A list item that is open: where its marker stands, where its text does, whether it is numbered."""

    column: int
    text_column: int
    numbered: bool


def spelled_out(lines: list[str]) -> list[str]:
    """Return lines of Markdown, tabs already spaces, with lists and tables spelled as described above."""
    spelling = _Spelling()
    for place, line in enumerate(lines):
        spelling.take(line, lines[place + 1] if place + 1 < len(lines) else "")
    return spelling.lines


class _Spelling:
    """What was written so far, and the list items that the next line may belong to, outermost first."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.open: list[_Item] = []
        self.after_blank = True

    def take(self, line: str, following: str) -> None:
        if not self.open and line[:1].isalpha() and "|" not in line:
            self.lines.append(line)  # running text, as most lines are
            self.after_blank = False
            return
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            self.lines.append(line)
        elif (found := _ITEM.match(line)) and self._is_item(line, found):
            self._item(line, found)
        elif self.open:
            self._within_list(line, indent)
        else:
            if _begins_table(line, following):
                self._blank()
            self.lines.append(line)
        self.after_blank = not line.strip()

    def _is_item(self, line: str, found: re.Match[str]) -> bool:
        if _RULE.match(line):
            return False
        if self.open:
            return True
        # A number in running text that the line happens to begin with is no list, unless it is a 1.
        starts = self.after_blank or not found[2][0].isdigit() or found[2][:-1] == "1"
        return len(found[1]) < _LEVEL and starts

    def _item(self, line: str, found: re.Match[str]) -> None:
        column, numbered = len(found[1]), found[2][0].isdigit()
        was_open, sibling = bool(self.open), self._close(column)
        if not was_open or (sibling and sibling.numbered != numbered):
            self._blank()
        marker = f"{found[2][:-1]}." if numbered else found[2]
        self.lines.append(f"{' ' * (_LEVEL * len(self.open))}{marker} {line[found.end() :]}")
        self.open.append(_Item(column, found.end(), numbered))

    def _within_list(self, line: str, indent: int) -> None:
        apart = line.lstrip(" ").startswith(_NO_PARAGRAPH)
        if self.after_blank or apart:
            self._close(indent)
        if apart:
            self._blank()
        if not self.open:
            self.lines.append(line)
            return
        # Four columns beyond the item's text are code within the item and stay that far apart.
        beyond = indent - self.open[-1].text_column
        kept = beyond if self.after_blank and beyond >= _LEVEL else 0
        self.lines.append(" " * (_LEVEL * len(self.open) + kept) + line.lstrip(" "))
        if apart:
            self.lines.append("")

    def _close(self, column: int) -> _Item | None:
        """Close the items that a line at `column` is not part of; return the outermost of them."""
        closed = None
        while self.open and column < self.open[-1].column + _LEAST_INDENT:
            closed = self.open.pop()
        return closed

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip():
            self.lines.append("")


def _begins_table(line: str, following: str) -> bool:
    return "|" in line and "|" in following and "-" in following and not following.strip(" |:-")
