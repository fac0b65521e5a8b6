"""What is told of a folder that was read: each record, what was skipped and why, and every remark."""

from typing import Any

from adr_app.domain.documents import Reading, Record


def report(reading: Reading) -> dict[str, Any]:
    """Return the account of a dry run: what would be created, what is skipped and why, and every remark."""
    return {
        "files": reading.files,
        "created": len(reading.records),
        "updated": 0,
        "diverged": 0,
        "unchanged": 0,
        "renamed": [],
        "skipped": [{"path": path, "reason": reason} for path, reason in reading.skipped],
        "warnings": [
            {"path": path, "line": note.line, "code": note.code, "message": note.message}
            for path, note in reading.warnings
        ],
        "decisions": [entry(record) for record in reading.records],
    }


def entry(record: Record, ref: str | None = None) -> dict[str, Any]:
    """Return one record as the report names it; `ref` is its reference in the log, once it has one."""
    return {
        "path": record.path,
        "ref": ref,
        "title": record.title,
        "number": record.number_value,
        "status": record.status,
        "status_raw": record.status_raw,
        "date": record.date,
        "supersedes": record.related("supersedes", inward=False),
        "superseded_by": record.related("supersedes", inward=True),
        "options": None if record.options is None else len(record.options),
        "deciders": list(record.deciders),
        "format": record.format,
        "format_reason": record.format_reason,
    }
