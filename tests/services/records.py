"""Records as adr-tools writes them, to import again and again."""

from pathlib import Path


def record(number: int, status: str = "Accepted", more: str = "", day: str = "") -> str:
    """Return the text of a record; without a `day` each number has one of its own."""
    return (
        f"# {number}. Use thing {number}\n\nDate: {day or f'2024-01-0{number % 9 + 1}'}\n\n"
        f"## Status\n\n{status}\n\n## Context\n\nWhy {number}.{more}\n\n"
        f"## Decision\n\nWe use {number}.\n\n## Consequences\n\nFine.\n"
    )


def three_records(root: Path) -> Path:
    """Fill a new folder with three accepted records, the third of which replaces the first."""
    root.mkdir()
    (root / "0001-a.md").write_text(record(1))
    (root / "0002-b.md").write_text(record(2))
    (root / "0003-c.md").write_text(record(3, "Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)"))
    return root
