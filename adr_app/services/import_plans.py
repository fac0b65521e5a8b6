"""What an import will do with each record: store it, leave it, or say why not; nothing is written here."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

from adr_app.domain.decisions import Status, reference
from adr_app.domain.digest import is_printable
from adr_app.domain.documents import Link, Record
from adr_app.domain.documents.record import READER_VERSION, file_of
from adr_app.domain.documents.writers.markdown import MARK, own_parts
from adr_app.domain.errors import Invalid
from adr_app.domain.revisions import MAX_ITEMS, MAX_LINE, MAX_TITLE, Draft, clean
from adr_app.domain.values import dataclass
from adr_app.services.folders import Folder
from adr_app.services.gitdates import Commit
from adr_app.services.import_reports import Account
from adr_app.services.report_rows import Row, Rows

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_THE_TEXT = "What the log it came from says of security in this file is no part of the decision's text."
IN_FILES = ("title", "decided_on", "decided_by", "consulted", "informed", "tags")
"""Fields that a file states beside its text; all others are only typed here."""

OPEN = {kind: kind for kind in ("supersedes", "amends")} | {"relates to": "relates", "depends on": "depends"}
"""The verbs of the reader that are kept even where no file is meant, with our kind of edge."""

_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)


@dataclass
class Outcome:
    """What an import did, by path, and the report it gives.

    `moved` are earlier paths by those of now; `left` is what diverged files would have stored; `remarks` are
    those on whole files, and `skipped` what is no longer among the decisions of the report, until it is
    finished.
    """

    report: dict[str, Any]
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    diverged: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    left: "dict[str, Plan]" = field(default_factory=dict)
    remarks: list[Row] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)

    def warn(self, path: str, code: str, message: str) -> None:
        """Add a remark on a whole file."""
        self.remarks.append({"path": path, "line": 1, "code": code, "message": message})

    def skip(self, path: str, reason: str) -> None:
        """Move a record among those that are not stored."""
        self.skipped.add(path)
        self.report["skipped"].append({"path": path, "reason": reason})

    def finish(self, told: Callable[[Row], Row] = lambda row: row) -> dict[str, Any]:
        """Return the report with the counts of what happened; `told` adds to the row of each decision."""
        for name in ("created", "updated", "diverged", "unchanged"):
            self.report[name] = len(getattr(self, name))
        self.report["renamed"] = [{"path": new, "from": old} for new, old in sorted(self.moved.items())]
        left_out = self.skipped
        self.report["decisions"] = self.report["decisions"].changed(
            lambda row: None if row["path"] in left_out else told(row)
        )
        self.report["warnings"] = Rows(_in_order(self.report["warnings"], self.remarks))
        return self.report


def _place(row: Row) -> tuple[str, int]:
    return row["path"], row["line"]


def _in_order(rows: Iterable[Row], more: list[Row]) -> Iterator[Row]:
    """Yield remarks by path and line; those in `rows` come file by file, in the order of the files."""
    files = groupby(rows, lambda row: file_of(row["path"]))
    settled = (row for _, of_file in files for row in sorted(of_file, key=_place))
    return merge(settled, sorted(more, key=_place), key=_place)


@dataclass(frozen=True, slots=True)
class Known:
    """A file that is known: its row, its decision as it stands, and the status it was left in.

    `id` is 0 where the file was not imported but exported from this log; `agreed` is then the version that
    was exported. `kept` tells that somebody saw what the file says and chose what the log says. `reader` is
    the version of the reader that read it last.
    """

    id: int
    decision_id: int
    number: int
    fingerprint: str
    revision: int
    latest: int
    status: str
    left: str
    agreed: int = 0
    kept: bool = False
    reader: int = READER_VERSION


class Ties(NamedTuple):
    """What a record says of others."""

    path: str
    links: tuple[Link, ...]


class Intake:
    """Takes in the records of a folder while it is read: what an import must know of all of them at once.

    `ties` are those that say something of others; what is `refused` cannot be stored, with the reasons;
    `marked` ones hold what the log they came from says of security.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.account = Account()
        self.ties: list[Ties] = []
        self.refused: dict[str, dict[str, str]] = {}
        self.marked: set[str] = set()

    def see(self, record: Record) -> Draft | None:
        """Take a record in, and return the text that it is as a decision, its day still to come."""
        path = sys.intern(record.path)
        self.account.add(record)
        if MARK in record.body:
            self.marked.add(path)
        links = tuple(x for x in record.links if x.kind in OPEN and x.path not in (None, path))
        if links:
            self.ties.append(Ties(path, links))
        try:
            return text_of(record, None)
        except Invalid as error:
            self.refused[path] = error.fields
            return None


@dataclass(frozen=True, slots=True)
class Plan:
    """One record to store: what it says, its fingerprint, and the decision it already is, if any.

    `text` is None where the file is as it was, and only its relation to another file is new. `committed_by`
    is the author of the file's first commit, where git knows one.
    """

    record: Record
    fingerprint: str
    known: Known | None
    text: Draft | None
    date_source: str = ""
    committed_by: str = ""

    @property
    def decided_on(self) -> str | None:
        """Return the day the decision was made, as ISO text, where it is known."""
        return (self.text.fields["decided_on"] or None) if self.text else None


class Plans(Mapping[str, Plan]):
    """The plans for the records of a folder, by path; each is made when it is asked for.

    Only which records these are is kept in memory, with what is known of each.
    """

    def __init__(self, folder: Folder, committed: Mapping[str, Commit]) -> None:
        """Begin with none; `committed` is the first commit of each file, where git knows one."""
        self._folder, self._committed = folder, committed
        self._coming: dict[str, Known | None] = {}
        self._same: set[str] = set()

    def add(self, path: str, row: Known | None) -> None:
        """Plan to store a record that is new or has changed."""
        self._coming[path] = row

    def add_same(self, rows: Mapping[str, Known]) -> None:
        """Plan to store what files that are as they were say of others."""
        self._coming |= rows
        self._same |= rows.keys()

    def __getitem__(self, path: str) -> Plan:
        row = self._coming[path]
        if row is not None and path in self._same:
            return Plan(self._folder.records[path], row.fingerprint, row, None)
        return self.of(path, row)

    def of(self, path: str, row: Known | None) -> Plan:
        """Return the plan to store a record, be it among these or not."""
        records = self._folder.records
        record, text = records.both(path)
        if row is not None:  # what changes a decision may be asked for each of its sections
            record = records.whole(path)
        commit = self._committed.get(path)
        day, origin = _day_of(record, commit.day if commit else None)
        text.fields["decided_on"] = day.isoformat() if day else ""
        fingerprint = self._folder.fingerprints[path]
        return Plan(record, fingerprint, row, text, origin, commit.by if commit else "")

    def __contains__(self, path: object) -> bool:
        return path in self._coming

    def __iter__(self) -> Iterator[str]:
        return iter(self._coming)

    def __len__(self) -> int:
        return len(self._coming)


def plans_of(
    folder: Folder,
    intake: Intake,
    known: Mapping[str, Known],
    committed: Mapping[str, Commit],
    outcome: Outcome,
) -> Plans:
    """Return what is to be stored, and account for everything else in `outcome`."""
    plans = Plans(folder, committed)
    for path in folder.records:
        row = known.get(path)
        if row is not None and row.fingerprint == folder.fingerprints[path]:
            outcome.unchanged.append(path)
        elif row is not None and _changed_here(row, folder.records[path]):
            outcome.diverged.append(path)
            ref = reference(row.number)
            said = f"The file changed, and so did {ref} here; the decision was left as it is."
            if not row.id:
                said = f"This was exported from {ref} and changed since; the decision was left as it is."
            outcome.warn(path, "diverged", said)
            if path not in intake.refused:  # what cannot be stored cannot be chosen either
                outcome.left[path] = plans.of(path, row)
        elif path in intake.refused:
            reasons = dict.fromkeys(intake.refused[path].values())
            outcome.skip(path, " ".join(["it cannot be stored:", *reasons]))
        else:
            plans.add(path, row)
            if path in intake.marked:
                outcome.warn(path, "security-section", _NOT_THE_TEXT)
            (outcome.created if row is None else outcome.updated).append(path)
    return plans


def warn_of_removed(folder: Folder, known: Mapping[str, Known], outcome: Outcome) -> None:
    """Say which decisions came from files that are no longer there, or no longer records."""
    for path in sorted(path for path in known if path not in folder.records):
        ref = reference(known[path].number)
        outcome.warn(path, "removed", f"This file is no longer read; {ref}, which came from it, stays.")


def _changed_here(row: Known, record: Record) -> bool:
    """Return whether people changed the text or the status since the file was last read."""
    if row.latest != row.revision:
        return True
    if row.status == row.left or record.status == row.status:
        return False
    # A person stated what the file left open, or recorded what replaced it: the file says nothing against it.
    stated = row.left == Status.UNSTATED and record.status is None
    replaced = row.status == Status.SUPERSEDED and record.status in (Status.ACCEPTED, None)
    return not (stated or replaced)


def _day_of(record: Record, committed: date | None) -> tuple[date | None, str]:
    """Return the day a record was decided on, and where that is known from."""
    stated = date.fromisoformat(record.date) if record.date else None
    if stated is not None and _FIRST_DAY <= stated <= _LAST_DAY:
        return stated, record.date_source
    return committed, "from git" if committed else ""


def text_of(record: Record, decided_on: date | None) -> Draft:
    """Return what the file says as the text of a decision: its whole body, and an index beside it."""
    title = " ".join(printable(record.fallback_title).split()) or record.path[-MAX_TITLE:]
    fields = {
        "title": title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…",
        "decided_on": decided_on or "",
        "decided_by": _lines(record.deciders),
        "consulted": _lines(record.consulted),
        "informed": _lines(record.informed),
        "tags": _lines(record.tags),
    }
    return clean(fields, {}, own_parts("", printable(record.body))[1])


def _lines(names: tuple[str, ...]) -> list[str]:
    return [" ".join(printable(name).split())[:MAX_LINE] for name in names][:MAX_ITEMS]


def printable(text: str) -> str:
    """Return text with what no database and no page can hold replaced by the replacement character."""
    if is_printable(text):
        return text
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
