"""Values: a type checker sees frozen dataclasses, and making one costs a ninth of the time.

A frozen dataclass sets each field through `object.__setattr__`: reading ten thousand files, or
computing their flags, pays for that hundreds of thousands of times. That nothing changes a value once it is
made is held by the type check, which every change of this project has to pass.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        made: type[Any] | None = None, /, *, frozen: bool = False, slots: bool = False
    ) -> type[Any] | Callable[[type[Any]], type[Any]]:
        """Return a class, or a decorator, as `dataclasses` does; a frozen one is hashed by its fields."""
        decorate = dataclasses.dataclass(slots=slots, unsafe_hash=frozen)
        return decorate if made is None else decorate(made)


__all__ = ["dataclass"]
