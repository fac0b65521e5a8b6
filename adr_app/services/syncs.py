"""Keeping a folder and the log in step, both ways, by what each was when they last agreed.

What changed in the folder alone is imported; what changed in the log alone is written; what changed in both
is reported and left. The list in the folder says what both were, so every copy of a repository knows it.
"""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from adr_app.domain.decisions import reference
from adr_app.domain.documents.record import file_of
from adr_app.domain.documents.writers import FORMATS, Format
from adr_app.domain.errors import Invalid
from adr_app.domain.gate.statement import SUFFIX, statement_name
from adr_app.domain.permissions import Act
from adr_app.models.base import database, snapshot
from adr_app.services import diverged, export_folder, exported, exports, imports, reading
from adr_app.services.export_folder import Inside, Written
from adr_app.services.export_rows import Log, Row
from adr_app.services.import_plans import Outcome
from adr_app.services.packing import unpacked
from adr_app.services.people import Viewer
from adr_app.services.signing import Signer
from adr_app.services.sync_places import InPlace

BOTH = "Changed in the folder and in the log."
WAITING = "Changed in the folder, while a change waits in the log beside the text in force."
GONE = "The file was removed. The decision stays in the log; put the file back, or mark it as no longer used."
SEVERAL = "The log changed this decision, which its file cannot take: it holds several, or is no Markdown."
TAKEN = "A file that the log does not know stands where this decision would be written."

_EXPECTED = frozenset({"diverged", "removed", "security-section"})
"""Remarks of the import that a sync makes in its own words, or makes no remark on."""


@dataclass
class Done:
    """What a run did to the folder, and what it left: rows of path, ref and a sentence."""

    written: list[dict[str, str]] = field(default_factory=list)
    in_step: list[dict[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    removed: list[dict[str, str]] = field(default_factory=list)

    def note(self, name: str, path: str, ref: str, message: str = "") -> None:
        """Add a row to one of the lists."""
        getattr(self, name).append({"path": path, "ref": ref} | ({"message": message} if message else {}))

    def clash(self, path: str, ref: str, message: str, page: str) -> None:
        """Add what changed on both sides; `page` is where somebody chooses, once this is no dry run."""
        how = f"Choose at {page}, then sync again." if page else "A sync says where to choose."
        row = {"path": path, "ref": ref, "message": f"{message} {how}"}
        self.conflicts.append(row | ({"page": page} if page else {}))


def run(
    viewer: Viewer,
    root: Path,
    *,
    code: str = "madr4",
    restricted: bool = False,
    key: Signer | None = None,
    dry_run: bool = False,
    at: datetime,
) -> dict[str, Any]:
    """Bring a folder and the log in step and return what was done; with `dry_run`, what would be.

    New files are written in the format `code`, others in their own where that can be written. With `key`, the
    vCISO's signed OK is written beside every file whose exact text it is on. Restricted decisions are written
    only where that is asked for.

    :raises NotAllowed: when this person may not import.
    :raises Invalid: for a format that has not one file for each decision.
    :raises WrongState: when the folder is kept for another company, or a file would be written outside it.
    """
    viewer.require(Act.IMPORT)
    if code not in FORMATS:
        raise Invalid("There is no such format.", {"format": f"Choose one of {', '.join(FORMATS)}."})
    export_folder.require_of(root, viewer.company.slug)
    options: dict[str, Any] = {"format": FORMATS[code], "restricted": restricted, "key": key, "at": at}
    if not dry_run:
        root.mkdir(parents=True, exist_ok=True)
        return _run(viewer, root, dry_run=False, **options)
    with database.atomic() as held:
        try:
            return _run(viewer, root, dry_run=True, **options)
        finally:
            held.rollback()


def _run(
    viewer: Viewer,
    root: Path,
    *,
    format: Format,
    restricted: bool,
    key: Signer | None,
    dry_run: bool,
    at: datetime,
) -> dict[str, Any]:
    source = imports.source_of(root)
    taken = Outcome({})
    if root.is_dir():
        taken = imports.taken_in(viewer, root, source=source, both_ways=True, at=at)
    # Within a dry run everything is in one transaction already.
    with nullcontext() if dry_run else snapshot():
        log = Log(viewer, at, restricted=restricted, ended_as_filed=True)
        side = _Folder(viewer, root, source, log, format, key, taken.moved)
        done = side.fill(dry_run=dry_run)
    return {
        "folder": str(root),
        "created": taken.created,
        "updated": taken.updated,
        "renamed": [{"path": new, "from": old} for new, old in sorted(taken.moved.items())],
        "written": done.written,
        "in_step": len(done.in_step),
        "conflicts": done.conflicts,
        "removed": done.removed,
        "left_out": log.left_out,
        "elsewhere": side.places.elsewhere,
        "skipped": taken.report.get("skipped", []),
        "warnings": [w for w in taken.report.get("warnings", []) if w["code"] not in _EXPECTED],
    }


class _Folder:
    """The folder's side: what is there, what was there when both agreed, and what the log would write."""

    def __init__(
        self,
        viewer: Viewer,
        root: Path,
        source: str,
        log: Log,
        format: Format,
        key: Signer | None,
        moved: Mapping[str, str],
    ) -> None:
        self.root, self.log, self.format, self.key = root, log, format, key
        there = reading.find(root, {}) if root.is_dir() else ()
        self.there = {path: Path(file) for path, file in there}
        self.listed = export_folder.listed(root)
        self.listed |= {new: self.listed.pop(old) for new, old in moved.items() if old in self.listed}
        self.prints = {path: export_folder.digest_of(file) for path, file in self.there.items()}
        self.known = exported.known_files(viewer, root, source, self.prints, both_ways=True, moved=moved)
        listed = {reference(row.number): path for path, row in self.known.items()}
        gone = {str(e.get("decision")): path for path, e in self.listed.items() if isinstance(e, dict)}
        refs = [known.reference for known in log.known.values() if not known.path]
        paths = {ref: listed.get(ref) or gone.get(ref, "") for ref in refs}
        self.places = InPlace(log, format, source, {r: p for r, p in paths.items() if p}, self.there)
        self._numbers = {known.number for known in log.known.values()}
        self.dry_run = False
        self.facts = {"company": viewer.company.slug, "format": format.code}

    def fill(self, *, dry_run: bool) -> Done:
        """Write what changed in the log alone, and tell what was done."""
        self.dry_run = dry_run
        done, now = Done(), {}
        inside = Inside(self.root)
        for rows in self.log.batches():
            for row in rows:
                for file in self._files(row):
                    entry, write = self._settled(file, row, done)
                    if entry is not None:
                        now[file.path] = entry
                    if write and not dry_run:
                        export_folder.put(inside.place(file.path), file.content)
                    if not write and self.prints.get(file.path) != file.entry["sha256"]:
                        break  # an OK on the log's text does not belong beside another one, or none
        if not dry_run:
            self._forget(inside, now)
            export_folder.write_list(self.root, now, self.facts)
        return done

    def _files(self, row: Row) -> Iterator[Written]:
        """Yield the decision's file as the log would write it, and its signed OK."""
        known, text = self.log.known[row.decision.id], row.revision
        as_it_came = self.places.is_as_it_came(row)
        if as_it_came and row.content is not None:
            content = unpacked(row.content)
        else:
            content = exports.content_of(self.places, row, self._format(row), known.file_number)
        facts = (known.reference, text.number, text.digest, as_it_came, row.decision.status)
        yield Written(known.path, content, *facts)
        if self.key is not None and (said := exports.signed(row, content, known.path, self.key, self.log)):
            yield Written(statement_name(known.path), said.encode())

    def _format(self, row: Row) -> Format:
        """Return the format of a decision's own file, where it is one that can be written."""
        own = row.file.format if row.file is not None else ""
        return next((found for found in FORMATS.values() if found.reads_as == own), self.format)

    def _settled(self, file: Written, row: Row, done: Done) -> tuple[dict[str, Any] | None, bool]:
        """Return what the list shall say of a file (nothing: not to be in it), and whether to write it."""
        path, ref, wanted = file.path, row.decision.ref, file.entry
        before, here, base = self.listed.get(path), self.prints.get(path), self.known.get(path)
        if file.decision and (file_of(path) != path or not reading.is_markdown(path)):
            done.note(*(("conflicts", path, ref, SEVERAL) if not file.original else ("in_step", path, ref)))
            return None, False
        if here == wanted["sha256"]:
            if file.decision:
                done.note("in_step", path, ref)
            return wanted, False
        if here is None:
            if row.decision.id in self.places.new or not file.decision:
                done.note("written", path, ref)
                return wanted, True
            done.note("removed", path, ref, GONE)
            return before, False
        agreed = before.get("sha256") if before else None
        if here == (base.fingerprint if base else agreed):
            done.note("written", path, ref)
            return wanted, True
        waits = row.decision.in_force is not None and row.decision.latest != row.revision.number
        if base is None:
            done.note("conflicts", path, ref, TAKEN)
        else:
            page = "" if self.dry_run else diverged.address(self.facts["company"], ref)
            done.clash(path, ref, WAITING if waits else BOTH, page)
        return before, False

    def _forget(self, inside: Inside, now: dict[str, Any]) -> None:
        """Remove what the log wrote and no longer gives: an OK that ended, a decision now restricted.

        Without the key no OK is written, so those that are there are left to whoever checks them.
        """
        for path in self.listed.keys() - now.keys():
            entry, base = self.listed[path], self.known.get(path)
            native = base is not None and not base.id and base.number not in self._numbers
            ours = native or (self.key is not None and path.endswith(SUFFIX))
            if not (ours and export_folder.remove(inside, path, entry)):
                now[path] = entry
