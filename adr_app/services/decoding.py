"""Turn a file's bytes into text with its metadata, whatever the encoding and whatever is wrong in it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain

from adr_app.domain.digest import is_printable
from adr_app.domain.documents import Note, Source
from adr_app.domain.documents.frontmatter import find_block, find_open_block
from adr_app.domain.marks import MOST_MARKS, piled_up
from adr_app.services.metadata import metadata_of

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_CRLF = re.compile("\r\n")
_HEAD = 4000
"""So many letters at the beginning show whether it is a text at all."""

_ZEROS = 100
"""A text with more than one byte of zero in so many letters is no text, unless they are only a few."""

_FEW_ZEROS = 3


def decode(content: bytes) -> Source | str:
    """Return a file's text and metadata, or why it cannot be a record.

    UTF-8 is expected; what is not UTF-8 is read as UTF-16 where it says so, else as Windows-1252, with a
    warning, and never lost.
    """
    notes: list[Note] = []
    text = _text(content, notes)
    if "\0" in text:
        if text.count("\0") > max(_FEW_ZEROS, len(text) // _ZEROS):
            return "a binary file, not text"
        line = text.count("\n", 0, text.index("\0")) + 1
        notes.append(Note(line, "zero-byte", "The file holds bytes of zero; a mark stands in their place."))
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = text[:_HEAD]
    controls = 0 if is_printable(head) else len(_CONTROLS.findall(head))
    if text.count("\N{REPLACEMENT CHARACTER}") > 50 or controls > 50:
        return "a binary file, not text"
    if (piled := piled_up(text)) is not None:
        return f"more than {MOST_MARKS} marks stand on one letter, in line {piled}; no language has that"
    block = find_block(text) or find_open_block(text)
    if block is None:
        return Source(text, {}, warnings=tuple(notes))
    if not block.closed:
        notes.append(
            Note(
                1,
                "metadata-open",
                "The metadata is never closed; it was taken to end at line "
                f"{text.count(chr(10), 0, block.end)}.",
            )
        )
    metadata = metadata_of(block, notes)
    return Source(text, metadata, block.kind, block.end, tuple(notes))


def slices(content: bytes, spans: Sequence[tuple[int, int]], *, one_end: bool) -> list[bytes] | None:
    """Return the bytes of parts of a file, or None where they cannot be told exactly.

    `spans` are their places in the file's text, in order; `one_end` tells that in that text every line ends
    with a line feed, as `decode` returns it.
    """
    encoding, mark = _encoding(content)
    text = content[mark:].decode(encoding, "replace")
    if text.encode(encoding, "replace") != content[mark:]:
        return None
    pairs = [match.start() - i for i, match in enumerate(_CRLF.finditer(text))] if one_end else []
    found: list[int] = []
    char, byte = 0, mark
    for place in chain.from_iterable(spans):
        there = place + bisect_left(pairs, place)
        byte += len(text[char:there].encode(encoding))
        char = there
        found.append(byte)
    return [content[start:end] for start, end in zip(found[::2], found[1::2], strict=True)]


def _encoding(content: bytes) -> tuple[str, int]:
    """Return an encoding that has the characters of a text in their places, and how long the mark is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if content[0] == 0xFF else "utf-16-be", 2
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1", 0  # what is read as Windows-1252 has a byte for each character, too
    return "utf-8", 3 if content.startswith(b"\xef\xbb\xbf") else 0


def _text(content: bytes, notes: list[Note]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        notes.append(Note(1, "encoding", "The file is UTF-16; it should be UTF-8."))
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.append(Note(line, "encoding", "The file is not UTF-8; it was read as Windows-1252."))
        return content.decode("cp1252", "replace")
