"""What the last import of a source did, kept so that an unchanged folder costs nothing."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import fn

from adr_app.domain.decisions import reference
from adr_app.domain.documents.record import READER_VERSION
from adr_app.models.decisions import Decision, ImportedFile, ImportRun
from adr_app.services import folders
from adr_app.services.import_plans import Outcome
from adr_app.services.people import Viewer

SOURCES = 50
"""How many names are offered at most."""

SAMPLE = 200
"""How many files are looked up in the log, wherever they came from."""


def unchanged(viewer: Viewer, source: str, root: Path) -> dict[str, Any] | None:
    """Return the report of a folder that is byte for byte what the last import of its source read, or None.

    :raises UnreadableFolder: when there is nothing to read.
    """
    last = (
        ImportRun.select()
        .where(
            ImportRun.company == viewer.company.id,
            ImportRun.source == source,
            ImportRun.reader_version == READER_VERSION,
        )
        .first()
    )
    return last.report if last is not None and last.signature == folders.signature(root) else None


def finish(viewer: Viewer, outcome: Outcome, ids: dict[str, int]) -> None:
    """Finish the report: counts, and the reference of each decision; `ids` are decisions by path."""
    numbers = dict(
        Decision.select(Decision.id, Decision.number).where(Decision.company == viewer.company.id).tuples()
    )
    for row in outcome.finish()["decisions"]:
        number = numbers.get(ids.get(row["path"], 0))
        row["ref"] = reference(number) if number else None


def remember(viewer: Viewer, source: str, signature: str, outcome: Outcome, at: datetime) -> None:
    """Keep the report that an unchanged folder will get."""
    report = outcome.report
    later = {**report, "created": 0, "updated": 0, "renamed": [], "unchanged": len(report["decisions"])}
    later.pop("known_from", None)
    values = {"signature": signature, "reader_version": READER_VERSION, "report": later, "at": at}
    ImportRun.insert(company=viewer.company.id, source=source, **values).on_conflict(
        conflict_target=[ImportRun.company, ImportRun.source],
        preserve=[ImportRun.signature, ImportRun.reader_version, ImportRun.report, ImportRun.at],
    ).execute()


def forget(viewer: Viewer, source: str) -> None:
    """Forget what the last import of a source read: the log or the folder have moved on since."""
    ImportRun.delete().where(ImportRun.company == viewer.company.id, ImportRun.source == source).execute()


def is_source(viewer: Viewer, source: str) -> bool:
    """Return whether files came from a source of this name before."""
    mine = ImportedFile.select().where(
        ImportedFile.company == viewer.company.id, ImportedFile.source == source
    )
    return bool(mine.exists())


def sources(viewer: Viewer) -> list[str]:
    """Return the names of where files came from before, to choose from."""
    rows = ImportRun.select(ImportRun.source).where(ImportRun.company == viewer.company.id)
    return [source for (source,) in rows.order_by(ImportRun.at.desc()).limit(SOURCES).tuples()]


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
