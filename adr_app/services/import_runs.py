"""What the last import of a source did, kept so that an unchanged folder costs nothing."""

from datetime import datetime
from typing import Any

from adr_app.domain.decisions import reference
from adr_app.domain.documents.record import READER_VERSION
from adr_app.models.decisions import Decision, ImportRun
from adr_app.services.import_plans import Outcome
from adr_app.services.people import Viewer


def unchanged(viewer: Viewer, source: str, signature: str) -> dict[str, Any] | None:
    """Return the report of a folder that is byte for byte what the last import read, or None."""
    last = (
        ImportRun.select()
        .where(
            ImportRun.company == viewer.company.id,
            ImportRun.source == source,
            ImportRun.signature == signature,
            ImportRun.reader_version == READER_VERSION,
        )
        .first()
    )
    return None if last is None else last.report


def remember(
    viewer: Viewer, source: str, signature: str, outcome: Outcome, ids: dict[str, int], at: datetime
) -> None:
    """Finish the report and keep the one that an unchanged folder will get; `ids` are decisions by path."""
    numbers = dict(
        Decision.select(Decision.id, Decision.number).where(Decision.company == viewer.company.id).tuples()
    )
    report = outcome.finish()
    for row in report["decisions"]:
        number = numbers.get(ids.get(row["path"], 0))
        row["ref"] = reference(number) if number else None
    if outcome.diverged:
        return  # what diverged is looked at again next time
    later = {**report, "created": 0, "updated": 0, "unchanged": len(report["decisions"])}
    values = {"signature": signature, "reader_version": READER_VERSION, "report": later, "at": at}
    ImportRun.insert(company=viewer.company.id, source=source, **values).on_conflict(
        conflict_target=[ImportRun.company, ImportRun.source],
        preserve=[ImportRun.signature, ImportRun.reader_version, ImportRun.report, ImportRun.at],
    ).execute()
