"""What is told of a folder that was read: each record, what was skipped and why, and every remark."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adr_app.domain.documents import Reading, Record
from adr_app.services.folders import read_folder
from adr_app.services.report_rows import Rows
from adr_app.services.spilling import Disk

_COUNTED = {
    "status-unknown": ("status not understood, left open", "statuses not understood, left open"),
    "status-template": ("status not filled in, left open", "statuses not filled in, left open"),
    "link-unresolved": ("link that fits no record, kept as words", "links that fit no record, kept as words"),
    "number-twice": ("number that another record has too", "numbers that another record has too"),
}


class Account:
    """What is told of records, one after the other."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._decisions, self._warnings = Rows(), Rows()

    def add(self, record: Record) -> None:
        """Take a record in."""
        self._decisions.append(entry(record))
        for note in record.warnings:
            told = {"path": record.path, "line": note.line, "code": note.code, "message": note.message}
            self._warnings.append(told)

    def report(self, files: int, skipped: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Return what would be created, what is skipped and why, and every remark."""
        return {
            "files": files,
            "created": len(self._decisions),
            "updated": 0,
            "diverged": 0,
            "unchanged": 0,
            "renamed": [],
            "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
            "warnings": self._warnings,
            "decisions": self._decisions,
        }


def report(reading: Reading) -> dict[str, Any]:
    """Return the account of a reading."""
    account = Account()
    for record in reading.records:
        account.add(record)
    return account.report(reading.files, reading.skipped)


def dry_run(root: Path) -> dict[str, Any]:
    """Read a folder and return the account of it.

    :raises UnreadableFolder: when there is nothing to read.
    """
    account = Account()
    with Disk() as room:
        folder = read_folder(root, room, account.add, brief=True)
    return account.report(folder.files, folder.skipped)


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


def counted(report: dict[str, Any]) -> list[str]:
    """Return in words how often records leave something unclear, each kind that occurs in one line."""
    found = Counter(row["code"] for row in report["warnings"])
    return [f"{found[code]} {words[found[code] > 1]}" for code, words in _COUNTED.items() if found[code]]
