"""CSV (RFC 4180): one row a decision, for a spreadsheet; no cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from adr_app.domain.documents.writers import wording
from adr_app.domain.documents.writers.fields import Fields

COLUMNS = (
    "Reference", "Title", "Status", "Decided on", "Was security asked?", "What we decide", "Chosen option",
    "Replaced by", "Replaces", "Decided by", "Answers for it", "Asked for advice", "Told", "Kind", "Systems",
    "Data touched", "Outside firms", "Undo", "Implementation", "Tags", "File",
)  # fmt: skip
MOST = 32_000
"""Characters in a cell: spreadsheets hold 32,767."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def pieces(decisions: Iterable[Fields]) -> Iterator[str]:
    """Yield the lines, each ended by CR LF, the names of the columns first."""
    yield line(COLUMNS)
    for fields in decisions:
        yield line(row(fields))


def line(cells: Iterable[str]) -> str:
    """Return one line of cells."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return held.getvalue()


def safe(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what would begin a formula is told to be text."""
    cell = cell.replace("\0", "")
    cell = cell if len(cell) <= MOST else cell[: MOST - 1] + "…"
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def row(fields: Fields) -> list[str]:
    """Return the cells of one decision, in the order of `COLUMNS`."""
    facts = dict(fields.extra)
    replaces = [r for r in fields.relations if r.kind == "supersedes" and not r.inward]
    replaced = [r for r in fields.relations if r.kind == "supersedes" and r.inward]
    return [
        fields.reference,
        wording.one_line(fields.title),
        fields.status or "not stated",
        fields.date or "",
        fields.security.words if fields.security else "",
        fields.decision,
        next((option.title for option in fields.options if option.chosen), ""),
        _ends(replaced),
        _ends(replaces),
        ", ".join(fields.deciders),
        facts.get("answers-for-it", ""),
        ", ".join(fields.consulted),
        ", ".join(fields.informed),
        *(facts.get(key, "") for key in ("kind", "systems", "data-touched", "outside-firms", "undo")),
        facts.get("implementation", ""),
        ", ".join(fields.tags),
        fields.path,
    ]


def _ends(relations: list) -> str:
    return ", ".join(f"{r.label} (a part)" if r.part else r.label for r in relations)
