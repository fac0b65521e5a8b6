"""The gate run on a folder: read its records, look at the change, verify security OKs; no database."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adr_app.domain.documents import Reading, Record, read_records, record_folders
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import file_of
from adr_app.domain.documents.selection import by_name
from adr_app.domain.documents.shelf import letters
from adr_app.domain.gate.consistency import findings, of_skipped
from adr_app.domain.gate.facts import Facts, facts_of
from adr_app.domain.gate.findings import Finding
from adr_app.domain.gate.material import material_digest
from adr_app.domain.gate.outputs import Told
from adr_app.domain.gate.settings import OFF, Settings
from adr_app.domain.gate.statement import Trust, statement_name
from adr_app.services import gate_settings, gitchanges, gitdates, signing
from adr_app.services.decoding import decode
from adr_app.services.gate_statements import Beside, judge
from adr_app.services.gitchanges import Change, Changed
from adr_app.services.reading import LARGEST, Sources, is_markdown

RELATIONAL = frozenset({"replaced-too-early", "replaced-one-sided"})


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate found in a folder; `top` is the root of its repository, where it has one."""

    folder: Path
    top: Path | None
    found: tuple[Told, ...]
    files: int
    records: int


@dataclass(frozen=True, slots=True)
class Before:
    """A record as it stood at the revision: whether it was accepted, its title's letters, its digest."""

    accepted: bool
    title: str
    digest: str


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
    gate = _Gate(folder, sources, settings, change, everything, at)
    found += gate.run()
    told = [Told(finding, settings.severity_of(finding.code)) for finding in sorted(set(found))]
    kept = tuple(x for x in told if x.severity != OFF)
    return Report(folder, top, kept, len(sources) + len(gate.never_read), len(gate.facts))


class _Gate:
    """One run: what was read, what changed, and what is asked of it."""

    def __init__(
        self,
        folder: Path,
        sources: Sources,
        settings: Settings,
        change: Change | None,
        everything: bool,
        at: datetime,
    ) -> None:
        self.folder, self.sources, self.settings = folder, sources, settings
        self.change, self.everything, self.at = change, everything, at
        self.never_read = set(sources.skipped)
        self.facts: dict[str, Facts] = {}
        self.digests: dict[str, str] = {}
        self.touched = _touched(change) if change else set()

    def run(self) -> list[Finding]:
        reading = read_records(self.sources, self.sources.skipped, self.sources.settings, keep=self._keep)
        self.facts = {
            record.path: replace(self.facts[record.path], record=record) for record in reading.records
        }
        found = findings(self.facts, self._exists)
        for path, reason in reading.skipped:
            found += of_skipped(path, reason)
        found += self._unreadable()
        if self.change is not None:
            found = [finding for finding in found if self._concerns_change(finding)]
            before = self._before(self.change)
            found += self._removed(self.change, before, dict(reading.skipped))
            found += self._sign_offs(before)
        elif self.everything:
            found += self._sign_offs({})
        return found

    def _keep(self, record: Record) -> Record:
        """Keep what is needed of a record that was just read, and forget its texts."""
        known = facts_of(record, self.settings.required)
        path = record.path
        if record.status == "accepted" and (self.everything or record.file in self.touched):
            self.digests[path] = material_digest(record.front_matter + record.body)
        self.facts[path] = known
        return known.record

    def _exists(self, path: str) -> bool:
        if path in self.facts:
            return True
        stem = path.removesuffix(".html")
        place = os.path.join(self.folder, path)
        return any(os.path.lexists(x) for x in (place, f"{place}.md")) or (
            stem != path and os.path.lexists(os.path.join(self.folder, f"{stem}.md"))
        )

    def _unreadable(self) -> Iterator[Finding]:
        for path, reason in self.sources.skipped.items():
            folder, _, name = path.rpartition("/")
            stem = name.rsplit(".", 1)[0]
            if by_name(stem, folder, read_name(stem), folder_is_record=False) is None:
                yield Finding(path, 1, "unreadable", reason)

    def _concerns_change(self, finding: Finding) -> bool:
        """Return whether the change touched what was found, or the record that it is about."""
        if {finding.path, file_of(finding.path)} & self.touched:
            return True
        if finding.code == "link-broken":
            address = posixpath.join(posixpath.dirname(finding.path), finding.detail)
            return posixpath.normpath(address) in self.touched
        return finding.code in RELATIONAL and finding.detail in self.touched

    def _before(self, change: Change) -> dict[str, Before]:
        """Return how the records of the change stood at the revision, by where they were."""
        olds = {x.old: x.blob for x in change.files if x.old and x.blob and is_markdown(x.old)}
        contents = gitchanges.blobs(change.repository, olds.values(), LARGEST)
        texts = {path: decode(contents[blob]) for path, blob in olds.items() if blob in contents}
        added = {x.new for x in change.files if x.old != x.new}
        homes = record_folders({*olds, *(path for path in self.sources if path not in added)})
        digests: dict[str, str] = {}

        def keep(record: Record) -> Record:
            digests[record.path] = material_digest(record.front_matter + record.body)
            return facts_of(record, ()).record

        reading: Reading = read_records(texts, None, self.sources.settings, homes=homes, keep=keep)
        return {
            r.path: Before(r.status == "accepted", letters(r.fallback_title), digests[r.path])
            for r in reading.records
        }

    def _removed(
        self, change: Change, before: Mapping[str, Before], skipped: Mapping[str, str]
    ) -> Iterator[Finding]:
        for file in change.files:
            if file.old in before and file.new not in self.facts and file.new not in self.sources.skipped:
                reason = skipped.get(file.new, "it is no record") if file.new else "its file was deleted"
                yield Finding(file.new or file.old or "", 1, "record-removed", reason)

    def _sign_offs(self, before: Mapping[str, Before]) -> Iterator[Finding]:
        trust = Trust(self.settings.company, self.settings.keys, signing.verify)
        for path, known in self.facts.items():
            if known.record.status != "accepted" or not (
                self.everything or {path, file_of(path)} & self.touched
            ):
                continue
            beside = self._beside(path, known.record, before)
            yield from judge(beside, self.folder, self.facts, trust, self.at)

    def _beside(self, path: str, record: Record, before: Mapping[str, Before]) -> Beside:
        """Return what is asked of the security OK beside a record, from what it was at the revision."""
        files = self.change.by_new if self.change else {}
        within = path[len(file_of(path)) :]
        file: Changed | None = files.get(file_of(path))
        was = before.get(file.old + within) if file is not None and file.old is not None else None
        if file is None and not self.everything:
            # Only its statement changed: the record is what it was.
            return Beside(path, self.digests[path], needed=False, had=self._had(path), changed=False)
        same = was is not None and was.accepted and was.title == letters(record.fallback_title)
        return Beside(
            path,
            self.digests[path],
            needed=self.everything or not same,
            had=self._had(file.old + within if file and file.old else path),
            changed=was is not None and was.digest != self.digests[path],
        )

    def _had(self, path: str) -> bool:
        """Return whether a security OK stood beside a record at the revision."""
        name = statement_name(path)
        if self.change is None:
            return False
        if any(x.old == name for x in self.change.files):
            return True
        return name not in self.change.by_new and os.path.lexists(self.folder / name)


def _touched(change: Change) -> set[str]:
    """Return the paths that a change touched, with the records whose statement it touched."""
    paths = {path for x in change.files for path in (x.old, x.new) if path}
    suffix = statement_name("")
    beside = {path.removesuffix(suffix) for path in paths if path.endswith(suffix)}
    return paths | {path if is_markdown(path) else f"{path}.md" for path in beside}


def placing(folder: str, report: Report, *, from_top: bool) -> Callable[[str], str]:
    """Return how a finding's path is shown: from the repository's root, or below the folder as typed."""
    prefix = folder
    if from_top and report.top is not None:
        prefix = report.folder.relative_to(report.top).as_posix()
    return lambda path: posixpath.normpath(posixpath.join(prefix.replace(os.sep, "/"), path))
