"""The files that imported decisions came from: their bytes as read, and what the reader remarked on them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from peewee import JOIN

from adr_app.domain.documents import Note
from adr_app.domain.documents.families import LABELS
from adr_app.domain.documents.record import file_of
from adr_app.domain.errors import NotFound
from adr_app.models.base import insert_rows
from adr_app.models.decisions import Decision, ImportedFile, SourceFile
from adr_app.models.diverged import DivergedFile
from adr_app.services.packing import unpacked


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a decision came from, for its page; `remarks` are pairs of a line (from 1) and a sentence.

    `format` is what people call the kind of record it is, `told_by` why it was read as one.
    """

    source: str
    path: str
    format: str
    told_by: str
    status_raw: str
    date_raw: str
    date_source: str
    committed_by: str
    read_at: datetime
    fingerprint: str
    size: int
    remarks: list[tuple[int, str]]


def keep(
    company_id: int, file_id: int, content: bytes, size: int, notes: Sequence[Note], *, replace: bool
) -> None:
    """Store the compressed bytes of a file of `size` bytes, within the act that imports it."""
    if replace:
        SourceFile.delete().where(SourceFile.company == company_id, SourceFile.file_id == file_id).execute()
    keep_new([row_of(company_id, file_id, content, size, notes)])


def row_of(company_id: int, file_id: int, content: bytes, size: int, notes: Sequence[Note]) -> dict[str, Any]:
    """Return what is stored of a file of `size` bytes, given as they are kept, for `keep_new`."""
    remarks = [[note.line, note.code, note.message] for note in notes]
    return {"company": company_id, "file_id": file_id, "size": size, "remarks": remarks, "content": content}


def keep_new(rows: Sequence[dict[str, Any]]) -> None:
    """Store the bytes of files that were never kept before, each as `row_of` returns it."""
    insert_rows(SourceFile, rows)


def is_whole(kept: SourceFile | DivergedFile, fingerprint: str) -> bool:
    """Return whether the bytes kept of a file are those that were read."""
    try:
        content = unpacked(bytes(kept.content))
    except (zlib.error, TypeError, AttributeError):
        return False
    return len(content) == kept.size and sha256(content).hexdigest() == fingerprint


def original(decision: Decision) -> tuple[str, bytes]:
    """Return the path of the file that a decision came from, and its bytes as they were read last.

    Of one of several records in a file these are its own part.

    :raises NotFound: when it was written here.
    """
    found = _newest(decision, SourceFile.content)
    kept = getattr(found, "kept", None)
    if found is None or kept is None:
        raise NotFound
    return file_of(found.path), unpacked(bytes(kept.content))


def of(decision: Decision) -> Origin | None:
    """Return where a decision came from, or None where it was written here."""
    found = _newest(decision, SourceFile.size, SourceFile.remarks)
    if found is None:
        return None
    kept = getattr(found, "kept", None)
    return Origin(
        source=found.source,
        path=found.path,
        format=LABELS.get(found.format, found.format),
        told_by=found.extracted.get("format_reason", ""),
        status_raw=found.status_raw,
        date_raw=found.extracted.get("date_raw", ""),
        date_source=found.date_source,
        committed_by=found.extracted.get("committed_by", ""),
        read_at=found.read_at,
        fingerprint=found.fingerprint,
        size=kept.size if kept else 0,
        remarks=[(line, said) for line, _, said in kept.remarks] if kept else [],
    )


def _newest(decision: Decision, *kept: Any) -> Any:
    """Return the file a decision was last read from, with these columns of what is kept, or None."""
    return (
        ImportedFile.select(ImportedFile, *kept)
        .join(
            SourceFile,
            JOIN.LEFT_OUTER,
            on=(SourceFile.company == ImportedFile.company) & (SourceFile.file_id == ImportedFile.id),
            attr="kept",
        )
        .where(ImportedFile.company == decision.company_id, ImportedFile.decision_id == decision.id)
        .order_by(ImportedFile.read_at.desc(), ImportedFile.id.desc())
        .first()
    )
