"""What a look at a folder counts beside its statuses, and whether its files are in the log already."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from peewee import fn

from adr_app.models.decisions import ImportedFile
from adr_app.services.people import Viewer

SAMPLE = 200
"""How many files are looked up in the log, wherever they came from."""

_COUNTED = {
    "status-unknown": ("status not understood, left open", "statuses not understood, left open"),
    "status-template": ("status not filled in, left open", "statuses not filled in, left open"),
    "link-unresolved": ("link that fits no record, kept as words", "links that fit no record, kept as words"),
    "number-twice": ("number that another record has too", "numbers that another record has too"),
}


def counted(report: dict[str, Any]) -> list[str]:
    """Return in words how often records leave something unclear, each kind that occurs in one line."""
    found = Counter(row["code"] for row in report["warnings"])
    return [f"{found[code]} {words[found[code] > 1]}" for code, words in _COUNTED.items() if found[code]]


def known_elsewhere(viewer: Viewer, prints: Iterable[str]) -> dict[str, Any] | None:
    """Return the source that most of these files came from before, byte for byte, with `files` and `of`.

    `prints` are the SHA-256 of all; the first `SAMPLE` are looked up. None where fewer than half are known.
    """
    some = sorted(set(prints))[:SAMPLE]
    rows: Any = (
        ImportedFile.select(ImportedFile.source, fn.COUNT(ImportedFile.fingerprint.distinct()))
        .where(ImportedFile.company == viewer.company.id, ImportedFile.fingerprint.in_(some))
        .group_by(ImportedFile.source)
        .order_by(fn.COUNT(ImportedFile.fingerprint.distinct()).desc(), ImportedFile.source)
        .limit(1)
        .tuples()
    )
    for source, files in rows if some else ():
        if files * 2 >= len(some):
            return {"source": source, "files": files, "of": len(some)}
    return None
