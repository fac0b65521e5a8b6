"""Where each decision lies in an export, and how one file leads to another.

What was written here is named as the format names files. What came from a file keeps its name and its place
among the files it came with, in a folder for each place they came from: links between them stay right, and
their numbers cannot be taken for ours.
"""

import posixpath
import re
from collections.abc import Callable

from adr_app.domain.documents.record import file_of
from adr_app.domain.documents.shelf import Known as Shelved
from adr_app.domain.documents.shelf import Shelf
from adr_app.domain.documents.surroundings import is_read_me, record_folders
from adr_app.domain.documents.writers import Fields
from adr_app.domain.documents.writers.markdown import MARK
from adr_app.domain.revisions import EMPTY
from adr_app.models.decisions import Link, Revision
from adr_app.services.export_fields import RELATIONS, Stated, links_of, relation
from adr_app.services.export_rows import Known, Log, Row
from adr_app.services.import_plans import IN_FILES
from adr_app.services.packing import unpacked

FROM_FILES = "adr"
"""The folder of what came from files: one that our reader knows as a place of decisions."""

_WORDS = re.compile(r"[^a-z0-9]+")


class Places:
    """The path of every decision of an export, from its top.

    `name` names the file of a decision written here; `label` what another one is called in a link: by
    default its reference in the log.
    """

    def __init__(
        self, log: Log, name: Callable[[Fields], str], label: Callable[[str, int | None], str] | None
    ) -> None:
        self.log, self.name, self.label = log, name, label
        self.folders: dict[str, str] = {}
        self.paths: dict[int, str] = {}
        self._shelves: dict[str, Shelf] = {}
        taken: set[str] = set()
        sourced = [known for known in log.known.values() if known.path]
        self._records = record_folders(f"{self._folder(k.source)}/{k.path}" for k in sourced)
        for id, known in log.known.items():
            path = self._path(known)
            stem, n = path.removesuffix(".md"), 2
            while path.casefold() in taken:
                path, n = f"{stem}-{n}.md", n + 1
            taken.add(path.casefold())
            self.paths[id] = path

    def _path(self, known: Known) -> str:
        if known.path:
            path = f"{self._folder(known.source)}/{_own_file(known.path)}"
            folder = posixpath.dirname(path)
            # Without the files of its tool around it, a front page like any other would be no decision.
            return f"{folder}.md" if is_read_me(path) and folder not in self._records else path
        return self.name(Fields(known.title, known.number, date=known.date or None))

    def _folder(self, source: str) -> str:
        """Return the folder of a source, named by its end; “from-” keeps that from saying a status."""
        if source not in self.folders:
            words = _WORDS.sub("-", "/".join(source.casefold().split("/")[-2:])).strip("-") or "files"
            folder, n = f"{FROM_FILES}/from-{words}", 2
            while folder in self.folders.values():
                folder, n = f"{FROM_FILES}/from-{words}-{n}", n + 1
            self.folders[source] = folder
        return self.folders[source]

    def shelf(self, source: str) -> Shelf:
        """Return the files of one source, to look up what their texts link to."""
        if source not in self._shelves:
            self._shelves[source] = Shelf(
                {
                    k.path: Shelved(k.file_number, k.title, posixpath.dirname(k.path))
                    for k in self.log.known.values()
                    if k.source == source
                }
            )
        return self._shelves[source]

    def stated(self, row: Row) -> Stated:
        """Return the relations of a decision, each other end named and linked as the format does."""
        own = self.log.known[row.decision.id]
        here = posixpath.dirname(self.paths[row.decision.id])
        found: Stated = []
        for edge in row.edges:
            other = edge.to_id if edge.from_id == row.decision.id else edge.from_id
            if other is None:
                continue  # an end that no file has is only known from the text, which says it
            known, path = self.log.known[other], self.paths[other]
            number = known.file_number if known.path else known.number
            label = self.label(path, number) if self.label is not None else known.reference
            address = posixpath.relpath(path, here or ".")
            if one := relation(edge, row, label, address, known.number):
                found.append((one, known.path if known.source == own.source and own.path else ""))
        return found

    def is_as_it_came(self, row: Row) -> bool:
        """Return whether a decision's file says all that the log does, so that its bytes are given back."""
        file = row.file
        if file is None or row.content is None or file.revision != row.revision.number:
            return False
        if row.decision.imported and _says_more(row.revision):
            return False
        if MARK.encode() in unpacked(row.content):
            return False  # what it says of security was so when it was written
        left = file.extracted.get("status", "")
        replaced = row.decision.status == "superseded" and left in ("accepted", "unstated")
        if row.decision.status != left and not replaced:
            return False
        return all(self._in_the_files(edge, row) for edge in row.edges)

    def _in_the_files(self, edge: Link, row: Row) -> bool:
        """Return whether an edge is stated in files, or by the other end's own."""
        other = edge.to_id if edge.from_id == row.decision.id else edge.from_id
        if other is None:
            return True
        together = self.log.known[other].source == self.log.known[row.decision.id].source
        if edge.from_id == row.decision.id:
            # What files stated was recorded by an import; what else there is may have been added here.
            stated = edge.effective if edge.kind == "supersedes" else edge.stated
            return together and (stated or self._says(row, edge) or self._says(self.log.row(other), edge))
        return edge.kind != "supersedes" or together or not edge.effective

    def _says(self, row: Row, edge: Link) -> bool:
        """Return whether a decision's own text states an edge to another one, either way round."""
        other = edge.to_id if edge.from_id == row.decision.id else edge.from_id
        kind, path = RELATIONS[edge.kind], self.log.known[other].path
        shelf = self.shelf(self.log.known[row.decision.id].source)
        return any(x.kind == kind and shelf.find(x.target, own) == path for x, own in links_of(row))


def _says_more(text: Revision) -> bool:
    """Return whether a text holds what no file states, typed before the newer text of its file was taken."""
    beside = [name for name in EMPTY if name not in IN_FILES]
    return bool(text.answers) or any(text.fields.get(name, EMPTY[name]) != EMPTY[name] for name in beside)


def _own_file(path: str) -> str:
    """Return the path of a file for a record; one of several in a file gets a file of its own."""
    file = file_of(path)
    if file == path:
        return path
    own = _WORDS.sub("-", path[len(file) :].casefold()).strip("-") or "part"
    return f"{file.rpartition('.')[0]}-{own}.md"
