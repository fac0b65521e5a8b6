"""Lines of lists: what stands in each, by the names that `components/lists.html` reads."""

from typing import Any


class Line(dict[str, Any]):
    """One line of a list; what it does not have is nothing to a template, which asks for a great deal."""

    def __missing__(self, name: str) -> None:
        return None
