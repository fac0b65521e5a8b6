"""The bytes of files as they are kept: compressed, without loss."""

import zlib

_FAST = 1
"""Level of compression: higher ones take several times as long and save little more."""


_SHORT = 8_192
_WINDOW, _MEMORY = 13, 7
"""What zlib looks back over, two to that many bytes, and how much it remembers: enough for a short text.

Clearing the memory that it takes otherwise costs more than compressing a text that is much smaller.
"""


def packed(content: bytes) -> bytes:
    """Return a file's bytes as they are kept."""
    if len(content) > _SHORT:
        return zlib.compress(content, _FAST)
    packer = zlib.compressobj(_FAST, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(content) + packer.flush()


def unpacked(stored: bytes) -> bytes:
    """Return the bytes of a file from what is kept of it."""
    return zlib.decompress(stored)
