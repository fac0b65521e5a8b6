"""Where each decision lies in a folder kept in step with the log: where it is, or beside the others."""

import posixpath
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.writers import Fields, Format
from adr_app.models.decisions import Link
from adr_app.services.export_places import Places
from adr_app.services.export_rows import Known, Log, Row

LAST = 9_999
"""The highest number that a new file's name is given; beyond it the log's own number stands."""


class InPlace(Places):
    """The path of every decision of the folder's own: what came from it, and what was written in the log.

    Decisions that came from elsewhere have their files there and are left out. `listed` maps a reference to
    the path where an earlier run wrote it, `there` are the paths of all files in the folder.
    """

    def __init__(
        self, log: Log, format: Format, source: str, listed: Mapping[str, str], there: Collection[str]
    ) -> None:
        own = {id: known for id, known in log.known.items() if known.source in ("", source)}
        self.elsewhere = len(log.known) - len(own)
        self.new: set[int] = set()
        self._written_here = {id for id, known in own.items() if not known.path}
        taken = {path.casefold() for path in there} | {path.casefold() for path in listed.values()}
        self._home = _home([known.path for known in own.values() if known.path])
        self._numbers = {number for path in taken if (number := _number(path, self._home)) is not None}
        log.known = {}
        for id, known in own.items():
            log.known[id] = known if known.path else self._placed(id, known, format, source, listed, taken)
        super().__init__(log, format.name, format.label)

    def _placed(
        self, id: int, known: Known, format: Format, source: str, listed: Mapping[str, str], taken: set[str]
    ) -> Known:
        """Return a decision written in the log as one of the folder's files."""
        path = listed.get(known.reference)
        if path is None:
            number = known.number
            if number in self._numbers:  # a file of that number is there already, and is another decision
                number = next(n for n in range(number, LAST) if n not in self._numbers)
            self._numbers.add(number)
            name = format.name(Fields(known.title, number, date=known.date or None))
            path, stem, n = posixpath.join(self._home, name), name.removesuffix(".md"), 2
            while path.casefold() in taken:
                path, n = posixpath.join(self._home, f"{stem}-{n}.md"), n + 1
            taken.add(path.casefold())
            self.new.add(id)
        number_text = read_name(posixpath.basename(path).rsplit(".", 1)[0]).number
        digits = (number_text or "").split(".")[0]
        return replace(
            known, source=source, path=path, file_number=int(digits) if digits.isdigit() else known.number
        )

    def _path(self, known: Known) -> str:
        return known.path

    def _in_the_files(self, edge: Link, row: Row) -> bool:
        """Return whether an edge is stated in files: what was linked to a decision written here is not."""
        return not {edge.from_id, edge.to_id} & self._written_here and super()._in_the_files(edge, row)

    def _folder(self, source: str) -> str:
        return "."


def _home(paths: list[str]) -> str:
    """Return the folder that holds most of the records, where new ones are written; the top for none."""
    counted = Counter(posixpath.dirname(path) for path in sorted(paths))
    return counted.most_common(1)[0][0] if counted else ""


def _number(path: str, home: str) -> int | None:
    if posixpath.dirname(path) != home.casefold():
        return None
    digits = (read_name(posixpath.basename(path).rsplit(".", 1)[0]).number or "").split(".")[0]
    return int(digits) if digits.isdigit() else None
