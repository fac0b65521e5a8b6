"""The bytes of files as they are kept: compressed, without loss."""

import zlib

_FAST = 1
"""Level of compression: higher ones take several times as long and save little more."""


def packed(content: bytes) -> bytes:
    """Return a file's bytes as they are kept."""
    return zlib.compress(content, _FAST)


def unpacked(stored: bytes) -> bytes:
    """Return the bytes of a file from what is kept of it."""
    return zlib.decompress(stored)
