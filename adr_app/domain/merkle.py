"""The hash tree over a company's record, as RFC 6962 section 2.1 defines it.

A leaf and a node are hashed with different first bytes, so that neither can pass for the other. Appending
needs only the roots of the complete subtrees on the left, at most one for each bit of the size.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from adr_app.domain.values import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees: SHA-256 of a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """As much of a tree as the next append and the root need.

    `size` counts the leaves; `hashes` are the roots of its complete subtrees, largest first, one for each
    set bit of `size`.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves cannot have {len(self.hashes)} complete subtrees")
        if any(len(subtree) != HASH_BYTES for subtree in self.hashes):
            raise ValueError(f"a hash of the tree has {HASH_BYTES} bytes")

    def append(self, leaf: bytes) -> "CompactRange":
        """Return the range with one more leaf, given as its `leaf_hash`; this one stays as it is.

        :raises ValueError: when `leaf` is not a hash.
        """
        hashes = list(self.hashes)
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(hashes.pop(), carried)
            size >>= 1
        return CompactRange(self.size + 1, (*hashes, carried))

    def root(self) -> bytes:
        """Return the hash that stands for every leaf and their order."""
        if not self.hashes:
            return EMPTY_ROOT
        *larger, root = self.hashes
        for left in reversed(larger):
            root = node_hash(left, root)
        return root

    def to_json(self) -> dict[str, Any]:
        """Return `{"size": leaves, "hashes": [hexadecimal]}`, what a company's row keeps."""
        return {"size": self.size, "hashes": [subtree.hex() for subtree in self.hashes]}

    @classmethod
    def from_json(cls, value: dict[str, Any] | None) -> "CompactRange":
        """Return the range that `to_json` wrote; nothing yet is the empty tree.

        :raises ValueError: when the value is no such range.
        """
        if not value:
            return cls()
        try:
            size, hashes = value["size"], tuple(bytes.fromhex(text) for text in value["hashes"])
        except (KeyError, TypeError) as error:
            raise ValueError("the stored tree is damaged: it needs a size and a list of hashes") from error
        if isinstance(size, bool) or not isinstance(size, int):
            raise ValueError("the stored tree is damaged: its size is not a whole number")
        return cls(size, hashes)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over `leaves`, each a `leaf_hash`, in order."""
    tree = CompactRange()
    for leaf in leaves:
        tree = tree.append(leaf)
    return tree.root()
