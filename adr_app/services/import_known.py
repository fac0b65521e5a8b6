"""What the log knows of the files of a source from the imports before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adr_app.domain.documents.record import OWN_BYTES_SINCE
from adr_app.models.decisions import Decision, ImportedFile
from adr_app.services.folders import Folder
from adr_app.services.import_plans import Known


def known_files(company_id: int, source: str) -> dict[str, Known]:
    """Return the files imported from a source before, by path."""
    rows: Any = (
        ImportedFile.select(
            ImportedFile.path,
            ImportedFile.id,
            Decision.id,
            Decision.number,
            ImportedFile.fingerprint,
            ImportedFile.revision,
            Decision.latest,
            Decision.status,
            ImportedFile.reader_version,
            ImportedFile.extracted,
        )
        .join(
            Decision,
            on=(Decision.company == ImportedFile.company) & (Decision.id == ImportedFile.decision_id),
        )
        .where(ImportedFile.company == company_id, ImportedFile.source == source)
        .tuples()
    )
    found = {}
    for path, *rest, reader, extracted in rows:
        facts: Any = (*rest, extracted.get("status", ""), 0, False, reader)
        found[path] = Known(*facts)
    return found


def as_kept_now(known: Mapping[str, Known], folder: Folder) -> dict[str, Known]:
    """Return what is known of files, with today's fingerprints of those that are what they were.

    Of one of several records in a file the text was kept before its bytes were: that is no change of it.
    """
    now = {old: folder.fingerprints[path] for path, old in folder.earlier.items()}
    found = dict(known)
    for path, row in known.items():
        if row.reader >= OWN_BYTES_SINCE:
            continue
        same = folder.fingerprints[path] if folder.earlier.get(path) == row.fingerprint else None
        found[path] = replace(row, fingerprint=same or now.get(row.fingerprint, row.fingerprint))
    return found
