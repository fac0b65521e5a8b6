"""What the last import of a source did, kept so that an unchanged folder costs nothing."""

from bisect import bisect_left
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
from adr_app.services.report_rows import Row, Rows

SOURCES = 50
"""How many names are offered at most."""

_ROWS = ("decisions", "warnings")
"""What of a report is as long as there are files."""

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
    if last is None or last.signature != folders.signature(root):
        return None
    return {**last.report, **{name: Rows.from_stored(last.report[name]) for name in _ROWS}}


def finish(viewer: Viewer, outcome: Outcome, ids: dict[str, int]) -> None:
    """Finish the report: counts, and the reference of each decision; `ids` are decisions by path."""
    numbers = _Numbers(viewer.company.id, sorted(ids.values()))

    def told(row: Row) -> Row:
        number = numbers.of(ids.get(row["path"], 0))
        return {**row, "ref": reference(number) if number else None}

    outcome.finish(told)


class _Numbers:
    """The numbers of some decisions, looked up for some hundred ids near each other at a time."""

    def __init__(self, company_id: int, ids: list[int]) -> None:
        self._company, self._ids = company_id, ids
        self._found: dict[int, int] = {}

    def of(self, decision_id: int) -> int | None:
        """Return the number of one of them, None of any other."""
        if decision_id and decision_id not in self._found:
            place = bisect_left(self._ids, decision_id)
            rows = Decision.select(Decision.id, Decision.number).where(
                Decision.company == self._company, Decision.id.in_(self._ids[place : place + 500])
            )
            self._found = dict(rows.tuples())
        return self._found.get(decision_id)


def remember(viewer: Viewer, source: str, signature: str, outcome: Outcome, at: datetime) -> None:
    """Keep the report that an unchanged folder will get."""
    report = outcome.report
    later = {**report, "created": 0, "updated": 0, "renamed": [], "unchanged": len(report["decisions"])}
    later |= {name: report[name].stored() for name in _ROWS}
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
