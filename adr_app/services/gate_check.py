"""The gate run on a folder: read its records, look at the change, verify security OKs; needs no log."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from adr_app.domain.documents import Reader, Record, record_folders
from adr_app.domain.documents.families import STATING
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import file_of
from adr_app.domain.documents.selection import by_name
from adr_app.domain.documents.shelf import letters
from adr_app.domain.gate.consistency import Checks, of_skipped
from adr_app.domain.gate.facts import Facts, facts_of
from adr_app.domain.gate.findings import Finding
from adr_app.domain.gate.material import record_digest
from adr_app.domain.gate.outputs import Told
from adr_app.domain.gate.settings import OFF, Settings
from adr_app.domain.gate.statement import Trust, record_name, statement_name
from adr_app.services import gate_settings, gitchanges, gitdates, signing
from adr_app.services.earlier_files import Earlier, EarlierSettings
from adr_app.services.gate_statements import Beside, judge
from adr_app.services.gitchanges import Change, Changed
from adr_app.services.reading import Sources, may_hold_records
from adr_app.services.spilling import Disk

RELATIONAL = frozenset({"replaced-too-early", "replaced-one-sided"})


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate found in a folder; `top` is the root of its repository, where it has one."""

    folder: Path
    top: Path | None
    found: tuple[Told, ...]
    files: int
    records: int


class Before(NamedTuple):
    """A record as it stood at the revision: whether it was accepted, its title's letters, its digest."""

    accepted: bool
    title: str
    digest: str


class Text(NamedTuple):
    """What is kept of the text of a record that may be asked for its security OK."""

    digest: str
    title: str


def check(folder: Path, *, since: str | None = None, everything: bool = False, at: datetime) -> Report:
    """Look at the records below a folder, at `at`, and return what is found, sorted by place.

    With `since`, only at what differs from that revision, with a security OK asked for every record that
    became accepted; with `everything`, at all records, with a security OK asked for every accepted one;
    with neither, at what the records say.

    :raises UnreadableFolder: when there is nothing to read.
    :raises NoChange: when the change cannot be told.
    :raises BadSettings: when the repository's settings cannot be used.
    """
    folder = folder.resolve()
    sources = Sources(folder)
    change, top = None, gitdates.top_of(folder)
    if since is not None:
        change = gitchanges.changes(gitchanges.repository_of(folder), since)
        top = change.repository.top
    settings, found = gate_settings.load(folder, top, change)
    with Disk() as room:
        gate = _Gate(folder, sources, settings, change, everything, at, room)
        found += gate.run()
        files, records = len(sources) + len(gate.never_read), len(gate.checks.stated)
    told = [Told(finding, settings.severity_of(finding.code)) for finding in sorted(set(found))]
    kept = tuple(x for x in told if x.severity != OFF)
    return Report(folder, top, kept, files, records)


class _Gate:
    """One run: what was read, what changed, and what is asked of it.

    Whatever is kept of every file is kept in the `room`, so that memory does not grow with their number.
    """

    def __init__(
        self,
        folder: Path,
        sources: Sources,
        settings: Settings,
        change: Change | None,
        everything: bool,
        at: datetime,
        room: Disk,
    ) -> None:
        self.folder, self.sources, self.settings = folder, sources, settings
        self.change, self.everything, self.at = change, everything, at
        self.never_read = set(sources.skipped)
        self.touched = {path for x in change.files for path in (x.old, x.new) if path} if change else set()
        names = ((posixpath.basename(path), posixpath.dirname(path)) for path in self.touched)
        self.told_beside = {folder for name, folder in names if name in STATING}
        self.checks = Checks(self._exists, room)
        self.room = room
        self.facts: MutableMapping[str, tuple[Any, ...]] = room.mapping("facts")
        self.texts: MutableMapping[str, Text] = room.mapping("texts")
        self.before: MutableMapping[str, Before] = room.mapping("before")
        self.named = room.index("record names")
        self.reader: Reader | None = None

    def run(self) -> list[Finding]:
        self.reader = Reader(
            self.sources, self.sources.skipped, self.sources.settings, keep=self._keep, room=self.room
        )
        found: list[Finding] = []
        for record in self.reader.records():
            found += self.checks.of_one(record.path, Facts(record, *self.facts.get(record.path, ())))
        found += self.checks.of_all()
        for path, reason in self.reader.skipped.items():
            found += of_skipped(path, reason)
        found += self._unreadable()
        if self.change is not None:
            found = [finding for finding in found if self._concerns_change(finding)]
            self._look_before(self.change)
            found += self._removed(self.change, self.reader.skipped)
        if self.change is not None or self.everything:
            found += self._sign_offs()
        return found

    def _keep(self, record: Record) -> Record:
        """Keep what is needed of a record that was just read, and forget its texts."""
        known = facts_of(record, self.settings.required)
        path = record.path
        if self.everything or self.change is not None:
            self.named.add(record_name(path), path)
            if record.status == "accepted" and (self.everything or self._is_touched(path)):
                self.texts[path] = Text(record_digest(record), letters(record.fallback_title))
        if known.missing or known.twice or known.links or known.elsewhere:
            self.facts[path] = known.missing, known.twice, known.links, known.elsewhere
        return known.record

    def _is_touched(self, path: str) -> bool:
        """Return whether the change touched a record's file, settings beside it, or its statement."""
        return bool({path, file_of(path), statement_name(path)} & self.touched) or self._is_told_beside(path)

    def _is_told_beside(self, path: str) -> bool:
        """Return whether the change touched settings in a record's folder that state things of it."""
        return bool(self.told_beside) and posixpath.dirname(file_of(path)) in self.told_beside

    def _exists(self, path: str) -> bool:
        stem = path.removesuffix(".html")
        place = os.path.join(self.folder, path)
        there = any(os.path.lexists(x) for x in (place, f"{place}.md")) or (
            stem != path and os.path.lexists(os.path.join(self.folder, f"{stem}.md"))
        )
        return there or (self.reader is not None and path in self.reader)

    def _unreadable(self) -> Iterator[Finding]:
        for path, reason in self.sources.skipped.items():
            folder, _, name = path.rpartition("/")
            stem = name.rsplit(".", 1)[0]
            if by_name(stem, folder, read_name(stem), folder_is_record=False) is None:
                yield Finding(path, 1, "unreadable", reason)

    def _concerns_change(self, finding: Finding) -> bool:
        """Return whether the change touched what was found, or the record that it is about."""
        if self._is_touched(finding.path):
            return True
        if finding.code == "link-broken":
            address = posixpath.join(posixpath.dirname(finding.path), finding.detail)
            return posixpath.normpath(address) in self.touched
        return finding.code in RELATIONAL and finding.detail in self.touched

    def _look_before(self, change: Change) -> None:
        """Keep how the records of the change stood at the revision, by where they were."""
        olds = {x.old: x.blob for x in change.files if x.old and x.blob and may_hold_records(x.old)}
        added = {x.new for x in change.files if x.old != x.new}
        same = {path for path in self.sources if self._is_told_beside(path)} - change.by_new.keys()
        homes = record_folders({*olds, *(path for path in self.sources if path not in added)})

        def keep(record: Record) -> Record:
            title = letters(record.fallback_title)
            self.before[record.path] = Before(record.status == "accepted", title, record_digest(record))
            return facts_of(record, ()).record

        with Disk() as room:
            texts = Earlier(change.repository, olds, self.sources, same)
            settings = EarlierSettings(change, self.sources.settings)
            reader = Reader(texts, None, settings, homes=homes, keep=keep, room=room)
            for record in reader.records():
                if self.before[record.path].accepted != (record.status == "accepted"):
                    self.before[record.path] = self.before[record.path]._replace(
                        accepted=record.status == "accepted"
                    )

    def _removed(self, change: Change, skipped: Mapping[str, str]) -> Iterator[Finding]:
        by_old = {file.old: file for file in change.files if file.old is not None}
        for path in self.before:
            was = file_of(path)
            file = by_old.get(was) or Changed(was, was, None)
            within = path[len(was) :]
            if file.new is None:
                yield Finding(path, 1, "record-removed", "its file was deleted")
            elif file.new + within not in self.checks.stated and file.new not in self.sources.skipped:
                reason = "it no longer stands in its file" if within else skipped.get(file.new)
                yield Finding(file.new, 1, "record-removed", reason or "it is no record")

    def _sign_offs(self) -> Iterator[Finding]:
        trust = Trust(self.settings.company, self.settings.keys, signing.verify)
        for path, text in self.texts.items():
            if self.checks.stated[path].status == "accepted":
                namesakes = partial(self.named.all, record_name(path))
                yield from judge(self._beside(path, text), self.folder, namesakes, trust, self.at)

    def _beside(self, path: str, text: Text) -> Beside:
        """Return what is asked of the security OK beside a record, from what it was at the revision."""
        files = self.change.by_new if self.change else {}
        within = path[len(file_of(path)) :]
        file: Changed | None = files.get(file_of(path))
        if file is None and self._is_told_beside(path):
            file = Changed(file_of(path), file_of(path), None)
        was = self.before.get(file.old + within) if file is not None and file.old is not None else None
        if file is None and not self.everything:
            # Only its statement changed: the record is what it was.
            return Beside(path, text.digest, needed=False, had=self._had(path), changed=False)
        same = was is not None and was.accepted and was.title == text.title
        return Beside(
            path,
            text.digest,
            needed=self.everything or not same,
            had=self._had(file.old + within if file and file.old else path),
            changed=was is not None and was.digest != text.digest,
        )

    def _had(self, path: str) -> bool:
        """Return whether a security OK stood beside a record at the revision."""
        name = statement_name(path)
        if self.change is None:
            return False
        if any(x.old == name for x in self.change.files):
            return True
        return name not in self.change.by_new and os.path.lexists(self.folder / name)


def placing(folder: str, report: Report, *, from_top: bool) -> Callable[[str], str]:
    """Return how a finding's path is shown: from the repository's root, or below the folder as typed."""
    prefix = folder
    if from_top and report.top is not None:
        prefix = report.folder.relative_to(report.top).as_posix()
    return lambda path: posixpath.normpath(posixpath.join(prefix.replace(os.sep, "/"), path))
