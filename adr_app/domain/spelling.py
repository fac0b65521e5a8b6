"""Plain values as JSON text: keys sorted, letters as they are, no number that is not whole."""

from collections.abc import Callable
from json import encoder
from typing import Any


def speller(item_separator: str, key_separator: str) -> Callable[[Any], str]:
    """Return a function that spells a plain value, one that does not hold itself.

    `json.dumps` makes an encoder anew for each value, which takes as long as spelling most of ours; this one
    is made once, where Python has it (CPython does), and spells the same.

    :raises TypeError: for what JSON has no spelling for.
    :raises ValueError: for a number that is not finite.
    """
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        plain = encoder.JSONEncoder(
            ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(item_separator, key_separator)
        )
        return plain.encode
    letters = encoder.encode_basestring
    spell = make(None, _refuse, letters, None, key_separator, item_separator, True, False, False)
    return lambda value: "".join(spell(value, 0))


def _refuse(value: object) -> object:
    raise TypeError(f"a {type(value).__name__} has no spelling in JSON")
