"""Turn a file's bytes into text with its metadata, whatever the encoding and whatever is wrong in it."""

import re

from adr_app.domain.documents import Note, Source
from adr_app.domain.documents.frontmatter import find_block, find_open_block
from adr_app.domain.marks import MOST_MARKS, piled_up
from adr_app.services.metadata import metadata_of

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ZEROS = 100
"""A text with more than one byte of zero in so many letters is no text."""


def decode(content: bytes) -> Source | str:
    """Return a file's text and metadata, or why it cannot be a record.

    UTF-8 is expected; what is not UTF-8 is read as UTF-16 where it says so, else as Windows-1252, with a
    warning, and never lost.
    """
    notes: list[Note] = []
    text = _text(content, notes)
    if "\0" in text:
        if text.count("\0") > len(text) // _ZEROS:
            return "a binary file, not text"
        line = text.count("\n", 0, text.index("\0")) + 1
        notes.append(Note(line, "zero-byte", "The file holds bytes of zero; a mark stands in their place."))
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\N{REPLACEMENT CHARACTER}") > 50 or len(_CONTROLS.findall(text, 0, 4000)) > 50:
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
