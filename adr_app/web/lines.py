"""Lines of lists: what stands in each, by the names that `components/lists.html` reads."""

from typing import Any


class Line(dict[str, Any]):
    """One line of a list; what it does not have is nothing to a template.

    Templates ask for attributes first, so that a plain dictionary costs an exception for each word of a row.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)
