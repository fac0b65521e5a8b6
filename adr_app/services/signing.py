"""The installation's signature: Ed25519, over bytes that name what they are for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs; what it signs with stays out of its `repr`."""

    public: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)


def signer(seed: bytes) -> Signer:
    """Return the key made from 32 secret bytes."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(key.public_key().public_bytes_raw(), key.sign)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` is by the holder of `public` over exactly `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
